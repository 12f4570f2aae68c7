"""Random work of two officers, who look at old pages, with a re-run in between.

Whatever they do in whatever order: every comment is accounted for, the log played from
nothing leads to the rows, a refused act changes nothing, and taking a run moves no row
that a person placed and no member of an approved theme.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.models import Comment, Theme, ThemeAssignment, ThemeEvent, ThemeRun
from comments.themes import adopt, events, parts, review
from comments.themes.errors import ConflictError
from comments.themes.selectors import accounting
from consultations.models import Role
from drafts.errors import RapfangError
from tests import factories
from tests.factories import NOW
from tests.themes.conftest import done

pytestmark = pytest.mark.django_db

BUCKETS = ["other", "few", "no_reason"]
ACTS = [
    "rename", "merge", "split", "move", "confirm", "create", "approve", "reopen",
    "reject", "evidence", "undo", "adopt", "adopt_new", "look",
]  # fmt: skip
STEP = st.tuples(
    st.integers(0, 1), st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 9)
)


@dataclass
class Page:
    """What one officer sees: as old as the last time they looked."""

    by: Any
    themes: list[Theme] = field(default_factory=list)
    places: list[tuple[int, int, str]] = field(default_factory=list)
    event: int = 0

    def look(self, round_) -> None:
        self.themes = list(Theme.objects.filter(round=round_).order_by("number"))
        rows = ThemeAssignment.objects.filter(round=round_).order_by("comment_id")
        self.places = [
            (pk, number or 0, bucket)
            for pk, number, bucket in rows.values_list(
                "comment_id", "theme__number", "bucket"
            )
        ]
        self.event = events.next_number(round_) - 1


@pytest.fixture
def bench(round_, work):
    """A round with an adopted run, one human act, and a newer run waiting."""
    done(round_)
    agency = round_.consultation.agency
    round_.officers = [
        factories.make_member(agency, Role.EDITOR, first_name=name)
        for name in ("สมชาย", "สมหญิง")
    ]
    row = ThemeAssignment.objects.filter(theme__isnull=False).first()
    review.comment_move(
        round=round_, comments=[row.comment_id], seen_in=(row.theme.number, ""),
        theme=row.theme.number, by=round_.officers[0], now=NOW,
    )  # fmt: skip
    factories.make_comments(
        round_, ["ค่าธรรมเนียม ใหม่", "เรื่องใหม่ ก", "เรื่องใหม่ ข", "ใบอนุญาต ใหม่"]
    )
    round_.newer = done(round_)
    return round_


def act(round_, page: Page, name: str, a: int, b: int) -> None:
    """Do one act with what the page shows; may raise RapfangError."""
    common = {"by": page.by, "now": NOW}
    theme, other = page.themes[a % len(page.themes)], page.themes[b % len(page.themes)]
    comment, number, bucket = page.places[(3 * a + b) % len(page.places)]
    one = {"theme": theme, "revision": theme.revision, **common}
    match name:
        case "look":
            page.look(round_)
        case "rename":
            review.theme_rename(**one, title=f"ชื่อ {b}", title_en="", note=f"{a}")
        case "merge":
            review.theme_merge(**one, into=other, into_revision=other.revision)
        case "split":
            rule = parts.SplitRule(words=["ควร", "แพง", "ใหม่"][b % 3])
            expected = parts.split_rows(theme, rule).count()
            review.theme_split(**one, rule=rule, title=f"แยก {b}", expected=expected)
        case "move":
            target = {"bucket": BUCKETS[b % 3]} if b % 2 else {"theme": theme.number}
            review.comment_move(
                round=round_, comments=[comment], seen_in=(number, bucket),
                **target, **common,
            )  # fmt: skip
        case "confirm":
            here = {"theme": number} if number else {"bucket": bucket}
            review.comment_move(
                round=round_, comments=[comment], seen_in=(number, bucket),
                **here, **common,
            )  # fmt: skip
        case "create":
            found = Comment.objects.get(pk=comment)
            review.theme_create_from_comment(comment=found, title=f"ใหม่ {a}", **common)
        case "approve":
            review.theme_approve(**one)
        case "reopen":
            review.theme_reopen(**one)
        case "reject":
            review.theme_reject(**one)
        case "evidence":
            found = Comment.objects.get(pk=comment)
            review.evidence_toggle(comment=found, on=bool(b % 2), **common)
        case "undo":
            event = review.undoable(round_, page.by)
            if event is not None:
                review.undo(round=round_, event=event, **common)
        case "adopt" | "adopt_new":
            if b > 2:  # mostly the comparison was opened just now
                page.look(round_)
            adopt.run_adopt(
                round=round_, run=ThemeRun.objects.get(pk=round_.newer.pk),
                only_new=name == "adopt_new", after_event=page.event, **common,
            )  # fmt: skip


def held(state) -> dict[int, Any]:
    """Return the places that no run may move."""
    return {
        pk: place
        for pk, place in state.places.items()
        if place.source == "person"
        or (place.theme and state.themes[place.theme]["status"] == "approved")
    }


def check(round_, name, before, refused) -> None:
    after = events.state_of(round_)
    assert events.replay(round_) == after
    counts = accounting(round_)
    assert sum(counts.values()) == 2 * counts["received"], counts
    assert set(before.places) <= set(after.places)
    assert set(before.themes) <= set(after.themes), "a theme is never erased"
    if refused or name == "look":
        assert after == before
    if name.startswith("adopt"):
        assert {pk: after.places[pk] for pk in held(before)} == held(before)
        for number, fields in before.themes.items():
            if fields["title_source"] == "person":
                assert after.themes[number]["title"] == fields["title"]


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_any_work_of_two_officers_plays_back(bench, steps):
    with transaction.atomic():
        pages = [Page(by=officer) for officer in bench.officers]
        for page in pages:
            page.look(bench)
        for who, name, a, b in steps:
            before = events.state_of(bench)
            refused = False
            try:
                with transaction.atomic():
                    act(bench, pages[who], name, a, b)
            except RapfangError:
                refused = True
            else:  # after one's own act the page is shown anew
                pages[who].look(bench)
            check(bench, name, before, refused)
        transaction.set_rollback(True)


def test_an_old_page_never_writes_over_a_colleague(bench):
    """Every act on a theme, made from a page older than a colleague's, is refused."""
    first, second = bench.officers
    page = Page(by=second)
    page.look(bench)
    theme = page.themes[0]
    review.theme_rename(
        theme=theme, revision=theme.revision, title="ชื่อของสมชาย", title_en="", note="",
        by=first, now=NOW,
    )  # fmt: skip
    before = events.state_of(bench)
    for name in ("rename", "merge", "split", "approve", "reject"):
        with pytest.raises(ConflictError, match="สมชาย"), transaction.atomic():
            act(bench, page, name, 0, 1)
    assert events.state_of(bench) == before
    assert Theme.objects.get(pk=theme.pk).title == "ชื่อของสมชาย"


def test_undoing_every_act_leads_back(bench):
    """Acts of one officer, undone one by one, leave places and titles as they were."""
    page = Page(by=bench.officers[1])
    before = events.state_of(bench)
    for name, a, b in [
        ("rename", 0, 1), ("merge", 0, 1), ("move", 1, 1), ("evidence", 2, 1),
        ("approve", 1, 0),
    ]:  # fmt: skip
        page.look(bench)
        act(bench, page, name, a, b)
    made = ThemeEvent.objects.filter(round=bench, actor=page.by).count()
    assert made == 5, "each act is one event"
    for _n in range(made):
        act(bench, page, "undo", 0, 0)
    assert events.state_of(bench) == before
    assert review.undoable(bench, page.by) is None
    assert events.replay(bench) == before
