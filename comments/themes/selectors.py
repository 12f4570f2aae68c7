"""Reads of the workbench: few queries, summed up in the database, at any size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from comments.finding import holds_words
from comments.models import (
    Bucket,
    CandidateTheme,
    Comment,
    Stance,
    Status,
    Theme,
    ThemeAssignment,
    ThemeEvent,
    ThemeRun,
)
from comments.themes import adopt, events
from comments.themes.pipeline import COUNTABLE
from drafts.requests import read_number

#: The same condition seen from a place.
COUNTED = Q(
    comment__late=False,
    comment__duplicate_of__isnull=True,
    comment__status__in=[Status.RECEIVED, Status.PUBLISHED, Status.WITHHELD],
)
PER_PAGE = 50
STANCES = list(Stance.values)


def said_about(provision: int, prefix: str = "") -> Q:
    """Return the condition of a comment on a provision or on a clause below it.

    What an amending section changes is commented on clause by clause: whoever asks for
    the section gets them all.  ``prefix`` leads to the comment: ``comment__``.
    """
    return Q(**{f"{prefix}provision": provision}) | Q(
        **{f"{prefix}provision__parent": provision}
    )


def accounting(round: Any, *, section: int | None = None) -> dict[str, int]:
    """Say where every comment received is: the sum of all but ``received`` equals it.

    Each comment is counted in one place; what a person or a moderator did weighs more
    than when it came.  One query.
    """
    rows = Comment.objects.filter(round=round)
    if section:
        rows = rows.filter(said_about(section))
    withdrawn = Q(status=Status.WITHDRAWN)
    hidden = Q(status=Status.HIDDEN)
    gone = withdrawn | hidden
    late = Q(late=True) & ~gone
    duplicate = Q(late=False, duplicate_of__isnull=False) & ~gone
    conditions = {
        "themes": COUNTABLE & Q(assignment__theme__isnull=False),
        **{
            bucket: COUNTABLE & Q(assignment__bucket=bucket) for bucket in Bucket.values
        },
        "waiting": COUNTABLE & Q(assignment__isnull=True),
        "moderated": hidden,
        "late": late,
        "withdrawn": withdrawn,
        "duplicates": duplicate,
    }
    # Prefixed, since an aggregate named like a field would hide the field.
    counts = rows.aggregate(
        n_received=Count("pk"),
        **{f"n_{name}": Count("pk", filter=q) for name, q in conditions.items()},
    )
    return {name: counts[f"n_{name}"] for name in ("received", *conditions)}


@dataclass(frozen=True, slots=True)
class StanceCount:
    stance: str
    label: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class PileRow:
    """A theme or a bucket with its numbers."""

    number: int  # 0 for a bucket
    bucket: str
    title: str
    size: int
    distinct: int
    stances: list[StanceCount]
    evidence: int
    by_people: int
    theme: Theme | None = None

    @property
    def is_approved(self) -> bool:
        return self.theme is not None and self.theme.status == Theme.Status.APPROVED


@dataclass(frozen=True, slots=True)
class Workbench:
    themes: list[PileRow]
    buckets: list[PileRow]
    retired: list[Theme]
    accounting: dict[str, int]
    received: int
    accounted: int
    run: ThemeRun | None  # the newest one asked for
    current: ThemeRun | None
    adopted_run_id: int | None
    ready: bool

    @property
    def approved(self) -> int:
        return sum(row.is_approved for row in self.themes)

    @property
    def has_proposal(self) -> bool:
        """Tell whether a finished run waits for an official's decision."""
        return (
            self.current is not None
            and self.ready
            and self.current.status == ThemeRun.Status.COMPLETE
            and self.current.pk != self.adopted_run_id
        )


def stance_counts(counts: dict[str, int]) -> list[StanceCount]:
    """Return all stances in their order, with whole percents for a bar."""
    total = sum(counts.values()) or 1
    labels = dict(Stance.choices)
    return [
        StanceCount(
            code, str(labels[code]), counts.get(code, 0),
            round(100 * counts.get(code, 0) / total),
        )
        for code in STANCES
    ]  # fmt: skip


@dataclass(slots=True)
class _Pile:
    stances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    distinct: int = 0
    evidence: int = 0
    by_people: int = 0


def _piles(rows: QuerySet[ThemeAssignment]) -> dict[tuple[int, str], _Pile]:
    piles: dict[tuple[int, str], _Pile] = defaultdict(_Pile)
    keys = ("theme_id", "bucket")
    by_stance = rows.order_by().values_list(*keys, "comment__stance").annotate(
        n=Count("pk"),
        evidence_n=Count("pk", filter=Q(evidence=True)),
        people=Count("pk", filter=Q(source="person")),
    )  # fmt: skip
    for theme, bucket, stance, n, evidence, people in by_stance:
        pile = piles[theme or 0, bucket]
        pile.stances[stance] += n
        pile.evidence += evidence
        pile.by_people += people
    distinct = rows.order_by().values_list(*keys).annotate(
        n=Count("argument", distinct=True)
    )  # fmt: skip
    for theme, bucket, n in distinct:
        piles[theme or 0, bucket].distinct = n
    return piles


def _row(pile: _Pile, *, theme: Theme | None = None, bucket: str = "") -> PileRow:
    labels = dict(Bucket.choices)
    return PileRow(
        number=theme.number if theme else 0,
        bucket=bucket,
        title=theme.title if theme else str(labels[bucket]),
        size=sum(pile.stances.values()),
        distinct=pile.distinct,
        stances=stance_counts(pile.stances),
        evidence=pile.evidence,
        by_people=pile.by_people,
        theme=theme,
    )


