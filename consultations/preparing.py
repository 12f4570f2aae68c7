"""What is prepared for a round and recorded about it: each a small audited write."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.core import serializers
from django.core.files.base import File
from django.db import IntegrityError, models, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from consultations.document_files import document_check
from consultations.errors import ConsultationError, TooLateError
from consultations.models import (
    Consultation,
    ConsultationDocument,
    Evidence,
    HearingMethod,
    HearingSession,
    Milestone,
    Notice,
    Posting,
    Question,
    ReportStatus,
    Round,
    StakeholderNotice,
)
from consultations.stages import Stage
from drafts import audit, clock, outbox
from drafts.models import Provision
from drafts.revisions import check_revision
from drafts.thai_dates import check_happened, thai_date


def _lock(round: Round) -> Round:
    """Return the round's row, locked: nobody announces it meanwhile."""
    return Round.objects.select_for_update(of=("self",)).get(pk=round.pk)


def _done(obj: models.Model, action: str, round: Round, by: Any, **data: Any) -> None:
    audit.record(obj, action, by=by, round=round.pk, **data)
    outbox.emit("consultation", [round.consultation_id])


@transaction.atomic
def question_save(
    *,
    round: Round,
    text: str,
    text_en: str = "",
    provisions: Iterable[Provision] = (),
    question: Question | None = None,
    by: Any = None,
) -> Question:
    """Add a question to a round not yet announced, or change one."""
    if _lock(round).stage != Stage.DRAFT:
        raise ConsultationError(
            _("ประกาศแล้ว จึงเปลี่ยนคำถามไม่ได้ เพราะประชาชนอาจตอบไปแล้ว"), code="announced"
        )
    provisions = list(provisions)
    if any(p.version_id != round.version_id for p in provisions):
        raise ConsultationError(
            _("เลือกได้เฉพาะมาตราของฉบับที่รับฟังในรอบนี้"), code="foreign_provision"
        )
    if question is None:
        last = round.questions.aggregate(last=Max("number"))["last"] or 0
        question = Question(round=round, number=last + 1)
    question.text, question.text_en = text.strip(), text_en.strip()
    question.save()
    question.provisions.set(provisions)
    _done(question, "question.saved", round, by, number=question.number)
    return question


@transaction.atomic
def method_add(
    *, round: Round, code: str, detail: str = "", by: Any = None
) -> HearingMethod:
    """Record a method of hearing (ข้อ 9)."""
    method = HearingMethod.objects.create(round=round, code=code, detail=detail.strip())
    _done(method, "method.added", round, by, code=code)
    return method


@transaction.atomic
def session_add(
    *,
    round: Round,
    method: HearingMethod,
    held_on: dt.date,
    place: str,
    time: str = "",
    host: str = "",
    heads: dict[str, int] | None = None,
    minutes: ConsultationDocument | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
) -> HearingSession:
    """Record one meeting that was held, with the heads counted by group."""
    check_happened(held_on, now=now, error=ConsultationError)
    session = HearingSession.objects.create(
        round=round,
        method=method,
        held_on=held_on,
        place=place.strip(),
        time=time.strip(),
        host=host.strip(),
        heads=heads or {},
        minutes=minutes,
    )
    _done(session, "session.added", round, by, held_on=held_on)
    return session


def notice_values(round: Round) -> dict[str, str]:
    """Return the announcement's text, as its form shows it."""
    notice = Notice.objects.filter(round=round).first()
    return {"text": notice.text if notice else ""}


@transaction.atomic
def notice_save(
    *, round: Round, text: str, revision: str | None = None, by: Any = None
) -> Notice:
    """Write the announcement's text, until it is announced.

    Raises Outdated when it changed since seen.
    """
    if _lock(round).stage != Stage.DRAFT:
        raise ConsultationError(
            _("ประกาศแล้ว ข้อความประกาศจึงเปลี่ยนไม่ได้"), code="announced"
        )
    check_revision(revision, notice_values(round))
    notice, _new = Notice.objects.update_or_create(
        round=round, defaults={"text": text.strip()}
    )
    _done(notice, "notice.saved", round, by)
    return notice


