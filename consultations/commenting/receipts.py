"""What became of a submission: read for whoever holds its receipt number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch

from comments.models import (
    Comment,
    Ground,
    ModerationEvent,
    Respondent,
    Status,
    Submission,
    Theme,
)
from comments.receipts import read_receipt
from consultations import policies
from consultations.commenting import subjects
from consultations.commenting.subjects import Spoken
from consultations.compliance import compliance_of_rounds
from consultations.models import ResponseReport, ThemeResponse
from consultations.reading.selectors.said import Said, said
from consultations.stages import Stage
from drafts.law.redline import Span, redline


@dataclass(frozen=True, slots=True)
class Answer:
    """The agency's signed answer to the theme a comment is in."""

    theme: Said
    decision: str
    reply: Said
    reason: str
    before: str
    after: str
    changes: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """One comment and what became of it so far."""

    id: int
    public_id: str
    spoken: Spoken
    stance: str
    stance_label: str
    text: str
    suggestion: str
    changes: tuple[Span, ...]
    status: str
    status_label: str
    redactions: int
    ground: str
    changed_at: dt.datetime | None
    theme: Said
    answer: Answer | None
    may_withdraw: bool
    #: Where its provision is told through the versions, once there is a later one.
    history_url: str
    #: the comment that it is marked as a copy of: it is counted apart; else "".
    duplicate_of: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    number: str
    received_at: dt.datetime
    is_late: bool
    slug: str
    title: Said
    agency: Said
    closes_on: dt.date | None
    result_due: dt.date | None
    published_at: dt.datetime | None
    stage: Stage
    dpo_contact: str
    #: Who sent it is still known to the agency.
    is_identity_kept: bool
    fates: tuple[Fate, ...]

    @property
    def may_erase(self) -> bool:
        """Who took something back may have who they are erased at once."""
        gone = any(fate.status == Status.WITHDRAWN for fate in self.fates)
        return self.is_identity_kept and gone


def find_submission(typed: str) -> Submission | None:
    """Return the submission of a receipt number as typed; one query."""
    numbers = {typed.strip().upper(), read_receipt(typed)} - {""}
    return (
        Submission.objects.filter(receipt__in=numbers)
        .select_related("round__consultation__agency", "round__version")
        .first()
    )


def may_withdraw(submission: Submission, *, now: dt.datetime) -> bool:
    """A comment can be taken back until the report that counts it is published."""
    return policies.stage_of(submission.round, now=now) is not Stage.REPORTED


def read_receipt_page(submission: Submission, *, now: dt.datetime) -> ReceiptView:
    """Read what became of each comment; six queries."""
    round_, consultation = submission.round, submission.round.consultation
    report = (
        ResponseReport.objects.filter(round=round_, status="published")
        .order_by("-number")
        .first()
    )
    events = ModerationEvent.objects.filter(kind__in=["hidden", "withdrawn"])
    rows = (
        Comment.objects.filter(submission=submission)
        .select_related(
            "provision", "question", "duplicate_of", "assignment__theme__response"
        )
        .prefetch_related(Prefetch("moderation_events", events.order_by("id")))
        .order_by("provision__order", "question__number", "pk")
    )
    later = consultation.rounds.exclude(stage=Stage.DRAFT).filter(
        version__number__gt=round_.version.number
    )
    facts = _Facts(
        consultation.slug,
        # The round's own text: the newest one may have another under the same number.
        round_.version.number if later.exists() else 0,
        report.published_at if report else None,
        may_withdraw(submission, now=now),
    )
    fates = tuple(_fate(row, facts) for row in rows)
    law = compliance_of_rounds([round_], now=now)[round_.pk]
    return ReceiptView(
        number=submission.receipt,
        received_at=submission.received_at,
        is_late=submission.late,
        slug=consultation.slug,
        title=said(consultation.title, consultation.title_en),
        agency=said(consultation.agency.title, consultation.agency.name_en),
        closes_on=round_.closes_on,
        result_due=law.due_on,
        published_at=report.published_at if report else None,
        stage=law.stage,
        dpo_contact=consultation.agency.dpo_contact,
        is_identity_kept=Respondent.objects.filter(submission=submission).exists(),
        fates=fates,
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is the same for all comments; ``version`` 0 where it is the newest."""

    slug: str
    version: int
    published_at: dt.datetime | None
    open_to_change: bool


def _fate(row: Comment, facts: _Facts) -> Fate:
    if row.provision_id:
        spoken = subjects.of_provision(facts.slug, row.provision, facts.version)
    elif row.question_id:
        spoken = subjects.of_question(facts.slug, row.question)
    else:
        spoken = subjects.of_whole(facts.slug)
    shown = row.status in {Status.PUBLISHED, Status.RECEIVED, Status.WITHHELD}
    suggestion = row.public_suggestion if shown else ""
    events = list(row.moderation_events.all())
    theme = _theme(row) if facts.published_at else None
    return Fate(
        id=row.pk,
        public_id=row.public_id,
        spoken=spoken,
        stance=row.stance,
        stance_label=row.get_stance_display(),
        text=row.public_text if shown else "",
        suggestion=suggestion,
        changes=redline(spoken.original, suggestion) if suggestion else (),
        status=row.status,
        status_label=row.get_status_display(),
        redactions=row.redactions,
        ground=str(dict(Ground.choices).get(row.hidden_ground, "")),
        changed_at=events[-1].created_at if events else None,
        theme=said(theme.title, theme.title_en) if theme else Said(""),
        answer=_answer(theme, facts) if theme else None,
        may_withdraw=facts.open_to_change and row.status != Status.WITHDRAWN,
        history_url=(
            f"{spoken.url}history/" if facts.version and row.provision_id else ""
        ),
        duplicate_of=row.duplicate_of.public_id if row.duplicate_of else "",
    )


def _theme(row: Comment) -> Theme | None:
    """Return the approved theme a comment is in: a proposal is nobody's answer.

    Only after publication: until then its title is the agency's own working paper.
    """
    assignment = getattr(row, "assignment", None)
    theme = assignment.theme if assignment else None
    return theme if theme and theme.status == Theme.Status.APPROVED else None


def _answer(theme: Theme, facts: _Facts) -> Answer | None:
    response: ThemeResponse | None = getattr(theme, "response", None)
    if response is None or response.signed_at is None:
        return None
    if response.signed_at > facts.published_at:
        return None  # signed after the report was frozen: it waits for the next one
    before, after = response.before_text, response.after_text
    return Answer(
        said(theme.title, theme.title_en),
        response.get_decision_display(),
        said(response.reply, response.reply_en),
        response.reason,
        before,
        after,
        redline(before, after) if before or after else (),
    )
