"""What the desk and the report read of an audit.  Results only when both are done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from comments.blind_audit import codes, statistics
from comments.models import (
    AuditCode,
    AuditCoder,
    AuditItem,
    BlindAudit,
    Bucket,
    Comment,
    Status,
    Theme,
    ThemeAssignment,
)

#: Themes that a comment can stand in.
IN_USE = (Theme.Status.PROPOSED, Theme.Status.APPROVED)


def code_of(place: ThemeAssignment) -> str:
    """Return where a comment stands as a code."""
    if place.theme is None:
        return place.bucket
    if place.theme.status not in IN_USE:
        return codes.RETIRED
    return codes.theme_code(place.theme.number)


def codes_of(audit: BlindAudit) -> list[str]:
    """Return what can be chosen in an audit."""
    return codes.choices([theme["number"] for theme in audit.themes])


def titles_of(audit: BlindAudit) -> dict[str, str]:
    """Return code -> what it is called, themes first, as they stood at the drawing."""
    titles = {
        codes.theme_code(theme["number"]): f"{theme['number']}. {theme['title']}"
        for theme in sorted(audit.themes, key=lambda theme: theme["number"])
    }
    piles = dict(Bucket.choices)
    return titles | {code: str(piles[code]) for code in codes.PILES}


def is_readable(comment: Comment) -> bool:
    """Tell whether a coder may still read a comment: not since withdrawn or hidden."""
    return comment.status == Status.PUBLISHED


def newest_id(round_id: int) -> int | None:
    """Return the audit that counts: the last one drawn."""
    rows = BlindAudit.objects.filter(round_id=round_id)
    return rows.order_by("-number").values_list("pk", flat=True).first()


def items_of(audit: BlindAudit) -> QuerySet[AuditItem]:
    """Return the sample in its order with what a coder reads of each comment."""
    return (
        AuditItem.objects.filter(audit=audit)
        .select_related("comment__provision", "comment__question")
        .order_by("position")
    )


def _newest_codes(audit: BlindAudit) -> dict[tuple[int, int], str]:
    """Return (coder, item) -> the code that counts; one query."""
    newest = (
        AuditCode.objects.filter(item__audit=audit)
        .order_by()
        .values("coder_id", "item_id")
        .annotate(last=Max("pk"))
        .values("last")
    )
    rows = AuditCode.objects.filter(pk__in=newest)
    return {(row.coder_id, row.item_id): row.code for row in rows}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one coder is: of their own codes alone."""

    total: int  # items that can be coded
    done: dict[int, str]  # position -> own code
    waiting: list[int]  # positions
    finished_at: dt.datetime | None

    @property
    def next(self) -> int | None:
        return self.waiting[0] if self.waiting else None


def progress_of(audit: BlindAudit, coder: AuditCoder) -> Progress:
    """Return how far a coder is; three queries."""
    given = _newest_codes(audit)
    own = {item: code for (who, item), code in given.items() if who == coder.pk}
    done: dict[int, str] = {}
    waiting: list[int] = []
    rows = AuditItem.objects.filter(audit=audit).order_by("position")
    for pk, position, status in rows.values_list("pk", "position", "comment__status"):
        if pk in own:
            done[position] = own[pk]
        elif status == Status.PUBLISHED:
            waiting.append(position)
    finish = getattr(coder, "finish", None)
    return Progress(
        len(done) + len(waiting), done, waiting, finish.created_at if finish else None
    )


def coders_of(audit: BlindAudit) -> list[AuditCoder]:
    """Return the two coders with their names and when they were done."""
    return list(audit.coders.select_related("user", "finish").order_by("seat"))


def is_done(coders: list[AuditCoder]) -> bool:
    """Tell whether both people stand by their codes."""
    return len(coders) == 2 and all(getattr(c, "finish", None) for c in coders)


@dataclass(frozen=True, slots=True)
class Difference:
    """A comment on which the three do not agree."""

    public_id: str
    first: str
    second: str
    machine: str


@dataclass(frozen=True, slots=True)
class Results:
    """What an audit found, and every comment on which the three differ.

    ``left_out`` counts drawn comments without two codes: taken back while coding.
    """

    audit: BlindAudit
    drawn: int
    left_out: int
    finished_at: dt.datetime
    findings: statistics.Findings
    differences: list[Difference]
    confusion: list[tuple[str, str, int]]  # consensus, machine, comments


def results_of(audit: BlindAudit) -> Results | None:
    """Return the results; None while one of the two still codes.  Three queries."""
    coders = coders_of(audit)
    if not is_done(coders):
        return None
    given = _newest_codes(audit)
    rows: list[tuple[str, str, str]] = []
    differences: list[Difference] = []
    confused: dict[tuple[str, str], int] = {}
    items = list(
        AuditItem.objects.filter(audit=audit)
        .order_by("position")
        .values_list("pk", "machine", "comment__public_id")
    )
    for pk, machine, public_id in items:
        both = [given.get((coder.pk, pk), "") for coder in coders]
        if not all(both):
            continue
        first, second = both
        rows.append((first, second, machine))
        if first != second or machine not in {"", first}:
            differences.append(Difference(public_id, first, second, machine))
        if first == second and machine not in {"", first}:
            confused[first, machine] = confused.get((first, machine), 0) + 1
    return Results(
        audit=audit,
        drawn=len(items),
        left_out=len(items) - len(rows),
        finished_at=max(coder.finish.created_at for coder in coders),
        findings=statistics.findings(rows, len(codes_of(audit))),
        differences=differences,
        confusion=sorted(
            ((a, m, n) for (a, m), n in confused.items()),
            key=lambda row: (-row[2], row[0], row[1]),
        ),
    )


def audits_of(round: Any) -> list[BlindAudit]:
    """Return the audits of a round, the one that counts first."""
    rows = BlindAudit.objects.filter(round=round).select_related("drawn_by")
    return list(rows.order_by("-number"))
