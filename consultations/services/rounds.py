"""A round is prepared, extended, withdrawn, completed, moved by the clock, followed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from consultations import policies
from consultations.errors import ConsultationError
from consultations.models import (
    Consultation,
    HearingMethod,
    Question,
    ReportStatus,
    Round,
)
from consultations.stages import BY_CLOCK, Stage, may_follow
from drafts import audit, clock, outbox
from drafts.models import DraftVersion
from drafts.revisions import check_revision
from drafts.thai_dates import check_happened


def round_lock(round: Round) -> Round:
    """Return the round's row, locked until the transaction ends."""
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("consultation__agency", "consultation__page", "version")
        .get(pk=round.pk)
    )


def round_values(round: Round) -> dict[str, Any]:
    """Return what people decided of a round, as its forms show it."""
    names = (
        "announced_on",
        "opens_on",
        "closes_on",
        "completed_on",
        "completed_reason",
    )
    values = {name: getattr(round, name) for name in names}
    withdrawn = round.consultation.withdrawn_reason
    return values | {"version": round.version_id, "withdrawn_reason": withdrawn}


def extension_reason(round: Round) -> str:
    """Return why a round was last extended; "" where it never was."""
    entries = audit.entries_of(round, "round.extended")
    return next((entry.data["reason"] for entry in entries), "")


@transaction.atomic
def round_prepare(
    *,
    round: Round,
    version: DraftVersion | None,
    opens_on: dt.date | None,
    closes_on: dt.date | None,
    revision: str | None = None,
    by: Any = None,
) -> Round:
    """Choose the frozen version and the dates of a round not yet announced.

    Questions keep their provisions: each is looked up in the new version by its key.
    """
    round = round_lock(round)
    check_revision(revision, round_values(round))
    if round.stage != Stage.DRAFT:
        raise ConsultationError(
            _("ประกาศแล้ว จึงเปลี่ยนฉบับหรือวันไม่ได้ ขยายเวลาได้ด้วย “ขยายเวลา”"),
            code="announced",
        )
    if version and (
        version.draft_id != round.consultation.draft_id or not version.sealed
    ):
        raise ConsultationError(_("เลือกได้เฉพาะฉบับที่ตรึงแล้วของร่างนี้"), code="version")
    if opens_on and closes_on and closes_on < opens_on:
        raise ConsultationError(_("วันสุดท้ายต้องไม่มาก่อนวันแรก"), code="dates")
    if version and version.pk != round.version_id:
        _carry_questions(round.questions.all(), version)
    round.version, round.opens_on, round.closes_on = version, opens_on, closes_on
    round.save(update_fields=["version", "opens_on", "closes_on"])
    audit.record(
        round,
        "round.prepared",
        by=by,
        version=version.pk if version else None,
        opens_on=opens_on,
        closes_on=closes_on,
    )
    return round


def _carry_questions(questions: Any, version: DraftVersion) -> None:
    """Point the provisions of questions at the same provisions of another version."""
    for question in questions.prefetch_related("provisions"):
        keys = [provision.key for provision in question.provisions.all()]
        question.provisions.set(version.provisions.filter(key__in=keys))


