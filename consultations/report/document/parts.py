"""Pieces that several headings share: dates, fact tables, tables of stances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property

from consultations.report.document.blocks import (
    Bars,
    Block,
    Inline,
    Line,
    Number,
    Paragraph,
    Percent,
    Section,
    Table,
)
from consultations.report.document.inputs import ReportInput
from consultations.report.document.members import STANCES, facet, joined
from consultations.report.document.who import People
from drafts.law import numerals

#: Below this a percentage is printed with its base (docs/thai-law.md, Rules).
SMALL = 30
#: Said wherever words are quoted that somebody proposes for the draft.
SUGGESTED = "เสนอถ้อยคำใหม่"
#: An amending section with the clauses it changes, and without them.
ALL_OF, ONLY = "{} รวมทุกแห่งที่แก้ไข", "{} เฉพาะตัวมาตรา"
#: Bars drawn over a table; the table has every row.
IN_CHART = 20
DECISIONS = {
    "accept": "รับ",
    "accept_part": "รับบางส่วน",
    "reject": "ไม่รับ",
    "out_of_scope": "นอกประเด็น",
    "pending": "รอ",
}


def day(value: dt.date | None) -> str:
    """Print a date in full Thai with its พ.ศ. year; a dash for none."""
    return numerals.thai_date(value) if value else "–"


def text_lines(text: str) -> list[Block]:
    """Make a paragraph of each line that was written, none of an empty text."""
    return [Paragraph((line,)) for line in text.splitlines() if line.strip()]


def or_none(blocks: Sequence[Block], otherwise: str) -> tuple[Block, ...]:
    """Return the blocks, or one sentence that says why there are none."""
    return tuple(blocks) or (Paragraph((otherwise,), "empty"),)


def facts(caption: str, rows: Iterable[tuple[str, Line]]) -> Table:
    """Make a table of names and values."""
    return Table(caption, ("รายการ", "ข้อมูล"), tuple(((n,), v) for n, v in rows))


def share(part: int, whole: int) -> tuple[Inline, ...]:
    """Print a percentage; the table it stands in always has its base in sight."""
    return (" ", Percent(part, whole)) if whole else ()


class Counter:
    """Numbers of one report: each is counted and keyed in the same breath."""

    def __init__(self, given: ReportInput) -> None:
        self.members = given.members
        self.label = given.label
        self._given = given

    @cached_property
    def who(self) -> People:
        """Numbers by who people are, worked out once for all headings."""
        return People(self._given)

    def number(self, *facets: str) -> Number:
        key = joined(*facets)
        return Number(self.members.count(key), key)

    def people(self, *facets: str) -> Number:
        key = joined(*facets)
        return Number(self.members.people(key), key, "people")

    def counted(self, *facets: str) -> Number:
        return self.number("counted", *facets)

    def stances_in_words(self, *facets: str) -> Line:
        """Print each stance that anyone took with its number."""
        parts: list[Inline] = []
        for stance in STANCES:
            number = self.counted(*facets, facet("stance", stance))
            if number.value:
                parts += [" · "] if parts else []
                parts += [f"{self.label[facet('stance', stance)]} ", number]
        return tuple(parts) or ("–",)

    def stances(self, caption: str, rows: Sequence[tuple[str, str]]) -> list[Block]:
        """Make the bars and the table of stances of ``rows`` (label, facet)."""
        bars, lines = [], []
        for label, own in rows:
            whole = self.counted(own)
            numbers = [self.counted(own, facet("stance", s)) for s in STANCES]
            bars.append((label, tuple(zip(STANCES, numbers, strict=True))))
            lines.append(
                (
                    (label,),
                    *((n, *share(n.value, whole.value)) for n in numbers),
                    (whole,),
                )
            )
        head = (
            "เรื่อง",
            *(self.label[facet("stance", s)] for s in STANCES),
            "รวม (n)",
        )
        table = Table(caption, head, tuple(lines), tuple(range(1, len(head))))
        bars.sort(key=lambda bar: -sum(n.value for _, n in bar[1]))  # stable
        return [Bars(caption, tuple(bars[:IN_CHART])), table]


def section(
    number: str,
    title: str,
    blocks: Iterable[Block],
    sections: Iterable[Section] = (),
    title_en: str = "",
) -> Section:
    """Make a numbered heading; its anchor is its number."""
    anchor = "s-" + number.replace("ผ", "a").replace("L", "l")
    return Section(number, title, tuple(blocks), anchor, tuple(sections), title_en)
