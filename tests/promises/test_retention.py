"""How long is kept what the table says, to the day; words, hashes and counts stay."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from comments import ledger, promises, tallies
from comments.models import (
    Comment,
    CommentText,
    PreparedResponse,
    Respondent,
    Status,
    Tally,
)
from comments.tasks import erase_prepared, erase_respondents
from consultations.models import ResponseReport, Round
from drafts import clock
from drafts.models import AuditEntry
from tests import factories as make
from tests.commenting.conftest import prepare, said
from tests.promises.conftest import send

pytestmark = pytest.mark.django_db
BANGKOK = timezone.get_default_timezone()
WHO = {"name": "ปราณี", "organisation": "สมาคมเรือหางยาว", "email": "p@example.org"}


def at(day: dt.date, time: dt.time = dt.time(0, 30)) -> dt.datetime:
    return dt.datetime.combine(day, time, BANGKOK)


@pytest.fixture
def go_to(monkeypatch):
    def go(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return go


def report(round_: Round, number: int, published: dt.datetime | None) -> None:
    ResponseReport.objects.create(
        round=round_,
        number=number,
        status="published" if published else "draft",
        published_at=published,
        created_at=make.NOW,
    )


@pytest.mark.parametrize(
    ("closed", "published", "last"),
    [
        # Two years after the results; the day is that of Bangkok.
        ("2026-12-01", "2027-03-15 10:00", "2029-03-15"),
        ("2026-12-01", "2027-03-15 00:30", "2029-03-15"),
        ("2026-12-01", "2027-03-15 23:59", "2029-03-15"),
        # A year without the day: its month's last one.
        ("2027-12-01", "2028-02-29 12:00", "2030-02-28"),
        ("2029-12-01", "2030-02-28 12:00", "2032-02-28"),
        # Three years after closing, where none are published.
        ("2026-12-01", None, "2029-12-01"),
        ("2028-02-29", None, "2031-02-28"),
        # Results that came late, while identity was still kept: two years from then.
        ("2026-12-01", "2029-11-30 12:00", "2031-11-30"),
    ],
)
def test_identity_is_erased_the_day_after_its_time(go_to, closed, published, last):
    closed, last = dt.date.fromisoformat(closed), dt.date.fromisoformat(last)
    round_ = make.make_round(opens_on=closed - dt.timedelta(30), closes_on=closed)
    send(round_, **WHO)
    report(round_, 9, None)  # a draft is no result
    if published:
        moment = dt.datetime.fromisoformat(published).replace(tzinfo=BANGKOK)
        report(round_, 1, moment)
        report(
            round_, 2, moment + dt.timedelta(200)
        )  # a correction starts nothing anew
    for day, kept in ((last, True), (last + dt.timedelta(1), False)):
        for time in (dt.time(0, 0), dt.time(23, 59)):
            go_to(at(day, time))
            erase_respondents()
            assert Respondent.objects.exists() is kept, day


def test_erasing_touches_no_word_hash_or_count(go_to):
    round_ = make.make_round()
    for _ in range(3):
        send(round_, text="โทร 0812345678", publication="full", **WHO)

    def kept():
        return [
            *Comment.objects.order_by("pk").values(),
            *CommentText.objects.order_by("pk").values(),
            *Tally.objects.order_by("pk").values(),
        ]

    before = kept()
    go_to(at(round_.closes_on.replace(year=round_.closes_on.year + 4)))
    erase_respondents()
    erase_respondents()  # the second finds nothing
    assert not Respondent.objects.exists()
    assert kept() == before
    assert ledger.verify(round_.pk) == tallies.check(round_.pk) == []
    entries = AuditEntry.objects.filter(action="respondent.erased")
    assert entries.count() == 3
    told = str(list(entries.values()))
    assert not any(word in told for word in WHO.values())


def test_the_table_drives_the_job(go_to, monkeypatch):
    round_ = make.make_round()
    send(round_, **WHO)
    row = dataclasses.replace(
        promises.TABLE["name"], keep=promises.Years(results=1, closing=1)
    )
    monkeypatch.setitem(promises.TABLE, "name", row)
    go_to(at(round_.closes_on.replace(year=round_.closes_on.year + 1)))
    erase_respondents()
    assert Respondent.objects.exists()
    go_to(clock.now() + dt.timedelta(1))
    erase_respondents()
    assert not Respondent.objects.exists()


def test_withdrawing_offers_to_erase_at_once(client):
    round_ = make.make_round()
    submission = send(round_, publication="full", **WHO)
    other = send(round_, publication="full", **WHO)
    comment = submission.comments.get()
    sibling = Comment.objects.create(
        submission=submission,
        round=round_,
        whole_draft=True,
        stance="agree",
        status=Status.PUBLISHED,
        public_id="sibling",
        public_name="ปราณี (สมาคมเรือหางยาว)",
        public_text="อีกข้อ",
        received_at=make.NOW,
    )
    number = {"number": submission.receipt, "comment": comment.public_id}
    offer = promises.pledge("erase")
    assert offer in client.post("/receipts/withdraw/", number).content.decode()
    page = f"/receipts/{submission.receipt}/"
    # Nothing was taken back: who they are is kept as they were told.
    assert offer not in client.get(page).content.decode()
    client.post("/receipts/erase/", number)
    assert Respondent.objects.count() == 2
    client.post("/receipts/withdraw/", {**number, "sure": "yes"})
    assert Respondent.objects.count() == 2  # they did not ask for it
    assert offer in client.get(page).content.decode()
    client.post("/receipts/erase/", number)
    assert Respondent.objects.get().submission == other
    sibling.refresh_from_db()
    assert (sibling.public_name, sibling.public_text) == ("", "อีกข้อ")
    assert offer not in client.get(page).content.decode()
    # The same in one step.
    client.post(
        "/receipts/withdraw/",
        {
            "number": other.receipt,
            "comment": other.comments.get().public_id,
            "sure": "yes",
            "erase": "yes",
        },
    )
    assert not Respondent.objects.exists()
    entries = AuditEntry.objects.filter(action="respondent.erased")
    assert [entry.data for entry in entries] == [{"because": "asked"}] * 2


def test_what_is_never_sent_is_erased(go_to):
    round_ = make.make_round()
    prepare(round_, said(round_.version.provisions.first()))
    days = promises.TABLE["prepared"].keep.days
    for after, kept in ((days, True), (days + 1, False)):
        go_to(make.NOW + dt.timedelta(after))
        erase_prepared()
        assert PreparedResponse.objects.exists() is kept


@pytest.mark.parametrize(("rate", "hours"), [("3000/h", 1), ("20000/24h", 24)])
def test_no_address_is_kept_and_its_mark_as_long_as_is_said(
    client, monkeypatch, settings, rate, hours
):
    settings.LIMITS = settings.LIMITS | {"save_address": rate}
    round_ = make.make_round(slug="test-law")
    section = round_.version.provisions.first()
    marks = {}

    def add(key, value, seconds):
        marks[key] = seconds
        return cache.__class__.add(cache, key, value, seconds)

    monkeypatch.setattr("consultations.commenting.limits.cache.add", add)
    client.post(
        "/consultations/test-law/respond/save/",
        {"subject": f"p{section.pk}", "stance": "agree", "text": "ดี"},
        REMOTE_ADDR="203.0.113.77",
    )
    assert PreparedResponse.objects.exists()
    assert f"ลบใน {hours} ชั่วโมง" in promises.kept("address")
    # A minute more, for clocks that differ.
    assert 0 < max(marks.values()) <= hours * 3600 + 60
    assert not any("203.0.113.77" in key for key in marks)
