"""SIGKILL a real Celery worker and its pipeline; exactly one whole run must remain.

``make test-services`` gives the Redis.  The worker is ``celery -A cms worker`` with a
database of its own, so that it sees what a second process would see.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from comments.models import CandidateAssignment, ThemeAssignment, ThemeEvent, ThemeRun
from comments.themes import events, runs
from comments.themes.selectors import accounting
from drafts import clock, jobs
from tests import factories

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
BASE = Path(__file__).parents[2]
COMMENTS = 9_000
FAKE = BASE / "tests" / "themes" / "fake_pipeline.py"

#: Settings of the worker: the test's own, with this test's database and folders.
SETTINGS = """
from cms.settings.test import *
DATABASES["default"].update({database!r})
THEME_WORK_DIR = {work!r}
MEDIA_ROOT = {media!r}
THEME_PIPELINE = {pipeline!r}
"""


@pytest.fixture
def broker() -> str:
    found = os.environ.get("RAPFANG_TEST_REDIS")
    if not found:
        pytest.fail("RAPFANG_TEST_REDIS is not set: run make test-services")
    return found


@pytest.fixture
def start(
    broker: str, settings, tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    settings.THEME_WORK_DIR = tmp_path / "runs"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.THEME_WORK_DIR.mkdir()
    pipeline = [sys.executable, str(FAKE)]
    settings.THEME_PIPELINE = pipeline
    real = connection.settings_dict
    database = {"NAME": str(real["NAME"])}
    (tmp_path / "worker_settings.py").write_text(
        SETTINGS.format(
            database=database,
            work=str(settings.THEME_WORK_DIR),
            media=str(settings.MEDIA_ROOT),
            pipeline=pipeline,
        )
    )
    started: list[subprocess.Popen[bytes]] = []

    def worker() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "cms", "worker", "-c", "1",
             "--loglevel", "warning", "--without-mingle", "--without-gossip"],
            cwd=BASE,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "worker_settings",
                "PYTHONPATH": f"{BASE}:{tmp_path}",
            },
            start_new_session=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield worker
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL a worker with all its children, as a machine that dies would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(10)


def wait(run: ThemeRun, ready: Callable[[ThemeRun], bool], seconds: int = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run.refresh_from_db()
        if ready(run):
            return
        time.sleep(0.02)
    pytest.fail(f"run is {run.status} {run.stage} {run.done}/{run.total} {run.error}")


def revive(run: ThemeRun) -> None:
    """Let the sweeper see a dead heartbeat without waiting a minute."""
    ThemeRun.objects.filter(pk=run.pk).update(beat_at=clock.now() - 2 * jobs.DEAD_AFTER)
    assert runs.runs_revive() == 1


def plan(**what: object) -> None:
    folder = Path(django_settings.THEME_WORK_DIR)
    (folder / "fake.json").write_text(json.dumps(what))


def request(round_) -> ThemeRun:
    return runs.run_request(
        round=round_, purpose="final", detail="normal", by=None, now=clock.now()
    )


def make_round():
    round_ = factories.make_round(
        stage="closed",
        opens_on=factories.TODAY - dt.timedelta(days=40),
        closes_on=factories.TODAY - dt.timedelta(days=20),
    )
    for start in range(0, COMMENTS, 1000):
        factories.make_comments(
            round_, [f"หัวข้อ{n % 7} ข้อความที่ {n}" for n in range(start, start + 1000)]
        )
    return round_


def test_killed_while_encoding_and_again_while_storing(start) -> None:
    round_ = make_round()
    plan(sleep=30)
    run = request(round_)
    worker = start()
    wait(run, lambda r: r.status == "running" and r.stage == "encoding")
    pid = int((Path(django_settings.THEME_WORK_DIR) / str(run.pk) / "pid").read_text())
    kill(worker)
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists(), "the pipeline outlived its worker"

    plan()
    revive(run)
    worker = start()
    wait(run, lambda r: r.status == "storing" and 0 < r.done < COMMENTS)
    kill(worker)
    run.refresh_from_db()
    assert run.status == "storing", "it was too fast to be killed in the middle"

    revive(run)
    start()
    wait(run, lambda r: r.status in {"complete", "failed"})
    assert run.status == "complete", run.error
    assert ThemeRun.objects.filter(round=round_).count() == 1
    assert CandidateAssignment.objects.filter(run=run).count() == COMMENTS
    assert ThemeAssignment.objects.filter(round=round_).count() == COMMENTS
    assert ThemeEvent.objects.filter(round=round_).count() == 1
    counts = accounting(round_)
    assert counts["themes"] == counts["received"] == COMMENTS
    assert events.replay(round_) == events.state_of(round_)

    # The same comments, undisturbed, in this process: the same bytes.
    disturbed = run.output_sha256
    ThemeRun.objects.filter(pk=run.pk).update(input_sha256="not to be reused")
    again = ThemeRun.objects.create(
        round=round_,
        purpose="final",
        parameters=run.parameters,
        encoder=run.encoder,
        created_at=clock.now(),
    )
    runs.run_execute(again.pk)
    again.refresh_from_db()
    assert again.status == "complete", again.error
    assert again.output_sha256 == disturbed
