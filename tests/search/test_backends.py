"""The contract of a search engine, run against every engine there is.

``database`` is SQLite FTS5 in ``make test`` and PostgreSQL in ``make test-services``;
``elasticsearch`` is the real server, in ``make test-services`` only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import settings

from search.analysis import parse_query
from search.backends.base import (
    Document,
    Filters,
    SearchBackend,
    SearchUnavailableError,
)
from search.backends.database import DatabaseBackend
from search.backends.elasticsearch import ElasticsearchBackend

pytestmark = pytest.mark.django_db


@pytest.fixture(
    params=["database", pytest.param("elasticsearch", marks=pytest.mark.services)]
)
def engine(request: pytest.FixtureRequest) -> Iterator[SearchBackend]:
    if request.param == "database":
        yield DatabaseBackend()
        return
    # Asked for and not there is a failure, never a skip.
    assert settings.ELASTICSEARCH_URL, "RAPFANG_TEST_ELASTICSEARCH is not set"
    backend = ElasticsearchBackend(alias=f"{settings.ELASTICSEARCH_ALIAS}-test")
    backend.rebuild([])
    yield backend
    backend.rebuild([])


def make(key: str, title: str = "", body: str = "", **fields: object) -> Document:
    return Document(
        **{
            "key": key,
            "kind": key.split(":", maxsplit=1)[0],
            "title": title,
            "body": body,
            "consultation": "pets",
            "agency": "livestock",
            "date": dt.date(2026, 11, 23),
            "view": "consultations:overview",
            "arguments": {"slug": "pets"},
            "digest": "1",
            **fields,
        }
    )


def keys(engine: SearchBackend, text: str, **filters: object) -> list[str]:
    hits = engine.search(parse_query(text), filters=Filters(**filters), size=100)
    assert hits.total == len(hits.documents)
    return [one.key for one in hits.documents]


def test_an_empty_index_finds_nothing(engine: SearchBackend) -> None:
    assert keys(engine, "ที่ดิน") == []


def test_a_thai_word_is_found_inside_a_sentence(engine: SearchBackend) -> None:
    engine.index(
        [
            make("provision:1", "มาตรา ๑", "ให้เจ้าของสุนัขต้องขึ้นทะเบียนสุนัขกับเทศบาล"),
            make("provision:2", "มาตรา ๒", "ผู้ใดปล่อยแมวในที่สาธารณะต้องระวางโทษปรับ"),
        ]
    )
    assert keys(engine, "สุนัข") == ["provision:1"]
    assert keys(engine, "ขึ้นทะเบียน") == ["provision:1"]
    assert keys(engine, "แมว") == ["provision:2"]
    assert keys(engine, "กระต่าย") == []


def test_a_word_is_found_inside_a_compound(engine: SearchBackend) -> None:
    engine.index([make("provision:1", body="ให้จัดเก็บภาษีที่ดินและสิ่งปลูกสร้าง")])
    assert keys(engine, "ที่ดิน") == ["provision:1"]


def test_a_compound_finds_its_parts_side_by_side_and_only_so(
    engine: SearchBackend,
) -> None:
    engine.index(
        [
            make("provision:1", body="ภาษี ที่ดิน"),
            make("provision:2", body="ที่ดิน ไม่มี ภาษี"),
        ]
    )
    assert keys(engine, "ภาษีที่ดิน") == ["provision:1"]


def test_thai_and_arabic_digits_find_each_other(engine: SearchBackend) -> None:
    engine.index(
        [
            make("provision:1", "มาตรา ๑๙", "ภายใน 30 วัน"),
            make("provision:2", "มาตรา 20", "ภายใน ๓๐ วัน"),
        ]
    )
    assert keys(engine, "มาตรา 19") == ["provision:1"]
    assert keys(engine, "มาตรา ๒๐") == ["provision:2"]
    assert sorted(keys(engine, "๓๐ วัน")) == ["provision:1", "provision:2"]


def test_all_words_must_be_there(engine: SearchBackend) -> None:
    engine.index(
        [
            make("comment:1", body="ค่าธรรมเนียมแพงเกินไปสำหรับคนจน"),
            make("comment:2", body="ค่าธรรมเนียมเหมาะสมแล้ว"),
        ]
    )
    assert keys(engine, "ค่าธรรมเนียม แพง") == ["comment:1"]


def test_quotation_marks_make_a_phrase(engine: SearchBackend) -> None:
    engine.index(
        [
            make("comment:1", body="ควรลดค่าปรับลงครึ่งหนึ่ง"),
            make("comment:2", body="ค่าปรับไม่ควรลด"),
        ]
    )
    assert sorted(keys(engine, "ลด ค่าปรับ")) == ["comment:1", "comment:2"]
    assert keys(engine, '"ลดค่าปรับ"') == ["comment:1"]


def test_a_phrase_does_not_run_from_title_into_body(engine: SearchBackend) -> None:
    engine.index([make("comment:1", title="หมวดสุนัข", body="แมวจรจัด")])
    assert keys(engine, '"สุนัข แมว"') == []


def test_a_find_in_the_title_comes_first(engine: SearchBackend) -> None:
    filler = "เรื่องนี้ควรพิจารณาอย่างรอบคอบก่อนประกาศใช้ "
    engine.index(
        [
            make("comment:1", "เรื่องอื่น", filler * 3 + "วัคซีน"),
            make("comment:2", "วัคซีน", filler * 3),
        ]
    )
    assert keys(engine, "วัคซีน") == ["comment:2", "comment:1"]


def test_filters(engine: SearchBackend) -> None:
    engine.index(
        [
            make("comment:1", body="ขยะ", consultation="pets"),
            make("comment:2", body="ขยะ", consultation="air"),
            make("report:1", body="ขยะ", consultation="air", agency="other"),
        ]
    )
    assert sorted(keys(engine, "ขยะ", kinds=("comment",))) == ["comment:1", "comment:2"]
    assert sorted(keys(engine, "ขยะ", consultation="air")) == ["comment:2", "report:1"]
    assert keys(engine, "ขยะ", agency="other") == ["report:1"]


def test_indexing_again_replaces(engine: SearchBackend) -> None:
    engine.index([make("comment:1", body="คำเก่า สุนัข")])
    engine.index([make("comment:1", body="คำใหม่ แมว")])
    assert keys(engine, "สุนัข") == []
    assert keys(engine, "แมว") == ["comment:1"]


def test_delete_removes_and_forgives(engine: SearchBackend) -> None:
    engine.index([make("comment:1", body="สุนัข"), make("comment:2", body="สุนัข")])
    engine.delete(["comment:1", "comment:77"])
    assert keys(engine, "สุนัข") == ["comment:2"]


def test_rebuild_leaves_only_what_it_was_given(engine: SearchBackend) -> None:
    engine.index([make("comment:1", body="สุนัข"), make("comment:2", body="สุนัข")])
    assert engine.rebuild([make("comment:2", body="สุนัข")]) == 1
    assert keys(engine, "สุนัข") == ["comment:2"]


def test_pages_do_not_overlap(engine: SearchBackend) -> None:
    engine.index([make(f"comment:{n:02}", body="สุนัข") for n in range(45)])
    query = parse_query("สุนัข")
    seen = []
    for offset in (0, 20, 40):
        hits = engine.search(query, offset=offset, size=20)
        assert hits.total == 45
        seen += [one.key for one in hits.documents]
    assert len(seen) == len(set(seen)) == 45


def test_a_document_comes_back_whole(engine: SearchBackend) -> None:
    document = make("comment:1", "ชื่อ", "เนื้อความ\nบรรทัดสอง", language="en")
    engine.index([document])
    assert engine.search(parse_query("เนื้อความ"), size=1).documents == (document,)


def test_digests_in_order(engine: SearchBackend) -> None:
    engine.index(
        [
            make("comment:2", digest="b"),
            make("comment:1", digest="a"),
            make("report:1", digest="c"),
        ]
    )
    assert list(engine.digests("comment")) == [("comment:1", "a"), ("comment:2", "b")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        '"',
        '""',
        "'; DROP TABLE x --",
        "AND OR NOT",
        "NEAR(ก ข)",
        "ก* ^ข {ค}",
        "\\' : & | !",
        "()",
        "๕/๑",
        "พ.ศ. ๒๕๖๙",
        "😀",
        "ก" * 5000,
        "\x00ที่ดิน",
        "body_tokens:สุนัข",
    ],
)
def test_no_query_breaks_it(engine: SearchBackend, text: str) -> None:
    engine.index([make("comment:1", "มาตรา ๕/๑", "พ.ศ. ๒๕๖๙ AND 'สุนัข' & แมว")])
    engine.search(parse_query(text), size=10)


def test_labels_with_a_slash(engine: SearchBackend) -> None:
    engine.index(
        [make("provision:1", "มาตรา ๕/๑", "ก"), make("provision:2", "มาตรา ๕/๒", "ข")]
    )
    assert keys(engine, '"มาตรา 5/1"') == ["provision:1"]


EVERYDAY = [
    ("พ.ร.บ.", "พระราชบัญญัติ"),
    ("พรบ", "พระราชบัญญัติ"),
    ("พ. ร. บ. คุ้มครองผู้ทำงาน", "พระราชบัญญัติคุ้มครองผู้ทำงาน"),
    ("พรบ คุ้มครองผู้ทำงาน", "พระราชบัญญัติคุ้มครองผู้ทำงาน"),
    ("ตามพรบคุ้มครองผู้ทำงาน", "ตามพระราชบัญญัติคุ้มครองผู้ทำงาน"),
    ("ร่าง พ.ร.บ. การเช่าที่อยู่อาศัย", "ร่างพระราชบัญญัติการเช่าที่อยู่อาศัย"),
    ("ร่างพรบ.การเช่าที่อยู่อาศัย", "ร่างพระราชบัญญัติการเช่าที่อยู่อาศัย"),
    ("พ.ร.ก. ฉุกเฉิน", "พระราชกำหนดฉุกเฉิน"),
    ("พรฎ", "พระราชกฤษฎีกา"),
    ("รธน. ม.๒๖", "รัฐธรรมนูญ มาตรา 26"),
    ("ขัดรธน", "ขัดรัฐธรรมนูญ"),
    ("ม.๕", "มาตรา ๕"),
    ("ม. 5", "มาตรา 5"),
    ("ตามม.5/1", "ตามมาตรา ๕/๑"),
    ("ม.4 ม.5", "มาตรา 4 มาตรา 5"),
    ("ป.วิ.อ. ม. 5", "ประมวลกฎหมายวิธีพิจารณาความอาญา มาตรา 5"),
    ("มติ ครม.", "มติคณะรัฐมนตรี"),
]


@pytest.mark.parametrize(("short", "full"), EVERYDAY)
def test_a_short_form_and_its_full_form_find_the_same(
    engine: SearchBackend, short: str, full: str
) -> None:
    engine.index(
        [
            make("comment:1", body=f"เรื่อง {short} ครับ"),
            make("provision:1", body=f"เรื่อง {full} ดังนี้"),
            make("provision:2", body="เรื่องอื่น ไม่เกี่ยวกัน"),
        ]
    )
    both = {"comment:1", "provision:1"}
    assert set(keys(engine, short)) == set(keys(engine, full)) == both


@pytest.mark.parametrize(
    "text", ["คุณพรบุญ", "พรบอกว่า", "ขอพรบริบูรณ์", "สมาคม.5", "ม.ปลาย", "5 ม.", "มค.5"]
)
def test_letters_that_only_look_like_a_short_form(
    engine: SearchBackend, text: str
) -> None:
    engine.index([make("comment:1", body=text), make("comment:2", body="กฎกระทรวง")])
    for asked in ("พ.ร.บ.", "พระราชบัญญัติ", "มาตรา 5"):
        assert keys(engine, asked) == []
    assert keys(engine, text) == ["comment:1"]


def test_the_section_asked_for_comes_before_what_is_said_of_it(
    engine: SearchBackend,
) -> None:
    engine.index(
        [
            make("comment:1", "มาตรา ๑๒ ร่าง", "มาตรา ๑๒ มาตรา 12 ม. 12"),
            make("comment:2", "มาตรา ๑๒", "ม.๑๒"),
            make("provision:9", "มาตรา ๑๒๐ ร่าง", "ตามมาตรา ๑๒", section="sec_120"),
            make("provision:7", "มาตรา ๑๒/๑ ร่าง", "มาตรา ๑๒", section="sec_12-1"),
            make(
                "provision:8",
                "มาตรา ๑๒ ร่างพระราชบัญญัติว่าด้วยเรื่องที่มีชื่อยาวมากกว่าเรื่องอื่น",
                "ให้มีคณะกรรมการคณะหนึ่ง " * 40,
                section="sec_12",
            ),
        ]
    )
    for asked in ("มาตรา 12", "ม.๑๒", "มาตรา ๑๒ คณะกรรมการ"):
        assert keys(engine, asked)[0] == "provision:8"
    assert len(keys(engine, "มาตรา 12")) == 5
    assert keys(engine, "มาตรา 12/1")[0] == "provision:7"


def test_copies_of_one_campaign_are_one_hit(engine: SearchBackend) -> None:
    engine.index(
        [make(f"comment:{n:02}", body="ขอคัดค้านเขื่อน", fold="a") for n in range(41)]
        + [make("comment:90", body="ไม่เอาเขื่อน เขื่อนทำลายป่า", fold="b")]
        + [make("provision:1", body="เขื่อน"), make("provision:2", body="เขื่อน")]
    )
    query = parse_query("เขื่อน")
    hits = engine.search(query, size=10)
    assert hits.total == len(hits.documents) == 4
    copies = {one.fold: n for one, n in zip(hits.documents, hits.copies, strict=True)}
    assert copies == {"a": 41, "b": 1, "": 1}
    rest = engine.search(query, offset=2, size=10)
    assert rest.documents == hits.documents[2:]
    whole = engine.search(query, filters=Filters(fold="a"), size=50)
    assert whole.total == len(whole.documents) == 41
    assert set(whole.copies) == {1}


def test_english_is_found_whatever_its_case(engine: SearchBackend) -> None:
    engine.index([make("comment:1", body="Landlords should return the Deposit")])
    assert keys(engine, "deposit LANDLORDS") == ["comment:1"]


def test_an_engine_that_is_away_says_so(settings: object) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(SearchUnavailableError):
        ElasticsearchBackend().search(parse_query("สุนัข"), size=10)
