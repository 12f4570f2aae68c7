"""Put a corrected file into a draft: say first what it will change, then change it.

The pieces of the file are paired with those of the draft (``drafts/block_pairs.py``).
A piece that is found again keeps its UUID and its notes, whatever became of its
number, place or words; a new one gets a new UUID; one that is not in the file leaves
the working draft, and only that: revisions and frozen versions keep it.  Where the
machine is not sure a person is asked, and may overrule it wherever words changed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Revision

from drafts import audit, uploads
from drafts.block_pairs import Item, Pairs, items_of, pair_divisions, pair_texts
from drafts.correction_rows import CHANGE_NAMES, NEW, NOTES, Row, rows_of, with_choices
from drafts.errors import DraftError
from drafts.law.compare import Change
from drafts.law.redline import Span, redline
from drafts.law.structure import LawText
from drafts.models import DraftPage, SourceFile
from drafts.revisions import revision_of
from drafts.selectors import block_title
from drafts.services import (
    TITLE_LENGTH,
    Block,
    Obstacle,
    blocks_of,
    draft_blocks,
    freeze_check,
)

#: Below this share of provisions found again the file may be of another draft.
OTHER_DRAFT = 0.3
#: Below this share of the draft's number of provisions the file may be a part of it.
PART_OF_DRAFT = 0.5

#: Mark of a piece of the file (``Item.mark``) -> UUID of the piece that it is, or NEW.
Choices = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a file will change in a draft, before anything is written.

    ``mark`` stands for the draft as it was, the file and who becomes whom, all
    together: what was confirmed is what is written.
    """

    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]  # all but unchanged pieces, in the order of the file
    counts: Mapping[str, int]  # of every Change and LAYOUT
    title: str
    title_spans: tuple[Span, ...]  # empty when the title stays
    law: LawText
    problems: tuple[str, ...]  # choices that contradict each other: cannot be saved
    alarms: tuple[str, ...]  # what may be wrong with the file as a whole
    hints: tuple[str, ...]  # what to look at afterwards
    revision: int
    mark: str

    @property
    def is_empty(self) -> bool:
        """Tell whether saving would change nothing."""
        return not self.rows and not self.title_spans

    @property
    def summary(self) -> str:
        """Count what becomes of the pieces, in one line."""
        return " · ".join(
            f"{name} {self.counts[change]:,}"
            for change, name in CHANGE_NAMES.items()
            if self.counts[change]
        )

    @property
    def leaving(self) -> tuple[Row, ...]:
        """Return the pieces that leave the working draft."""
        return tuple(row for row in self.rows if row.leaves)


class CorrectionChanged(DraftError):
    """What was confirmed is not what would be written; ``correction`` would be."""

    status = 409

    def __init__(self, correction: Correction, *, edited: bool) -> None:
        self.correction = correction
        message = (
            _(
                "มีผู้แก้ร่างนี้หลังจากที่คุณดูผล ยังไม่มีอะไรถูกบันทึก ข้อความและตัวเลือกของคุณยังอยู่ "
                "โปรดตรวจผลใหม่ด้านล่างแล้วบันทึกอีกครั้ง"
            )
            if edited
            else _(
                "ผลเปลี่ยนตามข้อความหรือตัวเลือกที่คุณแก้ ยังไม่มีอะไรถูกบันทึก "
                "โปรดตรวจผลใหม่ด้านล่างแล้วบันทึกอีกครั้ง"
            )
        )
        super().__init__(message, code="correction_changed")


