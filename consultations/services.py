"""The process: consultations are made, rounds announced, extended, withdrawn, advanced.

What is prepared beforehand (questions, methods, documents) is in
``consultations/preparing.py``.  Who may act is asked by the views (policies.py); what
the stage allows is decided here, from the clock, never from the stored stage alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import tallies
from consultations import policies, statute
from consultations.errors import ConsultationError
from consultations.models import (
    AgencyPage,
    Consultation,
    ConsultationPage,
    LegalBasis,
    Notice,
    Posting,
    Question,
    Round,
    StageChoices,
)
from consultations.report.requirements import findings_of
from consultations.stages import BY_CLOCK, Stage, may_follow
from drafts import audit, clock, outbox
from drafts.models import DraftPage, DraftVersion, ProvisionKind

#: Texts of the page that the desk's form writes.
PAGE_FIELDS = (
    "headline",
    "headline_en",
    "summary",
    "summary_en",
    "affected",
    "changes_from_today",
    "contact",
)
#: What may never change once the public has seen it.
LOCKED_FIELDS = ("slug", "legal_basis")


class AnnounceError(ConsultationError):
    """Rules of the law that must be met first; ``findings`` are those that block."""

    def __init__(self, findings: list[statute.Finding]) -> None:
        self.findings = findings
        lead = _("ประกาศยังไม่ได้ ข้อมูลที่กรอกไว้ยังอยู่ครบ โปรดแก้สิ่งต่อไปนี้ก่อน")
        words = [f"• {finding.message_th}" for finding in findings]
        super().__init__("\n".join([lead, *words]), code="rules")


def _today(now: dt.datetime) -> dt.date:
    return timezone.localdate(now)


def _locked(round: Round) -> Round:
    """Return the round's row, locked until the transaction ends."""
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("consultation__agency", "consultation__page", "version")
        .get(pk=round.pk)
    )


def is_announced(consultation: Consultation) -> bool:
    """Tell whether the public has seen any round of a consultation."""
    return consultation.rounds.exclude(stage=StageChoices.DRAFT).exists()


def _check_fields(consultation: Consultation) -> None:
    try:
        consultation.full_clean(exclude=["page", "information", "affected_groups"])
    except ValidationError as error:
        names = {
            name: str(Consultation._meta.get_field(name).verbose_name)
            for name in error.message_dict
            if name != "__all__"
        }
        words = [
            f"{names.get(name, '')}: {' '.join(texts)}".lstrip(": ")
            for name, texts in error.message_dict.items()
        ]
        raise ConsultationError("\n".join(words), code="invalid") from error


@transaction.atomic
def consultation_create(
    *,
    agency: AgencyPage,
    draft: DraftPage,
    title: str,
    slug: str,
    legal_basis: str = LegalBasis.BILL_2562,
    title_en: str = "",
    information: dict[str, str] | None = None,
    affected_groups: list[str] | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
    **page_texts: str,
) -> Consultation:
    """Make a consultation with its page and first round, all hidden until announced.

    ``page_texts`` are fields of ``ConsultationPage`` (PAGE_FIELDS).  Raises
    ConsultationError when the draft is another agency's or the address is taken.
    """
    if not draft.is_descendant_of(agency):
        raise ConsultationError(_("ร่างนี้ไม่ใช่ของหน่วยงานนี้"), code="foreign_draft")
    consultation = Consultation(
        agency=agency,
        draft=draft,
        slug=slug,
        title=title,
        title_en=title_en,
        legal_basis=legal_basis,
        information=information or {},
        affected_groups=affected_groups or [],
        created_at=now or clock.now(),
    )
    _check_fields(consultation)
    page = ConsultationPage(
        title=title[:200], slug=slug, live=False, owner=by, **_page_texts(page_texts)
    )
    agency.add_child(instance=page)
    page.save_revision(user=by, log_action=True, clean=False)
    consultation.page = page
    consultation.save()
    Round.objects.create(consultation=consultation, number=1)
    audit.record(consultation, "consultation.created", by=by, slug=slug)
    outbox.emit("consultation", [consultation.pk])
    return consultation


def _page_texts(texts: dict[str, str]) -> dict[str, str]:
    if unknown := set(texts) - set(PAGE_FIELDS):
        message = f"unknown page fields: {sorted(unknown)}"
        raise TypeError(message)
    return texts


@transaction.atomic
def consultation_change(
    *, consultation: Consultation, by: Any = None, **changes: Any
) -> Consultation:
    """Change what a consultation says.  Its address and basis lock once announced."""
    announced = is_announced(consultation)
    texts = {name: changes.pop(name) for name in PAGE_FIELDS if name in changes}
    changed = []
    for name, value in changes.items():
        if getattr(consultation, name) == value:
            continue
        if announced and name in LOCKED_FIELDS:
            raise ConsultationError(
                _("ประกาศแล้ว จึงเปลี่ยน%(what)sไม่ได้")
                % {"what": Consultation._meta.get_field(name).verbose_name},
                code="locked",
            )
        setattr(consultation, name, value)
        changed.append(name)
    _check_fields(consultation)
    consultation.save()
    page = consultation.page.get_latest_revision_as_object()
    page_changed = [name for name in texts if getattr(page, name) != texts[name]]
    if page_changed or "title" in changed or "slug" in changed:
        for name in page_changed:
            setattr(page, name, texts[name])
        page.title = consultation.title[:200]
        page.slug = consultation.slug
        revision = page.save_revision(user=by, log_action=True, clean=False)
        if announced:
            revision.publish(user=by)
    if changed or page_changed:
        names = sorted([*changed, *page_changed])
        audit.record(consultation, "consultation.changed", by=by, fields=names)
        outbox.emit("consultation", [consultation.pk])
    return consultation


