"""Apply the operations of an amending act to the act in force.

Gives the consolidated view (ฉบับรวม) and, row by row, the old text beside the new one.
Nothing is guessed: an operation whose place is not found is reported, not applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from drafts.law.numerals import eid_number, number_from_eid, number_of
from drafts.law.parse import parse
from drafts.law.parse.body import provision_text
from drafts.law.parse.lines import HEAD
from drafts.law.rewording import Rewording
from drafts.law.schedules import (
    ScheduleRow,
    apply_to_schedules,
    replace_in_schedules,
    schedule_rows,
)
from drafts.law.section_edits import (
    REPEALED,
    DoesNotFit,
    body_of,
    change_inside,
    reword,
    split_paragraphs,
)
from drafts.law.structure import (
    Amendment,
    Paragraph,
    Part,
    Provision,
    ProvisionKind,
)

__all__ = [
    "REPEALED",
    "Consolidation",
    "NotApplied",
    "Row",
    "ScheduleRow",
    "consolidate",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One provision of the consolidated act.  ``change``: "" where nothing changed,
    else replace, insert, repeal or word; ``sections``: the amending sections."""

    provision: Provision
    old_text: str
    change: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplied:
    """An operation that could not be applied, and why (Thai)."""

    amendment: Amendment
    reason: str


@dataclass(frozen=True, slots=True)
class Consolidation:
    rows: tuple[Row, ...]
    not_applied: tuple[NotApplied, ...] = ()
    schedules: tuple[ScheduleRow, ...] = ()


@dataclass(slots=True)
class _Row:
    provision: Provision
    old_text: str
    change: str = ""
    sections: list[str] = field(default_factory=list)

    def set(self, paragraphs: tuple[Paragraph, ...], change: str, section: str) -> None:
        self.provision = replace(
            self.provision, paragraphs=paragraphs, text=provision_text(paragraphs)
        )
        if self.change in {"", "word"}:
            self.change = change
        if section not in self.sections:
            self.sections.append(section)


def consolidate(
    provisions: Sequence[Provision],
    amendments: Iterable[Amendment],
    parts: Iterable[Part] = (),
) -> Consolidation:
    """Apply operations, in order, to the provisions of the act that they amend.

    The caller chooses the operations of one target law.  ``parts`` are those of the
    act; its schedules among them are amended as well.
    """
    rows = [_Row(provision, provision.text) for provision in provisions]
    schedules = schedule_rows(parts)
    failed: list[NotApplied] = []
    for amendment in amendments:
        reason = _apply(rows, schedules, amendment)
        if reason:
            failed.append(NotApplied(amendment, reason))
    return Consolidation(
        tuple(
            Row(row.provision, row.old_text, row.change, tuple(row.sections))
            for row in rows
        ),
        tuple(failed),
        tuple(schedules),
    )


def _apply(  # noqa: PLR0911 - one return for each kind of operation
    rows: list[_Row], schedules: list[ScheduleRow], amendment: Amendment
) -> str:
    """Apply one operation; give the reason when it cannot be, else ""."""
    if amendment.op == "schedule":
        return apply_to_schedules(schedules, amendment)
    if amendment.op == "word":
        return _replace_words(rows, schedules, amendment)
    if not amendment.path:
        return "การยกเลิกกฎหมายทั้งฉบับไม่แสดงในฉบับรวมของกฎหมายนี้"
    head, _, inside = amendment.path.partition("__")
    if not head.startswith(("sec_", "cl_")):
        return _apply_division(rows, amendment)
    row = _find(rows, head)
    if amendment.op == "insert" and not inside:
        if row:
            return "มาตราที่จะเพิ่มมีอยู่แล้วในกฎหมายปัจจุบัน"
        return _insert(rows, head, amendment)
    if row is None:
        return "ไม่พบมาตราที่จะแก้ไขในกฎหมายปัจจุบัน"
    if not inside:
        _change_section(row, amendment)
        return ""
    try:
        paragraphs = change_inside(row.provision, inside, amendment)
    except DoesNotFit as error:
        return str(error)
    row.set(paragraphs, "replace", amendment.section)
    return ""


def _find(rows: list[_Row], eid: str) -> _Row | None:
    return next((row for row in rows if row.provision.eid == eid), None)


def _change_section(row: _Row, amendment: Amendment) -> None:
    eid = row.provision.eid
    text = REPEALED if amendment.op == "repeal" else body_of(amendment.new_text)
    row.set(split_paragraphs(eid, text), amendment.op, amendment.section)


def _insert(rows: list[_Row], eid: str, amendment: Amendment) -> str:
    number = number_from_eid(eid.partition("_")[2])
    if number is None:
        return "อ่านเลขของมาตราที่จะเพิ่มไม่ได้"
    clause = eid.startswith("cl_")
    kind = ProvisionKind.CLAUSE if clause else ProvisionKind.SECTION
    before = [
        index
        for index, row in enumerate(rows)
        if row.provision.kind is kind and row.provision.number < number
    ]
    place = before[-1] + 1 if before else 0
    neighbour = rows[place - 1].provision if before else None
    head = HEAD.match(amendment.new_text.split("\n", 1)[0])
    label = ""
    if head and number_of(*head.groups()[2:6]) == number:
        start, stop = head.end("before"), head.start("gap")
        label = " ".join(amendment.new_text[start:stop].split())
    paragraphs = split_paragraphs(eid, body_of(amendment.new_text))
    provision = Provision(
        kind,
        label or eid_number(number),
        number,
        eid,
        amendment.line,
        provision_text(paragraphs),
        paragraphs,
        neighbour.division if neighbour else (),
        neighbour.division_eid if neighbour else "",
    )
    rows.insert(place, _Row(provision, "", "insert", [amendment.section]))
    return ""


