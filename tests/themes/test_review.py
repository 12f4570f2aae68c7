"""Two officers lose nothing of each other's work; the log plays back to the same."""

from __future__ import annotations

import datetime as dt

import pytest

from comments.models import Comment, Theme, ThemeAssignment, ThemeEvent
from comments.themes import adopt, events, parts, quotes, review, selectors
from comments.themes.errors import ConflictError, ThemeError
from comments.themes.selectors import accounting
from consultations.models import Role
from drafts.models import AuditEntry
from tests import factories
from tests.factories import NOW
from tests.themes.conftest import done

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(round_, work):
    done(round_)
    agency = round_.consultation.agency
    round_.a = factories.make_member(agency, Role.EDITOR, first_name="สมชาย")
    round_.b = factories.make_member(agency, Role.EDITOR, first_name="สมหญิง")
    yield round_
    counts = accounting(round_)
    assert sum(counts.values()) == 2 * counts["received"]
    assert events.replay(round_) == events.state_of(round_)


def theme(round_, title) -> Theme:
    return Theme.objects.get(round=round_, title=title)


def rename(found, title, by, revision=None):
    return review.theme_rename(
        theme=found,
        revision=found.revision if revision is None else revision,
        title=title,
        title_en="",
        note="",
        by=by,
        now=NOW,
    )


def test_second_officer_is_told_who_was_first(bench):
    fee = theme(bench, "ค่าธรรมเนียม")
    rename(fee, "ค่าธรรมเนียมสูงเกินไป", bench.a)
    with pytest.raises(ConflictError, match="สมชาย"):
        rename(fee, "ค่าธรรมเนียมแพง", bench.b, revision=0)
    fee.refresh_from_db()
    assert fee.title == "ค่าธรรมเนียมสูงเกินไป"
    assert fee.title_source == "person"


@pytest.mark.parametrize("title", ["", "   ", "ก" * 301])
def test_bad_titles_are_refused(bench, title):
    with pytest.raises(ThemeError):
        rename(theme(bench, "ค่าธรรมเนียม"), title, bench.a)


def test_merge_moves_all_and_says_where(bench):
    fee, permit = theme(bench, "ค่าธรรมเนียม"), theme(bench, "ใบอนุญาต")
    review.theme_merge(
        theme=fee, revision=0, into=permit, into_revision=0, by=bench.a, now=NOW
    )
    fee.refresh_from_db()
    assert fee.status == "merged"
    assert fee.merged_into == permit
    assert permit.assignments.count() == 7
    with pytest.raises(ConflictError, match="สมชาย"):
        review.theme_approve(theme=permit, revision=0, by=bench.b, now=NOW)


def test_merge_into_itself_is_refused(bench):
    fee = theme(bench, "ค่าธรรมเนียม")
    with pytest.raises(ThemeError):
        review.theme_merge(
            theme=fee, revision=0, into=fee, into_revision=0, by=bench.a, now=NOW
        )


def test_two_officers_move_different_comments_of_one_theme(bench):
    fee, permit = theme(bench, "ค่าธรรมเนียม"), theme(bench, "ใบอนุญาต")
    one, two = fee.assignments.order_by("pk")[:2]
    seen = (fee.number, "")
    for place, by in ((one, bench.a), (two, bench.b)):
        review.comment_move(
            round=bench, comments=[place.comment_id], seen_in=seen,
            theme=permit.number, by=by, now=NOW,
        )  # fmt: skip
    assert permit.assignments.filter(source="person").count() == 2
    with pytest.raises(ConflictError, match="สมชาย"):
        review.comment_move(
            round=bench, comments=[one.comment_id], seen_in=seen, bucket="other",
            by=bench.b, now=NOW,
        )  # fmt: skip
    one.refresh_from_db()
    assert one.theme == permit
    assert one.assigned_by == bench.a


