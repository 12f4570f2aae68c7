"""Comments written for these tests: a made-up bill on dogs, noise and markets."""

from __future__ import annotations

import itertools

_TOPICS = {
    "dogs": (
        ["สุนัขจรจัด", "หมาจรจัด", "สุนัขไม่มีเจ้าของ"],
        ["กัดเด็กในซอย", "ไล่กัดคนส่งของ", "เห่าหอนทั้งคืน", "แพร่โรคพิษสุนัขบ้า"],
        ["ควรทำหมันและฉีดวัคซีนให้หมด", "เทศบาลต้องมีศูนย์พักพิงสัตว์", "เจ้าของต้องขึ้นทะเบียนไมโครชิป"],
    ),
    "noise": (
        ["ร้านเหล้าข้างบ้าน", "ผับหน้าปากซอย", "ร้านคาราโอเกะ"],
        ["เปิดเพลงเสียงดังถึงตีสอง", "เสียงเบสดังจนนอนไม่หลับ", "ตั้งลำโพงหันเข้าหมู่บ้าน"],
        ["ต้องวัดเดซิเบลแล้วปรับจริง", "ควรปิดก่อนเที่ยงคืน", "ให้ติดฉนวนกันเสียง"],
    ),
    "market": (
        ["แผงลอยบนทางเท้า", "หาบเร่แผงลอย", "ตลาดนัดริมถนน"],
        ["ขวางทางคนเดินและรถเข็น", "ทำให้ต้องลงไปเดินบนถนน", "ทิ้งเศษอาหารลงท่อ"],
        ["ควรจัดโซนขายของให้ชัดเจน", "ต้องเก็บค่าเช่าที่เป็นธรรม", "ให้ขายได้เฉพาะช่วงเย็น"],
    ),
    "fees": (
        ["ค่าธรรมเนียมใบอนุญาต", "ค่าธรรมเนียมรายปี", "ค่าขอใบอนุญาต"],
        ["แพงเกินไปสำหรับรายย่อย", "สูงกว่ากำไรทั้งเดือน", "ซ้ำซ้อนกับภาษีป้าย"],
        ["ควรลดให้ผู้ประกอบการรายเล็ก", "ขอผ่อนจ่ายเป็นงวด", "ให้ยกเว้นปีแรก"],
    ),
}


def labelled() -> list[tuple[str, str]]:
    """About 120 comments with the topic of each."""
    rows = []
    for topic, parts in _TOPICS.items():
        for words in itertools.product(*parts):
            rows.append((" ".join(words), topic))
    return rows


def rows() -> list[dict]:
    """The labelled comments with a few of every other kind."""
    stances = ["agree", "disagree", "agree_with_changes", None]
    found = [
        {"id": i, "text": text, "stance": stances[i % 4], "section": f"sec_{i % 3}"}
        for i, (text, _) in enumerate(labelled())
    ]
    campaign = (
        "ขอให้ตัดมาตรา 12 ออกทั้งมาตรา เพราะให้อำนาจเจ้าหน้าที่ค้นบ้านโดยไม่มีหมายศาล "
        "ขัดต่อสิทธิเสรีภาพในเคหสถาน"
    )
    closings = ["", " ขอบคุณครับ", " ด้วยความเคารพ", "!!!"]
    odd = [
        "",
        "   ",
        "😀😀😀",
        "เห็นด้วย",
        "ไม่เห็นด้วยครับ",
        "ภาษี",
        "I support section 5 because small vendors need clear rules.",
        "ก" * 50_000,
        "ควรมีล่ามภาษามือในทุกเวทีรับฟังความคิดเห็น คนหูหนวกจะได้เข้าใจ",
        "\ud83d เสียงดัง",
    ]
    found += [
        {"id": f"c{i}", "text": campaign + closings[i % 4], "section": "sec_12"}
        for i in range(8)
    ]
    found += [{"id": f"odd-{i}", "text": text} for i, text in enumerate(odd)]
    return found
