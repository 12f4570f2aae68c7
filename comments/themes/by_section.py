"""Which themes were raised on which part of the draft."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, When
from django.db.models.functions import Coalesce

from comments.models import ThemeAssignment
from comments.themes.selectors import COUNTED, PileRow
from drafts.models import ProvisionKind

#: What comments are on: a provision's id, "q<question id>" or "whole".
Subject = str


@dataclass(frozen=True, slots=True)
class Share:
    """How many comments of one theme or bucket are on one part of the draft."""

    row: PileRow
    count: int


def piles_by_subject(
    round: Any, rows: list[PileRow]
) -> dict[Subject, tuple[int, list[Share]]]:
    """Return subject -> how many comments, and in which piles, largest first.

    ``rows`` are the themes and buckets of the round.  Clauses that a section changes
    count with their section.  One query.
    """
    known = {(row.number, row.bucket): row for row in rows}
    counts: dict[Subject, Counter[tuple[int, str]]] = defaultdict(Counter)
    values = (
        ThemeAssignment.objects.filter(COUNTED, round=round)
        .order_by()
        .annotate(
            part=Coalesce(_clause_parent(), "comment__provision"),
        )
        .values_list("part", "comment__question", "theme__number", "bucket")
        .annotate(n=Count("pk"))
    )
    for provision, question, theme, bucket, n in values:
        subject = (
            str(provision) if provision else f"q{question}" if question else "whole"
        )
        counts[subject][theme or 0, bucket] += n
    return {
        subject: (
            sum(piles.values()),
            [
                Share(known[pile], n)
                for pile, n in sorted(
                    piles.items(), key=lambda one: (-one[1], one[0][0], one[0][1])
                )
                if pile in known
            ],
        )
        for subject, piles in counts.items()
    }


def _clause_parent() -> Any:
    """Return the section of a clause that changes another law, else nothing."""
    return Case(
        When(
            comment__provision__kind=ProvisionKind.TARGET_CLAUSE,
            then=F("comment__provision__parent"),
        )
    )
