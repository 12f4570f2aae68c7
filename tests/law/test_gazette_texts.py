"""Traps of texts as the Gazette and the Council of State publish them; words ours."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

from datetime import date

import pytest
from lxml import etree

from drafts.law.akoma_ntoso import export_law, identity_of, import_law
from drafts.law.akoma_ntoso.rules import check
from drafts.law.parse import letters, normalise, parse, text_of
from drafts.law.structure import PartKind


def read(text):
    """Parse and check that nothing is dropped or doubled."""
    law = parse(text)
    assert letters(text_of(law)) == letters(normalise(text)[0])
    return law


def kinds(law):
    return [part.kind for part in law.parts]


def test_page_heads_of_the_gazette_leave_the_sections():
    law = read(
        "เล่ม ๑๔๐ ตอนที่ ๑๒ ก\nหน้า ๑\nราชกิจจานุเบกษา\n๒ มีนาคม ๒๕๖๖\n"
        "พระราชบัญญัติ\nทางเท้า\nพ.ศ. ๒๕๖๖\n\n"
        "มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติทางเท้า พ.ศ. ๒๕๖๖”\n\n"
        "มาตรา ๒  ผู้ใดวางสิ่งของบนทางเท้า\n"
        "หน้า   ๒\nเล่ม   ๑๔๐   ตอนที่   ๑๒   ก   ราชกิจจานุเบกษา   ๒   มีนาคม   ๒๕๖๖\n"
        "และกีดขวางคนพิการ ต้องเก็บไปภายในวันที่\n๓ มีนาคม ๒๕๖๖\n\n"
        "มาตรา ๓  หน้า ๕ ของแผนที่ในราชกิจจานุเบกษาให้ใช้ต่อไป\n"
    )
    assert law.title == "พระราชบัญญัติทางเท้า พ.ศ. ๒๕๖๖"
    assert [p.label for p in law.provisions] == ["๑", "๒", "๓"]
    second = letters(law.provisions[1].text)
    assert second == "ผู้ใดวางสิ่งของบนทางเท้าและกีดขวางคนพิการต้องเก็บไปภายในวันที่๓มีนาคม๒๕๖๖"
    assert [mark.line for mark in law.marks] == [1, 2, 3, 4, 12, 13]
    assert "หน้า ๕" in law.provisions[2].text


def test_a_misspelt_head_is_a_head():
    law = read("มาตรา ๕  ก้าวไป\n\nมาตร ๕ ทวิ  เดินหน้า\n\nมารตรา ๖  หยุด\n")
    assert [p.label for p in law.provisions] == ["๕", "๕ ทวิ", "๖"]
    assert "misspelt_head" in {w.code for w in law.warnings}


@pytest.mark.parametrize(
    "closing",
    [
        "ประกาศ\nณ วันที่ ๑ มกราคม พ.ศ. ๒๕๖๐",
        "ประกาศมา\nณ วันที่ ๑ มกราคม พระพุทธศักราช ๒๔๕๗ เป็นวันที่ ๑๓๘๖ ในรัชกาลปัจจุบันนี้",
        "ให้ไว้ ณ\nวันที่ ๑ มกราคม พ.ศ. ๒๕๖๐",
        "สั่ง ณ วันที่ ๑ มกราคม พ.ศ. ๒๕๖๐",
    ],
)
def test_the_closing_formula_is_no_part_of_the_last_clause(closing):
    law = read(f"ข้อ ๑  ให้ปลูกต้นไม้\n\nข้อ ๒  ให้รดน้ำ\n\n{closing}\nพลเอก\nสมชาย  ใจดี\n")
    assert law.provisions[-1].text == "ให้รดน้ำ"
    assert kinds(law) == [PartKind.COUNTERSIGNATURE]


def test_an_announcement_keeps_its_whole_title():
    law = read(
        "ประกาศสภาต้นไม้\nฉบับที่\n๗/๒๕๖๐\nเรื่อง\nการปลูกต้นไม้ริมทาง[๑]\n\n"
        "ตามที่ได้มีการตัดต้นไม้ สภาต้นไม้จึงมีประกาศ ดังต่อไปนี้\n\n"
        "ข้อ ๑  ให้ปลูกต้นไม้\n\nข้อ ๒  ให้รดน้ำ\n"
    )
    assert law.title == "ประกาศสภาต้นไม้ ฉบับที่ ๗/๒๕๖๐ เรื่อง การปลูกต้นไม้ริมทาง"
    assert kinds(law) == [PartKind.TITLE, PartKind.PREAMBLE]


@pytest.mark.parametrize(
    ("block", "title"),
    [
        ("พระราชบัญญัติ\nว่าด้วยต้นไม้\nพ.ศ. ๒๕๖๐", "พระราชบัญญัติว่าด้วยต้นไม้ พ.ศ. ๒๕๖๐"),
        (
            "ระเบียบสภาต้นไม้\nว่าด้วยการปลูก\nพ.ศ. ๒๕๖๐",
            "ระเบียบสภาต้นไม้ ว่าด้วยการปลูก พ.ศ. ๒๕๖๐",
        ),
        ("พระราชบัญญัติ\nต้นไม้\nพระพุทธศักราช ๒๔๕๗", "พระราชบัญญัติต้นไม้ พระพุทธศักราช ๒๔๕๗"),
        ("พระราชบัญญัติ\nต้นไม้ พุทธศักราช\n๒๔๗๘", "พระราชบัญญัติต้นไม้ พุทธศักราช ๒๔๗๘"),
    ],
)
def test_titles(block, title):
    law = read(f"{block}\n\nโดยที่สมควรปลูกต้นไม้\n\nมาตรา ๑  ให้ปลูก\n\nมาตรา ๒  ให้รดน้ำ\n")
    assert law.title == title


def test_headings_over_sections_in_old_acts():
    names = ["นามพระราชบัญญัติ", "การปลูก", "ลักษณะการรดน้ำ", "เมื่อจะตัดต้องบอก", "การขาย"]
    body = "\n\n".join(
        f"{name}\n_____\n\nมาตรา {number}  ให้ทำตามที่เห็นสมควร\nและบอกเพื่อนบ้านด้วย"
        for number, name in zip("๑๒๓๔๕", names, strict=True)
    )
    law = read(f"พระราชบัญญัติ\nต้นไม้\nพ.ศ. ๒๔๕๗\n\nโดยที่สมควร ดังต่อไปนี้\n\n{body}\n")
    assert [p.division for p in law.provisions] == [(name,) for name in names]
    assert all("การ" not in p.text for p in law.provisions)
    assert len({d.eid for d in law.divisions}) == 5


def test_a_last_short_paragraph_is_no_heading():
    body = "\n\n".join(
        f"มาตรา {number}  ผู้ใดปลูกต้นไม้ในที่สาธารณะโดยมิได้รับอนุญาตจากเจ้าพนักงานท้องถิ่น ต้องถอนต้นไม้นั้น\n\n"
        "ผู้ใดมีเหตุจำเป็นอาจขอผ่อนผันต่อเจ้าพนักงานท้องถิ่นได้ไม่เกินสองครั้ง ครั้งละไม่เกินสามสิบวันนับแต่วันที่ได้รับแจ้งคำสั่ง\n\n"
        "คำสั่งนั้นเป็นที่สุด"
        for number in "๑๒๓๔๕๖"
    )
    law = read(body + "\n")
    assert law.divisions == ()
    assert all(len(p.paragraphs) == 3 for p in law.provisions)


def test_leftovers_after_a_schedule_are_told_by_their_titles():
    law = read(
        "มาตรา ๑  ให้ปลูก\n\nมาตรา ๒  ให้รดน้ำ\n\nผู้รับสนองพระบรมราชโองการ\nนายกรัฐมนตรี\n\n"
        "บัญชี ก.\n\n๑. มะม่วง\n๒. มะพร้าว\n\nบัญชีต่อท้าย\n\n๑. กล้วย\n\n"
        "พระราชบัญญัติต้นไม้\n(ฉบับที่ ๒) พ.ศ. ๒๕๐๐[๓]\n\nมาตรา ๓  ให้รัฐมนตรีรักษาการ\n\n"
        "พระราชกำหนดแก้ไขเพิ่มเติมพระราชบัญญัติต้นไม้\nพ.ศ. ๒๔๙๐ พ.ศ. ๒๕๐๑\n\nมาตรา ๔  ให้รัฐมนตรีรักษาการ\n"
    )
    assert [p.label for p in law.provisions] == ["๑", "๒"]
    assert kinds(law) == [
        PartKind.COUNTERSIGNATURE, PartKind.SCHEDULE, PartKind.SCHEDULE,
        PartKind.AMENDMENT_REMNANT, PartKind.AMENDMENT_REMNANT,
    ]  # fmt: skip


def test_a_section_after_many_repealed_ones():
    law = read(
        "มาตรา ๑  ให้ปลูก\n\nมาตรา ๒  ให้รดน้ำ\n\nมาตรา ๓  ให้ดูแล\n\nมาตรา ๑๘  ให้รัฐมนตรีรักษาการ\n"
    )
    assert [p.label for p in law.provisions] == ["๑", "๒", "๓", "๑๘"]
    assert "number_gap" in {w.code for w in law.warnings}


def test_labels_that_a_wrap_has_cut():
    law = read(
        "มาตรา\n๕\nให้ปลูก\n\nมาตรา ๕\nทวิ ให้รดน้ำตามมาตรา\n๕ และ\nมาตรา ๙\n\n"
        "มาตรา ๕\nทวิ/๑ ให้ดูแล\n\nหมวด\n๒\nการขาย\n\nมาตรา ๖\nให้ขาย\n"
    )
    assert [p.label for p in law.provisions] == ["๕", "๕ ทวิ", "๕ ทวิ/๑", "๖"]
    assert law.provisions[-1].division == ("หมวด ๒ การขาย",)


def test_what_looks_like_an_item_in_a_cut_reference():
    law = read(
        "มาตรา ๑  ต้องไม่มีลักษณะตามมาตรา ๑๙ ข.\n(๒) (๓) และ (๔) เว้นแต่\n"
        "(๑) เป็นต้นไม้ในบัญชี\nข. ท้ายพระราชบัญญัตินี้\n(๒) เป็นไม้ผล\n\nมาตรา ๒  ให้ใช้\n"
    )
    (paragraph,) = law.provisions[0].paragraphs
    assert [item.label for item in paragraph.items] == ["(๑)", "(๒)"]
    assert paragraph.text.endswith("มาตรา ๑๙ ข. (๒) (๓) และ (๔) เว้นแต่")
    assert paragraph.items[0].text == "เป็นต้นไม้ในบัญชี ข. ท้ายพระราชบัญญัตินี้"


@pytest.mark.parametrize(
    "headings",
    ["หลักการ\n", "บันทึกหลักการและเหตุผล\nประกอบร่างพระราชบัญญัติต้นไม้ พ.ศ. ....\nหลักการ\n"],
)
def test_the_memorandum_is_found_without_its_heading(headings):
    law = read(
        f"{headings}ให้มีกฎหมายว่าด้วยต้นไม้\nเหตุผล\nโดยที่ต้นไม้มีน้อย จึงจำเป็นต้องตราพระราชบัญญัตินี้\n\n"
        "ร่าง\nพระราชบัญญัติ\nต้นไม้\nพ.ศ. ....\n\nโดยที่สมควรปลูกต้นไม้\n\n"
        "มาตรา ๑  ให้ปลูก\n\nมาตรา ๒  ให้รดน้ำ\n"
    )
    assert kinds(law) == [PartKind.MEMORANDUM, PartKind.TITLE, PartKind.PREAMBLE]
    assert law.title == "ร่างพระราชบัญญัติต้นไม้ พ.ศ. ...."


@pytest.mark.parametrize("form", ["## {}", "**{}**", "{}:"])
def test_heads_as_markdown_programs_write_them(form):
    text = "\n\n".join(
        f"{form.format(f'มาตรา {number}')} ให้ปลูกต้นไม้ {number} ต้น" for number in "๑๒๓"
    )
    law = read(f"{text}\n")
    assert [p.label for p in law.provisions] == ["๑", "๒", "๓"]
    assert [p.text for p in law.provisions] == [f"ให้ปลูกต้นไม้ {n} ต้น" for n in "๑๒๓"]


CODE = """ประมวลกฎหมายต้นไม้

