"""Every distinct comment to its theme or bucket.

A sample is clustered; everything else joins the nearest theme by its smoothed vector.
Then the rare points are taken out by density (see ``rare``), and long comments are
read again in pieces for further themes they touch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from comments.nlp import blocks, rare
from comments.nlp.cluster import (
    BLOCK,
    SMOOTH_NEIGHBOURS,
    centroids_of,
    find_themes,
    smooth,
)
from comments.nlp.result import FEW, OTHER, Parameters
from comments.nlp.text import text_rank
from comments.nlp.vectors import Bag, fit_space, lexical_dim
from comments.nlp.work import shared, spread, spread_arrays

SAMPLE = 4000
#: A lone point that so many people sent in copies is a theme, not a rare point.
CAMPAIGN = 5
#: Fewer content words than this in a lone comment: "other" rather than "few".
ARGUMENT_WORDS = 3
LONG_TEXT = 300
PIECE = 120
#: Share of all characters that may be encoded again in pieces.
PIECES_SHARE = 0.025
#: Pieces encoded at once: small enough that two processes end together.
PIECES_BLOCK = 64
ALSO_MARGIN = 0.06
ALSO_MOST = 3

Progress = Callable[[str, int, int], None]
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Placed:
    """Row by row of the distinct, arguing comments; themes are numbered from 1 by
    size.  ``joined`` and ``scale`` are the rows' places (int8, see blocks.shrink)."""

    theme: list[int | None]
    bucket: list[str | None]
    also: list[tuple[int, ...]]
    similarity: list[float | None]
    margin: list[float | None]
    runner_up: list[int | None]
    source: str
    joined: np.ndarray
    scale: np.ndarray
    centroids: np.ndarray  # [themes, dim] in theme order, of smoothed rows

    def rows_of(self, rows: Sequence[int]) -> np.ndarray:
        rows = np.asarray(rows, np.int64)
        return blocks.grow(self.joined[rows], self.scale[rows])


def settle_small(
    encoded: np.ndarray, bag: Bag, keys: Sequence[str], *, seed: int
) -> Placed:
    """A dozen distinct arguments or fewer: each is a theme of its own."""
    n = len(keys)
    if n:
        space = fit_space(
            encoded.astype(np.float32), bag, keys, dim=lexical_dim(n), seed=seed
        )
        joined = space.place(encoded, bag, keys)
    else:
        joined = np.zeros((0, 1), np.float32)
    small, scale = (
        blocks.shrink(joined) if n else (joined.astype(np.int8), joined[:, 0])
    )
    sims = np.round((joined @ joined.T).astype(np.float64), 4)
    np.fill_diagonal(sims, -2)
    nearest_other = sims.argmax(axis=1) if n > 1 else np.zeros(n, np.int64)
    return Placed(
        theme=[row + 1 for row in range(n)],
        bucket=[None] * n,
        also=[()] * n,
        similarity=[1.0] * n,
        margin=[
            round(1 - float(sims[row, nearest_other[row]]), 4) if n > 1 else None
            for row in range(n)
        ],
        runner_up=[int(nearest_other[row]) + 1 if n > 1 else None for row in range(n)],
        source="single",
        joined=small,
        scale=scale,
        centroids=joined,
    )


def _sample_rows(texts: Sequence[str]) -> np.ndarray:
    n = len(texts)
    if n <= SAMPLE:
        return np.arange(n)
    ranked = sorted(range(n), key=lambda i: (text_rank(texts[i]), i))
    return np.array(sorted(ranked[:SAMPLE]))


def _ranges(n: int, size: int = BLOCK) -> list[tuple[int, int]]:
    return [(at, min(at + size, n)) for at in range(0, n, size)]


