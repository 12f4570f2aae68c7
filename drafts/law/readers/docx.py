"""Read DOCX: paragraphs with their automatic numbers, tables and footnotes.

Written on the XML itself (ECMA-376 part 1, §17): python-docx does not resolve
automatic numbering, and an officer's มาตรา ๕ or (๑) is often an automatic number.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from drafts.law.messages import _
from drafts.law.numerals import ITEM_LETTERS, read_number, thai_digits, word_number
from drafts.law.readers.package import Package
from drafts.law.readers.result import (
    TRACKED_CHANGES,
    Output,
    ReaderError,
    ReadResult,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
#: Elements that only hold others; what was inserted with changes tracked is read.
_INSERTED = {f"{_W}ins", f"{_W}moveTo"}
_HOLDERS = {
    f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag")
} | _INSERTED
_MAX_LEVEL = 9
_MAX_DEPTH = 40


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    style: str = ""  # paragraph style that this level numbers


@dataclass(slots=True)
class _Numbering:
    """Numbering definitions and the counters that run through the document."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # by numId
    shared: dict[str, str] = field(default_factory=dict)  # numId → counter name
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counters: dict[str, list[int]] = field(default_factory=dict)

    def label(self, num_id: str, level: int) -> str:
        """Count one paragraph of a list and give its printed number."""
        definition = self.levels.get(num_id)
        if not definition or level not in definition:
            return ""
        key = self.shared[num_id]
        counts = self.counters.setdefault(key, [0] * _MAX_LEVEL)
        for higher in range(level):
            if not counts[higher] and higher in definition:
                counts[higher] = definition[higher].start
        counts[level] = counts[level] + 1 if counts[level] else definition[level].start
        counts[level + 1 :] = [0] * (_MAX_LEVEL - level - 1)
        this = definition[level]
        if this.form in {"bullet", "none"} and "%" not in this.text:
            return "-" if this.form == "bullet" else this.text
        label = this.text
        for number in range(_MAX_LEVEL):
            if f"%{number + 1}" in label:
                form = definition[number].form if number in definition else "decimal"
                label = label.replace(f"%{number + 1}", _print(counts[number], form))
        gap = {"space": " ", "nothing": ""}.get(this.suffix, "  ")
        return label + gap if label else ""


_THAI = {"thaiNumbers": thai_digits, "thaiCounting": word_number}


