"""A round as the rules of the law see it: the ORM made into ``statute.Facts``."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Max, Sum
from django.utils import timezone

from comments.models import Comment, CommentText, ModerationEvent, Theme, ThemeEvent
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
from consultations.report.document import Members
from consultations.report.document.members import facet
from consultations.stages import Stage
from drafts.models import Provision, ProvisionKind

#: The breakdowns of the counted comments that must each add up to the whole.
DIMENSIONS = ("channel", "capacity", "group", "province", "identity", "stance", "who")


def completed_on(round: Round) -> dt.date | None:
    """Return the day a hearing was completed: as recorded, else its last act.

    The last act is the later of the last day online and the last meeting; a reasoned
    ``Round.completed_on`` overrules it (LEGAL.md section 7).
    """
    if round.completed_on:
        return round.completed_on
    last = (
        HearingSession.objects.filter(round=round)
        .order_by("-held_on")
        .values_list("held_on", flat=True)
        .first()
    )
    return max([d for d in (round.closes_on, last) if d], default=None)


def totals_of(members: Members) -> statute.Totals:
    """Return where the comments stand, each breakdown counted on its own."""
    return statute.Totals(
        received=members.count("received"),
        counted=members.count("counted"),
        late=members.count("late"),
        hidden=members.count("hidden"),
        withdrawn=members.count("withdrawn"),
        duplicate=members.count("duplicate"),
        breakdowns=tuple(
            statute.Breakdown(
                name,
                sum(members.count(f"counted~{own}") for own in members.facets(name)),
            )
            for name in DIMENSIONS
        ),
    )


def facts_of(
    round: Round,
    *,
    now: dt.datetime,
    members: Members | None = None,
    report: ResponseReport | None = None,
    publishing: bool = False,
) -> statute.Facts:
    """Return the facts of a round; a dozen queries, whatever its size.

    ``members`` is needed for what is checked before publication.  Without a ``report``
    the newest published one is looked at, else the draft of one.  ``publishing`` treats
    the report as published today.
    """
    consultation, version = round.consultation, round.version
    today = timezone.localdate(now)
    if report is None:
        report = (
            ResponseReport.objects.filter(round=round)
            .order_by("status", "-number")  # "draft" < "published"
            .last()
        )
    texts = (
        Provision.objects.filter(version=version)
        .exclude(kind=ProvisionKind.DIVISION)
        .values_list("text", flat=True)
        if version
        else []
    )
    texts = list(texts)
    terms: frozenset[str] = frozenset()
    for text in texts:
        terms |= statute.terms_in(text)
    postings: dict[str, list[statute.PostingFact]] = {"notice": [], "report": []}
    for subject, channel, posted_on, evidence in Posting.objects.filter(
        round=round
    ).values_list("subject", "channel", "posted_on", "evidence"):
        postings.setdefault(subject, []).append(
            statute.PostingFact(channel, posted_on, bool(evidence.strip()))
        )
    return statute.Facts(
        profile=consultation.legal_basis,
        today=today,
        information={k: str(v) for k, v in consultation.information.items()},
        contact=consultation.page.contact or consultation.agency.contact,
        affected_groups=len(consultation.affected_groups),
        announced_on=round.announced_on,
        opens_on=round.opens_on,
        closes_on=round.closes_on,
        completed_on=completed_on(round),
        waiver=consultation.waiver,
        notice_postings=tuple(postings["notice"]),
        report_postings=tuple(postings["report"]),
        methods=tuple(
            statute.MethodFact(code, detail)
            for code, detail in HearingMethod.objects.filter(round=round).values_list(
                "code", "detail"
            )
        ),
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
        provisions=len(texts),
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
        themes=_themes(round, members),
        unplaced=members.count("counted~unplaced") if members else 0,
        unreviewed_themes=Theme.objects.filter(
            round=round, status=Theme.Status.PROPOSED
        ).count(),
        few_points=members.count("counted~bucket-few") if members else 0,
        totals=totals_of(members) if members else statute.Totals(),
        report=_report(report, today if publishing else None),
    )


def _report(
    report: ResponseReport | None, published_on: dt.date | None
) -> statute.ReportFact | None:
    if report is None:
        return None
    if report.status == ReportStatus.PUBLISHED and report.published_at:
        published_on = timezone.localdate(report.published_at)
    return statute.ReportFact(
        report.summary,
        report.next_steps,
        report.limitations,
        report.harms,
        report.signer_name,
        report.signer_position,
        published_on,
    )


def _themes(round: Round, members: Members | None) -> tuple[statute.ThemeFact, ...]:
    answers = {
        answer.theme_id: answer
        for answer in ThemeResponse.objects.filter(theme__round=round)
    }
    found = []
    for theme in Theme.objects.filter(
        round=round, status=Theme.Status.APPROVED
    ).order_by("number"):
        answer = answers.get(theme.pk)
        own = f"counted~{facet('theme', theme.number)}"
        found.append(
            statute.ThemeFact(
                number=theme.number,
                title=theme.title,
                comments=members.count(own) if members else 0,
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


def findings_of(
    round: Round, at: statute.Moment, *, now: dt.datetime
) -> list[statute.Finding]:
    """Return the rules a round breaks at a moment, e.g. before it is announced."""
    return statute.check(facts_of(round, now=now), at)


def is_overdue(round: Round, *, now: dt.datetime) -> int:
    """Return how many days the results of a closed round are overdue; 0 if not."""
    profile = statute.PROFILES[round.consultation.legal_basis]
    if policies.stage_of(round, now=now) not in {Stage.CLOSED, Stage.ANALYSED}:
        return 0
    due = statute.result_due(profile.result_days, completed_on(round))
    return max(0, (timezone.localdate(now) - due).days) if due else 0


def contents_marks(round: Round) -> tuple[object, ...]:
    """Return what tells that something a report is made of changed; six queries.

    Comments are only added; every change of words adds a ``CommentText``, every act of
    a moderator a ``ModerationEvent``, every change of themes a ``ThemeEvent``, and a
    saved or signed answer a revision.  Equal marks mean that nothing came or went.
    """
    rows = Comment.objects.filter(round=round)
    states = rows.order_by().values_list("status", "late").annotate(n=Count("pk"))
    own = {"comment__round": round}
    answers = ThemeResponse.objects.filter(theme__round=round)
    return (
        rows.aggregate(last=Max("pk"))["last"],
        *sorted(states),
        CommentText.objects.filter(**own).aggregate(last=Max("pk"))["last"],
        ModerationEvent.objects.filter(**own).aggregate(last=Max("pk"))["last"],
        ThemeEvent.objects.filter(round=round).aggregate(last=Max("number"))["last"],
        tuple(answers.aggregate(n=Count("pk"), saved=Sum("revision")).values()),
    )
