"""New comments against themes that people have already read.

The themes are frozen: nothing here moves, merges or renames them.  A new comment that
is a copy of a reviewed one inherits its theme; another joins the nearest theme when
it is as near as the theme's own comments usually are, else it waits in ``other``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from comments.nlp import blocks
from comments.nlp.cluster import (
    SMOOTH_NEIGHBOURS,
    centroids_of,
    nearest,
    smooth,
)
from comments.nlp.duplicates import find_groups
from comments.nlp.encoders import unit
from comments.nlp.result import NO_REASON, OTHER, Assignment, Parameters
from comments.nlp.stance import stance_of
from comments.nlp.text import Comment, InputError, comment_of, in_order, text_rank
from comments.nlp.vectors import Bag, fit_space, lexical_dim

#: Reviewed comments of one theme that speak for it.
EXEMPLARS = 200
#: A new comment must be as near as all but this share of the theme's own comments.
TAU_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A comment whose theme (None: in a bucket) stands."""

    comment: Comment
    theme: int | None
    bucket: str | None = None


def assign_new(
    reviewed: Sequence[Reviewed],
    rows: Iterable[Comment | Mapping],
    *,
    parameters: Parameters | None = None,
) -> tuple[Assignment, ...]:
    """Assign new comments to the frozen themes of ``reviewed``; one Assignment for
    each new comment, in order of id, none for a reviewed one.

    Raises InputError when a new id is already reviewed, EncoderError as ``run``.
    """
    parameters = parameters or Parameters()
    new = in_order(
        row if isinstance(row, Comment) else comment_of(row, f"row {number}")
        for number, row in enumerate(rows, 1)
    )
    known = {(type(r.comment.id), r.comment.id) for r in reviewed}
    for comment in new:
        if (type(comment.id), comment.id) in known:
            raise InputError(f"id {comment.id!r} is already reviewed")
    with threadpool_limits(1):
        return _assign_new(list(reviewed), new, parameters)


def _assign_new(
    reviewed: list[Reviewed], new: list[Comment], parameters: Parameters
) -> tuple[Assignment, ...]:
    everything = [r.comment for r in reviewed] + new
    keys = blocks.keys_of([c.text for c in everything])
    copied = _themes_of_copies(reviewed, everything, keys)
    offset = len(reviewed)
    new_codes, new_counts, reasons = blocks.words_of(
        (parameters.terms, [c.text for c in new])
    )
    open_rows = [i for i in range(len(new)) if offset + i not in copied and reasons[i]]
    placed = _place(
        _exemplars(reviewed),
        [new[i] for i in open_rows],
        Bag(new_codes, new_counts).take(np.array(open_rows, np.int64)),
        parameters,
    )
    results = dict(zip(open_rows, placed, strict=True))
    out = []
    for i, comment in enumerate(new):
        stance = stance_of(comment)
        theme, bucket, similarity, margin, runner, source = results.get(
            i, (None, NO_REASON, None, None, None, "rule")
        )
        if offset + i in copied:
            original = copied[offset + i]
            theme, bucket, source = original.theme, original.bucket, "dup"
            if theme is None and bucket is None:
                bucket = OTHER
            similarity = margin = runner = None
        out.append(
            Assignment(
                id=comment.id,
                theme=theme,
                bucket=bucket,
                also=(),
                similarity=similarity,
                margin=margin,
                runner_up=runner,
                source=source,
                stance=stance.value,
                stance_source=stance.source,
            )
        )
    return tuple(out)


def _themes_of_copies(
    reviewed: list[Reviewed], everything: list[Comment], keys: list[str]
) -> dict[int, Reviewed]:
    """Position of a new comment → the reviewed comment it copies.

    Reviewed comments come first in time here, whatever their dates: they lead.
    """
    staged = [
        Comment(position, c.text, c.stance, c.section)
        for position, c in enumerate(everything)
    ]
    groups = find_groups(staged, keys)
    return {
        position: reviewed[int(groups.leader[position])]
        for position in range(len(reviewed), len(everything))
        if groups.leader[position] < len(reviewed)
    }


def _exemplars(reviewed: list[Reviewed]) -> list[Reviewed]:
    by_theme: dict[int, list[Reviewed]] = {}
    for row in reviewed:
        if row.theme is not None:
            by_theme.setdefault(row.theme, []).append(row)
    return [
        row
        for theme in sorted(by_theme)
        for row in sorted(by_theme[theme], key=lambda r: text_rank(r.comment.text))[
            :EXEMPLARS
        ]
    ]


def _place(
    exemplars: list[Reviewed], new: list[Comment], bag: Bag, parameters: Parameters
) -> list[tuple]:
    if not new:
        return []
    if not exemplars:
        return [(None, OTHER, None, None, None, "auto")] * len(new)
    texts = [r.comment.text for r in exemplars]
    codes, counts, _ = blocks.words_of((parameters.terms, texts))
    known_keys = blocks.keys_of(texts)
    known = blocks.encode((parameters.encoder, texts))
    known_bag = Bag(codes, counts)
    space = fit_space(
        known.astype(np.float32),
        known_bag,
        known_keys,
        dim=lexical_dim(len(texts)),
        seed=parameters.seed,
    )
    smoother, smoothed = smooth(space.place(known, known_bag, known_keys))
    names = sorted({r.theme for r in exemplars})
    labels = np.array([names.index(r.theme) for r in exemplars])
    centroids = centroids_of(smoothed, labels, len(names))
    joined = space.place(
        blocks.encode((parameters.encoder, [c.text for c in new])),
        bag,
        blocks.keys_of([c.text for c in new]),
    )
    if smoother.layers:
        places, sims = nearest(joined, smoother.sample, SMOOTH_NEIGHBOURS)
        joined = smoother.apply(joined, places, sims)
    sims = np.round((joined @ centroids.T).astype(np.float64), 4)
    limits = _limits(smoothed, labels, centroids)
    out = []
    for row in sims:
        order = np.argsort(-row, kind="stable")
        best = int(order[0])
        second = int(order[1]) if len(order) > 1 else None
        margin = None if second is None else round(float(row[best] - row[second]), 4)
        runner = None if second is None else names[second]
        near = row[best] >= limits[best]
        out.append(
            (
                names[best] if near else None,
                None if near else OTHER,
                float(row[best]),
                margin,
                runner,
                "auto",
            )
        )
    return out


def _limits(
    smoothed: np.ndarray, labels: np.ndarray, centroids: np.ndarray
) -> np.ndarray:
    """Least similarity to join each theme: a low quantile of its own comments'
    similarities to the centre without themselves; small themes use all themes'."""
    sizes = np.bincount(labels, minlength=len(centroids))
    sums = np.zeros_like(centroids)
    np.add.at(sums, labels, smoothed)
    others = unit(sums[labels] - smoothed)
    own = np.einsum("ij,ij->i", smoothed, others)
    own[sizes[labels] < 2] = np.nan
    usable = own[~np.isnan(own)]
    common = float(np.quantile(usable, TAU_SHARE)) if usable.size else 0.3
    limits = np.full(len(centroids), common)
    for theme, size in enumerate(sizes):
        if size >= 20:
            limits[theme] = float(np.quantile(own[labels == theme], TAU_SHARE))
    return limits
