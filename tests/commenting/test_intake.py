"""Sending: once, whole, counted, chained; nothing typed is changed or lost."""

from __future__ import annotations

import logging
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from comments import ledger, tallies
from comments.errors import CommentError
from comments.intake import About, submission_receive, submission_send
from comments.models import (
    Comment,
    CommentText,
    LedgerEntry,
    PreparedComment,
    Respondent,
    Submission,
    Tally,
)
from comments.preparing import Said, Subject, prepared_comment_save
from comments.receipts import ALPHABET, read_receipt, receipt_number
from drafts import frozen
from drafts.models import OutboxEntry
from tests import factories as make
from tests.commenting.conftest import prepare, said

pytestmark = pytest.mark.django_db
HOSTILE = "บรรทัดแรก\r\n  เว้นวรรค  \n<script>alert(1)</script>\t🙂 =SUM(A1)\u200b จบ "


def send(prepared, **about):
    window = about.pop("window", "open")
    answers = about.pop("answers", ())
    return submission_send(
        prepared=prepared,
        about=About(**about),
        now=make.NOW,
        window=window,
        answers=answers,
    )


def test_everything_arrives_once(round_, sections):
    prepared = prepare(
        round_,
        said(sections[0], text=HOSTILE),
        said(sections[1], "agree_with_changes", "", suggestion="ถ้อยคำใหม่"),
    )
    question = round_.questions.first()
    answers = [
        Said(Subject(question_id=question.pk), "agree", "เห็นด้วย"),
        Said(Subject(), "no_opinion", "เรื่องทั้งฉบับ"),
    ]
    submission = send(prepared, name="สมชาย", publication="full", answers=answers)
    comments = list(submission.comments.order_by("pk"))
    assert len(comments) == 4
    typed = CommentText.objects.get(comment=comments[0], kind="typed")
    assert typed.text == HOSTILE.replace("\r\n", "\n")
    assert comments[0].public_text == typed.text
    assert {c.status for c in comments} == {"published"}
    assert {c.public_name for c in comments} == {"สมชาย"}
    assert submission.identity == "declared"
    assert Respondent.objects.get().name == "สมชาย"
    assert not PreparedComment.objects.exists()
    tally = Tally.objects.get(round=round_, subject="round")
    assert (tally.total, tally.submissions, tally.disagree) == (4, 1, 1)
    assert tallies.check(round_.pk) == []
    assert ledger.verify(round_.pk) == []
    waiting = OutboxEntry.objects.filter(topic="comment")
    assert {row.object_id for row in waiting} == {str(c.pk) for c in comments}


def test_sent_twice_gives_the_first_receipt(round_, sections):
    prepared = prepare(round_, said(sections[0]))
    first = send(prepared)
    assert send(prepared) == first
    prepared_comment_save(prepared=prepared, said=said(sections[1]), now=make.NOW)
    assert send(prepared) == first
    assert Submission.objects.count() == Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sends_at_once_store_one(round_, sections):
    prepared = prepare(round_, *(said(section) for section in sections))
    answer = Said(Subject(), "agree", "ทั้งฉบับ")
    start, receipts, errors = threading.Barrier(4), [], []

    def run():
        try:
            start.wait()
            receipts.append(send(prepared, answers=[answer]).receipt)
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(receipts) == 4
    assert len(set(receipts)) == 1
    assert Submission.objects.count() == 1
    assert Comment.objects.count() == len(sections) + 1
    assert tallies.check(round_.pk) == []
    assert ledger.verify(round_.pk) == []


