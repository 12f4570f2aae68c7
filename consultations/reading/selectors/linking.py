"""Where a provision points: other sections as links, defined terms with their words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from drafts.law.references import Definition, find_definitions, find_references
from drafts.law.references import find_terms as find_uses
from drafts.law.structure import Item, Paragraph
from drafts.models import Provision, ProvisionKind

DEFINES = "หมายความ"
#: Terms explained beside one provision; the rest are behind the definition's link.
MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``url`` is "" where it points nowhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    term: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class Linked:
    """The lines of a provision in pieces, and the defined terms that occur in it."""

    lines: tuple[tuple[int, tuple[Piece, ...]], ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class _Paragraphs:
    paragraphs: tuple[Paragraph, ...]


def _item(node: dict) -> Item:
    items = tuple(_item(child) for child in node.get("items") or [])
    return Item(node["eid"], node.get("label", ""), node.get("text", ""), items)


def _paragraph(node: dict) -> Paragraph:
    items = tuple(_item(child) for child in node.get("items") or [])
    return Paragraph(node["eid"], node.get("text", ""), items)


def _section_of(eid: str) -> str:
    return eid.partition("__para_")[0].partition("__point_")[0]


def _pieces(line: str, eid: str, known: set[str], base: str) -> tuple[Piece, ...]:
    pieces, done = [], 0
    for reference in find_references(line, here=eid):
        target = _section_of(reference.eid)
        if reference.law or target not in known or target == eid:
            continue
        pieces.append(Piece(line[done : reference.start]))
        pieces.append(Piece(reference.text, f"{base}{target}/"))
        done = reference.end
    pieces.append(Piece(line[done:]))
    return tuple(piece for piece in pieces if piece.text)


def read_links(
    *,
    version_id: int,
    eid: str,
    lines: tuple[tuple[int, str], ...],
    base: str,
) -> Linked:
    """Link a provision's text to the sections and definitions it uses; one query.

    ``base`` is the address of the draft, before the eid.
    """
    text = "\n".join(line for _level, line in lines)
    wanted = {_section_of(found.eid) for found in find_references(text, here=eid)}
    rows = (
        Provision.objects.filter(version_id=version_id)
        .exclude(kind=ProvisionKind.DIVISION)
        .filter(Q(eid__in=wanted) | Q(text__contains=DEFINES))
        .only("eid", "paragraphs")
        .order_by("order")
    )
    known: set[str] = set()
    definitions: list[tuple[Definition, str]] = []
    for row in rows:
        known.add(row.eid)
        if row.eid != eid:
            parsed = _Paragraphs(tuple(_paragraph(node) for node in row.paragraphs))
            definitions += [(found, row.eid) for found in find_definitions([parsed])]
    place = {id(definition): where for definition, where in definitions}
    used: dict[str, Definition] = {}
    for use in find_uses(text, [definition for definition, _ in definitions]):
        used.setdefault(use.definition.term, use.definition)
    return Linked(
        tuple((level, _pieces(line, eid, known, base)) for level, line in lines),
        tuple(
            Term(found.term, found.text, f"{base}{place[id(found)]}/")
            for found in list(used.values())[:MOST_TERMS]
        ),
    )
