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
from functools import lru_cache
from itertools import pairwise

from drafts.law.numerals import (
    DIGITS,
    ITEM_LETTERS,
    LABEL_PATTERN,
    MONTH_PATTERN,
    WORD_NUMBER_PATTERN,
    eid_number,
    format_label,
    number_of,
    parse_label,
    parse_word_number,
    word_number,
)
from drafts.law.structure import Number

_LAW_WORDS = (
    "พระราชบัญญัติ|พระราชกำหนด|พระราชกฤษฎีกา|ประมวล|รัฐธรรมนูญ|พระธรรมนูญ|ธรรมนูญ|กฎกระทรวง|"
    "กฎสำนัก|กฎ ก|ระเบียบ|ข้อบังคับ|ประกาศ|คำสั่ง|ข้อกำหนด|ข้อบัญญัติ|เทศบัญญัติ|"
    "กฎหมายลักษณ"  # กฎหมายลักษณะอาญา and others of before 2500
)
_YEAR = rf"(?:พ\.\s?ศ\.|พุทธศักราช|ร\.ศ\.)\s*(?:{DIGITS}{{2,4}}|\.{{2,}})"
_DATED = (
    rf"ลงวันที่\s*{DIGITS}{{1,2}}\s*(?:{MONTH_PATTERN})\s*"
    rf"(?:พ\.\s?ศ\.|พุทธศักราช)?\s*{DIGITS}{{4}}"
)
#: What may still follow the first year: (พ.ศ. ๒๕๔๓) ออกตามความใน… พ.ศ. ๒๕๒๒; the year
#: of the act itself after that of the one it amends; the date of an order.
_AFTER_YEAR = (
    rf"(?:\)?\s*ออกตามความใน[^\n“”\"]{{0,200}}?{_YEAR})?"
    rf"(?:\s+{_YEAR})?(?:\s*{_DATED})?"
)
#: What ends the name of a law that has no year.
_NAME_STOP = (
    r"(?=\s+(?:ซึ่ง|และ|หรือ|ต้อง|มา|วรรค|แต่|โดยให้|ให้|ทั้งนี้|เป็น|ดังต่อไปนี้|ดังนี้|นี้)|และให้ใช้|และใช้ความ|และให้|แต่มิให้|ซึ่งแก้ไข|"
    r"\s+[“\"]|\s*[“\"\n]|\s*$|\s+แก้ไขเพิ่มเติมโดย|\s+มาตรา|\s+\()"
)
#: How a later act came to stand in the one that is named.
_CHANGED = r"(?:แก้ไขเพิ่มเติม|แก้ไข|เพิ่มเติม|เพิ่ม)"
_OTHER = r"(?!นี้|ดังกล่าว|เดียวกัน|นั้น)"
_TITLE = re.compile(
    rf"ประมวล{_OTHER}(?:(?!ซึ่ง(?:ได้)?{_CHANGED}|และให้ใช้)[^\s“”\"]){{2,120}}"
    rf"|(?:{_LAW_WORDS}){_OTHER}"
    rf"(?:(?!\n|ซึ่ง(?:ได้)?{_CHANGED}|และให้ใช้|มาตรา|วรรค|[“”\"]).){{0,300}}?"
    rf"(?:{_YEAR}|{_DATED}){_AFTER_YEAR}"
    rf"|(?:{_LAW_WORDS}){_OTHER}[^\n“”\"]{{0,200}}?{_NAME_STOP}"
)
_IN_LAW = re.compile(
    rf"(?:(?<!\s)\s+)?(?:แห่ง|ของ|(?P<attached>(?:แนบ|ต่อ)?ท้าย)|ใน|ตาม)\s*(?=(?:{_LAW_WORDS}){_OTHER})"
)
_AMENDED = re.compile(
    rf"(?:ซึ่ง|และ(?:ที่)?|ที่)?(?:ได้)?{_CHANGED}(?:ครั้ง(?:สุดท้าย|หลังสุด))?โดย\s*"
)
_LAW_LINK = re.compile(
    rf"\s*(?:,|และ|ประกอบกับ)?\s*(?:(?:ซึ่ง|และ(?:ที่)?|ที่)?(?:ได้)?{_CHANGED}"
    rf"(?:ครั้ง(?:สุดท้าย|หลังสุด))?โดย)?\s*(?={_LAW_WORDS})"
)
#: Only these may stand between the places of one law and those of the next.
_NEXT_PLACES = re.compile(r"\s*(?:,|และ|หรือ|กับ|รวมทั้ง)\s*(?=\S)")
SCHEDULE_NAME = r"(?:บัญชี|อัตรา|ตาราง|แผนที่|แบบ|ภาคผนวก|พิกัด|รายการ|เอกสาร|แผนผัง|ภาพ)"
_SCHEDULE = re.compile(rf"{SCHEDULE_NAME}(?!ดังกล่าว)[^\n“”\"]{{0,140}}$")