@transaction.atomic
def posting_add(
    *,
    round: Round,
    channel: str,
    posted_on: dt.date,
    evidence: str,
    subject: str = Posting.Subject.NOTICE,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Posting:
    """Record that a notice or the results hung on a channel outside this website.

    Raises ConsultationError ``channel`` (this website's own are recorded as they
    happen), ``evidence``, ``future``, ``not_published`` for results that are not.
    """
    now = now or clock.now()
    if (
        channel not in Posting.Channel.values
        or channel == Posting.Channel.WEBSITE
        or subject not in Posting.Subject.values
    ):
        raise ConsultationError(
            _("เลือกช่องทางจากรายการ การประกาศบนเว็บไซต์นี้ระบบบันทึกเอง"), code="channel"
        )
    if not evidence.strip():
        raise ConsultationError(
            _("โปรดระบุหลักฐาน เช่น เลขที่หนังสือ ที่อยู่เว็บ หรือภาพถ่าย"), code="evidence"
        )
    check_happened(posted_on, now=now, error=ConsultationError)
    published = round.reports.filter(status=ReportStatus.PUBLISHED)
    if subject == Posting.Subject.REPORT and not published.exists():
        raise ConsultationError(
            _("ยังไม่ได้ประกาศผล จึงยังไม่มีผลให้ปิดประกาศ"), code="not_published"
        )
    return posting_record(
        round=round,
        subject=subject,
        channel=channel,
        posted_on=posted_on,
        evidence=evidence,
        by=by,
        now=now,
    )


def posting_record(
    *,
    round: Round,
    subject: str,
    evidence: str,
    by: Any,
    now: dt.datetime,
    channel: str = Posting.Channel.WEBSITE,
    posted_on: dt.date | None = None,
) -> Posting:
    """Write a posting down, by default one of this website that happens now."""
    posting = Posting.objects.create(
        round=round,
        subject=subject,
        channel=channel,
        posted_on=posted_on or clock.local_date(now),
        evidence=evidence.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    _done(
        posting,
        "posting.added",
        round,
        by,
        subject=subject,
        channel=channel,
        posted_on=posting.posted_on,
    )
    return posting


@transaction.atomic
def stakeholder_notice_add(
    *,
    round: Round,
    organisation: str,
    channel: str,
    sent_on: dt.date,
    by: Any = None,
    now: dt.datetime | None = None,
) -> StakeholderNotice:
    """Record that an organisation was told of the hearing (s.14 para 2)."""
    check_happened(sent_on, now=now, error=ConsultationError)
    notice = StakeholderNotice.objects.create(
        round=round,
        organisation=organisation.strip(),
        channel=channel.strip(),
        sent_on=sent_on,
    )
    _done(notice, "stakeholder.told", round, by)
    return notice


@transaction.atomic
def milestone_add(
    *,
    round: Round,
    title: str,
    due_on: dt.date,
    title_en: str = "",
    by: Any = None,
) -> Milestone:
    """Promise a next step with its date."""
    milestone = Milestone.objects.create(
        consultation=round.consultation,
        title=title.strip(),
        title_en=title_en.strip(),
        due_on=due_on,
    )
    _done(milestone, "milestone.added", round, by, due_on=due_on)
    return milestone


@transaction.atomic
def milestone_done(
    *,
    round: Round,
    milestone: Milestone,
    done_on: dt.date,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Milestone:
    """Record the day on which a promised step was done; once."""
    check_happened(done_on, now=now, error=ConsultationError)
    milestone = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if milestone.done_on:
        raise TooLateError(
            _("ขั้นตอนนี้บันทึกว่าทำแล้วเมื่อ %s") % thai_date(milestone.done_on),
            code="done",
        )
    milestone.done_on = done_on
    milestone.save(update_fields=["done_on"])
    _done(milestone, "milestone.done", round, by, done_on=done_on)
    return milestone


@transaction.atomic
def document_add(
    *,
    consultation: Consultation,
    title: str,
    kind: str,
    file: File,
    by: Any = None,
    now: dt.datetime | None = None,
) -> ConsultationDocument:
    """Store a document with its size and SHA-256; its type is told by its content."""
    extension = document_check(file)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    document = ConsultationDocument(
        consultation=consultation,
        title=title.strip(),
        kind=kind,
        size=file.size,
        sha256=digest.hexdigest(),
        created_at=now or clock.now(),
    )
    # The stored name says nothing of the person's disk and cannot be guessed.
    document.file.save(f"{digest.hexdigest()[:16]}.{extension}", file, save=False)
    document.save()
    audit.record(document, "document.added", by=by, sha256=document.sha256, kind=kind)
    outbox.emit("consultation", [consultation.pk])
    return document


def is_relied_on(kind: type[models.Model], round: Round) -> bool:
    """Tell whether the public may have read rows of a kind that belong to a round.

    Documents and steps belong to all rounds of a consultation; a posting hung.
    """
    rounds = Round.objects.filter(consultation=round.consultation_id)
    if hasattr(kind, "round"):
        rounds = rounds.filter(pk=round.pk)
    return kind is Posting or rounds.exclude(stage=Stage.DRAFT).exists()


def _content(obj: models.Model) -> dict[str, Any]:
    """Return all that a row says, for the audit row of its end."""
    return serializers.serialize("python", [obj])[0]["fields"]


@transaction.atomic
def preparation_remove(*, obj: models.Model, round: Round, by: Any = None) -> None:
    """Remove something prepared that nobody has seen; the audit row keeps what it said.

    Raises ConsultationError ``announced`` for what the public may have relied on (which
    is struck, see ``evidence_strike``), ``in_use`` for what something else refers to.
    """
    _lock(round)
    if isinstance(obj, Notice) or is_relied_on(type(obj), round):
        raise ConsultationError(
            _("สิ่งที่ประชาชนเห็นแล้วหรือเป็นหลักฐานลบไม่ได้ ถ้าบันทึกผิดให้ขีดฆ่าพร้อมเหตุผล"),
            code="announced",
        )
    pk, content = obj.pk, _content(obj)
    try:
        with transaction.atomic():
            obj.delete()
    except (ProtectedError, IntegrityError) as error:
        raise _in_use() from error
    obj.pk = pk
    _done(obj, "preparation.removed", round, by, content=content)


def _in_use() -> ConsultationError:
    return ConsultationError(_("ยังมีรายการอื่นอ้างถึงอยู่ แก้รายการนั้นก่อน"), code="in_use")


@transaction.atomic
def evidence_strike(
    *,
    obj: Evidence,
    round: Round,
    reason: str,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Evidence:
    """Strike a wrong entry through: it stays to be read, and is never counted again.

    Raises ConsultationError ``reason``, ``struck`` for what is struck already, ``own``
    for what this website recorded of itself, ``in_use`` while an entry that stands
    refers to it.
    """
    if not reason.strip():
        raise ConsultationError(_("โปรดบอกเหตุผลที่ขีดฆ่า"), code="reason")
    obj = type(obj).recorded.select_for_update(of=("self",)).get(pk=obj.pk)
    if obj.struck_at:
        raise TooLateError(_("รายการนี้ขีดฆ่าไปแล้ว: %s") % obj.struck_reason, code="struck")
    if getattr(obj, "channel", "") == Posting.Channel.WEBSITE:
        raise ConsultationError(
            _("การประกาศบนเว็บไซต์นี้ระบบบันทึกเอง จึงขีดฆ่าไม่ได้"), code="own"
        )
    refers = {HearingMethod: "method", ConsultationDocument: "minutes"}.get(type(obj))
    if refers and HearingSession.objects.filter(**{refers: obj}).exists():
        raise _in_use()
    content = _content(obj)
    obj.struck_at, obj.struck_by = now or clock.now(), by
    obj.struck_reason = reason.strip()
    obj.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    _done(obj, "evidence.struck", round, by, content=content, reason=obj.struck_reason)
    return obj
