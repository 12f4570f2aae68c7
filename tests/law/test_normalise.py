"""The listed substitutions, and that nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.law.parse import letters, normalise, parse
from tests.law import hazards
from tests.law.synthetic import make_act


@pytest.mark.parametrize(
    ("damaged", "clean", "code"),
    [
        ("\x93บ้าน\x94", "“บ้าน”", "c1_punctuation"),
        ("ฯลฯ\x85", "ฯลฯ…", "c1_punctuation"),
        ("มาตรา\u00a0๕", "มาตรา ๕", "special_spaces"),
        ("น\u200bา", "นา", "invisible_characters"),
        ("ก\uf70bา", "ก้า", "private_glyphs"),
        ("ทํา", "ทำ", "split_sara_am"),
        ("นํ้า", "น้ำ", "split_sara_am"),
        ("น้ํา", "น้ำ", "split_sara_am"),
        ("นำ้", "น้ำ", "tone_after_sara_am"),
        ("ก่ิง", "กิ่ง", "mark_order"),
        ("เเม่", "แม่", "double_sara_e"),
        ("ก\x00ข", "กข", "control_characters"),
        ("ข้อ ๔. ให้มี", "ข้อ ๔ ให้มี", "dot_after_number"),
        ("หมวด ๑\n_______\nมาตรา", "หมวด ๑\n\nมาตรา", "rule_lines"),
        ("ก\u2028ข\nค", "ก ข\nค", "line_separators"),
    ],
)
def test_each_substitution(damaged, clean, code):
    text, warnings = normalise(damaged)
    assert text == clean
    assert code in {warning.code for warning in warnings}


def test_line_numbers_stay_those_of_the_source():
    text, warnings = normalise("ก\r\nข\u2028ค\r\n\x93ง\x94")
    assert text.split("\n") == ["ก", "ข ค", "“ง”"]
    assert {w.code: w.line for w in warnings}["c1_punctuation"] == 3


def test_clean_text_is_left_alone():
    text = make_act(40)
    assert normalise(text) == (text, [])


@given(st.text(alphabet="กมำา่้ํ ๑๒“”\n\x93\u00a0\uf70b[]", max_size=200))
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)[0]
    assert normalise(once)[0] == once


def test_footnote_marks_are_kept_as_marks():
    law = parse("มาตรา ๑[๑]  ข้อความ[๒] ต่อ\n\nมาตรา ๒  อีก\n\n[๑] เชิงอรรถแรก")
    assert [mark.text for mark in law.marks] == ["[๑]", "[๒]"]
    assert law.provisions[0].text == "ข้อความ ต่อ"
    assert law.provisions[0].label == "๑"
    assert law.parts[-1].text == "[๑] เชิงอรรถแรก"


@pytest.mark.parametrize("hazard", hazards.HAZARDS, ids=lambda h: h.__name__)
def test_hazards_do_not_change_what_is_found(hazard):
    clean, damaged = parse(make_act(60, seed=4)), parse(hazard(make_act(60, seed=4)))

    def plain(law):
        digits = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
        return [(p.eid, letters(p.text).translate(digits)) for p in law.provisions]

    assert plain(damaged) == plain(clean)
    assert len(damaged.divisions) == len(clean.divisions)
