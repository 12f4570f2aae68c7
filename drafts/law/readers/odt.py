"""Read ODT (OpenDocument 1.2+): paragraphs, numbered lists, tables and notes."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from drafts.law.numerals import ITEM_LETTERS, thai_digits
from drafts.law.readers.package import Package
from drafts.law.readers.result import Output, ReaderError, ReadResult

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_MAX_DEPTH = 40
_MAX_REPEAT = 1000


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
    content = package.xml("content.xml")
    if content is None:
        raise ReaderError(
            "ไฟล์นี้ไม่ใช่เอกสาร ODT ที่สมบูรณ์ โปรดบันทึกใหม่แล้วนำเข้าอีกครั้ง", "broken_file"
        )
    styles = package.xml("styles.xml")
    reader = _Reader([content] if styles is None else [styles, content])
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is not None:
        reader.block(body, 0)
    if reader.notes:
        reader.out.add("")
    for number, note in enumerate(reader.notes, start=1):
        reader.out.add(f"[{thai_digits(number)}] {note}")
    return reader.out.result("odt")


class _Reader:
    def __init__(self, roots: list[etree._Element]) -> None:
        self.out = Output()
        self.notes: list[str] = []
        self.styles = _list_styles(roots)
        self.counters: dict[tuple[str, int], int] = {}

    def block(self, parent: etree._Element, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ReaderError("โครงสร้างเอกสารซ้อนกันลึกเกินไป โปรดทำให้ง่ายลง", "too_deep")
        for child in parent:
            if child.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
                self.paragraph(child, "")
            elif child.tag == f"{_TEXT}list":
                self.list(child, "", 1, depth)
            elif child.tag == f"{_TABLE}table":
                self.table(child, depth)
            elif child.tag in {f"{_TEXT}section", f"{_TEXT}index-body"} or (
                isinstance(child.tag, str) and child.tag.endswith("}table-of-content")
            ):
                self.block(child, depth + 1)

    def paragraph(self, element: etree._Element, label: str) -> None:
        text = self.inline(element, 0)
        if label and text.strip():
            text = f"{label} {text.lstrip()}"
        for line in text.split("\n"):
            self.out.add(line.rstrip())

    def inline(self, element: etree._Element, depth: int) -> str:
        if depth > _MAX_DEPTH:
            return ""
        pieces = [element.text or ""]
        for child in element:
            if child.tag == f"{_TEXT}s":
                count = child.get(f"{_TEXT}c", "1")
                pieces.append(" " * min(int(count) if count.isdecimal() else 1, 200))
            elif child.tag == f"{_TEXT}tab":
                pieces.append("\t")
            elif child.tag == f"{_TEXT}line-break":
                pieces.append("\n")
            elif child.tag == f"{_TEXT}note":
                body = child.find(f"{_TEXT}note-body")
                lines = (
                    []
                    if body is None
                    else [self.inline(p, depth + 1) for p in body.iter(f"{_TEXT}p")]
                )
                self.notes.append(" ".join(lines))
                pieces.append(f"[{thai_digits(len(self.notes))}]")
            elif isinstance(child.tag, str) and not child.tag.startswith(_OFFICE):
                pieces.append(self.inline(child, depth + 1))
            pieces.append(child.tail or "")
        return "".join(pieces)

    def list(self, element, style: str, level: int, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ReaderError("รายการซ้อนกันลึกเกินไป โปรดทำให้ง่ายลง", "too_deep")
        style = element.get(f"{_TEXT}style-name") or style
        definition = self.styles.get(style, {}).get(level, _Level())
        continues = element.get(f"{_TEXT}continue-numbering") == "true"
        key = (style, level)
        if not continues or key not in self.counters:
            self.counters[key] = definition.start - 1
        for item in element:
            if item.tag not in {f"{_TEXT}list-item", f"{_TEXT}list-header"}:
                continue
            label = ""
            if item.tag == f"{_TEXT}list-item":
                start = item.get(f"{_TEXT}start-value", "")
                if start.isdecimal():
                    self.counters[key] = int(start) - 1
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
        for row in element.iter(f"{_TABLE}table-row"):
            cells = []
            for cell in row:
                if cell.tag != f"{_TABLE}table-cell":
                    continue
                lines = [self.inline(p, depth) for p in cell.iter(f"{_TEXT}p")]
                repeat = cell.get(f"{_TABLE}number-columns-repeated", "1")
                times = min(int(repeat), _MAX_REPEAT) if repeat.isdecimal() else 1
                text = " ".join(" ".join(lines).split())
                cells += [text] * (times if text else 1)
            self.out.add("\t".join(cells).rstrip())


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
        for style in root.iter(f"{_TEXT}list-style"):
            levels = {}
            for item in style:
                number = item.get(f"{_TEXT}level", "")
                if (
                    item.tag != f"{_TEXT}list-level-style-number"
                    or not number.isdecimal()
                ):
                    continue
                start = item.get(f"{_TEXT}start-value", "1")
                shown = item.get(f"{_TEXT}display-levels", "1")
                levels[int(number)] = _Level(
                    item.get(f"{_STYLE}num-format", ""),
                    item.get(f"{_STYLE}num-prefix", ""),
                    item.get(f"{_STYLE}num-suffix", ""),
                    int(start) if start.isdecimal() else 1,
                    int(shown) if shown.isdecimal() else 1,
                )
            styles[style.get(f"{_STYLE}name", "")] = levels
    return styles
