"""The agency's answer to a theme: saved by an editor, signed by an approver.

Who wrote any of an answer does not sign it (policies.may_sign).
Only themes that a person approved are answered.  A signed answer is not changed; the
approver takes the signature back first.  What a save replaces is kept in the audit log.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Theme
from comments.themes.events import person_name
from consultations import policies
from consultations.errors import ConsultationError
from consultations.models import Decision, ResponseReport, ThemeResponse
from drafts import audit
from drafts.models import Provision
from drafts.revisions import Outdated
from drafts.thai_dates import thai_datetime

#: Characters an answer's field may have; the column itself has no limit.
LONGEST = 20_000


class AnswerError(ConsultationError):
    """An answer cannot be saved or signed; ``fields`` names what is wrong where."""

    def __init__(
        self, message: str, *, code: str, fields: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.fields = fields or {}


class AnswerConflictError(Outdated, AnswerError):
    """A colleague saved first; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an official writes; texts have LF line ends."""

    reply: str = ""
    reply_en: str = ""
    decision: str = Decision.PENDING
    reason: str = ""
    provision: int | None = None
    before_text: str = ""
    after_text: str = ""


def _lock(theme: Theme) -> tuple[Theme, ThemeResponse | None]:
    theme = Theme.objects.select_for_update(of=("self",)).get(pk=theme.pk)
    drafts = ResponseReport.objects.filter(round=theme.round_id, status="draft")
    # Locked: a publication that begins now waits until this answer is saved.
    if any(draft.is_publishing for draft in drafts.select_for_update()):
        raise AnswerError(
            _("กำลังจัดทำรายงานเพื่อประกาศ จึงยังแก้ไขไม่ได้ รอให้เสร็จก่อน"),
            code="report_publishing",
        )
    response = (
        ThemeResponse.objects.select_for_update(of=("self",))
        .select_related("changed_by", "signed_by")
        .filter(theme=theme)
        .first()
    )
    return theme, response


def answer_values(response: ThemeResponse | None) -> dict[str, Any]:
    """Return an answer as its form shows it; that of none is empty."""
    if response is None:
        return asdict(Answer())
    values = {name: getattr(response, name) for name in asdict(Answer())}
    return values | {"provision": response.provision_id}


def _check_revision(response: ThemeResponse | None, revision: int) -> None:
    if (response.revision if response else 0) == revision:
        return
    if response is None:
        raise AnswerConflictError(_("ข้อมูลเปลี่ยนไป เปิดหน้านี้ใหม่"), code="conflict")
    error = AnswerConflictError(
        _(
            "%(who)s บันทึกคำชี้แจงนี้ก่อนแล้วเมื่อ %(when)s ยังไม่มีอะไรถูกเขียนทับ "
            "สิ่งที่คุณพิมพ์ยังอยู่ในช่องด้านล่าง เทียบกับฉบับที่บันทึกไว้แล้วบันทึกอีกครั้ง"
        )
        % {
            "who": person_name(response.changed_by),
            "when": thai_datetime(response.changed_at),
        },
        code="conflict",
    )
    error.current, error.revision = answer_values(response), str(response.revision)
    raise error


def _problems(answer: Answer, provision: Provision | None) -> dict[str, str]:
    problems = {}
    for name in ("reply", "reply_en", "reason", "before_text", "after_text"):
        length = len(getattr(answer, name))
        if length > LONGEST:
            problems[name] = _("ยาวเกิน %(limit)s ตัวอักษร (ที่กรอก %(length)s)") % {
                "limit": LONGEST,
                "length": length,
            }
    if answer.decision not in Decision.values:
        problems["decision"] = _("เลือกผลการพิจารณา")
    if answer.provision and provision is None:
        problems["provision"] = _("เลือกมาตราของร่างฉบับที่รับฟัง")
    changed = answer.before_text.strip() or answer.after_text.strip()
    if changed and not answer.provision:
        problems["provision"] = _("เลือกมาตราที่แก้ หรือลบข้อความเดิมและข้อความใหม่ออก")
    if answer.before_text.strip() and provision is not None:
        if answer.before_text not in provision.text:
            problems["before_text"] = _(
                "ไม่พบข้อความนี้ตรงตัวอักษรใน %s คัดลอกจากร่างด้านล่าง "
                "(ตัวเลขไทย ช่องว่าง และเครื่องหมายต้องตรงกัน)"
            ) % (provision.label or provision)
        elif answer.before_text == answer.after_text:
            problems["after_text"] = _("ข้อความใหม่เหมือนข้อความเดิม")
    return problems


@transaction.atomic
def response_save(
    *, theme: Theme, revision: int, answer: Answer, by: Any, now: dt.datetime
) -> ThemeResponse:
    """Save an answer, complete or not, and return it.

    ``revision`` is that of the saved answer the official saw, 0 for none.  Raises
    AnswerError ``theme_not_approved``, ``signed``, ``invalid`` (with ``fields``),
    AnswerConflictError when a colleague saved first.
    """
    theme, response = _lock(theme)
    if theme.status != Theme.Status.APPROVED:
        raise AnswerError(_("ประเด็นนี้ยังไม่รับรอง จึงยังตอบไม่ได้"), code="theme_not_approved")
    _check_revision(response, revision)
    if response and response.signed_at:
        raise AnswerError(_("คำชี้แจงนี้ลงนามแล้ว ให้ผู้อนุมัติถอนการลงนามก่อนแก้ไข"), code="signed")
    provision = Provision.objects.filter(
        pk=answer.provision or 0, version=theme.round.version_id
    ).first()
    if problems := _problems(answer, provision):
        raise AnswerError(
            _("ยังบันทึกไม่ได้ แก้ไขช่องที่มีข้อความกำกับ สิ่งที่พิมพ์ยังอยู่ครบ"),
            code="invalid",
            fields=problems,
        )
    values = {**asdict(answer), "provision": provision}
    if response is None:
        response = ThemeResponse(theme=theme, revision=0)
    replaced = {
        name: getattr(value, "pk", value)
        for name in values
        if response.pk and (value := getattr(response, name)) != values[name]
    }
    if response.pk and not replaced:
        return response  # who changed no word has written nothing
    for name, value in values.items():
        setattr(response, name, value)
    response.changed_by, response.changed_at = by, now
    response.revision += 1
    response.save()
    if by is not None:
        response.writers.add(by)
    audit.record(response, "answer.saved", by=by, theme=theme.number, replaced=replaced)
    return response


@transaction.atomic
def response_sign(
    *, response: ThemeResponse, revision: int, by: Any, now: dt.datetime
) -> ThemeResponse:
    """Sign an answer as it was seen; it must have a reply, a decision and a reason.

    Raises AnswerError ``own_answer`` for who wrote any of it, except in an office of
    two, where the report says so.
    """
    theme, found = _lock(response.theme)
    if found is None:
        raise AnswerError(_("ยังไม่มีคำชี้แจงให้ลงนาม"), code="nothing_to_sign")
    _check_revision(found, revision)
    if found.signed_at:
        return found
    if theme.status != Theme.Status.APPROVED:
        raise AnswerError(
            _("ประเด็นนี้ยังไม่รับรอง จึงยังลงนามไม่ได้"), code="theme_not_approved"
        )
    missing = {}
    if not found.reply.strip():
        missing["reply"] = _("กรอกคำชี้แจงก่อนลงนาม")
    if found.decision == Decision.PENDING:
        missing["decision"] = _("เลือกผลการพิจารณาก่อนลงนาม")
    if not found.reason.strip():
        missing["reason"] = _("กรอกเหตุผลก่อนลงนาม")
    if missing:
        raise AnswerError(
            _("ยังลงนามไม่ได้ คำชี้แจงยังไม่ครบ"), code="incomplete", fields=missing
        )
    if not policies.may_sign(by, found, theme.round.consultation.agency_id):
        raise AnswerError(
            _("คุณเขียนหรือแก้คำชี้แจงนี้ จึงลงนามเองไม่ได้ ให้ผู้อนุมัติอีกคนลงนาม"),
            code="own_answer",
        )
    found.signed_by, found.signed_at = by, now
    found.revision += 1
    found.save(update_fields=["signed_by", "signed_at", "revision"])
    alone = {"own_answer": True} if policies.wrote(by, found) else {}
    audit.record(found, "answer.signed", by=by, theme=theme.number, **alone)
    return found


@transaction.atomic
def response_unsign(
    *, response: ThemeResponse, revision: int, by: Any, now: dt.datetime
) -> ThemeResponse:
    """Take a signature back, so that the answer can be changed."""
    theme, found = _lock(response.theme)
    if found is None or not found.signed_at:
        raise AnswerError(_("คำชี้แจงนี้ยังไม่ได้ลงนาม"), code="not_signed")
    _check_revision(found, revision)
    was = {"signed_by": found.signed_by_id, "signed_at": found.signed_at}
    found.signed_by, found.signed_at = None, None
    found.revision += 1
    found.save(update_fields=["signed_by", "signed_at", "revision"])
    audit.record(found, "answer.unsigned", by=by, theme=theme.number, **was)
    return found
