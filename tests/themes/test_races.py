"""Officers and a re-run at the same moment, in processes' own connections."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from comments.models import Theme, ThemeEvent
from comments.themes import adopt, events, review
from comments.themes.errors import ConflictError
from comments.themes.selectors import accounting
from consultations.models import Role
from tests import factories
from tests.factories import NOW
from tests.themes.conftest import done

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bench(round_, work):
    done(round_)
    agency = round_.consultation.agency
    round_.officers = [factories.make_member(agency, Role.EDITOR) for _ in range(4)]
    return round_


def at_once(*works: Callable[[], object]) -> list[Exception | None]:
    """Do all at the same moment, each in a thread; return what each raised."""
    gate = threading.Barrier(len(works), timeout=30)
    raised: list[Exception | None] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait()
            work()
        except Exception as error:  # noqa: BLE001  handed to the test
            raised[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(place, work))
        for place, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def whole(round_) -> None:
    counts = accounting(round_)
    assert sum(counts.values()) == 2 * counts["received"]
    assert events.replay(round_) == events.state_of(round_)
    numbers = ThemeEvent.objects.filter(round=round_).order_by("number")
    found = list(numbers.values_list("number", flat=True))
    assert found == list(range(1, len(found) + 1))


def test_one_of_four_who_rename_the_same_theme_wins(bench):
    theme = Theme.objects.get(round=bench, title="ค่าธรรมเนียม")

    def rename(place: int) -> Callable[[], object]:
        return lambda: review.theme_rename(
            theme=Theme.objects.get(pk=theme.pk), revision=theme.revision,
            title=f"ชื่อของ {place}", title_en="", note="",
            by=bench.officers[place], now=NOW,
        )  # fmt: skip

    raised = at_once(*(rename(place) for place in range(4)))
    assert sum(error is None for error in raised) == 1, raised
    assert all(error is None or isinstance(error, ConflictError) for error in raised)
    theme.refresh_from_db()
    assert theme.title == f"ชื่อของ {raised.index(None)}"
    assert theme.revision == 1
    whole(bench)


def test_nobody_loses_a_move_of_another_comment(bench):
    theme = Theme.objects.get(round=bench, title="ค่าธรรมเนียม")
    ids = list(theme.assignments.values_list("comment_id", flat=True))

    def move(place: int) -> Callable[[], object]:
        return lambda: review.comment_move(
            round=bench, comments=[ids[place]], seen_in=(theme.number, ""),
            bucket="other", by=bench.officers[place], now=NOW,
        )  # fmt: skip

    assert at_once(*(move(place) for place in range(4))) == [None] * 4
    assert theme.assignments.count() == 0
    whole(bench)


def test_a_rerun_taken_at_the_same_moment_moves_no_reviewed_row(bench, work):
    fee = Theme.objects.get(round=bench, title="ค่าธรรมเนียม")
    permit = Theme.objects.get(round=bench, title="ใบอนุญาต")
    row = permit.assignments.first()
    review.theme_approve(theme=fee, revision=0, by=bench.officers[0], now=NOW)
    factories.make_comments(bench, ["ค่าธรรมเนียม ใหม่", "เรื่องใหม่ ก", "เรื่องใหม่ ข"])
    run = done(bench)
    raised = at_once(
        lambda: adopt.run_adopt(round=bench, run=run, by=bench.officers[1], now=NOW),
        lambda: review.comment_move(
            round=bench, comments=[row.comment_id], seen_in=(permit.number, ""),
            bucket="few", by=bench.officers[2], now=NOW,
        ),
    )  # fmt: skip
    assert raised == [None, None]
    state = events.state_of(bench)
    assert state.places[row.comment_id] == (0, "few", "person")
    assert fee.assignments.count() == 5
    assert Theme.objects.get(pk=fee.pk).status == "approved"
    whole(bench)