SECTION = re.compile(rf"(มาตรา|ข้อ)\s*{LABEL_PATTERN}")
_ITEM = re.compile(rf"\(\s*({DIGITS}+(?:/{DIGITS}+)?(?:\s+[ก-๎]+)?|[ก-ฮ])\s*\)")
_PARA = re.compile(
    rf"วรรค(?:ที่)?\s?(แรก|ท้าย|สุดท้าย|{WORD_NUMBER_PATTERN}|{DIGITS}{{1,2}}(?!{DIGITS}))"
)
_ITEM_RANGE = re.compile(rf"{_ITEM.pattern}\s*ถึง\s*{_ITEM.pattern}")
_PARA_RANGE = re.compile(rf"{_PARA.pattern}\s*ถึง\s*{_PARA.pattern}")
_ITEM_OF_PARA = re.compile(r"\)\s*(?:ของ|ใน)\s*วรรค")
_PARA_OF_ITEM = re.compile(_PARA.pattern + r"\s*(?:ของ|ใน)\s*\(")
_DIVISION = re.compile(rf"(บรรพ|ภาค|ลักษณะ|หมวด|ส่วน|ตอน)(?:ที่)?\s*{LABEL_PATTERN}")
_DIVISION_EID = {
    "บรรพ": "book",
    "ภาค": "part",
    "ลักษณะ": "title",
    "หมวด": "chp",
    "ส่วน": "div",
    "ตอน": "subdiv",
}
#: One place as it is named, whichever it is.
PLACE = rf"(?:{SECTION.pattern}|{_ITEM.pattern}|{_PARA.pattern}|{_DIVISION.pattern})"
_AND_SECTION = re.compile(r"(?:และ|,)\s*(?=(?:มาตรา|ข้อ)\s)")
_DEFINITION = re.compile(r"(?:บท)?นิยาม(?:คำว่า|ของคำว่า)?\s*[“\"]([^”\"]{1,200})[”\"]")
_MORE_TERMS = re.compile(r"\s*(?:และ|,)?\s*(?:คำว่า\s*)?[“\"]([^”\"]{1,200})[”\"]")


@dataclass(frozen=True, slots=True)
class Law:
    """A law that is named, with the acts that have amended it so far."""

    title: str
    amended_by: tuple[str, ...]
    start: int  # where แห่ง… begins in the text that was searched
    end: int
    attached: bool = False  # named as what a schedule stands at the end of: ท้าย…


def find_law(text: str, start: int = 0) -> Law | None:
    """Find the law that an instruction names and the chain of its amendments."""
    for opening in _IN_LAW.finditer(text, start):
        match = _TITLE.match(text, opening.end())
        if not match:
            continue
        chain, end = _read_chain(text, match.end())
        attached = bool(opening["attached"])
        return Law(_clean(match.group()), chain, opening.start(), end, attached)
    return None


