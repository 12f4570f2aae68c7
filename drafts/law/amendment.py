"""Read the operations of an amending act (docs/thai-law.md).

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
from dataclasses import replace
from functools import cache, lru_cache

from drafts.law.item_labels import item_label
from drafts.law.new_text import (
    QUOTES,
    defined_terms,
    quoted_end,
    share,
    unquote,
)
from drafts.law.numerals import DIGITS, eid_number, parse_label
from drafts.law.orders import INSERTS, REPLACED_BY, Order, cut_order, opening_at
from drafts.law.schedules import find_part
from drafts.law.structure import Amendment, Part, PartKind, Provision
from drafts.law.targets import (
    PLACE,
    SCHEDULE_NAME,
    SECTION,
    Law,
    Target,
    find_law,
    find_schedule,
    find_segments,
    find_targets,
    find_titles,
)
from drafts.law.word_changes import find_word_changes

_REPEALS = re.compile(r"ให้(?:ยกเลิก|ตัด(?=ความใน))")
_AMENDS_LAW = re.compile(r"ให้แก้ไข(?:เพิ่มเติม)?|ให้ใช้ความต่อไปนี้แทน(?:ความใน)?")
#: Some words of a place, which only a person can tell from the rest of it.
_PART_OF = re.compile(r"\s*(?:ความใน)?\s*ตอน(?:ท้าย|ต้น|กลาง)")
#: Beside which place new text is put: not a place that gets any.
_ANCHOR = re.compile(
    rf"\s*(?:ระหว่าง(?:ความใน)?\s*{PLACE}\s*(?:และ|กับ|ถึง)\s*{PLACE}"
    rf"|(?:ต่อจาก|ต่อท้าย|ถัดจาก|ก่อน|หลัง)(?:ความใน)?\s*{PLACE})"
)
#: ต่อจากมาตรา ๕ แห่ง ก เป็นมาตรา ๕ ทวิ: the new place is named last.
_NAMED_LAST = re.compile(rf"\s*เป็น\s*(?={PLACE})")
#: บัญชี ๑ และบัญชี ๓: two schedules; บัญชีและแบบ… may be the name of one.
_NEXT_SCHEDULE = re.compile(
    rf"(?<={DIGITS})\s*(?:,|และ|\s)\s*(?={SCHEDULE_NAME}\S*\s*{DIGITS})"
)
_WHOLE_LAWS = re.compile(
    r"\s*(?:คำสั่ง|ประกาศ|พระราช|ประมวล|กฎ|ระเบียบ|ข้อบังคับ|ข้อกำหนด|ข้อบัญญัติ|เทศบัญญัติ)"
)
_TAKES_EFFECT = re.compile(r"แต่|ทั้งนี้|โดย")
#: What is quoted inside a new definition's instruction names its neighbours.
_NEIGHBOURS = re.compile(
    r"(?:ระหว่าง|ก่อน|ต่อจาก|ถัดจาก|หลัง)(?:บท)?นิยาม.*?(?=ใน\s*(?:มาตรา|ข้อ))", re.DOTALL
)

#: No order names more places; what does is no order, and would only cost time.
MAX_PLACES = 10_000


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
        begin = opening_at(text, position)
        if begin is not None:
            order = cut_order(text, begin)
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


def _read_order(  # noqa: PLR0911 - one return for each form of instruction
    provision, text, order: Order, last, schedules
):
    """Read one instruction; give its operations and the law it named last."""
    words = _read_words(provision, order.text, last)
    if words is not None:
        return words
    new_text = unquote_or_plain(text, order.block) if order.block else ""
    sentence = order.text
    replaced = REPLACED_BY.search(sentence)
    swapped = re.match(rf".*?ให้ใช้\s*({SCHEDULE_NAME}.*?นี้)แทน", sentence)
    if swapped and not replaced:
        rest = sentence[swapped.end() :]
        new = _attached(swapped[1], schedules)
        return _operations("replace", provision, rest, last, new)
    if re.search(r"ให้(?:เพิ่ม|เติม)", sentence.split("\n")[0]):
        inserted = _NEIGHBOURS.sub("", sentence)
        match = INSERTS.search(inserted)
        rest = inserted[match.end() :] if match else inserted
        attached = re.match(rf"\s*({SCHEDULE_NAME}.*?นี้)\s*(?:เป็น)?", rest)
        if attached:
            new_text = new_text or _attached(attached[1], schedules)
            rest = rest[attached.end() :]
        return _operations(
            "insert", provision, _new_place(rest, new_text), last, new_text
        )
    repeals = _REPEALS.search(sentence)
    begin = repeals.start() if repeals else -1
    if begin < 0 and not replaced:  # ให้แก้ไขเพิ่มเติม ก ดังต่อไปนี้: (๑) (๒) follow
        named = _AMENDS_LAW.search(sentence)
        if named and new_text:  # ให้แก้ไขมาตรา ๗ แห่ง… เป็นดังนี้ “…”
            rest = sentence[named.end() :]
            return _operations("replace", provision, rest, last, new_text)
        titles = find_titles(sentence[named.end() :]) if named else []
        return [], Law(titles[0], (), 0, 0) if titles else last
    rest = sentence[repeals.end() :] if repeals else sentence
    before = sentence[: max(begin, 0)]
    if replaced:
        rest = rest[: replaced.start() - (len(sentence) - len(rest))]
        if not rest.removesuffix("เสีย").strip():  # มาตรา ๕ แห่ง… ให้ยกเลิกและให้ใช้…
            rest = before
        new_text = new_text or _attached(sentence[replaced.start() :], schedules)
        return _operations("replace", provision, rest, last, new_text)
    return _read_repeal(provision, rest, before, last)


def _new_place(places: str, new_text: str) -> str:
    """Leave of an insertion's places the new one: not those that it stands beside."""
    named_last = _NAMED_LAST.search(places)
    if named_last and find_law(places[: named_last.start()]):
        before, new = places[: named_last.start()], places[named_last.end() :]
        return f"{new} {_ANCHOR.sub('', before)}"
    rest = _ANCHOR.sub("", places)
    if rest == places or find_targets(_places_of(rest)):
        return rest
    heads = [SECTION.match(line) for line in new_text.split("\n")]
    named = " ".join(head.group() for head in heads if head)
    return f"{named} {rest}" if named else places


