"""Corrected files of real acts: our own files change nothing, edits lose no section.

Real acts stand in ../shared beside the checkout and are never part of it; without them
these tests are skipped and say so.
"""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest

from drafts import corrections
from drafts.export.docx import write_docx
from drafts.law.akoma_ntoso import export_law, identity_of
from drafts.law.numerals import thai_digits
from drafts.law.readers import read
from drafts.law.words import tokens
from drafts.services import Block, draft_blocks, draft_read
from tests.law.real_texts import ABSENT, LAWS

pytestmark = pytest.mark.skipif(not LAWS, reason=ABSENT)
NEW_TEXTS = (
    "ให้รัฐมนตรีแต่งตั้งที่ปรึกษาด้านดิจิทัลไม่เกินสามคนเพื่อพิจารณาเรื่องร้องเรียนของประชาชน",
    "ผู้รับใบอนุญาตต้องจัดทำบัญชีรายรับรายจ่ายและเก็บไว้ไม่น้อยกว่าเจ็ดปีเพื่อตรวจสอบภาษี",
)
PHRASE = tokens("ตามหลักเกณฑ์ วิธีการ และเงื่อนไขที่คณะกรรมการประกาศกำหนดโดยความเห็นชอบ")


def stand_in(blocks: list[Block], title: str) -> Any:
    """Return what a plan reads of a draft, without the database."""
    revision = SimpleNamespace(pk=1, content={"law_title": title, "body": blocks})
    return SimpleNamespace(latest_revision=revision, law_title=title)


@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.stem)
def test_our_own_word_and_akoma_ntoso_files_change_nothing(path: Any) -> None:
    law = draft_read(data=path.read_bytes(), filename=path.name)
    draft = stand_in(draft_blocks(law), law.title)
    identity = identity_of(law, expression_date=dt.date(2026, 1, 1))
    for data in (write_docx(law), export_law(law, identity)):
        text = read(data, "draft").text
        plan = corrections.correction_plan(draft=draft, law=draft_read(data=text))
        assert [(row.title, row.change) for row in plan.rows] == []
        assert plan.is_empty


def edited(blocks: list[Block], rng: random.Random) -> list[tuple[str, Block]]:
    """Edit a draft as a committee does; beside each piece the UUID that it should have.

    Three sections leave, a tenth are reworded by a third, two change places, some four
    are put in, and all are numbered anew.
    """
    rows = [
        (block["id"], {**block, "id": f"new-{n}", "value": dict(block["value"])})
        for n, block in enumerate(blocks)
    ]
    sections = [n for n, block in enumerate(blocks) if block["type"] == "provision"]
    gone = set(rng.sample(sections, 3))
    staying = [n for n in sections if n not in gone]
    for n in rng.sample(staying, max(3, len(staying) // 10)):
        words = list(tokens(rows[n][1]["value"]["text"]))
        size = len(words) // 4
        start = rng.randrange(len(words) - size)
        words[start : start + size] = PHRASE[:size]
        kept = [word for word in words if rng.random() > 0.07]
        rows[n][1]["value"]["text"] = "".join(kept)
    one, other = rng.sample(staying, 2)
    rows[one], rows[other] = rows[other], rows[one]
    result: list[tuple[str, Block]] = []
    for n, row in enumerate(rows):
        if n in gone:
            continue
        result.append(row)
        if n in staying and rng.random() < 4 / len(sections):
            value = {**row[1]["value"], "text": f"{rng.choice(NEW_TEXTS)} {n}"}
            block = {"type": "provision", "id": f"added-{n}", "value": value}
            result.append(("", block))
    number = 0
    for _key, block in result:
        if block["type"] == "provision":
            number += 1
            block["value"]["label"] = thai_digits(number)
    return result


def test_a_committees_edits_lose_no_section_unasked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At least 99 % of the sections are known again, and no mistake goes unasked."""
    rng = random.Random(20261123)
    total, right, asked, unasked = 0, 0, 0, []
    for path in LAWS:
        law = draft_read(data=path.read_bytes(), filename=path.name)
        if len(law.provisions) < 20:
            continue
        old = draft_blocks(law)
        pieces = edited(old, rng)
        new = [block for _key, block in pieces]
        monkeypatch.setattr(corrections, "draft_blocks", lambda _law, new=new: new)
        plan = corrections.correction_plan(draft=stand_in(old, law.title), law=law)
        keys = {block["id"] for block in old}
        questions = {row.new.block["id"] for row in plan.rows if row.asked}
        asked += len(questions)
        for (key, block), stored in zip(pieces, plan.blocks, strict=True):
            if block["type"] != "provision":
                continue
            total += 1
            found = stored["id"] if stored["id"] in keys else ""
            right += found == key
            if found != key and block["id"] not in questions:
                unasked.append((path.stem, block["value"]["label"]))
    assert total > 1000
    assert right / total >= 0.99
    assert len(unasked) <= 0.001 * total, unasked
    assert asked <= 0.05 * total
