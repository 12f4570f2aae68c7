"""Read one round into a ``ReportInput``: one snapshot, some thirty queries."""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from comments import promises
from comments.models import Bucket, Comment, Status, Theme, ThemeRun
from comments.themes.quotes import Quotation, quotations
from consultations import statute
from consultations.compliance import (
    compliance_of,
    compliance_of_rounds,
    extensions_of,
)
from consultations.models import (
    ConsultationDocument,
    HearingSession,
    Milestone,
    Posting,
    Question,
    ResponseReport,
    Round,
    StakeholderNotice,
    ThemeResponse,
)
from consultations.report import files
from consultations.report.audited import audits_in
from consultations.report.document import Members, ReportInput, inputs
from consultations.report.document.members import facet
from consultations.report.document.who import KINDS
from consultations.report.labels import STATES, thai_labels
from consultations.report.membership import Placed, members_kept, members_of
from consultations.report.requirements import counted_of
from consultations.report.snapshot import snapshot
from drafts import clock
from drafts.models import Provision, ProvisionKind
from drafts.target_clauses import full_name

#: Up to this many comments are printed in the appendix; beyond it files carry them.
APPENDIX_LIMIT = 500
#: Provisions named beside a theme.
SUBJECTS_NAMED = 5
WHOLE = "ร่างทั้งฉบับ"
#: Name and position of who signs, until somebody publishes and so signs.
UNSIGNED = ("ผู้อนุมัติซึ่งจะประกาศรายงานนี้", "ตำแหน่งตามทะเบียนสมาชิกของหน่วยงาน")
_WRITERS = ThemeResponse.writers.through.objects.filter(themeresponse=OuterRef("pk"))


def collect(
    report: ResponseReport, *, now: dt.datetime, looking: bool = False
) -> ReportInput:
    """Read all that a report is made of, as it would be if published at ``now``.

    ``looking``: for a page; the comments are read again only where some changed.
    """
    with snapshot():
        return _collect(report, now, members_kept if looking else members_of)


def collect_members(round: Round) -> Members:
    """Return the comments of a round as a report would count them now, for a page."""
    with snapshot():
        return members_kept(round).members


def _collect(
    report: ResponseReport, now: dt.datetime, read: Callable[[Round], Placed]
) -> ReportInput:
    round = Round.objects.select_related(
        "consultation__agency", "consultation__page", "consultation__draft", "version"
    ).get(pk=report.round_id)
    consultation, version = round.consultation, round.version
    if not report.signer_name:
        report = copy.copy(report)
        report.signer_name, report.signer_position = UNSIGNED
    profile = statute.PROFILES[consultation.legal_basis]
    placed = read(round)
    provisions = tuple(
        inputs.ProvisionIn(
            eid,
            label,
            heading,
            full_name(kind, label, heading, eid),
            kind == ProvisionKind.TARGET_CLAUSE,
        )
        for kind, eid, label, heading in Provision.objects.filter(version=version)
        .exclude(kind=ProvisionKind.DIVISION)
        .order_by("order")
        .values_list("kind", "eid", "label", "heading")
    )
    names = {f"at-{p.eid}": p.name for p in provisions}
    names["whole"] = WHOLE
    questions = _questions(round)
    names.update((f"q-{q.number}", f"คำถามที่ {q.number}") for q in questions)
    themes = _themes(round, placed, names)
    law = compliance_of(
        round,
        now=now,
        at=statute.Moment.PUBLISH,
        counted=counted_of(placed),
        report=report,
    )
    comments, left_out = _appendix(round, placed, names)
    return ReportInput(
        title=consultation.title,
        title_en=consultation.title_en,
        slug=consultation.slug,
        agency=consultation.agency.title,
        ministry=consultation.agency.ministry,
        profile=profile,
        number=report.number,
        round_number=round.number,
        taken_at=timezone.localtime(now).replace(microsecond=0),
        taken_on=clock.local_date(now),
        draft_title=version.title if version else "",
        draft_version=version.number if version else 0,
        draft_sha256=version.sha256 if version else "",
        information=tuple(
            sorted((k, str(v)) for k, v in consultation.information.items())
        ),
        waiver=consultation.waiver,
        affected_groups=tuple(str(g) for g in consultation.affected_groups),
        contact=consultation.page.contact,
        summary=report.summary,
        summary_en=report.summary_en,
        next_steps=report.next_steps,
        limitations=report.limitations,
        harms=report.harms,
        signer_name=report.signer_name,
        signer_position=report.signer_position,
        members=placed.members,
        former=_former(round),
        smallest=tuple((kind, promises.TABLE[kind].smallest) for kind in KINDS),
        rounds=_rounds(round, placed, now),
        methods=law.facts.methods,
        extensions=tuple(
            (e.extended_on, e.before, e.closes_on, e.reason)
            for e in extensions_of(round)
        ),
        sessions=_sessions(round),
        postings=tuple(
            inputs.PostingIn(*row)
            for row in Posting.objects.filter(round=round)
            .order_by("posted_on", "pk")
            .values_list("subject", "channel", "posted_on", "evidence")
        ),
        documents=tuple(
            inputs.DocumentIn(*row)
            for row in ConsultationDocument.objects.filter(consultation=consultation)
            .order_by("pk")
            .values_list("kind", "title", "size", "sha256")
        ),
        told=tuple(
            StakeholderNotice.objects.filter(round=round)
            .order_by("sent_on", "pk")
            .values_list("organisation", "channel", "sent_on")
        ),
        milestones=tuple(
            Milestone.objects.filter(consultation=consultation).values_list(
                "title", "due_on", "done_on"
            )
        ),
        questions=questions,
        provisions=provisions,
        themes=themes,
        points=_points(round, placed, names),
        comments=comments,
        comments_left_out=left_out,
        run=_run(round, placed),
        audits=audits_in(round),
        compliance=law.assessed,
        due_on=law.due_on,
        labels=thai_labels() + tuple(_group_labels(placed.members)),
    )


