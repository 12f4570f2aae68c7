"""Where a draft's text points: cross-references and defined terms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from drafts.law.references import (
    Definition,
    Reference,
    eids_of,
    find_definitions,
    find_references,
    resolve,
)
from drafts.law.references import find_terms as find_uses
from drafts.law.structure import Paragraph
from drafts.models import SECTION_KINDS, Provision, ProvisionKind
from drafts.trees import paragraphs_of

DEFINES = "หมายความ"
#: Terms explained beside one provision; the rest are behind the definition's link.
MOST_TERMS = 12
#: A law with a code attached has its sections under a name of their own.
_COMPONENT = re.compile(r"cmp_\d+__")
SECTIONS = SECTION_KINDS


@dataclass(frozen=True, slots=True)
class Term:
    """A defined term, its definition as the law has it, and where that stands."""

    term: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A provision with what ``drafts.law`` asks of one."""

    eid: str
    paragraphs: tuple[Paragraph, ...]


def section_of(eid: str) -> str:
    """Return the eId of the provision that a paragraph or item stands in."""
    return eid.partition("__para_")[0].partition("__point_")[0]


def component_of(eid: str) -> str:
    found = _COMPONENT.match(eid)
    return found.group() if found else ""


@dataclass(frozen=True, slots=True)
class Targets:
    """What a text may point to.

    ``sections`` are all provisions of the draft that exist, ``known`` every eId inside
    those whose text was read, ``here`` those that stand on the page itself.
    """

    base: str
    sections: frozenset[str]
    known: frozenset[str] = frozenset()
    here: frozenset[str] = frozenset()

    def url(self, reference: Reference, eid: str) -> str:
        """Return the address that a reference made in ``eid`` points to, or ""."""
        if reference.law:
            return ""
        prefix = component_of(eid)
        wanted = reference.eid
        if not wanted.startswith(prefix):
            wanted = prefix + wanted
        section = section_of(wanted)
        if section not in self.sections:
            return ""
        if section not in self.known:
            return f"{self.base}{wanted}/"  # resolved when it is followed
        found = resolve(wanted, self.known) or section
        if section in self.here:
            return "" if found == eid else f"#{found}"
        return f"{self.base}{section}/" + (f"#{found}" if found != section else "")


def references_in(kind: str, eid: str, text: str) -> tuple[Reference, ...]:
    """Find the references that a provision makes.

    Only sections and clauses: preamble, memorandum and notes speak of other laws and of
    the law that a draft amends.
    """
    return find_references(text, here=eid) if kind in SECTIONS else ()


def _terms(definitions: Iterable[Definition], base: str) -> tuple[Term, ...]:
    return tuple(Term(d.term, d.text, address(base, d.eid)) for d in definitions)


def address(base: str, eid: str) -> str:
    """Return the address of a provision, or of a paragraph or item in it."""
    section = section_of(eid)
    return f"{base}{section}/" + (f"#{eid}" if eid != section else "")


def read_definitions(version_id: int, base: str) -> tuple[Term, ...]:
    """Return every term that a version defines, in the order of the text; one query."""
    rows = (
        Provision.objects.filter(
            version_id=version_id, kind__in=SECTIONS, text__contains=DEFINES
        )
        .only("eid", "paragraphs")
        .order_by("order")
    )
    trees = [Tree(row.eid, paragraphs_of(row.paragraphs)) for row in rows]
    return _terms(find_definitions(trees), base)


def read_links(
    *, version_id: int, kind: str, text: str, base: str, own: Tree
) -> tuple[Targets, tuple[Term, ...]]:
    """Return what one provision may point to, and the defined terms that it uses.

    One query.  ``base`` is the address of the draft, before the eid.
    """
    prefix = component_of(own.eid)
    references = references_in(kind, own.eid, text)
    wanted = {section_of(found.eid) for found in references if not found.law}
    rows = (
        Provision.objects.filter(version_id=version_id)
        .exclude(kind=ProvisionKind.DIVISION)
        .filter(
            Q(eid__in=wanted | {prefix + name for name in wanted})
            | Q(text__contains=DEFINES, kind__in=SECTIONS)
        )
        .only("eid", "paragraphs")
        .order_by("order")
    )
    trees: list[Tree] = [own]
    trees += [
        Tree(row.eid, paragraphs_of(row.paragraphs))
        for row in rows
        if row.eid != own.eid
    ]
    used: dict[str, Definition] = {}
    for use in find_uses(text, find_definitions(trees[1:])):
        used.setdefault(use.definition.term, use.definition)
    terms = _terms(list(used.values())[:MOST_TERMS], base)
    return targets_of(base, trees, here=[own]), terms


def targets_of(
    base: str,
    trees: Iterable[Tree],
    *,
    here: Iterable[Tree],
    sections: Iterable[str] = (),
) -> Targets:
    """Return the targets given by provisions whose text was read, and further eIds."""
    listed = list(trees)
    return Targets(
        base,
        frozenset({tree.eid for tree in listed}.union(sections)),
        frozenset(eids_of(listed)),
        frozenset(tree.eid for tree in here),
    )
