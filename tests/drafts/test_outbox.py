"""What others must learn of: nothing lost, nothing stopped by one, none done twice."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test.utils import CaptureQueriesContext

from drafts import clock, outbox
from drafts.errors import RapfangError
from drafts.models import AuditEntry, OutboxEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


class Away(Exception):
    """The consumer does not answer."""


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """A clock that the test moves: ``now[0] += ...``."""
    held = [make.NOW]
    monkeypatch.setattr(clock, "now", lambda: held[0])
    return held


class Consumer:
    def __init__(self, *bad: int, error: Exception | None = None) -> None:
        self.bad, self.error = {str(n) for n in bad}, error
        self.got: list[str] = []
        self.calls = 0

    def __call__(self, topic: str, ids: list[str]) -> None:
        self.calls += 1
        if self.bad & set(ids):
            raise self.error or ValueError("โทร 0812345678")
        self.got += ids


def drain(consumer, **more) -> int:
    return outbox.drain("search", consumer, away=(Away,), **more)


def left() -> dict[str, OutboxEntry]:
    return {row.object_id: row for row in OutboxEntry.objects.all()}


@pytest.mark.parametrize("batch", [1, 7, 500])
@pytest.mark.parametrize("bad", [[], [0], [49], [3, 4, 30], list(range(50))])
def test_what_fails_stays_counted_and_the_rest_goes_on(bad, batch) -> None:
    outbox.emit("comment", range(50))
    consumer = Consumer(*bad)
    assert drain(consumer, batch=batch) == 50 - len(bad)
    assert sorted(map(int, consumer.got)) == [n for n in range(50) if n not in bad]
    assert {int(pk) for pk in left()} == set(bad)
    assert {(r.attempts, r.last_error, r.lease) for r in left().values()} <= {
        (1, "ValueError", None)
    }


def test_one_bad_row_among_many_is_found_by_halving() -> None:
    outbox.emit("comment", range(500))
    consumer = Consumer(250)
    drain(consumer)
    assert consumer.calls < 25


def test_it_is_tried_again_later_then_parked_with_its_error(now, caplog) -> None:
    outbox.emit("comment", [1, 2])
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        consumer = Consumer(1, error=RapfangError("เหตุที่บอกได้", code="x"))
        drain(consumer)
        drain(consumer)  # at once: it is not its turn yet
        assert left()["1"].attempts == attempt
        now[0] += outbox.RETRY_AFTER * 2**attempt
    row = left()["1"]
    assert row.parked_at
    assert row.last_error == "เหตุที่บอกได้"
    assert list(outbox.parked()) == [row]
    assert outbox.waiting("search") == 0
    assert "ERROR" in caplog.text
    now[0] += dt.timedelta(days=30)
    consumer = Consumer()
    assert drain(consumer) == 0, "parked: nobody takes it"
    user = make.make_user()
    assert outbox.entries_retry(pks=[row.pk], by=user) == 1
    assert outbox.entries_retry(pks=[row.pk], by=user) == 0
    assert drain(consumer) == 1
    assert AuditEntry.objects.get(action="outbox.retried").actor == user


def test_nothing_personal_is_kept_of_an_error(caplog) -> None:
    outbox.emit("comment", [1])
    drain(Consumer(1))
    assert "0812345678" not in caplog.text + left()["1"].last_error


def test_a_consumer_that_is_away_loses_nothing_and_blames_no_row() -> None:
    outbox.emit("comment", range(3))
    with pytest.raises(Away):
        drain(Consumer(2, error=Away()))
    assert {r.attempts for r in left().values()} == {0}
    assert drain(Consumer()) == 3, "at once, when it is back"


def test_while_one_holds_rows_another_takes_none() -> None:
    outbox.emit("comment", range(3))
    second, calls = Consumer(), []

    def first(topic, ids):
        calls.append(ids)
        if len(calls) == 1:
            outbox.emit("comment", [9])
            assert drain(second) == 0

    assert drain(first) == 4
    assert second.got == []


@pytest.mark.parametrize("fails", [False, True])
def test_a_lost_lease_completes_and_blames_nothing(now, fails) -> None:
    """The first was taken for dead; the second holds the rows."""
    outbox.emit("comment", [1])
    other = uuid.uuid4()

    def first(topic, ids):
        now[0] += outbox.LEASE
        taken = outbox._take("search", other, 10)
        assert [row.object_id for row in taken] == ["1"]
        if fails:
            raise ValueError

    assert drain(first) == 0
    row = left()["1"]
    assert (row.lease, row.attempts) == (other, 0)
    now[0] += outbox.LEASE
    assert drain(Consumer()) == 1


@pytest.mark.parametrize("count", [3, 300])
def test_draining_takes_as_many_queries_for_many_rows(count) -> None:
    from django.db import connection

    outbox.emit("comment", range(count))
    with CaptureQueriesContext(connection) as queries:
        drain(Consumer())
    assert len(queries) <= 8


class TestPage:
    def parked(self, now, *ids) -> None:
        outbox.emit("comment", ids)
        OutboxEntry.objects.update(
            parked_at=now[0], attempts=5, last_error="ValueError"
        )

    def client(self, client, *rights: str):
        user = make.make_user()
        for right in ("access_admin", *rights):
            user.user_permissions.add(Permission.objects.get(codename=right))
        client.force_login(user)
        return client

    def test_operators_see_it_and_put_it_back_in_line(self, client, now) -> None:
        self.parked(now, 17, 18)
        client = self.client(client, "change_outboxentry")
        page = client.get("/admin/outbox/").content.decode()
        assert "comment 17" in page
        assert "ValueError" in page
        one = left()["17"].pk
        client.post("/admin/outbox/", {"entry": [one]})
        assert [r.object_id for r in outbox.parked()] == ["18"]
        client.post("/admin/outbox/")
        assert not outbox.parked().exists()
        assert "ไม่มีงานค้าง" in client.get("/admin/outbox/").content.decode()

    def test_nobody_else_does(self, client, now) -> None:
        self.parked(now, 17)
        client = self.client(client)
        for ask in (client.get, client.post):
            answer = ask("/admin/outbox/")
            assert "comment 17" not in answer.content.decode()
        assert outbox.parked().exists()
