"""Runs of the pipeline: asked for, taken, watched, stored, cancelled, revived.

A worker takes a run by giving it a new lease token.  Whoever holds the token may beat,
report progress and store; a worker whose token was replaced stops at its next beat.  A
task delivered twice, a worker that is killed, a run that is cancelled while it stores:
in each case exactly one result is stored, or none.
"""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import uuid
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from comments import promises
from comments.models import (
    CommentText,
    ModerationEvent,
    ThemeRun,
)
from comments.themes import adopt, events, pipeline, store
from comments.themes.errors import LeaseLostError, PipelineError, ThemeError
from drafts import audit, clock

logger = logging.getLogger(__name__)
Status = ThemeRun.Status
ACTIVE = [Status.QUEUED, Status.RUNNING, Status.STORING]
DETAILS = {"fewer", "normal", "more"}
TASK = "comments.run_themes"
#: A run whose worker has not beaten for so long is dead.  It beats every second while
#: the pipeline runs and with every batch (well under a second) while it stores.
DEAD_AFTER = dt.timedelta(seconds=30)
#: A run that waits for so long lost its message; it is sent again.
LOST_AFTER = dt.timedelta(seconds=60)
#: Takes by workers before a run is given up; deaths are rare, so more means that the
#: run itself kills its worker.
MAX_ATTEMPTS = 5


def _send(run_id: int) -> None:
    current_app.send_task(TASK, args=[run_id])


def _send_on_commit(run: ThemeRun) -> None:
    """Send the task once the row is there; a broker that is away only delays it.

    ``robust``: the error is logged, the page answers, the sweeper sends again.
    """
    transaction.on_commit(lambda: _send(run.pk), robust=True)


def input_mark(round: Any) -> list[int]:
    """Return numbers that change whenever the input of a run would change.

    Comments are only added; every change of words adds a ``CommentText`` and every
    change of status a ``ModerationEvent``.  Cheap enough for a page, unlike the hash.
    """
    counted = pipeline.countable(round.pk).aggregate(n=Count("pk"), last=Max("pk"))
    texts = CommentText.objects.filter(comment__round=round)
    acts = ModerationEvent.objects.filter(comment__round=round)
    return [
        counted["n"],
        counted["last"] or 0,
        texts.aggregate(last=Max("pk"))["last"] or 0,
        acts.aggregate(last=Max("pk"))["last"] or 0,
    ]


@transaction.atomic
def run_request(
    *, round: Any, purpose: str, detail: str, by: Any, now: dt.datetime
) -> ThemeRun:
    """Queue a run and return it; a run that would find the same is returned instead.

    Raises ThemeError ``run_active`` while another run of the round works,
    ``no_comments`` when there is nothing to analyse.
    """
    if detail not in DETAILS:
        raise ThemeError(_("เลือกความละเอียดจากตัวเลือกที่มี"), code="bad_detail")
    events.round_lock(round)
    active = ThemeRun.objects.filter(round=round, status__in=ACTIVE).first()
    if active:
        raise ThemeError(_("กำลังวิเคราะห์อยู่แล้ว รอให้เสร็จหรือยกเลิกก่อน"), code="run_active")
    mark = input_mark(round)
    if not mark[0]:
        raise ThemeError(_("ยังไม่มีความเห็นให้วิเคราะห์"), code="no_comments")
    parameters = {"detail": detail, "mark": mark}
    encoder, seed = settings.THEME_ENCODER, 0
    same = ThemeRun.objects.filter(
        round=round,
        status=Status.COMPLETE,
        is_current=True,
        purpose=purpose,
        encoder=encoder,
        seed=seed,
    ).first()
    if same and same.parameters == parameters:
        return same
    try:
        with transaction.atomic():
            run = ThemeRun.objects.create(
                round=round,
                purpose=purpose,
                parameters=parameters,
                encoder=encoder,
                seed=seed,
                requested_by=by,
                created_at=now,
            )
    except IntegrityError as error:
        raise ThemeError(_("กำลังวิเคราะห์อยู่แล้ว"), code="run_active") from error
    audit.record(run, "themes.run_requested", by=by, round=round.pk, detail=detail)
    _send_on_commit(run)
    return run


@transaction.atomic
def run_cancel(*, run: ThemeRun, by: Any, now: dt.datetime) -> ThemeRun:
    """Cancel a run that waits or works; its worker stops at its next beat."""
    cancelled = ThemeRun.objects.filter(pk=run.pk, status__in=ACTIVE).update(
        status=Status.CANCELLED, lease=uuid.uuid4(), finished_at=now, error=""
    )
    run.refresh_from_db()
    if not cancelled:
        raise ThemeError(_("การวิเคราะห์นี้จบไปแล้ว จึงยกเลิกไม่ได้"), code="run_not_active")
    audit.record(run, "themes.run_cancelled", by=by)
    return run


