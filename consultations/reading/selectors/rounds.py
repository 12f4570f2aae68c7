"""Rounds that the public may see: one of them, and lists of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from comments.models import Stance, Tally
from consultations import policies
from consultations.compliance import Compliance, compliance_of_rounds
from consultations.models import Round, StageChoices
from consultations.reading.selectors.said import Said, said
from consultations.stages import BY_CLOCK, Stage, days_left
from drafts import clock

PAGE_SIZE = 20  # consultations and comments on one page


@dataclass(frozen=True, slots=True)
class Bar:
    """One segment of a stance bar; ``x`` and ``width`` are SVG lengths of 100."""

    stance: str
    label: str
    number: int
    percent: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Counts:
    """On-time comments on one subject that are not withdrawn, by stance."""

    agree: int = 0
    agree_with_changes: int = 0
    disagree: int = 0
    no_opinion: int = 0
    not_stated: int = 0
    total: int = 0
    submissions: int = 0
    late: int = 0
    withdrawn: int = 0

    @property
    def bars(self) -> list[Bar]:
        """One segment for each stance that anyone took, widths adding up to 100."""
        bars, x = [], 0.0
        for code, label in Stance.choices:
            number = getattr(self, code)
            if number:
                width = 100 * number / self.total
                share = round(width)
                bars.append(
                    Bar(code, str(label), number, share, f"{x:.2f}", f"{width:.2f}")
                )
                x += width
        return bars


NO_COUNTS = Counts()
COUNT_FIELDS = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, slots=True)
class RoundHead:
    """A round and its consultation, as every page about them needs it."""

    id: int
    number: int
    consultation_id: int
    slug: str
    title: Said
    headline: Said
    agency: Said
    agency_id: int
    agency_url: str
    stage: Stage
    stage_label: str
    announced_on: dt.date | None
    opens_on: dt.date | None
    closes_on: dt.date | None
    days_left: int
    window: policies.MayComment
    version_id: int
    version_number: int
    withdrawn_reason: str
    url: str
    draft_url: str
    law: Compliance
    is_current: bool = True
    submissions: int = 0

    @property
    def is_open(self) -> bool:
        return self.stage is Stage.OPEN and self.is_current

    @property
    def whole_draft_url(self) -> str:
        """The address of what this round said about the draft as a whole."""
        return self._of_round("whole_draft")

    @property
    def questions_url(self) -> str:
        """The address of this round's questions; one is under it, by its number."""
        return self._of_round("questions")

    def _of_round(self, name: str) -> str:
        if self.is_current:
            return reverse(f"consultations:{name}", args=[self.slug])
        return reverse(f"consultations:{name}_round", args=[self.slug, self.number])


def public_rounds() -> QuerySet[Round]:
    """Return the rounds that the public may see, with what a page head needs."""
    return (
        Round.objects.exclude(stage=Stage.DRAFT)
        .select_related("consultation__page", "consultation__agency", "version")
        .order_by("number")
    )


def current_rounds() -> QuerySet[Round]:
    """Return the newest public round of each consultation."""
    later = Round.objects.filter(
        consultation=OuterRef("consultation"), number__gt=OuterRef("number")
    ).exclude(stage=Stage.DRAFT)
    return public_rounds().filter(~Exists(later))


def reported_rounds() -> QuerySet[Round]:
    """Return the newest round with results of each consultation.

    A later round may be open by now: what was answered before stays to be read.
    """
    later = Round.objects.filter(
        consultation=OuterRef("consultation"),
        number__gt=OuterRef("number"),
        stage=Stage.REPORTED,
    )
    return public_rounds().filter(~Exists(later), stage=Stage.REPORTED)


def heads_of(
    rounds: Iterable[Round], *, now: dt.datetime, current: Round | None = None
) -> list[RoundHead]:
    """Compute the heads of rounds; at most one query.

    ``current`` is the only current one of them; None: all are.
    """
    rounds = list(rounds)
    law = compliance_of_rounds(rounds, now=now)
    return [
        _head(row, law[row.pk], now=now, is_current=current in {None, row})
        for row in rounds
    ]


