"""Read the operations of an amending act (LEGAL.md §10.4).

Each amending section gives one operation per place that it changes, so that people can
comment on the clause that changes and not only on the section that changes it.  What is
quoted inside an amending section is new text of the other law and never a section of
the draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from drafts.law.numerals import number_of
from drafts.law.structure import Amendment, Provision
from drafts.law.targets import (
    SECTION,
    Law,
    Target,
    find_law,
    find_targets,
    find_titles,
)

_OPENING = re.compile(
    r"(?:(?:ตั้งแต่|นับแต่|เมื่อ|ใน)[^\n“]{0,300}?)?ให้(?:ยกเลิก|เพิ่ม|แก้ไข|แทนคำว่า|ใช้คำว่า|ใช้ความต่อไปนี้)"
)
_REPLACED_BY = re.compile(r"และให้ใช้(?:ความ)?(?:ดัง)?(?:ต่อไปนี้)?(?:[^\n“]{0,120}?)แทน")
_WORD = re.compile(
    r"ให้แก้ไข(?:เพิ่มเติม)?(?:ถ้อย)?คำว่า\s*[“\"](?P<old>[^”\"]+)[”\"]\s*(?P<where>[^“\"]{0,600}?)"
    r"เป็น(?:คำว่า)?\s*[“\"](?P<new>[^”\"]+)[”\"]"
)
_WORD_REPLACED = re.compile(
    r"ให้ยกเลิกคำว่า\s*[“\"](?P<old>[^”\"]+)[”\"]\s*(?P<where>[^“\"]{0,600}?)"
    r"และให้ใช้คำว่า\s*[“\"](?P<new>[^”\"]+)[”\"]\s*แทน"
)
_WORD_SWAPPED = re.compile(
    r"ให้(?:ใช้คำว่า\s*[“\"](?P<new>[^”\"]+)[”\"]\s*แทนคำว่า\s*[“\"](?P<old>[^”\"]+)[”\"]"
    r"|แทนคำว่า\s*[“\"](?P<old2>[^”\"]+)[”\"]\s*ด้วยคำว่า\s*[“\"](?P<new2>[^”\"]+)[”\"])"
    r"(?P<where>[^“\"\n]{0,600})"
)
_SCHEDULE = re.compile(
    r"(?:ความใน)?(?P<name>(?:บัญชี|อัตรา|ตาราง|แผนที่|แบบ|ภาคผนวก|พิกัดอัตรา|รายการ)[^\n“]{0,120}?ท้าย)"
)
_QUOTES = {"“": "”", '"': '"'}


def find_amendments(provisions: Iterable[Provision]) -> tuple[Amendment, ...]:
    """Read the operations of all provisions, in order.

    A section that names no law amends the one named last before it.
    """
    found: list[Amendment] = []
    law: Law | None = None
    for provision in provisions:
        operations, law = _read_section(provision, law)
        found += operations
    return tuple(found)


def _read_section(
    provision: Provision, last: Law | None
) -> tuple[list[Amendment], Law | None]:
    text = provision.text
    operations: list[Amendment] = []
    position = 0
    while position < len(text):
        opening = _OPENING.match(text, position)
        if opening:
            read, last, end = _read_operation(provision, text[position:], last)
            operations += read
            position += max(end, 1)
        newline = text.find("\n", position)
        if newline < 0:
            break
        position = newline + 1
        if text[position : position + 1] in _QUOTES:  # a further block, already read
            position += _quoted_end(text, position) - position
    return operations, last


def _read_operation(provision, text, last):
    """Read one operation at the start of ``text``; give where it ended as well."""
    head = text[:1500]
    word = (
        _WORD.search(head) or _WORD_REPLACED.search(head) or _WORD_SWAPPED.search(head)
    )
    if word and word.start() <= _first_newline(text):
        law = find_law(text[: word.end()]) or find_law(text, word.end()) or last
        places = _until_law(word["where"]) or _until_law(text[: word.start()])
        paths = [target.path for target in find_targets(places)]
        old, new = _words(word)
        return (
            [
                _amendment("word", law, path, new, provision, old)
                for path in paths or [""]
            ],
            law,
            max(word.end(), _line_end(text, word.end())),
        )
    replaced = _REPLACED_BY.search(text[:3000])
    end_of_order = replaced.end() if replaced else len(text)
    if text.lstrip().startswith(("ให้เพิ่ม",)) or "ให้เพิ่ม" in text[:200].split("\n")[0]:
        return _read_insertion(provision, text, last)
    order = text[text.find("ให้ยกเลิก") + len("ให้ยกเลิก") :] if "ให้ยกเลิก" in text else text
    offset = len(text) - len(order)
    if replaced and replaced.start() >= offset:
        return _read_replacement(
            provision, text, order[: replaced.start() - offset], end_of_order, last
        )
    return _read_repeal(provision, text, order, last)


def _words(match: re.Match[str]) -> tuple[str, str]:
    """Give the old and the new word of a match of any of the patterns."""
    groups = match.groupdict()
    old = groups["old"] or groups.get("old2") or ""
    return old, groups["new"] or groups.get("new2") or ""


def _read_insertion(provision, text, last):
    quote = _first_block(text, _after_law(text))
    head = text[: quote[0]] if quote else text
    law = find_law(head) or last
    named = find_law(head)
    order = head[: named.start] if named else head
    targets = find_targets(_last_order(order))
    new_text, end = (_unquote(text, quote[0]), quote[1]) if quote else ("", len(head))
    if not quote:
        rest = text[_first_newline(text) :].strip()
        new_text, end = rest, len(text)
    if not law or not targets:
        return [], last, max(end, _first_newline(text))
    return _spread("insert", law, targets, new_text, provision), law, end


def _last_order(order: str) -> str:
    """Cut an insertion down to what is inserted: behind เป็น, or the definition.

    ``บทนิยามคำว่า “ก” ระหว่างบทนิยามคำว่า “ข” และ “ค” ในมาตรา ๔``: only the first is new.
    """
    between = re.search(r"ระหว่าง(?:บท)?นิยาม.*?(?=ใน\s*(?:มาตรา|ข้อ))", order, re.DOTALL)
    if between:
        order = order[: between.start()] + order[between.end() :]
    before_after = re.search(
        r"(?:ก่อน|ต่อจาก|ถัดจาก|หลัง)(?:บท)?นิยาม.*?(?=ใน\s*(?:มาตรา|ข้อ))", order, re.DOTALL
    )
    if before_after:
        order = order[: before_after.start()] + order[before_after.end() :]
    match = re.search(r"ให้เพิ่ม(?:เติม)?(?:ความ)?(?:ดัง)?(?:ต่อไปนี้)?(?:ลงใน|เป็น)?", order)
    return order[match.end() :] if match else order


def _read_replacement(provision, text, order, end_of_order, last):
    schedule = _SCHEDULE.match(order.strip())
    law = find_law(order) or last
    quote = _first_block(text, end_of_order)
    new_text, end = "", end_of_order
    if quote and quote[0] - end_of_order < 60:
        new_text, end = _unquote(text, quote[0]), quote[1]
    elif not schedule:
        new_text, end = text[end_of_order:].strip(" \n:"), len(text)
    if not law:
        return [], last, end
    if schedule:
        name = _schedule_name(schedule["name"])
        return (
            [_amendment("schedule", law, name, new_text, provision)],
            law,
            max(end, _line_end(text, end)),
        )
    named = find_law(order)
    place = re.sub(r"^\s*ความใน", "", order[: named.start] if named else order)
    targets = find_targets(place)
    if not targets:
        targets = [Target("")]
    return _spread("replace", law, targets, new_text, provision), law, end


def _read_repeal(provision, text, order, last):
    line = order[: _first_newline(order)]
    offset = len(text) - len(order)
    if re.match(r"\s*(?:คำสั่ง|ประกาศ|พระราช|ประมวล|กฎ|ระเบียบ|ข้อบังคับ|ข้อกำหนด)", line) or (
        not line.strip() or (re.match(r"\s*\(", line) and not find_targets(line))
    ):
        # Whole laws are repealed, one or a list of them.
        titles = [title for title in find_titles(order) if not title.endswith("นี้")]
        operations = [
            _amendment("repeal", Law(title, (), 0, 0), "", "", provision)
            for title in _without_chains(order, titles)
        ]
        return operations, last, len(text)
    schedule = _SCHEDULE.match(line.strip())
    law = find_law(line) or last
    end = offset + len(line)
    if not law:
        return [], last, end
    if schedule:
        name = _schedule_name(schedule["name"])
        return [_amendment("schedule", law, name, "", provision)], law, end
    named = find_law(line)
    place = line[: named.start] if named else re.split(r"แต่|ทั้งนี้|โดย", line)[0]
    operations = [
        _amendment("repeal", law, target.path, "", provision)
        for target in find_targets(place)
    ]
    return operations, law if operations else last, end


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


def _spread(op, law, targets: list[Target], new_text, provision) -> list[Amendment]:
    """Give each target its own piece of the new text, cut at the heads it quotes."""
    if len(targets) == 1:
        return [_amendment(op, law, targets[0].path, new_text, provision)]
    pieces = _cut(new_text, targets)
    return [
        _amendment(op, law, target.path, pieces.get(position, ""), provision)
        for position, target in enumerate(targets)
    ]


def _cut(new_text: str, targets: list[Target]) -> dict[int, str]:
    pieces: dict[int, list[str]] = {}
    current = 0
    for line in new_text.split("\n"):
        text = line.strip().lstrip('“"')
        head = SECTION.match(text)
        for position, target in enumerate(targets):
            by_section = (
                head is not None
                and not target.item
                and target.section == number_of(*head.groups()[1:])
            )
            by_item = bool(target.item) and _flat(text).startswith(_flat(target.item))
            if (by_section or by_item) and position not in pieces:
                current = position
                break
        else:
            paragraphs = all("__para_" in target.path for target in targets)
            no_items = not any(target.item for target in targets)
            if paragraphs and no_items and current in pieces:
                current = min(current + 1, len(targets) - 1)
        pieces.setdefault(current, []).append(line)
    return {place: "\n".join(lines).strip() for place, lines in pieces.items()}


def _flat(text: str) -> str:
    return "".join(text.split())


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


def _schedule_name(name: str) -> str:
    plain = re.sub(r"ท้าย$", "", name).strip()
    return "schedule_" + re.sub(r"\s+", "-", plain)


def _until_law(text: str) -> str:
    law = find_law(text)
    return text[: law.start] if law else text


def _after_law(text: str) -> int:
    """Give the place from which the quotation of new text can begin."""
    line = _first_newline(text)
    law = find_law(text[:line])
    return law.end if law else 0


def _first_newline(text: str) -> int:
    place = text.find("\n")
    return len(text) if place < 0 else place


def _line_end(text: str, position: int) -> int:
    place = text.find("\n", position)
    return len(text) if place < 0 else place


def _first_block(text: str, start: int) -> tuple[int, int] | None:
    """Find the quotation that begins at or after ``start``; give its two ends."""
    places = [text.find(quote, start) for quote in _QUOTES]
    places = [place for place in places if place >= 0]
    if not places:
        return None
    first = min(places)
    return first, _quoted_end(text, first)


def _quoted_end(text: str, start: int) -> int:
    """Find where a quotation closes, nested ones and blocks that follow included."""
    if text[start] == '"':
        close = text.rfind('"', start + 1)
        return close + 1 if close > start else len(text)
    depth = 0
    for position in range(start, len(text)):
        if text[position] == "“":
            depth += 1
        elif text[position] == "”":
            depth -= 1
            if depth <= 0:
                follow = re.match(r"\s*(?=“)", text[position + 1 :])
                if follow and text[position + 1 :].lstrip().startswith("“"):
                    depth = 0
                    continue
                return position + 1
    return len(text)


def _unquote(text: str, start: int) -> str:
    """Give the new text without its outer quotation marks."""
    block = text[start : _quoted_end(text, start)].strip()
    if block.startswith('"'):
        return block.strip('"').strip()
    pieces, depth, held = [], 0, []
    for character in block:
        if character == "“":
            depth += 1
            if depth == 1:
                continue
        elif character == "”":
            depth -= 1
            if depth == 0:
                pieces.append("".join(held).strip())
                held = []
                continue
        held.append(character)
    rest = "".join(held).strip()
    return "\n".join(filter(None, [*pieces, rest]))