def piles_of(
    round: Any, *, section: int | None = None
) -> tuple[list[PileRow], list[PileRow], list[Theme]]:
    """Return themes in use, largest first, the buckets, and themes out of use."""
    rows = ThemeAssignment.objects.filter(COUNTED, round=round)
    if section:
        rows = rows.filter(said_about(section, "comment__"))
    piles = _piles(rows)
    themes = list(
        Theme.objects.filter(round=round).select_related(
            "approved_by", "created_by", "merged_into", "assigned_to"
        )
    )
    used = [t for t in themes if t.status in {"proposed", "approved"}]
    found = [_row(piles[theme.pk, ""], theme=theme) for theme in used]
    if section:
        found = [row for row in found if row.size]
    found.sort(key=lambda row: (-row.size, row.number))
    buckets = [_row(piles[0, code], bucket=code) for code in Bucket.values]
    return (
        found,
        buckets,
        [t for t in themes if t.status not in {"proposed", "approved"}],
    )


def workbench(
    round: Any, *, section: int | None = None, assigned_to: Any = None
) -> Workbench:
    """Return everything that the first page of the workbench shows.

    ``section`` narrows the counts, ``assigned_to`` the list of themes.
    """
    themes, buckets, retired = piles_of(round, section=section)
    if assigned_to is not None:
        themes = [
            row
            for row in themes
            if row.theme and row.theme.assigned_to_id == assigned_to.pk
        ]
    counts = accounting(round, section=section)
    runs = list(
        ThemeRun.objects.filter(round=round)
        .defer("metrics")
        .select_related("requested_by")
        .order_by("-pk")[:10]
    )
    current = next((run for run in runs if run.is_current), None)
    adopted = adopt.adopted_run_id(round)
    return Workbench(
        themes=themes,
        buckets=buckets,
        retired=retired,
        accounting=counts,
        received=counts["received"],
        accounted=sum(n for name, n in counts.items() if name != "received"),
        run=runs[0] if runs else None,
        current=current,
        adopted_run_id=adopted,
        ready=adopted is not None,
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of a pile's comments is narrowed to; empty means all."""

    section: str = ""  # provision id, "q<id>" or "whole"
    stance: str = ""
    group: str = ""
    province: str = ""
    channel: str = ""
    campaign: str = ""  # id of the first comment of a group of copies
    source: str = ""
    evidence: str = ""
    q: str = ""

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__)


def places_of(
    round: Any, *, theme: Theme | None = None, bucket: str = "", filters: Filters
) -> QuerySet[ThemeAssignment]:
    """Return the places of a pile, least certain first, with what a list shows."""
    rows = ThemeAssignment.objects.filter(COUNTED, round=round)
    rows = rows.filter(theme=theme) if theme else rows.filter(bucket=bucket)
    question = read_number(filters.section.removeprefix("q"))
    if question is not None and filters.section.startswith("q"):
        rows = rows.filter(comment__question_id=question)
    elif question is not None:
        rows = rows.filter(said_about(question, "comment__"))
    elif filters.section == "whole":
        rows = rows.filter(comment__whole_draft=True)
    exact = {
        "comment__stance": filters.stance,
        "comment__submission__group": filters.group,
        "comment__submission__province": filters.province,
        "comment__submission__channel": filters.channel,
        "source": filters.source,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if (campaign := read_number(filters.campaign)) is not None:
        rows = rows.filter(argument=campaign)
    if filters.evidence:
        rows = rows.filter(evidence=True)
    if filters.q:
        rows = rows.filter(holds_words(filters.q, "comment__"))
    return rows.select_related(
        "comment__provision",
        "comment__question",
        "comment__submission",
        "assigned_by",
        "theme",
    ).order_by("margin", "pk")


def copies_of(places: list[ThemeAssignment]) -> dict[int, int]:
    """Return argument -> how many comments make it, for the places of one page."""
    wanted = {place.argument for place in places if place.argument}
    return dict(
        ThemeAssignment.objects.filter(COUNTED, argument__in=wanted)
        .order_by()
        .values_list("argument")
        .annotate(n=Count("pk"))
    )


def campaigns_of(
    round: Any, *, theme: Theme | None = None, bucket: str = "", limit: int = 20
) -> list[tuple[int, int]]:
    """Return the largest groups of copies in a pile as (argument, how many)."""
    rows = ThemeAssignment.objects.filter(COUNTED, round=round)
    rows = rows.filter(theme=theme) if theme else rows.filter(bucket=bucket)
    groups = rows.order_by().values_list("argument").annotate(n=Count("pk"))
    return list(groups.filter(n__gt=1).order_by("-n", "argument")[:limit])


def phrases_of(round: Any) -> dict[int, list[str]]:
    """Return origin id -> the machine's phrases, for themes of the current run."""
    rows = CandidateTheme.objects.filter(run__round=round, run__is_current=True)
    return dict(rows.values_list("pk", "phrases"))


def history(round: Any, *, limit: int = 100) -> list[ThemeEvent]:
    """Return the newest events of a round with who did them."""
    rows = ThemeEvent.objects.filter(round=round).select_related("actor")
    return list(rows.order_by("-number")[:limit])


def event_label(event: ThemeEvent) -> str:
    return str(events.VERBS.get(event.kind, event.kind))