@transaction.atomic
def round_extend(
    *,
    round: Round,
    closes_on: dt.date,
    reason: str,
    revision: str | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Round:
    """Move the last day later, never earlier, while the round is not yet closed."""
    now = now or clock.now()
    round = round_lock(round)
    check_revision(revision, round_values(round))
    if policies.stage_of(round, now=now) not in {Stage.ANNOUNCED, Stage.OPEN}:
        raise ConsultationError(
            _("ขยายเวลาได้เฉพาะรอบที่ประกาศแล้วและยังไม่ปิด"), code="stage"
        )
    if closes_on <= round.closes_on:
        raise ConsultationError(
            _("ขยายได้เท่านั้น ย่นไม่ได้ โปรดเลือกวันหลังวันสุดท้ายเดิม"), code="not_later"
        )
    if not reason.strip():
        raise ConsultationError(_("โปรดบอกเหตุผลที่ขยายเวลา"), code="reason")
    before, round.closes_on = round.closes_on, closes_on
    round.save(update_fields=["closes_on"])
    audit.record(
        round,
        "round.extended",
        by=by,
        before=before,
        closes_on=closes_on,
        reason=reason.strip(),
    )
    outbox.emit("consultation", [round.consultation_id])
    return round


@transaction.atomic
def round_withdraw(
    *,
    round: Round,
    reason: str,
    revision: str | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Round:
    """Stop a public round with a reason that the public reads; nothing is deleted."""
    now = now or clock.now()
    round = round_lock(round)
    check_revision(revision, round_values(round))
    stage = policies.stage_of(round, now=now)
    if not may_follow(stage, Stage.WITHDRAWN):
        raise ConsultationError(
            _("ถอนได้เฉพาะเรื่องที่ประกาศแล้วและยังไม่ประกาศผล"), code="stage"
        )
    if not reason.strip():
        raise ConsultationError(_("โปรดบอกเหตุผลที่ถอนเรื่อง"), code="reason")
    round.stage = Stage.WITHDRAWN
    round.save(update_fields=["stage"])
    round.consultation.withdrawn_reason = reason.strip()
    round.consultation.save(update_fields=["withdrawn_reason"])
    audit.record(
        round, "round.withdrawn", by=by, stage=stage.value, reason=reason.strip()
    )
    outbox.emit("consultation", [round.consultation_id])
    return round


@transaction.atomic
def round_complete(
    *,
    round: Round,
    completed_on: dt.date,
    reason: str,
    revision: str | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Round:
    """Record the day on which the hearing was completed, with the reason.

    Raises ConsultationError ``reason``, ``too_early``, ``future``, and ``reported``
    once a report was published, which counts from that day.
    """
    round = round_lock(round)
    check_revision(revision, round_values(round))
    check_happened(completed_on, now=now, error=ConsultationError)
    made = Q(status=ReportStatus.PUBLISHED) | Q(publishing_since__isnull=False)
    if round.reports.filter(made).exists():
        raise ConsultationError(_("ประกาศผลแล้ว วันเสร็จสิ้นจึงเปลี่ยนไม่ได้"), code="reported")
    if round.stage == Stage.DRAFT or not reason.strip():
        raise ConsultationError(
            _("โปรดบอกเหตุผล และทำได้เฉพาะรอบที่ประกาศแล้ว"), code="reason"
        )
    if round.closes_on and completed_on < round.closes_on:
        raise ConsultationError(_("วันเสร็จสิ้นต้องไม่ก่อนวันสุดท้ายที่รับฟัง"), code="too_early")
    before = {"before": round.completed_on, "before_reason": round.completed_reason}
    round.completed_on, round.completed_reason = completed_on, reason.strip()
    round.save(update_fields=["completed_on", "completed_reason"])
    audit.record(
        round,
        "round.completed",
        by=by,
        completed_on=completed_on,
        reason=reason.strip(),
        **before,
    )
    outbox.emit("consultation", [round.consultation_id])
    return round


def round_advance_all(*, now: dt.datetime | None = None) -> int:
    """Let the stored stages follow the clock; return how many moved.

    Pages compute the stage anyway: this is for lists, search and reminders.  Safe to
    run twice at once: each row is locked and looked at anew.
    """
    now = now or clock.now()
    moved = 0
    waiting = Round.objects.filter(stage__in=[stage.value for stage in BY_CLOCK])
    for pk in waiting.values_list("pk", flat=True):
        with transaction.atomic():
            round = round_lock(Round(pk=pk))
            stage = policies.stage_of(round, now=now)
            if stage == round.stage:
                continue
            before, round.stage = round.stage, stage
            round.save(update_fields=["stage"])
            audit.record(round, f"round.{stage.value}", before=before)
            outbox.emit("consultation", [round.consultation_id])
            moved += 1
    return moved


@transaction.atomic
def round_new(
    *,
    consultation: Consultation,
    version: DraftVersion | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Round:
    """Begin another round, for changed text; questions and methods are carried over.

    Raises ConsultationError while the last round is still being prepared or heard.
    """
    now = now or clock.now()
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    last = consultation.rounds.order_by("-number").first()
    if last and policies.stage_of(last, now=now) in {
        Stage.DRAFT,
        Stage.ANNOUNCED,
        Stage.OPEN,
    }:
        raise ConsultationError(
            _("เปิดรอบใหม่ได้เมื่อรอบก่อนปิดหรือถอนแล้ว"), code="last_round_open"
        )
    round = Round.objects.create(
        consultation=consultation,
        number=last.number + 1 if last else 1,
        version=None,
    )
    if last:
        _copy_preparation(last, round)
    audit.record(round, "round.created", by=by, number=round.number)
    if version:
        round = round_prepare(
            round=round, version=version, opens_on=None, closes_on=None, by=by
        )
    return round


def _copy_preparation(last: Round, round: Round) -> None:
    for question in last.questions.prefetch_related("provisions"):
        copy = Question.objects.create(
            round=round,
            number=question.number,
            text=question.text,
            text_en=question.text_en,
        )
        copy.provisions.set(question.provisions.all())
    HearingMethod.objects.bulk_create(
        HearingMethod(round=round, code=method.code, detail=method.detail)
        for method in last.methods.all()
    )
