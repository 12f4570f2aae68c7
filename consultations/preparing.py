"""What is prepared for a round and recorded about it: each a small audited write."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, models, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from consultations.errors import ConsultationError
from consultations.models import (
    Consultation,
    ConsultationDocument,
    HearingMethod,
    HearingSession,
    Milestone,
    Notice,
    Posting,
    Question,
    Round,
    StakeholderNotice,
)
from consultations.stages import Stage
from drafts import audit, clock, outbox
from drafts.models import Provision
from drafts.revisions import check_revision

#: Bytes of one document.
MAX_DOCUMENT = 20 * 1024 * 1024
#: Extension -> a member that a zip of this kind must have; "" for other formats.
_PACKAGES = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
}
DOCUMENT_TYPES = ("pdf", *_PACKAGES, "txt", "csv")


def _before_announcement(round: Round) -> None:
    if round.stage != Stage.DRAFT:
        raise ConsultationError(
            _("ประกาศแล้ว จึงเปลี่ยนคำถามไม่ได้ เพราะประชาชนอาจตอบไปแล้ว"), code="announced"
        )


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
    _before_announcement(round)
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
) -> HearingSession:
    """Record one meeting with the heads counted by group."""
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
    """Write the announcement's text; raises Outdated when it changed since seen."""
    Round.objects.select_for_update().get(pk=round.pk)
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
    subject: str = "notice",
    by: Any = None,
    now: dt.datetime | None = None,
) -> Posting:
    """Record that a notice or report hung on a channel; cannot be changed later."""
    now = now or clock.now()
    if not evidence.strip():
        raise ConsultationError(
            _("โปรดระบุหลักฐาน เช่น เลขที่หนังสือ ที่อยู่เว็บ หรือภาพถ่าย"), code="evidence"
        )
    posting = Posting.objects.create(
        round=round,
        subject=subject,
        channel=channel,
        posted_on=posted_on,
        evidence=evidence.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    _done(posting, "posting.added", round, by, channel=channel, posted_on=posted_on)
    return posting


@transaction.atomic
def stakeholder_notice_add(
    *, round: Round, organisation: str, channel: str, sent_on: dt.date, by: Any = None
) -> StakeholderNotice:
    """Record that an organisation was told of the hearing (s.14 para 2)."""
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
    done_on: dt.date | None = None,
    by: Any = None,
) -> Milestone:
    """Promise a next step with its date."""
    milestone = Milestone.objects.create(
        consultation=round.consultation,
        title=title.strip(),
        title_en=title_en.strip(),
        due_on=due_on,
        done_on=done_on,
    )
    _done(milestone, "milestone.added", round, by, due_on=due_on)
    return milestone


def _check_document(file: File) -> str:
    """Return the extension if the content is what it says; raise ConsultationError."""
    extension = (file.name or "").rpartition(".")[2].lower()
    if extension not in DOCUMENT_TYPES:
        raise ConsultationError(
            _("รับเฉพาะไฟล์ %(types)s")
            % {"types": ", ".join(kind.upper() for kind in DOCUMENT_TYPES)},
            code="type",
        )
    if file.size > MAX_DOCUMENT:
        raise ConsultationError(
            _("ไฟล์ใหญ่เกิน %(size)d เมกะไบต์") % {"size": MAX_DOCUMENT // 1024**2},
            code="too_big",
        )
    if file.size == 0:
        raise ConsultationError(_("ไฟล์นี้ว่างเปล่า"), code="empty")
    file.seek(0)
    if not _is_what_it_says(file, extension):
        raise ConsultationError(
            _("เนื้อไฟล์ไม่ตรงกับชนิด .%(type)s โปรดบันทึกไฟล์ใหม่แล้วส่งอีกครั้ง")
            % {"type": extension},
            code="content",
        )
    file.seek(0)
    return extension


def _is_what_it_says(file: File, extension: str) -> bool:
    if extension == "pdf":
        return b"%PDF-" in file.read(1024)
    if extension in _PACKAGES:
        try:
            with zipfile.ZipFile(file) as package:
                names = set(package.namelist())
        except (zipfile.BadZipFile, ValueError):
            return False
        macros = any(name.endswith("vbaProject.bin") for name in names)
        return _PACKAGES[extension] in names and not macros
    return b"\0" not in file.read(8192)


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
    extension = _check_document(file)
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


@transaction.atomic
def preparation_remove(*, obj: models.Model, round: Round, by: Any = None) -> None:
    """Remove something prepared.  What the public may have relied on stays.

    Raises ConsultationError for questions and documents of an announced round, for
    evidence (postings), and for what something else refers to.
    """
    if isinstance(obj, Posting | Notice):
        raise ConsultationError(_("หลักฐานการประกาศลบไม่ได้"), code="evidence")
    if round.stage != Stage.DRAFT and isinstance(obj, Question | ConsultationDocument):
        raise ConsultationError(
            _("ประกาศแล้ว จึงลบสิ่งที่ประชาชนเห็นแล้วไม่ได้"), code="announced"
        )
    pk = obj.pk
    try:
        with transaction.atomic():
            obj.delete()
    except (ProtectedError, IntegrityError) as error:
        raise ConsultationError(
            _("ลบไม่ได้ เพราะมีรายการอื่นอ้างถึงอยู่"), code="in_use"
        ) from error
    obj.pk = pk
    _done(obj, "preparation.removed", round, by)
