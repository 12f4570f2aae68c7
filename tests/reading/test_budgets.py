"""Queries that a page may send, however much there is to show."""

from __future__ import annotations

import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from cms.settings.env import BASE_DIR
from comments.models import Comment, Tally
from consultations.reading.selectors import comments as selector
from drafts.models import ProvisionNote
from tests import factories as make
from tests.reading.conftest import at_most

pytestmark = pytest.mark.django_db
DRAFT = "/consultations/big/draft/"


@pytest.fixture
def big(db):
    """A draft of 200 sections with 5,000 comments, notes and tallies."""
    round_ = make.make_round(sections=200, slug="big", questions=3)
    sections = list(round_.version.provisions.filter(kind="section"))
    make.make_comments(
        round_, [f"ความเห็นที่ {n}" for n in range(4_000)], provision=sections[0]
    )
    make.make_comments(
        round_, [f"อีกความเห็นที่ {n}" for n in range(1_000)], provision=sections[1]
    )
    Tally.objects.bulk_create(
        Tally(
            round=round_,
            provision=section,
            subject=f"p{section.pk}",
            agree=5,
            disagree=20,
            total=25,
        )
        for section in sections
    )
    ProvisionNote.objects.bulk_create(
        ProvisionNote(provision=section, kind=kind, text="คำอธิบาย", created_at=make.NOW)
        for section in sections
        for kind in ["plain", "current_law"]
    )
    return round_


def test_reading_a_big_draft_stays_in_its_budgets(client, big) -> None:
    client.get("/consultations/")  # what is read once for each process
    with at_most(6):
        page = client.get(DRAFT)
    assert page.content.count(b"<article") == 200
    # HTML at most 60 kB compressed for 200 sections.
    assert len(gzip.compress(page.content)) <= 60_000
    with at_most(7):
        page = client.get(f"{DRAFT}sec_1/")
    assert page.content.count(b'<li class="comment"') == 20
    with at_most(8):
        client.get(f"{DRAFT}sec_1/?order=least_seen&from=0-4000")
    with at_most(6):
        client.get(f"{DRAFT}sec_1/", headers={"HX-Request": "true"})
    for address, budget in [
        ("/consultations/big/", 12),
        ("/consultations/big/questions/", 6),
        ("/consultations/big/questions/1/", 6),
        ("/consultations/big/comments/", 4),
        ("/consultations/", 6),
        ("/", 12),
        ("/agencies/", 2),
        (f"/agencies/{big.consultation.agency.slug}/", 4),
        (f"{DRAFT}?q=นายทะเบียน", 4),
        (f"{DRAFT}v1.txt", 3),
        ("/consultations/big/changes/", 2),
    ]:
        with at_most(budget):
            client.get(address)
    comment = Comment.objects.first()
    with at_most(4):
        client.get(f"/comments/{comment.public_id}/")


def test_the_list_of_consultations_costs_the_same_for_any_number(client) -> None:
    for _ in range(3):
        make.make_round(sections=1)
    client.get("/consultations/")
    with at_most(4):
        assert client.get("/consultations/").content.count(b'<li class="card"') == 3


@pytest.mark.parametrize("order", selector.ORDERS)
def test_walking_all_pages_shows_every_comment_once(order: str) -> None:
    round_ = make.make_round()
    section = round_.version.provisions.first()
    rows = make.make_comments(round_, [f"ที่ {n}" for n in range(95)], provision=section)
    for index, row in enumerate(rows):
        row.times_shown = index % 3
    Comment.objects.bulk_update(rows, ["times_shown"])
    seen, cursor, pages = [], "", 0
    while True:
        page = selector.read_comments(
            {"provision": section.pk}, order=order, cursor=cursor
        )
        seen += page.comments
        pages += 1
        if not page.older:
            break
        cursor = page.older
    assert pages == 5 and len({c.id for c in seen}) == len(seen) == 95
    if order == selector.NEWEST:
        assert all(a.id > b.id for a, b in pairwise(seen))
    else:
        shown = {row.pk: row.times_shown for row in rows}
        assert all(shown[a.id] <= shown[b.id] for a, b in pairwise(seen))


def test_newer_leads_back_through_the_same_pages() -> None:
    round_ = make.make_round()
    section = round_.version.provisions.first()
    make.make_comments(round_, [f"ที่ {n}" for n in range(50)], provision=section)

    def read(cursor: str) -> selector.CommentPage:
        return selector.read_comments({"provision": section.pk}, cursor=cursor)

    first = read("")
    second = read(first.older)
    back = read(second.newer)
    assert [c.id for c in back.comments] == [c.id for c in first.comments]
    assert back.newer == "" and back.older == first.older


def test_styles_and_scripts_are_small_and_ours(client) -> None:
    static = BASE_DIR / "cms" / "static"
    css = (static / "css" / "site.css").read_bytes()
    assert len(css) <= 20_000
    htmx = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()
    ours = b"".join(path.read_bytes() for path in (static / "js").glob("*.js"))
    assert len(gzip.compress(htmx)) + len(gzip.compress(ours)) <= 25_000
    make.make_round(slug="small")
    page = client.get("/consultations/small/draft/").content.decode()
    hosts = re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page)
    assert hosts == [] and " style=" not in page and "<script>" not in page