def test_split_needs_what_was_shown(bench):
    fee = theme(bench, "ค่าธรรมเนียม")
    rule = parts.SplitRule(words="ควร")
    args = {"theme": fee, "revision": 0, "rule": rule, "by": bench.a, "now": NOW}
    assert parts.split_rows(fee, rule).count() == 2
    with pytest.raises(ConflictError):
        review.theme_split(**args, title="ลดค่าธรรมเนียม", expected=1)
    made = review.theme_split(**args, title="ลดค่าธรรมเนียม", expected=2)
    assert made.assignments.count() == 2
    assert fee.assignments.count() == 2
    assert made.created_by == bench.a


def test_split_that_takes_all_is_refused(bench):
    with pytest.raises(ThemeError, match="สองส่วน"):
        review.theme_split(
            theme=theme(bench, "ค่าธรรมเนียม"), revision=0, expected=4, title="ก",
            rule=parts.SplitRule(words="ค่าธรรมเนียม"), by=bench.a, now=NOW,
        )  # fmt: skip


def test_theme_of_one_comment(bench):
    lone = ThemeAssignment.objects.get(bucket="few").comment
    made = review.theme_create_from_comment(comment=lone, title="", by=bench.a, now=NOW)
    assert made.title == lone.public_text
    assert accounting(bench)["few"] == 0
    # A colleague who still sees it in the bucket does not take it out of the new theme.
    with pytest.raises(ConflictError):
        review.theme_create_from_comment(
            comment=lone, title="อีกชื่อ", seen_in=(0, "few"), by=bench.b, now=NOW
        )
    with pytest.raises(ConflictError):
        review.evidence_toggle(
            comment=lone, on=True, seen_in=(0, "few"), by=bench.b, now=NOW
        )
    place = ThemeAssignment.objects.get(comment=lone)
    assert (place.theme, place.evidence) == (made, False)


def test_reject_keeps_the_comments(bench):
    fee = theme(bench, "ค่าธรรมเนียม")
    review.theme_reject(theme=fee, revision=0, by=bench.a, now=NOW)
    assert accounting(bench)["other"] == 4


def test_undo_brings_back_and_refuses_when_built_upon(bench):
    before = events.state_of(bench)
    fee, permit = theme(bench, "ค่าธรรมเนียม"), theme(bench, "ใบอนุญาต")
    act = review.theme_merge(
        theme=fee, revision=0, into=permit, into_revision=0, by=bench.a, now=NOW
    )
    review.undo(round=bench, event=act, by=bench.a, now=NOW)
    assert events.state_of(bench) == before
    assert review.undoable(bench, bench.a) is None
    fee.refresh_from_db()
    act = rename(fee, "ก", bench.a)
    fee.refresh_from_db()
    rename(fee, "ข", bench.b)
    with pytest.raises(ConflictError, match="สมหญิง"):
        review.undo(round=bench, event=act, by=bench.a, now=NOW)
    with pytest.raises(ThemeError, match="ของคุณเอง"):
        review.undo(round=bench, event=act, by=bench.b, now=NOW)


