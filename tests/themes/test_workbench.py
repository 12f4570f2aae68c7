"""Map, reading queue, rules, notes, colleagues: what they show and never lose."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from comments.models import (
    CandidateAssignment,
    Comment,
    Source,
    Theme,
    ThemeAssignment,
    ThemeRun,
    WorkNote,
)
from comments.themes import events, notes, quality, review, selectors
from comments.themes.by_section import piles_by_subject
from comments.themes.candidates import candidates_of
from comments.themes.errors import ConflictError, ThemeError
from comments.themes.reading_queue import queue
from comments.themes.theme_map import HEIGHT, WIDTH, draw
from drafts.models import AuditEntry
from tests import factories
from tests.factories import NOW
from tests.themes.conftest import done
from tests.themes.test_desks import bench as bench  # noqa: PLC0414  the fixture
from tests.themes.test_desks import theme, url

pytestmark = pytest.mark.django_db

NEW_PAGES = [
    "desk_themes_map",
    "desk_themes_rules",
    "desk_themes_parts",
    "desk_themes_queue",
]


def measured(round_, **metrics) -> None:
    """Put what the pipeline measures into the adopted run."""
    run = ThemeRun.objects.get(round=round_, is_current=True)
    run.metrics["run"]["metrics"] = metrics
    ThemeRun.objects.filter(pk=run.pk).update(metrics=run.metrics)


@pytest.mark.parametrize("name", NEW_PAGES)
def test_pages_open_for_the_agency_alone(bench, client, name):
    for user in (bench.editor, bench.approver, bench.auditor):
        client.force_login(user)
        assert client.get(url(name, bench)).status_code == 200
    client.force_login(bench.stranger)
    assert client.get(url(name, bench)).status_code == 404


@pytest.mark.parametrize("name", NEW_PAGES)
def test_pages_open_before_any_run(round_, client, name):
    client.force_login(factories.make_member(round_.consultation.agency, "editor"))
    # Without the right to enter the admin nobody gets in; with it the page is empty.
    answer = client.get(url(name, round_))
    assert answer.status_code in {200, 302}


@pytest.mark.parametrize("name", NEW_PAGES)
def test_queries_do_not_grow(bench, client, django_assert_max_num_queries, name):
    client.force_login(bench.editor)
    client.get(url(name, bench))
    with django_assert_max_num_queries(34) as few:
        client.get(url(name, bench))
    factories.make_comments(bench, [f"ค่าธรรมเนียม {n}" for n in range(60)])
    done(bench)
    with django_assert_max_num_queries(34) as many:
        client.get(url(name, bench))
    assert len(many) <= len(few) + 2


# --- the map ---------------------------------------------------------------


def test_a_merged_theme_lies_between_its_parts(bench):
    points = {"1": [0.0, 0.0], "2": [1.0, 1.0]}
    measured(bench, map={"themes": points})
    rows = selectors.piles_of(bench)[0]
    circles = {c.row.number: c for c in draw(rows, candidates_of(bench))}
    first, second = circles[1], circles[2]
    assert first.x < second.x
    assert first.y > second.y  # up is more
    assert first.near[0].number == 2
    a, b = Theme.objects.filter(round=bench).order_by("number")[:2]
    review.theme_merge(
        theme=a, revision=0, into=b, into_revision=0, by=bench.editor, now=NOW
    )
    (merged,) = draw(selectors.piles_of(bench)[0], candidates_of(bench))
    assert first.x < merged.x < second.x


def test_circles_do_not_lie_over_each_other_nor_outside(bench):
    measured(bench, map={"themes": {"1": [0.5, 0.5], "2": [0.5, 0.5]}})
    a, b = draw(selectors.piles_of(bench)[0], candidates_of(bench))
    assert (a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= (a.r + b.r) ** 2
    for circle in (a, b):
        assert circle.r <= circle.x <= WIDTH - circle.r
        assert circle.r <= circle.y <= HEIGHT - circle.r


def test_map_page_is_a_table_too(bench, client):
    measured(bench, map={"themes": {"1": [0.1, 0.2]}})
    client.force_login(bench.editor)
    page = client.get(url("desk_themes_map", bench)).content.decode()
    assert page.count("<circle") == 1
    assert "<table" in page
    for row in selectors.piles_of(bench)[0]:
        assert url("desk_theme", bench, row.number) in page  # drawn or named


# --- the reading queue -----------------------------------------------------


def test_queue_is_least_certain_first_and_what_is_confirmed_leaves(bench, client):
    places = list(queue(bench))
    assert places
    assert [p.margin for p in places] == sorted(p.margin for p in places)
    first = places[0]
    client.force_login(bench.editor)
    data = {
        "action": "confirm",
        "comment": first.comment_id,
        "seen": first.theme.number,
    }
    assert client.post(url("desk_themes_queue", bench), data).status_code == 302
    place = ThemeAssignment.objects.get(pk=first.pk)
    assert (place.source, place.theme, place.assigned_by) == (
        Source.PERSON,
        first.theme,
        bench.editor,
    )
    assert first.pk not in {p.pk for p in queue(bench)}
    event = selectors.history(bench)[0]
    assert event.kind == "comments.confirmed"
    assert events.replay(bench) == events.state_of(bench)


def test_a_rerun_leaves_what_was_confirmed(bench, work):
    first = queue(bench).first()
    review.comment_move(
        round=bench,
        comments=[first.comment_id],
        seen_in=(first.theme.number, ""),
        theme=first.theme.number,
        by=bench.editor,
        now=NOW,
    )
    done(bench, detail="more")
    place = ThemeAssignment.objects.get(pk=first.pk)
    assert (place.source, place.theme) == (Source.PERSON, first.theme)


def test_nobody_moves_unseen_what_a_colleague_confirmed(bench, client):
    first = queue(bench).first()
    seen = {"comment": first.comment_id, "seen": first.theme.number}
    client.force_login(bench.editor)
    client.post(url("desk_themes_queue", bench), {"action": "confirm", **seen})
    client.force_login(bench.approver)
    late = {"action": "move", "target": "other", **seen}
    answer = client.post(url("desk_themes_queue", bench), late)
    assert answer.status_code == 409
    assert "สมชาย" in answer.content.decode()
    place = ThemeAssignment.objects.get(pk=first.pk)
    assert (place.theme, place.assigned_by) == (first.theme, bench.editor)


def test_queue_names_the_second_best(bench, client):
    first = queue(bench).first()
    other = Theme.objects.filter(round=bench).exclude(pk=first.theme.pk).first()
    CandidateAssignment.objects.filter(comment=first.comment_id).update(
        runner_up=other.number
    )
    client.force_login(bench.editor)
    page = client.get(url("desk_themes_queue", bench)).content.decode()
    assert "รองลงมา" in page
    assert other.title in page


def test_signed_themes_are_not_in_the_queue(bench):
    Theme.objects.filter(round=bench).update(status="approved")
    assert not queue(bench).exists()


# --- rules -----------------------------------------------------------------


def rule(round_, code):
    bench_ = selectors.workbench(round_)
    rules = quality.rules_of(round_, bench_, candidates_of(round_))
    return next(one for one in rules if one.code == code)


def test_twins_are_found_by_meaning_and_by_title(bench):
    assert rule(bench, "twins").ok
    measured(bench, rules=[{"id": "twins", "themes": [[1, 2]]}])
    (found,) = rule(bench, "twins").found
    assert [row.number for row in found.themes] == [1, 2]
    measured(bench)
    Theme.objects.filter(round=bench).update(title="ชื่อ เดียวกัน")
    assert len(rule(bench, "twins").found) == 1


def test_merged_twins_are_no_longer_found(bench):
    measured(bench, rules=[{"id": "twins", "themes": [[1, 2]]}])
    a, b = Theme.objects.filter(round=bench).order_by("number")[:2]
    review.theme_merge(
        theme=a, revision=0, into=b, into_revision=0, by=bench.editor, now=NOW
    )
    assert rule(bench, "twins").ok


def test_overlap_counts_comments_that_speak_of_both(bench):
    factories.make_comments(bench, [f"ค่าธรรมเนียม เรื่องที่ {n}" for n in range(20)])
    factories.make_comments(bench, [f"ใบอนุญาต เรื่องที่ {n}" for n in range(20)])
    done(bench)
    assert rule(bench, "overlap").ok
    run = candidates_of(bench).run
    rows = CandidateAssignment.objects.filter(run=run, theme__number=1)
    rows.update(also=[2])
    (found,) = rule(bench, "overlap").found
    assert {row.title for row in found.themes} == {"ค่าธรรมเนียม", "ใบอนุญาต"}


def test_size_and_share_speak_only_in_large_rounds(bench):
    assert rule(bench, "biggest").ok
    assert rule(bench, "buckets").ok
    factories.make_comments(bench, [f"ค่าธรรมเนียม {n}" for n in range(60)])
    factories.make_comments(bench, [f"เดี่ยว{n} ก" for n in range(20)])
    done(bench)
    assert [f.themes[0].title for f in rule(bench, "biggest").found] == ["ค่าธรรมเนียม"]
    assert [f.bucket for f in rule(bench, "buckets").found] == ["few"]


def test_titles_and_signatures_are_asked_for(bench, client):
    found = rule(bench, "titles").found
    assert {f.themes[0].title for f in found} == {"ค่าธรรมเนียม", "ใบอนุญาต"}
    one = theme(bench)
    review.theme_rename(
        theme=one,
        revision=0,
        title="ค่าธรรมเนียมแพง",
        title_en="",
        note="",
        by=bench.editor,
        now=NOW,
    )
    one.refresh_from_db()
    review.theme_approve(theme=one, revision=1, by=bench.editor, now=NOW)
    assert [f.themes[0].title for f in rule(bench, "titles").found] == ["ใบอนุญาต"]
    assert [f.themes[0].title for f in rule(bench, "unsigned").found] == ["ใบอนุญาต"]
    client.force_login(bench.auditor)
    page = client.get(url("desk_themes_rules", bench)).content.decode()
    assert rule(bench, "unsigned").why in page


# --- by section ------------------------------------------------------------


def test_each_comment_is_in_one_part_of_the_draft(bench):
    provision = bench.version.provisions.filter(kind="section").first()
    factories.make_comments(bench, ["ค่าธรรมเนียม ของมาตรานี้"], provision=provision)
    done(bench)
    themes, buckets, _retired = selectors.piles_of(bench)
    piles = piles_by_subject(bench, [*themes, *buckets])
    total = sum(row.size for row in (*themes, *buckets))
    assert sum(count for count, _shares in piles.values()) == total
    assert all(
        count == sum(s.count for s in shares) for count, shares in piles.values()
    )
    assert str(provision.pk) in piles


# --- notes and colleagues --------------------------------------------------


def test_note_on_a_theme_and_on_a_comment(bench, client):
    one = theme(bench)
    comment = one.assignments.first().comment
    client.force_login(bench.editor)
    address = url("desk_theme", bench, one.number)
    client.post(address, {"action": "note", "text": "ถามกองคลังก่อน"})
    client.post(address, {"action": "note", "text": "โทรแล้ว", "comment": comment.pk})
    page = client.get(address).content.decode()
    assert "ถามกองคลังก่อน" in page
    assert "โทรแล้ว" in page
    assert {(n.theme, n.comment) for n in WorkNote.objects.all()} == {
        (one, None),
        (None, comment),
    }
    said = AuditEntry.objects.filter(action="note.added")
    assert said.count() == 2
    assert not any("กองคลัง" in str(entry.data) for entry in said)


def test_notes_are_never_changed_and_never_public(bench, client):
    one = theme(bench)
    comment = one.assignments.first().comment
    note = notes.note_add(
        round=bench, comment=comment, text="เห็นเฉพาะเรา", by=bench.editor, now=NOW
    )
    for act in (lambda: WorkNote.objects.update(text="x"), note.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    client.logout()
    page = client.get(f"/comments/{comment.public_id}/").content.decode()
    assert "เห็นเฉพาะเรา" not in page


@pytest.mark.parametrize(
    ("text", "code"), [(" \n", "note_missing"), ("ก" * 2001, "note_too_long")]
)
def test_bad_notes_are_refused_and_kept(bench, client, text, code):
    with pytest.raises(ThemeError) as refused:
        notes.note_add(
            round=bench, theme=theme(bench), text=text, by=bench.editor, now=NOW
        )
    assert refused.value.code == code
    client.force_login(bench.editor)
    answer = client.post(
        url("desk_theme", bench, theme(bench).number), {"action": "note", "text": text}
    )
    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()


def test_note_on_another_round_is_refused(bench):
    other = factories.make_round(slug="other-law")
    (comment,) = factories.make_comments(other, ["ของรอบอื่น"])
    with pytest.raises(ThemeError):
        notes.note_add(round=bench, comment=comment, text="x", by=bench.editor, now=NOW)


def test_a_theme_is_given_to_a_colleague_and_found_as_ones_own(bench, client):
    one = theme(bench)
    client.force_login(bench.editor)
    address = url("desk_theme", bench, one.number)
    sent = {"action": "assign", "assigned_to": bench.approver.pk}
    sent["seen"] = client.get(address).context["assigned"]
    client.post(address, sent)
    one.refresh_from_db()
    assert one.assigned_to == bench.approver
    second = client.post(address, {**sent, "assigned_to": bench.editor.pk})
    assert second.status_code == 409
    assert f'value="{bench.editor.pk}" selected' in second.content.decode()
    one.refresh_from_db()
    assert one.assigned_to == bench.approver
    assert one.revision == 0  # nobody's work is refused for it
    client.force_login(bench.approver)
    page = client.get(url("desk_themes", bench) + "?mine=1").content.decode()
    assert "ค่าธรรมเนียม" in page
    assert "ใบอนุญาต" not in page


@pytest.mark.parametrize("who", ["stranger", "auditor"])
def test_only_colleagues_who_may_work_are_given_themes(bench, client, who):
    client.force_login(bench.editor)
    person = getattr(bench, who)
    address = url("desk_theme", bench, theme(bench).number)
    answer = client.post(address, {"action": "assign", "assigned_to": person.pk})
    assert answer.status_code == 422
    assert theme(bench).assigned_to is None


def test_chosen_comments_become_a_theme_after_a_preview(bench, client):
    one = theme(bench)
    chosen = sorted(one.assignments.values_list("comment_id", flat=True))[:2]
    client.force_login(bench.editor)
    data = {"action": "move", "target": "new", "comments": chosen}
    answer = client.post(url("desk_theme", bench, one.number), data)
    assert answer.status_code == 302
    preview = client.get(answer.url).content.decode()
    assert preview.count('name="comments"') == 4  # once in each of the two forms
    form = {
        "revision": 0,
        "comments": chosen,
        "expected": 2,
        "title": "แยกออกมา",
    }
    client.post(url("desk_theme_split", bench, one.number), form)
    made = theme(bench, "แยกออกมา")
    assert sorted(made.assignments.values_list("comment_id", flat=True)) == chosen
    assert events.replay(bench) == events.state_of(bench)


def test_secondary_themes_are_named_on_a_comment(bench, client):
    one, other = theme(bench), theme(bench, "ใบอนุญาต")
    place = one.assignments.first()
    CandidateAssignment.objects.filter(comment=place.comment_id).update(
        also=[other.number]
    )
    client.force_login(bench.editor)
    page = client.get(url("desk_theme", bench, one.number)).content.decode()
    assert page.count("พูดถึงด้วย") == 1


def test_stance_says_where_it_comes_from(bench, client):
    factories.make_comments(bench, ["ค่าธรรมเนียม ขอคัดค้านเรื่องนี้"], stance="not_stated")
    read = ["ค่าธรรมเนียม เห็นด้วยครับ"]
    factories.make_comments(bench, read, stance="agree", stance_source="cue")
    done(bench)
    client.force_login(bench.editor)
    page = client.get(url("desk_theme", bench, theme(bench).number)).content.decode()
    assert "เลือกในแบบ" in page
    assert "ไม่นำไปนับ" in page
    assert "อ่านจากถ้อยคำ" in page
    comment = Comment.objects.get(stance="not_stated", public_text__contains="คัดค้าน")
    assert comment.stance == "not_stated"


def test_move_that_was_seen_elsewhere_is_a_conflict(bench):
    first = queue(bench).first()
    with pytest.raises(ConflictError):
        review.comment_move(
            round=bench,
            comments=[first.comment_id],
            seen_in=(999, ""),
            theme=first.theme.number,
            by=bench.editor,
            now=NOW,
        )
