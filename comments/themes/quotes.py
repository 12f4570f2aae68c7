"""Quotations: cut from published text, with its hash; what is not public is not quoted.

A quotation is shown only while the comment is published and its text still has the hash
that it was cut from; a text that was redacted since is quoted no more.  Where a stance
loses its last quotation that way, or a theme was made by people, the words of a
published comment of that stance stand in, cut at a space.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from comments.models import (
    CandidateTheme,
    Comment,
    Status,
    Theme,
    ThemeAssignment,
)

#: A whole comment up to this length is quoted whole (THEMES.md section 5: 25–220).
QUOTE_LENGTH = 220
#: Quotations shown per theme; evidence marked by people comes first.
PER_THEME = 6


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


def quotation_of(comment: Comment, *, evidence: bool = False) -> Quotation:
    """Quote a comment from its beginning, cut at a space when it is long."""
    of = "text" if comment.public_text else "suggestion"
    text = comment.public_text or comment.public_suggestion
    end = len(text)
    if end > QUOTE_LENGTH:
        end = text.rfind(" ", QUOTE_LENGTH // 2, QUOTE_LENGTH)
        end = end if end > 0 else QUOTE_LENGTH
    return _quotation(comment, 0, end, of=of, evidence=evidence)


def _places(themes: Sequence[Theme]) -> QuerySet[ThemeAssignment]:
    """Return the places of a theme's comments that may be quoted."""
    return ThemeAssignment.objects.filter(
        theme__in=themes, comment__status=Status.PUBLISHED, comment__late=False,
        comment__duplicate_of__isnull=True,
    )  # fmt: skip


def quotations(themes: Sequence[Theme]) -> dict[int, list[Quotation]]:
    """Return the quotations of themes by theme id, in a fixed number of queries.

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
    places = list(
        _places(themes)
        .filter(comment_id__in=list(chosen))
        .select_related("comment")
        .order_by("pk")
    )
    evidence = list(
        _places(themes).filter(evidence=True).select_related("comment").order_by("pk")
    )
    found: dict[int, list[Quotation]] = defaultdict(list)
    used: dict[int, set[int]] = defaultdict(set)

    def add(place: ThemeAssignment, quotation: Quotation) -> None:
        if place.argument not in used[place.theme_id] and quotation.text.strip():
            used[place.theme_id].add(place.argument)
            found[place.theme_id].append(quotation)

    for place in evidence:
        add(place, quotation_of(place.comment, evidence=True))
    order = {pk: n for n, pk in enumerate(chosen)}
    for place in sorted(places, key=lambda place: order[place.comment_id]):
        quote, comment = chosen[place.comment_id], place.comment
        of = quote.get("of", "text")
        text = comment.public_text if of == "text" else comment.public_suggestion
        if _sha256(text) == quote["sha256"]:
            add(
                place,
                _quotation(
                    comment,
                    quote["start"],
                    quote["end"],
                    of=of,
                    evidence=place.evidence,
                ),
            )
    _add_missing_stances(themes, found, add)
    return {theme.pk: _spread(found[theme.pk])[:PER_THEME] for theme in themes}


def _spread(quotes: list[Quotation]) -> list[Quotation]:
    """Put one quotation of each stance before the second of any; evidence leads."""
    seen: dict[str, int] = defaultdict(int)
    keyed = []
    for n, quote in enumerate(quotes):
        keyed.append(((not quote.evidence, seen[quote.stance], n), quote))
        seen[quote.stance] += 1
    return [quote for _key, quote in sorted(keyed, key=lambda pair: pair[0])]


def _add_missing_stances(
    themes: Sequence[Theme], found: dict[int, list[Quotation]], add: Any
) -> None:
    have = {(pk, q.stance) for pk, quotes in found.items() for q in quotes}
    present = (
        _places(themes)
        .exclude(comment__public_text="", comment__public_suggestion="")
        .order_by()
        .values_list("theme_id", "comment__stance")
        .distinct()
    )
    missing = [pair for pair in present if pair not in have]
    if not missing:
        return
    for theme_id, stance in missing:
        place = (
            _places(themes)
            .filter(theme_id=theme_id, comment__stance=stance)
            .exclude(comment__public_text="", comment__public_suggestion="")
            .exclude(argument__in={q.comment_id for q in found[theme_id]})
            .select_related("comment")
            .order_by("-similarity", "pk")
            .first()
        )
        if place:
            add(place, quotation_of(place.comment))


def quotable(comment: Comment) -> bool:
    """Tell whether a comment's words may be shown outside the desks."""
    return (
        comment.status == Status.PUBLISHED
        and not comment.late
        and comment.duplicate_of_id is None
    )