def find_segments(text: str) -> list[tuple[str, Law]]:
    """Cut an instruction into places and the law they stand in.

    ``มาตรา ๘ แห่ง ก และมาตรา ๙ แห่ง ข`` gives two; what follows the last law in other
    words than และ is no place.
    """
    found: list[tuple[str, Law]] = []
    start = 0
    while law := find_law(text, start):
        places = text[start : law.start]
        if found:
            link = _NEXT_PLACES.match(places)
            if not link:
                break
            places = places[link.end() :]
        found.append((places, law))
        start = law.end
    return found


def find_schedule(places: str, *, attached: bool) -> tuple[str, str] | None:
    """Read ``(๓) ของบัญชีอัตราค่าธรรมเนียม``: the schedule's name and the item inside."""
    text = re.sub(r"^\s*ความใน\s*", "", places).strip()
    inside = ""
    of = re.match(rf"(?:\(\s*([^)]+?)\s*\)|ข้อ\s*({DIGITS}+))\s*(?:ของ|ใน)\s*", text)
    if of:
        inside, text = of[1] or of[2], text[of.end() :]
    match = _SCHEDULE.match(text)
    if not match or not (attached or re.search(r"(?:แนบ|ต่อ)?ท้าย", text)):
        return None
    name = re.sub(r"\s*(?:แนบ|ต่อ)?ท้าย.*$", "", text)
    within = re.search(r"\s*\(\s*([^)]+?)\s*\)$", name)
    if within and not inside:
        inside, name = within[1], name[: within.start()]
    return name.strip(), inside


def find_titles(text: str) -> list[str]:
    """List the laws that a text names one after another, as in a list of repeals.

    A bare ``ข้อบังคับ``, without year or number, names no law.
    """
    titles = [_clean(match.group()) for match in _TITLE.finditer(text)]
    return [title for title in titles if _NAMES_ONE.search(title)]


_NAMES_ONE = re.compile(rf"^(?:ประมวล|รัฐธรรมนูญ|พระธรรมนูญ|ธรรมนูญ)|{DIGITS}|\.\.")


def _read_chain(text: str, position: int) -> tuple[tuple[str, ...], int]:
    match = _AMENDED.match(text[position : position + 60].lstrip())
    if not match:
        return (), position
    position = text.index(match.group(), position) + len(match.group())
    chain = []
    while title := _TITLE.match(text, position):
        chain.append(_clean(title.group()))
        position = title.end()
        link = _LAW_LINK.match(text, position)
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
    text = _written_out(text)
    terms = _terms(text)
    sections = _sections(text)
    divisions = list(_DIVISION.finditer(text))
    if divisions and (not sections or divisions[0].start() < sections[0][2]):
        if not re.match(r"\s*ชื่อ", text):
            return [Target(path) for path in _division_paths(divisions, text)]
        name = _AND_SECTION.split(text, maxsplit=1)  # ชื่อหมวด ๓ การอนุญาต และมาตรา ๑๙
        headings = _division_paths(list(_DIVISION.finditer(name[0])), name[0])
        return [
            *(Target(f"{path}__heading") for path in headings),
            *(target for rest in name[1:] for target in find_targets(rest)),
        ]
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


def _written_out(text: str) -> str:
    """Write out ranges of items and paragraphs: (๒) ถึง (๕), วรรคสองถึงวรรคสี่."""

    def items(match: re.Match[str]) -> str:
        first, last = match[1], match[2]
        if first in ITEM_LETTERS and last in ITEM_LETTERS:
            at, to = ITEM_LETTERS.index(first), ITEM_LETTERS.index(last)
            inner = list(ITEM_LETTERS[at + 1 : to])
        else:
            numbers = parse_label(first), parse_label(last)
            between = _between(*numbers) if all(numbers) else []
            digits = "arabic" if first.isascii() else "thai"
            inner = [format_label(number, digits=digits) for number in between]
        return " ".join(f"({label})" for label in (first, *inner, last))

    def paras(match: re.Match[str]) -> str:
        numbers = [_para(word).removeprefix("para_") for word in match.groups()]
        if not all(map(str.isdecimal, numbers)):
            return match.group()
        inner = map(word_number, range(int(numbers[0]) + 1, int(numbers[1])))
        return " ".join(f"วรรค{word}" for word in (match[1], *inner, match[2]))

    return _ITEM_RANGE.sub(items, _PARA_RANGE.sub(paras, text))


