"""A job is done once, by whoever holds its lease; what fails is told to people.

Both kinds of job that there are: what holds for one holds for the other.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from celery import current_app
from django.db import connection, transaction

from comments.models import ThemeRun
from comments.themes.runs import RUNS
from consultations.models import ResponseReport
from consultations.report.publication import PUBLICATIONS
from drafts import clock, jobs
from drafts.errors import DraftError
from drafts.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
STEP = {RUNS.task: "stage", PUBLICATIONS.task: "publishing_step"}


@pytest.fixture
def moment(monkeypatch):
    """Return a clock that a test moves."""
    now = [factories.NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args: messages.append((name, *args))
    )
    return messages


def make(kind: jobs.Kind) -> jobs.Job:
    """Ask for a job of a kind and return its row."""
    round_ = factories.make_round(stage="closed")
    row = kind.model.objects.create(round=round_, created_at=factories.NOW)
    with transaction.atomic():
        if kind is RUNS:
            kind.ask(row, status="queued")
        else:
            kind.ask(row, publishing_since=factories.NOW)
    return row


@pytest.fixture(params=[RUNS, PUBLICATIONS], ids=lambda kind: kind.model.__name__)
def kind(request):
    return request.param


@pytest.fixture
def job(kind, moment, sent):
    return make(kind)


def silence(moment) -> None:
    moment[0] += jobs.DEAD_AFTER + dt.timedelta(seconds=1)


def is_open(kind, job) -> bool:
    return kind.rows().filter(pk=job.pk).exists()


def test_one_worker_takes_a_job_until_it_is_dead(kind, job, moment):
    first = kind.take(job.pk)
    assert first
    assert kind.take(job.pk) is None
    moment[0] += jobs.DEAD_AFTER / 2
    first.beat()
    moment[0] += jobs.DEAD_AFTER / 2 + dt.timedelta(seconds=1)
    assert kind.take(job.pk) is None, "it beat since"
    silence(moment)
    second = kind.take(job.pk)
    assert second
    job.refresh_from_db()
    assert job.attempts == 2
    # The dead one was only slow: whatever it does now comes to nothing.
    with pytest.raises(jobs.LeaseLostError):
        first.beat(**{STEP[kind.task]: "storing"})
    kind.fail(first, "เหตุผลของผู้ที่เสียสิทธิ์ไปแล้ว")
    job.refresh_from_db()
    assert (job.lease, job.error) == (second.token, "")
    assert is_open(kind, job)
    second.beat(**{STEP[kind.task]: "storing"})
    job.refresh_from_db()
    assert getattr(job, STEP[kind.task]) == "storing"


@pytest.mark.django_db(transaction=True)
def test_of_many_that_take_at_once_one_has_it(kind, monkeypatch, sent):
    job = make(kind)
    together, found = threading.Barrier(6), []

    def take() -> None:
        together.wait()
        found.append(kind.take(job.pk))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    [lease] = [lease for lease in found if lease]
    job.refresh_from_db()
    assert (job.lease, job.attempts) == (lease.token, 1)


@pytest.mark.django_db(transaction=True)
def test_work_that_cannot_beat_is_beaten_for(kind, monkeypatch, sent):
    """... by a thread that sets what it was told, and stops where the lease is lost."""
    monkeypatch.setattr(jobs, "BEAT", 0.01)
    job = make(kind)
    kind.model.objects.update(beat_at=factories.NOW)
    lease = kind.take(job.pk)
    with lease.beating() as tell:
        tell(**{STEP[kind.task]: "reading"})
        beaten = lease.held().filter(**{STEP[kind.task]: "reading"})
        ready = threading.Event()
        while not beaten.exists():
            assert not ready.wait(0.01)
        thief = uuid.uuid4()
        kind.model.objects.update(lease=thief, beat_at=factories.NOW)
        [thread] = [t for t in threading.enumerate() if t.name == "beats"]
        thread.join(10)
        assert not thread.is_alive()
    job.refresh_from_db()
    assert (job.lease, job.beat_at) == (thief, factories.NOW)


def test_lost_message_is_sent_again_once_a_minute(kind, job, moment, sent):
    assert kind.revive() == 0
    for n in (1, 2):
        silence(moment)
        assert kind.revive() == 1
        assert kind.revive() == 0
        assert sent == [(kind.task, job.pk)] * n
    job.refresh_from_db()
    assert job.attempts == 0, "waiting uses nothing up"


def test_dead_worker_is_replaced_and_a_living_one_left_alone(kind, job, moment, sent):
    dead = kind.take(job.pk)
    silence(moment)
    assert kind.revive() == 1
    with pytest.raises(jobs.LeaseLostError):
        dead.beat()
    living = kind.take(job.pk)
    assert kind.revive() == 0
    living.beat()


@pytest.mark.parametrize("attempts", [jobs.MAX_ATTEMPTS, jobs.MAX_ATTEMPTS + 1, 32_767])
@pytest.mark.parametrize("taken", [True, False])
def test_used_up_attempts_end_it_with_a_reason(
    kind, job, moment, sent, attempts, taken
):
    """... also where more were counted than there may be, and nobody works anew."""
    if taken:
        assert kind.take(job.pk)
    kind.model.objects.filter(pk=job.pk).update(attempts=attempts)
    silence(moment)
    done = []
    kind.execute(job.pk, done.append)
    assert done == []
    assert kind.revive() == 0
    assert sent == []
    job.refresh_from_db()
    assert not is_open(kind, job)
    assert "หลายครั้ง" in job.error
    assert AuditEntry.objects.filter(action=kind.failure).count() == 1
    assert kind.take(job.pk) is None


def test_delivered_twice_it_is_done_once(kind, job):
    done = []

    def work(lease) -> None:
        done.append(lease)
        kind.execute(job.pk, work)  # delivered again meanwhile
        lease.held().update(**kind.ended(clock.now()))

    kind.execute(job.pk, work)
    kind.execute(job.pk, work)
    kind.execute(job.pk + 1_000, work)
    assert len(done) == 1


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing runs after it."""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DraftError("เหตุผลที่คนอ่านได้", code="some"), "เหตุผลที่คนอ่านได้"),
        (MemoryError(), "หน่วยความจำ"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (TimeoutError(), "TimeoutError"),  # of those that say nothing, the name
        (KeyError("ปราณี"), "ข้อผิดพลาดในโปรแกรม"),
        (RuntimeError(), "ข้อผิดพลาดในโปรแกรม"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_error_ends_it_at_once_with_a_reason(kind, job, moment, sent, error, reason):
    def work(_lease) -> None:
        raise error

    if isinstance(error, DraftError | MemoryError | OSError):
        kind.execute(job.pk, work)
    else:
        with pytest.raises(type(error)):  # for the log
            kind.execute(job.pk, work)
    job.refresh_from_db()
    assert reason in job.error
    assert "ปราณี" not in job.error, "an error may hold people's words"
    assert (job.attempts, job.lease) == (1, None)
    assert not is_open(kind, job)
    silence(moment)
    assert kind.revive() == 0
    assert sent == []


def test_killed_it_is_not_failed_but_taken_over(kind, job, moment, sent):
    def work(_lease) -> None:
        raise Killed

    with pytest.raises(Killed):
        kind.execute(job.pk, work)
    job.refresh_from_db()
    assert job.error == ""
    assert is_open(kind, job)
    silence(moment)
    assert kind.revive() == 1


def test_what_ended_while_it_was_worked_on_stays_ended(kind, job):
    """A cancel wins over the worker, which stores nothing and does not fail it."""

    def work(lease) -> None:
        kind.model.objects.update(**{**kind.ended(clock.now()), "error": "ยกเลิก"})
        lease.beat(**{STEP[kind.task]: "storing"})

    kind.execute(job.pk, work)
    job.refresh_from_db()
    assert job.error == "ยกเลิก"
    assert getattr(job, STEP[kind.task]) != "storing"
    assert not AuditEntry.objects.filter(action=kind.failure).exists()


def test_asked_for_anew_it_begins_anew(kind, job, moment, sent):
    lease = kind.take(job.pk)
    kind.fail(lease, "ล้มเหลว")
    job.refresh_from_db()
    if kind is RUNS:
        kind.ask(job, status=ThemeRun.Status.QUEUED)
    else:
        kind.ask(job, publishing_since=moment[0])
    again = kind.take(job.pk)
    job.refresh_from_db()
    assert (job.attempts, job.error) == (1, "")
    with pytest.raises(jobs.LeaseLostError):
        lease.beat()
    again.beat()


def test_reports_that_nobody_publishes_are_no_jobs(moment, sent):
    ResponseReport.objects.create(
        round=factories.make_round(stage="closed"), created_at=factories.NOW
    )
    silence(moment)
    assert PUBLICATIONS.revive() == 0
