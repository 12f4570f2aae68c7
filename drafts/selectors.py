"""What the drafting pages and other floors read of drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from drafts.blocks import DIVISION_KINDS, PART_KINDS
from drafts.editing import Group, outline_groups
from drafts.models import (
    DraftPage,
    DraftVersion,
    Provision,
    ProvisionKind,
    ProvisionNote,
)
from drafts.requests import read_number
from drafts.services import Block, blocks_of

#: Pieces above which Wagtail's whole-page editor is not opened: with 212 it takes a
#: browser 2.6 s to build its 25,000 elements, and that grows with the length.
LONG_DRAFT = 300
#: Pieces above which the outline shows one division at a time.
LONG_OUTLINE = 150
_PREVIEW = 120  # characters


def block_title(block: Block) -> str:
    """Name a piece in one line: มาตรา ๕, หมวด ๑ ชื่อ, คำปรารภ."""
    value = block["value"]
    if block["type"] == "provision":
        word = "ข้อ" if value["kind"] == "clause" else "มาตรา"
        return f"{word} {value['label']}"
    if block["type"] == "division":
        name = " ".join(filter(None, (value.get("label"), value.get("name"))))
        return name or str(dict(DIVISION_KINDS)[value["kind"]])
    return str(dict(PART_KINDS).get(value["kind"], value["kind"]))


@dataclass(frozen=True, slots=True)
class OutlineRow:
    key: str
    type: str
    title: str
    preview: str
    noted: bool
    compared: bool


@dataclass(frozen=True, slots=True)
class OutlineGroup:
    index: int
    title: str
    count: int
    rows: tuple[OutlineRow, ...]


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """The outline of a draft: groups not ``chosen`` have counts, but no rows."""

    groups: tuple[OutlineGroup, ...]
    chosen: int | None  # None: all are shown
    sections: int
    pieces: int

    @property
    def opens_whole(self) -> bool:
        """Tell whether the draft opens in Wagtail's whole-page editor."""
        return self.pieces <= LONG_DRAFT


def _row(block: Block) -> OutlineRow:
    value = block["value"]
    text = " ".join((value.get("text") or "").split())
    return OutlineRow(
        key=block["id"],
        type=block["type"],
        title=block_title(block),
        preview=text[:_PREVIEW] + ("…" if len(text) > _PREVIEW else ""),
        noted=bool(value.get("plain_note")),
        compared=bool(value.get("current_law")),
    )


def _group(group: Group, *, with_rows: bool) -> OutlineGroup:
    blocks = ([group.division] if group.division else []) + list(group.blocks)
    return OutlineGroup(
        index=group.index,
        title=block_title(group.division) if group.division else "",
        count=sum(block["type"] == "provision" for block in group.blocks),
        rows=tuple(map(_row, blocks)) if with_rows else (),
    )


def outline_page(draft: DraftPage, wanted: str | None) -> OutlinePage:
    """Return the outline; ``wanted``: a group number, or ``at:`` and a piece key."""
    blocks = blocks_of(draft.latest_revision)
    groups = outline_groups(blocks)
    chosen: int | None = None
    if len(blocks) > LONG_OUTLINE:
        chosen = _wanted(groups, wanted or "")
    return OutlinePage(
        groups=tuple(
            _group(group, with_rows=chosen in {None, group.index}) for group in groups
        ),
        chosen=chosen,
        sections=sum(block["type"] == "provision" for block in blocks),
        pieces=len(blocks),
    )


def _wanted(groups: list[Group], wanted: str) -> int:
    if wanted.startswith("at:"):
        key = wanted.removeprefix("at:")
        for group in groups:
            keys = {block["id"] for block in group.blocks}
            if key in keys or (group.division and group.division["id"] == key):
                return group.index
    return read_number(wanted, most=len(groups) - 1) or 0


def provisions_with_notes(version: DraftVersion) -> QuerySet[Provision]:
    """Return the provisions of a version with their notes, newest note first."""
    notes = ProvisionNote.objects.order_by("kind", "-number")
    return version.provisions.order_by("order").prefetch_related(
        Prefetch("notes", queryset=notes)
    )


def current_notes(provision: Provision) -> dict[str, ProvisionNote]:
    """Return the note in force of each kind."""
    found: dict[str, ProvisionNote] = {}
    for note in provision.notes.order_by("number"):
        found[note.kind] = note
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What the frozen versions of a piece have: it stays there whatever is edited."""

    versions: tuple[int, ...] = ()
    comments: int = 0
    notes: int = 0


def said_of(draft: DraftPage, keys: Iterable[str]) -> dict[str, Said]:
    """Count what was said of pieces, by UUID, in all frozen versions; two queries.

    What was said of a clause of another law counts for the section that changes it.
    Pieces that were never frozen are not in the result.
    """
    keys = list(keys)
    own = Q(key__in=keys)
    clause = Q(kind=ProvisionKind.TARGET_CLAUSE, parent__key__in=keys)
    found: dict[str, Said] = {}
    for condition, key in ((own, "key"), (clause, "parent__key")):
        # ``comments`` is the reverse of a key of the floor above; only its number.
        rows = Provision.objects.filter(condition, version__draft=draft).values_list(
            F(key),
            "version__number",
            Count("comments", distinct=True),
            Count("notes", distinct=True),
        )
        for uuid, number, comments, notes in rows.order_by("version__number"):
            before = found.get(str(uuid), Said())
            found[str(uuid)] = Said(
                tuple(dict.fromkeys((*before.versions, number))),
                before.comments + comments,
                before.notes + notes,
            )
    return found