def _own_suffix(text: str) -> str:
    """Cut what belongs to the next section: ``มาตรา ๕ และวรรคสองของมาตรา ๖``."""
    return re.split(r"(?:และ|หรือ)?(?:วรรค\S+?|\([^)]*\))(?:ของ)", text, maxsplit=1)[0]


def _division_paths(divisions: list, text: str) -> list[str]:
    """Name the divisions: ส่วนที่ ๒ ของหมวด ๓ is one, as is หมวด ๓ การค้า ลักษณะ ๒;
    หมวด ๓ และหมวด ๔ are two."""
    rank = list(_DIVISION_EID)
    groups: list[list] = []
    for match in divisions:
        before = text[: match.start()].rstrip()
        if groups and before.endswith(("ของ", "ใน", "แห่ง")):
            groups[-1].append(match)
        elif not groups or re.search(r"(?:และ|,|ถึง|กับ)$", before):
            groups.append([match])
        elif all(rank.index(match[1]) < rank.index(m[1]) for m in groups[-1]):
            groups[-1].append(match)
    return [
        "__".join(
            f"{_DIVISION_EID[m[1]]}_{eid_number(number_of(*m.groups()[1:]))}"
            for m in sorted(group, key=lambda match: rank.index(match[1]))
        )
        for group in groups
    ]


def division_at(line: str) -> str:
    """Give the last step of the path of the division whose head a line is, or ""."""
    match = _DIVISION.match(line)
    if not match:
        return ""
    return f"{_DIVISION_EID[match[1]]}_{eid_number(number_of(*match.groups()[1:]))}"


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
            if re.fullmatch(r"\s*ถึง\s*", between):
                found += [
                    (clause, inner, match.start(), match.start())
                    for inner in _between(last[1], number)
                ]
        found.append((clause, number, match.start(), match.end()))
    return found


def _between(first: Number, last: Number) -> list[Number]:
    """Write out a range: ๕ ถึง ๘, ๕/๑ ถึง ๕/๔, ๕ ทวิ ถึง ๕ เบญจ."""
    for place in range(4):
        if first[place] != last[place]:
            if any(first[place + 1 :]) or any(last[place + 1 :]):
                return []
            values = range(first[place] + 1, min(last[place], first[place] + 500))
            rest = (0,) * (3 - place)
            return [(*first[:place], value, *rest) for value in values]
    return []


def _eid(section: tuple[bool, Number, int, int]) -> str:
    return f"{'cl' if section[0] else 'sec'}_{eid_number(section[1])}"


def _inside(text: str) -> list[tuple[str, str]]:
    """Read paragraphs and items: ``(๓) ของวรรคหนึ่ง`` → ``para_1__point_3``."""
    found = list(_PARA.finditer(text))
    if len(found) > 1:  # (๑) ของวรรคหนึ่ง และวรรคสาม, or วรรคหนึ่ง (๑) และวรรคสาม
        owned_before = _ITEM_OF_PARA.search(text)
        cuts = [match.end() if owned_before else match.start() for match in found]
        cuts = [0, *(cuts[:-1] if owned_before else cuts), len(text)]
        return [
            place
            for start, end in pairwise(cuts)
            if start < end
            for place in _inside(text[start:end])
        ]
    paras = [_para(match[1]) for match in found]
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
    if len(items) == 1 and _PARA_OF_ITEM.search(text):  # วรรคสองของ (๓)
        return [(f"para_1__{_point(items[0][0])}__{paras[0]}", "")]
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


@lru_cache(maxsize=4096)
def _point(label: str) -> str:
    if label in ITEM_LETTERS:
        return f"point_{ITEM_LETTERS.index(label) + 1}"
    number = parse_label(" ".join(label.split()))
    return f"point_{eid_number(number)}" if number else ""
