"""Apply the operations of an amending act to the act in force.

Gives the consolidated view (ฉบับรวม) and, row by row, the old text beside the new one.
Nothing is guessed: an operation whose place is not found is reported, not applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from drafts.law.numerals import eid_number, number_from_eid, number_of
from drafts.law.parse import parse
from drafts.law.parse.body import build_paragraphs, provision_text
from drafts.law.parse.lines import HEAD, Layout, Line
from drafts.law.structure import (
    Amendment,
    Item,
    Paragraph,
    Provision,
    ProvisionKind,
)

_LAYOUT = Layout(spaced=False, wrapped=False, two_spaces=False, width=0)
REPEALED = "(ยกเลิก)"


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
    provisions: Sequence[Provision], amendments: Iterable[Amendment]
) -> Consolidation:
    """Apply operations, in order, to the provisions of the act that they amend.

    The caller chooses the operations of one target law.
    """
    rows = [_Row(provision, provision.text) for provision in provisions]
    failed: list[NotApplied] = []
    for amendment in amendments:
        reason = _apply(rows, amendment)
        if reason:
            failed.append(NotApplied(amendment, reason))
    return Consolidation(
        tuple(
            Row(row.provision, row.old_text, row.change, tuple(row.sections))
            for row in rows
        ),
        tuple(failed),
    )


def _apply(  # noqa: PLR0911 - one return for each kind of operation
    rows: list[_Row], amendment: Amendment
) -> str:
    """Apply one operation; give the reason when it cannot be, else ""."""
    if amendment.op == "schedule":
        return "การแก้ไขบัญชีหรืออัตราท้ายกฎหมายต้องนำไปใช้ด้วยตนเอง"
    if amendment.op == "word":
        return _replace_word(rows, amendment)
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
    return _change_inside(row, inside, amendment)


def _find(rows: list[_Row], eid: str) -> _Row | None:
    return next((row for row in rows if row.provision.eid == eid), None)


def _body_of(text: str) -> str:
    """Drop the quoted head: “มาตรา ๘  ผู้ให้เช่า…” → ผู้ให้เช่า…"""
    match = HEAD.match(text.split("\n", 1)[0])
    if not match:
        return text
    rest = text.split("\n", 1)[1:]
    return "\n".join(filter(None, [match["rest"], *rest]))


def _paragraphs(eid: str, text: str) -> tuple[Paragraph, ...]:
    lines = [
        Line(0, line.strip(), blank_before=False)
        for line in text.split("\n")
        if line.strip()
    ]
    if not lines:
        return ()
    return build_paragraphs(eid, lines[0].text, lines[1:], _LAYOUT)


def _change_section(row: _Row, amendment: Amendment) -> None:
    eid = row.provision.eid
    text = REPEALED if amendment.op == "repeal" else _body_of(amendment.new_text)
    row.set(_paragraphs(eid, text), amendment.op, amendment.section)


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
    paragraphs = _paragraphs(eid, _body_of(amendment.new_text))
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


def _apply_division(  # noqa: PLR0911 - one return for each reason
    rows: list[_Row], amendment: Amendment
) -> str:
    path = amendment.path
    if path.endswith("__heading"):
        return "การเปลี่ยนชื่อหมวดต้องนำไปใช้ด้วยตนเอง"
    inside = [
        row
        for row in rows
        if row.provision.division_eid == path
        or row.provision.division_eid.startswith(f"{path}__")
        or row.provision.division_eid.endswith(f"__{path}")
    ]
    if amendment.op == "insert":
        law = parse(amendment.new_text)
        if not law.provisions:
            return "ไม่พบมาตราในหมวดที่จะเพิ่ม"
        for provision in law.provisions:
            if _find(rows, provision.eid):
                return "มาตราในหมวดที่จะเพิ่มมีอยู่แล้วในกฎหมายปัจจุบัน"
        first = law.provisions[0].number
        place = sum(row.provision.number < first for row in rows)
        rows[place:place] = [
            _Row(provision, "", "insert", [amendment.section])
            for provision in law.provisions
        ]
        return ""
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
            row.set(
                _paragraphs(row.provision.eid, REPEALED), "repeal", amendment.section
            )
        else:
            row.set(new.paragraphs, "replace", amendment.section)
    for provision in fresh.values():
        place = sum(row.provision.number < provision.number for row in rows)
        rows.insert(place, _Row(provision, "", "insert", [amendment.section]))
    return ""


def _replace_word(rows: list[_Row], amendment: Amendment) -> str:
    if not amendment.old_text:
        return "ไม่พบคำเดิมที่จะแก้ไข"
    head = amendment.path.partition("__")[0]
    changed = False
    for row in rows:
        if head and row.provision.eid != head:
            continue
        if amendment.old_text not in row.provision.text:
            continue
        text = row.provision.text.replace(amendment.old_text, amendment.new_text)
        row.set(_paragraphs(row.provision.eid, text), "word", amendment.section)
        changed = True
    return "" if changed else f"ไม่พบคำว่า “{amendment.old_text}” ในกฎหมายปัจจุบัน"


def _change_inside(row: _Row, inside: str, amendment: Amendment) -> str:
    steps = inside.split("__")
    paragraphs = list(row.provision.paragraphs)
    eid = row.provision.eid
    if steps[0].startswith("def_"):
        return _change_definition(row, steps[0][4:], amendment)
    if not steps[0].startswith("para_"):
        return "ไม่เข้าใจตำแหน่งที่จะแก้ไขในมาตรานี้"
    last = steps[0] == "para_last"
    index = len(paragraphs) - 1 if last else int(steps[0][5:]) - 1
    if len(steps) > 1:
        return _change_item(row, index, steps[1:], amendment)
    text = _body_of(amendment.new_text)
    if amendment.op == "insert":
        if last:
            index = len(paragraphs)
        if index > len(paragraphs):
            return "ตำแหน่งวรรคที่จะเพิ่มอยู่เกินจำนวนวรรคที่มี"
        paragraphs[index:index] = _paragraphs(eid, text)
    elif not 0 <= index < len(paragraphs):
        return "ไม่พบวรรคที่จะแก้ไขในมาตรานี้"
    elif amendment.op == "repeal":
        del paragraphs[index]
    else:
        paragraphs[index : index + 1] = _paragraphs(eid, text)
    row.set(_renumber(eid, paragraphs), _inner(amendment), amendment.section)
    return ""


def _inner(amendment: Amendment) -> str:
    """Seen from the section, any change inside it replaces its text."""
    return "word" if amendment.op == "word" else "replace"


def _change_definition(row: _Row, term: str, amendment: Amendment) -> str:
    paragraphs = list(row.provision.paragraphs)
    new = _paragraphs(row.provision.eid, amendment.new_text)
    place = next(
        (
            i
            for i, p in enumerate(paragraphs)
            if re.match(rf"[“\"]{re.escape(term)}[”\"]", p.text)
        ),
        None,
    )
    if amendment.op == "insert":
        if place is not None:
            return f"บทนิยามคำว่า “{term}” มีอยู่แล้ว"
        quoted = [i for i, p in enumerate(paragraphs) if p.text.startswith(("“", '"'))]
        at = quoted[-1] + 1 if quoted else len(paragraphs)
        paragraphs[at:at] = new
    elif place is None:
        return f"ไม่พบบทนิยามคำว่า “{term}” ในมาตรานี้"
    elif amendment.op == "repeal":
        del paragraphs[place]
    else:
        paragraphs[place : place + 1] = new
    row.set(
        _renumber(row.provision.eid, paragraphs), _inner(amendment), amendment.section
    )
    return ""


def _change_item(row: _Row, index: int, steps: list[str], amendment: Amendment) -> str:
    paragraphs = list(row.provision.paragraphs)
    order = [index, *(i for i in range(len(paragraphs)) if i != index)]
    for place in order:
        if not 0 <= place < len(paragraphs):
            continue
        items = _edit_items(paragraphs[place].items, steps, amendment)
        if items is not None:
            paragraphs[place] = replace(paragraphs[place], items=items)
            row.set(
                _renumber(row.provision.eid, paragraphs),
                _inner(amendment),
                amendment.section,
            )
            return ""
    return "ไม่พบอนุมาตราที่จะแก้ไขในมาตรานี้"


def _edit_items(  # noqa: PLR0911 - one return for each operation
    items: tuple[Item, ...], steps: list[str], amendment: Amendment
) -> tuple[Item, ...] | None:
    """Change one item of a list; None when the list has no place for it."""
    name = [item.eid.rpartition("__")[2] for item in items]
    step = steps[0]
    if len(steps) > 1:
        if step not in name:
            return None
        place = name.index(step)
        inner = _edit_items(items[place].items, steps[1:], amendment)
        if inner is None:
            return None
        return (*items[:place], replace(items[place], items=inner), *items[place + 1 :])
    new = _new_items(amendment)
    if amendment.op == "insert":
        if not items or step in name:
            return None
        wanted = number_from_eid(step.partition("_")[2])
        numbers = [number_from_eid(n.partition("_")[2]) for n in name]
        place = sum(bool(n and wanted and n < wanted) for n in numbers)
        return (*items[:place], *new, *items[place:])
    if step not in name:
        return None
    place = name.index(step)
    if amendment.op == "repeal":
        new = (replace(items[place], text=REPEALED, items=()),)
    return (*items[:place], *new, *items[place + 1 :])


def _new_items(amendment: Amendment) -> tuple[Item, ...]:
    paragraphs = _paragraphs("new", amendment.new_text)
    return tuple(item for paragraph in paragraphs for item in paragraph.items)


def _renumber(eid: str, paragraphs: list[Paragraph]) -> tuple[Paragraph, ...]:
    """Give paragraphs and items the eIds of their new places."""
    result = []
    for order, paragraph in enumerate(paragraphs, start=1):
        own = f"{eid}__para_{order}"
        result.append(Paragraph(own, paragraph.text, _rename(own, paragraph.items)))
    return tuple(result)


def _rename(parent: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    renamed = []
    for item in items:
        own = f"{parent}__{item.eid.rpartition('__')[2]}"
        renamed.append(Item(own, item.label, item.text, _rename(own, item.items)))
    return tuple(renamed)