def place_all(
    encoded: np.ndarray,
    bag: Bag,
    keys: Sequence[str],
    texts: Sequence[str],
    copies: np.ndarray,
    *,
    total: int,
    parameters: Parameters,
    progress: Progress,
) -> Placed:
    """Cluster a sample and place all ``n`` distinct comments.

    ``copies[i]`` counts the comments that row i stands for, ``total`` all comments
    of the run (the allowance of rare points is a share of it).
    """
    n = len(keys)
    processes = parameters.processes
    sample = _sample_rows(texts)
    shared.update(encoded=encoded, bag=bag, keys=keys, sample_rows=sample)
    shared["space"] = fit_space(
        encoded[sample].astype(np.float32),
        bag.take(sample),
        [keys[i] for i in sample],
        dim=lexical_dim(n),
        seed=parameters.seed,
    )
    rows = np.concatenate(
        list(
            spread_arrays(
                blocks.place_sample, _ranges(len(sample)), processes=processes
            )
        )
    )

    def among(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        shared["matrix"] = matrix
        jobs = [(start, stop, k) for start, stop in _ranges(len(matrix))]
        parts = list(
            spread_arrays(blocks.neighbours_of_block, jobs, processes=processes)
        )
        return np.concatenate([p for p, _ in parts]), np.concatenate(
            [s for _, s in parts]
        )

    def runs(graph, resolution, seeds):
        shared.update(graph=graph, resolution=resolution)
        for done, labels in enumerate(
            spread(blocks.louvain_run, seeds, processes=processes), 1
        ):
            progress("cluster", done, len(seeds))
            yield labels

    crowd = rare.crowd_size(n)
    screen_k = max(3, round(crowd * len(sample) / n))
    near_k = max(screen_k, SMOOTH_NEIGHBOURS)
    near = among(rows, near_k)
    smoother, smoothed = smooth(
        rows, among=lambda _rows, k: (near[0][:, :k], near[1][:, :k])
    )
    labels = find_themes(
        smoothed,
        detail=parameters.detail,
        seed=parameters.seed,
        among=among,
        runs=runs,
    )
    count = int(labels.max()) + 1
    centroids = centroids_of(smoothed, labels, count)
    shared.update(smoother=smoother, centroids=centroids)

    to_theme = np.empty((n, count), np.float32)
    screening = np.empty((n, near[1].shape[1]), np.float32)
    joined = np.empty((n, rows.shape[1]), np.int8)
    scale = np.empty(n, np.float32)
    to_theme[sample] = smoothed @ centroids.T
    screening[sample] = near[1]
    joined[sample], scale[sample] = blocks.shrink(rows)
    found = (screening, to_theme, joined, scale)
    _place_rest(found, sample, near_k, progress, processes)
    density = screening[:, :screen_k].mean(axis=1)

    best, runner, similarity, margin = _best_two(to_theme)
    lonely = _lonely_rows(
        density,
        rare.newness(bag, keys, blocks.tokens_with(parameters.terms).segmenter.known()),
        copies,
        total=total,
        crowd=crowd,
        joined=joined,
        scale=scale,
        processes=processes,
    )
    own_theme = lonely[copies[lonely] >= CAMPAIGN]
    lonely = lonely[copies[lonely] < CAMPAIGN]
    for row in own_theme:
        best[row] = count
        count += 1
    if len(own_theme):
        centroids = np.vstack(
            [centroids, blocks.grow(joined[own_theme], scale[own_theme])]
        )
        similarity[own_theme] = 1.0
    shared.update(centroids=centroids)
    placed = _number_themes(
        best,
        runner,
        similarity,
        margin,
        lonely=lonely,
        bag=bag,
        copies=copies,
        centroids=centroids,
    )
    placed.joined, placed.scale = joined, scale
    _read_pieces(placed, texts, parameters, progress)
    return placed


def _place_rest(
    found: tuple[np.ndarray, ...],
    sample: np.ndarray,
    k: int,
    progress: Progress,
    processes: int,
) -> None:
    """Fill in what :func:`blocks.place_block` finds of the rows outside the sample."""
    n = len(found[0])
    outside = np.ones(n, bool)
    outside[sample] = False
    rest = np.flatnonzero(outside)
    jobs = [(rest[start:stop], k) for start, stop in _ranges(len(rest))]
    parts = spread_arrays(blocks.place_block, jobs, processes=processes)
    done = len(sample)
    for (rows, _k), part in zip(jobs, parts, strict=True):
        for whole, values in zip(found, part, strict=True):
            whole[rows] = values
        done += len(rows)
        progress("place", done, n)


def _best_two(to_theme: np.ndarray):
    """Best and second theme of each row, similarity and margin (4 decimals)."""
    rounded = np.round(to_theme.astype(np.float64), 4)
    order = np.argsort(-rounded, axis=1, kind="stable")
    line = np.arange(len(rounded))
    best = order[:, 0].copy()
    similarity = rounded[line, best]
    if rounded.shape[1] < 2:
        return best, np.full(len(best), -1), similarity, np.full(len(best), np.nan)
    runner = order[:, 1].copy()
    return best, runner, similarity, np.round(similarity - rounded[line, runner], 4)


def _lonely_rows(
    density: np.ndarray,
    new: np.ndarray,
    copies: np.ndarray,
    *,
    total: int,
    crowd: int,
    joined: np.ndarray,
    scale: np.ndarray,
    processes: int,
) -> np.ndarray:
    """Rows that lie apart from everything, loneliest first, within the allowance.

    Rows with many copies do not use up the allowance: they become themes.
    """
    allowed = rare.allowance(total)
    if not allowed:
        return np.zeros(0, np.int64)
    given = rare.newness_factor(density, new) * new
    order = np.argsort(np.round(density - given, 4), kind="stable")
    screened = np.sort(order[: rare.SCREEN * allowed])
    shared.update(
        joined=joined,
        scale=scale,
        screened=screened,
        screened_rows=blocks.grow(joined[screened], scale[screened]),
    )
    jobs = [(start, stop, crowd) for start, stop in _ranges(len(joined), 4 * BLOCK)]
    top: np.ndarray | None = None
    for part in spread_arrays(blocks.crowd_block, jobs, processes=processes):
        top = part if top is None else np.hstack([top, part])
        if top.shape[1] > crowd:
            top = -np.partition(-top, crowd - 1, axis=1)[:, :crowd]
    exact = np.sort(top, axis=1)[:, ::-1].mean(axis=1) - given[screened]
    counted = np.where(copies[screened] >= CAMPAIGN, 0, copies[screened])
    return screened[rare.loneliest(exact, counted, allowed)]


def _number_themes(
    best: np.ndarray,
    runner: np.ndarray,
    similarity: np.ndarray,
    margin: np.ndarray,
    *,
    lonely: np.ndarray,
    bag: Bag,
    copies: np.ndarray,
    centroids: np.ndarray,
) -> Placed:
    n, count = len(best), len(centroids)
    alone = np.zeros(n, bool)
    alone[lonely] = True
    sizes = np.bincount(best[~alone], weights=copies[~alone], minlength=count)
    first = np.full(count, n)
    np.minimum.at(first, best[~alone], np.flatnonzero(~alone))
    order = [
        int(t)
        for t in sorted(range(count), key=lambda t: (-sizes[t], first[t]))
        if sizes[t]
    ]
    number = {theme: place for place, theme in enumerate(order, 1)}

    def bucket_of(row: int) -> str | None:
        if not alone[row]:
            return None
        return FEW if bag.counts[row] >= ARGUMENT_WORDS else OTHER

    return Placed(
        theme=[None if alone[i] else number[int(best[i])] for i in range(n)],
        bucket=[bucket_of(i) for i in range(n)],
        also=[()] * n,
        similarity=[float(value) for value in similarity],
        margin=[None if np.isnan(value) else float(value) for value in margin],
        runner_up=[number.get(int(value)) for value in runner],
        source="auto",
        joined=np.zeros(0),
        scale=np.zeros(0),
        centroids=centroids[order],
    )


def pieces_of(text: str) -> list[str]:
    """A long text in pieces of about 120 characters, cut at white space."""
    pieces, current = [], ""
    for word in _SPACE.split(text.strip()[:4000]):
        if current and len(current) + len(word) > PIECE:
            pieces.append(current)
            current = ""
        current = f"{current} {word}".strip()
    if current:
        pieces.append(current)
    return [p for p in pieces if len(p) >= 25]


def _read_pieces(
    placed: Placed, texts: Sequence[str], parameters: Parameters, progress: Progress
) -> None:
    """Secondary themes of long comments: the best theme of a piece, when it is near
    enough and clearly nearer than the next."""
    allowed = int(PIECES_SHARE * sum(map(len, texts)))
    long_rows = sorted(
        (i for i, text in enumerate(texts) if len(text) > LONG_TEXT),
        key=lambda i: (len(texts[i]), text_rank(texts[i])),
    )
    pieces: list[str] = []
    owner: list[int] = []
    for row in long_rows:
        cut = pieces_of(texts[row])
        if len(cut) < 2:
            continue
        allowed -= sum(map(len, cut))
        if allowed < 0:
            break
        pieces.extend(cut)
        owner.extend([row] * len(cut))
    if not pieces or len(placed.centroids) < 2:
        return
    jobs = [
        (parameters, pieces[start:stop])
        for start, stop in _ranges(len(pieces), PIECES_BLOCK)
    ]
    shared["centroids"] = placed.centroids
    to_theme = []
    for part in spread(blocks.place_pieces, jobs, processes=parameters.processes):
        to_theme.append(part)
        progress("pieces", sum(map(len, to_theme)), len(pieces))
    best, _, similarity, margin = _best_two(np.concatenate(to_theme))
    usual = _usual_similarity(placed)
    found: dict[int, dict[int, float]] = {}
    for piece, row in enumerate(owner):
        theme = int(best[piece]) + 1
        if (
            theme != placed.theme[row]
            and placed.bucket[row] is None
            and margin[piece] >= ALSO_MARGIN
            and similarity[piece] >= usual.get(theme, 1.0)
        ):
            sims = found.setdefault(row, {})
            sims[theme] = max(sims.get(theme, -1.0), float(similarity[piece]))
    for row, sims in found.items():
        ranked = sorted(sims, key=lambda theme: (-sims[theme], theme))
        placed.also[row] = tuple(ranked[:ALSO_MOST])


def _usual_similarity(placed: Placed) -> dict[int, float]:
    """Lower quartile of the similarities of each theme's comments."""
    by_theme: dict[int, list[float]] = {}
    for theme, similarity in zip(placed.theme, placed.similarity, strict=True):
        if theme is not None and similarity is not None:
            by_theme.setdefault(theme, []).append(similarity)
    return {t: float(np.quantile(values, 0.25)) for t, values in by_theme.items()}
