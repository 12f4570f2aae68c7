"""Find cross-references and defined terms in the text of a law.

``มาตรา ๗๐ วรรคสอง (๓)`` becomes a span with the eId of its target; a reference to
another law (``มาตรา ๕ แห่งประมวลกฎหมายอาญา``) names that law instead.  Defined terms are
found where the words of the text say so, never inside another word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import accumulate

from drafts.law.numerals import (
    ITEM_LETTERS,
    LABEL_PATTERN,
    WORD_NUMBER_PATTERN,
    eid_number,
    number_of,
    parse_label,
    parse_word_number,
)
from drafts.law.structure import Item, Provision
from drafts.law.targets import find_law
from drafts.law.words import tokens

_PARA_WORD = rf"(?:แรก|หนึ่ง|ท้าย|สุดท้าย|{WORD_NUMBER_PATTERN})"
_ITEMS = r"(?:[^\S\n]*\([๐-๙0-9]{1,3}(?:/[๐-๙0-9]+)?\)(?:[^\S\n]*\([ก-ฮ]\))?)"
_REFERENCE = re.compile(
    rf"(?P<word>มาตรา|ข้อ)\s*(?P<label>{LABEL_PATTERN})"
    rf"(?:\s*วรรค(?P<para>{_PARA_WORD}))?(?P<items>{_ITEMS})?"
)
_OWN_PARAGRAPH = re.compile(rf"วรรค(?P<para>{_PARA_WORD})(?P<items>{_ITEMS})?")
_ITEM = re.compile(r"\(([^)]+)\)")
_JOIN = r"(?:และ|หรือ|ถึง|กับ|,|ตลอดจน|รวมทั้ง|ประกอบ(?:กับ)?)"
#: More of the same section: “มาตรา ๕ (๑) และ (๒)”, “มาตรา ๕ วรรคหนึ่งหรือวรรคสอง”.
_MORE = re.compile(
    rf"(?:[^\S\n]*{_JOIN}?[^\S\n]*(?:วรรค{_PARA_WORD}{_ITEMS}?|{_ITEMS}|\([ก-ฮ]\)))+"
)
#: Between two references of one list: “มาตรา ๕ มาตรา ๖ และมาตรา ๗”.
_LINK = re.compile(rf"\s*{_JOIN}?\s*(?:(?:ความผิด|โทษ|บทบัญญัติ|ความ)?(?:ตาม|ใน|แห่ง))?\s*$")
#: “วรรคสามของมาตรา ๒๐”: a paragraph of that section, not of this one.
_OF_ANOTHER = re.compile(r"\s*(?:ของ|แห่ง|ใน)\s*(?:มาตรา|ข้อ)")
_INSTRUMENT = (
    r"(?:ร่าง)?(?:พระราชบัญญัติ|พระราชกำหนด|พระราชกฤษฎีกา|รัฐธรรมนูญ|ประมวล|กฎหมาย|กฎ|"
    r"ระเบียบ|ข้อบังคับ|ข้อบัญญัติ|เทศบัญญัติ|ประกาศ|คำสั่ง|อนุสัญญา|สนธิสัญญา|ความตกลง)"
)
_DIVISION = r"(?:บรรพ|ภาค|ลักษณะ|หมวด|ส่วน)"
_THIS_LAW = re.compile(
    rf"\s*(?:แห่ง|ของ|ใน|ตาม)\s*(?:{_INSTRUMENT}(?:กฎหมาย|รัษฎากร)?นี้|{_DIVISION})"
)
#: Titles that no other words than a law's begin with: ในประกาศเชิญชวน is no law.
_ACT = (
    r"(?:ร่าง)?(?:พระราชบัญญัติ|พระราชกำหนด|พระราชกฤษฎีกา|รัฐธรรมนูญ|ประมวล|กฎหมาย|กฎกระทรวง)"
)
#: “แห่งพระราชบัญญัติดังกล่าว”, “ของกฎหมายว่าด้วย…”: another law, however it is named.
_OTHER_LAW = re.compile(
    rf"\s*(?:แห่ง\s*|ของ\s*(?={_INSTRUMENT})|(?:ใน|ตาม)\s*(?={_ACT}))(?P<law>\S{{1,80}})"
)
#: The law's name can stand before: “ประมวลกฎหมายอาญา มาตรา ๕”, “รัฐธรรมนูญมาตรา ๕”.
_CODE = (
    r"ประมวล(?:รัษฎากร|กฎหมาย(?:อาญา(?:ทหาร)?|แพ่งและพาณิชย์|วิธีพิจารณาความ(?:อาญา|แพ่ง)|"
    r"ที่ดิน|ยาเสพติด))"
)
_LAW_BEFORE = re.compile(
    rf"(?P<law>[^\s“”]*\s+พ\.ศ\.\s*[๐-๙0-9]{{4}}|{_CODE}|รัฐธรรมนูญ(?:แห่งราชอาณาจักรไทย)?)"
    r"[^\S\n]*$"
)
_TERM = re.compile(
    r"[“\"]([^”\"]{1,160})[”\"](?:\s*หรือ\s*[“\"]([^”\"]{1,160})[”\"])?\s*"
)
_MEANS = re.compile(r"(?:ให้)?หมาย(?:ความ|ถึง)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A cross-reference: where it stands, what it points to.

    ``law`` is empty for the law itself, else the title of the other law.
    """

    start: int
    end: int
    text: str
    eid: str
    law: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined term with the eId of the paragraph or item that defines it."""

    term: str
    text: str
    eid: str


@dataclass(frozen=True, slots=True)
class TermUse:
    """A place where a defined term is used."""

    start: int
    end: int
    definition: Definition


def find_references(
    text: str, *, here: str = "", known: Collection[str] | None = None
) -> tuple[Reference, ...]:
    """Find the references in ``text``, which stands in the provision ``here``.

    With ``known``, the eIds of the law, a target that does not exist is resolved
    upwards (paragraph, then section); a section that does not exist has no link.
    What stands in quotation marks is another text's: an amending section quotes the
    sections of the law it amends.
    """
    found: list[Reference] = []
    quoted = _quoted(text)
    matches = [m for m in _REFERENCE.finditer(text) if not quoted[m.start()]]
    laws = _laws_of(text, matches)
    for match, law in zip(matches, laws, strict=True):
        if match["word"] == "ข้อ" and not (law or here.startswith("cl_")):
            continue
        base = _section_of(match)
        if not base:
            continue
        eid = _extend(base, match["para"], match["items"])
        if not law:
            resolved = resolve(eid, known)
            if resolved is None:
                continue
            eid = resolved
        found.append(Reference(match.start(), match.end(), match.group(), eid, law))
    if here:
        own = _own_paragraphs(text, here, known, matches, laws)
        found += [item for item in own if not quoted[item.start]]
    return tuple(sorted(found, key=lambda item: item.start))


def _quoted(text: str) -> list[bool]:
    """Tell for each character whether it stands between “ and ”.

    In a quotation of several paragraphs each may open the mark again and only the last
    closes it.  Where marks do not balance the rest counts as quoted: a link that is
    missing does less harm than one to the wrong law.
    """
    flags: list[bool] = []
    depth = 0
    for line in text.splitlines(keepends=True):
        goes_on = depth and line.startswith("“") and "”" not in line
        for place, character in enumerate(line):
            if character == "“" and not (goes_on and place == 0):
                depth += 1
            flags.append(depth > 0)
            if character == "”":
                depth = max(0, depth - 1)
    return flags


LABEL_GROUPS = re.compile(LABEL_PATTERN)


def _laws_of(text: str, matches: list[re.Match[str]]) -> list[str]:
    """Say for each reference which other law it is of; a list shares its law.

    In doubt another law's: a link that is missing does less harm than a wrong one.
    """
    laws = [""] * len(matches)
    after = [_end_of(text, match) for match in matches]
    own = [bool(_THIS_LAW.match(text, end)) for end in after]
    linked = [
        bool(_LINK.match(text[end : match.start()]))
        for end, match in zip(after, matches[1:], strict=False)
    ]
    for position in reversed(range(len(matches))):
        if own[position]:
            continue
        if law := _law_after(text, after[position]):
            laws[position] = law
        elif position < len(linked) and linked[position]:
            laws[position] = laws[position + 1]
    for position, match in enumerate(matches):
        if own[position] or laws[position]:
            continue
        if before := _LAW_BEFORE.search(
            text, max(0, match.start() - 120), match.start()
        ):
            laws[position] = before["law"]
        elif (
            position
            and linked[position - 1]
            and not _law_after(text, after[position - 1])
        ):
            laws[position] = laws[position - 1]
    return laws


def _end_of(text: str, match: re.Match[str]) -> int:
    """Return where a reference ends with all that it says of the same section."""
    more = _MORE.match(text, match.end())
    return more.end() if more else match.end()


def _law_after(text: str, end: int) -> str:
    """Return the other law that follows a reference, "" where none does."""
    after = text[end : end + 400]
    found = _OTHER_LAW.match(after)
    if found is None:
        return ""
    law = find_law(after)
    return law.title if law and law.start <= 1 else found["law"]


def _own_paragraphs(text, here, known, matches, laws) -> list[Reference]:
    """Find วรรคสอง without a มาตรา: of this provision, or of the one just named."""
    found = []
    spans = [(match.start(), match.end(), _end_of(text, match)) for match in matches]
    for match in _OWN_PARAGRAPH.finditer(text):
        place = match.start()
        if any(start <= place < end for start, end, _ in spans):
            continue
        section = next(
            (
                n
                for n, (_, end, all_of_it) in enumerate(spans)
                if end <= place < all_of_it
            ),
            None,
        )
        base = here
        if section is not None:
            base = "" if laws[section] else _section_of(matches[section])
        elif _OF_ANOTHER.match(text, match.end()):
            continue
        if not base:
            continue
        eid = resolve(_extend(base, match["para"], match["items"]), known)
        if eid and eid != here:
            found.append(Reference(place, match.end(), match.group(), eid))
    return found


def _section_of(match: re.Match[str]) -> str:
    """Return the eId of the section that a reference names, "" where it has none."""
    label = LABEL_GROUPS.match(match["label"])
    number = number_of(*label.groups()) if label else (0, 0, 0, 0)
    if not number[0]:
        return ""
    return f"{'cl' if match['word'] == 'ข้อ' else 'sec'}_{eid_number(number)}"


def _extend(base: str, para: str | None, items: str | None) -> str:
    eid = base
    if para:
        if para in {"ท้าย", "สุดท้าย"}:
            return f"{base}__para_last"
        number = 1 if para == "แรก" else parse_word_number(para)
        eid = f"{base}__para_{number}"
    elif items:
        eid = f"{base}__para_1"
    for label in _ITEM.findall(items or ""):
        if label in ITEM_LETTERS:
            eid += f"__point_{ITEM_LETTERS.index(label) + 1}"
        elif number := parse_label(label):
            eid += f"__point_{eid_number(number)}"
    return eid


def resolve(eid: str, known: Collection[str] | None) -> str | None:
    """Return the eId itself if it is known, else the nearest one above it, or None."""
    if known is None or eid in known:
        return eid
    if eid.endswith("__para_last"):
        base = eid.removesuffix("para_last")
        order = [e for e in known if re.fullmatch(rf"{re.escape(base)}para_\d+", e)]
        if order:
            return max(order, key=lambda item: int(item.rpartition("_")[2]))
    section, _, inside = eid.partition("__")
    if "__point_" in eid:
        tail = inside.partition("__")[2]
        for order in range(1, 10):
            candidate = f"{section}__para_{order}__{tail}"
            if candidate in known:
                return candidate
    while "__" in eid:
        eid = eid.rpartition("__")[0]
        if eid in known:
            return eid
    return None


def eids_of(provisions: Iterable[Provision]) -> set[str]:
    """Collect every eId of the provisions: sections, paragraphs and items."""
    known: set[str] = set()
    for provision in provisions:
        known.add(provision.eid)
        for paragraph in provision.paragraphs:
            known.add(paragraph.eid)
            _item_eids(paragraph.items, known)
    return known


def _item_eids(items: tuple[Item, ...], known: set[str]) -> None:
    for item in items:
        known.add(item.eid)
        _item_eids(item.items, known)


def find_definitions(provisions: Iterable[Provision]) -> tuple[Definition, ...]:
    """Find the terms a law defines: “คำ” หมายความว่า …, one a paragraph or item."""
    found: list[Definition] = []
    for provision in provisions:
        for paragraph in provision.paragraphs:
            _read_definition(paragraph.text, paragraph.eid, found)
            for item in paragraph.items:
                _read_definition(item.text, item.eid, found)
    return tuple(found)


def _read_definition(text: str, eid: str, found: list[Definition]) -> None:
    match = _TERM.match(text)
    if match and _MEANS.match(text, match.end()):
        for term in filter(None, match.groups()):
            found.append(Definition(term.strip(), text, eid))


def find_terms(text: str, definitions: Iterable[Definition]) -> tuple[TermUse, ...]:
    """Find where defined terms are used, the longest first, on word boundaries."""
    by_term = {definition.term: definition for definition in definitions}
    if not by_term:
        return ()
    names = sorted(by_term, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, names)))
    edges = {0, *accumulate(map(len, tokens(text)))}
    uses = []
    for match in pattern.finditer(text):
        if match.start() in edges and match.end() in edges:
            uses.append(TermUse(match.start(), match.end(), by_term[match.group()]))
    return tuple(uses)
