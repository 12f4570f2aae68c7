"""A round becomes public when what the law asks for is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext

from comments import tallies
from consultations import policies, preparing
from consultations.compliance import Found, compliance_of
from consultations.errors import ConsultationError
from consultations.models import Notice, Posting, Round
from consultations.services.rounds import round_lock
from consultations.stages import Stage
from consultations.statute import Moment
from drafts import audit, clock, outbox
from drafts.models import ProvisionKind


class AnnounceError(ConsultationError):
    """Rules of the law that must be met first; ``findings`` are those that block."""

    def __init__(self, findings: list[Found]) -> None:
        self.findings = findings
        lead = _("ประกาศยังไม่ได้ ข้อมูลที่กรอกไว้ยังอยู่ครบ โปรดแก้สิ่งต่อไปนี้ก่อน")
        words = [f"• {finding.message}" for finding in findings]
        super().__init__("\n".join([lead, *words]), code="rules")


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
    today = clock.local_date(now)
    if round.opens_on < today:
        raise ConsultationError(
            _("วันแรกที่รับฟังผ่านไปแล้ว โปรดกำหนดเป็นวันนี้หรือหลังจากนี้"), code="past"
        )
    law = compliance_of(round, now=now, at=Moment.ANNOUNCE)
    if law.blocks:
        raise AnnounceError([found for found in law.findings if found.blocks])
    consultation = round.consultation
    # Before the stage says announced: what becomes public now is no change of it.
    revision = consultation.page.latest_revision or consultation.page.save_revision()
    with LogContext(user=by):
        revision.publish(user=by)
    round.announced_on = today
    round.stage = Stage.ANNOUNCED
    round.stage = policies.stage_of(round, now=now)
    round.save(update_fields=["announced_on", "stage"])
    _prepare_tallies(round)
    Notice.objects.get_or_create(round=round)
    address = reverse("consultations:overview", args=[consultation.slug])
    preparing.posting_record(
        round=round, subject=Posting.Subject.NOTICE, evidence=address, by=by, now=now
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
