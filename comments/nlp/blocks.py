"""The pieces of work that processes share: pure functions of a block of texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from threadpoolctl import threadpool_limits

from comments.nlp import text as text_module
from comments.nlp.cluster import SMOOTH_NEIGHBOURS, louvain, nearest
from comments.nlp.encoders import READ_LENGTH, encoder_named
from comments.nlp.labels import phrases_of
from comments.nlp.result import Parameters
from comments.nlp.stance import stance_of
from comments.nlp.tokens import Tokens, content_words, has_reason
from comments.nlp.vectors import Bag, word_buckets
from comments.nlp.work import shared


@lru_cache(maxsize=4)
def tokens_with(terms: tuple[str, ...]) -> Tokens:
    return Tokens(terms)


def keys_of(texts: Sequence[str]) -> list[str]:
    return [text_module.key(text) for text in texts]


def words_of(
    job: tuple[tuple[str, ...], Sequence[str]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Word buckets (flat), how many each text has, and whether it gives a reason."""
    terms, texts = job
    tokens = tokens_with(terms)
    codes, counts, reasons = [], [], []
    for text in texts:
        words = tokens.of(text_module.uncovered(text))
        content = content_words(words)
        codes.append(word_buckets(content))
        counts.append(len(content))
        reasons.append(has_reason(words))
    return (
        np.concatenate(codes),
        np.array(counts, np.int64),
        np.array(reasons, bool),
    )


def stances_of(job: tuple[int, int]) -> list[tuple[str, str]]:
    """Stances of ``shared["comments"]`` from start to stop, and their sources."""
    start, stop = job
    found = map(stance_of, shared["comments"][start:stop])
    return [(stance.value, stance.source) for stance in found]


def encode(job: tuple[str, Sequence[str]]) -> np.ndarray:
    """Vectors of one batch as float16; lone surrogates are read as question marks."""
    name, texts = job
    readable = [
        text_module.uncovered(t[:READ_LENGTH]).encode("utf-8", "replace").decode()
        for t in texts
    ]
    with threadpool_limits(1):
        rows = encoder_named(name).encode(readable)
    return rows.astype(np.float16)


def neighbours_of_block(job: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Nearest rows of matrix[start:stop] among the rows of ``shared["matrix"]``."""
    start, stop, k = job
    matrix = shared["matrix"]
    with threadpool_limits(1):
        return nearest(matrix[start:stop], matrix, k, own=start)


def louvain_run(seed: int) -> np.ndarray:
    return louvain(shared["graph"], shared["resolution"], seed)


def place_sample(job: tuple[int, int]) -> np.ndarray:
    """Joined-space rows of a block of the sample."""
    start, stop = job
    rows = shared["sample_rows"][start:stop]
    keys = shared["keys"]
    with threadpool_limits(1):
        return shared["space"].place(
            shared["encoded"][rows], shared["bag"].take(rows), [keys[i] for i in rows]
        )


def shrink(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows as int8 with one scale each: a quarter of the memory, error under 1 %."""
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-9).astype(np.float32) / 127
    return np.round(rows / scale[:, None]).astype(np.int8), scale


def grow(rows: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return rows.astype(np.float32) * scale[:, None]


def place_block(
    job: tuple[np.ndarray, int],
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For some distinct texts outside the sample: similarities to their nearest in it,
    similarities of their smoothed rows to the centroids, joined rows as int8 and their
    scale."""
    rows, k = job
    keys = shared["keys"]
    with threadpool_limits(1):
        joined = shared["space"].place(
            shared["encoded"][rows],
            shared["bag"].take(rows),
            [keys[i] for i in rows],
        )
        smoother = shared["smoother"]
        places, sims = nearest(joined, smoother.sample, k)
        smoothed = smoother.apply(joined, places, sims)
        return sims, smoothed @ shared["centroids"].T, *shrink(joined)


def crowd_block(job: tuple[int, int, int]) -> np.ndarray:
    """Of a block of distinct texts, the ``k`` highest similarities to each screened
    comment, itself left out; [screened, <= k]."""
    start, stop, k = job
    screened = shared["screened"]
    with threadpool_limits(1):
        sims = (
            shared["screened_rows"]
            @ grow(shared["joined"][start:stop], shared["scale"][start:stop]).T
        )
    inside = (screened >= start) & (screened < stop)
    sims[np.flatnonzero(inside), screened[inside] - start] = -2
    k = min(k, sims.shape[1])
    return -np.partition(-sims, k - 1, axis=1)[:, :k]


def phrases_block(job: tuple[tuple[str, ...], Sequence[str]]) -> list[dict[str, int]]:
    terms, texts = job
    segmenter = tokens_with(terms).segmenter
    return [phrases_of(text_module.uncovered(text), segmenter) for text in texts]


def place_pieces(job: tuple[Parameters, Sequence[str]]) -> np.ndarray:
    """Similarities of pieces of long comments to the centroids."""
    parameters, pieces = job
    encoded = encode((parameters.encoder, pieces))
    codes, counts, _ = words_of((parameters.terms, pieces))
    with threadpool_limits(1):
        joined = shared["space"].place(encoded, Bag(codes, counts), keys_of(pieces))
        smoother = shared["smoother"]
        places, sims = nearest(joined, smoother.sample, SMOOTH_NEIGHBOURS)
        return smoother.apply(joined, places, sims) @ shared["centroids"].T
