"""What became of each provision, and which words changed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.law.compare import (
    Change,
    Unit,
    carry_anchor,
    match_provisions,
    redline,
    similarity,
    units_of,
)
from drafts.law.parse import parse
from tests.law.synthetic import make_act

LAMP = "ให้เทศบาลติดตั้งไฟส่องสว่างตามทางเดินเท้าทุกระยะห้าสิบเมตร และดูแลให้ใช้การได้ตลอดคืน"
TREE = "ผู้ใดตัดต้นไม้ในสวนสาธารณะโดยไม่ได้รับอนุญาต ต้องระวางโทษปรับไม่เกินสองหมื่นบาท"
BOARD = (
    "ให้มีคณะกรรมการสวนประกอบด้วยนายกเทศมนตรีเป็นประธาน และผู้แทนชุมชนสี่คนเป็นกรรมการ "
    "ให้คณะกรรมการประชุมอย่างน้อยเดือนละครั้ง และเปิดเผยรายงานการประชุมต่อประชาชน"
)
DOGS = "เจ้าของสุนัขต้องใช้สายจูงและเก็บมูลสุนัขทุกครั้งที่นำสุนัขเข้ามาในสวนสาธารณะ"


def units(*pairs):
    return [Unit(key, (number, 0, 0, 0), text) for key, number, text in pairs]


def changes(old, new):
    return [(m.change, m.old, m.new) for m in match_provisions(old, new)]


def test_same():
    old = units(("", 1, LAMP), ("", 2, TREE))
    assert changes(old, old) == [(Change.SAME, (0,), (0,)), (Change.SAME, (1,), (1,))]


def test_inserted_section_renumbers_the_rest():
    old = units(("", 1, LAMP), ("", 2, TREE), ("", 3, BOARD))
    new = units(("", 1, LAMP), ("", 2, DOGS), ("", 3, TREE), ("", 4, BOARD))
    assert changes(old, new) == [
        (Change.SAME, (0,), (0,)),
        (Change.ADDED, (), (1,)),
        (Change.RENUMBERED, (1,), (2,)),
        (Change.RENUMBERED, (2,), (3,)),
    ]


def test_identity_wins_over_label_and_likeness():
    old = units(("a", 1, LAMP), ("b", 2, TREE))
    new = units(("b", 1, LAMP), ("a", 2, TREE))
    found = match_provisions(old, new)
    assert [(m.old, m.new, m.by) for m in found] == [
        ((1,), (0,), "identity"),
        ((0,), (1,), "identity"),
    ]


def test_changed_moved_removed():
    old = units(("", 1, LAMP), ("", 2, TREE), ("", 3, BOARD), ("", 4, DOGS))
    new = units(("", 1, LAMP.replace("ห้าสิบ", "สามสิบ")), ("", 2, DOGS), ("", 3, TREE))
    found = match_provisions(old, new)
    assert {(m.change, m.old, m.new) for m in found} == {
        (Change.CHANGED, (0,), (0,)),
        (Change.RENUMBERED, (1,), (2,)),
        (Change.REMOVED, (2,), ()),
        (Change.MOVED, (3,), (1,)),
    }
    first = found[0]
    assert first.by == "label"
    assert not first.exact
    assert 0.5 < first.similarity < 1


def test_split():
    one, two = BOARD.split(" ให้คณะกรรมการประชุม")
    new = units(("", 1, one), ("", 2, "ให้คณะกรรมการประชุม" + two), ("", 3, LAMP))
    found = match_provisions(units(("", 1, BOARD), ("", 2, LAMP)), new)
    assert (found[0].change, found[0].old, found[0].new) == (Change.SPLIT, (0,), (0, 1))
    assert found[1].change is Change.RENUMBERED


def test_merged():
    one, two = BOARD.split(" ให้คณะกรรมการประชุม")
    old = units(("", 1, one), ("", 2, "ให้คณะกรรมการประชุม" + two), ("", 3, LAMP))
    found = match_provisions(old, units(("", 1, BOARD), ("", 2, LAMP)))
    assert (found[0].change, found[0].old, found[0].new) == (
        Change.MERGED,
        (0, 1),
        (0,),
    )


def test_a_label_with_another_text_is_another_provision():
    found = match_provisions(units(("", 1, LAMP)), units(("", 1, DOGS)))
    assert {m.change for m in found} == {Change.ADDED, Change.REMOVED}


def test_every_provision_is_accounted_for_once():
    law = units_of(parse(make_act(60, seed=8)))
    other = units_of(parse(make_act(50, seed=9)))
    found = match_provisions(law, other)
    assert sorted(i for m in found for i in m.old) == list(range(60))
    assert sorted(j for m in found for j in m.new) == list(range(50))


def test_redline_is_by_words():
    spans = redline("ปรับไม่เกินห้าพันบาท", "ปรับไม่เกินหนึ่งหมื่นบาท")
    assert [(s.op, s.text) for s in spans] == [
        ("same", "ปรับไม่เกิน"),
        ("delete", "ห้าพัน"),
        ("insert", "หนึ่งหมื่น"),
        ("same", "บาท"),
    ]


_TEXT = st.lists(
    st.sampled_from(
        ["ให้", "เทศบาล", "ดูแล", "สวน", " ", "\n", "(๑)", "มาตรา ", "๕", "และ", "ไฟ"]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(_TEXT, _TEXT)
def test_redline_gives_both_texts_back(old, new):
    spans = redline(old, new)
    assert "".join(s.text for s in spans if s.op != "insert") == old
    assert "".join(s.text for s in spans if s.op != "delete") == new


@pytest.mark.parametrize(
    ("place", "expected", "exact"),
    [
        ("เทศบาล", "เทศบาล", True),
        ("ห้าสิบ", "", False),
        ("ระยะห้าสิบเมตร", "ระยะสามสิบเมตร", False),
    ],
)
def test_an_anchor_is_carried_over(place, expected, exact):
    new = "ในเขตเมือง " + LAMP.replace("ห้าสิบ", "สามสิบ")
    start = LAMP.index(place)
    low, high, same = carry_anchor(redline(LAMP, new), start, start + len(place))
    assert new[low:high] == expected
    assert same is exact


def test_similarity_is_a_measure():
    assert similarity(LAMP, LAMP) == 1
    assert similarity(LAMP, DOGS) < 0.2
    assert similarity(LAMP, LAMP + TREE) == similarity(LAMP + TREE, LAMP)


def test_two_versions_of_200_sections_within_a_second():
    old = units_of(parse(make_act(200, seed=2)))
    new = [
        Unit("", (n + 2, 0, 0, 0), unit.text.replace("ให้", "สมควรให้", 1))
        for n, unit in enumerate(old)
    ]
    redline("อุ่นเครื่อง", "อุ่นเครื่องยนต์")
    start = time.perf_counter()
    found = match_provisions(old, new)
    for match in found:
        for i, j in zip(match.old, match.new, strict=False):
            redline(old[i].text, new[j].text)
    assert time.perf_counter() - start < 1


def test_an_insertion_that_shifts_every_label_is_seen_through():
    texts = [LAMP, TREE, BOARD, DOGS]
    old = [Unit("", (n, 0, 0, 0), text) for n, text in enumerate(texts, start=1)]
    new = [Unit("", (1, 0, 0, 0), "ให้พระราชบัญญัตินี้ใช้บังคับแก่สวนสาธารณะทุกแห่งของเทศบาล")] + [
        Unit("", (n, 0, 0, 0), text.replace("ให้", "พึงให้"))
        for n, text in enumerate(texts, start=2)
    ]
    found = match_provisions(old, new)
    assert [(m.old, m.new) for m in found] == [
        ((), (0,)), ((0,), (1,)), ((1,), (2,)), ((2,), (3,)), ((3,), (4,)),
    ]  # fmt: skip
    assert all(m.renumbered for m in found[1:])


def test_1755_sections_shifted_and_reworded_take_seconds():
    old = units_of(parse(make_act(1755)))
    new = [
        Unit("", (n + 2, 0, 0, 0), unit.text.replace("ให้", "พึงให้", 1))
        for n, unit in enumerate(old)
    ]
    start = time.perf_counter()
    found = match_provisions(old, new)
    assert time.perf_counter() - start < 10
    assert all(m.old == m.new for m in found)


def test_a_text_of_one_word_is_the_same_where_it_follows_the_same() -> None:
    old = units(("", 1, BOARD), ("", 2, "(ยกเลิก)"), ("", 3, LAMP))
    new = units(("", 1, DOGS), ("", 2, BOARD), ("", 3, "(ยกเลิก)"), ("", 4, LAMP))
    assert [(m.change, m.old, m.new) for m in match_provisions(old, new)] == [
        (Change.ADDED, (), (0,)),
        (Change.RENUMBERED, (0,), (1,)),
        (Change.RENUMBERED, (1,), (2,)),
        (Change.RENUMBERED, (2,), (3,)),
    ]
