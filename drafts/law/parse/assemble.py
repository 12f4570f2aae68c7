"""Name again what a person has edited: the way back from pieces to a numbered law.

An imported draft is kept as a list of pieces (title, chapter, section, schedule).  An
officer changes labels, adds and moves pieces; when frozen, every piece needs
an eId, its place under a division and its paragraphs, by the same rules by which
``parse`` gave them.  For a list that nobody changed the result is what ``parse`` found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from drafts.law.numerals import ZERO, clean_label, eid_number, parse_label
from drafts.law.parse.body import build_paragraphs
from drafts.law.parse.divisions import _EID as DIVISION_EIDS
from drafts.law.parse.divisions import _number as division_number
from drafts.law.parse.divisions import _pop as pop_divisions
from drafts.law.parse.lines import DIVISION, Layout, Line
from drafts.law.structure import (
    Division,
    DivisionKind,
    Number,
    Paragraph,
    PartKind,
    ProvisionKind,
)

_PLAIN = Layout(spaced=True, wrapped=False, two_spaces=True, width=0)
_WORD = re.compile(r"^\s*(?:มาตรา|ข้อ)\s*")
#: eId of the parts that stand once (AKN-NC 1.0 §5.4); others are numbered.
_PART_EIDS = {
    PartKind.TITLE: "preface",
    PartKind.MEMORANDUM: "memorandum",
    PartKind.PREAMBLE: "preamble",
    PartKind.COUNTERSIGNATURE: "conclusions",
    PartKind.SCHEDULE: "att",
    PartKind.NOTE: "note",
    PartKind.AMENDMENT_REMNANT: "remnant",
    PartKind.ANNOTATION: "annotation",
    PartKind.UNKNOWN: "text",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as a person left it; ``label`` without the word มาตรา or ข้อ."""

    key: str
    kind: DivisionKind | ProvisionKind | PartKind
    label: str = ""
    name: str = ""  # name of a division, heading of a part
    text: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its place; ``number`` is zero where the label has none."""

    piece: Piece
    eid: str
    label: str  # cleaned, as printed: "๕/๑", "หมวด ๑"
    number: Number
    parent: str  # eId of the innermost division, "" at the top
    text: str
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a list of pieces from being numbered: code, the pieces, the label."""

    code: str  # bad_label, duplicate_label, empty_section
    label: str
    keys: tuple[str, ...]


def bare_label(label: str) -> str:
    """Give a label without the word before it and with single spaces."""
    return clean_label(_WORD.sub("", label))


def clean_text(text: str) -> str:
    """Give a text with one line per paragraph or item: trimmed, without blank lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def paragraphs_of(eid: str, text: str) -> tuple[Paragraph, ...]:
    """Split an edited text: every line is a paragraph or an item, none is joined."""
    first, *rest = clean_text(text).split("\n")
    lines = [Line(number, line, True) for number, line in enumerate(rest, start=2)]
    return build_paragraphs(eid, first, lines, _PLAIN)


def assemble(pieces: Iterable[Piece]) -> tuple[list[Placed], list[Problem]]:
    """Number the pieces in their order; give what cannot be numbered beside them.

    A provision whose label cannot be read, repeats another of the same instrument, or
    has no text is a problem.  Repeated divisions get ``-dup2``, as in ``parse``: real
    laws have them.
    """
    listed = list(pieces)
    prefixes = _instrument_prefixes(listed)
    placed: list[Placed] = []
    problems: list[Problem] = []
    stack: list[Division] = []
    used: Counter[str] = Counter()
    unnumbered: Counter[str] = Counter()
    seen: dict[str, list[Piece]] = {}
    instrument = None
    after_division = False
    for piece, prefix in zip(listed, prefixes, strict=True):
        if prefix != instrument:
            instrument, stack = prefix, []
        if isinstance(piece.kind, DivisionKind):
            division = _divide(piece, prefix, stack, used, unnumbered, after_division)
            row = Placed(
                piece,
                division.eid,
                division.label,
                division.number,
                division.parent_eid,
                "",
            )
        elif isinstance(piece.kind, ProvisionKind):
            row = _number_provision(piece, prefix, stack, used, seen, problems)
        else:
            eid = _unique(_join(prefix, _part_eid(piece.kind, used, prefix)), used)
            row = Placed(piece, eid, "", ZERO, "", clean_text(piece.text))
        after_division = isinstance(piece.kind, DivisionKind)
        placed.append(row)
    problems += [
        Problem(
            "duplicate_label", bare_label(same[0].label), tuple(p.key for p in same)
        )
        for same in seen.values()
        if len(same) > 1
    ]
    return placed, problems


def _number_provision(  # noqa: PLR0917
    piece, prefix, stack, used, seen, problems
) -> Placed:
    label = bare_label(piece.label)
    number = parse_label(label)
    text = clean_text(piece.text)
    if number is None:
        problems.append(Problem("bad_label", piece.label.strip(), (piece.key,)))
    if not text:
        problems.append(Problem("empty_section", label, (piece.key,)))
    number = number or ZERO
    base = "cl" if piece.kind is ProvisionKind.CLAUSE else "sec"
    name = _join(prefix, f"{base}_{eid_number(number)}")
    if any(number):
        seen.setdefault(name, []).append(piece)
    eid = _unique(name, used)
    parent = stack[-1].eid if stack else ""
    return Placed(piece, eid, label, number, parent, text, paragraphs_of(eid, text))


def _divide(  # noqa: PLR0917
    piece, prefix, stack, used, unnumbered, after_division
) -> Division:
    label = " ".join(piece.label.split())
    match = DIVISION.match(label) if label else None
    number = (match and division_number(match)) or ZERO
    name = " ".join(piece.name.split())
    pop_divisions(stack, piece.kind, name, after_division)
    parent = stack[-1].eid if stack else ""
    if any(number):
        part = eid_number(number)
    else:
        unnumbered[prefix] += 1
        part = str(unnumbered[prefix])
    eid = _unique(_join(parent or prefix, f"{DIVISION_EIDS[piece.kind]}_{part}"), used)
    division = Division(piece.kind, label, name, number, eid, 0, parent)
    stack.append(division)
    return division


def _instrument_prefixes(pieces: list[Piece]) -> list[str]:
    """Give each piece the component it belongs to: "" for the main instrument.

    A title that stands after provisions begins another instrument (a code attached to
    the act that puts it into force); the one with most provisions is the main one.
    """
    groups: list[int] = []
    counts: Counter[int] = Counter()
    current = 0
    for piece in pieces:
        if piece.kind is PartKind.TITLE and counts[current]:
            current += 1
        if isinstance(piece.kind, ProvisionKind):
            counts[current] += 1
        groups.append(current)
    real = sorted(group for group in counts if counts[group])
    if len(real) < 2:
        return [""] * len(pieces)
    main = max(real, key=lambda group: (counts[group], -group))
    names = {
        group: "" if group == main else f"cmp_{order}"
        for order, group in enumerate(real, start=1)
    }
    return [names.get(group, "") for group in groups]


def _part_eid(kind: PartKind, used: Counter[str], prefix: str) -> str:
    base = _PART_EIDS[kind]
    if kind is not PartKind.SCHEDULE:
        return base
    number = 1
    while used[_join(prefix, f"att_{number}")]:
        number += 1
    return f"att_{number}"


def _join(prefix: str, name: str) -> str:
    return f"{prefix}__{name}" if prefix else name


def _unique(eid: str, used: Counter[str]) -> str:
    used[eid] += 1
    return eid if used[eid] == 1 else f"{eid}-dup{used[eid]}"
