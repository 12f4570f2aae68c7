"""Publication as a task: asked for on the desk, done by a worker, revived if it dies.

A report is *being published* while ``publishing_since`` is set on its draft.  A worker
takes it by setting its own lease; whoever holds the lease may publish, so a task that
is delivered twice, or taken over after its worker died, publishes once.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from consultations import policies
from consultations.models import ReportStatus, ResponseReport
from consultations.report.services import (
    ReportError,
    report_check,
    report_publish,
    signer_of,
)
from drafts import audit, clock

logger = logging.getLogger(__name__)
TASK = "consultations.publish_report"
#: Seconds between two beats of a worker, and when it is taken for dead.
BEAT = 1.0
DEAD_AFTER = dt.timedelta(seconds=60)
#: A publication that no worker took for so long is sent again: its message was lost.
LOST_AFTER = dt.timedelta(seconds=60)
#: Takes by workers before it is given up.
MAX_ATTEMPTS = 3

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


def _publishing() -> Any:
    return ResponseReport.objects.filter(
        status=ReportStatus.DRAFT, publishing_since__isnull=False
    )


def _send(report_id: int) -> None:
    current_app.send_task(TASK, args=[report_id])


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
        locked.publishing_since, locked.publishing_by = now, by
        locked.publishing_lease = locked.publishing_beat = None
        locked.publishing_step = locked.publishing_error = ""
        locked.publishing_attempts = 0
        locked.save()
        audit.record(locked, "report.publication_requested", by=by)
        # robust: a broker that is away only delays it, the sweeper sends again.
        transaction.on_commit(lambda: _send(locked.pk), robust=True)
    return locked


def _take(report_id: int) -> tuple[ResponseReport, UUID] | None:
    lease, now = uuid.uuid4(), clock.now()
    free = Q(publishing_beat__isnull=True) | Q(publishing_beat__lt=now - DEAD_AFTER)
    taken = (
        _publishing()
        .filter(free, pk=report_id)
        .update(
            publishing_lease=lease,
            publishing_beat=now,
            publishing_attempts=F("publishing_attempts") + 1,
        )
    )
    if not taken:
        return None
    rows = ResponseReport.objects.select_related("publishing_by", "round__consultation")
    return rows.get(pk=report_id), lease


@contextmanager
def _beating(report_id: int, lease: UUID) -> Iterator[Callable[[str], None]]:
    """Write every few seconds that the worker lives and what it does.

    A thread with a connection of its own, because the work itself stands in one
    snapshot of the database.  Inside a transaction of the caller nobody else could see
    the beats, so there are none.
    """
    if connection.in_atomic_block:
        yield lambda _step: None
        return
    now_doing = [""]
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT):
            try:
                _publishing().filter(pk=report_id, publishing_lease=lease).update(
                    publishing_beat=clock.now(), publishing_step=now_doing[0]
                )
            except DatabaseError:
                logger.exception("report %s: a beat was not written", report_id)
        connection.close()

    thread = threading.Thread(target=beat, name="publication-beat", daemon=True)
    thread.start()
    try:
        yield lambda step: now_doing.__setitem__(0, step)
    finally:
        ended.set()
        thread.join()


def publication_execute(report_id: int, *, now: dt.datetime | None = None) -> None:
    """Publish a report that waits for it; safe to call any number of times.

    Returns quietly when it is published, given up, or in another worker's hands.
    """
    taken = _take(report_id)
    if taken is None:
        return
    report, lease = taken
    with override("th"):  # reasons are read by officials
        try:
            with _beating(report.pk, lease) as told:
                report_publish(
                    report=report,
                    by=report.publishing_by,
                    now=now or clock.now(),
                    lease=lease,
                    told=told,
                )
        except ReportError as error:
            if error.code not in {"report_publishing", "report_published"}:
                _fail(report, lease, error.message)
        except MemoryError:
            _fail(report, lease, _("หน่วยความจำไม่พอขณะจัดทำแฟ้ม"))
        except OSError as error:
            _fail(report, lease, _("อ่านหรือเขียนไฟล์ไม่ได้: %s") % error.strerror)
        except Exception:
            _fail(report, lease, _("เกิดข้อผิดพลาดในโปรแกรม ผู้ดูแลระบบดูได้ในบันทึก"))
            raise


@transaction.atomic
def _fail(report: ResponseReport, lease: UUID | None, reason: str) -> None:
    """Give a publication up, so that the draft can be mended and published again."""
    failed = (
        _publishing()
        .filter(pk=report.pk, publishing_lease=lease)
        .update(
            publishing_since=None,
            publishing_by=None,
            publishing_lease=None,
            publishing_beat=None,
            publishing_step="",
            publishing_error=reason[:2000],
        )
    )
    if failed:
        logger.error("report %s: publication failed", report.pk)
        audit.record(report, "report.publication_failed")


def publications_revive() -> int:
    """Send again what died or was lost; return how many.  Called every half minute.

    A publication that has used up its attempts fails with a reason.
    """
    now = clock.now()
    revived = 0
    dead = Q(publishing_beat__lt=now - DEAD_AFTER)
    lost = Q(publishing_beat__isnull=True, publishing_since__lt=now - LOST_AFTER)
    for report in _publishing().filter(dead | lost):
        if report.publishing_attempts >= MAX_ATTEMPTS:
            with override("th"):
                reason = _("ตัวประมวลผลหยุดกลางทางหลายครั้ง กดประกาศอีกครั้งได้")
                _fail(report, report.publishing_lease, reason)
            continue
        _send(report.pk)
        revived += 1
    return revived
