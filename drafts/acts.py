"""Import a law in force, as it stands on a day, so that drafts can be compared with it.

An act is frozen from its first moment: the database refuses any later change.  A newer
consolidation is imported as another act of the same title with its own day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from drafts import audit, clock, uploads
from drafts.amended_laws import LawUsed, law_key, laws_used
from drafts.errors import DraftError
from drafts.law.numerals import thai_date
from drafts.law.outline import outline
from drafts.law.structure import Division, LawText, Node, Warning
from drafts.law.structure import Provision as LawProvision
from drafts.law.structure import ProvisionKind as LawProvisionKind
from drafts.models import Act, ActProvision, DraftPage, ProvisionKind, SourceFile
from drafts.services import (
    BATCH,
    blocks_of,
    draft_read,
    freeze_check,
    source_names,
)
from drafts.target_clauses import amendments_of
from drafts.thai_dates import check_happened
from drafts.trees import stored_paragraphs


@dataclass(frozen=True, slots=True)
class ActImport:
    """A stored act with what a person should look at."""

    act: Act
    warnings: tuple[Warning, ...]
    outline: str


@transaction.atomic
def act_import(
    *,
    data: bytes | str,
    as_of: dt.date,
    title: str = "",
    title_en: str = "",
    source_note: str = "",
    filename: str = "",
    law: LawText | None = None,
    source: SourceFile | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
) -> ActImport:
    """Store a law in force as it stood on ``as_of`` and freeze it.

    ``title`` replaces the one that was read, ``law`` is what was read already and
    ``source`` the file it came from.  Raises DraftError when the text cannot be
    read, has no title, or the same text of the same day is there already, and for a day
    to come.  Warnings never refuse it.
    """
    now = now or clock.now()
    law = law or draft_read(data=data, filename=filename)
    filename, sha256 = source_names(data, filename, source)
    title = " ".join((title or law.title).split())
    if not title:
        raise DraftError(
            _("ไม่พบชื่อกฎหมายในข้อความ โปรดใส่ชื่อกฎหมายพร้อมปี พ.ศ."), code="no_title"
        )
    check_happened(as_of, now=now)
    key = law_key(title)
    if Act.objects.filter(key=key, as_of=as_of, source_sha256=sha256).exists():
        raise DraftError(
            _("กฎหมายนี้ ฉบับ ณ วันที่ %(day)s มีอยู่แล้ว ใช้ฉบับนั้นได้เลย")
            % {"day": thai_date(as_of)},
            code="known_act",
        )
    act = Act.objects.create(
        title=title,
        title_en=title_en.strip(),
        key=key,
        kind=str(law.kind),
        as_of=as_of,
        source_note=source_note.strip(),
        source_sha256=sha256,
        created_at=now,
        created_by=by,
    )
    ActProvision.objects.bulk_create(act_rows(act, law), batch_size=BATCH)
    act.sealed = True
    act.save(update_fields=["sealed"])
    uploads.file_use(source, act=act)
    audit.record(
        act,
        "act.imported",
        by=by,
        title=title,
        as_of=as_of,
        source=filename,
        sha256=sha256,
        sections=len(law.provisions),
        warnings=len(law.warnings),
    )
    return ActImport(act, law.warnings, outline(law))


def act_rows(act: Act, law: LawText) -> list[ActProvision]:
    """Return the rows of an act, one for each piece of its text, in order."""
    rows, used = [], set()
    for order, node in enumerate(law, start=1):
        row = _row(node)
        row.act, row.order = act, order
        if row.eid in used:  # parts that repeat: every one is kept
            row.eid = f"{row.eid}-{order}"
        used.add(row.eid)
        rows.append(row)
    return rows


def _row(node: Node) -> ActProvision:
    if isinstance(node, Division):
        return ActProvision(
            eid=node.eid,
            kind=ProvisionKind.DIVISION,
            subkind=str(node.kind),
            parent_eid=node.parent_eid,
            label=node.label,
            heading=node.name,
            number=list(node.number),
        )
    if isinstance(node, LawProvision):
        word = "ข้อ" if node.kind is LawProvisionKind.CLAUSE else "มาตรา"
        return ActProvision(
            eid=node.eid,
            kind=str(node.kind),
            parent_eid=node.division_eid,
            label=f"{word} {node.label}",
            number=list(node.number),
            text=node.text,
            paragraphs=stored_paragraphs(node.paragraphs),
        )
    return ActProvision(
        eid=node.eid or str(node.kind),
        kind=ProvisionKind.PART,
        subkind=str(node.kind),
        heading=node.heading,
        text=node.text,
    )


def acts(query: str = "") -> QuerySet[Act]:
    """Return the acts there are by title, the newest of each first."""
    found = Act.objects.filter(sealed=True).order_by("title", "-as_of", "-pk")
    if query := query.strip():
        found = found.filter(
            Q(title__icontains=query) | Q(key__contains=law_key(query))
        )
    return found


def laws_of_draft(draft: DraftPage) -> tuple[LawUsed, ...]:
    """Say which laws the newest revision of a draft amends, and the act of each."""
    revision = draft.latest_revision
    if revision is None:
        return ()
    placed, _problems = freeze_check(blocks_of(revision))
    amends = revision.content.get("amends")
    return laws_used(draft, amendments_of(placed), amends=amends)