@transaction.atomic
def run_retry(*, run: ThemeRun, by: Any, now: dt.datetime) -> ThemeRun:
    """Queue a failed or cancelled run anew; it goes on from its checkpoints."""
    active = ThemeRun.objects.filter(round=run.round_id, status__in=ACTIVE)
    if active.exists():
        raise ThemeError(_("กำลังวิเคราะห์อยู่แล้ว"), code="run_active")
    queued = ThemeRun.objects.filter(
        pk=run.pk, status__in=[Status.FAILED, Status.CANCELLED]
    ).update(
        status=Status.QUEUED,
        attempts=0,
        error="",
        stage="",
        done=0,
        total=0,
        output_sha256="",
        heartbeat_at=now,
        finished_at=None,
        parameters={**run.parameters, "mark": input_mark(run.round)},
    )
    if not queued:
        raise ThemeError(_("การวิเคราะห์นี้ไม่ได้ล้มเหลว"), code="run_not_failed")
    run.refresh_from_db()
    audit.record(run, "themes.run_retried", by=by)
    _send_on_commit(run)
    return run


def run_take(run_id: int) -> tuple[ThemeRun, UUID] | None:
    """Take a waiting or abandoned run under a new lease; None if there is none."""
    lease, now = uuid.uuid4(), clock.now()
    dead = models.Q(status__in=[Status.RUNNING, Status.STORING]) & (
        models.Q(heartbeat_at__lt=now - DEAD_AFTER)
    )
    taken = ThemeRun.objects.filter(
        models.Q(status=Status.QUEUED) | dead, pk=run_id
    ).update(
        # A run that died while storing goes on storing.
        status=models.Case(
            models.When(status=Status.STORING, then=models.Value(Status.STORING)),
            default=models.Value(Status.RUNNING),
        ),
        lease=lease,
        attempts=models.F("attempts") + 1,
        heartbeat_at=now,
        started_at=models.functions.Coalesce("started_at", now),
    )
    if not taken:
        return None
    return ThemeRun.objects.select_related("round").get(pk=run_id), lease


def run_execute(run_id: int) -> None:
    """Do a run from wherever it stands to its end; safe to call any number of times.

    Returns quietly when the run is gone, finished, or in another worker's hands.
    """
    taken = run_take(run_id)
    if taken is None:
        return
    run, lease = taken
    with override("th"):  # reasons are read by officials
        try:
            _execute(run, lease)
        except LeaseLostError:
            logger.info("theme run %s: lease lost, stopping", run_id)
        except ThemeError as error:
            _fail(run, lease, error.message)
        except PipelineError as error:
            _fail(run, lease, _explain(error))
        except MemoryError:
            _fail(run, lease, _("หน่วยความจำไม่พอขณะบันทึกผล"))
        except OSError as error:
            _fail(run, lease, _("อ่านหรือเขียนไฟล์ไม่ได้: %s") % error.strerror)
        finally:
            texts_sweep()


def texts_sweep() -> None:
    """Erase the files of every run that has ended, however it ended.

    Called where a run ends and, for a worker that was killed, by the sweeper.  Arrays
    from which a retry goes on hold no text; they stay until the run is complete.
    """
    if promises.TABLE["run"].keep is not promises.Keep.RUN:
        return
    for folder in pipeline.work_dirs():
        with transaction.atomic():  # a retry waits until the folder is swept
            run = ThemeRun.objects.select_for_update().filter(pk=folder.name).first()
            if run is None or run.status == Status.COMPLETE:
                shutil.rmtree(folder, ignore_errors=True)
            elif run.status not in ACTIVE:
                pipeline.texts_erase(run)


def _execute(run: ThemeRun, lease: UUID) -> None:
    if run.status == Status.STORING:
        output = store.output_of(run)
        wanted = [int(row["id"]) for row in output["assignments"]]
    else:
        output, wanted = _analyse(run, lease)
    run.refresh_from_db(fields=["comment_count", "status", "output_sha256"])
    store.output_check(output, expected=wanted)
    if run.status == Status.RUNNING and not adopt.themes_ready(run.round):
        adopt.first_adoption_drop(run.round)
    store.result_begin(run, lease, output)
    store.result_store(run, lease, output)
    older = store.result_finish(run, lease, output)
    for other in older:
        store.rows_drop(other)
    _adopt_if_untouched(run, lease, output)
    with transaction.atomic():
        store.lease_prove(
            run,
            lease,
            status=Status.COMPLETE,
            stage="",
            error="",
            finished_at=clock.now(),
        )
        audit.record(run, "themes.run_completed", comments=run.comment_count)


