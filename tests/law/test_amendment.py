"""Operations of amending acts, and applying them to the act in force."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

import pytest

from drafts.law.consolidate import REPEALED, consolidate
from drafts.law.parse import parse
from drafts.law.references import eids_of
from drafts.law.targets import find_law, find_targets

LAW = "พระราชบัญญัติคุ้มครองผู้เช่าบ้าน พ.ศ. ๒๕๕๐"
SECOND = "พระราชบัญญัติคุ้มครองผู้เช่าบ้าน (ฉบับที่ ๒) พ.ศ. ๒๕๕๕"

IN_FORCE = """มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติคุ้มครองผู้เช่าบ้าน พ.ศ. ๒๕๕๐”

มาตรา ๔  ในพระราชบัญญัตินี้
“ผู้เช่า” หมายความว่า ผู้เช่าห้องเช่า
“ค่าเช่า” หมายความว่า เงินที่จ่ายตามสัญญา

หมวด ๒
สัญญา

มาตรา ๘  ผู้ให้เช่าต้องคืนเงินภายในสามสิบวัน

มาตรา ๙  ผู้ให้เช่าขึ้นค่าเช่าได้

มาตรา ๑๐  ห้ามผู้ให้เช่าเข้าห้องเช่าโดยพลการ

มาตรา ๑๒  สัญญาต้องทำเป็นหนังสือ
สัญญาต้องมีอายุไม่น้อยกว่าหกเดือน
การเลิกสัญญาต้องบอกล่วงหน้า

มาตรา ๑๔  ผู้ให้เช่ามีหน้าที่
(๑) ซ่อมบ้าน
(๒) เสียภาษี
(๓) ประกันภัย
หน้าที่ตามวรรคหนึ่งโอนกันไม่ได้

มาตรา ๑๖  ผู้ใดฝ่าฝืนมาตรา ๑๐ ต้องระวางโทษปรับ
"""

AMENDING = f"""ร่าง
พระราชบัญญัติ
คุ้มครองผู้เช่าบ้าน (ฉบับที่ ..)
พ.ศ. ....

โดยที่เป็นการสมควรแก้ไขเพิ่มเติมกฎหมายว่าด้วยการคุ้มครองผู้เช่าบ้าน

มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติคุ้มครองผู้เช่าบ้าน (ฉบับที่ ..) พ.ศ. ....”

มาตรา ๒  พระราชบัญญัตินี้ให้ใช้บังคับตั้งแต่วันถัดจากวันประกาศในราชกิจจานุเบกษาเป็นต้นไป

มาตรา ๓  ให้ยกเลิกความในบทนิยามคำว่า “ผู้เช่า” ในมาตรา ๔ แห่ง{LAW} และให้ใช้ความต่อไปนี้แทน
““ผู้เช่า” หมายความว่า บุคคลธรรมดาซึ่งเช่าบ้านเพื่ออยู่อาศัย”

มาตรา ๔  ให้เพิ่มบทนิยามคำว่า “เงินประกัน” ระหว่างบทนิยามคำว่า “ผู้เช่า” และคำว่า “ค่าเช่า” ในมาตรา ๔ แห่ง{LAW}
““เงินประกัน” หมายความว่า เงินที่ผู้เช่าวางไว้”

มาตรา ๕  ให้ยกเลิกความในมาตรา ๘ และมาตรา ๙ แห่ง{LAW} ซึ่งแก้ไขเพิ่มเติมโดย{SECOND} และให้ใช้ความต่อไปนี้แทน
“มาตรา ๘  ผู้ให้เช่าต้องคืนเงินประกันภายในเจ็ดวัน
การคืนตามวรรคหนึ่ง ให้ทำเป็นหนังสือ

มาตรา ๙  ผู้ให้เช่าต้องไม่ขึ้นค่าเช่าระหว่างสัญญา”

