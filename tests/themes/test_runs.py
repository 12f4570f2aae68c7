"""A run is stored once and whole, whatever dies; every comment is accounted for."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from celery import current_app

from comments.models import (
    CandidateAssignment,
    CandidateTheme,
    Comment,
    Theme,
    ThemeAssignment,
    ThemeEvent,
    ThemeRun,
)
from comments.themes import events, pipeline, runs, store
from comments.themes.errors import ThemeError
from comments.themes.selectors import accounting
from drafts import clock, jobs
from drafts.jobs import Lease, LeaseLostError
from drafts.models import AuditEntry
from tests import factories
from tests.themes.conftest import TEXTS, ask, done

pytestmark = pytest.mark.django_db


def balanced(round_) -> dict[str, int]:
    counts = accounting(round_)
    assert sum(counts.values()) == 2 * counts["received"], counts
    return counts


def test_first_run_fills_the_round(round_, work):
    run = done(round_)
    assert run.is_current
    assert run.comment_count == len(TEXTS)
    assert set(Theme.objects.values_list("title", flat=True)) == {
        "ค่าธรรมเนียม",
        "ใบอนุญาต",
    }
    assert ThemeAssignment.objects.filter(round=round_).count() == len(TEXTS)
    assert balanced(round_)["few"] == 1
    copies = ThemeAssignment.objects.filter(comment__public_text=TEXTS[0])
    assert len(set(copies.values_list("argument", flat=True))) == 1
    assert ThemeEvent.objects.get().kind == "run.adopted"
    assert not pipeline.work_dir(run).exists()


def test_process_knows_no_secret(round_, work, settings, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/d")
    done(round_)
    seen = json.loads((settings.THEME_WORK_DIR / "seen.json").read_text())
    assert "hush" not in json.dumps(seen["env"])
    assert "postgres" not in json.dumps(seen["env"])
    assert "DJANGO_SETTINGS_MODULE" not in seen["env"]


def test_what_is_not_countable_stays_out_and_is_accounted_for(round_, work):
    factories.make_comments(round_, ["สาย มาก"], late=True)
    factories.make_comments(round_, ["ถอน แล้ว"], status="withdrawn")
    factories.make_comments(round_, ["ซ่อน ไว้"], status="hidden")
    factories.make_comments(round_, ["ค่าธรรมเนียม ไม่เผยแพร่"], status="withheld")
    first = Comment.objects.filter(round=round_).first()
    factories.make_comments(round_, ["ซ้ำ"], duplicate_of=first)
    run = done(round_)
    assert run.comment_count == len(TEXTS) + 1
    counts = balanced(round_)
    wanted = {"late": 1, "withdrawn": 1, "moderated": 1, "duplicates": 1}
    assert {name: counts[name] for name in wanted} == wanted
    assert counts["waiting"] == 0


def test_input_is_the_published_text_in_id_order(round_, work):
    Comment.objects.filter(round=round_).update(public_suggestion="ให้ตัดออก")
    run = ask(round_)
    digest, count = pipeline.input_write(run)
    lines = (pipeline.work_dir(run) / "in.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert count == len(rows) == len(TEXTS)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert [row["text"] for row in rows] == [text or "ให้ตัดออก" for text in TEXTS]
    assert pipeline.input_write(run)[0] == digest


def test_killed_process_goes_on_by_itself(round_, work):
    work(die_once=True)
    run = done(round_)
    assert run.attempts == 2
    balanced(round_)


def test_process_killed_again_and_again_fails_with_a_reason(round_, work):
    work(die=True)
    run = ask(round_)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "failed"
    assert "หน่วยความจำ" in run.error
    assert run.attempts == jobs.MAX_ATTEMPTS


def test_failure_says_the_last_line_and_can_be_retried(round_, work):
    work(fail="comments.nlp: line 3: 'text' must be a string")
    run = ask(round_)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "failed"
    assert "line 3" in run.error
    work()
    runs.run_retry(run=run, by=None, now=factories.NOW)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "complete"
    assert not run.error


def test_error_that_nobody_foresaw_is_told_at_once(round_, work, monkeypatch, sent):
    run = ask(round_)
    with monkeypatch.context() as patch:
        patch.setattr(store, "output_check", lambda *a, **k: {}["no such key"])
        with pytest.raises(KeyError):  # comes out for the log
            runs.run_execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts) == ("failed", 1)
    assert "ข้อผิดพลาดในโปรแกรม" in run.error
    assert AuditEntry.objects.filter(action="themes.run_failed").count() == 1
    later = clock.now() + 2 * jobs.DEAD_AFTER
    monkeypatch.setattr(clock, "now", lambda: later)
    assert runs.runs_revive() == 0
    assert sent == []
    runs.run_retry(run=run, by=None, now=factories.NOW)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "complete"


def test_result_that_loses_a_comment_is_refused(round_, work):
    work(lose=True)
    run = ask(round_)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "failed"
    assert "8 จาก 9" in run.error
    assert not CandidateAssignment.objects.exists()
    assert not Theme.objects.exists()


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing runs after it."""


