"""Propose how one theme could be cut in two or three, from its words alone.

A person asks for it on a page and waits, so nothing is encoded: words and spelling (two
of the three views of ``vectors``) tell parts of *one* theme apart well enough, because
its members already share the meaning.  Rows are averaged with their neighbours and
parted by spherical k-means from starts that depend on the texts alone: same texts,
same parts, in any order of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comments.nlp import text as text_module
from comments.nlp.cluster import centroids_of
from comments.nlp.labels import name_themes, phrases_of
from comments.nlp.tokens import Tokens, content_words
from comments.nlp.vectors import (
    Bag,
    HashedTfidf,
    lexical_dim,
    spelling_bag,
    unit,
    word_buckets,
)

#: Distinct texts that are read: a person asked for a page, not for a run.
MOST_TEXTS = 10_000
#: So many are parted, the others join the nearest part; its cost grows by the square
#: (1,500 texts of 40 characters: about one second of one processor).
SAMPLE = 1500
#: Fewer distinct texts than this are read faster than a proposal.
FEWEST_TEXTS = 6
#: A part that holds less than this share is a stray comment, not a part.
LEAST_SHARE = 0.1
_NEIGHBOURS = 8
_STARTS = 6
_PASSES = 12


@dataclass(frozen=True, slots=True)
class Parts:
    """``part[i]`` is the part (from 0, largest first) of text i; ``phrases`` what sets
    each part apart."""

    part: tuple[int, ...]
    phrases: tuple[tuple[str, ...], ...]


def parts_of(texts: Sequence[str], count: int) -> Parts | None:
    """Part distinct texts into ``count``; None where they do not fall apart.

    At most ``MOST_TEXTS`` texts, at least ``FEWEST_TEXTS`` (else None).
    """
    if not max(FEWEST_TEXTS, 2 * count) <= len(texts) <= MOST_TEXTS:
        return None
    order = sorted(
        range(len(texts)), key=lambda i: (text_module.text_rank(texts[i]), i)
    )
    ordered = [texts[i] for i in order]
    tokens = Tokens()
    rows = _rows(ordered, tokens)
    labels = _part(_smoothed(rows[:SAMPLE]), count)
    if len(rows) > SAMPLE:
        centres = centroids_of(rows[:SAMPLE], labels, count)
        others = np.round(rows[SAMPLE:] @ centres.T, 4).argmax(axis=1)
        labels = np.concatenate([labels, others])
    sizes = np.bincount(labels, minlength=count)
    if sizes.min() < max(2, LEAST_SHARE * len(texts)):
        return None
    rank = {int(old): new for new, old in enumerate(np.argsort(-sizes, kind="stable"))}
    part = [0] * len(texts)
    for at, label in zip(order, labels, strict=True):
        part[at] = rank[int(label)]
    sampled: list[list[dict[str, int]]] = [[] for _ in range(count)]
    for text, label in zip(ordered[:SAMPLE], labels, strict=False):
        found = phrases_of(text_module.uncovered(text), tokens.segmenter)
        sampled[rank[int(label)]].append(found)
    return Parts(tuple(part), tuple(tuple(names) for names in name_themes(sampled)))


def _rows(texts: Sequence[str], tokens: Tokens) -> np.ndarray:
    codes = [word_buckets(content_words(tokens.of(text))) for text in texts]
    counts = np.array([len(row) for row in codes], np.int64)
    words = Bag(np.concatenate(codes), counts)
    spelling = spelling_bag([text_module.key(text) for text in texts])
    dim = lexical_dim(len(texts))
    views = [
        HashedTfidf(words, dim=dim, least=2, most=0.6, seed=0).vectors(words),
        HashedTfidf(spelling, dim=dim, least=3, most=0.4, seed=1).vectors(spelling),
    ]
    return unit(np.hstack(views))


def _smoothed(rows: np.ndarray) -> np.ndarray:
    """Average each row with its nearest, so that short texts share words."""
    near = min(_NEIGHBOURS, len(rows) - 1)
    found = np.empty_like(rows)
    for start in range(0, len(rows), 1000):
        block = rows[start : start + 1000]
        sims = np.round(block @ rows.T, 4)
        places = np.argsort(-sims, axis=1, kind="stable")[:, : near + 1]
        weights = np.maximum(np.take_along_axis(sims, places, 1), 0)
        found[start : start + len(block)] = np.einsum(
            "nk,nkd->nd", weights, rows[places]
        )
    return unit(found)


def _part(rows: np.ndarray, count: int) -> np.ndarray:
    """Spherical k-means; of several starts the one whose parts are closest."""
    best, labels = -np.inf, np.zeros(len(rows), np.int64)
    centred = unit(rows - rows.mean(axis=0))
    step = max(1, len(rows) // _STARTS)
    for first in range(0, len(rows), step):
        seeds = [first]
        while len(seeds) < count:
            nearest = (centred @ centred[seeds].T).max(axis=1)
            seeds.append(int(np.argmin(np.round(nearest, 4))))
        centres = centred[seeds]
        for _ in range(_PASSES):
            sims = np.round(centred @ centres.T, 4)
            now = sims.argmax(axis=1)
            if len(np.unique(now)) < count:
                break
            centres = centroids_of(centred, now, count)
        score = round(float(sims.max(axis=1).sum()), 3)
        if score > best and len(np.unique(now)) == count:
            best, labels = score, now
    return labels
