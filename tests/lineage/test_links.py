"""From a comment to the words that changed, and from the words back to the comments."""

from __future__ import annotations

import html
import re

import pytest
from django.core.cache import cache

from comments.models import Status, Tally
from tests import factories as make
from tests.lineage.builders import (
    BOARD,
    DOGS,
    LAMP,
    MEET,
    TREE,
    make_rounds,
    of,
    part,
    section,
)
from tests.reading.conftest import at_most

pytestmark = pytest.mark.django_db
BASE = "/consultations/park-act/"
OLD = [section("a", "๑", LAMP), section("b", "๒", TREE), section("c", "๓", DOGS)]
NEW = [
    section("a", "๑", LAMP.replace("ห้าสิบ", "สามสิบ")),
    section("x", "๒", BOARD),
    section("b", "๓", TREE),
]


@pytest.fixture
def rounds():
    cache.clear()
    return make_rounds(OLD, NEW)


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drafts.clock.now", lambda: make.NOW)


def text(response) -> str:
    """What the page says, without its tags."""
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))


def tell(round_, word: str, *texts: str, **fields):
    """Comments on a provision, with the tally that pages read."""
    provision = of(round_.version, word)
    made = make.make_comments(round_, list(texts), provision=provision, **fields)
    Tally.objects.update_or_create(
        round=round_,
        subject=f"p{provision.pk}",
        defaults={"provision": provision, "total": len(texts), "disagree": len(texts)},
    )
    return made


def test_a_comment_page_shows_the_words_that_changed(client, rounds) -> None:
    (said,) = tell(rounds[0], "a", "ไฟห่างเกินไป")
    page = client.get(f"/comments/{said.public_id}/").content.decode()
    assert re.search(r"<del>.*?ห้าสิบ.*?</del>", page)
    assert re.search(r"<ins>.*?สามสิบ.*?</ins>", page)
    assert "[ตัดคำว่า]" in page and "[เพิ่มคำว่า]" in page  # heard, not only seen
    assert "จับคู่ด้วยรหัสเดิม" in page
    assert f'href="{BASE}draft/sec_1/"' in page
    assert f'href="{BASE}draft/v1/sec_1/history/"' in page


def test_a_comment_on_the_newest_version_has_nothing_to_add(client, rounds) -> None:
    (said,) = tell(rounds[1], "a", "ดีแล้ว")
    page = client.get(f"/comments/{said.public_id}/").content.decode()
    assert "ประวัติทุกฉบับ" not in page
    assert "<del>" not in page


def test_renumbered_and_removed_are_told_in_a_sentence(client, rounds) -> None:
    (moved,) = tell(rounds[0], "b", "ปรับแพงไป")
    (gone,) = tell(rounds[0], "c", "สายจูงสั้นไป")
    assert "มาตรา ๒ เปลี่ยนเลขเป็น มาตรา ๓ ถ้อยคำไม่เปลี่ยน" in text(
        client.get(f"/comments/{moved.public_id}/")
    )
    page = text(client.get(f"/comments/{gone.public_id}/"))
    assert "มาตรา ๓ ถูกตัดออกทั้งหมด" in page


def test_the_list_of_an_earlier_round_leads_on_too(client, rounds) -> None:
    page = text(client.get(f"{BASE}draft/v1/sec_1/"))
    assert "มาตรานี้ในร่างฉบับที่ 2" in page


def test_inexact_matches_say_how_alike_they_are(client) -> None:
    first, _second = make_rounds(
        [section("", "๑", LAMP), section("", "๒", TREE)],
        [
            section("", "๑", LAMP.replace("ห้าสิบ", "สามสิบ")),
            section("", "๒", DOGS),
            section("", "๓", TREE.replace("สองหมื่น", "สามหมื่น")),
        ],
    )
    one, two = first.version.provisions.order_by("order")
    by_label = make.make_comments(first, ["ก"], provision=one)[0]
    by_words = make.make_comments(first, ["ข"], provision=two)[0]
    page = text(client.get(f"/comments/{by_label.public_id}/"))
    assert re.search(r"จับคู่ด้วยเลขเดิม ถ้อยคำคล้ายกัน \d\d%", page)
    page = text(client.get(f"/comments/{by_words.public_id}/"))
    assert re.search(r"จับคู่ด้วยความคล้าย \d\d%", page)
    assert "จับคู่ด้วยรหัสเดิม" not in page