def correction_plan(
    *, draft: DraftPage, law: LawText, choices: Choices | None = None
) -> Correction:
    """Say what a file will change in the newest revision of a draft; write nothing.

    A choice that names what the file or the draft does not have counts for nothing.
    """
    revision = draft.latest_revision
    old, _old_problems = _items(blocks_of(revision))
    new, new_problems = _items(draft_blocks(law))
    proposed = pair_texts(old, new)
    old_of, clashes = _decide(proposed, old, new, choices or {})
    sections = {j: i for j, i in old_of.items() if new[j].type == "provision"}
    old_of |= pair_divisions(old, new, sections)
    rows = rows_of(old, new, proposed, old_of)
    title = revision.content["law_title"] if revision else draft.law_title
    has_new_title = bool(law.title) and law.title != title
    blocks = [_heir(item, old, old_of.get(j)) for j, item in enumerate(new)]
    return Correction(
        blocks=tuple(blocks),
        rows=with_choices([row for row in rows if row.change != Change.SAME]),
        counts=Counter(row.change for row in rows),
        title=law.title or title,
        title_spans=redline(title, law.title) if has_new_title else (),
        law=law,
        problems=clashes,
        alarms=tuple(_alarms(old, new, len(sections), new_problems)),
        hints=tuple(_hints(rows)),
        revision=revision.pk if revision else 0,
        mark=_mark(revision, law, new, old_of),
    )


def _items(blocks: list[Block]) -> tuple[list[Item], list[Obstacle]]:
    """Number the pieces; give what would forbid freezing them."""
    placed, problems = freeze_check(blocks)
    seen = Counter[str]()
    marks = []
    for block in blocks:
        mark = revision_of(block["value"])
        seen[mark] += 1
        marks.append(mark if seen[mark] == 1 else f"{mark}-{seen[mark]}")
    return items_of(blocks, placed, marks), problems


def _decide(
    proposed: Pairs, old: Sequence[Item], new: Sequence[Item], choices: Choices
) -> tuple[dict[int, int], tuple[str, ...]]:
    """Let a person's choices overrule the pairs that the machine proposes."""
    by_key = {item.block["id"]: i for i, item in enumerate(old)}
    chosen: dict[int, int | None] = {}
    claimed: dict[int, int] = {}
    clashes = []
    for j, item in enumerate(new):
        choice = choices.get(item.mark, "")
        i = by_key.get(choice)
        if choice == NEW:
            chosen[j] = None
        elif i in claimed:
            clashes.append(
                _(
                    "เลือก %(old)s เป็นส่วนเดิมของทั้ง %(first)s และ %(second)s "
                    "โปรดเลือกให้เหลือแห่งเดียว"
                )
                % {
                    "old": block_title(old[i].block),
                    "first": block_title(new[claimed[i]].block),
                    "second": block_title(item.block),
                }
            )
            chosen[j] = None
        elif i is not None and old[i].type == item.type != "division":
            chosen[j] = i
            claimed[i] = j
    pairs = {
        j: i for j, i in proposed.old_of.items() if j not in chosen and i not in claimed
    }
    pairs |= {j: i for j, i in chosen.items() if i is not None}
    return pairs, tuple(clashes)


def _heir(item: Item, old: Sequence[Item], place: int | None) -> Block:
    """Return the block to store: the new words with the old identity and notes."""
    if place is None:
        return item.block
    former = old[place].block
    notes = {key: former["value"][key] for key in NOTES if key in former["value"]}
    return {**item.block, "id": former["id"], "value": item.block["value"] | notes}


def _mark(
    revision: Revision | None,
    law: LawText,
    new: Sequence[Item],
    old_of: Mapping[int, int],
) -> str:
    who = [(item.mark, old_of.get(j)) for j, item in enumerate(new)]
    given = json.dumps([revision.pk if revision else 0, law.title, who])
    return hashlib.sha256(given.encode()).hexdigest()