มาตรา ๖  ให้เพิ่มความต่อไปนี้เป็นมาตรา ๑๐/๑ และมาตรา ๑๐/๒ แห่ง{LAW}
“มาตรา ๑๐/๑  ห้ามตัดน้ำ

มาตรา ๑๐/๒  ห้ามตัดไฟ”

มาตรา ๗  ให้เพิ่มความต่อไปนี้เป็นวรรคสี่ของมาตรา ๑๒ แห่ง{LAW}
“ความในวรรคสามไม่ใช้แก่บ้านพักข้าราชการ”

มาตรา ๘  ให้เพิ่มความต่อไปนี้เป็น (๒/๑) ของวรรคหนึ่งของมาตรา ๑๔ แห่ง{LAW}
“(๒/๑) จัดทำทะเบียนผู้เช่า”

มาตรา ๙  ให้ยกเลิก (๓) ของมาตรา ๑๔ แห่ง{LAW}

มาตรา ๑๐  ให้ยกเลิกมาตรา ๑๖ แห่ง{LAW}

มาตรา ๑๑  ให้แก้ไขคำว่า “ห้องเช่า” ใน{LAW} เป็น “บ้านเช่า” ทุกแห่ง

มาตรา ๑๒  ให้ยกเลิกอัตราค่าธรรมเนียมท้าย{LAW} และให้ใช้อัตราค่าธรรมเนียมท้ายพระราชบัญญัตินี้แทน

มาตรา ๑๓  ให้เพิ่มความต่อไปนี้เป็นหมวด ๒/๑ การระงับข้อพิพาท มาตรา ๑๕/๑ และมาตรา ๑๕/๒ แห่ง{LAW}
“หมวด ๒/๑
การระงับข้อพิพาท

มาตรา ๑๕/๑  ให้มีคณะอนุญาโตตุลาการ

มาตรา ๑๕/๒  คณะอนุญาโตตุลาการประกอบด้วย
(๑) ประธาน
(๒) กรรมการ”

