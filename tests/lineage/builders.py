"""Versions whose provisions are told by a word: the same word is the same block."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from consultations.models import Round
from drafts.models import DraftPage, DraftVersion, Provision
from drafts.services import version_freeze
from tests import factories as make

SPACE = uuid.UUID("00000000-0000-4000-8000-000000000000")

LAMP = "ให้เทศบาลติดตั้งไฟส่องสว่างตามทางเดินเท้าทุกระยะห้าสิบเมตร และดูแลให้ใช้การได้ตลอดคืน"
TREE = "ผู้ใดตัดต้นไม้ในสวนสาธารณะโดยไม่ได้รับอนุญาต ต้องระวางโทษปรับไม่เกินสองหมื่นบาท"
DOGS = "เจ้าของสุนัขต้องใช้สายจูงและเก็บมูลสุนัขทุกครั้งที่นำสุนัขเข้ามาในสวนสาธารณะ"
BOARD = "ให้มีคณะกรรมการสวนประกอบด้วยนายกเทศมนตรีเป็นประธาน และผู้แทนชุมชนสี่คนเป็นกรรมการ"
MEET = "ให้คณะกรรมการประชุมอย่างน้อยเดือนละครั้ง และเปิดเผยรายงานการประชุมต่อประชาชน"


def key_of(word: str) -> str:
    return str(uuid.uuid5(SPACE, word))


def section(word: str, label: str, text: str) -> dict[str, Any]:
    """One มาตรา; an empty word is a block nobody has seen before."""
    value = {"kind": "section", "label": label, "text": text}
    block_id = key_of(word) if word else str(uuid.uuid4())
    return {"type": "provision", "id": block_id, "value": value}


def part(word: str, kind: str, text: str, heading: str = "") -> dict[str, Any]:
    value = {"kind": kind, "heading": heading, "text": text}
    return {"type": "part", "id": key_of(word), "value": value}


def division(word: str, label: str, name: str) -> dict[str, Any]:
    value = {"kind": "chapter", "label": label, "name": name}
    return {"type": "division", "id": key_of(word), "value": value}


def freeze(
    draft: DraftPage, *blocks: dict[str, Any], at: dt.datetime = make.NOW
) -> DraftVersion:
    """Freeze a version through the service that officials use."""
    draft.body = list(blocks)
    revision = draft.save_revision(clean=False)
    return version_freeze(draft=draft, revision=revision, reason="ทดสอบ", now=at)


def make_rounds(*texts: list[dict[str, Any]], slug: str = "park-act") -> list[Round]:
    """Make one consultation with a round for each list of blocks; the last is open."""
    first = make.make_round(slug=slug)
    draft = make.make_draft(first.consultation.agency)
    first.consultation.draft = draft
    first.consultation.save(update_fields=["draft"])
    rounds = []
    for number, blocks in enumerate(texts, start=1):
        version = freeze(draft, *blocks)
        is_last = number == len(texts)
        fields = {
            "version": version,
            "stage": "open" if is_last else "closed",
            "opens_on": make.TODAY - dt.timedelta(days=5 if is_last else 60),
            "closes_on": make.TODAY + dt.timedelta(days=10 if is_last else -40),
            "announced_on": make.TODAY - dt.timedelta(days=70 if number == 1 else 6),
        }
        if number == 1:
            Round.objects.filter(pk=first.pk).update(**fields)
            first.refresh_from_db()
            rounds.append(first)
        else:
            rounds.append(first.consultation.rounds.create(number=number, **fields))
    return rounds


def of(version: DraftVersion, word: str) -> Provision:
    return version.provisions.get(key=key_of(word))


def make_revised(slug: str = "revised-law") -> list[Round]:
    """Make two rounds between which everything happens that can, with comments."""
    first, second = make_rounds(
        [
            division("h", "หมวด ๑", "แสงสว่าง"),
            section("a", "๑", LAMP),
            section("", "๒", TREE),
            section("c", "๓", f"{BOARD}\n{MEET}"),
            section("d", "๔", DOGS),
        ],
        [
            division("h", "หมวด ๑", "ไฟและแสงสว่าง"),
            section("a", "๑", LAMP.replace("ห้าสิบ", "สามสิบ")),
            section("x", "๒", "ห้ามจุดประทัดในสวนสาธารณะ เว้นแต่ได้รับอนุญาตจากเทศบาลแล้ว"),
            section("", "๓", TREE.replace("สองหมื่น", "สามหมื่น")),
            section("c", "๔", BOARD),
            section("e", "๕", MEET),
        ],
        slug=slug,
    )
    for n in range(25):
        make.make_comments(
            first, [f"ความเห็นรอบแรกที่ {n}"], provision=of(first.version, "a")
        )
    make.make_comments(second, ["ดีขึ้นแล้ว"], provision=of(second.version, "a"))
    return [first, second]
