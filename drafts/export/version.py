"""Read a frozen version back as the law that was frozen."""

from __future__ import annotations

from dataclasses import dataclass

from drafts import clock
from drafts.law.akoma_ntoso import Identity
from drafts.law.structure import (
    Division,
    DivisionKind,
    LawKind,
    LawText,
    Node,
    Number,
    Part,
    PartKind,
)
from drafts.law.structure import Provision as LawProvision
from drafts.law.structure import ProvisionKind as LawProvisionKind
from drafts.models import DraftVersion, Provision, ProvisionKind
from drafts.trees import paragraphs_of


@dataclass(frozen=True, slots=True)
class _Place:
    """A division already read, with the headings that lead to it and its own."""

    eid: str = ""
    path: tuple[str, ...] = ()


def law_of_version(version: DraftVersion) -> LawText:
    """Return the text of a version in the structure that the writers take; one query.

    Clauses that an amending section carries are inside its text and stand there only.
    """
    places: dict[int | None, _Place] = {None: _Place()}
    nodes: list[Node] = []
    rows = version.provisions.exclude(kind=ProvisionKind.TARGET_CLAUSE)
    for row in rows.order_by("order"):
        inside = places[row.parent_id]
        if row.kind == ProvisionKind.DIVISION:
            division = _division(row, inside)
            places[row.pk] = _Place(row.eid, (*inside.path, division.heading))
            nodes.append(division)
        elif row.kind == ProvisionKind.PART:
            kind = PartKind(row.subkind)
            nodes.append(Part(kind, row.text, row.order, row.heading, row.eid))
        else:
            nodes.append(_provision(row, inside))
    return LawText(version.title, LawKind(version.law_kind), tuple(nodes))


def identity_of_version(version: DraftVersion) -> Identity:
    """Return the FRBR identity: the draft is the work, the version the expression."""
    first = version.draft.versions.order_by("number").first() or version
    return Identity(
        work_date=clock.local_date(first.frozen_at),
        expression_date=clock.local_date(version.frozen_at),
        number=f"draft-{version.draft_id}",
        version=str(version.number),
    )


def _division(row: Provision, inside: _Place) -> Division:
    return Division(
        DivisionKind(row.subkind),
        row.label,
        row.heading,
        _number(row),
        row.eid,
        row.order,
        inside.eid,
    )


def _provision(row: Provision, inside: _Place) -> LawProvision:
    is_clause = row.kind == ProvisionKind.CLAUSE
    return LawProvision(
        LawProvisionKind.CLAUSE if is_clause else LawProvisionKind.SECTION,
        row.label.removeprefix("ข้อ" if is_clause else "มาตรา").strip(),
        _number(row),
        row.eid,
        row.order,
        row.text,
        paragraphs_of(row.paragraphs),
        inside.path,
        inside.eid,
    )


def _number(row: Provision) -> Number:
    main, slash, ordinal, sub = [*row.number, 0, 0, 0, 0][:4]
    return (main, slash, ordinal, sub)
