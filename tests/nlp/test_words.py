"""The one segmenter: nothing lost, offsets true, any text survived."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.law import words as w

HARD = [
    "",
    " ",
    "\n\r\n\t",
    "😀😀👨‍👩‍👧",
    "\ud800abc\udfff",
    "\x00\x01ก\x00",
    "น\u200bํ้า ก่ีฬา เเละ ทำำ",
    "ก" * 300,
    "\u0e49\u0e49\u0e49",
    "a\u0301e\u0301 ﬁ ①",
    "มาตรา ๙๐/๔๒ ทวิ (๑) และ 12,000.50 บาท",
    "ไม่เห็นด้วย!!!ครับๆ ฯลฯ",
    "עברית العربية 漢字かな",
]


@pytest.mark.parametrize("text", HARD)
def test_tokens_join_to_the_text_itself(text):
    assert "".join(w.tokens(text)) == text


@pytest.mark.parametrize("text", HARD)
def test_spans_are_ordered_places_of_the_words(text):
    spans = w.spans(text)
    assert [word for word, _, _ in spans] == w.words(text)
    last = 0
    for _, start, end in spans:
        assert 0 <= start < end <= len(text)
        assert start >= last or start >= spans[0][1]
        last = start


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(
            st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B),
            st.characters(codec=None),
            st.sampled_from("\u200b\ufeff \nเเํา้่"),
        ),
        max_size=60,
    )
)
def test_any_text_is_survived_and_kept(text):
    assert "".join(w.tokens(text)) == text
    for word, start, end in w.spans(text):
        assert word
        assert 0 <= start < end <= len(text)


def test_words_are_normalised():
    assert w.words("มาตรา ๕/๑ ABC") == ["มาตรา", "5", "1", "abc"]
    assert w.words("มาก ๆ ฯลฯ 😀 ...") == ["มาก"]
    assert w.words("๑๒,๐๐๐.๕๐ บาท") == w.words("12,000.50 บาท")


def test_misplaced_marks_and_invisible_characters_do_not_change_the_words():
    plain = w.words("แก้ไขกฎหมายที่ดินทำกินน้ำใต้ดิน")
    typed = "เเก้ไขกฎ\u200bหมายที่ดินทํากินนํ้าใต้\u200dดิน"
    assert w.words(typed) == plain
    for word, start, end in w.spans(typed):
        assert w.tidy(typed[start:end]) == word


def test_legal_terms_are_words():
    for term in ("พนักงานเจ้าหน้าที่", "ปรับเป็นพินัย", "ผู้รับใบอนุญาต"):
        assert w.words(f"ให้{term}ดำเนินการ")[1] == term


def test_compound_parts_tile_exactly():
    parts = w.compound_parts("ภาษีที่ดิน")
    assert "ที่ดิน" in parts
    assert "ภาษี" in parts
    assert w.compound_parts("น้ำท่วม")[:2] == ["น้ำ", "ท่วม"]
    assert w.compound_parts("กขคง") == []
    assert w.compound_parts("") == []


def test_long_runs_take_reasonable_time():
    started = time.perf_counter()
    for run in ("ก" * 50_000, "ตากลมภาษีที่ดิน" * 3_400, "่" * 50_000, "เเ" * 25_000):
        assert "".join(w.tokens(run)) == run
    assert time.perf_counter() - started < 5


def test_threads_agree():
    texts = [f"ร่างมาตรา {i} ว่าด้วยภาษีที่ดินและสิ่งปลูกสร้าง" for i in range(200)]
    one = [w.words(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(w.words, texts)) == one


def test_a_draft_brings_its_own_terms_without_touching_the_common_dictionary():
    text = "ผู้ประสานงานชุมชนสีฟ้าใสต้องรายงาน"
    own = w.Segmenter(["ผู้ประสานงานชุมชนสีฟ้าใส"])
    assert own.words(text)[0] == "ผู้ประสานงานชุมชนสีฟ้าใส"
    assert w.words(text)[0] != "ผู้ประสานงานชุมชนสีฟ้าใส"
    assert own.id != w.DICTIONARY_ID


def test_a_changed_word_list_is_refused(monkeypatch):
    monkeypatch.setattr(w, "LEGAL_TERMS_SHA256", "0" * 64)
    with pytest.raises(w.DictionaryError, match="legal_terms"):
        w._pinned_words()
