"""Consolidating schedules, names of chapters and words in one paragraph."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

from drafts.law.consolidate import consolidate
from drafts.law.parse import parse

LAW = "พระราชบัญญัติสวนชุมชน พ.ศ. ๒๕๓๕"
ACT = """มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติสวนชุมชน พ.ศ. ๒๕๓๕”

หมวด ๑
การอนุญาต

มาตรา ๒  ผู้ใดจะเปิดสวนต้องขออนุญาตต่ออธิบดี
อธิบดีต้องตอบภายในสามสิบวัน
(๑) อธิบดีอนุญาต
(๒) อธิบดีไม่อนุญาต

มาตรา ๓  ให้รัฐมนตรีรักษาการ

ผู้รับสนองพระบรมราชโองการ
นายกรัฐมนตรี

อัตราค่าธรรมเนียม
(๑) ใบอนุญาต ฉบับละ ๑๐๐ บาท
(๒) ใบแทน ฉบับละ ๕๐ บาท

บัญชี ๑
สวนที่อธิบดีประกาศ
"""


def amend(*instructions, tail=""):
    body = "\n\n".join(
        f"มาตรา {number}  {text}"
        for number, text in zip("๑๒๓๔๕๖", instructions, strict=False)
    )
    bill = parse(f"{body}\n\nมาตรา ๗  ให้รัฐมนตรีรักษาการ\n\n{tail}")
    act = parse(ACT)
    return consolidate(act.provisions, bill.amendments, act.parts)


def texts(result):
    return {row.heading: (row.change, row.text) for row in result.schedules}


def test_entries_are_replaced_and_added():
    result = amend(
        f"ให้ยกเลิกความใน (๒) ของอัตราค่าธรรมเนียมท้าย{LAW} และให้ใช้ความต่อไปนี้แทน\n“(๒) ใบแทน ฉบับละ ๘๐ บาท”",
        f"ให้เพิ่มความต่อไปนี้เป็น (๑/๑) ของอัตราค่าธรรมเนียมท้าย{LAW}\n“(๑/๑) สำเนา ฉบับละ ๑๐ บาท”",
    )
    assert result.not_applied == ()
    row = result.schedules[0]
    assert row.text.split("\n") == [
        "อัตราค่าธรรมเนียม", "(๑) ใบอนุญาต ฉบับละ ๑๐๐ บาท", "(๑/๑) สำเนา ฉบับละ ๑๐ บาท",
        "(๒) ใบแทน ฉบับละ ๘๐ บาท",
    ]  # fmt: skip
    assert (row.change, row.sections) == ("replace", ("sec_1", "sec_2"))
    assert row.old_text.endswith("๕๐ บาท")


def test_whole_schedules_come_from_the_end_of_the_draft():
    result = amend(
        f"ให้ยกเลิกบัญชี ๑ ท้าย{LAW} และให้ใช้บัญชี ๑ ท้ายพระราชบัญญัตินี้แทน",
        f"ให้เพิ่มบัญชี ๒ ท้ายพระราชบัญญัตินี้ เป็นบัญชี ๒ ท้าย{LAW}",
        tail="ผู้รับสนองพระบรมราชโองการ\nนายกรัฐมนตรี\n\nบัญชี ๑\nสวนใหม่\n\nบัญชี ๒\nสวนที่ห้ามเปิด\n",
    )
    assert result.not_applied == ()
    assert texts(result)["บัญชี ๑"] == ("replace", "บัญชี ๑\nสวนใหม่")
    assert texts(result)["บัญชี ๒"] == ("insert", "บัญชี ๒\nสวนที่ห้ามเปิด")


def test_a_schedule_is_repealed():
    result = amend(f"ให้ยกเลิกบัญชี ๑ ท้าย{LAW}")
    assert texts(result)["บัญชี ๑"] == ("repeal", "")


def test_what_is_missing_is_said():
    result = amend(
        f"ให้ยกเลิกบัญชี ๑ ท้าย{LAW} และให้ใช้บัญชี ๑ ท้ายพระราชบัญญัตินี้แทน",
        f"ให้ยกเลิกแผนที่ท้าย{LAW}",
        f"ให้ยกเลิกความใน (๗) ของอัตราค่าธรรมเนียมท้าย{LAW}",
    )
    reasons = [item.reason for item in result.not_applied]
    assert "ร่างนี้ไม่มี “บัญชี ๑” แนบมาด้วย" in reasons[0]
    assert "ไม่มี “แผนที่”" in reasons[1]
    assert "ไม่พบรายการ" in reasons[2]
    assert all(row.change == "" for row in result.schedules)


def test_words_everywhere_are_changed_in_schedules_too():
    result = amend(f"ให้แก้ไขคำว่า “อธิบดี” ใน{LAW} เป็น “เลขาธิการ” ทุกแห่ง")
    assert texts(result)["บัญชี ๑"] == ("word", "บัญชี ๑\nสวนที่เลขาธิการประกาศ")
    assert "อธิบดี" not in result.rows[1].provision.text


def test_words_of_one_paragraph_only():
    result = amend(f"ให้แก้ไขคำว่า “อธิบดี” ในมาตรา ๒ วรรคสอง แห่ง{LAW} เป็น “เลขาธิการ”")
    first, second = result.rows[1].provision.paragraphs
    assert "อธิบดี" in first.text
    assert second.text.startswith("เลขาธิการ")
    assert [item.text for item in second.items] == ["เลขาธิการอนุญาต", "เลขาธิการไม่อนุญาต"]


def test_words_of_one_item_only():
    result = amend(f"ให้แก้ไขคำว่า “อธิบดี” ใน (๒) ของมาตรา ๒ แห่ง{LAW} เป็น “เลขาธิการ”")
    items = result.rows[1].provision.paragraphs[1].items
    assert [item.text for item in items] == ["อธิบดีอนุญาต", "เลขาธิการไม่อนุญาต"]


def test_a_chapter_gets_a_new_name_and_a_new_part():
    result = amend(
        f"ให้ยกเลิกชื่อหมวด ๑ การอนุญาต แห่ง{LAW} และให้ใช้ความต่อไปนี้แทน\n“หมวด ๑\nการแจ้ง”",
        f"ให้เพิ่มความต่อไปนี้เป็นส่วนที่ ๑ การอุทธรณ์ มาตรา ๒/๑ ของหมวด ๑ การแจ้ง แห่ง{LAW}\n“ส่วนที่ ๑\nการอุทธรณ์\n\nมาตรา ๒/๑  อุทธรณ์ได้”",
    )
    assert result.not_applied == ()
    rows = {row.provision.label: row.provision for row in result.rows}
    assert rows["๒"].division == ("หมวด ๑ การแจ้ง",)
    assert rows["๒/๑"].division == ("หมวด ๑ การแจ้ง", "ส่วนที่ ๑ การอุทธรณ์")
    assert rows["๒/๑"].division_eid == "chp_1__div_1"