def _apply_division(rows: list[_Row], amendment: Amendment) -> str:
    path = amendment.path.removesuffix("__heading")
    inside = [row for row in rows if _stands_in(row.provision, path)]
    if amendment.path.endswith("__heading"):
        return _rename_division(inside, path, amendment)
    if amendment.op == "insert":
        return _insert_division(rows, path, amendment)
    if not inside:
        return "ไม่พบหมวดหรือส่วนที่จะแก้ไขในกฎหมายปัจจุบัน"
    if amendment.op == "repeal":
        for row in inside:
            _change_section(row, amendment)
        return ""
    law = parse(amendment.new_text)
    fresh = {provision.eid: provision for provision in law.provisions}
    for row in inside:
        new = fresh.pop(row.provision.eid, None)
        if new is None:
            gone = split_paragraphs(row.provision.eid, REPEALED)
            row.set(gone, "repeal", amendment.section)
        else:
            row.set(new.paragraphs, "replace", amendment.section)
    for provision in fresh.values():
        place = sum(row.provision.number < provision.number for row in rows)
        rows.insert(place, _Row(provision, "", "insert", [amendment.section]))
    return ""


def _stands_in(provision: Provision, path: str) -> bool:
    eid = provision.division_eid
    return eid == path or eid.startswith(f"{path}__") or eid.endswith(f"__{path}")


def _insert_division(rows: list[_Row], path: str, amendment: Amendment) -> str:
    law = parse(amendment.new_text)
    if not law.provisions:
        return "ไม่พบมาตราในหมวดที่จะเพิ่ม"
    if any(_find(rows, provision.eid) for provision in law.provisions):
        return "มาตราในหมวดที่จะเพิ่มมีอยู่แล้วในกฎหมายปัจจุบัน"
    first = law.provisions[0].number
    place = sum(row.provision.number < first for row in rows)
    above, above_eid = _above(rows, path)
    new = []
    for provision in law.provisions:
        own = f"{above_eid}__{provision.division_eid}" if above_eid else ""
        placed = replace(
            provision,
            division=(*above, *provision.division),
            division_eid=own or provision.division_eid,
        )
        new.append(_Row(placed, "", "insert", [amendment.section]))
    rows[place:place] = new
    return ""


def _above(rows: list[_Row], path: str) -> tuple[tuple[str, ...], str]:
    """Give the headings under which a new ส่วนที่ of a หมวด stands, and their eId."""
    parent = path.rpartition("__")[0]
    for row in rows:
        eid = row.provision.division_eid
        if parent and _stands_in(row.provision, parent):
            steps = eid.split("__")
            depth = steps.index(parent.rpartition("__")[2]) + 1
            return row.provision.division[:depth], "__".join(steps[:depth])
    return (), ""


def _rename_division(inside: list[_Row], path: str, amendment: Amendment) -> str:
    """Give a chapter the name that an operation brings; its sections stay."""
    step = path.rpartition("__")[2]
    new = " ".join(amendment.new_text.split())
    if not inside or not new:
        return "ไม่พบหมวดหรือส่วนที่จะเปลี่ยนชื่อในกฎหมายปัจจุบัน"
    for row in inside:
        division = list(row.provision.division)
        place = row.provision.division_eid.split("__").index(step)
        number = " ".join(division[place].split(" ")[:2])
        division[place] = new if new.startswith(number) else f"{number} {new}"
        row.provision = replace(row.provision, division=tuple(division))
    return ""


def _replace_words(
    rows: list[_Row], schedules: list[ScheduleRow], amendment: Amendment
) -> str:
    """Change words where they stand by themselves; in a place that has them only
    inside compounds, there.  Give what was not changed as the reason."""
    old = amendment.old_text
    if not old:
        return "ไม่พบคำเดิมที่จะแก้ไข"
    change = Rewording(old, amendment.new_text)
    changed = _reword_rows(rows, amendment, change)
    if not amendment.path:
        changed |= replace_in_schedules(schedules, amendment, change)
    elif change.left and not changed:
        change = Rewording(old, amendment.new_text, in_compounds=True)
        changed = _reword_rows(rows, amendment, change)
    if change.left:
        words = ", ".join(f"“{word}”" for word in change.left)
        return f"คำว่า “{old}” ที่เป็นส่วนหนึ่งของคำอื่น ({words}) ไม่ได้แก้ไข โปรดตรวจ"
    return "" if changed else f"ไม่พบคำว่า “{old}” ในกฎหมายปัจจุบัน"


def _reword_rows(rows: list[_Row], amendment: Amendment, change: Rewording) -> bool:
    head, _, inside = amendment.path.partition("__")
    changed = False
    for row in rows:
        if head and row.provision.eid != head:
            continue
        if inside.startswith("para_"):
            paragraphs = reword(row.provision, inside, change)
        else:
            text = change(row.provision.text)
            paragraphs = split_paragraphs(row.provision.eid, text)
        if provision_text(paragraphs) == row.provision.text:
            continue
        row.set(paragraphs, "word", amendment.section)
        changed = True
    return changed
