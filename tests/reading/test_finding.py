"""Search inside a draft, permalinks of paragraphs and items, cross-references."""

from __future__ import annotations

import re

import pytest

from consultations.reading.selectors.finding import numbered, places_of
from tests import factories as make
from tests.reading.conftest import at_most
from tests.reading.law import make_read_round

pytestmark = pytest.mark.django_db
BASE = "/consultations/parks/draft/"


@pytest.fixture
def parks():
    return make_read_round()


def page_of(client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# --- a number that was typed ---------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("4", "sec_4"),
        ("๔", "sec_4"),
        ("มาตรา 4", "sec_4"),
        ("มาตรา๔", "sec_4"),
        ("ม.4", "sec_4"),
        ("ม. ๔", "sec_4"),
        ("4/1", "sec_4-1"),
        ("  ๔ / ๑ ", "sec_4-1"),
        ("Section 4", "sec_4"),
        ("มาตรา 4 วรรคสอง", "sec_4__para_2"),
        ("มาตรา ๔ วรรคสอง (๒)", "sec_4__para_2__point_2"),
        ("4 (2)", "sec_4__para_2__point_2"),
        ("มาตรา ๔ วรรคเก้า", "sec_4"),
    ],
)
def test_a_number_leads_to_its_place(client, parks, typed: str, place: str) -> None:
    with at_most(2):
        answer = client.get(BASE, {"q": typed})
    assert answer.status_code == 302
    assert answer.url == f"{BASE}?division={place.partition('__')[0]}#{place}"
    assert f'id="{place}"' in page_of(client, answer.url.partition("#")[0])


@pytest.mark.parametrize("typed", ["หมวด ๒", "หมวด 2"])
def test_the_number_of_a_division_leads_there(client, parks, typed: str) -> None:
    assert client.get(BASE, {"q": typed}).url == f"{BASE}?division=chp_2#chp_2"


def test_pali_ordinals_are_numbers_too() -> None:
    assert numbered("๕ ทวิ") == "sec_5-ord2"
    assert numbered("มาตรา 65 อัฏฐ/1") == "sec_65-ord8-1"
    assert numbered("ข้อ ๓") == "cl_3"
    for words in ["30 วัน", "มาตรา", "ผู้ดูแล", "", "5 แห่งประมวลกฎหมายอาญา"]:
        assert numbered(words) is None, words


def test_a_number_that_is_not_there_is_looked_for_in_the_text(client, parks) -> None:
    page = page_of(client, BASE, q="30")
    assert "ไม่มีมาตราหรือข้อเลข “30”" in page
    assert "<mark>๓๐</mark>" in page and "มาตรา ๓" in page


# --- words ---------------------------------------------------------------------------


def test_words_are_found_in_the_order_of_the_draft_and_marked(client, parks) -> None:
    with at_most(4):
        page = page_of(client, BASE, q="ผู้ดูแล")
    found = re.findall(r"<h2><a[^>]*>([^<]+)</a>", page)
    assert found == ["มาตรา ๒", "มาตรา ๓", "มาตรา ๔"]
    assert page.count("<mark>ผู้ดูแล</mark>") >= 3
    # the first place is the definition: the link leads to that very paragraph
    assert f'href="{BASE}?division=sec_2#sec_2__para_3"' in page


def test_all_the_words_must_be_there(client, parks) -> None:
    page = page_of(client, BASE, q="ผู้ดูแล ใบอนุญาต")
    assert re.findall(r"<h2><a[^>]*>([^<]+)</a>", page) == ["มาตรา ๔"]


def test_a_word_is_not_found_inside_another_word() -> None:
    assert places_of("ตามมาตรา ๕ ให้ทำการ", ["ตา"]) is None
    assert places_of("ให้เปิดสวนทุกวัน", ["สวน"]) == [(7, 10)]
    assert places_of("ชำระภาษีที่ดิน", ["ที่ดิน"]) is not None  # a part of a compound


def test_letters_that_are_no_word_are_found_where_words_are_not(client, parks) -> None:
    page = page_of(client, BASE, q="สอบสว")
    assert "<mark>สอบสว</mark>" in page


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", "<b>&", "“", "ก" * 5000]
)
def test_what_was_typed_is_never_markup(client, parks, query: str) -> None:
    page = page_of(client, BASE, q=query)
    assert "<script>alert" not in page and "<b>" not in page


def test_an_empty_result_says_what_to_do(client, parks) -> None:
    page = page_of(client, BASE, q="เรือดำน้ำ")
    assert "ไม่พบ “เรือดำน้ำ”" in page and "พิมพ์เลขมาตรา" in page
    assert "/search/?q=%E0%B9%80%E0%B8%A3" in page  # all drafts, with the same words