@pytest.mark.parametrize("batch", range(1, 12))
def test_killed_while_storing(round_, work, monkeypatch, batch):
    """Die at the n-th proof of the lease, be revived, end as if nothing had been."""
    monkeypatch.setattr(store, "BATCH", 2)
    run = ask(round_)
    real, calls = Lease.beat, []

    def deadly(lease, **fields):
        calls.extend(lease.held().filter(status="storing"))
        if len(calls) == batch:
            raise Killed
        real(lease, **fields)

    monkeypatch.setattr(Lease, "beat", deadly)
    with pytest.raises(Killed):
        runs.run_execute(run.pk)
    monkeypatch.setattr(Lease, "beat", real)
    runs.run_execute(run.pk)  # delivered again at once: the lease is fresh, hands off
    run.refresh_from_db()
    assert run.status == "storing"
    later = clock.now() + jobs.DEAD_AFTER + dt.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert runs.runs_revive() == 1
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "complete", run.error
    assert ThemeRun.objects.filter(status="complete").count() == 1
    assert CandidateAssignment.objects.filter(run=run).count() == len(TEXTS)
    assert CandidateTheme.objects.filter(run=run).count() == 2
    assert ThemeAssignment.objects.filter(round=round_).count() == len(TEXTS)
    assert ThemeEvent.objects.filter(round=round_).count() == 1
    balanced(round_)
    assert events.replay(round_) == events.state_of(round_)


def test_same_hash_as_an_undisturbed_run(round_, work, monkeypatch):
    run = done(round_)
    undisturbed = run.output_sha256
    again = ThemeRun.objects.create(
        round=round_, purpose="final", parameters={"detail": "normal", "mark": []},
        encoder=run.encoder, created_at=factories.NOW,
    )  # fmt: skip
    ThemeRun.objects.filter(pk=run.pk).update(input_sha256="other")
    work(die_once=True)
    runs.run_execute(again.pk)
    again.refresh_from_db()
    assert again.attempts == 2
    assert again.output_sha256 == undisturbed


def test_worker_whose_lease_was_taken_stores_nothing(round_, work, monkeypatch):
    run = ask(round_)
    real = store.result_begin

    def stolen(run, lease, output):
        ThemeRun.objects.filter(pk=run.pk).update(lease=uuid.uuid4())
        return real(run, lease, output)

    monkeypatch.setattr(store, "result_begin", stolen)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "running"
    assert not CandidateAssignment.objects.exists()


def test_cancelled_run_ends_its_process(round_, work, monkeypatch):
    work(sleep=60)
    run = ask(round_)
    monkeypatch.setattr(pipeline, "TICK", 0.05)
    pids = []
    real = pipeline._follow

    def cancel_then_follow(process, progress):
        pids.append(process.pid)
        runs.run_cancel(run=run, by=None, now=factories.NOW)
        return real(process, progress)

    monkeypatch.setattr(pipeline, "_follow", cancel_then_follow)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "cancelled"
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
    with pytest.raises(ThemeError, match="จบไปแล้ว"):
        runs.run_cancel(run=run, by=None, now=factories.NOW)


@pytest.mark.parametrize("end", ["complete", "failed", "cancelled", "died"])
def test_no_text_outlives_its_run(round_, work, monkeypatch, settings, end):
    if end == "failed":
        work(fail="comments.nlp: broken")
    run = ask(round_)
    folder = pipeline.work_dir(run)
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "checkpoints" / "encoded-00000.npy").write_bytes(b"numbers")
    if end in {"cancelled", "died"}:
        # A worker that is killed runs nothing more: only the sweeper is left.
        pipeline.input_write(run)
        (folder / "tmp1").mkdir()
        (folder / "tmp1" / "part").write_text(TEXTS[0])
        runs.RUNS.take(run.pk)
        runs.texts_sweep()
        assert (folder / "in.jsonl").exists()  # it may still be read
        if end == "cancelled":
            runs.run_cancel(run=run, by=None, now=factories.NOW)
        else:
            ThemeRun.objects.update(
                attempts=jobs.MAX_ATTEMPTS, beat_at=clock.now() - 2 * jobs.DEAD_AFTER
            )
        runs.runs_revive()
        runs.runs_revive()  # half a minute later
    else:
        runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == ("failed" if end == "died" else end)
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert not any(TEXTS[0] in path.read_text() for path in left)
    # What a retry goes on from stays until there is nothing to go on with.
    assert [p.name for p in left] == ["encoded-00000.npy"] * (end != "complete")
    work()
    if end != "complete":
        runs.run_retry(run=run, by=None, now=factories.NOW)
        runs.run_execute(run.pk)
        run.refresh_from_db()
        assert run.status == "complete"
        assert not folder.exists()


