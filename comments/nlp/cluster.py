"""Themes of a sample: smoothed neighbours and the consensus of Louvain runs.

1. Exact nearest neighbours by cosine.  2. From some hundreds of comments
on, two steps of smoothing: each vector moves
half-way to the mean of its ten nearest, which draws paraphrases together and lets the
graph follow density instead of single words.  3. A graph of the smoothed vectors'
neighbours.  4. Sixteen Louvain runs with different seeds; edges whose ends stay
together in at least half of them, weighted by that share; one last Louvain on these
(consensus clustering, Lancichinetti & Fortunato 2012).  5. Communities too small to
be themes join the nearest one; two passes of nearest centroid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sknetwork.clustering import Louvain

from comments.nlp.encoders import unit

SMOOTH_NEIGHBOURS = 10
SMOOTH_STEPS = 2
#: Below this many distinct comments there is nothing to smooth by: ten neighbours of a
#: few hundred reach across themes.
SMOOTH_FROM = 800
GRAPH_SHARE, GRAPH_LIMITS = 0.02, (20, 80)
RUNS = 16
KEEP_SHARE = 0.5
#: Louvain's resolution: for a few hundred comments, at SMOOTH_FROM, and when smoothed.
RESOLUTION_SMALL, RESOLUTION_MIDDLE, RESOLUTION_SMOOTHED = 1.5, 1.2, 1.0
#: fewer, normal, more themes: factors of the resolution
DETAIL = {"fewer": 0.67, "normal": 1.0, "more": 1.75}
SMALLEST_SHARE = 0.005
#: Below so many comments a finer resolution leaves communities too small to be themes,
#: and with them folded fewer themes than a coarser one: both are tried.
SETTLED = 400
#: Rows per matrix product; part of what makes a run repeatable.
BLOCK = 512
#: Columns of one part of a row, of which the largest is taken first.
PART = 16

Neighbours = Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]
Runs = Callable[[sparse.csr_matrix, float, list[int]], Iterable[np.ndarray]]


def nearest(
    rows: np.ndarray, reference: np.ndarray, k: int, *, own: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The ``k`` nearest reference rows of each row by cosine, nearest first.

    ``own``: the rows are reference[own : own + n], and none is its own neighbour.
    Ties go to the lower position.  Returns positions and similarities [n, k].
    """
    n = len(rows)
    k = max(0, min(k, len(reference) - (own is not None)))
    places = np.zeros((n, k), np.int64)
    sims = np.zeros((n, k), np.float32)
    if k < 1:
        return places, sims
    for at in range(0, n, BLOCK):
        block = rows[at : at + BLOCK] @ reference.T
        if own is not None:
            line = np.arange(len(block))
            block[line, own + at + line] = -2
        places[at : at + len(block)], sims[at : at + len(block)] = _largest(block, k)
    return places, sims