def test_a_receipt_leads_to_the_text_that_was_spoken_of_and_onward(
    client, rounds
) -> None:
    (said,) = tell(rounds[0], "b", "ปรับแพงไป")
    page = client.get(f"/receipts/{said.submission.receipt}/").content.decode()
    # มาตรา ๒ of the newest version is another one.
    assert f'href="{BASE}draft/v1/sec_2/"' in page
    assert f'href="{BASE}draft/v1/sec_2/history/"' in page
    (new,) = tell(rounds[1], "b", "ยังแพงไป")
    page = client.get(f"/receipts/{new.submission.receipt}/").content.decode()
    assert f'href="{BASE}draft/sec_3/"' in page
    assert "history/" not in page


def test_results_of_an_earlier_round_stay_on_the_front_page(client, rounds) -> None:
    type(rounds[0]).objects.filter(pk=rounds[0].pk).update(stage="reported")
    front = client.get("/").content.decode()
    assert f"{BASE}results/" in front and "ผลที่ประกาศแล้ว" in front
    overview = text(client.get(BASE))
    assert "ผลและคำชี้แจง" in overview


# --- the other way round --------------------------------------------------------------


def test_a_provision_lists_what_was_said_of_its_ancestors(client, rounds) -> None:
    tell(rounds[0], "a", *(f"ความเห็นรอบแรกที่ {n}" for n in range(1, 26)))
    tell(rounds[0], "b", "เรื่องต้นไม้")
    tell(rounds[1], "a", "ความเห็นรอบสอง")
    page = text(client.get(f"{BASE}draft/sec_1/"))
    own, _heading, earlier = page.partition("ความเห็นต่อมาตรานี้ในรอบก่อน")
    assert "ความเห็นรอบสอง" in own and "ความเห็นรอบแรก" not in own
    assert "รวม 1 ความคิดเห็น" in own  # the counts of this round are its own
    assert "รอบที่ 1 ต่อมาตรา ๑ ในฉบับที่ 1" in earlier and "25 ความเห็น" in earlier
    assert "ความเห็นรอบสอง" not in earlier and "เรื่องต้นไม้" not in page
    seen: list[str] = []
    address = f"{BASE}draft/sec_1/earlier/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"ความเห็นรอบแรกที่ \d+", page)
        more = re.search(r'rel="next" href="(\?from=o\d+)', page)
        address = f"{BASE}draft/sec_1/earlier/{more[1]}" if more else ""
    assert seen == [f"ความเห็นรอบแรกที่ {n}" for n in range(25, 0, -1)]


def test_earlier_comments_say_how_sure_it_is_that_they_belong_here(client) -> None:
    first, second, _third = make_rounds(
        [section("a", "๑", LAMP), section("b", "๒", TREE)],
        [section("a", "๑", LAMP), section("", "๓", TREE.replace("สองหมื่น", "สามหมื่น"))],
        [section("a", "๑", LAMP), section("", "๒", TREE.replace("สองหมื่น", "สี่หมื่น"))],
    )
    tell(first, "a", "ไฟดีแล้ว")
    tell(first, "b", "ปรับแพงไป")
    certain = text(client.get(f"{BASE}draft/sec_1/"))
    assert "ถ้อยคำเดียวกับฉบับนี้ จับคู่ด้วยรหัสเดิม" in certain
    page = client.get(f"{BASE}draft/sec_2/earlier/").content.decode()
    assert "ถ้อยคำต่างจากฉบับนี้" in page
    assert re.search(r'class="tag tag-doubt">จับคู่ด้วยความคล้าย \d\d%', page)
    assert second.version.matches.filter(by="similarity").exists()


