"""Change one piece of a draft: each change is a new revision with only that piece new.

The Wagtail editor opens a whole draft at once, which is right for some 150 pieces; one
of 1,755 sections is edited here, one at a time.  Two people may work on two sections at
once; on the same section the second one is told, and shown both texts.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from drafts import audit
from drafts.errors import DraftError
from drafts.law.parse.assemble import bare_label, clean_text
from drafts.models import DraftPage
from drafts.revisions import check_revision
from drafts.services import Block, blocks_of

FIELDS = {
    "division": ("kind", "label", "name"),
    "provision": (
        "kind",
        "label",
        "text",
        "plain_note",
        "plain_note_en",
        "current_law",
    ),
    "part": ("kind", "heading", "text"),
}


#: What is said of a draft as a whole.
DETAILS = ("title", "law_title", "law_title_en", "law_kind", "amends")


@dataclass(frozen=True, slots=True)
class Group:
    """A run of pieces under one division, as the outline shows them."""

    index: int
    division: Block | None
    blocks: tuple[Block, ...]


def draft_details(draft: DraftPage) -> dict[str, Any]:
    """Return the details of a draft's newest revision; ``amends`` is an Act's id."""
    page = draft.get_latest_revision_as_object()
    return {name: getattr(page, name) for name in DETAILS} | {"amends": page.amends_id}


@transaction.atomic
def details_change(
    *,
    draft: DraftPage,
    details: dict[str, Any],
    revision: str | None = None,
    by: Any = None,
) -> Revision:
    """Change what is said of a draft as a whole; its pieces stay as they are.

    ``amends`` is an Act or None.  ``revision`` names the ``draft_details`` that the
    person had seen; raises Outdated when they stand no more.
    """
    locked = DraftPage.objects.select_for_update().get(pk=draft.pk)
    check_revision(revision, draft_details(locked))
    page = locked.get_latest_revision_as_object()
    for name in DETAILS:
        setattr(page, name, details[name])
    saved = page.save_revision(user=by, clean=False, log_action=True)
    audit.record(draft, "draft.details_changed", by=by, revision=saved.pk)
    return saved


def block_find(blocks: list[Block], key: str) -> int:
    """Return the position of a piece; DraftError when the draft has no such piece."""
    for position, block in enumerate(blocks):
        if block["id"] == str(key):
            return position
    raise DraftError(_("ร่างนี้ไม่มีส่วนนี้แล้ว อาจถูกลบไปก่อน"), code="no_block")


def outline_groups(blocks: list[Block]) -> list[Group]:
    """Cut the pieces of a draft into runs: before the first division, then each."""
    groups: list[Group] = []
    division: Block | None = None
    held: list[Block] = []
    for block in blocks:
        if block["type"] == "division":
            if held or division:
                groups.append(Group(len(groups), division, tuple(held)))
            division, held = block, []
        else:
            held.append(block)
    if held or division:
        groups.append(Group(len(groups), division, tuple(held)))
    return groups


def _clean(kind: str, value: dict[str, str]) -> dict[str, str]:
    cleaned = {name: (value.get(name) or "").strip() for name in FIELDS[kind]}
    if "text" in cleaned:
        cleaned["text"] = clean_text(cleaned["text"])
    if kind == "provision":
        cleaned["label"] = bare_label(cleaned["label"])
    return cleaned


def _latest(draft: DraftPage) -> list[Block]:
    """Lock the draft and return its newest pieces."""
    locked = DraftPage.objects.select_for_update().get(pk=draft.pk)
    return blocks_of(locked.latest_revision)


def _save(draft: DraftPage, blocks: list[Block], by: Any, action: str, key: str):
    page = draft.get_latest_revision_as_object()
    page.body = json.dumps(blocks, ensure_ascii=False)
    # The pieces were checked one by one: cleaning all of them again takes seconds.
    revision = page.save_revision(user=by, clean=False, log_action=True)
    audit.record(draft, action, by=by, block=key, revision=revision.pk)
    return revision


@transaction.atomic
def block_change(
    *,
    draft: DraftPage,
    key: str,
    value: dict[str, str],
    revision: str | None = None,
    by: Any = None,
) -> Revision:
    """Change one piece; ``revision`` names the value that the person had seen.

    Raises Outdated when the piece has changed since, DraftError when it is gone.
    """
    blocks = _latest(draft)
    position = block_find(blocks, key)
    block = blocks[position]
    check_revision(revision, block["value"])
    blocks[position] = {**block, "value": _clean(block["type"], value)}
    return _save(draft, blocks, by, "draft.block_changed", key)


@transaction.atomic
def block_add(
    *,
    draft: DraftPage,
    kind: str,
    value: dict[str, str],
    after: str = "",
    by: Any = None,
) -> str:
    """Add a piece after another (at the end when ``after`` is empty); give its key."""
    blocks = _latest(draft)
    position = block_find(blocks, after) + 1 if after else len(blocks)
    key = str(uuid.uuid4())
    blocks.insert(position, {"type": kind, "value": _clean(kind, value), "id": key})
    _save(draft, blocks, by, "draft.block_added", key)
    return key


@transaction.atomic
def block_remove(
    *, draft: DraftPage, key: str, revision: str | None = None, by: Any = None
) -> Revision:
    """Take a piece out as it was seen; earlier revisions and frozen versions keep it.

    Raises Outdated when the piece has changed since.
    """
    blocks = _latest(draft)
    position = block_find(blocks, key)
    check_revision(revision, blocks[position]["value"])
    del blocks[position]
    return _save(draft, blocks, by, "draft.block_removed", key)


def block_place(blocks: list[Block], key: str) -> dict[str, str]:
    """Say after which piece one stands; ``after`` is empty for the first."""
    position = block_find(blocks, key)
    return {"after": blocks[position - 1]["id"] if position else ""}


@transaction.atomic
def block_move(
    *,
    draft: DraftPage,
    key: str,
    after: str,
    revision: str | None = None,
    by: Any = None,
) -> Revision:
    """Put a piece after another; ``after`` empty puts it first.

    ``revision`` names the ``block_place`` that the person had seen; raises Outdated
    when the piece stands elsewhere by now.
    """
    blocks = _latest(draft)
    check_revision(revision, block_place(blocks, key))
    block = blocks.pop(block_find(blocks, key))
    blocks.insert(block_find(blocks, after) + 1 if after else 0, block)
    return _save(draft, blocks, by, "draft.block_moved", key)
