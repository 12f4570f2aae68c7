"""What a report is made of, and its canonical JSON.

Everything is a frozen dataclass, so that a document is equal to itself read back from
its JSON.  Text inside blocks is a sequence of inline parts: plain strings, numbers
that know the list of comments behind them, and references to one comment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Number:
    """A count.  ``key`` names the comments behind it (members.py); "" means none do.

    ``unit`` is ``comments`` (the list shows exactly that many) or ``people`` (the
    list's comments are from exactly that many responses).
    """

    type: ClassVar[str] = "number"
    value: int
    key: str = ""
    unit: str = "comments"


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, printed with what it is a share of."""

    type: ClassVar[str] = "percent"
    part: int
    whole: int

    @property
    def text(self) -> str:
        """Print one decimal, halves up; an empty whole has no percentage."""
        if not self.whole:
            return "–"
        tenths = (self.part * 2000 + self.whole) // (2 * self.whole)
        return f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to one comment by its public id."""

    type: ClassVar[str] = "ref"
    public_id: str


Inline = str | Number | Percent | Ref
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    type: ClassVar[str] = "paragraph"
    parts: Line
    kind: str = ""  # "", "note", "label", "empty"


@dataclass(frozen=True, slots=True)
class Bullets:
    type: ClassVar[str] = "bullets"
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``numeric`` are the indices of columns of figures; column 0 heads its row."""

    type: ClassVar[str] = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    numeric: tuple[int, ...] = ()
    foot: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar per row, divided by stance; the table under it has the same numbers."""

    type: ClassVar[str] = "bars"
    caption: str
    rows: tuple[tuple[str, tuple[tuple[str, Number], ...]], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words cut from a published text, with that text's SHA-256.

    ``of``: "text", or "suggestion": wording that somebody proposes for the draft, which
    must never be read as what they say about it.
    """

    type: ClassVar[str] = "quote"
    text: str
    public_id: str
    start: int
    end: int
    sha256: str
    stance: str = ""
    whole: bool = True
    of: str = "text"


@dataclass(frozen=True, slots=True)
class Change:
    """Words of the draft before and after, and the themes that caused the change."""

    type: ClassVar[str] = "change"
    label: str
    before: str
    after: str
    themes: tuple[int, ...]


Block = Paragraph | Bullets | Table | Bars | Quote | Change


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the report; ``number`` is that of the statutory list."""

    type: ClassVar[str] = "section"
    number: str
    title: str
    blocks: tuple[Block, ...]
    anchor: str
    sections: tuple[Section, ...] = ()
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    type: ClassVar[str] = "document"
    schema: int
    title: str
    subtitle: str
    language: str
    meta: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def section(self, anchor: str) -> Section:
        """Return the section with an anchor; KeyError if there is none."""
        for section in walk(self.sections):
            if section.anchor == anchor:
                return section
        raise KeyError(anchor)

    def value(self, name: str) -> str:
        return dict(self.meta).get(name, "")


_TYPES: dict[str, type] = {
    c.type: c
    for c in (
        Number,
        Percent,
        Ref,
        Paragraph,
        Bullets,
        Table,
        Bars,
        Quote,
        Change,
        Section,
        Document,
    )
}


def walk(sections: tuple[Section, ...]) -> Iterator[Section]:
    """Yield sections and those inside them, in reading order."""
    for section in sections:
        yield section
        yield from walk(section.sections)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        own = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {"type": value.type, **own}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def canonical_json(document: Document) -> str:
    """Write a document as JSON; equal documents give equal text."""
    return json.dumps(
        _plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def _built(value: Any) -> Any:
    if isinstance(value, dict):
        kind = _TYPES[value["type"]]
        return kind(**{k: _built(v) for k, v in value.items() if k != "type"})
    if isinstance(value, list):
        return tuple(_built(item) for item in value)
    return value


def from_json(text: str) -> Document:
    """Read a document back; raises ValueError or KeyError if it is none."""
    return _built(json.loads(text))


def numbers_of(value: Any) -> Iterator[Number]:
    """Yield every number of a document or a part of it."""
    if isinstance(value, Number):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from numbers_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers_of(item)
