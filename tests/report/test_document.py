"""The report's contents at 0, 5 and 5,000 comments: headings, numbers, quotations."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from consultations.report.collect import APPENDIX_LIMIT, collect
from consultations.report.document import (
    Members,
    Percent,
    Quote,
    Table,
    build,
    canonical_json,
    from_json,
    numbers_of,
)
from consultations.report.document.blocks import walk
from consultations.report.document.members import STATES, UnknownKey
from tests.report import builders

pytestmark = pytest.mark.django_db
ALWAYS = [
    "0",
    "1",
    "2",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "10",
    "11",
    "12",
    "13",
    "15",
    "16",
    "17",
    "18",
    "ผ1",
    "ผ3",
]


@pytest.fixture(params=[0, 5, 40])
def given(request):
    _round, report = builders.ready(request.param)
    return collect(report, now=builders.NOW)


def blocks_of(document):
    for section in walk(document.sections):
        yield from section.blocks


@pytest.mark.parametrize(
    ("basis", "own", "absent"),
    [
        ("bill_2562", {"3L", "14L"}, {"3"}),
        ("rule_2565", {"3L", "14L"}, {"3"}),
        ("project_2548", {"3", "14"}, {"3L", "14L"}),
        ("treaty", {"3L"}, {"3"}),
    ],
)
def test_the_headings_are_those_of_the_legal_basis_in_their_order(basis, own, absent):
    _round, report = builders.ready(5, basis)
    document = build(collect(report, now=builders.NOW))
    numbers = [section.number for section in document.sections]
    assert own <= set(numbers)
    assert not absent & set(numbers)
    assert [n for n in numbers if n in ALWAYS] == ALWAYS


def test_the_title_is_that_of_the_legal_basis():
    titles = {}
    for basis in ("project_2548", "bill_2562"):
        _round, report = builders.ready(0, basis)
        titles[basis] = build(collect(report, now=builders.NOW)).title
    assert titles == {
        "project_2548": "รายงานสรุปผลการรับฟังความคิดเห็นของประชาชน",
        "bill_2562": "รายงานสรุปผลการรับฟังความคิดเห็น",
    }


def test_the_same_input_gives_the_same_document_and_reads_back_equal(given):
    document = build(given)
    text = canonical_json(document)
    assert canonical_json(build(given)) == text
    assert from_json(text) == document


def test_every_number_is_the_count_of_its_own_list(given):
    numbers = list(numbers_of(build(given)))
    assert numbers
    for number in numbers:
        if number.key:
            behind = given.members.pick(number.key)
            if number.unit == "people":
                assert number.value == len({row.submission for row in behind})
            else:
                assert number.value == len(behind), number.key


def test_totals_reconcile(given):
    members = given.members
    assert members.count("received") == sum(members.count(s) for s in STATES)
    assert members.count("received") == Comment.objects.count()
    for kind in ("channel", "capacity", "group", "province", "identity", "stance"):
        counted = sum(members.count(f"counted~{f}") for f in members.facets(kind))
        assert counted == members.count("counted"), kind


def test_every_counted_comment_is_in_one_theme_or_bucket(given):
    members = given.members
    placed = sum(
        members.count(f"counted~{f}")
        for kind in ("theme", "bucket")
        for f in members.facets(kind)
    )
    assert placed + members.count("counted~unplaced") == members.count("counted")


def test_quotations_are_byte_exact_and_published():
    _round, report = builders.ready(40)
    document = build(collect(report, now=builders.NOW))
    quotes = [b for b in blocks_of(document) if isinstance(b, Quote)]
    assert quotes
    for quote in quotes:
        comment = Comment.objects.get(public_id=quote.public_id)
        assert comment.status == "published"
        assert comment.public_text[quote.start : quote.end] == quote.text
        digest = hashlib.sha256(comment.public_text.encode()).hexdigest()
        assert quote.sha256 == digest


def test_each_theme_quotes_every_stance_that_has_published_words():
    round_, report = builders.ready(60)
    given = collect(report, now=builders.NOW)
    for theme in given.themes:
        wanted = set(
            Comment.objects.filter(
                assignment__theme=theme.id,
                round=round_,
                status="published",
                late=False,
                duplicate_of=None,
            )
            .exclude(public_text="")
            .values_list("stance", flat=True)
        )
        assert {quote.stance for quote in theme.quotes} == wanted


def test_a_percentage_always_has_its_base_in_sight():
    _round, report = builders.ready(5)
    document = build(collect(report, now=builders.NOW))
    found = 0
    for block in blocks_of(document):
        if not isinstance(block, Table):
            continue
        for row in block.rows:
            shares = [p for cell in row for p in cell if isinstance(p, Percent)]
            for share in shares:
                found += 1
                in_row = "(n)" in str(block.head) and row[-1][0].value == share.whole
                assert in_row or f"n = {share.whole}" in block.caption
    assert found


def test_no_adjective_of_majority_is_ever_written_by_the_machine():
    _round, report = builders.ready(40)
    report.summary = report.limitations = ""
    text = canonical_json(build(collect(report, now=builders.NOW)))
    for word in ("ส่วนใหญ่", "ส่วนมาก", "เสียงข้างมาก", "แทบทั้งหมด"):
        assert word not in text


def test_percentages_round_half_up_and_an_empty_whole_has_none():
    assert Percent(1, 8).text == "12.5%"
    assert Percent(1, 16).text == "6.3%"
    assert Percent(2, 3).text == "66.7%"
    assert Percent(0, 5).text == "0.0%"
    assert Percent(5, 5).text == "100.0%"
    assert Percent(0, 0).text == "–"


def test_hidden_withheld_and_withdrawn_words_are_nowhere():
    round_, report = builders.ready(40)
    secret = "คำที่ต้องไม่ปรากฏ"
    Comment.objects.filter(
        round=round_, status__in=["hidden", "withheld", "withdrawn"]
    ).update(public_text=secret, public_name=secret, public_suggestion=secret)
    assert secret not in canonical_json(build(collect(report, now=builders.NOW)))


def test_points_raised_by_few_are_listed_one_by_one():
    _round, report = builders.ready(40)
    given = collect(report, now=builders.NOW)
    assert len(given.points) == given.members.count("counted~bucket-few") > 0
    section = build(given).section("s-11.1")
    assert len(section.blocks[1].items) == len(given.points)


def test_the_appendix_lists_all_comments_or_says_where_they_are(monkeypatch):
    _round, report = builders.ready(40)
    given = collect(report, now=builders.NOW)
    assert (len(given.comments), given.comments_left_out) == (40, 0)
    monkeypatch.setattr("consultations.report.collect.APPENDIX_LIMIT", 39)
    given = collect(report, now=builders.NOW)
    assert (len(given.comments), given.comments_left_out) == (0, 40)
    assert "40" in canonical_json(build(given).section("s-a1"))
    assert APPENDIX_LIMIT >= 100


def test_members_survive_freezing_and_a_mistyped_key_is_an_error():
    _round, report = builders.ready(40)
    members = collect(report, now=builders.NOW).members
    again = Members.from_bytes(members.to_bytes())
    assert again.rows == members.rows
    assert again.to_bytes() == members.to_bytes()
    assert again.sha256() == members.sha256()
    assert members.pick("counted~theme-99") == []
    with pytest.raises(UnknownKey):
        members.pick("couted")
    with pytest.raises(UnknownKey):
        members.pick("")


def test_five_thousand_comments_are_read_in_as_many_queries_as_five():
    _small, few = builders.ready(5)
    with CaptureQueriesContext(connection) as five:
        collect(few, now=builders.NOW)
    _large, many = builders.ready(5_000, sections=200)
    with CaptureQueriesContext(connection) as thousands:
        given = collect(many, now=builders.NOW)
        document = build(given)
    assert len(given.members) == 5_000
    # more quoted and few comments are fetched, in batches
    assert len(thousands) <= len(five) + 4, [q["sql"][:90] for q in thousands]
    # three for the numbers of themes and extensions, three for choosing quotations,
    # two for acts that one person did alone
    assert len(five) <= 44
    # of the round at hand the comments were just read
    assert not [
        q
        for q in thousands
        if "consultations_round" in q["sql"]
        and "COUNT(" in q["sql"]
        and "comments_comment" in q["sql"]
    ]
    for number in numbers_of(document):
        if number.key and number.unit == "comments":
            assert number.value == given.members.count(number.key)


def test_heading_8_is_named_for_identity_only_where_it_has_the_table(given):
    text = canonical_json(build(given))
    assert ("อยู่ในหัวข้อ 8" in text) is ("แยกตามระดับการยืนยันตัวตน" in text)


def test_what_is_not_published_is_not_counted_as_covered_in_publication():
    round_, report = builders.ready(40)
    hidden = Comment.objects.filter(round=round_, status__in=["hidden", "withdrawn"])
    assert hidden.update(redactions=2)
    shown = Comment.objects.filter(round=round_, redactions__gt=0).exclude(
        status__in=["hidden", "withdrawn"]
    )
    members = collect(report, now=builders.NOW).members
    assert members.count("redacted") == shown.count()
