"""Build a provision from its lines: paragraphs (วรรค), items and sub-items."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from drafts.law.item_labels import item_label
from drafts.law.numerals import (
    DIGITS,
    ITEM_LETTERS,
    arabic_digits,
    eid_number,
    parse_label,
    read_number,
)
from drafts.law.parse.heads import is_quoted_head
from drafts.law.parse.lines import DIVISION, OPEN_ENDED, Layout, Line
from drafts.law.parse.wraps import begins_paragraph
from drafts.law.structure import Item, Paragraph

#: A line that can only go on: it starts with what no paragraph starts with.
_CONTINUES = re.compile(
    r"(?:และ|หรือ|แห่ง|ของ|ซึ่ง|วรรค(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก)\s|ดังกล่าว|ดังต่อไปนี้|เป็นต้นไป|[๐-๙]+\s|ๆ|ฯลฯ\s|\(ฉบับที่|"
    r"[)”,.;])"
)
#: What stands before the number of an item that is referred to.
_BEFORE_ITEM_NUMBER = re.compile(
    r"(?:(?<!ก็)(?<!ติด)ตาม|ความใน|มาตรา\s?[๐-๙/]+(?:\s[ก-ฮ]\.)?|วรรค\S{1,8}|และ|หรือ|ถึง|"
    r"(?:บัญชี|ตาราง|แบบ|ข้อ)(?:ที่)?)$"
)
_INSTRUCTION = re.compile(r"ให้(?:ยกเลิก|เพิ่ม|แก้ไข(?:เพิ่มเติม)?(?:ถ้อย)?คำ)")
_INSTRUCTION_ENDS = re.compile(r"(?:แทน|ทุกแห่ง|[”\"]|ต่อไปนี้)$")
#: Items that may open a provision; others need words before them.
_OPENS_BODY = ("paren", "half", "clause")
_CLAUSE = re.compile(
    rf"ข้อ[ \t]*(?P<number>{DIGITS}{{1,2}})"
    r"(?=[ \t]+(?!และ|หรือ|ถึง|แห่ง|วรรค|ของ|ด้วย|นี้)\S|$)"
)
_SHORT = 80  # characters of a heading in quoted text
_DEFINITION = re.compile(r"“[^”]{1,200}”.{0,40}?(?:หมายความ|ให้หมายความ|หมายถึง)")


@dataclass(slots=True)
class _Node:
    label: str
    style: str
    lines: list[str]
    children: list[_Node] = field(default_factory=list)


def build_paragraphs(
    eid: str, first: str, lines: list[Line], layout: Layout
) -> tuple[Paragraph, ...]:
    """Split the text of a provision, whose first line is ``first``."""
    paragraphs: list[_Node] = []
    stack: list[_Node] = []
    previous: Line | None = None
    opening = [Line(0, first, False)] if first else []
    clauses = _clause_items(lines) if "sec_" in eid else {}
    for line in [*opening, *lines]:
        text = line.text
        label = clauses.get(id(line)) or item_label(text)
        target = stack[-1] if stack else (paragraphs[-1] if paragraphs else None)
        if label:
            goes_on = _is_cut_reference(line, label, previous, stack)
        else:
            goes_on = _joins(line, previous, layout)
            if layout.wrapped and _in_instruction(target, line, previous):
                goes_on = not _INSTRUCTION.match(text)
        if target and goes_on:
            target.lines.append(text)
        elif label and (paragraphs or label[0].startswith(_OPENS_BODY)):
            style, mark = label
            while stack and any(node.style == style for node in stack):
                stack.pop()
            node = _Node(mark, style, [text[len(mark) :].strip()])
            if not paragraphs:
                paragraphs.append(_Node("", "", []))
            (stack[-1] if stack else paragraphs[-1]).children.append(node)
            stack.append(node)
        else:
            stack.clear()
            paragraphs.append(_Node("", "", [text]))
        previous = line
    return tuple(
        Paragraph(
            f"{eid}__para_{order}",
            " ".join(filter(None, node.lines)),
            _items(f"{eid}__para_{order}", node.children),
        )
        for order, node in enumerate(paragraphs, start=1)
    )


def _clause_items(lines: list[Line]) -> dict[int, tuple[str, str]]:
    """Find ข้อ ๑, ข้อ ๒ … that old acts use as items of a มาตรา; by ``id`` of the line.

    They count from one and there are two at least; a lone ข้อ is a reference.
    """
    found: dict[int, tuple[str, str]] = {}
    before = ""
    for line in lines:
        match = _CLAUSE.match(line.text)
        counts = match and arabic_digits(match["number"]) == str(len(found) + 1)
        if match and counts and not (line.quoted or OPEN_ENDED.search(before[-60:])):
            found[id(line)] = ("clause", match.group().rstrip())
        before = line.text
    return found if len(found) > 1 else {}


def _is_cut_reference(
    line: Line, label: tuple[str, str], previous: Line | None, stack: list[_Node]
) -> bool:
    """Say whether what looks like an item is the rest of ``ตาม⏎(๑) และ (๒)``."""
    style, mark = label
    if previous is None or line.blank_before:
        return False
    second = item_label(line.text[len(mark) :].lstrip())
    if style.startswith("paren") and second and second[0] == style:
        return True  # (๒) (๓) และ (๔): no item begins with the number of another
    if style.startswith("half") and previous.text.count("(") > previous.text.count(")"):
        return True  # (ฉบับที่⏎๒) พ.ศ. ๒๕๔๒
    if not _BEFORE_ITEM_NUMBER.search(previous.text[-40:]):
        return False
    number = _item_number(mark)
    for node in reversed(stack):
        if node.style == style:
            last = _item_number(node.label)
            return not (last.isdecimal() and number == str(read_number(last) + 1))
    return number != "1"


def _joins(  # noqa: PLR0911 - one return for each rule
    line: Line, previous: Line | None, layout: Layout
) -> bool:
    """Say whether a line goes on with the line before it (a soft wrap)."""
    if previous is None or line.blank_before:
        return False
    before = previous.text
    if OPEN_ENDED.search(before[-60:]):
        return True
    if _DEFINITION.match(line.text):
        return False
    if line.quoted and _begins_quoted(before, line.text):
        return False
    if before[-1:] in '”"' and _INSTRUCTION.match(line.text):
        return False
    if line.text.startswith(("มาตรา", "ข้อ")) and not line.quoted:
        # a line that looks like a head but is none is a cross-reference cut by a wrap
        return bool(re.match(r"(?:มาตรา|ข้อ)\s*[๐-๙0-9]", line.text))
    if _CONTINUES.match(line.text):
        return True
    if not layout.wrapped or line.text[0] in '“"':
        return False
    return not begins_paragraph(before, line.text)


def _in_instruction(target: _Node | None, line: Line, previous: Line | None) -> bool:
    """Say whether a line goes on with an amending instruction: one sentence."""
    if target is None or previous is None or line.quoted or line.blank_before:
        return False
    if target.label or not _INSTRUCTION.match(target.lines[0]):
        return False
    return line.text[0] not in '“"' and not _INSTRUCTION_ENDS.search(previous.text)


def _begins_quoted(before: str, text: str) -> bool:
    """Say whether a line of new text is a head, a heading, or follows a heading."""
    opened = DIVISION.match(before.lstrip('“"'))
    after_heading = bool(opened) and len(before) < _SHORT
    heading = bool(DIVISION.match(text)) and len(text) < _SHORT
    return after_heading or heading or is_quoted_head(text)


def _items(parent: str, nodes: list[_Node]) -> tuple[Item, ...]:
    used: dict[str, int] = {}
    items = []
    for node in nodes:
        eid = f"{parent}__point_{_item_number(node.label)}"
        used[eid] = used.get(eid, 0) + 1
        if used[eid] > 1:
            eid += f"-dup{used[eid]}"
        text = " ".join(filter(None, node.lines))
        items.append(Item(eid, node.label, text, _items(eid, node.children)))
    return tuple(items)


def _item_number(label: str) -> str:
    """Give the eId number of an item: (๑/๑) → 1-1, (ก) → 1, ๔.๒ → 4-2."""
    inner = label.removeprefix("ข้อ").strip("(). ")
    number = parse_label(inner)
    if number:
        return eid_number(number)
    if inner[:1] in ITEM_LETTERS:
        rest = arabic_digits(re.sub(r"[^0-9๐-๙]", "", inner))
        return str(ITEM_LETTERS.index(inner[0]) + 1) + (f"-{rest}" if rest else "")
    cleaned = re.sub(r"[^0-9a-z]+", "-", arabic_digits(inner).lower()).strip("-")
    return cleaned or "x"


def provision_text(paragraphs: tuple[Paragraph, ...]) -> str:
    """Join paragraphs and items with one newline, as ``Provision.text`` has them."""
    parts: list[str] = []
    for paragraph in paragraphs:
        if paragraph.text:
            parts.append(paragraph.text)
        _item_lines(paragraph.items, parts)
    return "\n".join(parts)


def _item_lines(items: tuple[Item, ...], parts: list[str]) -> None:
    for item in items:
        parts.append(f"{item.label} {item.text}".rstrip())
        _item_lines(item.items, parts)
