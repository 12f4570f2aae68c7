"""What themes are called, and where quotations begin and end."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from comments.nlp.labels import (
    QUOTE_LENGTH,
    choose_quotes,
    clause,
    fallback_phrase,
    name_themes,
    phrases_of,
)
from comments.nlp.pipeline import Parameters, run
from comments.nlp.stance import Stance
from comments.nlp.summary import _speakers
from comments.nlp.text import Comment
from drafts.law.words import Segmenter

SEGMENTER = Segmenter()

PRIVATE = [
    ("นายสมชาย ใจดี เสนอว่าถนนพังทุกปี", "ถนนพังทุกปี", "สมชาย ใจดี"),
    ("ฝากถึง ดร.สมคิด แสงทอง เรื่องเขื่อนกั้นน้ำ", "เขื่อน", "สมคิด แสงทอง"),
    ("คุณวิชัย มั่นคง เปิดเพลงเสียงดัง", "เสียงดัง", "วิชัย มั่นคง"),
    ("น.ส.กานดา ดีงาม แจ้งว่าฝุ่นควันหนา", "ฝุ่นควัน", "กานดา ดีงาม"),
    (
        "ขยะล้น ติดต่อ somchai.j@mail.co.th หรือ www.kaya.com/รูป",
        "ขยะล้น",
        "somchai mail kaya com",
    ),
    ("ไฟดับ ซอยร่มเกล้า 17 ลาดกระบัง", "ไฟดับ", "ร่มเกล้า ลาดกระบัง 17"),
    ("น้ำไม่ไหล ตำบลบ้านใหม่ อ.เมือง จ.ขอนแก่น", "ไหล", "บ้านใหม่ เมือง ขอนแก่น"),
    ("โทร 081-234-5678 ขอถังขยะเพิ่ม", "ถังขยะ", "081 5678"),
]


@pytest.mark.parametrize(("text", "kept", "hidden"), PRIVATE)
def test_no_names_addresses_or_places_in_labels(text, kept, hidden):
    found = [*phrases_of(text, SEGMENTER), fallback_phrase(text, SEGMENTER)]
    assert any(kept in phrase for phrase in found)
    for word in hidden.split():
        assert not any(word in phrase for phrase in found), (word, found)


def test_words_that_begin_like_a_title_are_no_names():
    found = phrases_of("นายจ้างต้องดูแลคุณภาพชีวิต นางพยาบาลขาดแคลน", SEGMENTER)
    assert "นายจ้าง" in found
    assert any("คุณภาพชีวิต" in phrase for phrase in found)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("[ปกปิด: อีเมล] 081 ฝุ่นควัน", "ฝุ่นควัน"),
        ("ဥပဒေကို ပြင်ဆင်", "ဥပဒေကို"),
        ("12345 67", ""),
        ("\u0e49\u0e31", ""),
    ],
)
def test_first_words_as_a_label_are_whole_words(text, label):
    assert fallback_phrase(text, SEGMENTER) == label


LONG = [
    "ควรจัดโซนขายของให้ชัดเจน" * 20,
    "ตามพ.ร.บ. นี้ ข้อ 1.5 ฯลฯ " * 20,
    "👨\u200d👩\u200d👧\u200d👦" * 60,
    "e\u0301" * 300,
    "ประโยคแรกของเขาจบตรงนี้แล้วนะ. " + "ประโยคต่อไปยาวมากไม่มีช่องว่าง" * 12,
    "English words without any end " * 20,
    "ก" * 50_000,
    "\u0e48" * 500,
    "ฎีกา\n" * 100,
]


@pytest.mark.parametrize("text", LONG)
def test_long_quotations_end_where_a_word_does(text):
    start, end = clause(text)
    assert 0 <= start < end <= start + QUOTE_LENGTH[1]
    assert text[start:end] == text[start:end].strip()
    if text.count(text[0]) == len(text):
        return  # one sign over and over has no better place
    assert not unicodedata.category(text[end]).startswith("M")
    assert text[end] not in "ะาำ\u200d"
    assert text[end - 1] not in "เแโใไ\u200d"
    joined = SEGMENTER.tokens(text[start : end + 40])
    ends = {0}
    for token in joined:
        ends.add(max(ends) + len(token))
    assert end - start in ends or text[end] == text[0]


def test_a_sentence_ends_before_the_longest_quotation_does():
    text = LONG[4]
    assert text[slice(*clause(text))] == "ประโยคแรกของเขาจบตรงนี้แล้วนะ."
    law = "ตามพ.ร.บ. นี้ " + "ต้องแก้ไขให้ทันสมัย " * 20

    assert len(law[slice(*clause(law))]) > 180


def test_no_two_themes_have_the_same_label():
    texts = ["ค่าธรรมเนียมแพงเกินไป"] * 3
    given = [
        {"id": i, "text": text, "section": f"s{i}"} for i, text in enumerate(texts)
    ]
    found = run(given, parameters=Parameters(encoder="hashing"))
    labels = [theme.label for theme in found.themes]
    assert len(labels) == len(set(labels)) == 3


def test_each_stance_has_a_speaker_where_rows_allow_it():
    agree, against, none = (
        Stance(v, "cue") for v in ("agree", "disagree", "not_stated")
    )
    stances = [agree, against, none, agree, against, agree]
    rank = {0: -0.9, 1: -0.8, 2: -0.7}
    everyone = [(0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (2, 5)]
    found = _speakers(everyone, stances, rank)
    assert {stances[p].value for p in found.values()} == {
        "agree",
        "disagree",
        "not_stated",
    }
    assert len(found) == 3
    alone = _speakers(everyone[:3], stances, rank)
    assert len(alone) == 1


def test_no_two_quotations_are_written_after_one_template():
    campaign = (
        "ขอคัดค้านมาตรา {} เพราะค่าธรรมเนียมแผงลอยสูงเกินกำลังของผู้ค้ารายย่อยในตลาดชุมชน "
        "ขอให้กรรมาธิการทบทวนอัตรานี้อีกครั้ง"
    )
    texts = [
        campaign.format("๒๑"),
        campaign.format("๒๒"),  # another group for the guard, one campaign to a reader
        campaign.format("๒๑") + " อย่าเก็บเพิ่ม",
        "ค่าแผงวันละสองร้อยบาทขายผักทั้งวันยังไม่ได้กำไรเท่านั้นเลยค่ะ เก็บแบบนี้อยู่ไม่ได้",
    ]
    comments = [Comment(id=i, text=text) for i, text in enumerate(texts)]
    vectors = np.eye(4, 8, dtype=np.float32)
    centre = np.array([0.9, 0.8, 0.7, 0.1, 0, 0, 0, 0], np.float32)
    quotes = choose_quotes(range(4), vectors, centre, ["disagree"] * 4, comments)
    assert sorted(q.comment for q in quotes) == [0, 3]


def test_each_stance_is_quoted_though_it_uses_the_words_of_the_other():
    text = "ค่าแผงวันละสองร้อยบาทขายผักทั้งวันยังไม่ได้กำไรเท่านั้นเลยค่ะ เก็บแบบนี้อยู่ไม่ได้"
    comments = [Comment(id=i, text=text) for i in range(2)]
    quotes = choose_quotes(
        range(2), np.eye(2, 4, dtype=np.float32), np.ones(4), ["agree", "disagree"],
        comments,
    )  # fmt: skip
    assert [q.comment for q in quotes] == [0, 1]


def test_no_phrase_begins_or_ends_with_a_word_that_only_links():
    text = "ค่าธรรมเนียมสูงเกินไปสำหรับผู้ค้ารายย่อยโดยเฉพาะแม่ค้าหาบเร่ ดังนั้นไม่ควรเก็บ"
    found = phrases_of(text, SEGMENTER)
    assert "ค่าธรรมเนียมสูงเกินไป" in found
    for word in ("สำหรับ", "โดยเฉพาะ", "ดังนั้น", "ไม่ควร"):
        assert not [p for p in found if p.startswith(word) or p.endswith(word)]
    assert not [p for p in found if p.startswith("เกินไป")]


def test_phrases_of_one_label_are_not_cut_from_one_stretch():
    samples = [[{"รถเมล์ร้อน": 2, "ร้อนอบอ้าว": 2, "ที่นั่งขาด": 2}], [{"ท่าเรือ": 1}]]
    (label, _other) = name_themes(samples)
    assert sorted(label) in (["ที่นั่งขาด", "ร้อนอบอ้าว"], ["ที่นั่งขาด", "รถเมล์ร้อน"])


def test_what_one_comment_says_names_no_theme_whose_comments_share_a_word():
    shared = [{"วัคซีน": 1, f"คำของคนที่{n}": 4} for n in range(5)]
    alone = [{"ท่าเรือข้ามฟาก": 2}]
    assert name_themes([shared, alone]) == [["วัคซีน"], ["ท่าเรือข้ามฟาก"]]


def test_the_next_phrase_speaks_for_comments_not_named_yet():
    texts = [{"ค่าจอด": 1, "ค่าปรับ": 1}] * 4 + [{"ที่จอดเต็ม": 1}] * 3
    (label, _other) = name_themes([texts, [{"ท่าเรือ": 1}]])
    assert label == ["ค่าปรับ", "ที่จอดเต็ม", "ค่าจอด"]
