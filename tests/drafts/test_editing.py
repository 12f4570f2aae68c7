"""One piece of a draft at a time, at 1,755 sections too."""

from __future__ import annotations

import time

import pytest

from drafts.editing import (
    block_add,
    block_change,
    block_move,
    block_remove,
    outline_groups,
)
from drafts.errors import DraftError
from drafts.law.numerals import thai_digits
from drafts.models import DraftPage
from drafts.revisions import Outdated, revision_of
from drafts.services import blocks_of, draft_import, version_freeze
from tests.factories import NOW, make_agency, make_user

pytestmark = pytest.mark.django_db


def long_act(sections: int) -> str:
    """Write an act of ``sections`` sections in chapters of twenty."""
    lines = ["ร่างพระราชบัญญัติทดสอบ", "พ.ศ. ....", "", "โดยที่เป็นการสมควรทดสอบ", ""]
    for n in range(1, sections + 1):
        if n % 20 == 1:
            lines += [f"หมวด {thai_digits(n // 20 + 1)}", "การทดสอบ", ""]
        lines += [
            f"มาตรา {thai_digits(n)}  ผู้ใดประสงค์จะทดสอบให้ยื่นคำขอต่อนายทะเบียน",
            "(๑) ชื่อและที่อยู่",
            "(๒) รายการอื่นตามที่กำหนดในกฎกระทรวง",
            "คำขอตามวรรคหนึ่งให้เป็นไปตามหลักเกณฑ์ที่รัฐมนตรีประกาศกำหนด",
            "",
        ]
    return "\n".join(lines)


def imported(sections: int) -> DraftPage:
    text = long_act(sections)
    return draft_import(agency=make_agency(), data=text, by=make_user()).draft


def latest(draft: DraftPage) -> list[dict]:
    draft.refresh_from_db()
    return blocks_of(draft.latest_revision)


def labels(draft: DraftPage) -> list[str]:
    return [b["value"]["label"] for b in latest(draft) if b["type"] == "provision"]


def test_one_section_changes_and_nothing_else() -> None:
    draft = imported(45)
    before = latest(draft)
    section = next(b for b in before if b["value"].get("label") == "๗")
    block_change(
        draft=draft,
        key=section["id"],
        value={**section["value"], "label": "มาตรา ๗/๑", "text": "แก้แล้ว\r\n\r\n(๑) ก "},
        revision=revision_of(section["value"]),
        by=make_user(),
    )
    after = latest(draft)
    changed = [
        n
        for n, pair in enumerate(zip(before, after, strict=True))
        if len({str(x) for x in pair}) > 1
    ]
    assert changed == [before.index(section)]
    assert after[changed[0]]["id"] == section["id"]
    assert after[changed[0]]["value"]["label"] == "๗/๑"
    assert after[changed[0]]["value"]["text"] == "แก้แล้ว\n(๑) ก"


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten() -> None:
    draft = imported(3)
    section = next(b for b in latest(draft) if b["type"] == "provision")
    seen = revision_of(section["value"])
    change = {**section["value"], "text": "คนแรก"}
    block_change(draft=draft, key=section["id"], value=change, revision=seen)
    with pytest.raises(Outdated) as conflict:
        block_change(
            draft=draft,
            key=section["id"],
            value={**section["value"], "text": "คนที่สอง"},
            revision=seen,
        )
    assert conflict.value.current["text"] == "คนแรก"


def test_two_editors_of_two_sections_both_keep_their_work() -> None:
    draft = imported(3)
    first, second = [b for b in latest(draft) if b["type"] == "provision"][:2]
    for block in (first, second):
        block_change(
            draft=draft,
            key=block["id"],
            value={**block["value"], "text": "ใหม่"},
            revision=revision_of(block["value"]),
        )
    texts = [b["value"]["text"] for b in latest(draft) if b["type"] == "provision"]
    assert texts[:2] == ["ใหม่", "ใหม่"]


def test_add_move_and_remove() -> None:
    draft = imported(3)
    first, second, third = [b for b in latest(draft) if b["type"] == "provision"]
    key = block_add(
        draft=draft,
        kind="provision",
        value={"kind": "section", "label": "๑/๑", "text": "เพิ่ม"},
        after=first["id"],
    )
    assert labels(draft) == ["๑", "๑/๑", "๒", "๓"]
    block_move(draft=draft, key=third["id"], after=first["id"])
    assert labels(draft) == ["๑", "๓", "๑/๑", "๒"]
    block_remove(draft=draft, key=key)
    assert labels(draft) == ["๑", "๓", "๒"]
    with pytest.raises(DraftError, match="ไม่มีส่วนนี้แล้ว"):
        block_remove(draft=draft, key=key)
    assert second["id"] in {b["id"] for b in latest(draft)}


def test_a_frozen_version_does_not_follow_the_draft() -> None:
    draft = imported(3)
    version = version_freeze(
        draft=draft, revision=draft.latest_revision, reason="", now=NOW
    )
    section = next(b for b in latest(draft) if b["type"] == "provision")
    block_change(
        draft=draft,
        key=section["id"],
        value={**section["value"], "text": "แก้หลังตรึง"},
        revision=revision_of(section["value"]),
    )
    assert not version.provisions.filter(text="แก้หลังตรึง").exists()


def test_1755_sections_import_and_one_is_saved_within_two_seconds() -> None:
    started = time.perf_counter()
    draft = imported(1755)
    took_import = time.perf_counter() - started
    blocks = latest(draft)
    section = next(b for b in blocks if b["value"].get("label") == "๙๙๙")
    started = time.perf_counter()
    block_change(
        draft=draft,
        key=section["id"],
        value={**section["value"], "text": "แก้แล้ว"},
        revision=revision_of(section["value"]),
    )
    took_save = time.perf_counter() - started
    started = time.perf_counter()
    version = version_freeze(
        draft=draft,
        revision=DraftPage.objects.get(pk=draft.pk).latest_revision,
        reason="",
        now=NOW,
    )
    took_freeze = time.perf_counter() - started
    print(
        f"import {took_import:.2f} s, save {took_save:.2f} s, freeze {took_freeze:.2f}"
    )
    assert version.provisions.filter(kind="section").count() == 1755
    assert len(outline_groups(blocks)) == 89
    assert took_save < 2