@pytest.mark.django_db(transaction=True)
def test_many_people_at_once_lose_nothing(round_, sections):
    prepared = [prepare(round_, *map(said, sections)) for _ in range(12)]
    errors = []

    def run(mine):
        try:
            for one in mine:
                send(one)
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(prepared[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Submission.objects.count() == 12
    assert Tally.objects.get(subject="round").total == 12 * len(sections)
    assert tallies.check(round_.pk) == []
    assert ledger.verify(round_.pk) == []
    assert LedgerEntry.objects.count() == 12


def test_a_used_token_is_refused_by_the_database(round_, sections):
    token = uuid.uuid4()
    for expected in (None, IntegrityError):
        call = {
            "round_id": round_.pk,
            "said": [said(sections[0])],
            "about": About(),
            "now": make.NOW,
            "token": token,
        }
        if expected is None:
            submission_receive(**call)
        else:
            with pytest.raises(expected):
                submission_receive(**call)


def test_personal_data_is_covered_and_the_typed_text_sealed(round_, sections):
    text = "เลข 1-2345-67890-12-1 โทร ๐๘๑-๒๓๔-๕๖๗๘ มาตรา ๑๒ พ.ศ. ๒๕๖๒"
    submission = send(
        prepare(round_, said(sections[0], text=text)),
        publication="full",
        name="สมหญิง 0812345678",
    )
    comment = submission.comments.get()
    assert comment.public_text == (
        "เลข [ปกปิด: เลขประจำตัวประชาชน] โทร [ปกปิด: หมายเลขโทรศัพท์] มาตรา ๑๒ พ.ศ. ๒๕๖๒"
    )
    assert comment.public_name == "สมหญิง [ปกปิด: หมายเลขโทรศัพท์]"
    assert comment.redactions == 2
    assert comment.texts.get(kind="typed").text == text
    version = comment.texts.get(kind="redacted")
    assert [rule["rule"] for rule in version.rules] == ["national_id", "phone"]
    assert "2345" not in str(version.rules)


@pytest.mark.parametrize(
    ("publication", "status", "name"),
    [
        ("full", "published", "สมชาย"),
        ("name_withheld", "published", ""),
        ("text_withheld", "withheld", ""),
    ],
)
def test_publication_choice(round_, sections, publication, status, name):
    submission = send(
        prepare(round_, said(sections[0])), name="สมชาย", publication=publication
    )
    comment = submission.comments.get()
    assert (comment.status, comment.public_name) == (status, name)


def test_checked_first_when_the_settings_say_so(round_, sections, settings):
    settings.COMMENTS_CHECKED_FIRST = True
    submission = send(prepare(round_, said(sections[0])))
    assert submission.comments.get().status == "received"


def test_late_is_counted_apart(round_, sections):
    submission = send(prepare(round_, said(sections[0])), window="late")
    assert submission.late
    assert submission.comments.get().late
    tally = Tally.objects.get(subject="round")
    assert (tally.total, tally.late, tally.submissions) == (0, 1, 0)
    assert tallies.check(round_.pk) == []


@pytest.mark.parametrize("window", ["refused", "not_yet"])
def test_refused_keeps_what_was_prepared(round_, sections, window):
    prepared = prepare(round_, said(sections[0]))
    with pytest.raises(CommentError) as error:
        send(prepared, window=window)
    assert error.value.code == "refused"
    assert PreparedComment.objects.count() == 1


def test_nothing_said_is_refused(round_):
    with pytest.raises(CommentError) as error:
        send(prepare(round_))
    assert error.value.code == "empty"
    assert not Submission.objects.exists()


def test_a_failure_in_the_middle_loses_nothing(round_, sections, monkeypatch):
    prepared = prepare(round_, said(sections[0]))

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(ledger, "ledger_append", fail)
    with pytest.raises(RuntimeError):
        send(prepared)
    assert PreparedComment.objects.count() == 1
    assert not Submission.objects.exists()
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "ก" * 20_001}, "too_long"),
        ({"suggestion": "ก" * 20_001}, "too_long"),
        ({"stance": ""}, "stance_missing"),
        ({"stance": "not_stated"}, "stance_missing"),
        ({"text": "a\x00b"}, "bad_character"),
        ({"suggestion": "a\ud83db"}, "bad_character"),
    ],
)
def test_what_is_refused_says_why(round_, sections, change, code):
    with pytest.raises(CommentError) as error:
        prepare(round_, said(sections[0], **change))
    assert error.value.code == code


