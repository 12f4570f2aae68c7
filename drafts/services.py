"""Writes to drafts: import a text, freeze a version, correct a note.

Changing single pieces of a draft is in ``drafts/editing.py``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from drafts import audit, clock, matching, outbox, target_clauses, uploads
from drafts.errors import DraftError
from drafts.frozen_rows import notes_store, row_of, rows_store, whole_sha256
from drafts.law.outline import outline
from drafts.law.parse.assemble import Piece, Placed, Problem, assemble
from drafts.law.readers import ReaderError, read_law
from drafts.law.structure import (
    Division,
    DivisionKind,
    LawText,
    PartKind,
    Warning,
)
from drafts.law.structure import Provision as LawProvision
from drafts.law.structure import ProvisionKind as LawProvisionKind
from drafts.models import (
    DraftPage,
    DraftVersion,
    Provision,
    ProvisionNote,
    SourceFile,
)
from drafts.revisions import check_revision

#: Rows of one INSERT; SQLite's limit is on variables.
BATCH = 500
#: Characters of a page's title; the whole name of the law is in ``law_title``.
TITLE_LENGTH = 200

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A new draft with what a person should look at."""

    draft: DraftPage
    warnings: tuple[Warning, ...]
    outline: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What forbids freezing, in words, and the pieces where it is put right."""

    text: str
    keys: tuple[str, ...] = ()


class FreezeError(DraftError):
    """A draft cannot be frozen as it is; ``problems`` says where and what to do."""

    def __init__(self, problems: list[str], *, code: str = "not_freezable") -> None:
        self.problems = problems
        lead = _("ตรึงร่างนี้ยังไม่ได้ ร่างยังอยู่ครบตามเดิม โปรดแก้ไขแล้วลองอีกครั้ง")
        super().__init__(
            "\n".join([lead, *(f"• {item}" for item in problems)]), code=code
        )


def draft_read(*, data: bytes | str, filename: str = "") -> LawText:
    """Read a file (bytes) or a text (str) into a law.

    A text that came out of a file is a text, whatever that file was called.  Raises
    DraftError, with what to do, for what cannot be read and for a text without a
    single section.
    """
    is_text = isinstance(data, str)
    raw = data.encode() if is_text else data
    try:
        law = read_law(raw, "draft.txt" if is_text else filename)
    except ReaderError as error:
        raise DraftError(error.in_language(_), code=error.code) from error
    if not law.provisions:
        raise DraftError(
            _(
                "ไม่พบมาตราหรือข้อในข้อความนี้ โปรดตรวจว่าแต่ละมาตราขึ้นบรรทัดใหม่ด้วยคำว่า มาตรา "
                "หรือ ข้อ ตามด้วยเลข ข้อความที่ส่งมายังไม่ได้บันทึก"
            ),
            code="no_provisions",
        )
    return law


def source_names(
    data: bytes | str, filename: str, source: SourceFile | None
) -> tuple[str, str]:
    """Return the name and SHA-256 of what a text came from: the file, else itself."""
    if source:
        return source.name, source.sha256
    raw = data.encode() if isinstance(data, str) else data
    return filename[:255], hashlib.sha256(raw).hexdigest()


def draft_blocks(law: LawText) -> list[Block]:
    """Return a law as raw StreamField blocks, each with a new UUID."""
    return [
        {"type": kind, "value": value, "id": str(uuid.uuid4())}
        for kind, value in map(_block_of, law)
    ]


def _block_of(node: object) -> tuple[str, dict[str, str]]:
    if isinstance(node, Division):
        return "division", {
            "kind": str(node.kind),
            "label": node.label,
            "name": node.name,
        }
    if isinstance(node, LawProvision):
        return "provision", {
            "kind": str(node.kind),
            "label": node.label,
            "text": node.text,
            "plain_note": "",
            "plain_note_en": "",
            "current_law": "",
        }
    return "part", {"kind": str(node.kind), "heading": node.heading, "text": node.text}


@transaction.atomic
def draft_import(
    *,
    agency: Page,
    data: bytes | str,
    filename: str = "",
    law: LawText | None = None,
    source: SourceFile | None = None,
    by: Any = None,
) -> ImportResult:
    """Make a draft of an agency from a file or a pasted text.

    ``law`` is what was read of it already, ``source`` the file it came from.  Raises
    DraftError when the text cannot be read; warnings never refuse it.
    """
    law = law or draft_read(data=data, filename=filename)
    filename, sha256 = source_names(data, filename, source)
    title = law.title or _("ร่างที่ยังไม่มีชื่อ")
    draft = DraftPage(
        title=title[:TITLE_LENGTH],
        slug=f"draft-{uuid.uuid4().hex[:12]}",
        law_title=title,
        law_kind=str(law.kind),
        body=json.dumps(draft_blocks(law), ensure_ascii=False),
        source_name=filename,
        source_sha256=sha256,
        owner=by,
        live=False,
    )
    agency.add_child(instance=draft)
    draft.save_revision(user=by, log_action=True, clean=False)
    uploads.file_use(source, draft=draft)
    audit.record(
        draft,
        "draft.imported",
        by=by,
        source=draft.source_name,
        sha256=draft.source_sha256,
        sections=len(law.provisions),
        warnings=len(law.warnings),
    )
    return ImportResult(draft, law.warnings, outline(law))


# --- freezing ---------------------------------------------------------------


def blocks_of(revision: Revision | None) -> list[Block]:
    """Return the raw blocks of a revision of a draft; none before the first one."""
    if revision is None:
        return []
    body = revision.content.get("body") or "[]"
    return json.loads(body) if isinstance(body, str) else body


def _pieces(blocks: Iterable[Block]) -> Iterator[Piece]:
    kinds = {
        "division": DivisionKind,
        "provision": LawProvisionKind,
        "part": PartKind,
    }
    for block in blocks:
        value = block["value"]
        yield Piece(
            key=block["id"],
            kind=kinds[block["type"]](value["kind"]),
            label=value.get("label") or "",
            name=value.get("name") or value.get("heading") or "",
            text=value.get("text") or "",
        )


def freeze_check(blocks: list[Block]) -> tuple[list[Placed], list[Obstacle]]:
    """Number the blocks of a draft; give what forbids freezing."""
    placed, problems = assemble(_pieces(blocks))
    found = [Obstacle(_problem_in_words(one), one.keys) for one in problems]
    if not any(isinstance(row.piece.kind, LawProvisionKind) for row in placed):
        text = _("ร่างยังไม่มีมาตราหรือข้อแม้แต่หนึ่งเดียว โปรดเพิ่มอย่างน้อยหนึ่งมาตรา")
        found.append(Obstacle(text))
    twice = [key for key, n in Counter(b["id"] for b in blocks).items() if n > 1]
    if twice:
        text = _("มีบล็อกที่ใช้รหัสเดียวกัน โปรดลบบล็อกที่คัดลอกมาแล้วเพิ่มใหม่")
        found.append(Obstacle(text, tuple(twice)))
    return placed, found


def _problem_in_words(problem: Problem) -> str:
    if problem.code == "duplicate_label":
        return _(
            "เลข %(label)s ใช้ซ้ำ %(count)d แห่ง โปรดแก้เลขให้ไม่ซ้ำกัน "
            "ถ้าเป็นประมวลกฎหมายที่แนบท้าย ให้เพิ่มส่วนประกอบชนิด ชื่อ ไว้หน้าประมวลนั้น"
        ) % {"label": problem.label, "count": len(problem.keys)}
    if problem.code == "bad_label":
        return _("อ่านเลข “%(label)s” ไม่ได้ โปรดเขียนเช่น ๕ หรือ ๕/๑ หรือ ๕ ทวิ") % {
            "label": problem.label
        }
    return _("มาตราหรือข้อ %(label)s ไม่มีข้อความ โปรดเติมข้อความหรือลบออก") % {
        "label": problem.label
    }


def freeze_values(draft: DraftPage) -> dict[str, Any]:
    """Return what would be frozen, and why the last version was."""
    last = draft.versions.order_by("-number").first()
    return {"of": draft.latest_revision_id, "reason": last.reason if last else ""}


@transaction.atomic
def version_freeze(
    *,
    draft: DraftPage,
    revision: Revision,
    reason: str,
    seen: str | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
) -> DraftVersion:
    """Freeze a revision of a draft: after this its text can never change.

    Everything happens in one transaction; the database refuses any later change of a
    row.  Raises FreezeError listing what must be put right (no sections, labels that
    repeat or cannot be read, sections without text), DraftError when the revision is
    another page's or the last version is the same, letter for letter, and is compared
    with the same acts; Outdated when the draft was changed or frozen since ``seen``
    (the revision of ``freeze_values``).
    """
    now = now or clock.now()
    locked = DraftPage.objects.select_for_update().get(pk=draft.pk)
    check_revision(seen, freeze_values(locked))
    if str(revision.object_id) != str(draft.pk):
        raise DraftError(_("ฉบับแก้ไขนี้ไม่ใช่ของร่างนี้"), code="wrong_revision")
    content = revision.content
    blocks = blocks_of(revision)
    placed, problems = freeze_check(blocks)
    if problems:
        raise FreezeError([one.text for one in problems])
    rows = [row_of(place, order) for order, place in enumerate(placed, start=1)]
    clauses = target_clauses.clauses_make(
        draft=draft, amends=content.get("amends"), placed=placed, rows=rows
    )
    sha256 = whole_sha256(
        content["law_title"],
        content.get("law_title_en", ""),
        content["law_kind"],
        target_clauses.with_clauses(rows, clauses),
    )
    last = draft.versions.order_by("-number").first()
    if last and last.sha256 == sha256 and target_clauses.have_same_acts(last, clauses):
        raise DraftError(
            _("ร่างนี้เหมือนฉบับที่ %(number)d ทุกตัวอักษร ใช้ฉบับนั้นรับฟังได้เลย")
            % {"number": last.number},
            code="unchanged",
        )
    number = (draft.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = DraftVersion.objects.create(
        draft=draft,
        number=number,
        revision=revision,
        title=content["law_title"],
        title_en=content.get("law_title_en", ""),
        law_kind=content["law_kind"],
        sha256=sha256,
        frozen_at=now,
        frozen_by=by,
        reason=reason,
    )
    rows_store(version, placed, rows)
    target_clauses.clauses_store(version, clauses)
    notes_store(version, blocks, by, now)
    if last:
        matching.matches_record(older=last, newer=version)
    version.sealed = True
    version.save(update_fields=["sealed"])
    audit.record(
        version, "version.frozen", by=by, draft=draft.pk, number=number, sha256=sha256
    )
    outbox.emit("version", [version.pk])
    return version


def version_is_intact(version: DraftVersion) -> bool:
    """Tell whether the stored rows still give the hash taken when they were frozen."""
    rows = version.provisions.order_by("order")
    found = whole_sha256(version.title, version.title_en, version.law_kind, rows)
    return found == version.sha256


@transaction.atomic
def provision_note_add(
    *,
    provision: Provision,
    kind: str,
    text: str,
    text_en: str = "",
    by: Any = None,
    now: dt.datetime | None = None,
) -> ProvisionNote:
    """Add or correct a note beside a frozen provision; the former one is kept."""
    if not (text.strip() or text_en.strip()):
        raise DraftError(_("โปรดเขียนข้อความของคำอธิบาย"), code="empty_note")
    former = provision.notes.filter(kind=kind).aggregate(last=Max("number"))["last"]
    note = ProvisionNote.objects.create(
        provision=provision,
        kind=kind,
        number=(former or 0) + 1,
        text=text.strip(),
        text_en=text_en.strip(),
        created_at=now or clock.now(),
        created_by=by,
    )
    audit.record(note, "note.added", by=by, provision=provision.pk, kind=kind)
    outbox.emit("version", [provision.version_id])
    return note
