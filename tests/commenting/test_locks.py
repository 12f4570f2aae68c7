"""Nobody waits for another's long response: slow work is done before the round's lock.

Also what one response may hold, said before anything is lost.
"""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from comments import intake, ledger, moderation
from comments.errors import CommentError
from comments.intake import About, submission_receive
from comments.models import Comment, PreparedComment, Submission
from comments.preparing import Said, Subject, prepared_comment_save
from tests import factories as make
from tests.commenting.conftest import prepare, said
from tests.commenting.test_intake import send
from tests.commenting.test_public import BASE, save

pytestmark = pytest.mark.django_db
LONG = ("ส่งถึง a@example.org โทร 0812345678 " * 600)[:20_000]


@pytest.fixture
def depths(monkeypatch):
    """Note each slow step with how many transactions were open around it."""
    seen: list[tuple[str, int]] = []
    outside = len(connection.savepoint_ids)

    def watch(module, name):
        real = getattr(module, name)

        def noted(*args, **kwargs):
            seen.append((name, len(connection.savepoint_ids) - outside))
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, noted)

    watch(intake, "redact")
    watch(intake.ledger, "text_digest")
    watch(moderation, "is_covering")
    watch(intake.ledger, "round_lock")
    return seen


def assert_nothing_slow_inside(depths):
    names = {name for name, _depth in depths}
    assert "round_lock" in names
    assert len(names) > 1, "the slow step was not seen at all"
    for name, depth in depths:
        assert (depth > 0) == (name == "round_lock"), (name, depth)


def test_sending_covers_words_before_the_lock(round_, sections, depths):
    prepared = prepare(round_, said(sections[0], text=LONG))
    send(
        prepared, answers=[Said(Subject(), "agree", LONG)], name="ก", publication="full"
    )
    assert_nothing_slow_inside(depths)
    assert sum(name == "redact" for name, _ in depths) == 6, "each text and name once"


def test_what_is_typed_in_covers_words_before_the_lock(round_, sections, depths):
    user = make.make_user()
    submission = submission_receive(
        round_id=round_.pk,
        said=[said(sections[0], text=LONG)],
        about=About(),
        now=make.NOW,
        by=user,
    )
    assert_nothing_slow_inside(depths)
    assert submission.comments.get().redactions > 900


def test_covering_by_hand_compares_before_the_lock(round_, sections, depths):
    comment = send(prepare(round_, said(sections[0]))).comments.get()
    depths.clear()
    text = moderation.words_cover(comment.public_text, ["ภาระ"])
    moderation.comment_redact(
        comment=comment, text=text, suggestion="", reason="ชื่อ", by=None, now=make.NOW
    )
    assert_nothing_slow_inside(depths)


def test_words_covered_meanwhile_are_not_brought_back(round_, sections, monkeypatch):
    comment = send(prepare(round_, said(sections[0], text="ก ข ค"))).comments.get()
    real = ledger.round_lock

    def another_first(round_id):
        monkeypatch.setattr(ledger, "round_lock", real)
        moderation.comment_redact(
            comment=comment, text=f"{moderation.BY_HAND} ข ค", suggestion="",
            reason="ชื่อ", by=None, now=make.NOW,
        )  # fmt: skip
        real(round_id)

    monkeypatch.setattr(ledger, "round_lock", another_first)
    with pytest.raises(CommentError) as error:
        moderation.comment_redact(
            comment=comment, text=f"ก ข {moderation.BY_HAND}", suggestion="",
            reason="ชื่อ", by=None, now=make.NOW,
        )  # fmt: skip
    assert error.value.code == "words_changed"


def test_what_is_written_while_sending_is_sent_too(round_, sections, monkeypatch):
    """The words are read before the lock: one saved in between must not be lost."""
    prepared = prepare(round_, said(sections[0]))
    real, late = intake.redact, [said(sections[1], text="เขียนเพิ่มระหว่างส่ง")]

    def redact(text):
        if late:
            prepared_comment_save(prepared=prepared, said=late.pop(), now=make.NOW)
        return real(text)

    monkeypatch.setattr(intake, "redact", redact)
    submission = send(prepared)
    assert submission.comments.count() == 2
    assert not PreparedComment.objects.exists()
    assert ledger.verify(round_.pk) == []


