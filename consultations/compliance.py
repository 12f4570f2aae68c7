"""What the law makes of a round: when it was completed, what is due, what is broken.

Worked out here and nowhere else: the public list, the overview, the front page, the
results, the receipt, the desks, the report and the announcement all ask this module,
so that no two pages of one round can tell different days.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import CharField, DateField, F, Value
from django.db.models.functions import TruncDate
from django.urls import reverse

from comments.models import Channel, Submission, Theme
from consultations import policies, statute
from consultations.models import (
    ConsultationDocument,
    HearingMethod,
    HearingSession,
    Milestone,
    Posting,
    Question,
    ReportStatus,
    ResponseReport,
    Round,
    StakeholderNotice,
    ThemeResponse,
)
from consultations.stages import BANGKOK, OVER, Stage
from drafts import clock
from drafts.languages import is_english
from drafts.models import AuditEntry, Provision, ProvisionKind

#: Places of ``statute.Rule`` that are desks of their own.
_DESKS = frozenset({"themes", "answers", "report"})
#: Method -> the channels of comments that show its use.  Meetings show the others.
_CHANNELS = {
    HearingMethod.Code.POST_PHONE: (Channel.POST, Channel.PHONE),
    HearingMethod.Code.OFFICE: (Channel.PAPER,),
}
#: Places that are shut once the public has seen the round.
_BEFORE_ANNOUNCEMENT = frozenset({"dates", "question"})


@dataclass(frozen=True, slots=True)
class Found:
    """A broken rule in the reader's language, and the page where it is put right."""

    rule: str
    level: statute.Level
    message: str
    clause: str
    verified: bool
    place: str

    @property
    def blocks(self) -> bool:
        return self.level is statute.Level.BLOCK


@dataclass(frozen=True, slots=True)
class Compliance:
    """A round before the law at one moment; dates are dates in Asia/Bangkok.

    ``completed_on``   the day the hearing was completed, or will be as things stand.
    ``due_on``         the last day on which results are in time; None: none is set.
    ``told_on``        when the results hung on every channel that the basis requires.
    ``days_late``      days from ``due_on`` to ``told_on``, or to today while they wait.
    ``days_since``     days from completion to today, once the hearing is over.
    ``assessed``       every rule looked at, passed or not; empty in lists.
    ``findings``       the broken ones, those that block first.
    """

    stage: Stage
    facts: statute.Facts
    completed_on: dt.date | None
    due_on: dt.date | None
    told_on: dt.date | None
    days_late: int
    days_since: int
    assessed: tuple[statute.Assessment, ...] = ()
    findings: tuple[Found, ...] = ()

    @property
    def is_overdue(self) -> bool:
        """Tell whether results are past due and still not where the law wants them."""
        return self.days_late > 0 and self.told_on is None

    @property
    def is_over(self) -> bool:
        """Tell whether the hearing is over and results are awaited or told."""
        return self.stage in OVER

    @property
    def next_working_day(self) -> dt.date | None:
        """Return the working day after a due day that is none; None where it is one."""
        working = statute.next_working_day(self.due_on) if self.due_on else None
        return working if working != self.due_on else None

    @property
    def blocks(self) -> bool:
        return any(found.blocks for found in self.findings)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of a round's comments for the rules that look at them."""

    totals: statute.Totals = field(default_factory=statute.Totals)
    #: approved theme -> its number in the report, and its comments.
    themes: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    unplaced: int = 0
    #: comments in no theme that gave reasons: raised by few, or in no issue at all.
    alone: int = 0


def _compliance(
    round: Round, facts: statute.Facts, *, now: dt.datetime, at: statute.Moment | None
) -> Compliance:
    """Draw from the facts; the one place where due and overdue are decided."""
    stage = policies.stage_of(round, now=now)
    done, due = facts.completed_on, statute.due_on(facts)
    over = stage in OVER and done is not None
    assessed = tuple(statute.assess(facts, at)) if at else ()
    return Compliance(
        stage=stage,
        facts=facts,
        completed_on=done,
        due_on=due if stage not in {Stage.DRAFT, Stage.WITHDRAWN} else None,
        told_on=statute.told_on(facts),
        days_late=statute.days_late(facts) if over else 0,
        days_since=max(0, (facts.today - done).days) if over and done else 0,
        assessed=assessed,
        findings=findings_in(assessed, round),
    )


def compliance_of(
    round: Round,
    *,
    now: dt.datetime,
    at: statute.Moment | None = None,
    counted: Counted | None = None,
    report: ResponseReport | None = None,
) -> Compliance:
    """Look at one round; a dozen queries, whatever its size.

    ``at`` is the moment whose rules are checked (None: only the days).  Before
    announcing the round counts as announced today, before publishing the report as
    published today.  ``counted`` is needed for what is checked before publication.
    Without a ``report`` the newest published one is looked at, else the draft of one.
    """
    facts = _facts(round, clock.local_date(now), at, counted or Counted(), report)
    return _compliance(round, facts, now=now, at=at)


