"""Themes put together and cut apart: what is shown first is what is done then."""

from __future__ import annotations

import random

import pytest

from comments.models import Comment, Theme, ThemeAssignment
from comments.nlp.parts import parts_of
from comments.themes import comparing, events, parts, quality, review, selectors
from comments.themes.candidates import candidates_of
from comments.themes.errors import ConflictError, ThemeError
from tests import factories
from tests.factories import NOW
from tests.themes.conftest import done
from tests.themes.test_desks import bench as bench  # noqa: PLC0414  the fixture
from tests.themes.test_desks import theme, url

pytestmark = pytest.mark.django_db

FEES = [
    "ค่าธรรมเนียมแพงเกินไปสำหรับร้านเล็ก",
    "ค่าธรรมเนียมควรลดลงครึ่งหนึ่ง",
    "ควรยกเว้นค่าธรรมเนียมให้ผู้สูงอายุ",
    "ค่าธรรมเนียมรายปีสูงเกินรายได้",
    "ขอให้ลดค่าธรรมเนียมสำหรับร้านเล็ก",
    "รายได้น้อยจ่ายค่าธรรมเนียมรายปีไม่ไหว",
]
PERMITS = [
    "ใบอนุญาตควรขอทางออนไลน์ได้",
    "ขอใบอนุญาตใช้เวลานานเกินไป",
    "ใบอนุญาตควรมีอายุห้าปี",
    "ขั้นตอนขอใบอนุญาตยุ่งยาก เอกสารมาก",
    "เอกสารขอใบอนุญาตควรยื่นทางออนไลน์",
]


@pytest.fixture
def mixed(bench, work):
    """One theme that holds two matters: the stand-in groups by the first word."""
    factories.make_comments(bench, [f"รวม {text}" for text in [*FEES, *PERMITS]])
    done(bench)
    return theme(bench, "รวม")


# --- the proposal -----------------------------------------------------------


def test_parts_are_the_two_matters_in_any_order_of_the_texts():
    texts = [*FEES, *PERMITS]
    found = parts_of(texts, 2)
    assert found is not None
    assert found.part == (0,) * len(FEES) + (1,) * len(PERMITS)
    assert any("ค่าธรรมเนียม" in phrase for phrase in found.phrases[0])
    assert any("ใบอนุญาต" in phrase for phrase in found.phrases[1])
    order = list(range(len(texts)))
    random.Random(7).shuffle(order)
    again = parts_of([texts[i] for i in order], 2)
    assert again is not None
    assert again.part == tuple(found.part[i] for i in order)
    assert again.phrases == found.phrases


@pytest.mark.parametrize(
    "texts", [[], ["ก"], FEES[:3], ["👍", "555", "", "ๆ", "?", "-"]]
)
def test_what_does_not_fall_apart_is_not_parted(texts):
    assert parts_of(texts, 2) is None


def test_a_large_theme_is_parted_by_a_sample():
    texts = [f"{FEES[n % 6]} ร้านที่ {n}" for n in range(900)]
    texts += [f"{PERMITS[n % 5]} คำขอที่ {n}" for n in range(800)]
    found = parts_of(texts, 2)
    assert found is not None
    assert len(set(found.part[:900])) == len(set(found.part[900:])) == 1


def test_proposal_keeps_copies_together_and_leaves_withheld_words(mixed):
    rows = mixed.assignments.order_by("comment_id")
    first, withheld = rows[0], rows[1]
    copy = factories.make_comments(mixed.round, ["รวม " + FEES[0]])[0]
    ThemeAssignment.objects.create(
        round=mixed.round, comment=copy, theme=mixed, source="machine",
        argument=first.comment_id, assigned_at=NOW,
    )  # fmt: skip
    Comment.objects.filter(pk=withheld.comment_id).update(status="withheld")
    found = parts.parts_proposed(mixed, 2)
    assert len(found) == 2
    homes = [set(part.comments) for part in found]
    assert any({first.comment_id, copy.pk} <= home for home in homes)
    assert not any(withheld.comment_id in home for home in homes)
    assert parts.parts_proposed(mixed, 7) == []


