"""Quotations: cut from published text, with its hash; what is not public is not quoted.

A quotation is shown only while the comment is published and its text still has the hash
that it was cut from; a text that was redacted since is quoted no more.  Where a stance
loses its last quotation that way, or a theme was made by people, the words of a
published comment of that stance stand in, cut at a space.

The desks and the report ask here, so that what an official saw is what is printed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from comments.models import (
    CandidateTheme,
    Comment,
    Status,
    Theme,
    ThemeAssignment,
)

#: A whole comment up to this length is quoted whole (docs/themes.md).
QUOTE_LENGTH = 220
#: Quotations shown per theme: one of each stance, then evidence marked by people.
PER_THEME = 6
#: Comments looked at for a stance without a quotation: the first may be a copy.
STAND_INS = 3
#: What is written before its consonant, and so belongs to what follows.
_LEADING = "เแโใไ"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of one published comment, exactly as its published text has them."""

    comment_id: int
    public_id: str
    stance: str
    text: str
    start: int
    end: int
    sha256: str  # of the whole text it is cut from
    evidence: bool
    is_cut: bool
    is_suggestion: bool

    @property
    def stance_label(self) -> str:
        field = Comment._meta.get_field("stance")
        return str(dict(field.flatchoices).get(self.stance, self.stance))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _quotation(
    comment: Comment, start: int, end: int, *, of: str, evidence: bool
) -> Quotation:
    text = comment.public_text if of == "text" else comment.public_suggestion
    return Quotation(
        comment_id=comment.pk,
        public_id=comment.public_id,
        stance=comment.stance,
        text=text[start:end],
        start=start,
        end=end,
        sha256=_sha256(text),
        evidence=evidence,
        is_cut=start > 0 or end < len(text),
        is_suggestion=of != "text",
    )


def quotation_of(
    comment: Comment, *, proposed: Any = None, evidence: bool = False
) -> Quotation | None:
    """Quote a comment as the machine proposed, else from its beginning.

    None where a proposal was cut from words that are published no more, or there are
    none.  A text that has nothing but a suggestion is quoted with it.
    """
    if proposed is not None:
        of = proposed.get("of", "text")
        text = comment.public_text if of == "text" else comment.public_suggestion
        start, end = proposed["start"], proposed["end"]
        if _sha256(text) == proposed["sha256"] and text[start:end].strip():
            return _quotation(comment, start, end, of=of, evidence=evidence)
        if not evidence:
            return None
    of = "text" if comment.public_text.strip() else "suggestion"
    text = comment.public_text if of == "text" else comment.public_suggestion
    if not text.strip():
        return None
    return _quotation(comment, 0, cut_at(text), of=of, evidence=evidence)


def cut_at(text: str) -> int:
    """Return where a text is cut to be quoted: at a space, never inside a letter."""
    if len(text) <= QUOTE_LENGTH:
        return len(text)
    least = QUOTE_LENGTH // 2
    end = max(text.rfind(space, least, QUOTE_LENGTH) for space in " \n")
    if end > 0:
        return end
    end = QUOTE_LENGTH
    while end > least and (
        unicodedata.category(text[end]) == "Mn" or text[end - 1] in _LEADING
    ):
        end -= 1
    return end


def _places(themes: Sequence[Theme]) -> QuerySet[ThemeAssignment]:
    """Return the places of a theme's comments that may be quoted."""
    return ThemeAssignment.objects.filter(
        theme__in=themes, comment__status=Status.PUBLISHED, comment__late=False,
        comment__duplicate_of__isnull=True,
    )  # fmt: skip


def quotations(themes: Sequence[Theme]) -> dict[int, list[Quotation]]:
    """Return the quotations of themes by theme id; four queries.

    Evidence first, then the machine's choice among comments that are still in the
    theme; then one per stance that has none.  Never two of one group of copies.
    """
    if not themes:
        return {}
    candidates = CandidateTheme.objects.filter(
        run__is_current=True, run__round_id=themes[0].round_id
    ).order_by("number")
    chosen: dict[int, dict[str, Any]] = {}
    for quotes in candidates.values_list("quotes", flat=True):
        for quote in quotes:
            chosen.setdefault(int(quote["comment"]), quote)
    order = {pk: n for n, pk in enumerate(chosen)}
    places = sorted(
        _places(themes)
        .filter(Q(comment_id__in=list(chosen)) | Q(evidence=True))
        .select_related("comment"),
        key=lambda place: (
            (0, place.pk) if place.evidence else (1, order[place.comment_id])
        ),
    )
    found: dict[int, list[Quotation]] = defaultdict(list)
    used: dict[int, set[int]] = defaultdict(set)

    def add(theme: int, argument: int, quotation: Quotation | None) -> None:
        if quotation and (argument or -quotation.comment_id) not in used[theme]:
            used[theme].add(argument or -quotation.comment_id)
            found[theme].append(quotation)

    for place in places:
        quotation = quotation_of(
            place.comment,
            proposed=chosen.get(place.comment_id),
            evidence=place.evidence,
        )
        add(place.theme_id, place.argument, quotation)
    have = {(pk, q.stance) for pk, quotes in found.items() for q in quotes}
    lacking = [row for row in _stand_ins(themes) if row[:2] not in have]
    comments = Comment.objects.in_bulk([comment for *_pair, comment, _n in lacking])
    for theme, stance, comment, argument in lacking:
        if (theme, stance) not in {(theme, q.stance) for q in found[theme]}:
            add(theme, argument, quotation_of(comments[comment]))
    return {theme.pk: _spread(found[theme.pk])[:PER_THEME] for theme in themes}


def _spread(quotes: list[Quotation]) -> list[Quotation]:
    """Put one quotation of each stance first, then evidence, then the rest in turn."""
    seen: dict[str, int] = defaultdict(int)
    keyed = []
    for n, quote in enumerate(quotes):
        nth = seen[quote.stance]
        keyed.append(((nth > 0, not quote.evidence, nth, n), quote))
        seen[quote.stance] += 1
    return [quote for _key, quote in sorted(keyed, key=lambda pair: pair[0])]


def _stand_ins(themes: Sequence[Theme]) -> list[tuple[int, str, int, int]]:
    """Return (theme, stance, comment, argument) of each stance's most typical ones."""
    return list(
        _places(themes)
        .exclude(comment__public_text="", comment__public_suggestion="")
        .order_by()
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by=[F("theme_id"), F("comment__stance")],
                order_by=[F("similarity").desc(nulls_last=True), F("pk").asc()],
            )
        )
        .filter(rank__lte=STAND_INS)
        .order_by("theme_id", "comment__stance", "rank")
        .values_list("theme_id", "comment__stance", "comment_id", "argument")
    )
