"""Find a table of contents (สารบัญ): its lines look like headings and heads of sections.

It begins with its own heading and holds short lines that name a division or a section,
or end in the number of a page or of sections (``ภาค ๑ บททั่วไป ๑-๑๐๖``).  It ends where
a line is none of these, or where the first of its entries comes again: there the text
itself begins.
"""

from __future__ import annotations

import re

from drafts.law.numerals import DIGITS
from drafts.law.parse.lines import DIVISION, HEAD, UNNUMBERED, Line

_HEADING = re.compile(r"(?:สารบัญ|สารบาญ)(?!ญัติ)[^\n]{0,30}$")
_ENDS_IN_NUMBER = re.compile(
    rf"\S.*?(?:[ \t.…]+)(?:หน้า\s*|มาตรา\s*)?{DIGITS}+(?:/{DIGITS}+)?"
    rf"(?:\s*(?:-|–|ถึง)\s*(?:มาตรา\s*)?{DIGITS}+(?:/{DIGITS}+)?)?$"
)
_COLUMN_HEADING = re.compile(
    r"(?:หน้า|มาตรา|หน้าที่|เรื่อง|รายการ)(?:\s+(?:หน้า|มาตรา|หน้าที่))?$"
)
#: ``หมวด ๑ บททั่วไป ........ ๑`` is an entry wherever it stands.
_DOTS = re.compile(rf"[.…]{{4,}}[ \t]*{DIGITS}+$")
_LONGEST = 200
#: Entries that make a table of contents.
_FEWEST = 3


def mark_contents(lines: list[Line]) -> None:
    """Mark the lines of tables of contents, so that no head is found in them."""
    for line in lines:
        if len(line.text) <= _LONGEST and _DOTS.search(line.text):
            line.contents = True
    index = 0
    while index < len(lines):
        if not _HEADING.match(lines[index].text):
            index += 1
            continue
        end = _end(lines, index + 1)
        if end - index > _FEWEST:
            for line in lines[index:end]:
                line.contents = True
        index = max(end, index + 1)


def _end(lines: list[Line], start: int) -> int:
    seen: set[str] = set()
    for index in range(start, len(lines)):
        text = lines[index].text
        entry = _entry(text)
        if entry in seen:
            return index
        if entry:
            seen.add(entry)
        elif len(text) > _LONGEST or not (
            _ENDS_IN_NUMBER.match(text)
            or _COLUMN_HEADING.match(text)
            or UNNUMBERED.match(text)
        ):
            return index
    return len(lines)


def _entry(text: str) -> str:
    """Give what an entry names (หมวด ๑, มาตรา ๕); "" for other lines."""
    match = DIVISION.match(text) or HEAD.match(text)
    if not match or len(text) > _LONGEST:
        return ""
    return "".join(text[: match.start("gap")].split())
