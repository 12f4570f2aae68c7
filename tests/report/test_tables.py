"""The one writer of tables: nothing cut, nothing a formula, nothing held whole."""

from __future__ import annotations

import csv
import io
import json
import random
from types import SimpleNamespace

import openpyxl
import pytest

from consultations import tables
from consultations.report.document.members import STANCES, Member, Members, UnknownKey
from consultations.report.document.who import People

HARMLESS = ["มาตรา ๑", "a\nb", "1-2", "", "ก=ข", "🙂 ค"]
HARMFUL = ["=1+1", "+1", "-1", "@x", "＝1", "  =x", "\t=x", "\rx", "\ufeff=x"]


def written(sheets) -> openpyxl.Workbook:
    file = io.BytesIO()
    tables.write_xlsx(file, sheets)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize("text", [*HARMLESS, *HARMFUL])
def test_a_csv_has_the_words_and_no_formula(text):
    file = io.BytesIO()
    tables.write_csv(file, [("หัว",), (text,), (7,)])
    assert not file.closed, "the file is the caller's"
    read = io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")
    (_head,), cell, seven = csv.reader(read)
    assert "".join(cell) == (f"'{text}" if text in HARMFUL else text)
    assert seven == ["7"]


@pytest.mark.parametrize("text", [*filter(None, HARMLESS), *HARMFUL])
def test_a_workbook_has_the_words_as_words(text):
    book = written([tables.Sheet("ก", [(text, 7, None)], ("หัว", "n", "-"))])
    cell = book["ก"]["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r").strip() == text.strip()
    assert book["ก"]["B2"].value == 7


@pytest.mark.parametrize("rows", [0, 1, 3, 4, 9])
def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch, rows):
    monkeypatch.setattr(tables, "SHEET_ROWS", 5)
    book = written([tables.Sheet("ก", ((n,) for n in range(rows)), ("หัว",))])
    found = []
    for sheet in book:
        head, *own = sheet.iter_rows(values_only=True)
        assert head == ("หัว",)
        found += [row[0] for row in own]
    assert found == list(range(rows))


def test_rows_are_asked_for_one_by_one():
    """A row is written before the next is made: no table is ever held whole."""
    made = []

    class File(io.BytesIO):
        def write(self, data):
            seen.append(len(made))
            return super().write(data)

    def rows():
        for n in range(5):
            made.append(n)
            yield (n,)

    seen: list[int] = []
    tables.write_csv(File(), rows())
    assert seen == sorted(seen)
    assert set(seen) >= {1, 2, 3, 4}


class TestMembers:
    """Columns instead of rows: the same answers as going through all the rows."""

    @pytest.fixture
    def rows(self):
        chance = random.Random(7)
        return [
            Member(
                pk=10 * n + 3,
                public_id=f"c{n}",
                submission=n // 2,
                state=chance.choice(["counted", "counted", "late", "hidden"]),
                subject=chance.choice(["whole", "q-1", "at-sec_1", "at-sec_1__mod_2"]),
                stance=chance.choice(STANCES),
                channel="web",
                capacity=chance.choice(["individual", "agency", "business"]),
                identity="anonymous",
                group=chance.choice(["", "ผู้ค้า/ตลาด"]),
                theme=(theme := chance.choice([0, 1, 2])),
                bucket="" if theme else chance.choice(["", "few"]),
                copies=chance.randrange(400),  # more values than a byte holds
                first=chance.random() < 0.5,
                redacted=chance.random() < 0.1,
                said=chance.choice(["form", "none"]),
            )
            for n in range(1_000)
        ]

    @pytest.fixture(params=["made", "read back"])
    def members(self, rows, request):
        made = Members(iter(rows))
        return made if request.param == "made" else Members.from_bytes(made.to_bytes())

    @pytest.mark.parametrize(
        ("key", "holds"),
        [
            ("received", lambda r: True),
            ("counted", lambda r: r.state == "counted"),
            ("sections", lambda r: r.subject.startswith("at-")),
            ("in-sec_1", lambda r: r.subject.startswith("at-")),
            ("anywhere~late", lambda r: r.subject[:2] != "at" and r.state == "late"),
            ("theme-1~stance-agree", lambda r: r.theme == 1 and r.stance == "agree"),
            ("themed", lambda r: r.theme > 0),
            ("bucket-few", lambda r: r.bucket == "few"),
            ("unplaced", lambda r: not r.theme and not r.bucket),
            ("copies-300", lambda r: r.copies == 300),
            ("distinct~redacted", lambda r: r.first and r.redacted),
            ("theme-99", lambda r: False),
        ],
    )
    def test_a_number_and_its_list_are_those_of_the_rows(
        self, rows, members, key, holds
    ):
        wanted = [row for row in reversed(rows) if holds(row)]
        assert list(members.pick(key)) == wanted
        assert list(members.pick(key)[20:40]) == wanted[20:40]
        assert members.count(key) == len(wanted)
        assert members.people(key) == len({row.submission for row in wanted})

    def test_who_people_are_is_counted(self, rows, members):
        agency = sum(r.capacity == "agency" for r in rows)
        public = sum(r.capacity == "individual" and not r.group for r in rows)
        assert members.count("who-agency") == agency
        assert members.count("who-public") == public
        assert members.count("who-stakeholder") == len(rows) - agency - public

    def test_rows_come_back_as_they_went(self, rows, members):
        assert list(members.rows) == rows
        assert members.to_bytes() == Members(rows).to_bytes()
        with pytest.raises(UnknownKey):
            members.pick("couted")

    def test_none_at_all(self):
        none = Members.from_bytes(Members([]).to_bytes())
        assert none.count("received") == 0
        assert list(none.pick("counted")) == []

    def test_the_tables_of_people_name_a_kind_of_comment_once(self, rows, monkeypatch):
        """Ten times as many comments of the same kinds are no more work to name."""
        named: list[str] = []
        names = People._names
        monkeypatch.setattr(
            People, "_names", lambda self, row: named.append("") or names(self, row)
        )
        given = SimpleNamespace(
            members=Members(rows * 10),
            former=None,
            themes=(),
            smallest=[("capacity", 5)],
        )
        people = People(given)
        kinds = {
            (r.capacity, r.identity, r.group, r.province, r.theme, r.stance)
            for r in rows
            if r.state == "counted"
        }
        assert len(named) == len(kinds)
        counted = [row for row in rows if row.state == "counted"]
        assert people.comments["counted"] == 10 * len(counted)
        assert people.people["counted"] == len({row.submission for row in counted})

    def test_the_hash_of_what_was_counted_is_computed_once(self, rows, monkeypatch):
        members = Members(rows)
        first = members.sha256()
        assert first == Members(rows).sha256() != Members(rows[1:]).sha256()
        monkeypatch.setattr(json, "dumps", None)
        assert members.sha256() == first
