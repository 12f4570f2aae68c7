"""Read which part of which law an amending section names.

``วรรคหนึ่งของมาตรา ๑๕๙ ของรัฐธรรมนูญแห่งราชอาณาจักรไทย`` gives the path
``sec_159__para_1`` and the law ``รัฐธรรมนูญแห่งราชอาณาจักรไทย``.  Paths are eIds in the law
that is amended; ``para_last`` stands for วรรคท้าย, ``def_<คำ>`` for a definition,
``heading`` for the name of a division.  An item named without its วรรค is taken to be
in the first; applying an operation looks further when it is not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafts.law.numerals import (
    DIGITS,
    ITEM_LETTERS,
    LABEL_PATTERN,
    WORD_NUMBER_PATTERN,
    eid_number,
    number_of,
    parse_label,
    parse_word_number,
)
from drafts.law.structure import Number

_LAW_WORDS = (
    "พระราชบัญญัติ|พระราชกำหนด|พระราชกฤษฎีกา|ประมวล|รัฐธรรมนูญ|พระธรรมนูญ|ธรรมนูญ|กฎกระทรวง|"
    "กฎสำนัก|กฎ ก|ระเบียบ|ข้อบังคับ|ประกาศ|คำสั่ง|ข้อกำหนด|ข้อบัญญัติ|เทศบัญญัติ"
)
_YEAR = rf"(?:พ\.\s?ศ\.|พุทธศักราช|ร\.ศ\.)\s*(?:{DIGITS}{{2,4}}|\.{{2,}})"
#: What ends the name of a law that has no year.
_NAME_STOP = (
    r"(?=\s+(?:ซึ่ง|และ|หรือ|ต้อง|มา|วรรค|แต่|โดยให้|ให้|ทั้งนี้|เป็น|ดังต่อไปนี้|ดังนี้|นี้)|และให้ใช้|และให้|แต่มิให้|ซึ่งแก้ไข|"
    r"\s+[“\"]|\s*[“\"\n]|\s*$|\s+แก้ไขเพิ่มเติมโดย|\s+มาตรา|\s+\()"
)
_TITLE = re.compile(
    r"ประมวล(?!นี้)[^\s“”\"]{2,120}"
    rf"|(?:{_LAW_WORDS})(?:(?!\n|ซึ่งแก้ไขเพิ่มเติม|และให้ใช้|มาตรา|วรรค|[“”\"]).){{0,300}}?{_YEAR}"
    rf"|(?:{_LAW_WORDS})(?!นี้)[^\n“”\"]{{0,200}}?{_NAME_STOP}"
)
_IN_LAW = re.compile(rf"\s*(?:แห่ง|ของ|ท้าย|ใน|ตาม)\s*(?=(?:{_LAW_WORDS})(?!นี้))")
_AMENDED = re.compile(r"(?:ซึ่ง)?(?:ได้)?แก้ไขเพิ่มเติม(?:ครั้ง(?:สุดท้าย|หลังสุด))?โดย\s*")

SECTION = re.compile(rf"(มาตรา|ข้อ)\s*{LABEL_PATTERN}")
_ITEM = re.compile(rf"\(\s*({DIGITS}+(?:/{DIGITS}+)?(?:\s+[ก-๎]+)?|[ก-ฮ])\s*\)")
_PARA = re.compile(rf"วรรค(?:ที่)?\s?(แรก|ท้าย|สุดท้าย|{WORD_NUMBER_PATTERN}|{DIGITS}+)")
_DIVISION = re.compile(rf"(บรรพ|ภาค|ลักษณะ|หมวด|ส่วน|ตอน)(?:ที่)?\s*{LABEL_PATTERN}")
_DIVISION_EID = {
    "บรรพ": "book",
    "ภาค": "part",
    "ลักษณะ": "title",
    "หมวด": "chp",
    "ส่วน": "div",
    "ตอน": "subdiv",
}
_DEFINITION = re.compile(r"(?:บท)?นิยาม(?:คำว่า|ของคำว่า)?\s*[“\"]([^”\"]{1,200})[”\"]")
_MORE_TERMS = re.compile(r"\s*(?:และ|,)?\s*(?:คำว่า\s*)?[“\"]([^”\"]{1,200})[”\"]")


@dataclass(frozen=True, slots=True)
class Law:
    """A law that is named, with the acts that have amended it so far."""

    title: str
    amended_by: tuple[str, ...]
    start: int  # where แห่ง… begins in the text that was searched
    end: int


def find_law(text: str, start: int = 0) -> Law | None:
    """Find the law that an instruction names and the chain of its amendments."""
    for opening in _IN_LAW.finditer(text, start):
        match = _TITLE.match(text, opening.end())
        if not match:
            continue
        chain, end = _read_chain(text, match.end())
        return Law(_clean(match.group()), chain, opening.start(), end)
    return None


def find_titles(text: str) -> list[str]:
    """List the laws that a text names one after another, as in a list of repeals."""
    return [_clean(match.group()) for match in _TITLE.finditer(text)]


def _read_chain(text: str, position: int) -> tuple[tuple[str, ...], int]:
    match = _AMENDED.match(text[position : position + 60].lstrip())
    if not match:
        return (), position
    position = text.index(match.group(), position) + len(match.group())
    chain = []
    while title := _TITLE.match(text, position):
        chain.append(_clean(title.group()))
        position = title.end()
        link = re.compile(
            rf"\s*(?:,|และ|ซึ่งแก้ไขเพิ่มเติมโดย|และแก้ไขเพิ่มเติมโดย)?\s*(?={_LAW_WORDS})"
        ).match(text, position)
        if not link:
            break
        position = link.end()
    return tuple(chain), position


def _clean(title: str) -> str:
    plain = " ".join(title.split())
    return plain + ")" if plain.count("(") > plain.count(")") else plain


@dataclass(frozen=True, slots=True)
class Target:
    """One place that is amended: its path and the number of its section, if any."""

    path: str
    section: Number | None = None
    clause: bool = False
    item: str = ""  # printed label of an item: "(๓)"


def find_targets(text: str) -> list[Target]:
    """Read all places that ``text`` names: sections, paragraphs, items, divisions."""
    terms = _terms(text)
    sections = _sections(text)
    divisions = list(_DIVISION.finditer(text))
    if divisions and (not sections or divisions[0].start() < text.find("มาตรา")):
        path = "__".join(
            f"{_DIVISION_EID[m[1]]}_{eid_number(number_of(*m.groups()[1:]))}"
            for m in _outermost_first(divisions, text)
        )
        if re.match(r"\s*ชื่อ", text):
            path += "__heading"
        return [Target(path)]
    if terms and sections:
        base = _eid(sections[0])
        return [Target(f"{base}__def_{term}", sections[0][1]) for term in terms]
    targets: list[Target] = []
    for position, section in enumerate(sections):
        clause, number, start, end = section
        before_from = sections[position - 1][3] if position else 0
        after_to = sections[position + 1][2] if position + 1 < len(sections) else None
        before, after = text[before_from:start], text[end:after_to]
        if "ของ" not in before and "ใน" not in before:
            before = ""
        if position + 1 < len(sections):
            after = _own_suffix(after)
        places = _inside(before) or _inside(after)
        base = _eid(section)
        if places:
            targets += [
                Target(f"{base}__{place}", number, clause, item)
                for place, item in places
            ]
        else:
            targets.append(Target(base, number, clause))
    return targets


def _own_suffix(text: str) -> str:
    """Cut what belongs to the next section: ``มาตรา ๕ และวรรคสองของมาตรา ๖``."""
    return re.split(r"(?:และ|หรือ)?(?:วรรค\S+?|\([^)]*\))(?:ของ)", text, maxsplit=1)[0]


def _outermost_first(divisions: list, text: str) -> list:
    """Order division words by their rank: ส่วนที่ ๒ ของหมวด ๓ is หมวด, then ส่วน."""
    rank = list(_DIVISION_EID)
    first = divisions[:1]
    if len(divisions) > 1 and "ของ" in text[divisions[0].end() : divisions[1].start()]:
        first = divisions[:2]
    return sorted(first, key=lambda match: rank.index(match[1]))


def _terms(text: str) -> list[str]:
    match = _DEFINITION.search(text)
    if not match:
        return []
    terms = [match[1]]
    position = match.end()
    while more := _MORE_TERMS.match(text, position):
        terms.append(more[1])
        position = more.end()
    return terms


def _sections(text: str) -> list[tuple[bool, Number, int, int]]:
    """List the sections named, ranges of whole numbers written out."""
    found: list[tuple[bool, Number, int, int]] = []
    for match in SECTION.finditer(text):
        number = number_of(*match.groups()[1:])
        clause = match[1] == "ข้อ"
        if found:
            last = found[-1]
            between = text[last[3] : match.start()]
            plain = not any(number[1:]) and not any(last[1][1:])
            if re.fullmatch(r"\s*ถึง\s*", between) and plain:
                for main in range(last[1][0] + 1, min(number[0], last[1][0] + 500)):
                    found.append(
                        (clause, (main, 0, 0, 0), match.start(), match.start())
                    )
        found.append((clause, number, match.start(), match.end()))
    return found


def _eid(section: tuple[bool, Number, int, int]) -> str:
    return f"{'cl' if section[0] else 'sec'}_{eid_number(section[1])}"


def _inside(text: str) -> list[tuple[str, str]]:
    """Read paragraphs and items: ``(๓) ของวรรคหนึ่ง`` → ``para_1__point_3``."""
    paras = [_para(match[1]) for match in _PARA.finditer(text)]
    items = [(match[1], match.group()) for match in _ITEM.finditer(text)]
    items = [(label, printed) for label, printed in items if _point(label)]
    if not items:
        return [(para, "") for para in paras]
    first_item, first_para = _ITEM.search(text), _PARA.search(text)
    if paras and first_item and first_para and first_item.start() < first_para.start():
        between = text[first_item.end() : first_para.start()]
        if "ของ" not in between and "และ" in between:  # (๓) และวรรคสองของมาตรา ๕
            places = [(f"para_1__{_point(label)}", shown) for label, shown in items]
            return [*places, *((para, "") for para in paras)]
    base = paras[0] if paras else "para_1"
    letters = [pair for pair in items if pair[0] in ITEM_LETTERS]
    numbers = [pair for pair in items if pair[0] not in ITEM_LETTERS]
    if letters and numbers:
        outer = f"{base}__{_point(numbers[0][0])}"
        return [(f"{outer}__{_point(label)}", printed) for label, printed in letters]
    return [(f"{base}__{_point(label)}", printed) for label, printed in items]


def _para(word: str) -> str:
    if word == "แรก":
        return "para_1"
    if word in {"ท้าย", "สุดท้าย"}:
        return "para_last"
    number = parse_label(word)
    return f"para_{number[0] if number else parse_word_number(word)}"


def _point(label: str) -> str:
    if label in ITEM_LETTERS:
        return f"point_{ITEM_LETTERS.index(label) + 1}"
    number = parse_label(" ".join(label.split()))
    return f"point_{eid_number(number)}" if number else ""
