"""The clauses of other laws that a draft changes, as provisions of a frozen version.

Each operation of an amending section becomes a row of its own below that section, so
that people speak of the clause that changes; beside it stands what it changes, with the
words in force copied from the act (``TargetClause``).
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from drafts.amended_laws import is_amending, law_key, law_of_act, laws_used
from drafts.law.amendment import find_amendments
from drafts.law.consolidate import consolidate
from drafts.law.parse.assemble import Placed, clean_text, paragraphs_of
from drafts.law.places import node_at, place_name, words_at
from drafts.law.section_edits import body_of
from drafts.law.structure import Amendment, LawText, Part, PartKind
from drafts.law.structure import Provision as LawProvision
from drafts.law.structure import ProvisionKind as LawProvisionKind
from drafts.models import (
    Act,
    DraftPage,
    DraftVersion,
    Provision,
    ProvisionKind,
    TargetClause,
)
from drafts.trees import stored_paragraphs

BATCH = 500
_VERBS = {"insert": "เพิ่มโดย", "repeal": "ยกเลิกโดย"}
#: A label is at most 120 characters; a defined term may be longer than that.
_LABEL, _PLACE = 120, 80


@dataclass(slots=True)
class NewClause:
    """A clause not stored yet; ``section`` is the row of the amending section."""

    section: Provision
    row: Provision
    target: TargetClause


@dataclass(slots=True)
class _Law:
    """An act that the draft changes, with what could not be changed in it."""

    act: Act | None = None
    text: LawText | None = None
    rows: dict[str, int] = field(default_factory=dict)  # eid: ActProvision.pk
    reasons: dict[int, str] = field(default_factory=dict)  # id(amendment): Thai


def amendments_of(placed: Iterable[Placed]) -> tuple[Amendment, ...]:
    """Read the operations in a numbered draft; none where it only repeals laws."""
    provisions, parts = [], []
    for order, place in enumerate(placed, start=1):
        kind = place.piece.kind
        if isinstance(kind, LawProvisionKind):
            provisions.append(
                LawProvision(
                    kind,
                    place.label,
                    place.number,
                    place.eid,
                    order,
                    place.text,
                    place.paragraphs,
                )
            )
        elif kind is PartKind.SCHEDULE:
            parts.append(Part(kind, place.text, order, place.piece.name, place.eid))
    found = find_amendments(provisions, parts)
    return found if is_amending(found) else ()


def clauses_make(
    *,
    draft: DraftPage,
    amends: int | None,
    placed: Sequence[Placed],
    rows: Sequence[Provision],
) -> list[NewClause]:
    """Make the clauses of a version and number all its rows anew, clauses included.

    ``placed`` and ``rows`` are the draft's own pieces, in order and not stored yet.
    """
    amendments = amendments_of(placed)
    by_eid = {row.eid: row for row in rows}
    laws = _laws(draft, amends, amendments)
    counts: Counter[str] = Counter()
    keys: Counter[uuid.UUID] = Counter()
    clauses = []
    for amendment in amendments:
        section = by_eid[amendment.section]
        counts[section.eid] += 1
        row = _row(amendment, section, counts[section.eid])
        keys[row.key] += 1
        if keys[row.key] > 1:  # the same place twice in one section
            row.key = uuid.uuid5(row.key, str(keys[row.key]))
        law = laws.get(law_key(amendment.target_law), _Law())
        clauses.append(NewClause(section, row, _target(amendment, row, law)))
    _number(rows, clauses)
    return clauses


def _laws(
    draft: DraftPage, amends: int | None, amendments: Sequence[Amendment]
) -> dict[str, _Law]:
    laws = {}
    for used in laws_used(draft, amendments, amends=amends):
        law = laws[used.key] = _Law(used.act)
        if used.act is None:
            continue
        law.text = law_of_act(used.act)
        law.rows = dict(used.act.provisions.values_list("eid", "pk"))
        mine = [one for one in amendments if law_key(one.target_law) == used.key]
        result = consolidate(law.text.provisions, mine, law.text.parts)
        law.reasons = {id(no.amendment): no.reason for no in result.not_applied}
    return laws


def _row(amendment: Amendment, section: Provision, count: int) -> Provision:
    eid = f"{section.eid}__mod_{count}"
    text = clause_text(amendment, section.label)
    name = f"{law_key(amendment.target_law)} {amendment.path}"
    return Provision(
        kind=ProvisionKind.TARGET_CLAUSE,
        subkind=amendment.op,
        key=uuid.uuid5(section.key, name),
        eid=eid,
        label=_label(amendment, section.label),
        heading=amendment.target_law,
        text=text,
        paragraphs=stored_paragraphs(paragraphs_of(eid, text)),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _label(amendment: Amendment, section: str) -> str:
    verb = _VERBS.get(amendment.op, "แก้ไขโดย")
    place = place_of(amendment)
    if len(place) > _PLACE:
        place = place[: _PLACE - 1] + "…"
    return f"{place} ({verb}{section})"[:_LABEL]


def full_name(kind: str, label: str, heading: str, eid: str) -> str:
    """Name a provision where it stands alone; a clause with its law and its section.

    มาตรา ๙๑ แห่งพระราชบัญญัติ… ที่แก้ไขโดยมาตรา ๓; of others the label is enough.
    """
    if kind == ProvisionKind.TARGET_CLAUSE and heading:
        place, bracket, by = label.rpartition(" (")
        if bracket:
            return f"{place} แห่ง{heading} ที่{by.removesuffix(')')}"
    return label or heading or eid


def place_of(amendment: Amendment) -> str:
    """Say which place an operation changes; a whole law is called so."""
    name = place_name(amendment.path, amendment.new_text)
    if name:
        return name
    return "คำในทุกแห่ง" if amendment.op == "word" else "ทั้งฉบับ"


def clause_text(amendment: Amendment, section: str) -> str:
    """Return what people comment on: the new words, else a sentence that says what."""
    if amendment.op == "repeal":
        return f"ให้ยกเลิก{place_of(amendment)}"
    if amendment.op == "word" and amendment.old_text:
        if not amendment.new_text:
            return f"ตัดคำว่า “{amendment.old_text}” ออก"
        return f"แก้ไขคำว่า “{amendment.old_text}” เป็น “{amendment.new_text}”"
    return clean_text(new_body(amendment)) or f"แก้ไข{place_of(amendment)}ตาม{section}"


def new_body(amendment: Amendment) -> str:
    """Return the new words without the head that they quote: มาตรา ๘.

    As ``consolidate`` does: of a section, and of a paragraph that is quoted with it.
    """
    head, _, inside = amendment.path.partition("__")
    paragraph = inside.startswith("para_") and "__" not in inside
    if head.startswith(("sec_", "cl_")) and (paragraph or not inside):
        return body_of(amendment.new_text)
    return amendment.new_text


def _target(amendment: Amendment, row: Provision, law: _Law) -> TargetClause:
    node = node_at(law.text, amendment.path) if law.text else None
    current = ""
    if law.text and amendment.op != "insert":
        current = words_at(law.text, amendment.path)
    reason = law.reasons.get(id(amendment), "") if law.text else ""
    return TargetClause(
        provision=row,
        op=amendment.op,
        target_law=amendment.target_law,
        amended_by=list(amendment.amended_by),
        path=amendment.path,
        old_words=amendment.old_text,
        new_words=amendment.new_text,
        current_text=current,
        act=law.act,
        act_provision_id=law.rows.get(node.eid) if node else None,
        applied=bool(law.text and not reason),
        reason=reason,
    )


def _number(rows: Sequence[Provision], clauses: Sequence[NewClause]) -> None:
    below: dict[str, list[Provision]] = {}
    for clause in clauses:
        below.setdefault(clause.section.eid, []).append(clause.row)
    everything = (one for row in rows for one in (row, *below.get(row.eid, ())))
    for order, row in enumerate(everything, start=1):
        row.order = order


def with_clauses(
    rows: Iterable[Provision], clauses: Iterable[NewClause]
) -> Iterator[Provision]:
    """Return the rows of a version and its clauses, in order."""
    own = [clause.row for clause in clauses]
    yield from sorted([*rows, *own], key=lambda row: row.order)


def have_same_acts(version: DraftVersion, clauses: Iterable[NewClause]) -> bool:
    """Tell whether the clauses of a version are compared with the acts of these."""
    stored = TargetClause.objects.filter(version=version)
    before = dict(stored.values_list("provision__eid", "act_id"))
    return before == {clause.row.eid: clause.target.act_id for clause in clauses}


def clauses_store(version: DraftVersion, clauses: Sequence[NewClause]) -> None:
    """Insert the clauses of a version whose own rows are stored; not sealed yet."""
    for clause in clauses:
        clause.row.version = version
        clause.row.parent = clause.section
    rows = [clause.row for clause in clauses]
    Provision.objects.bulk_create(rows, batch_size=BATCH)
    for clause in clauses:
        clause.target.provision, clause.target.version = clause.row, version
    TargetClause.objects.bulk_create(
        [clause.target for clause in clauses], batch_size=BATCH
    )