def compliance_of_rounds(
    rounds: Iterable[Round], *, now: dt.datetime
) -> dict[int, Compliance]:
    """Look at the days of many rounds: one query, none where no hearing is over."""
    rounds, today = list(rounds), clock.local_date(now)
    acts = _acts([r.pk for r in rounds if policies.stage_of(r, now=now) in OVER])
    found = {}
    for round in rounds:
        own = acts.get(round.pk, ())
        published = min((day for kind, day in own if kind == "published"), default=None)
        facts = statute.Facts(
            profile=round.consultation.legal_basis,
            today=today,
            announced_on=round.announced_on,
            opens_on=round.opens_on,
            closes_on=round.closes_on,
            recorded_completion=round.completed_on,
            sessions=tuple(
                statute.SessionFact(day, "") for kind, day in own if kind == "session"
            ),
            report_postings=tuple(
                statute.PostingFact(kind, day, evidence=True)
                for kind, day in own
                if kind not in {"session", "published"}
            ),
            report=statute.ReportFact(published_on=published) if published else None,
        )
        found[round.pk] = _compliance(round, facts, now=now, at=None)
    return found


def _acts(ids: list[int]) -> dict[int, list[tuple[str, dt.date]]]:
    """Read what happened to rounds and when: meetings, publication, postings."""
    if not ids:
        return {}

    def named(rows, kind, day):
        rows = rows.filter(round__in=ids).order_by()
        return rows.annotate(kind=kind, day=day).values_list("round_id", "kind", "day")

    word = CharField()
    rows = named(
        HearingSession.objects.all(), Value("session", word), F("held_on")
    ).union(
        named(
            ResponseReport.objects.filter(status=ReportStatus.PUBLISHED),
            Value("published", word),
            TruncDate("published_at", tzinfo=BANGKOK, output_field=DateField()),
        ),
        named(Posting.objects.filter(subject="report"), F("channel"), F("posted_on")),
        all=True,
    )
    found: dict[int, list[tuple[str, dt.date]]] = {}
    for round_id, kind, day in rows:
        found.setdefault(round_id, []).append((kind, day))
    return found


def _facts(
    round: Round,
    today: dt.date,
    at: statute.Moment | None,
    counted: Counted,
    report: ResponseReport | None,
) -> statute.Facts:
    consultation, version = round.consultation, round.version
    if report is None:
        report = (
            ResponseReport.objects.filter(round=round)
            .order_by("status", "-number")  # "draft" < "published"
            .last()
        )
    texts = (
        Provision.objects.filter(version=version)
        .exclude(kind=ProvisionKind.DIVISION)
        .values_list("kind", "text")
        if version
        else []
    )
    rows, terms = Counter[str](), frozenset[str]()
    for kind, text in texts:
        rows[kind] += 1
        terms |= statute.terms_in(text)
    postings: dict[str, list[statute.PostingFact]] = {"notice": [], "report": []}
    for subject, channel, posted_on, evidence in Posting.objects.filter(
        round=round
    ).values_list("subject", "channel", "posted_on", "evidence"):
        postings.setdefault(subject, []).append(
            statute.PostingFact(channel, posted_on, bool(evidence.strip()))
        )
    announcing = at is statute.Moment.ANNOUNCE
    return statute.Facts(
        profile=consultation.legal_basis,
        today=today,
        information={k: str(v) for k, v in consultation.information.items()},
        contact=consultation.page.contact or consultation.agency.contact,
        affected_groups=len(consultation.affected_groups),
        announced_on=round.announced_on or (today if announcing else None),
        opens_on=round.opens_on,
        closes_on=round.closes_on,
        recorded_completion=round.completed_on,
        waiver=consultation.waiver,
        notice_postings=tuple(postings["notice"]),
        report_postings=tuple(postings["report"]),
        methods=methods_of(round, today),
        sessions=tuple(
            statute.SessionFact(
                s.held_on,
                s.place,
                s.time,
                s.host,
                sum(n for n in s.heads.values() if isinstance(n, int)),
                s.minutes_id is not None,
            )
            for s in HearingSession.objects.filter(round=round).order_by("held_on")
        ),
        questions=Question.objects.filter(round=round).count(),
        provisions=rows,
        version_sha256=version.sha256 if version else "",
        draft_terms=terms,
        amending=consultation.draft.amends_id is not None
        or bool(version and version.target_clauses.exists()),
        documents=frozenset(
            ConsultationDocument.objects.filter(consultation=consultation).values_list(
                "kind", flat=True
            )
        ),
        stakeholders_told=StakeholderNotice.objects.filter(round=round).count(),
        milestones=Milestone.objects.filter(
            consultation=consultation, due_on__isnull=False
        ).count(),
        themes=_themes(round, counted),
        unplaced=counted.unplaced,
        unreviewed_themes=Theme.objects.filter(
            round=round, status=Theme.Status.PROPOSED
        ).count(),
        alone=counted.alone,
        totals=counted.totals,
        report=_report(report, today if at is statute.Moment.PUBLISH else None),
    )


