"""An argument that several people made is counted for one of them, always."""

from __future__ import annotations

import pytest

from comments import moderation, tallies
from comments.errors import CommentError
from comments.models import Comment
from consultations.report.membership import members_of
from tests.factories import NOW, make_comments, make_round, make_user

pytestmark = pytest.mark.django_db


def states(round_) -> list[str]:
    return [row.state for row in members_of(round_).members.rows]


@pytest.mark.parametrize("act", ["withdraw", "hide"])
def test_the_earliest_copy_stands_in(act: str) -> None:
    round_ = make_round()
    first, second, third = make_comments(round_, ["ก", "ก", "ก"])
    tallies.rebuild(round_.pk)
    by = make_user()
    for copy in (second, third):
        moderation.comment_mark_duplicate(comment=copy, of=first, by=by, now=NOW)
    assert states(round_).count("counted") == 1
    if act == "withdraw":
        moderation.comment_withdraw(
            comment=first, receipt=first.submission.receipt, now=NOW
        )
    else:
        moderation.comment_hide(comment=first, ground="abusive", by=by, now=NOW)
    assert states(round_).count("counted") == 1
    assert Comment.objects.get(pk=third.pk).duplicate_of_id == second.pk


def test_nothing_is_a_copy_of_what_is_not_counted() -> None:
    round_ = make_round()
    first, second = make_comments(round_, ["ก", "ก"])
    tallies.rebuild(round_.pk)
    by = make_user()
    moderation.comment_hide(comment=first, ground="abusive", by=by, now=NOW)
    with pytest.raises(CommentError):
        moderation.comment_mark_duplicate(comment=second, of=first, by=by, now=NOW)


def test_signing_in_without_its_guard_says_so(client, settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/1",
        }
    }
    form = {"login": "a@example.org", "password": "x"}
    answer = client.post("/accounts/login/", form)
    assert answer.status_code == 503
    assert "ชั่วคราว" in answer.content.decode()
