"""A report is made of one moment, whoever writes while it is made.

The same walks on SQLite (``make test``) and PostgreSQL (``make test-services``): the
writer is another thread with a connection of its own, and what it does is committed
before the report reads on.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from comments import moderation
from comments.models import Comment, Theme, ThemeAssignment
from consultations.report import collect as collecting
from consultations.report import files, services, snapshot
from consultations.report.document import build, canonical_json, numbers_of
from tests.report import builders

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_pdf"),
]


def elsewhere(act: Callable[[], None]) -> None:
    """Do and commit something in another connection; raise what it raised."""

    def work() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(30)


def counted(round_, **where) -> Comment:
    rows = Comment.objects.filter(
        round=round_, status="published", late=False, duplicate_of=None
    )
    return rows.exclude(public_text="").filter(**where).order_by("pk").first()


def disturb(round_, report) -> None:
    """Hide one comment, add another, rename a theme and move a comment out of one."""
    by = round_.consultation.agency.memberships.first().user
    moderation.comment_hide(
        comment=counted(round_), ground="defamatory", by=by, now=builders.NOW
    )
    builders.add_comments(round_, 3, late=True)
    theme = Theme.objects.get(round=round_, number=2)
    Theme.objects.filter(pk=theme.pk).update(title="ชื่อที่เปลี่ยนระหว่างรวบรวม")
    ThemeAssignment.objects.filter(
        comment=counted(round_, assignment__theme=theme)
    ).update(theme=None, bucket="other")


def numbers_agree(given) -> None:
    """Check what each number says against the members behind it, and the sum."""
    members, document = given.members, build(given)
    for number in numbers_of(document):
        if number.key:
            count = members.count if number.unit == "comments" else members.people
            assert number.value == count(number.key), number
    states = ("counted", "late", "hidden", "withdrawn", "duplicate")
    assert sum(map(members.count, states)) == members.count("received")
    assert document.value("members_sha256") == members.sha256()


def walk(monkeypatch: pytest.MonkeyPatch) -> None:
    round_, report = builders.ready(60)
    before = collecting.collect(report, now=builders.NOW)
    disturbed = []

    def after(name: str) -> None:
        real = getattr(collecting, name)

        def read_then_disturb(*args, **kwargs):
            found = real(*args, **kwargs)
            if not disturbed:
                disturbed.append(name)
                elsewhere(lambda: disturb(round_, report))
            return found

        monkeypatch.setattr(collecting, name, read_then_disturb)

    after("members_of")
    during = collecting.collect(report, now=builders.NOW)
    assert disturbed == ["members_of"]
    assert canonical_json(build(during)) == canonical_json(build(before))
    numbers_agree(during)

    later = collecting.collect(report, now=builders.NOW)
    numbers_agree(later)
    assert len(later.members) == len(before.members) + 3
    assert later.members.count("hidden") == before.members.count("hidden") + 1
    # It has one comment less and so perhaps another number.
    assert "ชื่อที่เปลี่ยนระหว่างรวบรวม" in [theme.title for theme in later.themes]


def test_snapshot_is_of_one_moment(monkeypatch) -> None:
    walk(monkeypatch)


def test_snapshot_that_is_not_taken_would_be_noticed(monkeypatch) -> None:
    """The walk can fail: without the snapshot the same walk sees two moments."""
    monkeypatch.setattr(collecting, "snapshot", NoSnapshot)
    with pytest.raises((AssertionError, KeyError)):
        walk(monkeypatch)


class NoSnapshot:
    def __enter__(self) -> None:
        """Take nothing."""

    def __exit__(self, *_: object) -> None:
        """Release nothing."""


def publish_while_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """All formats agree with each other, and with the moment they say they are of."""
    round_, report = builders.ready(60)
    by = round_.consultation.agency.memberships.first().user
    render, disturbed = services.report_render, []

    def disturb_then_render(source, **kwargs):
        if not disturbed:
            disturbed.append(source)
            elsewhere(lambda: disturb(round_, report))
            made, _missing = render(source, **kwargs)
            # What was rendered beside the writer is of the moment it was counted.
            assert_file_agrees(made["csv"].read(), source.members)
        return render(source, **kwargs)

    monkeypatch.setattr(services, "report_render", disturb_then_render)
    published = services.report_publish(report=report, by=by, now=builders.NOW)
    members = files.members_of_report(published)
    assert len(members) == 63, "what came meanwhile is in the report"
    assert_file_agrees(files.read(published, "csv"), members)
    document = files.document_of_report(published)
    assert "ชื่อที่เปลี่ยนระหว่างรวบรวม" in canonical_json(document)


def assert_file_agrees(data: bytes, members) -> None:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == len(members)
    states = {row.public_id: row for row in members.rows}
    for row in rows:
        hidden = states[row["รหัสความเห็น"]].state == "hidden"
        assert (row["การนับ"] == "ซ่อนโดยมีเหตุ") == hidden
        assert (row["สถานะการเผยแพร่"] == "ซ่อนโดยมีเหตุ") == hidden
        assert not (hidden and row["ข้อความ"])


def test_snapshot_holds_for_every_format(monkeypatch) -> None:
    publish_while_disturbed(monkeypatch)


def test_snapshot_inside_a_snapshot_is_the_same_view() -> None:
    round_, _report = builders.ready(5)
    with snapshot.snapshot():
        before = Comment.objects.filter(round=round_).count()
        elsewhere(lambda: builders.add_comments(round_, 1, late=True))
        with snapshot.snapshot():
            assert Comment.objects.filter(round=round_).count() == before
        assert Comment.objects.filter(round=round_).count() == before
    assert Comment.objects.filter(round=round_).count() == before + 1
