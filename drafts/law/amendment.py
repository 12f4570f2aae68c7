"""Read the operations of an amending act (LEGAL.md §10.4).

Each amending section gives one operation per place that it changes, so that people can
comment on the clause that changes and not only on the section that changes it.  What is
quoted inside an amending section is new text of the other law and never a section of
the draft.

A section is read instruction by instruction.  An instruction is one sentence, whatever
the line breaks in it, up to the quotation of new text; it names places (``targets``)
of one law or of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from drafts.law.item_labels import item_label
from drafts.law.new_text import (
    QUOTES,
    defined_terms,
    first_block,
    quoted_end,
    share,
    unquote,
)
from drafts.law.numerals import eid_number, parse_label
from drafts.law.schedules import find_part
from drafts.law.structure import Amendment, Part, PartKind, Provision
from drafts.law.targets import (
    SCHEDULE_NAME,
    Law,
    Target,
    find_law,
    find_schedule,
    find_segments,
    find_targets,
    find_titles,
)
from drafts.law.word_changes import find_word_changes, is_word_order

_OPENING = re.compile(
    r"(?:(?:ตั้งแต่|นับแต่|เมื่อ|ใน)[^\n“]{0,300}?)?"
    r"ให้(?:ยกเลิก|เพิ่ม|แก้ไข|แทน(?:ที่)?คำว่า|ตัดคำว่า|ใช้คำว่า|ใช้ความต่อไปนี้|"
    rf"ใช้(?={SCHEDULE_NAME}[^\n]{{0,120}}นี้แทน))"
)
_REPLACED_BY = re.compile(r"และให้ใช้(?:ความ)?(?:ดัง)?(?:ต่อไปนี้)?(?:[^\n“]{0,120}?)แทน")
_WHOLE_LAWS = re.compile(
    r"\s*(?:คำสั่ง|ประกาศ|พระราช|ประมวล|กฎ|ระเบียบ|ข้อบังคับ|ข้อกำหนด|ข้อบัญญัติ|เทศบัญญัติ)"
)
_TAKES_EFFECT = re.compile(r"แต่|ทั้งนี้|โดย")
#: What is quoted inside a new definition's instruction names its neighbours.
_NEIGHBOURS = re.compile(
    r"(?:ระหว่าง|ก่อน|ต่อจาก|ถัดจาก|หลัง)(?:บท)?นิยาม.*?(?=ใน\s*(?:มาตรา|ข้อ))", re.DOTALL
)
_INSERTS = re.compile(r"ให้เพิ่ม(?:เติม)?(?:ความ)?(?:ดัง)?(?:ต่อไปนี้)?\s*(?:ลงใน|เป็น)?")
_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class _Order:
    """One instruction: its sentence on one line, and where it ends in the text."""

    text: str
    block: tuple[int, int] | None  # the quotation of new text, in the section's text
    end: int


def find_amendments(
    provisions: Iterable[Provision], parts: Sequence[Part] = ()
) -> tuple[Amendment, ...]:
    """Read the operations of all provisions, in order.

    A section that names no law amends the one named last before it.  A schedule that
    is replaced by one at the end of the draft gets that one's text from ``parts``.
    """
    found: list[Amendment] = []
    law: Law | None = None
    schedules = [part for part in parts if part.kind is PartKind.SCHEDULE]
    for provision in provisions:
        operations, law = _read_section(provision, law, schedules)
        found += operations
    return tuple(_spell_alike(found))


def _read_section(provision, last, schedules) -> tuple[list[Amendment], Law | None]:
    text = provision.text
    operations: list[Amendment] = []
    position = 0
    while position < len(text):
        if _OPENING.match(text, position):
            order = _cut_order(text, position)
            read, last = _read_order(provision, text, order, last, schedules)
            operations += read
            position = max(order.end, position + 1)
        newline = text.find("\n", position)
        if newline < 0:
            break
        position = newline + 1
        if text[position : position + 1] in QUOTES:  # a further block, already read
            position = quoted_end(text, position)
    return operations, last


def _cut_order(text: str, start: int) -> _Order:
    """Cut one instruction: up to the quotation that follows it, else one line.

    A list (๑) (๒) that belongs to it is kept, a line each.
    """
    lines = text[start:].split("\n")
    end = start + len(lines[0])
    for count in range(1, _MOST_LINES + 1):
        sentence = text[start:end].replace("\n", " ")  # offsets stay the same
        inline = _inline_block(sentence)
        if inline is not None:
            begin = start + inline
            block = begin, quoted_end(text, begin)
            return _Order(sentence[:inline].strip(), block, block[1])
        if count == len(lines):
            break
        line = lines[count]
        if line[:1] in QUOTES and not _AMENDS_WORDS.match(sentence):
            block = end + 1, quoted_end(text, end + 1)
            return _Order(sentence, block, block[1])
        if _OPENING.match(line) or item_label(line):
            break
        if _AMENDS_WORDS.match(sentence) and is_word_order(sentence):
            break
        end += 1 + len(line)
    if _AMENDS_WORDS.match(sentence) and is_word_order(sentence):
        first = sentence
    else:
        first = lines[0]
    if _REPLACED_BY.search(lines[0]) and len(lines) > 1:
        unquoted = start + len(lines[0]) + 1  # new text without quotation marks
        if not _SCHEDULE_REPLACED.search(lines[0]):
            return _Order(lines[0], (unquoted, len(text)), len(text))
    end = start + len(first)
    listed = [first]
    for line in text[end + 1 :].split("\n"):
        if not item_label(line):
            break
        listed.append(line)
    whole = "\n".join(listed)
    return _Order(whole, None, start + len(whole))


_AMENDS_WORDS = re.compile(r"(?:[^\n“]{0,300}?)ให้แก้ไข(?:เพิ่มเติม)?(?:ถ้อย)?คำว่า")
_SCHEDULE_REPLACED = re.compile(rf"และให้ใช้\s*{SCHEDULE_NAME}[^\n]{{0,200}}แทน")


def _inline_block(line: str) -> int | None:
    """Find new text that begins on the line of its instruction."""
    if is_word_order(line):
        return None
    replaced = _REPLACED_BY.search(line)
    begin = replaced.end() if replaced else 0
    if not replaced:
        segments = find_segments(line)
        if not segments or not _INSERTS.search(line):
            return None
        begin = segments[-1][1].end
    block = first_block(line, begin)
    return block[0] if block and block[0] - begin < 60 else None


def _read_order(provision, text, order: _Order, last, schedules):
    """Read one instruction; give its operations and the law it named last."""
    words = _read_words(provision, order.text, last)
    if words is not None:
        return words
    new_text = unquote_or_plain(text, order.block) if order.block else ""
    sentence = order.text
    replaced = _REPLACED_BY.search(sentence)
    swapped = re.match(rf".*?ให้ใช้\s*({SCHEDULE_NAME}.*?นี้)แทน", sentence)
    if swapped and not replaced:
        rest = sentence[swapped.end() :]
        new = _attached(swapped[1], schedules)
        return _operations("replace", provision, rest, last, new)
    if "ให้เพิ่ม" in sentence.split("\n")[0]:
        inserted = _NEIGHBOURS.sub("", sentence)
        match = _INSERTS.search(inserted)
        rest = inserted[match.end() :] if match else inserted
        attached = re.match(rf"\s*({SCHEDULE_NAME}.*?นี้)\s*(?:เป็น)?", rest)
        if attached:
            new_text = new_text or _attached(attached[1], schedules)
            rest = rest[attached.end() :]
        return _operations("insert", provision, rest, last, new_text)
    begin = sentence.find("ให้ยกเลิก")
    if begin < 0 and not replaced:
        return [], last
    rest = sentence[begin + len("ให้ยกเลิก") :] if begin >= 0 else sentence
    before = sentence[: max(begin, 0)]
    if replaced:
        rest = rest[: replaced.start() - (len(sentence) - len(rest))]
        new_text = new_text or _attached(sentence[replaced.start() :], schedules)
        return _operations("replace", provision, rest, last, new_text)
    return _read_repeal(provision, rest, before, last)


def unquote_or_plain(text: str, block: tuple[int, int]) -> str:
    """Give new text without its marks; text that has none is taken as it is."""
    if text[block[0] : block[0] + 1] in QUOTES:
        return unquote(text, block[0])
    return text[block[0] : block[1]].strip(" \n:")


def _read_words(provision, sentence, last):
    """Read an instruction that changes words; None when it is another kind."""
    changes = find_word_changes(sentence)
    if not changes:
        return None
    law = find_law(sentence) or last
    unquoted = re.sub(r"[“\"][^”\"]*[”\"]", " ", sentence)
    operations = []
    for change in changes:
        # The place stands before, between or behind the words; or in a list (๑) (๒).
        paths = _paths(change.where) or _paths(unquoted)
        operations += [
            _amendment("word", law, path, change.new, provision, change.old)
            for path in paths or [""]
        ]
    return operations, law


def _paths(place: str) -> list[str]:
    segments = [text for text, _ in find_segments(place)]
    listed = place.split("\n")[1:]
    return [
        target.path
        for text in [*(segments or [place.split("\n", 1)[0]]), *listed]
        for target in find_targets(_without_label(text))
    ]


def _without_label(text: str) -> str:
    label = item_label(text)
    return text[len(label[1]) :] if label else text


def _read_repeal(provision, rest, before, last):
    lines = rest.split("\n")
    head, items = lines[0], lines[1:]
    if items and not find_targets(head) and not _WHOLE_LAWS.match(head):
        operations: list[Amendment] = []
        for item in items:
            read, last = _read_repeal(provision, _without_label(item), "", last)
            operations += read
        return operations, last
    if _WHOLE_LAWS.match(head):
        # Whole laws are repealed, one or a list of them.
        titles = [title for title in find_titles(rest) if not title.endswith("นี้")]
        operations = [
            _amendment("repeal", Law(title, (), 0, 0), "", "", provision)
            for title in _without_chains(rest, titles)
        ]
        return operations, last
    if not find_segments(head):
        law = find_law(before) or last
        head = _TAKES_EFFECT.split(head, maxsplit=1)[0]
        return _operations("repeal", provision, head, law, "")
    return _operations("repeal", provision, head, last, "")


def _operations(op, provision, places: str, last, new_text):
    """Make the operations on all places that a sentence names."""
    named: list[tuple[str, Law | None, Target]] = []
    law = last
    for segment, own in find_segments(places) or [(places, None)]:
        law = own or law
        if law is None:
            continue
        schedule = find_schedule(segment, attached=own is not None and own.attached)
        if schedule:
            name, inside = schedule
            named.append(("schedule", law, Target(_schedule_path(name, inside))))
            continue
        place = re.sub(r"^\s*(?:ความใน|ซึ่ง)", "", segment)
        targets = find_targets(place)
        if "นิยาม" in place and targets and "__def_" not in targets[0].path:
            terms = defined_terms(new_text)
            targets = [
                Target(f"{targets[0].path}__def_{term}", targets[0].section)
                for term in terms
            ] or targets
        named += [(op, law, target) for target in targets]
    if not named:
        # The order is understood, its place is not: only a replacement is kept.
        if op == "replace" and law and new_text:
            return [_amendment(op, law, "", new_text, provision)], law
        return [], law
    pieces = share(new_text, [target for _, _, target in named])
    operations = [
        _amendment(kind, owner, target.path, piece, provision)
        for (kind, owner, target), piece in zip(named, pieces, strict=True)
    ]
    return operations, law


def _without_chains(order: str, titles: list[str]) -> list[str]:
    """Leave out laws that are only named as having amended another."""
    kept = []
    plain = " ".join(order.split())
    for title in titles:
        place = plain.find(title)
        before = plain[max(0, place - 30) : place]
        if not re.search(r"(?:แก้ไขเพิ่มเติมโดย|ตามความใน|แห่ง|ตาม)\s*$", before):
            kept.append(title)
    return list(dict.fromkeys(kept))


def _spell_alike(found: list[Amendment]) -> list[Amendment]:
    """Spell a law that is named several times in one way.

    Where a wrap cut a title, it was joined with a space that is none of its own: of
    spellings that differ only in spaces, the one with fewest is right.
    """
    best: dict[str, str] = {}
    for item in found:
        for title in (item.target_law, *item.amended_by):
            base = _base(title)
            key = "".join(base.split())
            if key not in best or base.count(" ") < best[key].count(" "):
                best[key] = base

    def spell(title: str) -> str:
        base = _base(title)
        return best.get("".join(base.split()), base) + title[len(base) :]

    return [
        replace(
            item,
            target_law=spell(item.target_law),
            amended_by=tuple(map(spell, item.amended_by)),
        )
        for item in found
    ]


def _base(title: str) -> str:
    """Give a title without number and year, which all acts of one series share."""
    return re.split(r"\s*(?:\(ฉบับที่|พ\.\s?ศ\.|พุทธศักราช)", title, maxsplit=1)[0]


def _amendment(  # noqa: PLR0917 - in the order of the fields
    op, law, path, new_text, provision, old_text=""
) -> Amendment:
    return Amendment(
        op=op,
        target_law=law.title if law else "",
        amended_by=law.amended_by if law else (),
        path=path,
        new_text=new_text,
        section=provision.eid,
        line=provision.line,
        old_text=old_text,
    )


def _schedule_path(name: str, inside: str) -> str:
    name = re.sub(r"(?<=[ก-๎]{2})\s+(?=[ก-๎]{2})", "", name.strip())  # cut by a wrap
    path = "schedule_" + re.sub(r"\s+", "-", name)
    number = parse_label(inside) if inside else None
    return f"{path}__point_{eid_number(number)}" if number else path


def _attached(sentence: str, schedules: Sequence[Part]) -> str:
    """Give the text of the draft's own schedule that a sentence names.

    Where the draft has none, the words that name it: ``บัญชี ๑ ท้ายพระราชบัญญัตินี้``.
    """
    match = re.search(rf"({SCHEDULE_NAME}.*?)\s*(?:แนบ|ต่อ)?ท้าย\S*?นี้", sentence)
    if not match:
        return ""
    part = find_part(schedules, match[1])
    return part.text if part else match.group()
