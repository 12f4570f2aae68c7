"""Quotations of suggestions, and of themes that people made themselves."""

import hashlib
import io
import unicodedata
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from comments.models import Comment, Theme, ThemeAssignment
from comments.themes.quotes import (
    PER_THEME,
    QUOTE_LENGTH,
    cut_at,
    quotation_of,
    quotations,
)
from consultations.report import html, services
from consultations.report.collect import collect
from consultations.report.document import build
from consultations.report.document.parts import SUGGESTED
from consultations.report.membership import members_of
from tests.report import builders

TEXT, SUGGESTION = "ไม่เห็นด้วยกับมาตรานี้", "ควรเพิ่มเวลา เป็นสามสิบวัน"


def proposal(of, text, start, end):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"comment": 1, "of": of, "start": start, "end": end, "sha256": digest}


def quoted(text, suggestion, proposed=None, **more):
    comment = Comment(public_text=text, public_suggestion=suggestion)
    found = quotation_of(comment, proposed=proposed, **more)
    return found and (found.text, found.is_suggestion)


def test_a_proposed_suggestion_is_cut_from_the_suggestion():
    proposed = proposal("suggestion", SUGGESTION, 0, 12)
    assert quoted(TEXT, SUGGESTION, proposed) == (SUGGESTION[:12], True)


def test_a_suggestion_is_quoted_where_there_is_no_other_text():
    assert quoted("", SUGGESTION) == (SUGGESTION, True)
    assert quoted(" \n", SUGGESTION) == (SUGGESTION, True)
    assert quoted(" ", "") is None


def test_a_proposal_of_one_text_never_cuts_another():
    proposed = proposal("suggestion", SUGGESTION, 0, 5)
    assert quoted(TEXT, "", proposed) is None
    # What an official marked is quoted all the same, from its beginning.
    assert quoted(TEXT, "", proposed, evidence=True) == (TEXT, False)


def test_without_a_proposal_the_text_is_quoted():
    assert quoted(TEXT, SUGGESTION) == (TEXT, False)


@pytest.mark.parametrize("word", ["กำ", "น้ำ", "เกี๊ยะ", "ไม้ไผ่", "ที่สุ", "a"])
@pytest.mark.parametrize("before", range(4))
def test_a_long_text_without_a_space_is_cut_between_letters(word, before):
    text = "ก" * before + word * 300
    end = cut_at(text)
    assert QUOTE_LENGTH // 2 < end <= QUOTE_LENGTH
    assert unicodedata.category(text[end]) != "Mn"
    assert text[end - 1] not in "เแโใไ"


def test_a_long_text_is_cut_at_its_last_space():
    text = f"{'ก' * 150} {'ข' * 50} {'ค' * 500}"
    assert text[: cut_at(text)] == text[:201]


@pytest.mark.django_db
def test_what_an_official_sees_is_what_is_printed():
    """Desk and report ask one chooser: same words, same order, every theme."""
    round_, report = builders.ready(90)
    printed = collect(report, now=builders.NOW).themes
    for told in printed:  # under the report's own numbers
        theme = Theme.objects.get(round=round_, title=told.title)
        seen = quotations([theme])[theme.pk]
        assert [(q.public_id, q.text, q.sha256) for q in seen] == [
            (q.public_id, q.text, q.sha256) for q in told.quotes
        ]
        assert len(seen) <= PER_THEME
        members = members_of(round_).members
        for stance in {q.stance for q in seen}:
            assert members.count(f"counted~theme-{told.number}~stance-{stance}")
        here = ThemeAssignment.objects.filter(
            theme=theme, comment__status="published", comment__late=False,
            comment__duplicate_of=None,
        ).exclude(comment__public_text="")  # fmt: skip
        spoke = set(here.values_list("comment__stance", flat=True))
        assert {q.stance for q in seen} == spoke, "each side is heard"


@pytest.mark.django_db
def test_much_evidence_of_one_side_does_not_silence_the_other():
    round_, _report = builders.ready(90)
    theme = Theme.objects.filter(round=round_).first()
    rows = ThemeAssignment.objects.filter(theme=theme)
    stances = set(
        rows.filter(
            comment__status="published", comment__late=False, comment__duplicate_of=None
        ).values_list("comment__stance", flat=True)
    )
    rows.update(evidence=False)
    rows.filter(comment__stance="disagree").update(evidence=True)
    assert len(stances) > 1
    assert {q.stance for q in quotations([theme])[theme.pk]} == stances


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_quotations_take_as_many_queries_for_many_themes_as_for_one(count):
    round_, _report = builders.ready(60)
    themes = list(Theme.objects.filter(round=round_)[:count])
    with CaptureQueriesContext(connection) as queries:
        quotations(themes)
    assert len(queries) == 4


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
    spans = quotations(themes)[themes[0].pk]
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
    text = text_of(name, made[name].read())
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
