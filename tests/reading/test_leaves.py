"""Long drafts are cut at their own divisions, and nothing is lost at a cut."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.reading.selectors.leaves import LEAF, LEAF_LETTERS, WHOLE, cut
from tests import factories as make
from tests.reading.conftest import at_most


@dataclass(frozen=True)
class Row:
    number: int
    depth: int | None = None
    letters: int = 100

    @property
    def is_section(self) -> bool:
        return self.depth is None


def rows(shape: list[int | None]) -> list[Row]:
    return [Row(number, depth) for number, depth in enumerate(shape)]


def sections(page: list[Row]) -> int:
    return sum(row.is_section for row in page)


def test_a_draft_of_ordinary_length_is_one_page() -> None:
    draft = rows([0, *[None] * 100, 0, *[None] * (WHOLE - 100)])
    assert cut(draft) == [draft]


def test_a_long_draft_is_cut_at_its_largest_divisions() -> None:
    pages = cut(rows([None, *([0, *[None] * 90] * 3)]))
    assert [page[0].depth for page in pages] == [None, 0, 0]
    assert [sections(page) for page in pages] == [91, 90, 90]


def test_a_long_division_is_cut_at_the_next_level() -> None:
    pages = cut(rows([0, *([1, *[None] * 80] * 4), 0, *[None] * 60]))
    assert [sections(page) for page in pages] == [80, 80, 80, 80, 60]
    assert [row.depth for row in pages[0][:2]] == [0, 1]  # no heading alone


def test_a_draft_without_divisions_is_cut_by_number() -> None:
    pages = cut(rows([None] * 1_755))
    assert [sections(page) for page in pages] == [LEAF] * 17 + [55]


def test_small_chapters_share_a_page() -> None:
    pages = cut(rows([0, *[None] * 5] * 100))
    assert len(pages) <= 11


def test_long_sections_make_a_page_full_before_many_do() -> None:
    draft = [Row(n, 0 if n % 20 == 0 else None, 1_000) for n in range(200)]
    pages = cut(draft)
    assert list(chain.from_iterable(pages)) == draft
    assert all(page[0].depth == 0 for page in pages)  # cut at its own divisions
    assert all(sum(r.letters for r in page) <= LEAF_LETTERS for page in pages)
    giant = [Row(1, None, 400_000), Row(2), Row(3)]
    assert [len(page) for page in cut(giant)] == [1, 2]


@given(st.lists(st.sampled_from([None, None, None, None, 0, 1, 2]), max_size=900))
def test_every_row_is_on_exactly_one_page_in_order(shape: list[int | None]) -> None:
    draft = rows(shape)
    pages = cut(draft)
    assert list(chain.from_iterable(pages)) == draft
    if sections(draft) > WHOLE:
        assert all(sections(page) <= LEAF for page in pages)


@pytest.mark.django_db
def test_a_code_of_1755_sections_reads_page_by_page(client) -> None:
    make.make_round(sections=1_755, slug="code")
    address = "/consultations/code/draft/"
    with at_most(6):
        first = client.get(address).content.decode()
    assert first.count("<article") <= LEAF
    found = client.get(address, {"section": "๑๒๓๔"})
    page = client.get(found.url).content.decode()
    assert 'id="sec_1234"' in page and "มาตรา ๑๒๓๔" in page
    seen, link = 0, address
    for _ in range(100):
        page = client.get(link).content.decode()
        seen += page.count("<article")
        start = page.find('rel="next" href="')
        if start < 0:
            break
        link = page[start + 17 : page.index('"', start + 17)]
    assert seen == 1_755
