"""Find the headings that hold sections.

บรรพ ภาค ลักษณะ หมวด ส่วนที่ ตอนที่ and unnumbered ones such as บทเฉพาะกาล.

A line is a division head only where one can stand: it is short, does not go on like a
sentence, and leads to a section or to another division within a few lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafts.law.item_labels import item_label
from drafts.law.numerals import (
    ZERO,
    eid_number,
    number_of,
    parse_word_number,
)
from drafts.law.parse.lines import (
    DIVISION,
    OPEN_ENDED,
    UNNUMBERED,
    Line,
)
from drafts.law.structure import Division, DivisionKind, Number

#: Name lines that may follow a head, and how long a name may be, in characters.
MAX_NAME_LINES = 3
MAX_NAME = 220

_KINDS = {
    "บรรพ": DivisionKind.BOOK,
    "ภาค": DivisionKind.PART,
    "ลักษณะ": DivisionKind.TITLE,
    "หมวด": DivisionKind.CHAPTER,
    "ส่วน": DivisionKind.DIVISION,
    "ตอน": DivisionKind.SUBDIVISION,
}
_RANK = {
    DivisionKind.BOOK: 1,
    DivisionKind.PART: 2,
    DivisionKind.TITLE: 3,
    DivisionKind.CHAPTER: 4,
    DivisionKind.DIVISION: 5,
    DivisionKind.SUBDIVISION: 6,
    DivisionKind.UNNUMBERED: 7,
}
_EID = {
    DivisionKind.BOOK: "book",
    DivisionKind.PART: "part",
    DivisionKind.TITLE: "title",
    DivisionKind.CHAPTER: "chp",
    DivisionKind.DIVISION: "div",
    DivisionKind.SUBDIVISION: "subdiv",
    DivisionKind.UNNUMBERED: "hd",
}
#: A heading over a section: its longest, and how many show that the act has them.
_LONGEST_MARGINAL = 110
_FEWEST_MARGINAL = 4
_NO_HEADING = re.compile(
    r"ดังต่อไปนี้|ดังนี้$|ทั้งนี้|วรรค|มาตรา\s*[๐-๙0-9]|^ให้|^โดยที่|[“”\"]|ยกเลิก|ปีที่|พ\.ศ\."
)
#: Unnumbered headings that end the chapters whatever they follow.
_FINAL = re.compile(r"บท(?:เฉพาะกาล|สุดท้าย)")
#: A line that goes on so is a sentence that begins with หมวด ๑, wherever it stands.
_SENTENCE = re.compile(
    r"(?:และ|หรือ|แห่ง|ถึง|วรรค|มาใช้|ให้(?!บริการ|เช่า)|นี้|ดังกล่าว|มีอำนาจ|ซึ่ง|ก็|แล้ว|"
    r"ของ(?:พระราช|ประมวล|กฎ|รัฐธรรมนูญ))"
)
#: Rarer openings of a name (หมวด ๒ ที่ดินของรัฐ): believed only after a blank line.
_DOUBTFUL = re.compile(
    r"(?:ของ(?!กลาง|ป่า|เก่า)|ได้|ต้อง|ตาม|จะ|ใน|แก่|ที่(?!ดิน|ราชพัสดุ|ประชุม|ว่าการ|ทำการ|สาธารณ))"
)


@dataclass(frozen=True, slots=True)
class FoundDivision:
    """A division with the lines it takes: ``index`` to ``end`` (exclusive)."""

    division: Division
    index: int
    end: int


def find_divisions(  # noqa: PLR0917 - a range of lines and what is known of it
    lines: list[Line],
    start: int,
    stop: int,
    heads: set[int],
    prefix: str,
    used: dict[str, int],
    marginal: dict[int, int],
) -> list[FoundDivision]:
    """Find the divisions among ``lines[start:stop]``, given the chosen heads."""
    found: list[FoundDivision] = []
    stack: list[Division] = []
    index = start
    while index < stop:
        opened = None
        if index in marginal:
            name = " ".join(line.text for line in lines[index : marginal[index]])
            opened = DivisionKind.UNNUMBERED, "", ZERO, name, marginal[index]
        elif index not in heads and _may_open(lines, index):
            opened = _read(lines, index, stop, heads)
        if opened is None:
            index += 1
            continue
        kind, label, number, name, end = opened
        directly_under = bool(found) and found[-1].end == index
        _pop(stack, kind, name, directly_under)
        parent = stack[-1].eid if stack else ""
        base = parent or prefix
        eid = f"{base}__" if base else ""
        eid += f"{_EID[kind]}_{eid_number(number) if any(number) else _next_rank(used)}"
        used[eid] = used.get(eid, 0) + 1
        if used[eid] > 1:
            eid += f"-dup{used[eid]}"
        division = Division(kind, label, name, number, eid, lines[index].number, parent)
        stack.append(division)
        found.append(FoundDivision(division, index, end))
        index = end
    return found


def _next_rank(used: dict[str, int]) -> int:
    """Number the unnumbered headings of a text in order."""
    used[""] = used.get("", 0) + 1
    return used[""]


def find_marginal_headings(
    lines: list[Line], start: int, stop: int, heads: set[int]
) -> dict[int, int]:
    """Find the headings that old acts print over each section; give line → end.

    ``การตรวจค้น`` before มาตรา ๙ of the Martial Law Act.  Such a line is short, stands
    free and leads to a section; it is believed only where the text leaves a blank line
    before hardly anything else, for a last paragraph can look the same.
    """
    found: dict[int, int] = {}
    others = 0
    index = start
    while index < stop:
        line = lines[index]
        if index in heads or not line.blank_before or line.quoted:
            index += 1
            continue
        end = index + 1
        if end < stop and end not in heads and not lines[end].blank_before:
            end += 1
        text = " ".join(one.text for one in lines[index:end])
        if end in heads and lines[end].blank_before and _may_be_marginal(text):
            found[index] = end
        elif index > min(heads, default=start) and not _starts_division(line):
            others += 1
        index = end
    enough = len(found) >= _FEWEST_MARGINAL and others <= 0.25 * len(found)
    return found if enough else {}


def _may_be_marginal(text: str) -> bool:
    return (
        len(text) <= _LONGEST_MARGINAL
        and not (DIVISION.match(text) or UNNUMBERED.match(text) or item_label(text))
        and not _NO_HEADING.search(text)
    )


def _pop(stack: list[Division], kind: DivisionKind, name: str, directly: bool) -> None:
    if kind is DivisionKind.UNNUMBERED and not UNNUMBERED.match(name):
        while stack and stack[-1].kind is DivisionKind.UNNUMBERED:
            stack.pop()
        return
    if kind is DivisionKind.UNNUMBERED:
        if _FINAL.match(name) or not directly:
            stack.clear()
        return
    while stack and _RANK[stack[-1].kind] >= _RANK[kind]:
        stack.pop()


def _may_open(lines: list[Line], index: int) -> bool:
    line = lines[index]
    if line.quoted or line.contents or line.text[0] not in "บภลหสขคโเตม":
        return False
    if len(line.text) > MAX_NAME:
        return False
    previous = lines[index - 1].text if index else ""
    return line.blank_before or not OPEN_ENDED.search(previous[-60:])


def _read(lines, index, stop, heads):  # noqa: PLR0911 - one return for each refusal
    text = lines[index].text
    if UNNUMBERED.match(text):
        if not _leads_on(lines, index + 1, stop, heads):
            return None
        return DivisionKind.UNNUMBERED, "", ZERO, text, index + 1
    match = DIVISION.match(text)
    if not match or _goes_on(match["rest"], lines[index]):
        return None
    number = _number(match)
    if number is None:
        return None
    free = match["that"] or lines[index].blank_before
    if match["word"] == "ตอน" and not free:
        return None
    kind = _KINDS[match["word"]]
    label = " ".join(text[: match.start("gap")].split())
    name_lines = [match["rest"]] if match["rest"] else []
    end = index + 1
    while end < stop and len(name_lines) <= MAX_NAME_LINES:
        if end in heads:
            break
        if not name_lines and UNNUMBERED.match(lines[end].text):
            name_lines.append(lines[end].text)
            end += 1
            break
        if _starts_division(lines[end]):
            break
        if name_lines and not _more_name(lines, end, stop, heads, name_lines):
            break
        if len(lines[end].text) > MAX_NAME or item_label(lines[end].text):
            break
        name_lines.append(lines[end].text)
        end += 1
    if len(name_lines) > MAX_NAME_LINES or not _leads_on(lines, end, stop, heads):
        return None
    return kind, label, number, " ".join(" ".join(name_lines).split()), end


def _goes_on(rest: str, line: Line) -> bool:
    """Say whether what follows the number is a sentence and no name."""
    doubtful = bool(_DOUBTFUL.match(rest)) and not line.blank_before
    return doubtful or bool(_SENTENCE.match(rest))


def _more_name(lines, end, stop, heads, name_lines) -> bool:
    """Say whether another line still belongs to the name of the division."""
    if UNNUMBERED.match(lines[end].text):
        return False
    if sum(map(len, name_lines)) + len(lines[end].text) > MAX_NAME:
        return False
    after = end + 1
    while after < stop and after <= end + 2:
        if after in heads or _starts_division(lines[after]):
            return True
        after += 1
    return after >= stop and len(lines[end].text) < 80


def _starts_division(line: Line) -> bool:
    return bool(
        not line.quoted
        and not line.contents
        and len(line.text) <= MAX_NAME
        and (DIVISION.match(line.text) or UNNUMBERED.match(line.text))
    )


def _leads_on(lines: list[Line], index: int, stop: int, heads: set[int]) -> bool:
    """Say whether a section or another division stands at ``index``."""
    return index < stop and (index in heads or _starts_division(lines[index]))


def _number(match: re.Match[str]) -> Number | None:
    if match["spelt"]:
        value = parse_word_number(match["spelt"])
        return (value, 0, 0, 0) if value else None
    groups = match.groups()
    return number_of(*groups[2:6])