def _print(value: int, form: str) -> str:
    if form in _THAI:
        return _THAI[form](value)
    if form == "thaiLetters":
        return ITEM_LETTERS[(value - 1) % len(ITEM_LETTERS)] if value > 0 else ""
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 30)
        return letter if form == "lowerLetter" else letter.upper()
    if form in {"lowerRoman", "upperRoman"}:
        roman, rest = "", min(value, 3999)
        for size, letters in _ROMAN:
            roman += letters * (rest // size)
            rest %= size
        return roman if form == "lowerRoman" else roman.upper()
    if form == "decimalZero":
        return f"{value:02}"
    return str(value)


def read_docx(data: bytes) -> ReadResult:
    """Read a DOCX file into text, one paragraph a line."""
    package = Package(data)
    document = package.xml("word/document.xml")
    if document is None:
        raise ReaderError(
            _("ไฟล์นี้ไม่ใช่เอกสาร Word (.docx) ที่สมบูรณ์ โปรดบันทึกใหม่แล้วนำเข้าอีกครั้ง"),
            "broken_file",
        )
    reader = _Reader(_read_numbering(package))
    body = document.find(f"{_W}body")
    if body is not None:
        reader.block(body, 0)
    for name, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
        notes = package.xml(f"word/{name}.xml")
        if notes is not None:
            reader.notes(notes, tag)
    if reader.tracked:
        reader.out.warn("tracked_changes", TRACKED_CHANGES)
    return reader.out.result("docx")


class _Reader:
    def __init__(self, numbering: _Numbering, out: Output | None = None) -> None:
        self.numbering = numbering
        self.out = out or Output()
        self.tracked = False
        self.references: dict[str, dict[str, int]] = {"footnote": {}, "endnote": {}}

    def block(self, parent: etree._Element, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _too_deep()
        for child in parent:
            if child.tag == f"{_W}p":
                self.paragraph(child)
            elif child.tag == f"{_W}tbl":
                self.table(child, depth)
            elif child.tag == f"{_W}del":
                self.tracked = True
            elif child.tag in _HOLDERS:
                self.tracked |= child.tag in _INSERTED
                self.block(child, depth + 1)

    def paragraph(self, element: etree._Element) -> None:
        text = self.inline(element)
        label = self._label(element)
        if label and text.strip():
            text = label + text.lstrip()
        for line in text.split("\n"):
            self.out.add(line.rstrip())

    def _label(self, element: etree._Element) -> str:
        properties = element.find(f"{_W}pPr")
        num_id, level = None, None
        if properties is not None:
            style = properties.find(f"{_W}pStyle")
            if style is not None:
                num_id, level = self.numbering.styles.get(
                    style.get(f"{_W}val", ""), (None, None)
                )
            direct = properties.find(f"{_W}numPr")
            if direct is not None:
                own, own_level = _num_pr(direct)
                num_id = own if own is not None else num_id
                level = own_level if own_level is not None else level
        if not num_id or num_id == "0":
            return ""
        return self.numbering.label(num_id, min(level or 0, _MAX_LEVEL - 1))

    def inline(  # noqa: PLR0912 - one branch for each element of a run
        self, element: etree._Element
    ) -> str:
        """Collect the text of a paragraph, following runs in order."""
        pieces: list[str] = []
        stack = [iter(element)]
        while stack:
            self.out.budget.spend(0)
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                continue
            tag = child.tag
            if tag in {f"{_W}t", f"{_W}delText"}:
                if tag == f"{_W}t":
                    pieces.append((child.text or "").replace("\n", " "))
            elif tag in {f"{_W}tab", f"{_W}ptab"}:
                if child.getparent().tag == f"{_W}r":
                    pieces.append("\t")
            elif tag in {f"{_W}br", f"{_W}cr"}:
                if child.get(f"{_W}type") not in {"page", "column"}:
                    pieces.append("\n")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag == f"{_W}sym":
                pieces.append(_symbol(child))
            elif tag in {f"{_W}footnoteReference", f"{_W}endnoteReference"}:
                pieces.append(self._reference(child))
            elif tag in {f"{_W}del", f"{_W}moveFrom"}:
                self.tracked = True
            elif tag in {f"{_W}pPr", f"{_W}rPr", f"{_MC}Fallback", f"{_W}instrText"}:
                continue
            elif tag == f"{_W}txbxContent":
                self.block(child, 1)
            else:
                if len(stack) > _MAX_DEPTH * 2:
                    raise _too_deep()
                self.tracked |= tag in _INSERTED
                stack.append(iter(child))
        return "".join(pieces)

    def _reference(self, element: etree._Element) -> str:
        kind = "footnote" if "footnote" in element.tag else "endnote"
        known = self.references[kind]
        number = sum(map(len, self.references.values())) + 1
        number = known.setdefault(element.get(f"{_W}id", ""), number)
        return f"[{thai_digits(number)}]"

    def table(self, element: etree._Element, depth: int) -> None:
        """Write each row on a line of its own, cells parted by tabs.

        A row with one cell only lays out the page: its paragraphs stay paragraphs.
        """
        for row in element.iter(f"{_W}tr"):
            self.out.budget.spend(0)
            if _owner(row, f"{_W}tbl") is not element:
                continue
            cells = []
            for cell in row.findall(f"{_W}tc"):
                inner = _Reader(self.numbering, Output(self.out.budget))
                inner.references = self.references
                inner.block(cell, depth + 1)
                self.tracked |= inner.tracked
                cells.append([line.strip() for line in inner.out.lines])
            self.out.add_row(cells)

    def notes(self, root: etree._Element, tag: str) -> None:
        known = self.references[tag]
        texts = {}
        for note in root.findall(f"{_W}{tag}"):
            number = known.get(note.get(f"{_W}id", ""))
            if number:
                lines = [self.inline(p).strip() for p in note.iter(f"{_W}p")]
                texts[number] = " ".join(filter(None, lines))
        if texts:
            self.out.add("")
        for number, text in sorted(texts.items()):
            self.out.add(f"[{thai_digits(number)}] {text}")


def _too_deep() -> ReaderError:
    return ReaderError(_("โครงสร้างตารางซ้อนกันลึกเกินไป โปรดทำให้ง่ายลง"), "too_deep")


def _owner(element: etree._Element, tag: str) -> etree._Element | None:
    parent = element.getparent()
    while parent is not None and parent.tag != tag:
        parent = parent.getparent()
    return parent


def _symbol(element: etree._Element) -> str:
    try:
        return chr(int(element.get(f"{_W}char", ""), 16))
    except (ValueError, OverflowError):
        return ""


def _num_pr(element: etree._Element) -> tuple[str | None, int | None]:
    num = element.find(f"{_W}numId")
    level = element.find(f"{_W}ilvl")
    return (
        num.get(f"{_W}val") if num is not None else None,
        read_number(level.get(f"{_W}val")) if level is not None else None,
    )


def _read_numbering(package: Package) -> _Numbering:
    numbering = _Numbering()
    root = package.xml("word/numbering.xml")
    if root is not None:
        abstract = _read_abstract(root)
        for item in root.findall(f"{_W}num"):
            num_id = item.get(f"{_W}numId", "")
            link = item.find(f"{_W}abstractNumId")
            base = link.get(f"{_W}val", "") if link is not None else ""
            levels = dict(abstract.get(base, {}))
            overridden = False
            for override in item.findall(f"{_W}lvlOverride"):
                number = min(read_number(override.get(f"{_W}ilvl")), _MAX_LEVEL - 1)
                levels.update(_read_levels(override))
                start = override.find(f"{_W}startOverride")
                if start is not None and number in levels:
                    old = levels[number]
                    value = read_number(start.get(f"{_W}val"), 1)
                    levels[number] = replace(old, start=value)
                    overridden = True
            numbering.levels[num_id] = levels
            numbering.shared[num_id] = f"n{num_id}" if overridden else f"a{base}"
    _read_styles(package, numbering)
    return numbering


def _read_abstract(root: etree._Element) -> dict[str, dict[int, _Level]]:
    """Read the list definitions; one may borrow its levels from a list style."""
    abstract: dict[str, dict[int, _Level]] = {}
    by_style: dict[str, dict[int, _Level]] = {}
    borrowed: dict[str, str] = {}
    for item in root.findall(f"{_W}abstractNum"):
        name = item.get(f"{_W}abstractNumId", "")
        abstract[name] = _read_levels(item)
        gives, takes = item.find(f"{_W}styleLink"), item.find(f"{_W}numStyleLink")
        if gives is not None:
            by_style[gives.get(f"{_W}val", "")] = abstract[name]
        if takes is not None:
            borrowed[name] = takes.get(f"{_W}val", "")
    for name, style in borrowed.items():
        abstract[name] = abstract[name] or by_style.get(style, {})
    return abstract


def _read_levels(parent: etree._Element) -> dict[int, _Level]:
    levels = {}
    for item in parent.findall(f"{_W}lvl"):

        def value(name: str, default: str, item: etree._Element = item) -> str:
            child = item.find(f"{_W}{name}")
            return default if child is None else child.get(f"{_W}val", default)

        levels[min(read_number(item.get(f"{_W}ilvl")), _MAX_LEVEL - 1)] = _Level(
            read_number(value("start", "1"), 1),
            value("numFmt", "decimal"),
            value("lvlText", "")[:80],
            value("suff", "tab"),
            value("pStyle", ""),
        )
    return levels


def _read_styles(package: Package, numbering: _Numbering) -> None:
    root = package.xml("word/styles.xml")
    if root is None:
        return
    own: dict[str, tuple[str | None, int | None]] = {}
    parents: dict[str, str] = {}
    for style in root.findall(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        num = style.find(f"{_W}pPr/{_W}numPr")
        if num is not None:
            own[name] = _num_pr(num)
        based = style.find(f"{_W}basedOn")
        if based is not None:
            parents[name] = based.get(f"{_W}val", "")
    for name in {*own, *parents}:
        current, seen = name, set()
        num_id: str | None = None
        level: int | None = None
        while current and current not in seen:
            seen.add(current)
            found_id, found_level = own.get(current, (None, None))
            num_id = num_id or found_id
            level = level if level is not None else found_level
            current = parents.get(current, "")
        if num_id:
            levels = numbering.levels.get(num_id, {})
            linked = [n for n, item in levels.items() if item.style == name]
            if level is None and linked:
                level = linked[0]
            numbering.styles[name] = (num_id, level or 0)