def test_beat_of_a_lost_lease_kills_the_process(round_, work, monkeypatch):
    work(sleep=60)
    run = ask(round_)
    monkeypatch.setattr(pipeline, "TICK", 0.05)
    beats = []

    def progress(*told):
        beats.append(told)
        if told[0] and len(beats) > 3:
            raise LeaseLostError

    pipeline.input_write(run)
    with pytest.raises(LeaseLostError):
        pipeline.run_pipeline(run, progress=progress)
    assert beats[-1][0] == "encoding"


def test_leftover_process_is_ended_before_a_new_one(round_, work, monkeypatch):
    run = ask(round_)
    pipeline.input_write(run)
    source = str(pipeline.work_dir(run) / "in.jsonl")
    code = "import time; time.sleep(60)"
    left = subprocess.Popen(
        [sys.executable, "-c", code, source], start_new_session=True
    )
    (pipeline.work_dir(run) / "pid").write_text(str(left.pid))
    while not Path(f"/proc/{left.pid}/cmdline").read_bytes():
        time.sleep(0.01)
    pipeline.end_leftover(run)
    assert left.wait(5) == -signal.SIGKILL


def test_stranger_with_the_same_pid_is_left_alone(round_, work):
    run = ask(round_)
    pipeline.work_dir(run).mkdir(parents=True)
    (pipeline.work_dir(run) / "pid").write_text(str(os.getpid()))
    pipeline.end_leftover(run)  # would have ended this test


def test_one_active_run_per_round_and_reuse(round_, work):
    run = ask(round_)
    with pytest.raises(ThemeError, match="อยู่แล้ว"):
        ask(round_)
    runs.run_execute(run.pk)
    assert ask(round_).pk == run.pk
    other = ask(round_, detail="more")
    assert other.pk != run.pk


def test_request_needs_comments(db, work):
    with pytest.raises(ThemeError, match="ยังไม่มีความเห็น"):
        ask(factories.make_round(stage="closed"))


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args: messages.append((name, *args))
    )
    return messages


def test_sweeper_gives_up_after_too_many_deaths(round_, work, sent):
    run = ask(round_)
    ThemeRun.objects.filter(pk=run.pk).update(
        status="running",
        attempts=jobs.MAX_ATTEMPTS,
        beat_at=clock.now() - dt.timedelta(hours=1),
    )
    runs.runs_revive()
    run.refresh_from_db()
    assert run.status == "failed"
    assert not sent


def test_sweeper_sends_a_lost_message_again(round_, work, sent, monkeypatch):
    run = ask(round_)
    runs.runs_revive()
    assert sent == []
    later = clock.now() + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    runs.runs_revive()
    runs.runs_revive()  # not twice within the minute
    assert sent == [("comments.run_themes", run.pk)]


def test_older_runs_keep_their_file_and_drop_their_rows(round_, work):
    first = done(round_)
    factories.make_comments(round_, ["ใบอนุญาต เพิ่งส่ง"])
    second = done(round_)
    first.refresh_from_db()
    assert not first.is_current
    assert not CandidateAssignment.objects.filter(run=first).exists()
    assert CandidateAssignment.objects.filter(run=second).count() == len(TEXTS) + 1
    assert len(store.output_of(first)["assignments"]) == len(TEXTS)


def test_altered_file_is_found(round_, work):
    run = done(round_)
    ThemeRun.objects.filter(pk=run.pk).update(output_sha256="0" * 64)
    run.refresh_from_db()
    with pytest.raises(ThemeError, match="รหัสตรวจสอบ"):
        store.output_of(run)


def test_broker_away_does_not_lose_the_request(
    round_, work, monkeypatch, django_capture_on_commit_callbacks
):
    def away(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        run = ask(round_)
    assert ThemeRun.objects.get(pk=run.pk).status == "queued"


def test_real_pipeline_runs_inside_the_bounds(round_, work, settings):
    """The real package, with the encoder that needs no weights."""
    del settings.THEME_PIPELINE
    run = done(round_)
    assert run.metrics["run"]
    balanced(round_)
    assert events.replay(round_) == events.state_of(round_)
