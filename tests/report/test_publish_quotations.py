"""Quotations of suggestions, and of themes that people made themselves."""

import hashlib

from consultations.report.quoting import _cut, _source

TEXT, SUGGESTION = "ไม่เห็นด้วยกับมาตรานี้", "ควรเพิ่มเวลา เป็นสามสิบวัน"


def proposal(of, text, start, end):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"comment": 1, "of": of, "start": start, "end": end, "sha256": digest}


def test_a_proposed_suggestion_is_cut_from_the_suggestion():
    text, quote = _source((TEXT, SUGGESTION), proposal("suggestion", SUGGESTION, 0, 12))
    assert text == SUGGESTION
    assert _cut(text, quote) == (0, 12)


def test_a_suggestion_is_quoted_where_there_is_no_other_text():
    assert _source(("", SUGGESTION), None) == (SUGGESTION, None)


def test_a_proposal_of_one_text_never_cuts_another():
    text, quote = _source((TEXT, ""), proposal("suggestion", SUGGESTION, 0, 5))
    assert (text, quote) == (TEXT, None)
    assert _cut(text, quote) == (0, len(TEXT))


def test_without_a_proposal_the_text_is_quoted():
    assert _source((TEXT, SUGGESTION), None) == (TEXT, None)
