"""Where a comment lies: meaning, words and spelling, side by side.

Three views, each of length 1, joined with fixed weights: the encoder's vector less
the corpus mean (centring takes out what all comments share, stance words among it);
TF-IDF of content words; TF-IDF of character 3- and 4-grams, which bears typing slips
and new compounds.  The two lexical views are hashed into a few hundred signed
coordinates (feature hashing, Weinberger et al. 2009): no vocabulary to fit or keep.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from comments.nlp.duplicates import windows
from comments.nlp.encoders import unit

BUCKET_BITS = 20
BUCKETS = 1 << BUCKET_BITS
#: Characters of a key that the spelling view reads.
SPELLING_LENGTH = 1200
GRAMS = (3, 4)


@lru_cache(maxsize=200_000)
def _word_bucket(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace")) & (BUCKETS - 1)


def word_buckets(words: Sequence[str]) -> np.ndarray:
    """Content words as bucket numbers, in order (uint32)."""
    return np.fromiter((_word_bucket(w) for w in words), np.uint32, len(words))


@dataclass(frozen=True, slots=True)
class Bag:
    """Features of many texts, flat: ``codes`` row by row, ``counts`` per row."""

    codes: np.ndarray
    counts: np.ndarray

    def take(self, rows: np.ndarray) -> Bag:
        """The bag of some rows only, in the order given."""
        starts = np.cumsum(self.counts) - self.counts
        counts = self.counts[rows]
        index = np.repeat(starts[rows] - (np.cumsum(counts) - counts), counts)
        return Bag(self.codes[index + np.arange(index.size)], counts)


def spelling_bag(keys: Sequence[str]) -> Bag:
    """Character n-grams of keys (see ``text.key``)."""
    short = [key[:SPELLING_LENGTH] for key in keys]
    codes, counts = [], []
    for size in GRAMS:
        hashed, count = windows(short, size)
        codes.append((hashed >> np.uint32(32 - BUCKET_BITS)).astype(np.uint32))
        counts.append(count)
    rows = np.concatenate([np.repeat(np.arange(len(keys)), c) for c in counts])
    order = np.argsort(rows, kind="stable")
    return Bag(np.concatenate(codes)[order], counts[0] + counts[1])


def bag_entries(bag: Bag) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(row, bucket, times) of each different feature of each row."""
    rows = np.repeat(np.arange(len(bag.counts), dtype=np.uint64), bag.counts)
    code = (rows << np.uint64(BUCKET_BITS)) | bag.codes.astype(np.uint64)
    different, times = np.unique(code, return_counts=True)
    return (
        (different >> np.uint64(BUCKET_BITS)).astype(np.int64),
        (different & np.uint64(BUCKETS - 1)).astype(np.int64),
        times,
    )


class HashedTfidf:
    """TF-IDF with hashed coordinates: 1 + ln(tf) times smoothed idf, signs from the
    hash.  Features in fewer than ``least`` of the fitted rows or more than ``most``
    of them (a share) weigh nothing."""

    def __init__(self, bag: Bag, *, dim: int, least: int, most: float, seed: int):
        self.dim = dim
        n = len(bag.counts)
        _, bucket, _ = bag_entries(bag)
        df = np.bincount(bucket, minlength=BUCKETS)
        idf = np.log((1 + n) / (1 + df)) + 1
        idf[(df < min(least, max(1, n // 4))) | (df > max(most * n, 2))] = 0
        self.idf = idf.astype(np.float32)
        rng = np.random.default_rng(seed)
        self._place = rng.integers(0, dim, BUCKETS, dtype=np.int32)
        self._sign = (rng.integers(0, 2, BUCKETS, dtype=np.int8) * 2 - 1).astype(
            np.float32
        )

    def vectors(self, bag: Bag) -> np.ndarray:
        """Unit rows [n, dim]; a row without known features is zero."""
        row, bucket, times = bag_entries(bag)
        weight = (1 + np.log(times)) * self.idf[bucket] * self._sign[bucket]
        flat = row * self.dim + self._place[bucket]
        table = np.bincount(flat, weight, minlength=len(bag.counts) * self.dim)
        return unit(table.reshape(len(bag.counts), self.dim).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Space:
    """Everything that places a text: the mean of the encoder's vectors and the two
    fitted lexical views, with their weights (meaning, words, spelling; sum 1)."""

    mean: np.ndarray
    words: HashedTfidf
    spelling: HashedTfidf
    weights: tuple[float, float, float]

    def place(self, encoded: np.ndarray, words: Bag, keys: Sequence[str]) -> np.ndarray:
        """Unit rows of the joined space."""
        views = (
            unit(encoded.astype(np.float32) - self.mean),
            self.words.vectors(words),
            self.spelling.vectors(spelling_bag(keys)),
        )
        return unit(
            np.hstack(
                [
                    np.float32(np.sqrt(weight)) * view
                    for weight, view in zip(self.weights, views, strict=True)
                ]
            )
        )


WEIGHTS = (0.4, 0.3, 0.3)


def lexical_dim(distinct: int) -> int:
    """Coordinates of each lexical view for so many distinct comments: more while they
    are cheap, since hashing makes noise of one over their root."""
    return 1024 if distinct <= 1500 else 768 if distinct <= 6000 else 384


def fit_space(
    encoded: np.ndarray,
    words: Bag,
    keys: Sequence[str],
    *,
    dim: int,
    seed: int = 0,
    weights: tuple[float, float, float] = WEIGHTS,
) -> Space:
    """Fit the space on a sample of the corpus; ``dim``: see :func:`lexical_dim`.

    Words that the sample has once or never keep their weight: they are what sets a
    lone argument apart (42 → 50 of 50 planted arguments found in one trial).
    """
    return Space(
        mean=encoded.astype(np.float64).mean(axis=0).astype(np.float32),
        words=HashedTfidf(words, dim=dim, least=0, most=0.5, seed=seed),
        spelling=HashedTfidf(
            spelling_bag(keys), dim=dim, least=3, most=0.3, seed=seed + 1
        ),
        weights=weights,
    )