@dataclass(frozen=True, slots=True)
class Extension:
    """One time that the window was made longer, as it was told and why."""

    extended_on: dt.date
    before: dt.date
    closes_on: dt.date
    reason: str


def extensions_of(round: Round) -> tuple[Extension, ...]:
    """Return how a round was extended, in order, from what was written down then."""
    entries = AuditEntry.objects.filter(
        object_type=Round._meta.label_lower,
        object_id=str(round.pk),
        action="round.extended",
    ).order_by("pk")
    day = dt.date.fromisoformat
    return tuple(
        Extension(
            clock.local_date(entry.created_at),
            day(entry.data["before"]),
            day(entry.data["closes_on"]),
            entry.data["reason"],
        )
        for entry in entries
    )


def methods_of(round: Round, today: dt.date) -> tuple[statute.MethodFact, ...]:
    """Return the methods, each with what shows that it was used; three queries.

    By which channels comments came is looked up once the window is over: until then
    what is planned counts.
    """
    rows = Submission.objects.filter(round=round).order_by()
    over = round.closes_on is not None and round.closes_on < today
    came = frozenset(rows.values_list("channel", flat=True).distinct() if over else ())
    public = round.stage != Stage.DRAFT and round.opens_on and round.closes_on
    opened = None
    if public and round.opens_on <= today:
        opened = (round.opens_on, min(round.closes_on, today))
    return tuple(
        statute.MethodFact(
            method.code,
            method.detail,
            held=tuple(
                sorted(s.held_on for s in method.sessions.all() if s.held_on <= today)
            ),
            channels=tuple(c for c in _CHANNELS.get(method.code, ()) if c in came),
            opened=opened if method.code == HearingMethod.Code.ONLINE else None,
        )
        for method in HearingMethod.objects.filter(round=round)
        .order_by("pk")
        .prefetch_related("sessions")
    )


def _report(
    report: ResponseReport | None, published_on: dt.date | None
) -> statute.ReportFact | None:
    if report is None:
        return None
    # A corrected report does not make the results later than they first were.
    first = (
        ResponseReport.objects.filter(
            round_id=report.round_id, status=ReportStatus.PUBLISHED
        )
        .order_by("published_at")
        .values_list("published_at", flat=True)
        .first()
    )
    return statute.ReportFact(
        report.summary,
        report.next_steps,
        report.limitations,
        report.harms,
        report.signer_name,
        report.signer_position,
        clock.local_date(first) if first else published_on,
    )


def _themes(round: Round, counted: Counted) -> tuple[statute.ThemeFact, ...]:
    answers = {
        answer.theme_id: answer
        for answer in ThemeResponse.objects.filter(theme__round=round)
    }
    found = []
    for theme in Theme.objects.filter(
        round=round, status=Theme.Status.APPROVED
    ).order_by("number"):
        answer = answers.get(theme.pk)
        number, comments = counted.themes.get(theme.pk, (theme.number, 0))
        found.append(
            statute.ThemeFact(
                number=number,
                title=theme.title,
                comments=comments,
                reply=answer.reply if answer else "",
                decision=answer.decision if answer else "",
                reason=answer.reason if answer else "",
                signed=bool(answer and answer.signed_at),
                change_named=bool(
                    answer and (answer.provision_id or answer.after_text.strip())
                ),
            )
        )
    return tuple(found)


def _found(finding: statute.Finding, round: Round) -> Found:
    source = finding.rule.source
    return Found(
        finding.rule.id,
        finding.level,
        finding.message_en if is_english() else finding.message_th,
        source.clause,
        source.verified,
        place_of(finding.rule, round),
    )


def findings_in(
    assessed: Iterable[statute.Assessment], round: Round
) -> tuple[Found, ...]:
    """Put what failed of a table in the reader's words, the blocking ones first."""
    return tuple(_found(finding, round) for finding in statute.failed(assessed))


def place_of(rule: statute.Rule, round: Round) -> str:
    """Return the address of the desk's page where a broken rule is put right."""
    place, draft = rule.place, round.consultation.draft
    if place == "freeze":
        if draft and not draft.versions.exists():
            return reverse("drafts_freeze", args=[draft.pk])
        place = "dates"
    # Until dates are chosen there is no day from which a notice could count.
    if rule.needs_dates and round.opens_on is None:
        place = "dates"
    if place in _DESKS:
        return reverse(f"desk_{place}", args=[round.pk])
    if place in _BEFORE_ANNOUNCEMENT and round.stage != Stage.DRAFT:
        return reverse("desk_round", args=[round.pk])
    if place == "dates":
        return reverse("desk_round_dates", args=[round.pk])
    if place == "consultation":
        return reverse("desk_consultation", args=[round.consultation_id])
    return reverse("desk_round_add", args=[round.pk, place])