def _former(round: Round) -> Members | None:
    """Return the comments that the last published report of the round counted."""
    published = ResponseReport.objects.filter(round=round, status="published")
    last = published.defer("content").order_by("-number").first()
    return files.members_of_report(last) if last else None


def _group_labels(members: Members) -> list[tuple[str, str]]:
    """Return group and province as they were given: a key cannot carry every letter."""
    return sorted(
        (facet(kind, value), value)
        for kind in ("group", "province")
        for value in members.values(kind)
        if value
    )


def _questions(round: Round) -> tuple[inputs.QuestionIn, ...]:
    return tuple(
        inputs.QuestionIn(
            q.number,
            q.text,
            q.text_en,
            tuple(p.label or p.eid for p in q.provisions.all()),
        )
        for q in Question.objects.filter(round=round)
        .prefetch_related("provisions")
        .order_by("number")
    )


def _rounds(
    current: Round, placed: Placed, now: dt.datetime
) -> tuple[inputs.RoundIn, ...]:
    rows = list(
        Round.objects.filter(
            consultation_id=current.consultation_id, number__lte=current.number
        )
        .select_related("version", "consultation")
        .order_by("number")
    )
    earlier = [r.pk for r in rows if r.pk != current.pk]
    received = {current.pk: len(placed.members)}
    if earlier:
        found = Comment.objects.filter(round__in=earlier).order_by()
        received |= found.values_list("round").annotate(n=Count("pk"))
    law = compliance_of_rounds(rows, now=now)
    return tuple(
        inputs.RoundIn(
            r.number,
            r.version.number if r.version else 0,
            r.announced_on,
            r.opens_on,
            r.closes_on,
            law[r.pk].completed_on,
            received.get(r.pk, 0),
            r.pk == current.pk,
        )
        for r in rows
    )


def _sessions(round: Round) -> tuple[inputs.SessionIn, ...]:
    labels = dict(thai_labels())
    return tuple(
        inputs.SessionIn(
            s.held_on,
            s.time,
            s.place,
            s.host,
            labels[facet("method", s.method.code)],
            tuple(sorted((g, n) for g, n in s.heads.items() if isinstance(n, int))),
            s.minutes.title if s.minutes else "",
        )
        for s in HearingSession.objects.filter(round=round)
        .select_related("method", "minutes")
        .order_by("held_on", "pk")
    )


def _themes(
    round: Round, placed: Placed, names: dict[str, str]
) -> tuple[inputs.ThemeIn, ...]:
    themes = list(
        Theme.objects.filter(round=round, status=Theme.Status.APPROVED).order_by(
            "number"
        )
    )
    for theme in themes:  # not saved: from here a theme has its number of the report
        theme.number = placed.numbers[theme.pk]
    themes.sort(key=lambda theme: theme.number)
    answers = {
        answer.theme_id: answer
        for answer in ThemeResponse.objects.filter(theme__in=themes)
        .select_related("provision", "signed_by")
        .annotate(own=Exists(_WRITERS.filter(user=OuterRef("signed_by"))))
    }
    quotes = quotations(themes)
    subjects: dict[int, dict[str, int]] = {}
    alike = Counter(placed.members.each("theme", "state", "subject"))
    for (number, state, subject), times in alike.items():
        if number and state == "counted":
            subjects.setdefault(number, {})[subject] = times
    found = []
    for theme in themes:
        answer = answers.get(theme.pk)
        counted = subjects.get(theme.number, {})
        largest = sorted(counted, key=lambda s: (-counted[s], s))[:SUBJECTS_NAMED]
        provision = answer.provision if answer else None
        found.append(
            inputs.ThemeIn(
                id=theme.pk,
                number=theme.number,
                title=theme.title,
                title_en=theme.title_en,
                note=theme.note,
                reply=answer.reply if answer else "",
                decision=answer.decision if answer else "pending",
                reason=answer.reason if answer else "",
                provision=(provision.label or provision.heading) if provision else "",
                before=answer.before_text if answer else "",
                after=answer.after_text if answer else "",
                signed_by=_signer(answer),
                signed_on=(
                    clock.local_date(answer.signed_at)
                    if answer and answer.signed_at
                    else None
                ),
                signed_by_writer=bool(answer and answer.signed_at and answer.own),
                quotes=tuple(map(_span, quotes[theme.pk])),
                subjects=tuple(names.get(s, s) for s in largest),
            )
        )
    return tuple(found)