def _alarms(
    old: Sequence[Item], new: Sequence[Item], found: int, problems: list[Obstacle]
) -> list[str]:
    """Say what may be wrong with the file as a whole."""
    before, after = (
        sum(item.type == "provision" for item in items) for items in (old, new)
    )
    alarms = []
    if before and found < OTHER_DRAFT * min(before, after):
        alarms.append(
            _(
                "ไฟล์นี้อาจเป็นของร่างอื่น พบมาตราหรือข้อของร่างนี้เพียง %(found)d จาก %(all)d "
                "โปรดตรวจว่าเลือกไฟล์ถูกก่อนบันทึก"
            )
            % {"found": found, "all": before}
        )
    elif after < PART_OF_DRAFT * before:
        alarms.append(
            _(
                "ไฟล์นี้มีเพียง %(new)d มาตราหรือข้อ ร่างมี %(all)d "
                "ส่วนที่ไม่อยู่ในไฟล์จะออกจากร่าง โปรดตรวจว่าไฟล์ครบทั้งฉบับ"
            )
            % {"new": after, "all": before}
        )
    alarms += [_("บันทึกได้ แต่จะตรึงไม่ได้จนกว่าจะแก้: %s") % one.text for one in problems]
    return alarms


def _hints(rows: Sequence[Row]) -> list[str]:
    """Say what to look at afterwards."""
    hints = []
    numbers = sum(row.renumbered and row.new.type == "provision" for row in rows)
    if numbers:
        hints.append(
            ngettext(
                "เลขเปลี่ยน %d มาตราหรือข้อ โปรดตรวจว่าที่อื่นในร่างยังอ้างถึงเลขถูก",
                "เลขเปลี่ยน %d มาตราหรือข้อ โปรดตรวจว่าที่อื่นในร่างยังอ้างถึงเลขถูก",
                numbers,
            )
            % numbers
        )
    stale = [row for row in rows if row.change == Change.CHANGED and row.noted]
    if stale:
        names = " ".join(block_title(row.new.block) for row in stale[:20])
        hints.append(_("ถ้อยคำเปลี่ยนแต่คำอธิบายยังเป็นของเดิม โปรดตรวจคำอธิบายของ %s") % names)
    return hints


@transaction.atomic
def correction_save(
    *,
    draft: DraftPage,
    law: LawText,
    revision: int,
    mark: str,
    choices: Choices | None = None,
    filename: str = "",
    sha256: str = "",
    source: SourceFile | None = None,
    by: Any = None,
) -> Correction:
    """Store what was confirmed as a new revision; nothing where nothing changes.

    ``mark`` and ``revision`` are those of the correction that the person saw.  Raises
    CorrectionChanged when the draft, the text or the choices are not the same any more,
    DraftError when two pieces were chosen to be the same one or the page is locked.
    """
    locked = DraftPage.objects.select_for_update().get(pk=draft.pk)
    lock = locked.get_lock()
    if lock and (by is None or lock.for_user(by)):
        raise DraftError(
            _("ร่างนี้ถูกล็อกไม่ให้แก้ ยังไม่มีอะไรถูกบันทึก โปรดปลดล็อกก่อนแล้วบันทึกอีกครั้ง"),
            code="locked",
        )
    correction = correction_plan(draft=locked, law=law, choices=choices)
    if correction.problems:
        raise DraftError("\n".join(correction.problems), code="choices_clash")
    if correction.mark != mark:
        raise CorrectionChanged(correction, edited=correction.revision != revision)
    if correction.is_empty:
        return correction
    page = locked.get_latest_revision_as_object()
    if page.title == page.law_title[:TITLE_LENGTH]:
        page.title = correction.title[:TITLE_LENGTH]
    page.law_title = correction.title
    page.source_name, page.source_sha256 = filename[:255], sha256
    uploads.file_use(source, draft=locked)
    page.body = json.dumps(correction.blocks, ensure_ascii=False)
    # The pieces were checked one by one: cleaning all of them again takes seconds.
    stored = page.save_revision(user=by, clean=False, log_action=True)
    audit.record(
        draft,
        "draft.corrected",
        by=by,
        source=page.source_name,
        sha256=sha256,
        revision=stored.pk,
        former_revision=correction.revision,
        **{f"pieces_{change}": count for change, count in correction.counts.items()},
    )
    return correction