def _places_of(text: str) -> str:
    segments = find_segments(text)
    return segments[0][0] if segments else text


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
    elsewhere = _paths(unquoted)
    operations = []
    for change in changes:
        # The place stands before, between or behind the words; or in a list (๑) (๒).
        paths = _paths(change.where) or elsewhere
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
        attached = own is not None and own.attached
        schedules = [
            found
            for name in _NEXT_SCHEDULE.split(segment)
            if (found := find_schedule(name, attached=attached))
        ]
        if schedules:
            paths = [_schedule_path(*schedule) for schedule in schedules]
            named += [("schedule", law, Target(path)) for path in paths]
            continue
        place = re.sub(r"^\s*(?:ความใน|ซึ่ง)", "", segment)
        if _PART_OF.match(place):
            continue
        targets = find_targets(place)
        if "นิยาม" in place and targets and "__def_" not in targets[0].path:
            terms = defined_terms(new_text)
            targets = [
                Target(f"{targets[0].path}__def_{term}", targets[0].section)
                for term in terms
            ] or targets
        named += [(op, law, target) for target in targets]
    if not named or len(named) > MAX_PLACES:
        # The order is understood, its place is not: only a replacement is kept.
        if op == "replace" and law and new_text:
            return [_amendment(op, law, "", new_text, provision)], law
        return [], law
    pieces = share(new_text, [target for _, _, target in named])
    operations = [
        _amendment(
            # Of three sections for which one comes, the other two are gone.
            "repeal" if kind == "replace" and new_text and not piece else kind,
            owner,
            target.path,
            piece,
            provision,
        )
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
        if not re.search(r"(?:(?:แก้ไข|เพิ่มเติม|เพิ่ม)โดย|ตามความใน|แห่ง|ตาม)\s*$", before):
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

    @cache  # an order may name thousands of places of one law
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


@lru_cache(maxsize=1024)
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
