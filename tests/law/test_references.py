"""Cross-references as spans with targets; defined terms on word boundaries."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

import pytest

from drafts.law.parse import parse
from drafts.law.references import (
    eids_of,
    find_definitions,
    find_references,
    find_terms,
)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("ตามมาตรา ๗๐ วรรคสอง (๓) ให้", [("มาตรา ๗๐ วรรคสอง (๓)", "sec_70__para_2__point_3", "")]),
        ("ตามมาตรา ๕ (๑) (ก)", [("มาตรา ๕ (๑) (ก)", "sec_5__para_1__point_1__point_1", "")]),
        ("มาตรา ๙๐/๔๒ ทวิ วรรคท้าย", [("มาตรา ๙๐/๔๒ ทวิ วรรคท้าย", "sec_90-42-ord2__para_last", "")]),
        ("มาตรา ๕ แห่งพระราชบัญญัตินี้", [("มาตรา ๕", "sec_5", "")]),
        (
            "มาตรา ๕ และมาตรา ๖ แห่งประมวลกฎหมายอาญา",
            [("มาตรา ๕", "sec_5", "ประมวลกฎหมายอาญา"), ("มาตรา ๖", "sec_6", "ประมวลกฎหมายอาญา")],
        ),
        (
            "มาตรา ๕ ของพระราชบัญญัติสวน พ.ศ. ๒๕๖๐ และมาตรา ๗",
            [("มาตรา ๕", "sec_5", "พระราชบัญญัติสวน พ.ศ. ๒๕๖๐"), ("มาตรา ๗", "sec_7", "")],
        ),
        ("ตามวรรคหนึ่งและวรรคสาม (๒)", [
            ("วรรคหนึ่ง", "sec_3__para_1", ""), ("วรรคสาม (๒)", "sec_3__para_3__point_2", ""),
        ]),
        ("ข้อ ๕ ของสัญญา", []),
        ("ไม่มีการอ้าง", []),
    ],
)  # fmt: skip
def test_references(text, targets):
    found = find_references(text, here="sec_3")
    assert [(r.text, r.eid, r.law) for r in found] == targets
    assert all(text[r.start : r.end] == r.text for r in found)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("ซึ่งมาตรา ๒๖ ประกอบกับมาตรา ๒๘ และมาตรา ๔๐ ของรัฐธรรมนูญแห่งราชอาณาจักรไทย บัญญัติ", []),
        ("ให้เพิ่มความเป็นวรรคสามของมาตรา ๒๐ แห่งพระราชบัญญัติป่า พ.ศ. ๒๔๘๔", []),
        ("ให้ใช้ความต่อไปนี้แทน\n“มาตรา ๙  ผู้ใดทำตามมาตรา ๘\n“ผู้ขาย” ให้เป็นไปตามมาตรา ๗”\nตามมาตรา ๕", ["sec_5"]),
        ("ความต่อไปนี้\n“วรรคหนึ่งตามมาตรา ๗\n“วรรคสองตามมาตรา ๘\nวรรคสามตามมาตรา ๙”\nตามมาตรา ๕", ["sec_5"]),
        ("“ผู้ขาย” หมายความว่า ผู้ซึ่งได้รับอนุญาตตามมาตรา ๕", ["sec_5"]),
        ("มาตรา ๕ แห่งพระราชบัญญัติดังกล่าว และมาตรา ๖ ของกฎหมายว่าด้วยสวน", []),
        ("มาตรา ๕ แห่งอนุสัญญาว่าด้วยสิทธิเด็ก", []),
        ("พระราชบัญญัติการสาธารณสุข พ.ศ. ๒๕๓๕ มาตรา ๕ และมาตรา ๖ และตามมาตรา ๗ ต่อไป", []),
        ("ประมวลกฎหมายอาญา มาตรา ๕ ทั้งนี้ ให้นำมาตรา ๖ มาใช้", ["sec_6"]),
        ("ฝ่าฝืนบทบัญญัติของรัฐธรรมนูญมาตรา ๑๔๔", []),
        ("มาตรา ๕ (๑) และ (๒) แห่งพระราชบัญญัติจราจรทางบก พ.ศ. ๒๕๒๒", []),
        ("มาตรา ๕ วรรคหนึ่งหรือวรรคสอง แห่งพระราชบัญญัติป่าไม้ พ.ศ. ๒๔๘๔", []),
        ("ความผิดตามมาตรา ๕ หรือความผิดตามมาตรา ๖ แห่งประมวลกฎหมายอาญา", []),
        ("ตามมาตรา ๕ แห่งร่างพระราชบัญญัตินี้ หรือมาตรา ๖ ในประมวลกฎหมายนี้", ["sec_5", "sec_6"]),
        ("มาตรา ๕๑ หรือมาตรา ๕๒ ในประกาศเชิญชวน", ["sec_51", "sec_52"]),
        ("มาตรา ๗ วรรคสองหรือวรรคสาม และตามวรรคหนึ่ง", ["sec_7__para_2", "sec_7__para_3", "sec_3__para_1"]),
    ],
)  # fmt: skip
def test_what_is_of_another_law_or_quoted_is_no_reference_to_this_one(text, targets):
    found = find_references(text, here="sec_3")
    assert [r.eid for r in found if not r.law] == targets


LAW = parse(
    "มาตรา ๑  ในพระราชบัญญัตินี้\n“สวน” หมายความว่า ที่ปลูกต้นไม้\n“ผู้ดูแล” หรือ “คนสวน” หมายความว่า ผู้ดูแลสวน\n"
    "“คณะกรรมการสวน” ให้หมายความรวมถึงอนุกรรมการ\n\n"
    "มาตรา ๒  ให้มี\n(๑) ต้นไม้\n(๒) น้ำ\nผู้ใดทำลายมีความผิด\n"
)


def test_targets_that_do_not_exist_resolve_upwards():
    known = eids_of(LAW.provisions)

    def target(text):
        return [r.eid for r in find_references(text, here="sec_1", known=known)]

    assert target("มาตรา ๒ (๒)") == ["sec_2__para_1__point_2"]
    assert target("มาตรา ๒ วรรคท้าย") == ["sec_2__para_2"]
    assert target("มาตรา ๒ วรรคเก้า") == ["sec_2"]
    assert target("มาตรา ๒ (๙)") == ["sec_2__para_1"]
    assert target("มาตรา ๙") == []


def test_definitions():
    found = find_definitions(LAW.provisions)
    assert [(d.term, d.eid) for d in found] == [
        ("สวน", "sec_1__para_2"),
        ("ผู้ดูแล", "sec_1__para_3"),
        ("คนสวน", "sec_1__para_3"),
        ("คณะกรรมการสวน", "sec_1__para_4"),
    ]


def test_terms_in_use():
    definitions = find_definitions(LAW.provisions)
    text = "ผู้ดูแลต้องเปิดสวนทุกวัน และสอบสวนผู้ทำลาย"
    uses = [text[u.start : u.end] for u in find_terms(text, definitions)]
    assert uses == ["ผู้ดูแล", "สวน"]
