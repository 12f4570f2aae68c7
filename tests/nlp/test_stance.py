"""Stance: from the form, else from plain words, else not stated."""

from __future__ import annotations

import pytest

from comments.nlp.stance import stance_of, stated
from comments.nlp.text import Comment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("เห็นด้วยกับร่างนี้", "agree"),
        ("ไม่เห็นด้วยอย่างยิ่ง", "disagree"),
        ("ขอคัดค้านร่างมาตรา ๕", "disagree"),
        ("เห็นด้วย แต่ควรลดค่าธรรมเนียม", "agree_with_changes"),
        ("เห็นด้วยกับข้อ 1 แต่ไม่เห็นด้วยกับข้อ 2", "not_stated"),
        ("ผู้ที่ไม่เห็นด้วยควรได้ชี้แจง", "not_stated"),
        ("ถ้าเห็นด้วยต้องทำอย่างไร", "not_stated"),
        ("รัฐควรสนับสนุนเงินทุนให้ชุมชน", "not_stated"),
        ("ถนนพังมาสามปีแล้ว", "not_stated"),
        ("I disagree with section 4", "disagree"),
        ("", "not_stated"),
        ("พวกที่เห็นด้วยคือผู้ได้ประโยชน์", "not_stated"),
        ("ข้าพเจ้ามิได้เห็นด้วยกับร่างนี้", "not_stated"),
        ("ไม่ใช่เห็นด้วยไปเสียหมด", "not_stated"),
        ("เห็นด้วยหรือไม่ครับ", "not_stated"),
        ("😀เห็นด้วย", "agree"),
    ],
)
def test_only_plain_statements_count(text, value):
    assert stated(text).value == value


def test_the_cue_is_a_place_in_the_text():
    text = "โดยรวมแล้ว ไม่เห็นด้วย กับร่างนี้"
    found = stated(text)
    assert text[found.start : found.end] == "ไม่เห็นด้วย"
    assert found.source == "cue"


def test_the_form_goes_before_the_words():
    found = stance_of(Comment(1, "ไม่เห็นด้วย", stance="agree"))
    assert (found.value, found.source) == ("agree", "form")
    imported = stance_of(Comment(1, "ไม่เห็นด้วย", stance="not_stated"))
    assert (imported.value, imported.source) == ("disagree", "cue")
