"""Apply operations on schedules (บัญชี อัตราค่าธรรมเนียม ตาราง) to those of the act.

A schedule is plain text under a heading, so it is replaced as a whole or by its
numbered entries; a schedule that the act does not have is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from drafts.law.item_labels import item_label
from drafts.law.numerals import (
    arabic_digits,
    number_from_eid,
    parse_label,
)
from drafts.law.structure import Amendment, Part, PartKind

#: New text that only names a schedule, which the draft itself does not hold.
_ONLY_NAMED = re.compile(r"[^\n]{1,200}ท้าย\S*?นี้$")


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One schedule of the consolidated act, the old text beside the new one."""

    heading: str
    text: str
    old_text: str
    change: str = ""  # replace, insert, repeal, word; "" where nothing changed
    sections: tuple[str, ...] = ()


def find_part(schedules: Sequence[Part], name: str) -> Part | None:
    """Find the schedule that a law calls ``name``; None where it cannot be told."""
    place = _place([part.text for part in schedules], name)
    return None if place is None else schedules[place]


def schedule_rows(parts: Iterable[Part]) -> list[ScheduleRow]:
    """List the schedules of an act as rows that nothing has changed yet."""
    return [
        ScheduleRow(part.text.split("\n", 1)[0], part.text, part.text)
        for part in parts
        if part.kind is PartKind.SCHEDULE
    ]


def apply_to_schedules(rows: list[ScheduleRow], amendment: Amendment) -> str:
    """Apply one operation; give the reason (Thai) when it cannot be, else ""."""
    name, _, inside = amendment.path.removeprefix("schedule_").partition("__point_")
    name = name.replace("-", " ")
    new_text = amendment.new_text
    if _ONLY_NAMED.fullmatch(new_text):
        return f"ร่างนี้ไม่มี “{name}” แนบมาด้วย จึงยังแสดงฉบับรวมไม่ได้ โปรดเพิ่มไว้ท้ายร่าง"
    place = _place([row.text for row in rows], name)
    if place is None:
        if inside or not new_text:
            return f"กฎหมายปัจจุบันที่นำเข้าไม่มี “{name}” โปรดนำเข้าพร้อมบัญชีท้ายกฎหมาย"
        heading = new_text.split("\n", 1)[0]
        rows.append(ScheduleRow(heading, new_text, "", "insert", (amendment.section,)))
        return ""
    row = rows[place]
    if not inside:
        rows[place] = _changed(
            row, new_text, amendment, "replace" if new_text else "repeal"
        )
        return ""
    text = _change_entry(row.text, inside, new_text)
    if text is None:
        return f"ไม่พบรายการที่จะแก้ไขใน “{name}” ของกฎหมายปัจจุบัน"
    rows[place] = _changed(row, text, amendment, "replace")
    return ""


def replace_in_schedules(
    rows: list[ScheduleRow], amendment: Amendment, change: Callable[[str], str]
) -> bool:
    """Change words in every schedule; say whether any had them."""
    found = False
    for place, row in enumerate(rows):
        text = change(row.text)
        if text != row.text:
            rows[place] = _changed(row, text, amendment, "word")
            found = True
    return found


def _changed(row, text, amendment, change) -> ScheduleRow:
    sections = dict.fromkeys([*row.sections, amendment.section])
    kept = row.change if row.change and change == "word" else change
    return replace(row, text=text, change=kept, sections=tuple(sections))


def _place(texts: Sequence[str], name: str) -> int | None:
    """Tell the schedule by its first line; the only one needs no number."""
    wanted = _flat(name)
    headings = [_flat(text.split("\n", 1)[0]) for text in texts]
    for test in (str.__eq__, str.startswith):
        fits = [i for i, heading in enumerate(headings) if test(heading, wanted)]
        if len(fits) == 1:
            return fits[0]
    return None


def _flat(text: str) -> str:
    return arabic_digits("".join(text.split()))


def _change_entry(text: str, number: str, new_text: str) -> str | None:
    """Replace, add or (without new text) drop the entry ``(n)`` of a schedule."""
    lines = text.split("\n")
    wanted = number_from_eid(number)
    starts: list[tuple[int, tuple]] = []
    style = None
    for index, line in enumerate(lines):
        label = item_label(line)
        value = label and parse_label(label[1].strip("(). "))
        if label and value and style in {None, label[0]}:
            style = label[0]
            starts.append((index, value))
    if wanted is None or not starts:
        return None
    numbers = [value for _, value in starts]
    new = new_text.split("\n") if new_text else []
    if wanted in numbers:
        order = numbers.index(wanted)
        begin = starts[order][0]
        end = starts[order + 1][0] if order + 1 < len(starts) else begin + 1
        return "\n".join([*lines[:begin], *new, *lines[end:]])
    if not new:
        return None
    later = [index for index, value in starts if value > wanted]
    begin = later[0] if later else len(lines)
    return "\n".join([*lines[:begin], *new, *lines[begin:]])
