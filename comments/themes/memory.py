"""Memory across consultations: which earlier theme makes the same point.

A theme is remembered by the mean of its comments' vectors.  Measured with the bundled
encoder on five labelled Thai sets: two halves of one class lie at 0.88 to 0.97 in the
middle, two classes of one set at 0.25 to 0.58, and one pair of classes in twenty above
0.76 (0.42 where the matters differ more).  ``NEAR`` is set there: what is shown is a
hint for a person, who opens it and decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import F, Q

from comments.models import Status, Theme, ThemeAssignment, ThemeVector
from comments.nlp.encoders import TextEncoder, encoder_named, unit

NEAR = 0.74
#: Distinct published texts that stand for a theme.
MOST_TEXTS = 200
#: Themes done by one call: a beat must end before the next begins.
BATCH = 100
FLOAT = np.dtype("<f2")


def texts_of(theme: Theme) -> list[str]:
    """Return published texts of a theme, one of each group of copies, oldest first."""
    rows = ThemeAssignment.objects.filter(
        theme=theme, comment__status=Status.PUBLISHED
    ).exclude(comment__public_text="")
    texts: dict[int, str] = {}
    values = rows.order_by("comment_id").values_list(
        "argument", "comment_id", "comment__public_text"
    )
    for argument, comment, text in values.iterator(chunk_size=500):
        texts.setdefault(argument or comment, text)
        if len(texts) == MOST_TEXTS:
            break
    return list(texts.values())


def themes_remember(*, now: dt.datetime, encoder: TextEncoder | None = None) -> int:
    """Make the vectors that signed themes lack; return how many were made.

    Safe to run twice at once and after being killed: each vector is written by itself.
    Themes without a published text are passed over.
    """
    signed = Theme.objects.filter(status=Theme.Status.APPROVED)
    if not signed.exists():
        return 0
    encoder = encoder or encoder_named(settings.THEME_ENCODER)
    fresh = ThemeVector.objects.filter(
        encoder=encoder.id, revision=F("theme__revision")
    )
    made = 0
    for theme in signed.exclude(pk__in=fresh.values("theme")).order_by("pk")[:BATCH]:
        texts = texts_of(theme)
        vector = np.zeros(encoder.dim, FLOAT)
        if texts:
            mean = encoder.encode(texts).mean(axis=0, keepdims=True)
            vector = unit(mean)[0].astype(FLOAT)
        ThemeVector.objects.update_or_create(
            theme=theme,
            encoder=encoder.id,
            defaults={
                "vector": vector.tobytes(),
                "revision": theme.revision,
                "comments": len(texts),
                "created_at": now,
            },
        )
        made += 1
    return made


@dataclass(frozen=True, slots=True)
class Echo:
    """An earlier theme near a theme, by cosine similarity."""

    theme_id: int
    similarity: float


def echoes_of(theme: Theme, *, among: Iterable[int] | Any, most: int = 3) -> list[Echo]:
    """Return the nearest of the themes ``among`` (ids or a query), nearest first.

    Only vectors of the encoder that read ``theme`` last, only what is at least NEAR,
    never a theme of the same round.  Two queries.
    """
    own = (
        ThemeVector.objects.filter(theme=theme, comments__gt=0)
        .order_by("-created_at", "-pk")
        .first()
    )
    if own is None:
        return []
    rows = list(
        ThemeVector.objects.filter(
            Q(theme__in=among), encoder=own.encoder, comments__gt=0
        )
        .exclude(theme__round=theme.round_id)
        .values_list("theme_id", "vector")
    )
    return _nearest(_array([own.vector])[0], rows, most)


def _array(vectors: Sequence[bytes]) -> np.ndarray:
    return np.stack([np.frombuffer(bytes(v), FLOAT) for v in vectors]).astype(
        np.float32
    )


def _nearest(
    own: np.ndarray, rows: Sequence[tuple[int, bytes]], most: int
) -> list[Echo]:
    if not rows:
        return []
    similar = _array([vector for _theme, vector in rows]) @ own
    found = [
        Echo(theme, round(float(value), 3))
        for (theme, _vector), value in zip(rows, similar, strict=True)
        if value >= NEAR
    ]
    return sorted(found, key=lambda echo: (-echo.similarity, echo.theme_id))[:most]
