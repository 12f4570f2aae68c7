"""Find the new text that an amending section quotes, and share it among its targets.

New text stands in quotation marks after the instruction; it may quote in turn, run over
several blocks, and hold the text of more than one place (“มาตรา ๘ … มาตรา ๙ …”).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from drafts.law.item_labels import item_label
from drafts.law.numerals import number_of
from drafts.law.targets import SECTION, Target, division_at

QUOTES = {"“": "”", "„": "”", '"': '"'}
_TERM = re.compile(r"[“\"]([^”\"]{1,200})[”\"]")
_DEFINES = re.compile(_TERM.pattern + r"\s*(?:ให้)?หมาย(?:ความ|ถึง)")


def first_block(text: str, start: int) -> tuple[int, int] | None:
    """Find the quotation that begins at or after ``start``; give its two ends."""
    places = [text.find(quote, start) for quote in QUOTES]
    places = [place for place in places if place >= 0]
    if not places:
        return None
    first = min(places)
    return first, quoted_end(text, first)


def quoted_end(text: str, start: int) -> int:
    """Find where a quotation closes, nested ones and blocks that follow included."""
    if text[start] == '"':
        return _straight_end(text, start)
    depth = 0
    for position in range(start, len(text)):
        if text[position] in "“„":
            depth += 1
        elif text[position] == "”":
            depth -= 1
            if depth <= 0:
                if re.match(r"\s*“", text[position + 1 :]):
                    depth = 0
                    continue
                return position + 1
    return len(text)


def _straight_end(text: str, start: int) -> int:
    """Close a block in straight quotation marks: the last mark that ends a line.

    A further instruction opens a block of its own, so the block ends before it.
    """
    stop = re.compile(r"\n(?:ให้(?:ยกเลิก|เพิ่ม|แก้ไข))").search(text, start + 1)
    close = text.rfind('"', start + 1, stop.start() if stop else len(text))
    return close + 1 if close > start else len(text)


def unquote(text: str, start: int) -> str:
    """Give the new text without its outer quotation marks."""
    block = text[start : quoted_end(text, start)].strip()
    if block.startswith('"'):
        inner = block[1:-1] if block.endswith('"') else block[1:]
        return inner.strip()
    pieces, depth, held = [], 0, []
    for character in block:
        if character in "“„":
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


def defined_terms(new_text: str) -> list[str]:
    """List the terms that a text defines, one a line: “คำ” หมายความว่า …"""
    found = []
    for line in new_text.split("\n"):
        match = _DEFINES.match(line.strip())
        if match:
            found.append(match[1].strip())
    return found


def share(new_text: str, targets: Sequence[Target]) -> list[str]:
    """Give each target its own piece of the new text, cut at the heads it quotes.

    Where มาตรา ๕ of one law and มาตรา ๕ of another get one text, both get it.
    """
    if len(targets) == 1:
        return [new_text]
    pieces: dict[int, list[str]] = {}
    current = 0
    paragraphs = all("__para_" in target.path for target in targets)
    for line in new_text.split("\n"):
        named = _named(line.strip(), targets, pieces)
        if named is not None:
            current = named
        elif paragraphs and current in pieces and not _opens_item(line):
            following = targets[current + 1 : current + 2]
            current += bool(following) and not following[0].item
        pieces.setdefault(current, []).append(line)
    texts = ["\n".join(pieces.get(place, ())).strip() for place in range(len(targets))]
    by_path = {t.path: text for t, text in zip(targets, texts, strict=True) if text}
    return [
        text or by_path.get(target.path, "")
        for target, text in zip(targets, texts, strict=True)
    ]


def _opens_item(line: str) -> bool:
    return item_label(line.strip()) is not None


def _named(line: str, targets: Sequence[Target], taken) -> int | None:
    """Say which target, not yet served, begins on this line."""
    head = SECTION.match(line.lstrip('“"'))
    division = division_at(line.lstrip('“"'))
    term = _TERM.match(line)
    for position, target in enumerate(targets):
        if position in taken:
            continue
        defines = target.path.partition("__def_")[2]
        if defines:
            fits = term is not None and _flat(term[1]) == _flat(defines)
        elif target.item:
            fits = _flat(line.lstrip('“"')).startswith(_flat(target.item))
        elif target.section is None and division:
            fits = target.path.removesuffix("__heading").endswith(division)
        else:
            fits = head is not None and target.section == number_of(*head.groups()[1:])
        if fits:
            return position
    return None


def _flat(text: str) -> str:
    return "".join(text.split())