@pytest.mark.parametrize("query", ["q=+", "q=x&page=9", "q=x&page=x"])
def test_senseless_queries_are_shrugged_off(client, parks, query: str) -> None:
    assert client.get(f"{BASE}?{query}").status_code == 200


def test_an_earlier_version_is_searched_by_itself(client, parks) -> None:
    page = page_of(client, f"{BASE}v1/", q="ผู้ดูแล")
    assert 'action="/consultations/parks/draft/' in page and "<mark>" in page


def test_1755_sections_are_searched_within_the_budget(client) -> None:
    make.make_round(sections=1_755, slug="code")
    with at_most(4):
        page = page_of(client, "/consultations/code/draft/", q="นายทะเบียน", page="3")
    assert page.count("<mark>นายทะเบียน</mark>") == 30
    assert "1,755" in page and "มาตรา ๖๑<" in page


# --- permalinks ---------------------------------------------------------------------


@pytest.mark.parametrize("at", ["", "v1/"])
def test_the_address_of_a_paragraph_or_item_leads_to_it(client, parks, at) -> None:
    for place in ["sec_4__para_2", "sec_4__para_2__point_2__point_1", "sec_2__para_1"]:
        answer = client.get(f"{BASE}{at}{place}/")
        section = place.partition("__")[0]
        assert answer.status_code == 302
        assert answer.url == f"{BASE}{at}{section}/#{place}"
        assert f'id="{place}"' in page_of(client, answer.url.partition("#")[0])


def test_an_address_inside_a_section_that_is_not_there(client, parks) -> None:
    assert client.get(f"{BASE}sec_4__para_9/").url == f"{BASE}sec_4/#sec_4"
    assert client.get(f"{BASE}sec_4__para_last/").url == f"{BASE}sec_4/#sec_4__para_2"
    assert client.get(f"{BASE}sec_99__para_1/").status_code == 404


def test_every_paragraph_and_item_has_an_address_of_its_own(client, parks) -> None:
    page = page_of(client, BASE)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for row in parks.version.provisions.filter(kind="section"):
        for paragraph in row.paragraphs:
            assert paragraph["eid"] in ids
            assert all(item["eid"] in ids for item in paragraph["items"])
    link = (
        '<a class="pl" href="#sec_4__para_2__point_2" aria-label="มาตรา ๔ วรรคสอง (๒)">'
    )
    assert link in page
    english = page_of(client, f"/en{BASE}")
    assert 'aria-label="Section 4 paragraph 2 (2)"' in english


# --- cross-references ----------------------------------------------------------------


def test_references_lead_to_the_paragraph_or_item(client, parks) -> None:
    whole = page_of(client, BASE)
    link = '<a href="#sec_4__para_2__point_2">มาตรา ๔ วรรคสอง (๒)</a>'
    assert link in whole
    alone = page_of(client, f"{BASE}sec_3/")
    assert (
        f'<a href="{BASE}sec_4/#sec_4__para_2__point_2">มาตรา ๔ วรรคสอง (๒)</a>'
        in alone
    )


def test_other_laws_and_quoted_text_are_not_linked(client, parks) -> None:
    for page in [page_of(client, BASE), page_of(client, f"{BASE}sec_5/")]:
        law = "".join(re.findall(r'<div class="law">.*?</div>', page, re.S))
        assert ">มาตรา ๓</a>" not in law  # of another act, and quoted
        assert ">มาตรา ๒๖</a>" not in law and ">มาตรา ๕</a>" not in law
    assert "&lt;b&gt;&amp;" in page_of(client, BASE)


def test_references_to_another_page_of_a_long_draft_lead_to_the_section(client) -> None:
    lines = [f"มาตรา {n}  ให้มีสวน" for n in range(1, 300)]
    lines.append("มาตรา 300  ตามมาตรา 5 วรรคสอง และมาตรา 299 และมาตรา 999")
    make_read_round("\n\n".join(lines), slug="long")
    base = "/consultations/long/draft/"
    page = page_of(client, base, division="sec_300")
    assert f'<a href="{base}sec_5__para_2/">มาตรา 5 วรรคสอง</a>' in page
    assert '<a href="#sec_299">มาตรา 299</a>' in page and ">มาตรา 999</a>" not in page


def test_definitions_open_without_a_script(client, parks) -> None:
    page = page_of(client, f"{BASE}sec_4/")
    details = page[page.index("<details><summary>คำที่มีนิยาม") :]
    assert f'<dt><a href="{BASE}sec_2/#sec_2__para_3">ผู้ดูแล</a></dt>' in details
    assert "ผู้ซึ่งได้รับแต่งตั้งตามมาตรา ๔</dd>" in details
    whole = page_of(client, BASE)
    assert f'<a href="{BASE}sec_2/#sec_2__para_2">สวน</a>' in whole