def _head(
    round_: Round, law: Compliance, *, now: dt.datetime, is_current: bool
) -> RoundHead:
    consultation, page = round_.consultation, round_.consultation.page
    agency = consultation.agency
    stage, slug = law.stage, consultation.slug
    draft_url = (
        reverse("consultations:draft", args=[slug])
        if is_current
        else reverse("consultations:draft_version", args=[slug, round_.version.number])
    )
    return RoundHead(
        id=round_.pk,
        number=round_.number,
        consultation_id=consultation.pk,
        slug=slug,
        title=said(consultation.title, consultation.title_en),
        headline=said(page.headline, page.headline_en),
        agency=said(agency.title, agency.name_en),
        agency_id=agency.pk,
        agency_url=reverse("consultations:agency", args=[agency.slug]),
        stage=stage,
        stage_label=str(StageChoices(stage).label),
        announced_on=round_.announced_on,
        opens_on=round_.opens_on,
        closes_on=round_.closes_on,
        days_left=(
            days_left(round_.closes_on, today=law.facts.today)
            if stage is Stage.OPEN and round_.closes_on
            else 0
        ),
        window=policies.may_comment(round_, now=now),
        version_id=round_.version_id,
        version_number=round_.version.number,
        withdrawn_reason=consultation.withdrawn_reason,
        url=reverse("consultations:overview", args=[slug]),
        draft_url=draft_url,
        law=law,
        is_current=is_current,
        submissions=getattr(round_, "submission_count", 0) or 0,
    )


@dataclass(frozen=True, slots=True)
class RoundsOf:
    """One consultation's public rounds and the one asked for."""

    head: RoundHead
    round: Round
    all: tuple[RoundHead, ...]


def read_rounds(
    slug: str,
    *,
    now: dt.datetime,
    version: int | None = None,
    number: int | None = None,
) -> RoundsOf | None:
    """Read a consultation's public rounds in one query, or two once one is over.

    ``version`` asks for the last round of a frozen version, ``number`` for the round of
    that number; without them the newest public round is meant.  Returns None where the
    public may see nothing.
    """
    rounds = list(public_rounds().filter(consultation__slug=slug))
    if not rounds:
        return None
    newest = rounds[-1]
    wanted = newest
    if version is not None or number is not None:
        matching = [
            r
            for r in rounds
            if version in {None, r.version.number} and number in {None, r.number}
        ]
        if not matching:
            return None
        wanted = matching[-1]
    heads = tuple(heads_of(rounds, now=now, current=newest))
    return RoundsOf(heads[rounds.index(wanted)], wanted, heads)


def at_stage(rounds: QuerySet[Round], stage: Stage, *, now: dt.datetime) -> QuerySet:
    """Keep the rounds that are at ``stage`` by the clock, whatever is stored."""
    today = clock.local_date(now)
    by_clock = Q(stage__in=BY_CLOCK)
    match stage:
        case Stage.ANNOUNCED:
            return rounds.filter(by_clock, opens_on__gt=today)
        case Stage.OPEN:
            return rounds.filter(by_clock, opens_on__lte=today, closes_on__gte=today)
        case Stage.CLOSED:
            over = Q(stage=Stage.ANALYSED) | (by_clock & Q(closes_on__lt=today))
            return rounds.filter(over)
        case _:
            return rounds.filter(stage=stage)


def with_submissions(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Add the number of submissions, read from the tally of the round."""
    tally = Tally.objects.filter(round=OuterRef("pk"), subject="round")
    return rounds.annotate(
        submission_count=Subquery(tally.values("submissions")[:1]),
    )


#: the order of a list: what needs people soonest, then what is newest.
SOONEST = (F("closes_on").asc(nulls_last=True), "-pk")
NEWEST = (F("closes_on").desc(nulls_last=True), "-pk")
