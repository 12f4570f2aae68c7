"""Write a made-up act in correct Thai legislative form, of any length.

``make_act(sections=1755)`` gives the text; ``make_act_with_truth`` the text and, beside
it, what a parser must find.  All words are ours; no real law is copied.
"""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

from __future__ import annotations

import random
from dataclasses import dataclass, field

from drafts.law.numerals import ITEM_LETTERS, thai_digits

_SUBJECTS = (
    "สวนสาธารณะ", "ทางจักรยาน", "ห้องสมุดชุมชน", "ตลาดสด", "แหล่งน้ำสาธารณะ", "ป่าชุมชน",
    "ศูนย์ดูแลเด็กเล็ก", "ขยะอิเล็กทรอนิกส์", "สัตว์จรจัด", "ป้ายโฆษณา", "ลานกีฬา", "ท่าเรือโดยสาร",
)  # fmt: skip
_AGENTS = (
    "องค์กรปกครองส่วนท้องถิ่น", "คณะกรรมการ", "พนักงานเจ้าหน้าที่", "ผู้รับใบอนุญาต", "นายทะเบียน",
    "ผู้ใช้บริการ", "สำนักงาน", "ผู้อำนวยการ",
)  # fmt: skip
_DUTIES = (
    "จัดทำแผนประจำปีและเผยแพร่ให้ประชาชนทราบ",
    "ตรวจสอบความปลอดภัยอย่างน้อยปีละสองครั้ง",
    "รับฟังความคิดเห็นของผู้อยู่อาศัยในบริเวณใกล้เคียงก่อนดำเนินการ",
    "แจ้งเหตุเสียหายต่อสำนักงานภายในเจ็ดวันนับแต่วันที่รู้เหตุ",
    "เก็บรักษาเอกสารไว้ไม่น้อยกว่าห้าปี",
    "จัดให้มีทางเข้าออกสำหรับคนพิการและผู้สูงอายุ",
    "เปิดเผยรายรับและรายจ่ายทางระบบอิเล็กทรอนิกส์",
)
_CONDITIONS = (
    "ในกรณีที่มีเหตุจำเป็นเร่งด่วน", "เมื่อพ้นกำหนดเวลาตามวรรคหนึ่ง", "หากปรากฏว่ามีผู้คัดค้าน",
    "ในกรณีที่คณะกรรมการมีมติเป็นอย่างอื่น", "ถ้าผู้รับใบอนุญาตไม่ปฏิบัติตาม",
)  # fmt: skip
_CHAPTERS = (
    "บททั่วไป", "คณะกรรมการ", "การขออนุญาต", "การดูแลรักษา", "การมีส่วนร่วมของประชาชน", "เงินอุดหนุน",
    "การตรวจสอบ", "การอุทธรณ์",
)  # fmt: skip


@dataclass
class Truth:
    """What stands in a made-up act."""

    title: str
    labels: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    chapters: list[str] = field(default_factory=list)
    divisions: list[tuple[str, ...]] = field(default_factory=list)


def make_act(sections: int = 200, *, seed: int = 1) -> str:
    """Write an act of ``sections`` sections in the form of the Royal Gazette."""
    return make_act_with_truth(sections, seed=seed)[0]


def make_act_with_truth(sections: int = 200, *, seed: int = 1) -> tuple[str, Truth]:
    """Write an act and say what it holds."""
    chance = random.Random(seed)
    subject = chance.choice(_SUBJECTS)
    name = f"พระราชบัญญัติส่งเสริมการดูแล{subject} พ.ศ. ...."
    truth = Truth(f"ร่าง{name}")
    lines = [
        "ร่าง", "พระราชบัญญัติ", f"ส่งเสริมการดูแล{subject}", "พ.ศ. ....", "",
        f"โดยที่เป็นการสมควรมีกฎหมายว่าด้วยการส่งเสริมการดูแล{subject}", "",
    ]  # fmt: skip
    per_chapter = max(5, sections // 24)
    chapter: tuple[str, ...] = ()
    for number in range(1, sections + 1):
        if number > 5 and (number - 6) % per_chapter == 0:
            order = (number - 6) // per_chapter + 1
            title = _CHAPTERS[(order - 1) % len(_CHAPTERS)]
            heading = f"หมวด {thai_digits(order)}"
            lines += [heading, title, ""]
            chapter = (f"{heading} {title}",)
            truth.chapters.append(chapter[0])
        if number == sections and sections > 12:
            lines += ["บทเฉพาะกาล", ""]
            chapter = ("บทเฉพาะกาล",)
            truth.chapters.append("บทเฉพาะกาล")
        text = _section(chance, number, name, subject)
        label = thai_digits(number)
        first, *rest = text.split("\n")
        lines += [f"มาตรา {label}  {first}", *rest, ""]
        truth.labels.append(label)
        truth.texts.append(text)
        truth.divisions.append(chapter)
    lines += [
        "ผู้รับสนองพระบรมราชโองการ",
        "............................",
        "นายกรัฐมนตรี",
        "",
    ]
    return "\n".join(lines), truth


def _section(chance: random.Random, number: int, name: str, subject: str) -> str:
    if number == 1:
        return f"พระราชบัญญัตินี้เรียกว่า “{name}”"
    if number == 2:
        return "พระราชบัญญัตินี้ให้ใช้บังคับเมื่อพ้นกำหนดเก้าสิบวันนับแต่วันประกาศในราชกิจจานุเบกษาเป็นต้นไป"
    if number == 3:
        return (
            "ในพระราชบัญญัตินี้\n"
            f"“{subject}” หมายความว่า {subject}ที่เปิดให้ประชาชนใช้ร่วมกัน\n"
            "“สำนักงาน” หมายความว่า สำนักงานส่งเสริมการดูแลสาธารณสมบัติ\n"
            "“คณะกรรมการ” หมายความว่า คณะกรรมการตามมาตรา ๕"
        )
    paragraphs = [_sentence(chance, number)]
    shape = chance.random()
    if shape < 0.35:
        paragraphs[0] += " ดังต่อไปนี้"
        for item in range(1, chance.randint(3, 6)):
            paragraphs.append(f"({thai_digits(item)}) {chance.choice(_DUTIES)}")
            if chance.random() < 0.15:
                paragraphs += [
                    f"({ITEM_LETTERS[sub]}) {chance.choice(_DUTIES)}"
                    for sub in range(2)
                ]
    for _ in range(chance.randint(0, 3)):
        paragraphs.append(
            f"{chance.choice(_CONDITIONS)} ให้{chance.choice(_AGENTS)}"
            f"{chance.choice(_DUTIES)}ตามมาตรา {thai_digits(chance.randint(1, number))}"
        )
    return "\n".join(paragraphs)


def _sentence(chance: random.Random, number: int) -> str:
    return (
        f"ให้{chance.choice(_AGENTS)}มีหน้าที่เกี่ยวกับ{chance.choice(_SUBJECTS)} "
        f"และต้อง{chance.choice(_DUTIES)} รายการที่ {thai_digits(number)}"
    )
