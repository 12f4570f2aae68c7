"""What is covered, what must never be, and what holds for any text."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.privacy import check_digit, cover, redact

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def national_id(twelve: str) -> str:
    return twelve + str(check_digit(twelve))


def grouped(digits: str, separator: str) -> str:
    cuts = (0, 1, 5, 10, 12, 13)
    pairs = itertools.pairwise(cuts)
    return separator.join(digits[a:b] for a, b in pairs)


def test_the_check_digit_is_that_of_the_department_of_provincial_administration():
    assert (
        check_digit("110170020345")
        == (
            11
            - sum(
                int(d) * w
                for d, w in zip("110170020345", range(13, 1, -1), strict=True)
            )
            % 11
        )
        % 10
    )
    assert national_id("123456789012") == "1234567890121"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("เลขบัตร 1-2345-67890-12-1 ครับ", "national_id"),
        ("โทรกลับ (081) 234-5678 ค่ะ", "phone"),
        ("สำนักงาน (๐๒) ๑๒๓-๔๕๖๗", "phone"),
        ("สาขา (038) 123456", "phone"),
        ("เขียนถึง somchai@คน.ไทย", "email"),
        ("สมชาย@คน.ไทย ครับ", "email"),
        ("เขียนถึง สมชาย@example.com ครับ", "email"),
        ("โทร 08\u200b1-234\u20605678", "phone"),
        ("๑๒๓๔๕\u200b๖๗๘๙๐๑๒๑", "national_id"),
        ("โทร 0 8123 45678", "phone"),
        ("０８１-２３４-５６７８", "phone"),
        ("เลขบัตร ๑๒๓๔๕๖๗๘๙๐๑๒๑ ค่ะ", "national_id"),
        ("๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑", "national_id"),
        ("1 2345 67890 12 1", "national_id"),
        ("โทร 081-234-5678", "phone"),
        ("ติดต่อ 0812345678", "phone"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "phone"),
        ("08 1234 5678", "phone"),
        ("02-123-4567", "phone"),
        ("0-2123-4567", "phone"),
        ("02 123 4567 ต่อ 12", "phone"),
        ("053-123456", "phone"),
        ("+66 81 234 5678", "phone"),
        ("+66812345678", "phone"),
        ("+66-2-123-4567", "phone"),
        ("อีเมลsomchai.j@example.co.thนะ", "email"),
        ("a+b@gmail.com.", "email"),
        ("ไลน์ไอดี: somchai_99", "line_id"),
        ("Line ID somchai.99", "line_id"),
        ("เลขที่บัญชี ธนาคารกรุงไทย 123-4-56789-0", "bank_account"),
        ("โอนเข้า 123-4-56789-0", "bank_account"),
        ("หนังสือเดินทางเลขที่ AA1234567", "passport"),
        ("อยู่บ้านเลขที่ 99/1 หมู่ 4", "address"),
    ],
)
def test_is_covered(text: str, rule: str) -> None:
    found = redact(text)
    assert [span.rule for span in found.spans] == [rule], found
    span = found.spans[0]
    assert text[span.start : span.end] not in found.text
    assert found.text.count("[ปกปิด: ") == 1


@pytest.mark.parametrize(
    "text",
    [
        "มาตรา ๑๒ วรรคสอง แห่งพระราชบัญญัติ พ.ศ. ๒๕๖๒",
        "มาตรา 5/1 ทวิ มาตรา ๑๔๗๑ และมาตรา 1600",
        "งบประมาณ 1,234,567,890,123 บาท",
        "วงเงิน 1234567890121 บาท",
        "เก็บภาษี 0.85 ล้านบาท ปี 2566 2567 2568",
        "ระหว่าง 09.00-16.00 15 คน",
        "วันที่ 06-12-2569 10 คน และ 02-03-2569 3 คน",
        "ประกาศเมื่อ 02/03/2569 เวลา 08.30 น.",
        "ราชกิจจานุเบกษา เล่ม 136 ตอนที่ 69 ก หน้า 52",
        "เลข 1234567890123 ที่ check digit ผิด",
        "พ.ศ. 2548 2560 2562 1 2 3",
        "อัตรา 10 15 20 25 30 35 40",
        "ซื้อของ online: แล้วแต่สะดวก",
        "โทรศัพท์เคลื่อนที่ราคา 12000 บาท",
        "บัญชีธนาคารมีเงิน 1000000000 บาท",
        "ร่างมาตรา ๘ (๑) (๒) (๓) และ ๐๘.๓๐ นาฬิกา",
        "คดีหมายเลขดำที่ 1234/2566",
    ],
)
def test_is_left_alone(text: str) -> None:
    assert redact(text).spans == ()
    assert redact(text).text == text


@given(
    st.integers(10**11, 9 * 10**11 - 1),
    st.sampled_from(["", "-", " ", " - "]),
    st.booleans(),
    st.text(alphabet="กขคงจ ครับ่า", max_size=20),
)
def test_every_national_id_is_covered(number, separator, thai, around) -> None:
    digits = national_id(str(number))
    if len(set(digits)) == 1:
        return
    written = grouped(digits, separator)
    written = written.translate(THAI) if thai else written
    found = redact(f"{around}{written}{around}")
    assert written not in found.text
    assert found.text.startswith(around)
    assert found.text.endswith(around)


@given(st.integers(0, 10**12 - 1), st.integers(1, 9))
def test_a_wrong_check_digit_is_not_a_national_id(number: int, off: int) -> None:
    twelve = f"{number:012}"
    wrong = twelve + str((check_digit(twelve) + off) % 10)
    assert "national_id" not in {span.rule for span in redact(wrong).spans}


@given(
    st.sampled_from(["06", "08", "09"]),
    st.integers(0, 10**8 - 1),
    st.sampled_from(["{a}{b}{c}", "{a}-{b}-{c}", "{a} {b} {c}", "{a}-{b}{c}"]),
    st.booleans(),
)
def test_every_mobile_number_is_covered(prefix, number, shape, thai) -> None:
    digits = f"{prefix}{number:08}"
    written = shape.format(a=digits[:3], b=digits[3:6], c=digits[6:])
    written = written.translate(THAI) if thai else written
    assert written not in redact(f"โทรหาผมที่ {written} นะ").text


@given(
    st.text(
        alphabet=st.sampled_from(list("0123456789๐๑๒๙-. +@กขไลน์idบัญชีเลขที่โทรAZa[]\n")),
        max_size=80,
    )
)
def test_any_text(text: str) -> None:
    found = redact(text)
    assert found == redact(text)
    assert cover(text, found.spans) == found.text
    ends = 0
    for span in found.spans:
        assert ends <= span.start < span.end <= len(text)
        ends = span.end
    assert redact(found.text).spans == ()


def test_a_long_text_takes_time_in_proportion_to_its_length() -> None:
    # The processor's time, and wide: a pattern that backtracks takes minutes.
    start = time.process_time()
    for text in ("0" * 20_000, "a" * 20_000, "1 " * 10_000, "เลขที่บัญชี " * 1_500):
        redact(text)
    assert time.process_time() - start < 10
