"""Numbers of Thai legislation: labels, ordinals, words, dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.law import numerals


@pytest.mark.parametrize(
    ("label", "number", "eid"),
    [
        ("๕", (5, 0, 0, 0), "5"),
        ("12", (12, 0, 0, 0), "12"),
        ("๕/๑", (5, 1, 0, 0), "5-1"),
        ("๕ ทวิ", (5, 0, 2, 0), "5-ord2"),
        ("๕ทวิ", (5, 0, 2, 0), "5-ord2"),
        ("๓๕ ฉ", (35, 0, 6, 0), "35-ord6"),
        ("๙๐/๔๒ ทวิ", (90, 42, 2, 0), "90-42-ord2"),
        ("๖๕ อัฏฐ/๑", (65, 0, 8, 1), "65-ord8-1"),
        ("๖๕ อัฎฐ", (65, 0, 8, 0), "65-ord8"),
        ("๓ อัฏฐารส", (3, 0, 18, 0), "3-ord18"),
        ("๓ เอกูนวีสติ", (3, 0, 19, 0), "3-ord19"),
        ("๖๕ เอกวีสติ/๑", (65, 0, 21, 1), "65-ord21-1"),
        ("๔๗ ฉัพพีสติ", (47, 0, 26, 0), "47-ord26"),
        ("๔๗ สัตตวีสติ", (47, 0, 27, 0), "47-ord27"),
    ],
)
def test_labels(label, number, eid):
    assert numerals.parse_label(label) == number
    assert numerals.eid_number(number) == eid
    assert numerals.number_from_eid(eid) == number


@pytest.mark.parametrize("text", ["", "ก", "มาตรา ๕", "๕ ฉบับ", "๕ นวัตกรรม", "๕/", "ทวิ"])
def test_what_is_no_label(text):
    assert numerals.parse_label(text) is None


def test_legal_order():
    labels = ["๙๐/๔๓", "๙๐/๔๒ ตรี", "๙๑", "๙๐", "๙๐/๔๒", "๙๐/๔๒ ทวิ", "๙๐ ทวิ"]
    ordered = sorted(labels, key=numerals.sort_key)
    assert ordered == ["๙๐", "๙๐ ทวิ", "๙๐/๔๒", "๙๐/๔๒ ทวิ", "๙๐/๔๒ ตรี", "๙๐/๔๓", "๙๑"]


_NUMBERS = st.tuples(
    st.integers(1, 2000),
    st.integers(0, 90),
    st.just(0) | st.integers(2, 40),
    st.integers(0, 9),
).map(lambda n: n if n[2] else (n[0], n[1], 0, 0))


@given(_NUMBERS)
def test_printed_labels_are_read_back(number):
    assert numerals.parse_label(numerals.format_label(number)) == number
    assert (
        numerals.parse_label(numerals.format_label(number, digits="arabic")) == number
    )
    assert numerals.number_from_eid(numerals.eid_number(number)) == number


def test_no_two_ordinals_share_a_spelling():
    spellings = [word for words in numerals.PALI_ORDINALS.values() for word in words]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("previous", "number", "expected"),
    [
        ((5, 0, 0, 0), (6, 0, 0, 0), True),
        ((5, 0, 0, 0), (5, 1, 0, 0), True),
        ((5, 0, 0, 0), (5, 0, 2, 0), True),
        ((5, 0, 2, 0), (5, 0, 3, 0), True),
        ((5, 9, 0, 0), (6, 0, 0, 0), True),
        ((5, 0, 0, 0), (7, 0, 0, 0), False),
        ((5, 0, 0, 0), (5, 0, 3, 0), False),
        ((5, 0, 0, 0), (5, 0, 0, 0), False),
    ],
)
def test_follows(previous, number, expected):
    assert numerals.follows(previous, number) is expected


def test_words():
    for value in range(1, 100):
        assert numerals.parse_word_number(numerals.word_number(value)) == value
    assert numerals.word_number(21) == "ยี่สิบเอ็ด"
    assert numerals.parse_word_number("แรก") is None


def test_dates():
    day = date(2026, 12, 7)
    assert numerals.thai_date(day) == "7 ธันวาคม 2569"
    assert numerals.thai_date(day, short=True) == "7 ธ.ค. 2569"
    assert numerals.thai_date(day, digits="thai") == "๗ ธันวาคม ๒๕๖๙"
    assert numerals.parse_thai_date("ให้ไว้ ณ วันที่ ๗ ธันวาคม พ.ศ. ๒๕๖๙") == day
    assert numerals.parse_thai_date("๓๑ กุมภาพันธ์ ๒๕๖๙") is None


def test_digits_both_ways():
    assert numerals.thai_digits(1755) == "๑๗๕๕"
    assert numerals.arabic_digits("มาตรา ๑๒/๑") == "มาตรา 12/1"
