"""A provision line by line, as it is printed: each line with its eId and its level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drafts.law.structure import Item, Paragraph

#: Levels below an item inside an item are printed alike.
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One วรรค (level 0) or one item (1 to ``DEEPEST``) with its printed label."""

    eid: str
    level: int
    text: str
    #: eIds of paragraphs that have no words of their own, only the items from here on.
    opens: tuple[str, ...] = ()


def printed_lines(paragraphs: tuple[Paragraph, ...], text: str) -> list[PrintedLine]:
    """Return the lines of a provision whose frozen text is ``text``.

    The words are those of ``text``, byte for byte.  Where a person's editing has left
    lines that the tree joins, the tree's own words are used: they differ in spaces.
    """
    lines: list[PrintedLine] = []
    for paragraph in paragraphs:
        opens: tuple[str, ...] = ()
        if paragraph.text:
            lines.append(PrintedLine(paragraph.eid, 0, paragraph.text))
        else:
            opens = (paragraph.eid,)
        for line in _items(paragraph.items, 1):
            lines.append(PrintedLine(line.eid, line.level, line.text, opens))
            opens = ()
    frozen = text.split("\n") if text else []
    if not lines:
        return [PrintedLine("", 0, line) for line in frozen]
    if len(frozen) != len(lines):
        return lines
    return [
        PrintedLine(line.eid, line.level, words, line.opens)
        for line, words in zip(lines, frozen, strict=True)
    ]


def _items(items: tuple[Item, ...], level: int) -> Iterator[PrintedLine]:
    for item in items:
        words = f"{item.label} {item.text}".strip()
        yield PrintedLine(item.eid, min(level, DEEPEST), words)
        yield from _items(item.items, level + 1)
