"""What may be done to a comment, by whom, and that every act leaves its traces."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from comments import exposure, ledger, moderation, tallies
from comments.errors import CommentError
from comments.intake import About, submission_receive
from comments.models import (
    Comment,
    CommentText,
    ModerationEvent,
    Submission,
    Tally,
)
from comments.tasks import record_exposure
from consultations.models import Round
from drafts import clock
from drafts.models import AuditEntry, OutboxEntry
from drafts.revisions import revision_of
from tests import factories as make
from tests.commenting.conftest import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(round_):
    return make.make_member(round_.consultation.agency, "moderator")


def receive(round_, section, text="ข้อความ", **about) -> Comment:
    submission = submission_receive(
        round_id=round_.pk,
        said=[said(section, text=text)],
        about=About(**about),
        now=make.NOW,
    )
    return submission.comments.get()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def traces(comment):
    return (
        ModerationEvent.objects.filter(comment=comment).count(),
        AuditEntry.objects.filter(object_id=str(comment.pk)).count(),
        OutboxEntry.objects.filter(topic="comment", object_id=str(comment.pk)).count(),
    )


def test_hiding_and_restoring(round_, sections, moderator):
    comment = receive(round_, sections[0])
    before = traces(comment)
    by = {"by": moderator, "now": make.NOW}
    comment = moderation.comment_hide(
        comment=comment, ground="abusive", note="ลับ", **by
    )
    assert (comment.status, comment.hidden_ground) == ("hidden", "abusive")
    tally = Tally.objects.get(subject="round")
    assert (tally.total, tally.hidden) == (1, 1)
    assert traces(comment) == (before[0] + 1, before[1] + 1, before[2] + 1)
    comment = moderation.comment_restore(comment=comment, **by)
    assert (comment.status, comment.hidden_ground) == ("published", "")
    assert Tally.objects.get(subject="round").hidden == 0
    assert tallies.check(round_.pk) == ledger.verify(round_.pk) == []


def test_a_withheld_comment_is_restored_as_its_author_chose(
    round_, sections, moderator
):
    comment = receive(round_, sections[0], publication="text_withheld")
    by = {"by": moderator, "now": make.NOW}
    moderation.comment_hide(comment=comment, ground="unlawful", **by)
    assert moderation.comment_restore(comment=comment, **by).status == "withheld"


@pytest.mark.parametrize(
    ("act", "data", "code"),
    [
        (moderation.comment_hide, {"ground": "because"}, "ground_missing"),
        (moderation.comment_restore, {}, "wrong_state"),
        (moderation.comment_publish, {}, "wrong_state"),
        (
            moderation.comment_redact,
            {"text": "x", "suggestion": "", "reason": " "},
            "reason_missing",
        ),
        (
            moderation.comment_redact,
            {"text": "ข้อความ", "suggestion": "", "reason": "y"},
            "nothing_changed",
        ),
        (
            moderation.comment_redact,
            {"text": "คำอื่น", "suggestion": "", "reason": "y"},
            "words_changed",
        ),
    ],
)
def test_what_is_refused_changes_nothing(round_, sections, moderator, act, data, code):
    comment = receive(round_, sections[0])
    before = traces(comment)
    with pytest.raises(CommentError) as error:
        act(comment=comment, by=moderator, now=make.NOW, **data)
    assert error.value.code == code
    assert traces(comment) == before


def test_redacting_by_hand_makes_a_version(round_, sections, moderator):
    comment = receive(round_, sections[0], "นายสมชาย ใจดี บ้านอยู่หลังวัด สมชาย")
    text = moderation.words_cover(comment.public_text, ["นายสมชาย ใจดี", "สมชาย", ""])
    comment = moderation.comment_redact(
        comment=comment,
        text=text,
        suggestion="",
        reason="ชื่อผู้อื่น",
        by=moderator,
        now=make.NOW,
    )
    assert comment.public_text == (
        f"{moderation.BY_HAND} บ้านอยู่หลังวัด {moderation.BY_HAND}"
    )
    version = comment.texts.get(kind="redacted")
    assert (version.number, version.created_by) == (1, moderator)
    typed = comment.texts.get(kind="typed").text
    assert typed == "นายสมชาย ใจดี บ้านอยู่หลังวัด สมชาย"
    assert ledger.verify(round_.pk) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abc", "abc", True),
        ("abc", "a[ปกปิด]c", True),
        ("abc", "[ปกปิด: x]", True),
        ("abc", "a[ปกปิด]d", False),
        ("abc", "abc [ปกปิด] d", False),
        ("abc", "ab", False),
        ("aXbXc", "a[ปกปิด]b[ปกปิด]c", True),
        ("aXbXc", "b[ปกปิด]a", False),
    ],
)
def test_covering_is_all_a_redaction_may_do(old, new, expected):
    assert moderation.is_covering(old, new) is expected


def test_withdrawing_needs_the_receipt(round_, sections):
    comment = receive(round_, sections[0])
    with pytest.raises(CommentError) as error:
        moderation.comment_withdraw(comment=comment, receipt="RF-X", now=make.NOW)
    assert error.value.code == "other_receipt"
    receipt = comment.submission.receipt
    moderation.comment_withdraw(comment=comment, receipt=receipt, now=make.NOW)
    tally = Tally.objects.get(subject="round")
    assert (tally.total, tally.withdrawn) == (0, 1)
    assert tallies.check(round_.pk) == ledger.verify(round_.pk) == []


def test_marking_a_copy(round_, sections, moderator):
    first, second, third = (receive(round_, sections[0]) for _ in range(3))
    by = {"by": moderator, "now": make.NOW}
    moderation.comment_mark_duplicate(comment=second, of=first, **by)
    second.refresh_from_db()
    third = moderation.comment_mark_duplicate(comment=third, of=second, **by)
    assert third.duplicate_of == first
    with pytest.raises(CommentError):
        moderation.comment_mark_duplicate(comment=first, of=third, **by)
    third = moderation.comment_mark_duplicate(comment=third, of=None, **by)
    assert third.duplicate_of is None
    other = make.make_round()
    elsewhere = receive(other, other.version.provisions.first())
    with pytest.raises(CommentError):
        moderation.comment_mark_duplicate(comment=third, of=elsewhere, **by)


def picked(comment):
    return f"{comment.public_id}.{revision_of(moderation.comment_values(comment))}"


ROLES = ["editor", "approver", "moderator", "auditor"]


@pytest.mark.parametrize("role", [*ROLES, "stranger", "superuser", "anonymous"])
def test_who_may_do_what_at_the_desk(round_, sections, role):
    comment = receive(round_, sections[0], "เลข 1-2345-67890-12-1 จบ")
    agency = round_.consultation.agency
    if role == "stranger":
        user = make.make_member(make.make_agency(), "moderator")
    elif role == "superuser":
        user = make.make_user(is_staff=True, is_superuser=True)
    elif role == "anonymous":
        user = None
    else:
        user = make.make_member(agency, role)
    client = signed_in(user) if user else Client()
    base = f"/admin/desk/{round_.pk}/moderation/"
    one = f"{base}{comment.public_id}/"
    inside = role in ROLES
    for url in (base, one):
        assert (client.get(url).status_code == 200) is inside, url
    page = client.post(one, {"act": "unseal"})
    assert ("1-2345-67890-12-1" in page.content.decode()) is (role == "moderator")
    looked = AuditEntry.objects.filter(action="comment.sealed_viewed").count()
    assert looked == (role == "moderator")
    as_seen = {"revision": revision_of(moderation.comment_values(comment))}
    client.post(one, {"act": "hide", "ground": "abusive", **as_seen})
    comment.refresh_from_db()
    assert (comment.status == "hidden") is (role == "moderator")
    offline = client.get(f"{base}offline/").status_code
    assert (offline == 200) is (role in {"editor", "moderator"})
    if role in {"stranger", "superuser"}:
        assert client.get(one).status_code in {302, 403, 404}


def test_nobody_reaches_a_comment_through_another_round(round_, sections, moderator):
    other = make.make_round()
    elsewhere = receive(other, other.version.provisions.first())
    user = make.make_member(round_.consultation.agency, "moderator")
    url = f"/admin/desk/{round_.pk}/moderation/{elsewhere.public_id}/"
    client = signed_in(user)
    assert client.get(url).status_code == 404
    base = f"/admin/desk/{round_.pk}/moderation/"
    data = {"act": "hide", "ground": "abusive", "pick": [picked(elsewhere)]}
    client.post(base, data)
    elsewhere.refresh_from_db()
    assert elsewhere.status == "published"


def test_the_queue_filters_and_pages(round_, sections):
    for n in range(23):
        receive(round_, sections[0], f"ความเห็นที่ {n}")
    hidden = receive(round_, sections[0], "โทร 0812345678")
    user = make.make_member(round_.consultation.agency, "moderator")
    client = signed_in(user)
    base = f"/admin/desk/{round_.pk}/moderation/"
    page = client.get(base).content.decode()
    assert page.count('name="pick"') == 20
    assert "before=" in page
    unseen = {"act": "hide", "ground": "abusive", "pick": [hidden.public_id]}
    assert client.post(base, unseen).status_code == 409
    hidden.refresh_from_db()
    assert hidden.status == "published"
    client.post(base, {**unseen, "pick": [picked(hidden)]})
    for show, count in {
        "hidden": 1,
        "redacted": 1,
        "late": 0,
        "waiting": 0,
        "suspect": 0,
        "new": 20,
        "nonsense": 20,
    }.items():
        page = client.get(f"{base}?show={show}").content.decode()
        assert page.count('name="pick"') == count, show
    page = client.get(f"{base}?q=ความเห็นที่ 22").content.decode()
    assert page.count('name="pick"') == 1


def test_entering_what_came_on_paper(round_, sections):
    user = make.make_member(round_.consultation.agency, "editor")
    client = signed_in(user)
    url = f"/admin/desk/{round_.pk}/moderation/offline/"
    form = {
        "token": str(uuid.uuid4()),
        "channel": "paper",
        "received_on": "2026-11-22",
        "capacity": "association",
        "publication": "full",
        "organisation": "สมาคมทดสอบ",
        "0-subject": f"p{sections[0].pk}",
        "0-stance": "disagree",
        "0-text": "ตามจดหมาย",
        "1-subject": "whole",
        "1-stance": "agree",
        "1-text": "ทั้งฉบับ",
    }
    wrong = client.post(url, {**form, "0-stance": ""})
    assert wrong.status_code == 422
    assert "ตามจดหมาย" in wrong.content.decode()
    early = client.post(url, {**form, "received_on": "2026-11-01"})
    assert early.status_code == 422
    tomorrow = client.post(url, {**form, "received_on": "2026-11-24"})
    assert tomorrow.status_code == 422
    assert "ตามจดหมาย" in tomorrow.content.decode()
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    submission = Submission.objects.get()
    assert (submission.channel, submission.comments.count()) == ("paper", 2)
    assert submission.comments.first().public_name == "สมาคมทดสอบ"
    entry = AuditEntry.objects.get(action="submission.entered")
    assert entry.actor == user
    assert tallies.check(round_.pk) == ledger.verify(round_.pk) == []
    Round.objects.filter(pk=round_.pk).update(stage="reported")
    again = client.post(url, {**form, "token": str(uuid.uuid4())})
    assert again.status_code == 422
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(("hours", "is_entered"), [(-1, True), (13, True), (15, False)])
def test_nobody_enters_what_came_on_a_day_to_come(round_, sections, hours, is_entered):
    """Ten in the morning in Bangkok: in 13 hours it is today still, in 15 tomorrow."""
    call = {
        "round_id": round_.pk,
        "said": [said(sections[0])],
        "about": About(),
        "now": make.NOW + dt.timedelta(hours=hours),
        "by": make.make_member(round_.consultation.agency, "editor"),
    }
    if is_entered:
        assert submission_receive(**call).received_at <= clock.now()
        return
    with pytest.raises(CommentError) as refused:
        submission_receive(**call)
    assert refused.value.code == "future"
    assert not Submission.objects.exists()


def test_views_are_counted(round_, sections):
    first, second = receive(round_, sections[0]), receive(round_, sections[0])
    exposure.record([first.pk, second.pk])
    exposure.record([first.pk])
    record_exposure()
    record_exposure()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.times_shown, second.times_shown) == (2, 1)


def test_a_cache_that_is_away_stops_no_page(monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(exposure.cache, "get", away)
    exposure.record([1])


def test_the_command_finds_what_does_not_hold(round_, sections, capsys):
    receive(round_, sections[0])
    call_command("check_comments")
    assert "all hold" in capsys.readouterr().out
    Tally.objects.filter(subject="round").update(total=5)
    with pytest.raises(CommandError):
        call_command("check_comments")
    call_command("check_comments", rebuild=True)
    call_command("check_comments")
    assert CommentText.objects.count() == 1