def test_a_response_never_still_is_not_sent_and_not_lost(round_, sections, monkeypatch):
    prepared = prepare(round_, said(sections[0]))
    real, count = intake.redact, iter(range(1000))

    def redact(text):
        one = said(sections[0], text=f"แก้ครั้งที่ {next(count)}")
        prepared_comment_save(prepared=prepared, said=one, now=make.NOW)
        return real(text)

    monkeypatch.setattr(intake, "redact", redact)
    with pytest.raises(CommentError) as error:
        send(prepared)
    assert error.value.code == "changing"
    assert PreparedComment.objects.count() == 1
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_others_send_while_one_is_being_covered(round_, sections, monkeypatch):
    """The long response stands still in its covering until the others are stored."""
    big = prepare(round_, *(said(one, text=LONG) for one in sections))
    small = [prepare(round_, said(sections[0], text=f"สั้น {n}")) for n in range(3)]
    covering, go_on, done = threading.Event(), threading.Event(), []
    real = intake.redact

    def redact(text):
        if text == LONG:
            covering.set()
            assert go_on.wait(30)
        return real(text)

    monkeypatch.setattr(intake, "redact", redact)

    def run():
        try:
            done.append(send(big))
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert covering.wait(30)
        for one in small:
            send(one)
        assert not done
    finally:
        go_on.set()
        thread.join()
    assert Submission.objects.count() == 4
    assert done[0].comments.count() == len(sections)
    assert ledger.verify(round_.pk) == []


@pytest.mark.parametrize(
    "limits", [{"comments": 2}, {"characters": 50}], ids=["comments", "characters"]
)
class TestCap:
    @pytest.fixture(autouse=True)
    def _limits(self, settings, limits):
        settings.RESPONSE_LIMITS = {**settings.RESPONSE_LIMITS, **limits}

    def test_keeping_more_is_refused_and_nothing_kept_is_lost(self, round_, sections):
        text = "ก" * 25
        prepared = prepare(round_, *(said(one, text=text) for one in sections[:2]))
        with pytest.raises(CommentError) as error:
            prepared_comment_save(
                prepared=prepared, said=said(sections[2], text="ข" * 25), now=make.NOW
            )
        assert error.value.code == "response_full"
        # Writing one of those anew is not one more.
        prepared_comment_save(
            prepared=prepared, said=said(sections[1], text="ค" * 25), now=make.NOW
        )
        assert send(prepared).comments.count() == 2

    def test_answers_of_the_form_count_too(self, round_, sections):
        prepared = prepare(round_, *(said(o, text="ก" * 25) for o in sections[:2]))
        with pytest.raises(CommentError) as error:
            send(prepared, answers=[Said(Subject(), "agree", "ทั้งฉบับ")])
        assert error.value.code == "response_full"
        assert PreparedComment.objects.count() == 2
        assert not Submission.objects.exists()

    def test_what_is_typed_in_for_somebody_is_capped(self, round_, sections):
        with pytest.raises(CommentError) as error:
            submission_receive(
                round_id=round_.pk,
                said=[said(one, text="ก" * 25) for one in sections[:3]],
                about=About(),
                now=make.NOW,
            )
        assert error.value.code == "response_full"
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize("htmx", [False, True])
    def test_the_form_says_so_and_shows_the_text_back(
        self, client, round_, sections, prefix, htmx
    ):
        headers = {"HTTP_HX_REQUEST": "true"} if htmx else {}
        for section in sections[:2]:
            save(client, section, text="ก" * 25)
        url = f"{prefix}{BASE}respond/save/"
        mine = {"subject": f"p{sections[2].pk}", "stance": "agree", "text": "ของฉัน" * 5}
        answer = client.post(url, mine, **headers)
        page = answer.content.decode()
        assert answer.status_code == (200 if htmx else 422)
        assert mine["text"] in page
        assert ("At most" if prefix else "ส่งครั้งหนึ่งได้ไม่เกิน") in page
        assert PreparedComment.objects.count() == 2

    @pytest.mark.parametrize("do", ["send", "keep"])
    def test_the_last_page_says_so_and_shows_the_text_back(
        self, client, round_, sections, do
    ):
        for section in sections[:2]:
            save(client, section, text="ก" * 25)
        form = {"do": do, "whole-stance": "agree", "whole-text": "ทั้งฉบับ " * 5,
                "capacity": "individual", "publication": "full"}  # fmt: skip
        answer = client.post(f"{BASE}respond/", form)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "ส่งครั้งหนึ่งได้ไม่เกิน" in page
        assert form["whole-text"].strip() in page
        assert PreparedComment.objects.count() == 2
        assert not Submission.objects.exists()