{contents}ภาค ๑
บทบัญญัติทั่วไป

หมวด ๑
บทนิยาม

มาตรา ๑  ในประมวลนี้ ต้นไม้หมายความรวมถึงไม้เลื้อย

หมวด ๒
การใช้

มาตรา ๒  ให้ใช้ทั่วราชอาณาจักร

ภาค ๒
ความผิด

มาตรา ๓  ผู้ใดตัดต้นไม้ ต้องปลูกใหม่
"""


@pytest.mark.parametrize(
    "contents",
    [
        "สารบาญ\n\nมาตรา\nภาค ๑ บทบัญญัติทั่วไป ๑-๒\nหมวด ๑ บทนิยาม ๑\nหมวด ๒ การใช้ ๒\nภาค ๒ ความผิด ๓\n\n",
        "สารบัญ\nเรื่อง หน้า\nภาค ๑ บทบัญญัติทั่วไป\t๑\nหมวด ๑ บทนิยาม\t๑\nมาตรา ๑ คำนิยาม\t๑\nหมวด ๒ การใช้\t๒\nมาตรา ๒ เขต\t๒\nภาค ๒ ความผิด\t๓\nมาตรา ๓ การตัด\t๓\n\n",
        "ภาค ๑ บทบัญญัติทั่วไป ........ ๑\nหมวด ๑ บทนิยาม ........ ๑\nมาตรา ๑ คำนิยาม ....... ๑\nภาค ๒ ความผิด ........ ๓\n\n",
    ],
)
def test_a_table_of_contents_holds_no_sections(contents):
    law = read(CODE.format(contents=contents))
    bare = parse(CODE.format(contents=""))
    assert law.title == "ประมวลกฎหมายต้นไม้"
    assert [(p.eid, p.text, p.division) for p in law.provisions] == [
        (p.eid, p.text, p.division) for p in bare.provisions
    ]
    assert [d.eid for d in law.divisions] == [d.eid for d in bare.divisions]


def test_old_acts_list_by_clauses_and_divide_by_parts():
    law = read(
        "พระราชบัญญัติลักษณะคูน้ำ\nพระพุทธศักราช ๒๔๖๐\n\nหมวดที่ ๑\nวิธีขุด\n\nตอน ๑ การขุด\n\n"
        "มาตรา ๑ ให้ขุดดังนี้\nข้อ ๑ ขุดให้ลึก\nข้อ ๒ ขุดให้กว้าง\n\nตอน ๒ การกลบ\n\n"
        "มาตรา ๒ ให้กลบตาม\nข้อ ๑ และตอน\nข้อ ๒ แห่งประกาศ\n"
    )
    first, second = law.provisions
    assert [d.name for d in law.divisions] == ["วิธีขุด", "การขุด", "การกลบ"]
    (paragraph,) = first.paragraphs
    assert [(item.eid, item.label, item.text) for item in paragraph.items] == [
        ("sec_1__para_1__point_1", "ข้อ ๑", "ขุดให้ลึก"),
        ("sec_1__para_1__point_2", "ข้อ ๒", "ขุดให้กว้าง"),
    ]
    assert not second.paragraphs[0].items
    data = export_law(law, identity_of(law, expression_date=date(2026, 11, 23)))
    assert check(data) == []
    assert import_law(etree.fromstring(data)) == law
