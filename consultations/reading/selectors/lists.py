"""The front page, the list of consultations, agencies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse

from consultations.models import AgencyPage, Decision, StageChoices, ThemeResponse
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
    """One line of "you said, we did" of a published report."""

    round: RoundHead
    said: Said
    decision: str
    decision_label: str


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


#: Which answer stands for a report on the front page: what changed comes first.
_BEST_FIRST = [
    Decision.ACCEPT,
    Decision.ACCEPT_PART,
    Decision.REJECT,
    Decision.OUT_OF_SCOPE,
    Decision.PENDING,
]


def _outcomes(reported: list[RoundHead]) -> list[Outcome]:
    best: dict[int, ThemeResponse] = {}
    answers = (
        ThemeResponse.objects.filter(
            theme__round__in=[head.id for head in reported], theme__status="approved"
        )
        .select_related("theme")
        .order_by("theme__number")
    )
    for answer in answers:
        held = best.get(answer.theme.round_id)
        if held is None or _BEST_FIRST.index(answer.decision) < _BEST_FIRST.index(
            held.decision
        ):
            best[answer.theme.round_id] = answer
    lines = []
    for head in reported:
        answer = best.get(head.id)
        lines.append(
            Outcome(
                head,
                said(answer.theme.title, answer.theme.title_en) if answer else said(""),
                answer.decision if answer else "",
                str(answer.get_decision_display()) if answer else "",
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
