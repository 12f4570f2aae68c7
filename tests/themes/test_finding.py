"""Lists are narrowed by words, not by letters in a row."""

from __future__ import annotations

import pytest

from comments.finding import forms_of, holds_words, pattern_of
from comments.models import Comment
from tests import factories

pytestmark = pytest.mark.django_db

TEXTS = [
    "ค่าปรับตามมาตรา ๕ สูงเกินไป",
    "สูงเกินไปสำหรับค่าปรับของร้านเล็ก มาตรา 5",
    "ค่าปรับเหมาะสมแล้ว",
    "FREE for small shops 😀",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ค่าปรับสูง", {0, 1}),
        ("มาตรา ๕", {0, 1}),
        ("มาตรา 5", {0, 1}),
        ("ค่าปรับ", {0, 1, 2}),
        ("ร้านเล็ก ค่าปรับ", {1}),
        ("small free", {3}),
        ("😀", {3}),
        ("ไม่มีคำนี้เลย", set()),
        ("100%", set()),
    ],
)
def test_all_words_in_any_order_and_digits_in_both_forms(query, found):
    round_ = factories.make_round()
    rows = factories.make_comments(round_, TEXTS)
    hits = set(Comment.objects.filter(holds_words(query)).values_list("pk", flat=True))
    assert hits == {rows[n].pk for n in found}


def test_what_is_marked_is_what_was_found():
    pattern = pattern_of("ค่าปรับ 5")
    assert pattern.findall(TEXTS[0]) == ["ค่าปรับ", "๕"]
    assert pattern.findall(TEXTS[1]) == ["ค่าปรับ", "5"]


def test_a_long_query_is_cut_and_a_blank_one_finds_nothing_to_mark():
    assert len(forms_of(" ".join(f"คำ{n}" for n in range(40)))) <= 12
    assert pattern_of("   ") is None