มาตรา ๑๔  ให้รัฐมนตรีว่าการกระทรวงมหาดไทยรักษาการตามพระราชบัญญัตินี้
"""


@pytest.fixture(scope="module")
def amending():
    return parse(AMENDING)


def test_quoted_text_is_no_section_of_the_draft(amending):
    assert [p.number[0] for p in amending.provisions] == list(range(1, 15))
    assert amending.divisions == ()


def test_operations(amending):
    assert [(a.section, a.op, a.path) for a in amending.amendments] == [
        ("sec_3", "replace", "sec_4__def_ผู้เช่า"),
        ("sec_4", "insert", "sec_4__def_เงินประกัน"),
        ("sec_5", "replace", "sec_8"),
        ("sec_5", "replace", "sec_9"),
        ("sec_6", "insert", "sec_10-1"),
        ("sec_6", "insert", "sec_10-2"),
        ("sec_7", "insert", "sec_12__para_4"),
        ("sec_8", "insert", "sec_14__para_1__point_2-1"),
        ("sec_9", "repeal", "sec_14__para_1__point_3"),
        ("sec_10", "repeal", "sec_16"),
        ("sec_11", "word", ""),
        ("sec_12", "schedule", "schedule_อัตราค่าธรรมเนียม"),
        ("sec_13", "insert", "chp_2-1"),
    ]
    assert {a.target_law for a in amending.amendments} == {LAW}


def test_new_text_and_chain(amending):
    by_path = {a.path: a for a in amending.amendments}
    assert by_path["sec_8"].amended_by == (SECOND,)
    assert by_path["sec_8"].new_text == (
        "มาตรา ๘  ผู้ให้เช่าต้องคืนเงินประกันภายในเจ็ดวัน\nการคืนตามวรรคหนึ่ง ให้ทำเป็นหนังสือ"
    )
    assert by_path["sec_9"].new_text == "มาตรา ๙  ผู้ให้เช่าต้องไม่ขึ้นค่าเช่าระหว่างสัญญา"
    assert by_path["sec_10-2"].new_text == "มาตรา ๑๐/๒  ห้ามตัดไฟ"
    definition = by_path["sec_4__def_ผู้เช่า"].new_text
    assert definition == "“ผู้เช่า” หมายความว่า บุคคลธรรมดาซึ่งเช่าบ้านเพื่ออยู่อาศัย"
    assert (by_path[""].old_text, by_path[""].new_text) == ("ห้องเช่า", "บ้านเช่า")


def test_consolidated_act(amending):
    act = parse(IN_FORCE)
    result = consolidate(act.provisions, amending.amendments)
    rows = {row.provision.label: row for row in result.rows}
    assert list(rows) == [
        "๑", "๔", "๘", "๙", "๑๐", "๑๐/๑", "๑๐/๒", "๑๒", "๑๔", "๑๕/๑", "๑๕/๒", "๑๖",
    ]  # fmt: skip
    assert rows["๑"].change == ""
    assert rows["๔"].provision.text.split("\n")[1:] == [
        "“ผู้เช่า” หมายความว่า บุคคลธรรมดาซึ่งเช่าบ้านเพื่ออยู่อาศัย",
        "“ค่าเช่า” หมายความว่า เงินที่จ่ายตามสัญญา",
        "“เงินประกัน” หมายความว่า เงินที่ผู้เช่าวางไว้",
    ]
    assert rows["๘"].provision.text.startswith("ผู้ให้เช่าต้องคืนเงินประกัน")
    assert rows["๘"].old_text == "ผู้ให้เช่าต้องคืนเงินภายในสามสิบวัน"
    assert rows["๑๐"].provision.text == "ห้ามผู้ให้เช่าเข้าบ้านเช่าโดยพลการ"
    assert rows["๑๐"].change == "word"
    assert rows["๑๐/๒"].provision.text == "ห้ามตัดไฟ"
    assert rows["๑๐/๒"].provision.division == ("หมวด ๒ สัญญา",)
    assert rows["๑๒"].provision.paragraphs[3].text.startswith("ความในวรรคสาม")
    assert [i.label for i in rows["๑๔"].provision.paragraphs[0].items] == [
        "(๑)", "(๒)", "(๒/๑)", "(๓)",
    ]  # fmt: skip
    assert rows["๑๔"].provision.paragraphs[0].items[3].text == REPEALED
    assert rows["๑๔"].sections == ("sec_8", "sec_9")
    assert rows["๑๖"].provision.text == REPEALED
    assert rows["๑๕/๒"].provision.paragraphs[0].items[1].text == "กรรมการ"
    assert [item.amendment.op for item in result.not_applied] == ["schedule"]
    every = eids_of(row.provision for row in result.rows)
    assert "sec_14__para_1__point_2-1" in every


def test_what_cannot_be_applied_is_reported():
    act = parse(IN_FORCE)
    bad = parse(
        f"มาตรา ๑  ให้ยกเลิกมาตรา ๙๙ แห่ง{LAW}\n\n"
        f"มาตรา ๒  ให้เพิ่มความต่อไปนี้เป็นมาตรา ๘ แห่ง{LAW}\n“มาตรา ๘  ซ้ำ”\n\n"
        f"มาตรา ๓  ให้แก้ไขคำว่า “ไม่มี” ใน{LAW} เป็น “มี”\n"
    )
    result = consolidate(act.provisions, bad.amendments)
    assert len(result.not_applied) == 3
    assert all(item.reason for item in result.not_applied)
    assert [row.provision for row in result.rows] == list(act.provisions)


POLICIES = (
    "มาตรา ๑  ชื่อ\n\nมาตรา ๒  ให้กรมตรวจกรมธรรม์ภายในร้อยละ ๕\n\n"
    "มาตรา ๓  ไม่เกินร้อยละ ๕๐ ตามที่กรมประมงประกาศ\n"
)


@pytest.mark.parametrize(
    ("order", "texts", "left"),
    [
        (f"ให้แก้ไขคำว่า “กรม” ใน{LAW} เป็น “สำนัก”",
         ["ให้สำนักตรวจกรมธรรม์ภายในร้อยละ ๕", "ไม่เกินร้อยละ ๕๐ ตามที่กรมประมงประกาศ"],
         ["กรมธรรม์", "กรมประมง"]),
        (f"ให้แก้ไขคำว่า “กรม” ในมาตรา ๓ แห่ง{LAW} เป็น “สำนัก”",
         ["ให้กรมตรวจกรมธรรม์ภายในร้อยละ ๕", "ไม่เกินร้อยละ ๕๐ ตามที่สำนักประมงประกาศ"], []),
        (f"ให้แก้ไขคำว่า “กรม” ในมาตรา ๒ แห่ง{LAW} เป็น “สำนัก”",
         ["ให้สำนักตรวจกรมธรรม์ภายในร้อยละ ๕", "ไม่เกินร้อยละ ๕๐ ตามที่กรมประมงประกาศ"], ["กรมธรรม์"]),
        (f"ให้แก้ไขคำว่า “ร้อยละ ๕” ใน{LAW} เป็น “ร้อยละ ๗”",
         ["ให้กรมตรวจกรมธรรม์ภายในร้อยละ ๗", "ไม่เกินร้อยละ ๕๐ ตามที่กรมประมงประกาศ"], ["50"]),
    ],
)  # fmt: skip
def test_a_word_inside_another_is_not_that_word(order, texts, left):
    act = parse(POLICIES)
    bill = parse(f"มาตรา ๑  ชื่อ\n\nมาตรา ๒  {order}\n\nมาตรา ๓  ใช้\n")
    result = consolidate(act.provisions, bill.amendments)
    assert [row.provision.text for row in result.rows[1:]] == texts
    assert len(result.not_applied) == bool(left)
    assert all(word in one.reason for one in result.not_applied for word in left)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("มาตรา ๕", ["sec_5"]),
        ("มาตรา ๕ ทวิ", ["sec_5-ord2"]),
        ("วรรคแรกของมาตรา ๕", ["sec_5__para_1"]),
        ("วรรคท้ายของมาตรา ๕", ["sec_5__para_last"]),
        ("มาตรา ๕ วรรคสอง", ["sec_5__para_2"]),
        ("(๓) ของมาตรา ๕", ["sec_5__para_1__point_3"]),
        (
            "(๓) และ (๔) ของวรรคสองของมาตรา ๕",
            ["sec_5__para_2__point_3", "sec_5__para_2__point_4"],
        ),
        ("มาตรา ๕ วรรคหนึ่ง (๓) (ก)", ["sec_5__para_1__point_3__point_1"]),
        ("(ก) ของ (๒) ของวรรคหนึ่งของข้อ ๘", ["cl_8__para_1__point_2__point_1"]),
        ("มาตรา ๘๕ และมาตรา ๘๖", ["sec_85", "sec_86"]),
        ("มาตรา ๕ มาตรา ๖ ทวิ และมาตรา ๗/๑", ["sec_5", "sec_6-ord2", "sec_7-1"]),
        ("มาตรา ๕ ถึงมาตรา ๗", ["sec_5", "sec_6", "sec_7"]),
        ("หมวด ๓", ["chp_3"]),
        ("ส่วนที่ ๒ ของหมวด ๓", ["chp_3__div_2"]),
        ("บทนิยามคำว่า “ก” และ “ข” ในมาตรา ๔", ["sec_4__def_ก", "sec_4__def_ข"]),
        ("(๓) และวรรคสองของมาตรา ๙", ["sec_9__para_1__point_3", "sec_9__para_2"]),
        (
            "วรรคสองของมาตรา ๕ และ (๒) ของมาตรา ๖",
            ["sec_5__para_2", "sec_6__para_1__point_2"],
        ),
        ("วรรคสองและวรรคสามของมาตรา ๙", ["sec_9__para_2", "sec_9__para_3"]),
    ],
)
def test_targets(text, paths):
    assert [target.path for target in find_targets(text)] == paths


@pytest.mark.parametrize(
    ("text", "title", "chain"),
    [
        (f"มาตรา ๕ แห่ง{LAW} และให้ใช้", LAW, ()),
        (f"มาตรา ๕ แห่ง{LAW} ซึ่งแก้ไขเพิ่มเติมโดย{SECOND} และให้ใช้", LAW, (SECOND,)),
        (
            f"มาตรา ๕ แห่ง{LAW} ซึ่งแก้ไขเพิ่มเติมโดย{SECOND} และพระราชบัญญัติคุ้มครองผู้เช่าบ้าน "
            "(ฉบับที่ ๓) พ.ศ. ๒๕๖๐",
            LAW,
            (SECOND, "พระราชบัญญัติคุ้มครองผู้เช่าบ้าน (ฉบับที่ ๓) พ.ศ. ๒๕๖๐"),
        ),
        ("มาตรา ๒๗๗ ทวิ แห่งประมวลกฎหมายอาญา และให้ใช้", "ประมวลกฎหมายอาญา", ()),
        (
            "มาตรา ๑๕๙ ของรัฐธรรมนูญแห่งราชอาณาจักรไทย และให้ใช้",
            "รัฐธรรมนูญแห่งราชอาณาจักรไทย",
            (),
        ),
    ],
)
def test_laws(text, title, chain):
    law = find_law(text)
    assert (law.title, law.amended_by) == (title, chain)


@pytest.mark.parametrize(
    ("text", "path", "old", "new"),
    [
        (f"ในมาตรา ๕ แห่ง{LAW} ให้แก้ไขคำว่า “ก” เป็น “ข”", "sec_5", "ก", "ข"),
        (f"ให้แก้ไขคำว่า “ก” ในมาตรา ๕ แห่ง{LAW} เป็น “ข”", "sec_5", "ก", "ข"),
        (f"ให้แก้ไขคำว่า “ก” ใน{LAW} เป็น “ข” ทุกแห่ง", "", "ก", "ข"),
        (f"ให้แทนคำว่า “ก” ด้วยคำว่า “ข” ใน{LAW}", "", "ก", "ข"),
        (f"ให้ใช้คำว่า “ข” แทนคำว่า “ก” ในมาตรา ๕ แห่ง{LAW}", "sec_5", "ก", "ข"),
        (f"ให้ยกเลิกคำว่า “ก” ในมาตรา ๕ แห่ง{LAW} และให้ใช้คำว่า “ข” แทน", "sec_5", "ก", "ข"),
    ],
)
def test_words(text, path, old, new):
    found = parse(f"มาตรา ๑  ชื่อ\n\nมาตรา ๒  {text}\n\nมาตรา ๓  ใช้\n").amendments
    assert [(a.op, a.target_law, a.path, a.old_text, a.new_text) for a in found] == [
        ("word", LAW, path, old, new)
    ]


def test_an_act_that_repeals_others():
    law = parse(
        "มาตรา ๑  ชื่อ\n\nมาตรา ๒  ให้ยกเลิก\n(๑) พระราชบัญญัติควบคุมค่าเช่า พ.ศ. ๒๕๐๔\n"
        "(๒) พระราชบัญญัติควบคุมค่าเช่า (ฉบับที่ ๒) พ.ศ. ๒๕๐๖\n\nมาตรา ๓  ให้ใช้\n"
    )
    assert [(a.op, a.path, a.target_law) for a in law.amendments] == [
        ("repeal", "", "พระราชบัญญัติควบคุมค่าเช่า พ.ศ. ๒๕๐๔"),
        ("repeal", "", "พระราชบัญญัติควบคุมค่าเช่า (ฉบับที่ ๒) พ.ศ. ๒๕๐๖"),
    ]