def _span(quoted: Quotation) -> inputs.Span:
    return inputs.Span(
        public_id=quoted.public_id,
        stance=quoted.stance,
        text=quoted.text,
        start=quoted.start,
        end=quoted.end,
        sha256=quoted.sha256,
        whole=not quoted.is_cut,
        of="suggestion" if quoted.is_suggestion else "text",
    )


def _signer(answer: ThemeResponse | None) -> str:
    """Name who signed an answer; never an e-mail address."""
    if answer is None or answer.signed_at is None:
        return ""
    return answer.signed_by.get_full_name() or "เจ้าหน้าที่ผู้มีอำนาจ"


def _points(
    round: Round, placed: Placed, names: dict[str, str]
) -> tuple[inputs.PointIn, ...]:
    rows = list(placed.members.pick("counted~bucket-few"))[::-1]
    texts = {
        pk: (text, suggestion)
        for pk, text, suggestion in Comment.objects.filter(
            round=round, assignment__bucket=Bucket.FEW, status=Status.PUBLISHED
        ).values_list("pk", "public_text", "public_suggestion")
    }
    found = []
    for row in rows:
        text, suggestion = texts.get(row.pk, ("", ""))
        found.append(
            inputs.PointIn(
                public_id=row.public_id,
                subject=names.get(row.subject, row.subject),
                stance=row.stance,
                text=text or suggestion,
                copies=row.copies,
                of="suggestion" if suggestion and not text else "text",
            )
        )
    return tuple(found)


def _appendix(
    round: Round, placed: Placed, names: dict[str, str]
) -> tuple[tuple[inputs.CommentIn, ...], int]:
    if len(placed.members) > APPENDIX_LIMIT:
        return (), len(placed.members)
    labels = dict(thai_labels())
    rows = {row.pk: row for row in placed.members.rows}
    found = []
    for pk, name, kind, text, suggestion, status, received_at in (
        Comment.objects.filter(round=round)
        .order_by("pk")
        .values_list(
            "pk",
            "public_name",
            "public_kind",
            "public_text",
            "public_suggestion",
            "status",
            "received_at",
        )
    ):
        row = rows[pk]
        shown = status == Status.PUBLISHED
        told = labels[facet("status", status)]
        if row.ground:
            told = f"{told}: {labels.get(facet('ground', row.ground), row.ground)}"
        if row.state in {"late", "duplicate"}:
            told = f"{told} · {STATES[row.state]}"
        found.append(
            inputs.CommentIn(
                public_id=row.public_id,
                state=row.state,
                subject=names.get(row.subject, row.subject),
                stance=row.stance,
                name=_signed(name, kind, labels) if shown else "",
                text=text if shown else "",
                suggestion=suggestion if shown else "",
                ground=row.ground,
                received_on=clock.local_date(received_at),
                status=told,
            )
        )
    return tuple(found), 0


def _signed(name: str, kind: str, labels: dict[str, str]) -> str:
    return f"{name} ({labels[facet('capacity', kind)]})" if kind else name


def _run(round: Round, placed: Placed) -> inputs.RunIn | None:
    run = ThemeRun.objects.filter(round=round, is_current=True).first()
    if run is None:
        return None
    return inputs.RunIn(
        encoder=run.encoder,
        seed=run.seed,
        input_sha256=run.input_sha256,
        output_sha256=run.output_sha256,
        parameters=_scalars(run.parameters),
        metrics=_scalars(run.metrics),
        moved_by_people=placed.by_people,
        placed_by_machine=placed.by_machine,
    )


def _scalars(values: dict) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(name), str(value))
        for name, value in sorted(values.items())
        if isinstance(value, (str, int, float)) and str(value)
    )