def test_split_as_proposed_shown_confirmed_and_undone(mixed, bench, client):
    client.force_login(bench.editor)
    address = url("desk_theme_split", bench, mixed.number)
    before = events.state_of(bench)
    page = client.get(address, {"parts": "2"})
    assert [len(part.comments) for part in page.context["proposed"]] == [6, 5]
    page = client.get(address, {"parts": "2", "part": "2"})
    shown = set(page.context["proposed"][1].comments)
    assert (page.context["taken_count"], page.context["rest_count"]) == (5, 6)
    assert "ใบอนุญาต" in page.context["title"]
    assert events.state_of(bench) == before, "a preview changes nothing"
    data = {
        "parts": "2", "part": "2", "title": "ขอใบอนุญาตยาก", "expected": "5",
        "seen": page.context["seen"], "revision": str(mixed.revision),
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    made = theme(bench, "ขอใบอนุญาตยาก")
    assert set(made.assignments.values_list("comment_id", flat=True)) == shown
    client.post(
        url("desk_theme", bench, made.number),
        {"action": "undo", "event": review.undoable(bench, bench.editor).number},
    )
    assert mixed.assignments.count() == 11
    assert events.replay(bench) == events.state_of(bench)


def test_split_is_refused_when_as_many_but_others_are_taken(mixed, bench):
    rule = parts.SplitRule(words="ควร")
    ids = list(parts.split_rows(mixed, rule).values_list("comment_id", flat=True))
    gone = {"comments": ids[:1], "seen_in": (mixed.number, ""), "bucket": "other"}
    now = {"by": bench.editor, "now": NOW}
    review.comment_move(round=bench, **gone, **now)
    other = theme(bench, "ใบอนุญาต").assignments.filter(
        comment__public_text__contains="ควร"
    )[0]
    review.comment_move(
        round=bench, comments=[other.comment_id],
        seen_in=(theme(bench, "ใบอนุญาต").number, ""), theme=mixed.number, **now,
    )  # fmt: skip
    assert parts.split_rows(mixed, rule).count() == len(ids)
    with pytest.raises(ConflictError):
        review.theme_split(
            theme=mixed, revision=mixed.revision, rule=rule, title="ควร",
            expected=len(ids), seen=parts.fingerprint(ids), **now,
        )  # fmt: skip


# --- side by side -----------------------------------------------------------


def test_sides_show_phrases_sections_and_nearness(bench):
    sides = [theme(bench), theme(bench, "ใบอนุญาต")]
    row = sides[0].assignments.select_related("comment__provision").first()
    found = comparing.sides_of(bench, sides)
    assert found[0].phrases == ("ค่าธรรมเนียม",)
    assert sum(n for _label, n in found[0].sections) <= sides[0].assignments.count()
    if row.comment.provision:
        assert row.comment.provision.label in dict(found[0].sections)
    assert (found[0].second, found[0].also) == (0, 0)
    candidates = candidates_of(bench)
    number = next(iter(candidates.members[sides[1].number]))
    mine = candidates.run.assignments.filter(comment=row.comment_id)
    mine.update(runner_up=number, also=[number])
    found = comparing.sides_of(bench, sides)
    assert (found[0].second, found[0].also) == (1, 1)
    assert (found[1].second, found[1].also) == (0, 0)


@pytest.mark.parametrize(
    ("keep", "called"),
    [("into", "ค่าธรรมเนียม"), ("theme", "ใบอนุญาต"), ("own", "เงินและเอกสาร")],
)
def test_merged_theme_gets_the_chosen_title(bench, client, keep, called):
    client.force_login(bench.editor)
    fee, permit = theme(bench), theme(bench, "ใบอนุญาต")
    before = events.state_of(bench)
    data = {
        "into": fee.number, "revision": "0", "into_revision": "0", "keep": keep,
        "title": "เงินและเอกสาร",
    }  # fmt: skip
    client.post(url("desk_theme_merge", bench, permit.number), data)
    fee.refresh_from_db()
    assert fee.title == called
    assert fee.title_source == ("machine" if keep == "into" else "person")
    assert fee.assignments.count() == 7
    act = review.undoable(bench, bench.editor)
    review.undo(round=bench, event=act, by=bench.editor, now=NOW)
    after = events.state_of(bench)
    assert {n: f["title"] for n, f in after.themes.items()} == {
        n: f["title"] for n, f in before.themes.items()
    }
    assert {pk: place[:2] for pk, place in after.places.items()} == {
        pk: place[:2] for pk, place in before.places.items()
    }


def test_merge_without_a_title_says_so_and_keeps_the_choice(bench, client):
    client.force_login(bench.editor)
    fee, permit = theme(bench), theme(bench, "ใบอนุญาต")
    data = {"into": fee.number, "revision": "0", "into_revision": "0", "keep": "own"}
    page = client.post(url("desk_theme_merge", bench, permit.number), data)
    assert page.status_code == 422
    assert page.context["keep"] == "own"
    assert permit.assignments.count() == 3


def test_a_signed_theme_keeps_its_title(bench):
    fee, permit = theme(bench), theme(bench, "ใบอนุญาต")
    now = {"by": bench.editor, "now": NOW}
    review.theme_approve(theme=fee, revision=0, **now)
    merge = {"theme": permit, "revision": 0, "into": fee, "into_revision": 1}
    with pytest.raises(ThemeError, match="รับรองแล้ว"):
        review.theme_merge(**merge, title="ชื่อใหม่", **now)
    review.theme_merge(**merge, **now)
    assert Theme.objects.get(pk=fee.pk).status == "approved"


def test_merge_page_asks_no_more_for_more_comments(
    mixed, bench, client, django_assert_max_num_queries
):
    client.force_login(bench.editor)
    address = url("desk_theme_merge", bench, mixed.number)
    data = {"into": theme(bench).number}
    client.get(address, data)
    with django_assert_max_num_queries(45) as few:
        client.get(address, data)
    factories.make_comments(bench, [f"รวม ค่าธรรมเนียม {n}" for n in range(60)])
    done(bench)
    with django_assert_max_num_queries(45) as many:
        client.get(address, data)
    assert len(many) <= len(few) + 2


# --- rules ------------------------------------------------------------------


def rule_named(round_, code):
    bench_ = selectors.workbench(round_)
    found = quality.rules_of(round_, bench_, candidates_of(round_))
    return next(rule for rule in found if rule.code == code)


def test_a_stance_without_words_to_quote_is_found(bench):
    assert rule_named(bench, "quotable").ok
    fee = theme(bench)
    ids = fee.assignments.values("comment")
    Comment.objects.filter(pk__in=ids).update(status="withheld")
    found = rule_named(bench, "quotable").found
    assert {row.number for one in found for row in one.themes} == {fee.number}


def test_a_signed_theme_without_an_answer_is_found(bench, client):
    client.force_login(bench.editor)
    fee = theme(bench)
    review.theme_approve(theme=fee, revision=0, by=bench.editor, now=NOW)
    page = client.get(url("desk_themes_rules", bench))
    answered = next(rule for rule in page.context["rules"] if rule.code == "answered")
    assert [row.number for one in answered.found for row in one.themes] == [fee.number]
    assert url("desk_answer", bench, fee.number) in page.content.decode()
