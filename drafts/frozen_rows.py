"""The rows of a frozen version: made from numbered pieces, stored, hashed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any

from drafts.law.parse.assemble import Placed
from drafts.law.structure import DivisionKind, PartKind
from drafts.law.structure import ProvisionKind as LawProvisionKind
from drafts.models import DraftVersion, Provision, ProvisionKind, ProvisionNote
from drafts.trees import stored_paragraphs

#: Rows of one INSERT; SQLite's limit is on variables.
BATCH = 500


def row_of(place: Placed, order: int) -> Provision:
    """Make the row of one piece, not stored yet; it is the ``order``-th."""
    kind, subkind, label = _names(place)
    return Provision(
        order=order,
        kind=kind,
        subkind=subkind,
        key=uuid.UUID(place.piece.key),
        eid=place.eid,
        label=label,
        heading=" ".join(place.piece.name.split()),
        number=list(place.number),
        text=place.text,
        paragraphs=_paragraphs(place),
        sha256=hashlib.sha256(place.text.encode()).hexdigest(),
    )


def _names(place: Placed) -> tuple[str, str, str]:
    kind = place.piece.kind
    if isinstance(kind, DivisionKind):
        return ProvisionKind.DIVISION, str(kind), place.label
    if isinstance(kind, PartKind):
        return ProvisionKind.PART, str(kind), ""
    if kind is LawProvisionKind.CLAUSE:
        return ProvisionKind.CLAUSE, "", f"ข้อ {place.label}"
    return ProvisionKind.SECTION, "", f"มาตรา {place.label}"


def _paragraphs(place: Placed) -> list[dict[str, Any]]:
    if isinstance(place.piece.kind, PartKind) and place.text:
        return [
            {"eid": f"{place.eid}__para_{number}", "text": line, "items": []}
            for number, line in enumerate(place.text.split("\n"), start=1)
        ]
    return stored_paragraphs(place.paragraphs)


def rows_store(
    version: DraftVersion, placed: list[Placed], rows: list[Provision]
) -> None:
    """Insert parents before their children: a division can stand inside another."""
    by_eid: dict[str, Provision] = {}
    left = list(zip(placed, rows, strict=True))
    while left:
        ready = [
            pair for pair in left if not pair[0].parent or pair[0].parent in by_eid
        ]
        for place, row in ready:
            row.version = version
            row.parent = by_eid.get(place.parent)
        Provision.objects.bulk_create([row for _place, row in ready], batch_size=BATCH)
        by_eid.update({place.eid: row for place, row in ready})
        left = [pair for pair in left if pair[0].eid not in by_eid]


def notes_store(
    version: DraftVersion, blocks: list[dict[str, Any]], by: Any, now: dt.datetime
) -> None:
    """Store the notes that stand beside the pieces of a version."""
    pks = dict(version.provisions.values_list("key", "pk"))
    notes = []
    for block in blocks:
        value, pk = block["value"], pks[uuid.UUID(block["id"])]
        plain, english = value.get("plain_note", ""), value.get("plain_note_en", "")
        current = value.get("current_law", "")
        for kind, text, text_en in (
            (ProvisionNote.Kind.PLAIN, plain, english),
            (ProvisionNote.Kind.CURRENT_LAW, current, ""),
        ):
            if (text or text_en or "").strip():
                notes.append(
                    ProvisionNote(
                        provision_id=pk,
                        kind=kind,
                        text=(text or "").strip(),
                        text_en=(text_en or "").strip(),
                        created_at=now,
                        created_by=by,
                    )
                )
    ProvisionNote.objects.bulk_create(notes, batch_size=BATCH)


def whole_sha256(
    title: str, title_en: str, law_kind: str, rows: Iterable[Provision]
) -> str:
    """Hash the canonical JSON of a whole version: its names and every row's text."""
    canonical = {
        "title": title,
        "title_en": title_en,
        "kind": law_kind,
        "provisions": [
            [
                row.order,
                row.kind,
                row.subkind,
                str(row.key),
                row.eid,
                row.label,
                row.heading,
                row.text,
            ]
            for row in rows
        ],
    }
    text = json.dumps(canonical, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