def test_split_and_merged_provisions_keep_their_comments(client) -> None:
    first, second, _third = make_rounds(
        [section("a", "๑", f"{BOARD}\n{MEET}"), section("b", "๒", TREE)],
        [section("a", "๑", BOARD), section("d", "๒", MEET), section("b", "๓", TREE)],
        [section("a", "๑", BOARD), section("d", "๒", f"{MEET}\n{TREE}")],
    )
    tell(first, "a", "ประชุมถี่ไป")
    tell(first, "b", "ปรับแพงไป")
    tell(second, "d", "ควรถ่ายทอดสด")
    page = text(client.get(f"{BASE}draft/sec_2/earlier/"))
    for words in ("ประชุมถี่ไป", "ปรับแพงไป", "ควรถ่ายทอดสด"):
        assert words in page
    assert "ปรับแพงไป" not in text(client.get(f"{BASE}draft/sec_1/earlier/"))
    # Seen from the second round, only the first is earlier.
    page = text(client.get(f"{BASE}draft/v2/sec_2/earlier/"))
    assert "ประชุมถี่ไป" in page and "ควรถ่ายทอดสด" not in page
    history = text(client.get(f"{BASE}draft/sec_2/history/"))
    assert "มาตรา ๑ แยกเป็น มาตรา ๑ และมาตรา ๒" in history
    assert "มาตรา ๒ และมาตรา ๓ รวมเป็น มาตรา ๒" in history


def test_a_comment_on_a_schedule_is_not_lost(client) -> None:
    first, _second = make_rounds(
        [section("a", "๑", LAMP), part("s", "schedule", "ค่าธรรมเนียม ๑๐๐ บาท", "บัญชี")],
        [section("a", "๑", LAMP), part("s", "schedule", "ค่าธรรมเนียม ๒๐๐ บาท", "บัญชี")],
    )
    (said,) = tell(first, "s", "แพงไป")
    page = client.get(f"/comments/{said.public_id}/").content.decode()
    assert "๒๐๐" in page and "จับคู่ด้วยรหัสเดิม" in page
    eid = of(_second.version, "s").eid
    assert "แพงไป" in text(client.get(f"{BASE}draft/{eid}/"))


def test_privacy_holds_in_the_lists_of_earlier_rounds(client, rounds) -> None:
    tell(rounds[0], "a", "ความลับหนึ่ง", status=Status.WITHHELD)
    tell(rounds[0], "a", "ความลับสอง", status=Status.HIDDEN, hidden_ground="insult")
    tell(rounds[0], "a", "ความลับสาม", status=Status.WITHDRAWN)
    for address in ("draft/sec_1/", "draft/sec_1/earlier/"):
        page = text(client.get(BASE + address))
        assert "ความลับ" not in page
        assert "ขอไม่เผยแพร่ข้อความ" in page


def test_words_of_a_version_that_was_never_heard_stay_private(client) -> None:
    rounds = make_rounds(OLD, [section("a", "๑", "ถ้อยคำลับที่ไม่เคยนำออกรับฟังเลย")], NEW)
    type(rounds[1]).objects.filter(pk=rounds[1].pk).update(stage="draft")
    (said,) = tell(rounds[0], "b", "ปรับแพงไป")
    for address in (
        f"{BASE}changes/",
        f"{BASE}draft/sec_1/history/",
        f"/comments/{said.public_id}/",
        f"{BASE}draft/v1/sec_1/",
    ):
        assert "ถ้อยคำลับ" not in text(client.get(address)), address


# --- history and budgets --------------------------------------------------------------


def test_history_tells_each_version_with_its_comments(client, rounds) -> None:
    tell(rounds[0], "a", "หนึ่ง", "สอง")
    page = text(client.get(f"{BASE}draft/sec_1/history/"))
    newest, _mark, oldest = page.partition("ฉบับที่ 1:")
    assert "ฉบับที่ 2:" in newest and "แก้ถ้อยคำ" in newest
    assert "2 ความเห็น" in oldest and "ฉบับแรกที่นำมารับฟัง" in oldest
    gone = text(client.get(f"{BASE}draft/v1/sec_3/history/"))
    assert "มาตรา ๓ ถูกตัดออกทั้งหมด" in gone
    assert client.get(f"{BASE}draft/sec_99/history/").status_code == 404
    assert client.get(f"{BASE}draft/v9/sec_1/history/").status_code == 404


def test_pages_of_lineage_stay_in_their_budgets(client, rounds) -> None:
    (said,) = tell(rounds[0], "a", "หนึ่ง")
    tell(rounds[1], "a", "สอง")
    client.get("/consultations/")
    for address, most in (
        (f"{BASE}draft/sec_1/history/", 11),
        (f"{BASE}draft/sec_1/earlier/", 8),
        (f"{BASE}draft/sec_1/", 14),
        (f"/comments/{said.public_id}/", 11),
    ):
        with at_most(most):
            assert client.get(address).status_code == 200
