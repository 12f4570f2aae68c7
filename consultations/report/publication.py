"""Publication as a job (drafts/jobs.py): asked for on the desk, done once by a worker.

A report is *being published* while ``publishing_since`` is set on its draft.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import policies
from consultations.models import ReportStatus, ResponseReport
from consultations.report.services import (
    ReportError,
    report_check,
    report_publish,
    signer_of,
)
from drafts import audit, clock
from drafts.jobs import Kind, Lease

PUBLICATIONS = Kind(
    task="consultations.publish_report",
    model=ResponseReport,
    open=Q(status=ReportStatus.DRAFT, publishing_since__isnull=False),
    failure="report.publication_failed",
    ended=lambda _now: {
        "publishing_since": None,
        "publishing_by": None,
        "publishing_step": "",
    },
)

#: What a worker does -> what officials read.
STEPS = {
    "": gettext_lazy("รอคิว"),
    "reading": gettext_lazy("รวบรวมและนับความเห็น"),
    "html": gettext_lazy("จัดทำหน้าเว็บ"),
    "members": gettext_lazy("จัดทำรายการความเห็นหลังตัวเลขทุกตัว"),
    "pdf": gettext_lazy("จัดทำ PDF"),
    "docx": gettext_lazy("จัดทำ Word"),
    "json": gettext_lazy("จัดทำข้อมูลเปิด JSON"),
    "xlsx": gettext_lazy("จัดทำตารางความเห็น XLSX"),
    "csv": gettext_lazy("จัดทำตารางความเห็น CSV"),
    "storing": gettext_lazy("ตรึงแฟ้มและประกาศ"),
}


def step_of(report: ResponseReport) -> tuple[str, int, int]:
    """Return what a worker does now, and that it is the n-th of so many steps."""
    codes = list(STEPS)
    at = codes.index(report.publishing_step) if report.publishing_step in codes else 0
    return str(STEPS[codes[at]]), at, len(codes) - 1


def publication_request(
    *, report: ResponseReport, by: Any, now: dt.datetime
) -> ResponseReport:
    """Check a report now and have it published by a worker; return it.

    For an approver who signed none of its answers; others ask, and another confirms
    (consultations/confirming.py).  Asked twice it is published once.  Raises what
    ``report_check`` and ``publication_begin`` raise, ReportError ``signed_answers``.
    The caller checks that ``by`` may publish.
    """
    report = ResponseReport.objects.select_related("round__consultation").get(
        pk=report.pk
    )
    if report.is_publishing:
        return report
    if not policies.may_publish_alone(by, report.round):
        raise ReportError(
            _("คุณลงนามคำชี้แจงในรายงานนี้ จึงประกาศคนเดียวไม่ได้ ต้องมีอีกคนยืนยัน"),
            code="signed_answers",
        )
    report_check(report=report, now=now)
    return publication_begin(report=report, by=by, now=now)


def publication_begin(
    *, report: ResponseReport, by: Any, now: dt.datetime
) -> ResponseReport:
    """Have a checked report published by a worker, signed by ``by``; return it.

    Raises ReportError ``no_signer`` where the account has no name or position.
    """
    signer_of(by, report.round)
    with transaction.atomic():
        locked = ResponseReport.objects.select_for_update().get(pk=report.pk)
        if locked.is_publishing or locked.status != ReportStatus.DRAFT:
            return locked
        PUBLICATIONS.ask(
            locked, publishing_since=now, publishing_by=by, publishing_step=""
        )
        audit.record(locked, "report.publication_requested", by=by)
    return locked


def publication_execute(report_id: int, *, now: dt.datetime | None = None) -> None:
    """Publish a report that waits for it; safe to call any number of times."""

    def publish(lease: Lease) -> None:
        report = ResponseReport.objects.get(pk=lease.pk)
        with lease.beating() as tell:
            report_publish(
                report=report,
                by=report.publishing_by,
                now=now or clock.now(),
                lease=lease.token,
                told=lambda step: tell(publishing_step=step),
            )

    PUBLICATIONS.execute(report_id, publish)
