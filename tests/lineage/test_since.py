"""What a reader of the newest version is told of the one before, and of its round."""

from __future__ import annotations

import html
import re

import pytest
from django.core.cache import cache
from django.utils import translation

from comments.models import Tally
from consultations.models import Question
from consultations.templatetags.lineage import redline_folded
from drafts.law.redline import redline
from tests import factories as make
from tests.lineage.builders import (
    BOARD,
    DOGS,
    LAMP,
    TREE,
    make_revised,
    make_rounds,
    of,
    section,
)
from tests.reading.conftest import at_most

pytestmark = pytest.mark.django_db
BASE = "/consultations/park-act/"


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("drafts.clock.now", lambda: make.NOW)


def text(response) -> str:
    """What the page says, without its tags."""
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))


def test_a_provision_says_how_it_differs_from_the_version_before(client) -> None:
    make_rounds(
        [section("a", "๑", LAMP), section("b", "๒", TREE)],
        [
            section("a", "๑", LAMP.replace("ห้าสิบ", "สามสิบ")),
            section("x", "๒", DOGS),
            section("b", "๓", TREE),
        ],
        [
            section("a", "๑", LAMP.replace("ห้าสิบ", "สามสิบ")),
            section("b", "๒", TREE),
        ],
    )
    page = client.get(f"{BASE}draft/v2/sec_1/").content.decode()
    assert "ต่างจากฉบับที่ 1: แก้ถ้อยคำ" in page
    assert re.search(r"<del>.*?ห้าสิบ.*?</del>", page)
    assert "เพิ่มใหม่" in text(client.get(f"{BASE}draft/v2/sec_2/"))
    assert "มาตรา ๓ เปลี่ยนเลขเป็น มาตรา ๒" in text(client.get(f"{BASE}draft/sec_2/"))
    assert "เหมือนฉบับที่ 2 ทุกคำ" in text(client.get(f"{BASE}draft/sec_1/"))
    # The first version differs from nothing.
    assert 'id="since"' not in client.get(f"{BASE}draft/v1/sec_1/").content.decode()


def test_the_draft_page_marks_what_changed(client) -> None:
    make_revised()
    base = "/consultations/revised-law/"
    page = client.get(f"{base}draft/").content.decode()
    articles = dict(
        re.findall(
            r'<article class="provision[^"]*" id="(\w+)">(.*?)</article>', page, re.S
        )
    )
    marks = {
        eid: re.search(r"(แก้ถ้อยคำ|เพิ่มใหม่|แยกออก|คงเดิม)จากฉบับที่ 1", article)
        for eid, article in articles.items()
    }
    assert {eid: found and found[1] for eid, found in marks.items()} == {
        "sec_1": "แก้ถ้อยคำ",
        "sec_2": "เพิ่มใหม่",
        "sec_3": "แก้ถ้อยคำ",
        "sec_4": "แยกออก",
        "sec_5": "แยกออก",
    }
    # The heading and the section that was struck out are counted too.
    assert "ฉบับนี้แก้จากฉบับที่ 1 รวม 6 แห่ง" in page
    assert f'href="{base}changes/?from=1&amp;to=2"' in page
    assert "จากฉบับที่" not in client.get(f"{base}draft/v1/").content.decode()
    with at_most(8):
        client.get(f"{base}draft/")
    with at_most(15):
        client.get(f"{base}draft/sec_4/")
    with at_most(10):
        client.get(f"{base}changes/")


def test_the_address_of_a_section_struck_out_leads_to_its_last_words(client) -> None:
    make_rounds(
        [section("a", "๑", LAMP), section("b", "๒", TREE)], [section("a", "๑", LAMP)]
    )
    found = client.get(f"{BASE}draft/sec_2/", follow=True)
    assert found.redirect_chain == [(f"{BASE}draft/v1/sec_2/", 302)]
    assert "มาตรานี้ไม่มีแล้วในร่างฉบับที่ 2" in text(found)
    assert client.get(f"{BASE}draft/v2/sec_2/").status_code == 404
    assert client.get(f"{BASE}draft/sec_3/").status_code == 404


def test_a_section_that_came_back_says_from_where(client) -> None:
    first, _second, _third = make_rounds(
        [section("a", "๑", LAMP), section("b", "๒", TREE)],
        [section("a", "๑", LAMP)],
        [section("a", "๑", LAMP), section("c", "๒", DOGS), section("n", "๓", TREE)],
    )
    (said,) = make.make_comments(first, ["ปรับแพงไป"], provision=of(first.version, "b"))
    Tally.objects.update_or_create(
        round=first,
        subject=f"p{said.provision_id}",
        defaults={"provision_id": said.provision_id, "total": 1, "disagree": 1},
    )
    page = text(client.get(f"/comments/{said.public_id}/"))
    assert "มาตรา ๒ เปลี่ยนเลขเป็น มาตรา ๓ ถ้อยคำไม่เปลี่ยน" in page
    assert "จับคู่ด้วยถ้อยคำที่ตรงกันทุกคำ" in page
    page = text(client.get(f"{BASE}draft/sec_3/history/"))
    assert "นำมาตรา ๒ ของฉบับที่ 1 กลับมา" in page
    assert "มาตรา ๒ ถูกตัดออกทั้งหมด" in page
    assert "ปรับแพงไป" in text(client.get(f"{BASE}draft/sec_3/"))
    assert "กลับมา" not in text(client.get(f"{BASE}draft/sec_2/history/"))


