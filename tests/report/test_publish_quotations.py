"""Quotations of suggestions, and of themes that people made themselves."""

import hashlib
import io
import zipfile

import pytest
from docx import Document

from comments.models import Comment, Theme, ThemeAssignment
from consultations.report import html, services
from consultations.report.collect import collect
from consultations.report.document import build
from consultations.report.document.parts import SUGGESTED
from consultations.report.membership import members_of
from consultations.report.quoting import _cut, _source, quotations
from tests.report import builders

TEXT, SUGGESTION = "ไม่เห็นด้วยกับมาตรานี้", "ควรเพิ่มเวลา เป็นสามสิบวัน"


def proposal(of, text, start, end):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"comment": 1, "of": of, "start": start, "end": end, "sha256": digest}


def test_a_proposed_suggestion_is_cut_from_the_suggestion():
    text, quote, of = _source(
        (TEXT, SUGGESTION), proposal("suggestion", SUGGESTION, 0, 12)
    )
    assert (text, of) == (SUGGESTION, "suggestion")
    assert _cut(text, quote) == (0, 12)


def test_a_suggestion_is_quoted_where_there_is_no_other_text():
    assert _source(("", SUGGESTION), None) == (SUGGESTION, None, "suggestion")


def test_a_proposal_of_one_text_never_cuts_another():
    text, quote, of = _source((TEXT, ""), proposal("suggestion", SUGGESTION, 0, 5))
    assert (text, quote, of) == (TEXT, None, "text")
    assert _cut(text, quote) == (0, len(TEXT))


def test_without_a_proposal_the_text_is_quoted():
    assert _source((TEXT, SUGGESTION), None) == (TEXT, None, "text")


@pytest.mark.django_db
def test_a_theme_made_by_people_quotes_comments_that_only_suggest():
    round_, _report = builders.ready(20)
    themes = list(Theme.objects.filter(round=round_))
    assert all(theme.origin is None for theme in themes)
    placed = ThemeAssignment.objects.filter(theme=themes[0])
    pks = list(placed.values_list("comment_id", flat=True))
    Comment.objects.filter(pk__in=pks).update(
        public_text="", public_suggestion=SUGGESTION
    )
    spans = quotations(members_of(round_), themes)[themes[0].number]
    assert spans
    assert {span.text for span in spans} == {SUGGESTION}


def text_of(name: str, data: bytes) -> str:
    """Return the words of a format as a reader meets them."""
    if name == "docx":
        return "\n".join(p.text for p in Document(io.BytesIO(data)).paragraphs)
    if name == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return "".join(
                book.read(n).decode() for n in book.namelist() if n.endswith(".xml")
            )
    return data.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_pdf")
@pytest.mark.parametrize("name", ["html", "docx", "json", "xlsx", "csv"])
def test_every_format_says_that_words_are_proposed_for_the_draft(name):
    round_, report = builders.ready(20)
    Comment.objects.filter(round=round_).update(
        public_text="", public_suggestion=SUGGESTION
    )
    source = services.source_of(collect(report, now=builders.NOW), round_)
    made, _missing = services.report_render(source)
    text = text_of(name, made[name])
    assert SUGGESTION in text
    words = {"json": '"of":"suggestion"', "xlsx": "ถ้อยคำที่เสนอ", "csv": "ถ้อยคำที่เสนอ"}
    said = text.count(words.get(name, SUGGESTED))
    quoted = [
        q for theme in collect(report, now=builders.NOW).themes for q in theme.quotes
    ]
    assert quoted
    assert {q.of for q in quoted} == {"suggestion"}
    if name in {"html", "docx", "json"}:
        assert said >= len(quoted)
    assert said


@pytest.mark.django_db
def test_what_people_say_is_never_called_a_proposal():
    _round, report = builders.ready(20)
    given = collect(report, now=builders.NOW)
    page = html.page(build(given), html.Links())
    assert given.themes[0].quotes
    assert SUGGESTED not in page
