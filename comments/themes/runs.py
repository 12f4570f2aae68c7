"""Runs of the pipeline: asked for, taken, watched, stored, cancelled, revived.

A run is a job (drafts/jobs.py): a task delivered twice, a worker that is killed, a run
that is cancelled while it stores: exactly one result is stored, or none.
"""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from comments import promises
from comments.models import (
    CommentText,
    ModerationEvent,
    ThemeRun,
)
from comments.themes import adopt, events, pipeline, store
from comments.themes.errors import PipelineError, ThemeError
from drafts import audit, clock
from drafts.jobs import MAX_ATTEMPTS, Kind, Lease

logger = logging.getLogger(__name__)
Status = ThemeRun.Status
ACTIVE = [Status.QUEUED, Status.RUNNING, Status.STORING]
DETAILS = {"fewer", "normal", "more"}
RUNS = Kind(
    task="comments.run_themes",
    model=ThemeRun,
    open=Q(status__in=ACTIVE),
    failure="themes.run_failed",
    ended=lambda now: {"status": Status.FAILED, "finished_at": now},
)


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
    if RUNS.rows().filter(round=round).exists():
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
    RUNS.ask(run)
    return run


@transaction.atomic
def run_cancel(*, run: ThemeRun, by: Any, now: dt.datetime) -> ThemeRun:
    """Cancel a run that waits or works; its worker stops at its next beat."""
    cancelled = (
        RUNS.rows()
        .filter(pk=run.pk)
        .update(status=Status.CANCELLED, lease=None, finished_at=now, error="")
    )
    run.refresh_from_db()
    if not cancelled:
        raise ThemeError(_("การวิเคราะห์นี้จบไปแล้ว จึงยกเลิกไม่ได้"), code="run_not_active")
    audit.record(run, "themes.run_cancelled", by=by)
    return run


@transaction.atomic
def run_retry(*, run: ThemeRun, by: Any, now: dt.datetime) -> ThemeRun:
    """Queue a failed or cancelled run anew; it goes on from its checkpoints."""
    events.round_lock(run.round)
    if RUNS.rows().filter(round=run.round_id).exists():
        raise ThemeError(_("กำลังวิเคราะห์อยู่แล้ว"), code="run_active")
    run.refresh_from_db()
    if run.status not in {Status.FAILED, Status.CANCELLED}:
        raise ThemeError(_("การวิเคราะห์นี้ไม่ได้ล้มเหลว"), code="run_not_failed")
    RUNS.ask(
        run,
        status=Status.QUEUED,
        stage="",
        done=0,
        total=0,
        output_sha256="",
        finished_at=None,
        parameters={**run.parameters, "mark": input_mark(run.round)},
    )
    audit.record(run, "themes.run_retried", by=by)
    return run


def run_execute(run_id: int) -> None:
    """Do a run from wherever it stands to its end; safe to call any number of times."""
    try:
        RUNS.execute(run_id, _execute)
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


def _execute(lease: Lease) -> None:
    run = ThemeRun.objects.select_related("round").get(pk=lease.pk)
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
        lease.beat(status=Status.COMPLETE, stage="", finished_at=clock.now())
        audit.record(run, "themes.run_completed", comments=run.comment_count)


def _adopt_if_untouched(run: ThemeRun, lease: Lease, output: Any) -> None:
    round = run.round
    if not adopt.themes_ready(round):
        adopt.run_adopt_first(run, lease, output, now=clock.now())
    elif adopt.adopted_run_id(round) != run.pk and events.state_of(round).is_untouched:
        with transaction.atomic():
            lease.beat()
            events.round_lock(round)
            adopt.adopt_locked(round, run, by=None, now=clock.now(), only_new=False)


def _analyse(run: ThemeRun, lease: Lease) -> tuple[Any, list[int]]:
    """Write the input, run the process (again if killed), read its output."""

    def tell(stage: str, done: int, total: int, **fields: object) -> None:
        lease.beat(stage=stage, done=done, total=total, **fields)

    tell("reading", 0, 0, status=Status.RUNNING)
    digest, count = pipeline.input_write(run)
    if not count:
        raise ThemeError(_("ยังไม่มีความเห็นให้วิเคราะห์"), code="no_comments")
    tell("reading", count, count, input_sha256=digest, comment_count=count)
    run.refresh_from_db()
    wanted = _input_ids(run)
    reused = _finished_alike(run, digest)
    if reused is not None:
        return store.output_of(reused), wanted
    for attempt in range(run.attempts, MAX_ATTEMPTS + 1):
        try:
            path = pipeline.run_pipeline(run, progress=tell)
            break
        except PipelineError as error:
            if not error.killed or attempt >= MAX_ATTEMPTS:
                raise ThemeError(_explain(error), code="pipeline") from error
            logger.warning("theme run %s: pipeline killed, going on", run.pk)
            tell("resuming", 0, 0, attempts=attempt + 1)
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


def runs_revive() -> int:
    """Sweep the texts of runs that ended; send lost runs again, return how many."""
    texts_sweep()
    return RUNS.revive()


def waiting_comments(round: Any) -> int:
    """Return how many countable comments have no place yet."""
    return pipeline.countable(round.pk).filter(assignment__isnull=True).count()