def _largest(block: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of the ``k`` largest of each row, largest first.

    The k-th largest of the maxima of disjoint parts is no more than the k-th largest of
    all: what is below it need not be sorted (three times as fast as a partition of
    whole rows of 8,000).
    """
    n, width = block.shape
    parts = width // PART
    if parts >= 2 * k:
        tops = block[:, : parts * PART].reshape(n, PART, parts).max(axis=1)
        least = np.partition(tops, parts - k, axis=1)[:, parts - k]
    else:
        least = np.partition(block, width - k, axis=1)[:, width - k]
    row, column = np.nonzero(block >= least[:, None])
    value = block[row, column]
    order = np.lexsort((column, -value, row))
    counts = np.bincount(row, minlength=n)
    first = order[((np.cumsum(counts) - counts)[:, None] + np.arange(k)).ravel()]
    return column[first].reshape(n, k), value[first].reshape(n, k)


def nearest_among(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """:func:`nearest` of every row among the others, in this process."""
    parts = [
        nearest(matrix[at : at + BLOCK], matrix, k, own=at)
        for at in range(0, len(matrix), BLOCK)
    ]
    return np.concatenate([p for p, _ in parts]), np.concatenate([s for _, s in parts])


def _graph(places: np.ndarray, sims: np.ndarray) -> sparse.csr_matrix:
    n, k = places.shape
    weights = np.maximum(sims.ravel(), 0).astype(np.float64) + 1e-6
    rows = np.repeat(np.arange(n), k)
    graph = sparse.csr_matrix((weights, (rows, places.ravel())), shape=(n, n))
    return graph.maximum(graph.T).tocsr()


def _step(own: np.ndarray, around: np.ndarray) -> np.ndarray:
    return unit(0.5 * own + 0.5 * unit(around))


@dataclass(frozen=True, slots=True)
class Smoother:
    """Smoothing learnt on a sample, so that later texts are smoothed alike."""

    layers: tuple[np.ndarray, ...]  # the sample before each step; none: no smoothing
    sample: np.ndarray

    def apply(self, rows: np.ndarray, places: np.ndarray, sims: np.ndarray):
        """Smooth rows outside the sample by their nearest sample rows."""
        weights = np.maximum(sims, 0) + np.float32(1e-6)
        weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
        n, k = places.shape
        mixing = sparse.csr_matrix(
            (weights.ravel(), places.ravel(), np.arange(0, n * k + 1, k)),
            shape=(n, len(self.sample)),
        )
        for layer in self.layers:
            rows = _step(rows, mixing @ layer)
        return rows


def smooth(
    sample: np.ndarray, *, among: Neighbours = nearest_among
) -> tuple[Smoother, np.ndarray]:
    """Smooth a sample by its own neighbours; the smoother and the smoothed rows."""
    if len(sample) < SMOOTH_FROM:
        return Smoother((), sample), sample
    places, sims = among(sample, SMOOTH_NEIGHBOURS)
    graph = _graph(places, sims)
    mixing = (sparse.diags(1 / np.asarray(graph.sum(axis=1)).ravel()) @ graph).astype(
        np.float32
    )
    layers = []
    rows = sample
    for _ in range(SMOOTH_STEPS):
        layers.append(rows)
        rows = _step(rows, mixing @ rows)
    return Smoother(tuple(layers), sample), rows


def louvain(graph: sparse.csr_matrix, resolution: float, seed: int) -> np.ndarray:
    """One Louvain run (scikit-network's is repeatable for a seed; its Leiden not)."""
    return Louvain(
        resolution=resolution, random_state=seed, shuffle_nodes=True
    ).fit_predict(graph)


def louvain_runs(
    graph: sparse.csr_matrix, resolution: float, seeds: list[int]
) -> Iterable[np.ndarray]:
    """Runs with several seeds, in this process."""
    return (louvain(graph, resolution, seed) for seed in seeds)


def consensus(
    graph: sparse.csr_matrix, resolution: float, *, seed: int, runs: Runs
) -> np.ndarray:
    """Communities on which repeated Louvain runs agree."""
    edges = graph.tocoo()
    together = np.zeros(len(edges.data))
    for labels in runs(graph, resolution, [seed * RUNS + i for i in range(RUNS)]):
        together += labels[edges.row] == labels[edges.col]
    share = together / RUNS
    kept = share >= KEEP_SHARE
    agreed = sparse.csr_matrix(
        (edges.data[kept] * share[kept], (edges.row[kept], edges.col[kept])),
        shape=graph.shape,
    )
    return louvain(agreed, resolution, seed * RUNS)


def centroids_of(rows: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Unit mean of each label's rows; labels below 0 belong to none."""
    inside = labels >= 0
    members = sparse.csr_matrix(
        (
            np.ones(int(inside.sum()), np.float32),
            (labels[inside], np.flatnonzero(inside)),
        ),
        shape=(count, len(rows)),
    )
    return unit(np.asarray(members @ rows))


def fold_small(rows: np.ndarray, labels: np.ndarray, smallest: float) -> np.ndarray:
    """Join communities below ``smallest`` to the nearest, then settle by centroid.

    Returns labels 0..k-1 in order of first appearance.
    """
    names, sizes = np.unique(labels, return_counts=True)
    kept = names[sizes >= smallest]
    if not len(kept):
        kept = names[[int(np.argmax(sizes))]]
    renamed = np.full(int(names.max()) + 1, -1)
    renamed[kept] = np.arange(len(kept))
    labels = renamed[labels]
    for _ in range(3):
        labels = (rows @ centroids_of(rows, labels, len(kept)).T).argmax(axis=1)
    _, first, compact = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[compact]


def resolution_for(n: int, detail: str) -> float:
    """Resolution for ``n`` distinct comments: a small consultation has as many themes
    as a large one, in fewer comments."""
    if n >= SMOOTH_FROM:
        normal = RESOLUTION_SMOOTHED
    else:
        step = float(np.clip((n - 400) / (SMOOTH_FROM - 400), 0, 1))
        normal = RESOLUTION_SMALL + step * (RESOLUTION_MIDDLE - RESOLUTION_SMALL)
    return round(normal * DETAIL[detail], 4)


def graph_neighbours(n: int) -> int:
    """Neighbours per comment in the graph: grows with the sample, within limits."""
    return int(np.clip(round(GRAPH_SHARE * n), *GRAPH_LIMITS))


def find_themes(
    smoothed: np.ndarray,
    *,
    detail: str,
    seed: int,
    among: Neighbours = nearest_among,
    runs: Runs = louvain_runs,
) -> np.ndarray:
    """Theme number of each row of a smoothed sample (at most some 8,000 rows).

    ``detail``: one of DETAIL.  "more" never gives fewer themes than "normal", nor
    "fewer" more.
    """
    n = len(smoothed)
    if n < 3:
        return np.zeros(n, np.int64)
    places, sims = among(smoothed, min(graph_neighbours(n), max(2, n // 4)))
    graph = _graph(places, sims)

    def themes_at(level: str) -> np.ndarray:
        resolution = resolution_for(n, level)
        labels = consensus(graph, resolution, seed=seed, runs=runs)
        # Two who say the same are a theme where a person asked for more of them.
        smallest = 2 if level == "more" and n < SETTLED else 3
        return fold_small(smoothed, labels, max(smallest, SMALLEST_SHARE * n))

    found = themes_at(detail)
    if n >= SETTLED or detail == "normal":
        return found
    usual = themes_at("normal")
    more, many = found.max(), usual.max()
    return usual if (more < many if detail == "more" else more > many) else found