def test_each_round_keeps_its_questions_and_what_was_said_of_the_whole(client) -> None:
    """Also where both rounds heard the same version."""
    one, two = make_rounds([section("a", "๑", LAMP)], [section("a", "๑", BOARD)])
    type(two).objects.filter(pk=two.pk).update(version=one.version)
    (whole,) = make.make_comments(one, ["ร่างนี้ยาวไป"], whole_draft=True)
    asked = {
        round_.number: Question.objects.update_or_create(
            round=round_,
            number=1,
            defaults={"text": f"คำถามของรอบ {round_.number}"},
        )[0]
        for round_ in (one, two)
    }
    (answer,) = make.make_comments(one, ["คำตอบของรอบแรก"], question=asked[1])
    make.make_comments(two, ["คำตอบของรอบสอง"], question=asked[2])
    newest = text(client.get(f"{BASE}comments/"))
    assert "ร่างนี้ยาวไป" not in newest and "รอบที่ 1 ร่างฉบับที่ 1" in newest
    first = client.get(f"{BASE}comments/round-1/")
    assert "ร่างนี้ยาวไป" in text(first)
    assert b"comment-form" not in first.content  # a closed round takes none
    page = text(client.get(f"{BASE}questions/round-1/1/"))
    assert "คำตอบของรอบแรก" in page and "คำตอบของรอบสอง" not in page
    assert "คำถามของรอบ 1" in text(client.get(f"{BASE}questions/round-1/"))
    assert "คำถามของรอบ 2" in text(client.get(f"{BASE}questions/"))
    assert f'href="{BASE}comments/round-1/"' in client.get(BASE).content.decode()
    for said, address in (
        (whole, "comments/round-1/"),
        (answer, "questions/round-1/1/"),
    ):
        page = client.get(f"/comments/{said.public_id}/").content.decode()
        assert f'href="{BASE}{address}"' in page
    for address in ("comments/round-9/", "questions/round-9/", "questions/round-1/9/"):
        assert client.get(BASE + address).status_code == 404


def test_two_rounds_on_one_version_keep_their_comments_apart(client) -> None:
    one, two = make_rounds([section("a", "๑", LAMP)], [section("a", "๑", BOARD)])
    type(two).objects.filter(pk=two.pk).update(version=one.version)
    provision = of(one.version, "a")
    for round_, words in ((one, "รอบแรกว่าไกลไป"), (two, "รอบสองว่าดีแล้ว")):
        make.make_comments(round_, [words], provision=provision)
        Tally.objects.update_or_create(
            round=round_,
            subject=f"p{provision.pk}",
            defaults={"provision": provision, "total": 1, "disagree": 1},
        )
    page = text(client.get(f"{BASE}draft/sec_1/"))
    own, _heading, earlier = page.partition("ความเห็นต่อมาตรานี้ในรอบก่อน")
    assert "รอบสองว่าดีแล้ว" in own and "รอบแรกว่าไกลไป" not in own
    assert "รวม 1 ความคิดเห็น" in own
    assert "รอบแรกว่าไกลไป" in earlier and "รอบสองว่าดีแล้ว" not in earlier
    # One version: there is nothing to compare, and nothing is marked.
    assert 'id="since"' not in page and "จากฉบับที่" not in page
    assert "จึงยังไม่มีอะไรให้เทียบ" in text(client.get(f"{BASE}changes/"))
    history = text(client.get(f"{BASE}draft/sec_1/history/"))
    assert "ฉบับแรกที่นำมารับฟัง" in history
    assert re.search(r"รอบที่ 2 \([^)]+\): 1 ความเห็น รับฟังรอบที่ 1", history)


def test_long_runs_of_unchanged_lines_are_folded_and_all_there() -> None:
    lines = [f"“คำที่ {n}” หมายความว่า สิ่งที่กำหนด" for n in range(20)]
    changed = [
        line.replace("สิ่งที่", "ของที่") if n == 10 else line for n, line in enumerate(lines)
    ]
    old, new = "\n".join(lines), "\n".join(changed)
    page = redline_folded(redline(old, new))
    assert page.count("<details>") == 2
    assert "10 บรรทัดคงเดิม" in page and "9 บรรทัดคงเดิม" in page
    # What is read when everything is open is the new text and what was struck out.
    words = re.sub(r"<summary>.*?</summary>|<span.*?</span>|<del>.*?</del>", "", page)
    kept = html.unescape(re.sub(r"<[^>]+>", "\n", words))
    assert "".join(kept.split()) == "".join(new.split())
    with translation.override("en"):
        page = redline_folded(redline(old, new))
    assert '<summary lang="en">10 unchanged lines' in page
    assert page.count('<span class="visually-hidden" lang="en">[') == 4
    assert "<details>" not in redline_folded(redline("ก\nข\nค", "ก\nข\nง"))
    assert "<details>" not in redline_folded(redline(old, old))
    nine = "ก\n" * 9
    assert "&lt;b&gt;" in redline_folded(redline(f"{nine}<b>", f"{nine}<b> ข"))


def test_the_overview_leads_to_what_changed(client) -> None:
    make_revised()
    base = "/consultations/revised-law/"
    page = client.get(base).content.decode()
    assert "ดูสิ่งที่เปลี่ยนจากฉบับที่ 1" in page and f'href="{base}changes/"' in page
    with at_most(12):
        client.get(base)
