"""Read ODT (OpenDocument 1.2+): paragraphs, numbered lists, tables and notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from drafts.law.messages import _
from drafts.law.numerals import ITEM_LETTERS, read_number, thai_digits
from drafts.law.readers.package import Package
from drafts.law.readers.result import (
    MAX_CELLS,
    TRACKED_CHANGES,
    Output,
    ReaderError,
    ReadResult,
)

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_MANIFEST = "META-INF/manifest.xml"
#: The name under which the numbering of headings is kept among the list styles.
_OUTLINE = "\0outline"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_NUMBERED = {f"{_TEXT}list-level-style-number", f"{_TEXT}outline-level-style"}
_ROW_GROUPS = {
    f"{_TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group")
}
_MAX_DEPTH = 40
_MAX_SPACES = 200
#: Levels of a list and letters of what stands before or after its numbers.
_MAX_LEVEL = 10
_MAX_AFFIX = 80


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1


def read_odt(data: bytes) -> ReadResult:
    """Read an ODT file into text, one paragraph a line."""
    package = Package(data)
    if b"encryption-data" in (package.read(_MANIFEST) or b""):
        raise ReaderError(_("ไฟล์นี้ใส่รหัสผ่านไว้ โปรดนำรหัสผ่านออกก่อนนำเข้า"), "encrypted")
    content = package.xml("content.xml")
    if content is None:
        raise ReaderError(
            _("ไฟล์นี้ไม่ใช่เอกสาร ODT ที่สมบูรณ์ โปรดบันทึกใหม่แล้วนำเข้าอีกครั้ง"), "broken_file"
        )
    styles = package.xml("styles.xml")
    roots = [content] if styles is None else [styles, content]
    reader = _Reader(_list_styles(roots), Output())
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is not None:
        reader.block(body, 0)
    if reader.notes:
        reader.out.add("")
    for number, note in enumerate(reader.notes, start=1):
        reader.out.add(f"[{thai_digits(number)}] {note}")
    if reader.tracked:
        reader.out.warn("tracked_changes", TRACKED_CHANGES)
    return reader.out.result("odt")


class _Reader:
    def __init__(self, styles: dict[str, dict[int, _Level]], out: Output) -> None:
        self.out = out
        self.notes: list[str] = []
        self.styles = styles
        self.counters: dict[tuple[str, int], int] = {}
        self.tracked = False

    def block(self, parent: etree._Element, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _too_deep()
        for child in parent:
            if child.tag == f"{_TEXT}p":
                self.paragraph(child, "")
            elif child.tag == f"{_TEXT}h":
                self.paragraph(child, self.heading_label(child))
            elif child.tag == f"{_TEXT}list":
                self.list(child, "", 1, depth)
            elif child.tag == f"{_TEXT}tracked-changes":
                self.tracked = True  # it holds what was deleted
            elif child.tag == f"{_TABLE}table":
                self.table(child, depth)
            elif child.tag in {f"{_TEXT}section", f"{_TEXT}index-body"} or (
                isinstance(child.tag, str) and child.tag.endswith("}table-of-content")
            ):
                self.block(child, depth + 1)

    def paragraph(self, element: etree._Element, label: str) -> None:
        text = self.inline(element, 0)
        if label and text.strip():
            gap = "  " if label[-1].isdigit() else " "
            text = f"{label}{gap}{text.lstrip()}"
        for line in text.split("\n"):
            self.out.add(line.rstrip())

    def heading_label(self, element: etree._Element) -> str:
        """Give the number of a heading that is numbered by its outline level."""
        number = read_number(element.get(f"{_TEXT}outline-level"), 0, _MAX_LEVEL)
        unnumbered = element.get(f"{_TEXT}is-list-header") == "true"
        if not number or unnumbered or _OUTLINE not in self.styles:
            return ""
        definition = self.styles[_OUTLINE].get(number, _Level())
        key = (_OUTLINE, number)
        self.counters[key] = self.counters.get(key, definition.start - 1) + 1
        for lower in self.styles[_OUTLINE]:
            if lower > number:
                self.counters.pop((_OUTLINE, lower), None)
        return self.label(_OUTLINE, number)

    def inline(self, element: etree._Element, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise _too_deep()
        pieces = [element.text or ""]
        for child in element:
            self.out.budget.spend(0)
            if child.tag == f"{_TEXT}s":
                count = read_number(child.get(f"{_TEXT}c"), 1, _MAX_SPACES)
                self.out.budget.spend(count)
                pieces.append(" " * count)
            elif child.tag == f"{_TEXT}tab":
                pieces.append("\t")
            elif child.tag == f"{_TEXT}line-break":
                pieces.append("\n")
            elif child.tag == f"{_TEXT}note":
                body = child.find(f"{_TEXT}note-body")
                lines = [] if body is None else self.inside(body, depth)
                self.notes.append(" ".join(filter(None, lines)))
                pieces.append(f"[{thai_digits(len(self.notes))}]")
            elif child.tag == f"{_DRAW}text-box":
                self.block(child, depth + 1)
            elif isinstance(child.tag, str) and not child.tag.startswith(_OFFICE):
                pieces.append(self.inline(child, depth + 1))
            pieces.append(child.tail or "")
        return "".join(pieces)

    def list(self, element, style: str, level: int, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _too_deep()
        style = element.get(f"{_TEXT}style-name") or style
        definition = self.styles.get(style, {}).get(level, _Level())
        continues = (
            element.get(f"{_TEXT}continue-numbering") == "true"
            or element.get(f"{_TEXT}continue-list") is not None
        )
        key = (style, level)
        if not continues or key not in self.counters:
            self.counters[key] = definition.start - 1
        for item in element:
            if item.tag not in {f"{_TEXT}list-item", f"{_TEXT}list-header"}:
                continue
            label = ""
            if item.tag == f"{_TEXT}list-item":
                start = item.get(f"{_TEXT}start-value")
                self.counters[key] = read_number(start, self.counters[key] + 1) - 1
                self.counters[key] += 1
                label = self.label(style, level)
            for child in item:
                if child.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
                    self.paragraph(child, label)
                    label = ""
                elif child.tag == f"{_TEXT}list":
                    self.list(child, style, level + 1, depth + 1)

    def label(self, style: str, level: int) -> str:
        definition = self.styles.get(style, {}).get(level)
        if definition is None or not definition.form:
            return ""
        first = max(1, level - definition.shown + 1)
        numbers = []
        for number in range(first, level + 1):
            form = self.styles[style].get(number, definition).form
            numbers.append(_print(self.counters.get((style, number), 1), form))
        return definition.prefix + ".".join(numbers) + definition.suffix

    def table(self, element: etree._Element, depth: int) -> None:
        for row in _rows(element):
            cells: list[list[str]] = []
            for cell in row.iterchildren(f"{_TABLE}table-cell"):
                lines = self.inside(cell, depth)
                repeat = cell.get(f"{_TABLE}number-columns-repeated")
                times = read_number(repeat, 1, MAX_CELLS + 1) if any(lines) else 1
                cells += [lines] * times
            self.out.add_row(cells)

    def inside(self, element: etree._Element, depth: int) -> list[str]:
        """Return the lines of a cell or a note, written under the same limits."""
        inner = _Reader(self.styles, Output(self.out.budget))
        inner.notes = self.notes
        inner.block(element, depth + 1)
        self.tracked |= inner.tracked
        return [line.strip() for line in inner.out.lines]


def _rows(element: etree._Element) -> Iterator[etree._Element]:
    """Give the rows of a table and of its groups, not those of tables inside."""
    for child in element:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _rows(child)


def _too_deep() -> ReaderError:
    return ReaderError(_("โครงสร้างเอกสารซ้อนกันลึกเกินไป โปรดทำให้ง่ายลง"), "too_deep")


def _print(value: int, form: str) -> str:
    if form[:1] in {"๑"}:
        return thai_digits(value)
    if form[:1] == "ก":
        return ITEM_LETTERS[(value - 1) % len(ITEM_LETTERS)]
    if form in {"a", "A"}:
        letter = chr(ord("a") + (value - 1) % 26)
        return letter if form == "a" else letter.upper()
    return str(value)


def _list_styles(roots: list[etree._Element]) -> dict[str, dict[int, _Level]]:
    styles: dict[str, dict[int, _Level]] = {}
    for root in roots:
        for style in root.iter(f"{_TEXT}list-style", f"{_TEXT}outline-style"):
            levels = {}
            outline = style.tag == f"{_TEXT}outline-style"
            for item in style:
                number = read_number(item.get(f"{_TEXT}level"), 0, _MAX_LEVEL)
                if item.tag not in _NUMBERED or not number:
                    continue
                levels[number] = _Level(
                    item.get(f"{_STYLE}num-format", ""),
                    item.get(f"{_STYLE}num-prefix", "")[:_MAX_AFFIX],
                    item.get(f"{_STYLE}num-suffix", "")[:_MAX_AFFIX],
                    read_number(item.get(f"{_TEXT}start-value"), 1),
                    read_number(item.get(f"{_TEXT}display-levels"), 1, _MAX_LEVEL),
                )
            name = _OUTLINE if outline else style.get(f"{_STYLE}name", "")
            styles[name] = levels
    return styles
