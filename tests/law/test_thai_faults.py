"""Text that no sound Thai has: found in any text, refused in a PDF with its page."""

from __future__ import annotations

import pytest
from django.utils import translation

from drafts.errors import DraftError
from drafts.law.readers import ReaderError, read, read_law
from drafts.law.thai_faults import FaultKind, thai_faults
from drafts.services import draft_read
from tests.law import files
from tests.law.real_texts import LAWS
from tests.law.synthetic import make_act

SOUND = [
    "มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติตลาดนัด พ.ศ. ๒๕๖๙”",
    "มาตรา ๒  ผู้ใดประสงค์จะตั้งแผงค้าต้องยื่นคำขอต่อเจ้าพนักงานและชำระค่าธรรมเนียม",
    "มาตรา ๓  ห้ามมิให้ผู้ค้านำสินค้าต้องห้ามมาจำหน่าย เว้นแต่ได้รับอนุญาตจากนายทะเบียน",
]
WORDS = "\n".join(SOUND)
DAMAGES = {
    FaultKind.AM_AA: lambda text: text.replace("นำ", "นำา"),
    FaultKind.TWO_TONES: lambda text: text.replace("ผู้", "ผ้้"),
    FaultKind.BARE_MARK: lambda text: text.replace("ผู้", "ผ ู้"),
    FaultKind.AM_FOR_AA: lambda text: text.replace("า", "ำ").replace("มำตรำ", "มาตรา"),
    FaultKind.UNREADABLE: lambda text: text.replace("ร", "\x04"),
}


def pdf(*pages: str) -> bytes:
    return files.make_pdf(
        [[(113, line) for line in page.split("\n")] for page in pages]
    )


@pytest.mark.parametrize("kind", DAMAGES)
def test_each_kind_is_found_and_told_apart(kind: FaultKind) -> None:
    assert [fault.kind for fault in thai_faults(DAMAGES[kind](WORDS))] == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("คำ้า", FaultKind.AM_AA),  # the tone is put before ำ first
        ("คํา" + "า", FaultKind.AM_AA),
        ("ท่้า", FaultKind.TWO_TONES),
        ("ท่ี้", FaultKind.TWO_TONES),
        ("นีี", FaultKind.TWO_TONES),
        ("กััน", FaultKind.TWO_TONES),
        ("่าง", FaultKind.BARE_MARK),
        ("เ้มือง", FaultKind.BARE_MARK),
        ("มาตรา ๑่", FaultKind.BARE_MARK),
        ("x้", FaultKind.BARE_MARK),
        ("กา้ว", FaultKind.BARE_MARK),
        ("ที\x00 เป็นไป", FaultKind.UNREADABLE),
        ("เป\ufffdน", FaultKind.UNREADABLE),
        ("กำรทำตำมคำสั่ง กำรนำ", FaultKind.AM_FOR_AA),
    ],
)
def test_the_same_fault_written_otherwise(text: str, kind: FaultKind) -> None:
    assert kind in {fault.kind for fault in thai_faults(text)}


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "คำนำ",  # too little to tell
        "น้ำ น้ํา นํ้า นำ้ ราคา อากาศ",  # one meaning only
        "ที่ ท่ี ชื่อ สิทธิ์ พันธุ์ ก็ เก็บ ต้น เด็ก ศุกร์ ปรารถนา",
        "นโม ตสฺส ภควโต อรหโต สมฺมาสมฺพุทฺธสฺส พุทฺธํ สรณํ คจฺฉามิ",
        "ผู\u200bู้".replace("ู\u200b", "\u200b"),
        "ที\uf70a ผู\uf70bใด",  # glyphs of the old Windows fonts
        make_act(60, seed=3),
    ],
)
def test_sound_text_has_none(text: str) -> None:
    assert thai_faults(text) == ()


@pytest.mark.skipif(not LAWS, reason="the real acts are not here")
def test_real_acts_have_none() -> None:
    for path in LAWS:
        assert thai_faults(path.read_text(encoding="utf-8")) == (), path.name


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_pdf_with_a_fault_is_refused_and_its_page_named(kind: FaultKind) -> None:
    bad = DAMAGES[kind](WORDS)
    with pytest.raises(ReaderError) as refused:
        read(pdf(WORDS, bad, WORDS, bad), "a.pdf")
    assert refused.value.code == "damaged_text"
    assert "หน้า 2, 4 " in refused.value.message_th
    assert "Word (.docx)" in refused.value.message_th


def test_pages_too_short_to_tell_are_looked_at_together() -> None:
    with pytest.raises(ReaderError, match="หน้า 1, 2, 3 "):
        read(pdf("กำรค้ำข้ำวในตลาดนัด", "กำรขำยสินค้ำ", "ค่ำเช่ำที่ดิน"), "a.pdf")


def test_no_fault_is_hidden_by_a_page_number_or_by_joined_lines() -> None:
    for line in ("่ ๑", "ำา"):
        with pytest.raises(ReaderError, match="หน้า 1 "):
            read(pdf(WORDS + "\n" + line), "a.pdf")


def test_a_sound_pdf_passes_and_other_formats_are_not_refused() -> None:
    law = read_law(pdf(make_act(8, seed=1)[:800], WORDS), "a.pdf")
    assert law.provisions[-1].text.endswith("จากนายทะเบียน")
    for kind, damage in DAMAGES.items():
        if kind is not FaultKind.UNREADABLE:
            assert read(damage(WORDS).encode(), "a.txt").text


def test_the_refusal_speaks_the_users_language() -> None:
    bad = pdf(DAMAGES[FaultKind.AM_AA](WORDS))
    with translation.override("en"), pytest.raises(DraftError) as refused:
        draft_read(data=bad, filename="a.pdf")
    assert "page 1:" in refused.value.message
    assert "นำา" in refused.value.message
    assert "Word" in refused.value.message