def _adopt_if_untouched(run: ThemeRun, lease: UUID, output: Any) -> None:
    round = run.round
    if not adopt.themes_ready(round):
        adopt.run_adopt_first(run, lease, output, now=clock.now())
    elif adopt.adopted_run_id(round) != run.pk and events.state_of(round).is_untouched:
        with transaction.atomic():
            store.lease_prove(run, lease)
            events.round_lock(round)
            adopt.adopt_locked(round, run, by=None, now=clock.now(), only_new=False)


def _analyse(run: ThemeRun, lease: UUID) -> tuple[Any, list[int]]:
    """Write the input, run the process (again if killed), read its output."""

    def beat(stage: str, done: int, total: int, **fields: object) -> None:
        held = ThemeRun.objects.filter(
            pk=run.pk, lease=lease, status=Status.RUNNING
        ).update(
            stage=stage, done=done, total=total, heartbeat_at=clock.now(), **fields
        )
        if not held:
            raise LeaseLostError

    beat("reading", 0, 0)
    digest, count = pipeline.input_write(run)
    if not count:
        raise ThemeError(_("ยังไม่มีความเห็นให้วิเคราะห์"), code="no_comments")
    beat("reading", count, count, input_sha256=digest, comment_count=count)
    run.refresh_from_db()
    wanted = _input_ids(run)
    reused = _finished_alike(run, digest)
    if reused is not None:
        return store.output_of(reused), wanted
    for attempt in range(run.attempts, MAX_ATTEMPTS + 1):
        try:
            path = pipeline.run_pipeline(run, progress=beat)
            break
        except PipelineError as error:
            if not error.killed or attempt >= MAX_ATTEMPTS:
                raise
            logger.warning("theme run %s: pipeline killed, going on", run.pk)
            beat("resuming", 0, 0, attempts=attempt + 1)
    return store.output_read(path), wanted


def _input_ids(run: ThemeRun) -> list[int]:
    """Return the ids in the input as written: the n that n of n is about."""
    path = pipeline.work_dir(run) / "in.jsonl"
    with path.open("rb") as file:
        return [int(line[6 : line.index(b",")]) for line in file]


def _finished_alike(run: ThemeRun, digest: str) -> ThemeRun | None:
    """Return a finished run of the round with the same input and parameters."""
    runs = ThemeRun.objects.filter(
        round=run.round_id,
        status=Status.COMPLETE,
        input_sha256=digest,
        encoder=run.encoder,
        seed=run.seed,
        parameters__detail=run.parameters["detail"],
    ).exclude(pk=run.pk)
    return runs.order_by("-pk").first()


def _explain(error: PipelineError) -> str:
    if error.killed:
        return (
            _(
                "โปรแกรมวิเคราะห์ถูกปิดกลางคันหลายครั้ง มักเพราะหน่วยความจำไม่พอ "
                "ลองใหม่เมื่อเครื่องว่าง งานที่ทำไปแล้วจะไม่เริ่มใหม่ (%s)"
            )
            % error
        )
    if "MemoryError" in str(error) or "allocate" in str(error):
        return _("หน่วยความจำที่ตั้งไว้ไม่พอสำหรับความเห็นจำนวนนี้ (%s)") % error
    return _("โปรแกรมวิเคราะห์หยุดด้วยข้อผิดพลาด: %s") % error


def _fail(run: ThemeRun, lease: UUID, reason: str) -> None:
    failed = ThemeRun.objects.filter(
        pk=run.pk, lease=lease, status__in=[Status.RUNNING, Status.STORING]
    ).update(status=Status.FAILED, error=reason[:2000], finished_at=clock.now())
    if failed:
        logger.error("theme run %s failed", run.pk)
        audit.record(run, "themes.run_failed")


def runs_revive() -> int:
    """Queue runs whose worker died and send lost messages again; return how many.

    Called every half minute.  A run that has used up its attempts fails with a reason.
    """
    texts_sweep()
    now = clock.now()
    revived = 0
    dead = ThemeRun.objects.filter(
        status__in=[Status.RUNNING, Status.STORING], heartbeat_at__lt=now - DEAD_AFTER
    )
    for run in dead:
        with override("th"):
            if run.attempts >= MAX_ATTEMPTS:
                _fail(run, run.lease, _("ตัวประมวลผลหยุดกลางทางหลายครั้ง กดลองใหม่ได้"))
                continue
        _send(run.pk)
        revived += 1
    waiting = ThemeRun.objects.filter(status=Status.QUEUED).filter(
        models.Q(heartbeat_at__lt=now - LOST_AFTER)
        | models.Q(heartbeat_at__isnull=True, created_at__lt=now - LOST_AFTER)
    )
    for run in waiting:
        ThemeRun.objects.filter(pk=run.pk, status=Status.QUEUED).update(
            heartbeat_at=now
        )
        _send(run.pk)
        revived += 1
    return revived


def waiting_comments(round: Any) -> int:
    """Return how many countable comments have no place yet."""
    return pipeline.countable(round.pk).filter(assignment__isnull=True).count()
