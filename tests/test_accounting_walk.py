"""Random walks through everything done to comments: all stays accounted for."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from comments import ledger, tallies
from comments.errors import CommentError
from comments.intake import About, submission_receive
from comments.models import Comment, Ground, Publication, Stance, Status
from comments.moderation import (
    comment_hide,
    comment_mark_duplicate,
    comment_publish,
    comment_redact,
    comment_restore,
    comment_withdraw,
)
from comments.preparing import Said, Subject
from consultations.report.membership import members_of
from tests import factories as make

STANCES = [value for value in Stance.values if value != Stance.NOT_STATED]
TEXTS = ["", "ภาระมาก โทร 0812345678"]
STATES = {"counted", "late", "hidden", "withdrawn", "duplicate"}


def _send(dice: random.Random, round_, now: dt.datetime) -> None:
    subjects = [
        *(Subject(provision_id=p.pk) for p in round_.version.provisions.all()),
        *(Subject(question_id=q.pk) for q in round_.questions.all()),
        Subject(),
    ]
    submission_receive(
        round_id=round_.pk,
        said=[
            Said(subject, dice.choice(STANCES), dice.choice(TEXTS))
            for subject in dice.sample(subjects, dice.randint(1, 3))
        ],
        about=About(publication=dice.choice(Publication.values)),
        now=now,
        late=dice.random() < 0.2,
    )


def _act(dice: random.Random, row: Comment, other: Comment, by, now) -> None:
    act = dice.choice(
        ["hide", "restore", "withdraw", "redact", "duplicate", "single", "publish"]
    )
    if act == "hide":
        comment_hide(comment=row, ground=dice.choice(Ground.values), by=by, now=now)
    elif act == "restore":
        comment_restore(comment=row, by=by, now=now)
    elif act == "withdraw":
        comment_withdraw(comment=row, receipt=row.submission.receipt, now=now)
    elif act == "redact":
        comment_redact(
            comment=row,
            text=row.public_text.replace("ภาระ", "[ปกปิดโดยเจ้าหน้าที่]", 1),
            suggestion=row.public_suggestion,
            reason="ทดสอบ",
            by=by,
            now=now,
        )
    elif act == "publish":
        comment_publish(comment=row, by=by, now=now)
    else:
        of = other if act == "duplicate" else None
        comment_mark_duplicate(comment=row, of=of, by=by, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("checked_first", [False, True])
def test_whatever_is_done_everything_is_accounted_for(
    settings, seed: int, checked_first: bool
) -> None:
    settings.COMMENTS_CHECKED_FIRST = checked_first
    dice = random.Random(seed)
    round_ = make.make_round(sections=3, questions=2)
    by = make.make_user()
    done = 0
    for step in range(60):
        now = make.NOW + dt.timedelta(minutes=step)
        rows = list(Comment.objects.filter(round=round_).order_by("pk"))
        if not rows or dice.random() < 0.25:
            _send(dice, round_, now)
            continue
        try:
            _act(dice, dice.choice(rows), dice.choice(rows), by, now)
            done += 1
        except CommentError:
            pass  # refused acts must change nothing: the checks below hold after all
    assert done > 10
    assert tallies.check(round_.pk) == []
    assert ledger.verify(round_.pk) == []
    rows = Comment.objects.filter(round=round_)
    tally = round_.tallies.get(subject="round")
    assert rows.count() == tally.total + tally.late + tally.withdrawn
    assert tally.total == sum(getattr(tally, stance) for stance in Stance.values)
    members = members_of(round_).members.rows
    assert len(members) == len({m.pk for m in members}) == rows.count()
    assert {m.state for m in members} <= STATES
    states = Counter(m.state for m in members)
    assert sum(states.values()) == tally.total + tally.late + tally.withdrawn
    assert states["withdrawn"] == tally.withdrawn
    on_time_hidden = rows.filter(status=Status.HIDDEN, late=False).count()
    assert tally.hidden == on_time_hidden
    assert states["counted"] + states["duplicate"] == tally.total - tally.hidden
    assert rows.filter(status=Status.WITHDRAWN).exclude(public_text="").count() == 0
