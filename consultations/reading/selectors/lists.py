"""The front page, the list of consultations, agencies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse

from comments.models import Stance
from consultations.models import (
    AgencyPage,
    Decision,
    ReportStatus,
    ResponseReport,
    StageChoices,
)
from consultations.reading.selectors import rounds
from consultations.reading.selectors.rounds import RoundHead
from consultations.reading.selectors.said import Said, said
from consultations.stages import Stage

FRONT = 8  # consultations in one list of the front page
WAITING = 200  # closed consultations looked through for overdue ones
#: Stages a reader can ask for; "closed" includes those being analysed.
FILTERS = (
    Stage.OPEN,
    Stage.ANNOUNCED,
    Stage.CLOSED,
    Stage.REPORTED,
    Stage.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class AgencyLine:
    name: Said
    slug: str
    url: str
    consultations: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a published report counted in its largest theme, and what was done.

    A theme is a topic, not a proposal: its number and stances say what was wanted.
    """

    round: RoundHead
    theme: Said
    comments: int
    stances: tuple[tuple[str, int], ...]
    decision: str
    changed: str  # label of the provision that changed; "" where none did


@dataclass(frozen=True, slots=True)
class FrontPage:
    open: list[RoundHead]
    announced: list[RoundHead]
    overdue: list[RoundHead]
    closed: list[RoundHead]
    outcomes: list[Outcome]
    agencies: list[AgencyLine]


def read_agencies() -> list[AgencyLine]:
    """List the agencies that have a public consultation; one query."""
    public = Q(consultations__rounds__isnull=False) & ~Q(
        consultations__rounds__stage=Stage.DRAFT
    )
    pages = (
        AgencyPage.objects.annotate(
            public=Count("consultations", filter=public, distinct=True)
        )
        .filter(public__gt=0)
        .order_by("title")
    )
    return [
        AgencyLine(
            said(page.title, page.name_en),
            page.slug,
            reverse("consultations:agency", args=[page.slug]),
            page.public,
        )
        for page in pages
    ]


def _outcomes(reported: list[RoundHead]) -> list[Outcome]:
    """Tell of each report its largest theme, whatever was decided; one query."""
    leading: dict[int, dict[str, Any]] = {}
    reports = ResponseReport.objects.filter(
        round__in=[head.id for head in reported], status=ReportStatus.PUBLISHED
    ).order_by("number")
    for round_id, themes in reports.values_list("round", "themes"):
        leading[round_id] = themes[0] if themes else {}
    lines = []
    for head in reported:
        theme = leading.get(head.id) or {}
        stances = [
            (str(Stance(code).label), n)
            for code, n in theme.get("stances", {}).items()
            if n
        ]
        decision = theme.get("decision", "")
        lines.append(
            Outcome(
                head,
                said(theme.get("title", ""), theme.get("title_en", "")),
                theme.get("comments", 0),
                tuple(stances),
                str(Decision(decision).label) if decision else "",
                theme.get("changed", ""),
            )
        )
    return lines


def read_front_page(*, now: dt.datetime) -> FrontPage:
    """Read everything on the front page; six queries."""
    current = rounds.with_submissions(rounds.current_rounds())

    def first(stage: Stage, order: tuple, limit: int = FRONT) -> list[RoundHead]:
        found = rounds.at_stage(current, stage, now=now).order_by(*order)[:limit]
        return rounds.heads_of(found, now=now)

    waiting = first(Stage.CLOSED, rounds.NEWEST, WAITING)
    reported = rounds.reported_rounds().order_by(*rounds.NEWEST)[:FRONT]

    return FrontPage(
        open=first(Stage.OPEN, rounds.SOONEST),
        announced=first(Stage.ANNOUNCED, rounds.SOONEST),
        overdue=[head for head in waiting if head.law.is_overdue][:FRONT],
        closed=[head for head in waiting if not head.law.is_overdue][:FRONT],
        outcomes=_outcomes(rounds.heads_of(reported, now=now)),
        agencies=read_agencies(),
    )


@dataclass(frozen=True, slots=True)
class ConsultationList:
    page: Page
    rounds: list[RoundHead]
    stage: str
    agency: str
    stages: list[tuple[str, str]]
    agencies: list[AgencyLine]


def read_list(
    *, stage: str, agency: str, page: str | int, now: dt.datetime
) -> ConsultationList:
    """Read one page of consultations; an unknown filter means no filter.

    Open ones come first in the order they close, then the newest.
    """
    agencies = read_agencies()
    found = rounds.with_submissions(rounds.current_rounds())
    stage = stage if stage in FILTERS else ""
    agency = agency if agency in {line.slug for line in agencies} else ""
    if stage:
        found = rounds.at_stage(found, Stage(stage), now=now)
    if agency:
        found = found.filter(consultation__agency__slug=agency)
    order = rounds.SOONEST if stage == Stage.OPEN else rounds.NEWEST
    pages = Paginator(found.order_by(*order), rounds.PAGE_SIZE)
    shown = pages.get_page(page)
    return ConsultationList(
        shown,
        rounds.heads_of(shown.object_list, now=now),
        stage,
        agency,
        [(code.value, str(StageChoices(code).label)) for code in FILTERS],
        agencies,
    )


@dataclass(frozen=True, slots=True)
class AgencyView:
    name: Said
    ministry: str
    about: str
    contact: str
    dpo_contact: str
    open: list[RoundHead]
    others: list[RoundHead]


def read_agency(slug: str, *, now: dt.datetime) -> AgencyView | None:
    """Read an agency and its public consultations; None for an unknown one."""
    page = AgencyPage.objects.live().filter(slug=slug).first()
    if page is None:
        return None
    found = rounds.with_submissions(rounds.current_rounds()).filter(
        consultation__agency=page
    )
    all_of_it = rounds.heads_of(found.order_by(*rounds.NEWEST)[:200], now=now)
    still_open = [head for head in all_of_it if head.is_open]
    return AgencyView(
        said(page.title, page.name_en),
        page.ministry,
        page.about,
        page.contact,
        page.dpo_contact,
        sorted(still_open, key=lambda head: (head.days_left, head.id)),
        [head for head in all_of_it if not head.is_open],
    )