def test_the_longest_text_is_kept_whole(round_, sections):
    text = "ก" * 20_000
    submission = send(prepare(round_, said(sections[0], text=text)))
    assert submission.comments.get().public_text == text


def test_wording_left_as_it_was_is_no_suggestion(round_, sections):
    original = "บรรทัดหนึ่ง\nบรรทัดสอง"
    prepare(
        round_,
        said(sections[0], suggestion=original.replace("\n", "\r\n"), original=original),
    )
    assert PreparedComment.objects.get().suggestion == ""


@pytest.mark.parametrize("count", [1, 5])
def test_sending_takes_at_most_twelve_queries(round_, sections, count):
    send(prepare(round_, *map(said, sections)))  # the tallies are there
    prepared = prepare(round_, *map(said, sections[:count]))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        send(prepared, name="สมชาย", email="a@example.org")
    # PostgreSQL is asked for the round's lock; SQLite locks as it writes.
    budget = 12 + (connection.vendor == "postgresql")
    assert len(queries) <= budget, "\n".join(q["sql"][:90] for q in queries)


def test_tampering_is_found(round_, sections):
    submissions = [send(prepare(round_, said(s, text=f"ข้อ {s.pk}"))) for s in sections]
    assert ledger.verify(round_.pk) == []
    frozen.remove(connection)
    try:
        typed = CommentText.objects.filter(comment__submission=submissions[1])
        typed.update(text="คำที่ไม่ได้พิมพ์")
        assert [f.what for f in ledger.verify(round_.pk)] == ["submission altered"]
        typed.update(text=f"ข้อ {sections[1].pk}")
        assert ledger.verify(round_.pk) == []
        Comment.objects.filter(submission=submissions[2]).update(stance="agree")
        assert [f.number for f in ledger.verify(round_.pk)] == [3]
        Comment.objects.filter(submission=submissions[2]).update(stance="disagree")
        LedgerEntry.objects.filter(number=4).delete()
        assert ledger.verify(round_.pk) != []
    finally:
        frozen.install(connection)


def test_a_vanished_submission_is_found(round_, sections):
    gone = next(send(prepare(round_, said(s))) for s in sections)
    frozen.remove(connection)
    try:
        CommentText.objects.filter(comment__submission=gone).delete()
        Comment.objects.filter(submission=gone).delete()
        Submission.objects.filter(pk=gone.pk).delete()
    finally:
        frozen.install(connection)
    assert [f.what for f in ledger.verify(round_.pk)] == ["submission missing"]


def test_tallies_heal(round_, sections):
    send(prepare(round_, *map(said, sections)))
    Tally.objects.filter(subject="round").update(total=99)
    assert tallies.check(round_.pk) == ["round.total: 99 kept, 5 counted"]
    tallies.rebuild(round_.pk)
    assert tallies.check(round_.pk) == []


def test_receipt_numbers():
    numbers = {receipt_number() for _ in range(2_000)}
    assert len(numbers) == 2_000
    assert len(ALPHABET) ** 11 > 2**50
    for number in list(numbers)[:200]:
        assert read_receipt(number) == number
        assert read_receipt(number.lower().replace("-", " ")) == number
        body = number[3:]
        for at in (0, 5, 13):
            wrong = "2" if body[at] != "2" else "3"
            assert read_receipt(body[:at] + wrong + body[at + 1 :]) == ""
        if body[0] != body[1]:
            assert read_receipt(body[1] + body[0] + body[2:]) == ""


def test_nothing_personal_is_logged(round_, sections, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    submission = send(
        prepare(round_, said(sections[0], text="ความลับของฉัน 0812345678")),
        name="ชื่อจริง",
        email="me@example.org",
    )
    for secret in (submission.receipt, "ความลับ", "ชื่อจริง", "me@example.org"):
        assert secret not in caplog.text