def test_every_act_is_an_event_and_an_audit_entry(bench):
    fee = theme(bench, "ค่าธรรมเนียม")
    review.theme_approve(theme=fee, revision=0, by=bench.a, now=NOW)
    review.evidence_toggle(
        comment=fee.assignments.first().comment, on=True, by=bench.b, now=NOW
    )
    kinds = list(ThemeEvent.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == ["run.adopted", "theme.approved", "evidence.set"]
    assert AuditEntry.objects.filter(action="theme.approved", actor=bench.a).exists()


def test_rerun_moves_nothing_that_people_did(bench, work):
    fee, permit = theme(bench, "ค่าธรรมเนียม"), theme(bench, "ใบอนุญาต")
    review.theme_approve(theme=fee, revision=0, by=bench.a, now=NOW)
    moved = permit.assignments.first()
    review.comment_move(
        round=bench, comments=[moved.comment_id], seen_in=(permit.number, ""),
        bucket="other", by=bench.b, now=NOW,
    )  # fmt: skip
    before = events.state_of(bench)
    factories.make_comments(bench, ["ค่าธรรมเนียม ใหม่", "เรื่องใหม่ ก", "เรื่องใหม่ ข"])
    run = done(bench)
    assert events.state_of(bench) == before, "a re-run proposes, it does not change"
    assert accounting(bench)["waiting"] == 3
    seen = adopt.adoption_preview(round=bench, run=run, only_new=False)
    assert [title for _n, title, _size in seen.new_themes] == ["เรื่องใหม่"]
    assert seen.kept == 9
    adopt.run_adopt(
        round=bench, run=run, by=bench.a, now=NOW, after_event=seen.event_number
    )
    after = events.state_of(bench)
    assert {pk: after.places[pk] for pk in before.places} == before.places
    assert fee.assignments.count() == 5, "a new comment joins the frozen theme"
    assert accounting(bench)["waiting"] == 0


def test_adoption_is_refused_if_somebody_worked_in_between(bench, work):
    fee = theme(bench, "ค่าธรรมเนียม")
    rename(fee, "ค่าธรรมเนียมแพง", bench.a)
    factories.make_comments(bench, ["ค่าธรรมเนียม ใหม่"])
    run = done(bench)
    seen = adopt.adoption_preview(round=bench, run=run, only_new=False)
    rename(theme(bench, "ใบอนุญาต"), "ใบอนุญาตช้า", bench.b)
    with pytest.raises(ConflictError):
        adopt.run_adopt(
            round=bench, run=run, by=bench.a, now=NOW, after_event=seen.event_number
        )


def test_untouched_round_takes_a_new_run_by_itself(bench, work):
    factories.make_comments(bench, ["ค่าธรรมเนียม ใหม่"])
    done(bench)
    assert accounting(bench)["waiting"] == 0
    assert theme(bench, "ค่าธรรมเนียม").assignments.count() == 5


def test_quotations_are_exact_and_only_from_published_text(bench):
    fee = theme(bench, "ค่าธรรมเนียม")
    found = quotes.quotations([fee])[fee.pk]
    texts = Comment.objects.in_bulk()
    assert found
    for quote in found:
        text = texts[quote.comment_id].public_text
        assert text[quote.start : quote.end] == quote.text
    for place in fee.assignments.all():
        Comment.objects.filter(pk=place.comment_id).update(status="withheld")
    assert quotes.quotations([fee])[fee.pk] == []


def test_text_redacted_since_is_not_cut_by_old_offsets(bench):
    fee = theme(bench, "ค่าธรรมเนียม")
    first = quotes.quotations([fee])[fee.pk][0]
    Comment.objects.filter(pk=first.comment_id).update(public_text="[ปกปิด] แพง")
    for quote in quotes.quotations([fee])[fee.pk]:
        text = Comment.objects.get(pk=quote.comment_id).public_text
        assert text[quote.start : quote.end] == quote.text


def test_every_stance_has_a_quotation(bench):
    factories.make_comments(bench, ["ค่าธรรมเนียม เหมาะสมแล้ว"], stance="agree")
    done(bench)
    fee = theme(bench, "ค่าธรรมเนียม")
    assert {q.stance for q in quotes.quotations([fee])[fee.pk]} == {
        "agree",
        "disagree",
    }


def test_numbers_say_all_and_distinct(bench):
    themes, _buckets, _retired = selectors.piles_of(bench)
    fee = next(row for row in themes if row.title == "ค่าธรรมเนียม")
    assert (fee.size, fee.distinct) == (4, 3)


def test_nobody_works_before_the_first_run_is_whole(round_, work):
    Theme.objects.create(round=round_, number=1, title="ก")
    with pytest.raises(ThemeError, match="เริ่มวิเคราะห์"):
        rename(theme(round_, "ก"), "ข", factories.make_user())


def test_events_cannot_be_changed(bench):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        ThemeEvent.objects.update(created_at=NOW + dt.timedelta(days=1))
