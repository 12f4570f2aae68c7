"""What an agency tells the public about a consultation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from comments.models import Tally
from consultations import statute
from consultations.compliance import Extension, extensions_of, methods_of
from consultations.models import (
    Consultation,
    ConsultationDocument,
    HearingMethod,
    Milestone,
    Question,
)
from consultations.reading.selectors.clauses import comparison_url, is_amending
from consultations.reading.selectors.edits import Edit, read_edits
from consultations.reading.selectors.lineage import version_before
from consultations.reading.selectors.rounds import (
    COUNT_FIELDS,
    NO_COUNTS,
    Counts,
    RoundHead,
    RoundsOf,
)
from consultations.reading.selectors.said import Said, said
from consultations.stages import Stage
from drafts.clock import local_date
from drafts.languages import is_english
from drafts.models import SECTION_KINDS, Provision

#: The stages that a reader follows, in order.
LINE = (Stage.ANNOUNCED, Stage.OPEN, Stage.CLOSED, Stage.ANALYSED, Stage.REPORTED)


@dataclass(frozen=True, slots=True)
class QuestionView:
    id: int
    number: int
    text: Said
    provisions: tuple[tuple[str, str], ...]  # (name, eid)
    counts: Counts


@dataclass(frozen=True, slots=True)
class DocumentView:
    title: str
    kind: str
    format: str
    size: int
    url: str
    struck: str = ""  # why, where it is struck through


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    day: dt.date | None
    is_done: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Overview:
    head: RoundHead
    earlier: tuple[RoundHead, ...]
    steps: tuple[Step, ...]
    summary: Said
    affected: Said
    changes: Said
    contact: Said
    legal_basis: str
    waiver: str
    information: tuple[tuple[str, Said], ...]  # (heading, text)
    affected_groups: tuple[str, ...]
    documents: tuple[DocumentView, ...]
    methods: tuple[tuple[str, str, bool], ...]  # (name, detail, merely planned)
    extensions: tuple[Extension, ...]
    milestones: tuple[tuple[Said, dt.date | None, dt.date | None], ...]
    counts: Counts
    whole_draft: Counts
    questions: tuple[QuestionView, ...]
    section_count: int
    comparison_url: str  # "" where the draft changes no other law
    edits: tuple[Edit, ...]  # of announced texts, newest first
    before: RoundHead | None  # the version that this one was made from


def counts_of(tally: Tally | None) -> Counts:
    if tally is None:
        return NO_COUNTS
    return Counts(**{name: getattr(tally, name) for name in COUNT_FIELDS})


def tallies_of(round_id: int, subjects: list[str]) -> dict[str, Counts]:
    """Read several tallies of a round by subject; one query."""
    found = Tally.objects.filter(round_id=round_id, subject__in=subjects)
    return {tally.subject: counts_of(tally) for tally in found}


def read_questions(
    round_id: int, tallies: dict[str, Counts] | None = None, **only: object
) -> tuple[QuestionView, ...]:
    """Read a round's questions with their provisions and counts; three queries."""
    rows = list(
        Question.objects.filter(round_id=round_id, **only).prefetch_related(
            "provisions"
        )
    )
    if tallies is None:
        tallies = tallies_of(round_id, [f"q{row.pk}" for row in rows])
    return tuple(
        QuestionView(
            row.pk,
            row.number,
            said(row.text, row.text_en),
            tuple((p.label or p.heading, p.eid) for p in row.provisions.all()),
            tallies.get(f"q{row.pk}", NO_COUNTS),
        )
        for row in rows
    )


def _information(consultation: Consultation) -> tuple[tuple[str, Said], ...]:
    """Return what the legal basis wants published, in its order, where it is written.

    An empty answer to a required item is left to the desk, which refuses to announce.
    """
    rows = []
    english = is_english()
    for item in statute.profile_of(consultation.legal_basis).items:
        value = consultation.information.get(item.id)
        if not isinstance(value, str) or not value.strip():
            continue
        choice = next((c for c in item.choices if c.id == value), None)
        text = said(choice.th, choice.en) if choice else said(value)
        rows.append((item.en if english else item.th, text))
    return tuple(rows)


def _steps(head: RoundHead, published_on: dt.date | None) -> tuple[Step, ...]:
    days = {
        Stage.ANNOUNCED: head.announced_on,
        Stage.OPEN: head.opens_on,
        Stage.CLOSED: head.closes_on,
        Stage.REPORTED: published_on,
    }
    reached = LINE.index(head.stage) if head.stage in LINE else -1
    return tuple(
        Step(stage.value, days.get(stage), index < reached, index == reached)
        for index, stage in enumerate(LINE)
    )


def _methods(found: RoundsOf) -> tuple[tuple[str, str, bool], ...]:
    """Return the methods; once the hearing is over, with what was only planned told."""
    names = dict(HearingMethod.Code.choices)
    over = found.head.law.is_over
    return tuple(
        (str(names[m.code]), m.detail, over and not m.done)
        for m in methods_of(found.round, found.head.law.facts.today)
    )


def read_overview(found: RoundsOf) -> Overview:
    """Read the overview page of a consultation; a dozen queries."""
    round_, consultation = found.round, found.round.consultation
    page = consultation.page
    tallies = {
        tally.subject: counts_of(tally)
        for tally in Tally.objects.filter(round=round_, provision__isnull=True)
    }
    report = round_.reports.filter(status="published").order_by("-number").first()
    return Overview(
        head=found.head,
        edits=read_edits(consultation),
        earlier=tuple(head for head in found.all if head.id != found.head.id),
        steps=_steps(found.head, local_date(report.published_at) if report else None),
        summary=said(page.summary, page.summary_en),
        affected=said(page.affected),
        changes=said(page.changes_from_today),
        contact=said(page.contact or consultation.agency.contact),
        legal_basis=str(consultation.get_legal_basis_display()),
        waiver=consultation.waiver,
        information=_information(consultation),
        affected_groups=tuple(map(str, consultation.affected_groups)),
        documents=tuple(
            DocumentView(
                document.title,
                str(document.get_kind_display()),
                document.file.name.rpartition(".")[2].upper(),
                document.size,
                document.file.url,
                document.struck_reason,
            )
            for document in ConsultationDocument.recorded.filter(
                consultation=consultation
            ).order_by("pk")
        ),
        methods=_methods(found),
        extensions=extensions_of(round_),
        milestones=tuple(
            (said(row.title, row.title_en), row.due_on, row.done_on)
            for row in Milestone.objects.filter(consultation=consultation)
        ),
        counts=tallies.get("round", NO_COUNTS),
        whole_draft=tallies.get("whole", NO_COUNTS),
        questions=read_questions(round_.pk, tallies),
        section_count=Provision.objects.filter(
            version_id=round_.version_id, kind__in=SECTION_KINDS
        ).count(),
        comparison_url=(
            comparison_url(found.head) if is_amending(round_.version_id) else ""
        ),
        before=version_before(found),
    )
