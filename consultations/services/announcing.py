"""A round becomes public when what the law asks for is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import tallies
from consultations import policies, statute
from consultations.errors import ConsultationError
from consultations.models import Notice, Posting, Round
from consultations.report.requirements import findings_of
from consultations.services.rounds import round_lock
from consultations.stages import Stage
from drafts import audit, clock, outbox
from drafts.models import ProvisionKind


class AnnounceError(ConsultationError):
    """Rules of the law that must be met first; ``findings`` are those that block."""

    def __init__(self, findings: list[statute.Finding]) -> None:
        self.findings = findings
        lead = _("ประกาศยังไม่ได้ ข้อมูลที่กรอกไว้ยังอยู่ครบ โปรดแก้สิ่งต่อไปนี้ก่อน")
        words = [f"• {finding.message_th}" for finding in findings]
        super().__init__("\n".join([lead, *words]), code="rules")


def _today(now: dt.datetime) -> dt.date:
    return timezone.localdate(now)


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
    round = round_lock(round)
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