# --- rounds -----------------------------------------------------------------


@transaction.atomic
def round_prepare(
    *,
    round: Round,
    version: DraftVersion | None,
    opens_on: dt.date | None,
    closes_on: dt.date | None,
    by: Any = None,
) -> Round:
    """Choose the frozen version and the dates of a round not yet announced.

    Questions keep their provisions: each is looked up in the new version by its key.
    """
    round = _locked(round)
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


def announce_findings(round: Round, *, now: dt.datetime) -> list[statute.Finding]:
    """Return the rules that announcing the round today would break, blocks first."""
    before = round.announced_on
    round.announced_on = before or _today(now)
    try:
        return findings_of(round, statute.Moment.ANNOUNCE, now=now)
    finally:
        round.announced_on = before


@transaction.atomic
def round_announce(
    *, round: Round, by: Any = None, now: dt.datetime | None = None
) -> Round:
    """Make a round public.  From here its text, address and opening day stand.

    Raises ConsultationError when the version or the dates are missing or past,
    AnnounceError listing the rules of the law that block.
    """
    now = now or clock.now()
    round = _locked(round)
    if round.stage != Stage.DRAFT:
        raise ConsultationError(_("รอบนี้ประกาศไปแล้ว"), code="announced")
    if not (round.version_id and round.version.sealed):
        raise ConsultationError(_("โปรดเลือกฉบับที่ตรึงไว้ก่อนประกาศ"), code="no_version")
    if not (round.opens_on and round.closes_on):
        raise ConsultationError(_("โปรดกำหนดวันแรกและวันสุดท้ายก่อนประกาศ"), code="no_dates")
    if round.opens_on < _today(now):
        raise ConsultationError(
            _("วันแรกที่รับฟังผ่านไปแล้ว โปรดกำหนดเป็นวันนี้หรือหลังจากนี้"), code="past"
        )
    if blocks := [f for f in announce_findings(round, now=now) if f.blocks]:
        raise AnnounceError(blocks)
    round.announced_on = _today(now)
    round.stage = Stage.ANNOUNCED
    round.stage = policies.stage_of(round, now=now)
    round.save(update_fields=["announced_on", "stage"])
    _prepare_tallies(round)
    consultation = round.consultation
    revision = consultation.page.latest_revision or consultation.page.save_revision()
    revision.publish(user=by)
    Notice.objects.get_or_create(round=round)
    address = reverse("consultations:overview", args=[consultation.slug])
    Posting.objects.create(
        round=round,
        channel=Posting.Channel.WEBSITE,
        posted_on=round.announced_on,
        evidence=address,
        recorded_at=now,
        recorded_by=by,
    )
    audit.record(
        round,
        "round.announced",
        by=by,
        version=round.version_id,
        sha256=round.version.sha256,
        opens_on=round.opens_on,
        closes_on=round.closes_on,
    )
    outbox.emit("consultation", [consultation.pk])
    return round


def _prepare_tallies(round: Round) -> None:
    """Make the counters of all that people may speak about from today."""
    provisions = round.version.provisions.exclude(kind=ProvisionKind.DIVISION)
    tallies.prepare(
        round.pk,
        [
            "whole",
            *(f"p{pk}" for pk in provisions.values_list("pk", flat=True)),
            *(f"q{pk}" for pk in round.questions.values_list("pk", flat=True)),
        ],
    )


@transaction.atomic
def round_extend(
    *,
    round: Round,
    closes_on: dt.date,
    reason: str,
    by: Any = None,
    now: dt.datetime | None = None,
) -> Round:
    """Move the last day later, never earlier, while the round is not yet closed."""
    now = now or clock.now()
    round = _locked(round)
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
    *, round: Round, reason: str, by: Any = None, now: dt.datetime | None = None
) -> Round:
    """Stop a public round with a reason that the public reads; nothing is deleted."""
    now = now or clock.now()
    round = _locked(round)
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
    *, round: Round, completed_on: dt.date, reason: str, by: Any = None
) -> Round:
    """Record the day on which the hearing was completed, with the reason."""
    round = _locked(round)
    if round.stage == Stage.DRAFT or not reason.strip():
        raise ConsultationError(
            _("โปรดบอกเหตุผล และทำได้เฉพาะรอบที่ประกาศแล้ว"), code="reason"
        )
    if round.closes_on and completed_on < round.closes_on:
        raise ConsultationError(_("วันเสร็จสิ้นต้องไม่ก่อนวันสุดท้ายที่รับฟัง"), code="too_early")
    round.completed_on, round.completed_reason = completed_on, reason.strip()
    round.save(update_fields=["completed_on", "completed_reason"])
    audit.record(
        round, "round.completed", by=by, completed_on=completed_on, reason=reason
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
            round = _locked(Round(pk=pk))
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
    for method in last.methods.all():
        method.pk, method.round = None, round
        method._state.adding = True
        method.save()
