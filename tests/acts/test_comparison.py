"""The public pages of an amending bill: three columns, and the act as it would read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from comments.models import Tally
from consultations.reading.selectors.comparison import memorandum_reasons, whole_reason
from drafts.models import Provision, ProvisionNote
from tests import factories as make
from tests.acts import texts
from tests.acts.texts import make_act, make_bill, make_bill_round
from tests.reading.conftest import at_most

pytestmark = pytest.mark.django_db
BASE = "/consultations/bill/"
PAGE = f"{BASE}comparison/"
WHOLE = f"{BASE}consolidated/"


def words(response: Any) -> str:
    """What a reader sees and hears: the page without its marks."""
    html = re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def row_of(response: Any, eid: str) -> str:
    found = re.search(
        rf'<tbody[^>]* id="{eid}">.*?</tbody>', response.content.decode(), re.S
    )
    assert found, eid
    return found.group()


@pytest.fixture
def bill(db):
    make_act(source_note="ราชกิจจานุเบกษา เล่มทดสอบ")
    return make_bill_round(make_bill())


def test_one_row_for_each_operation_in_the_order_of_the_bill(client, bill) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    html = page.content.decode()
    assert re.findall(r'<tbody[^>]* id="([^"]+)"', html) == [
        "sec_3__mod_1",
        "sec_4__mod_1",
        "sec_5__mod_1",
        "sec_6__mod_1",
        "sec_6__mod_2",
    ]
    first = row_of(page, "sec_3__mod_1")
    left, right = first.split("<td")[1:3]
    # The words that go stand on the left, those that come on the right, and only there.
    assert re.search(r"<del>.*?สามสิบ.*?</del>", left, re.S)
    assert re.search(r"<ins>.*?เจ็ด.*?</ins>", right, re.S)
    assert "<ins>" not in left
    assert "<del>" not in right
    assert "เจ็ดวัน" not in words_of(left)
    assert "ไม่มีข้อความเดิม" in row_of(page, "sec_5__mod_1")
    assert "ไม่พบมาตราที่จะแก้ไขในกฎหมายปัจจุบัน" in row_of(page, "sec_6__mod_2")
    assert "30 มิ.ย. 2569" in html
    assert "ราชกิจจานุเบกษา เล่มทดสอบ" in html


def words_of(html: str) -> str:
    hidden = re.sub(r'<span class="visually-hidden">.*?</span>', "", html)
    return re.sub(r"<[^>]+>", "", hidden)


def test_the_two_sides_give_both_texts_back(client, bill) -> None:
    """Nothing of either text is lost in the redline, and nothing added."""
    page = client.get(PAGE)
    for row in bill.version.target_clauses.exclude(current_text=""):
        html = row_of(page, row.provision.eid)
        sides = re.findall(r'<div class="redline"[^>]*>(.*?)</div>', html, re.S)
        assert words_of(sides[0]) == row.current_text
        if row.op != "repeal":
            assert words_of(sides[1]) == row.provision.text


def test_the_reason_is_that_of_the_section_else_of_the_memorandum(client, bill) -> None:
    ProvisionNote.objects.create(
        provision=bill.version.provisions.get(eid="sec_3"),
        kind="plain",
        text="คืนเงินเร็วขึ้น",
        created_at=make.NOW,
    )
    page = client.get(PAGE)
    assert "คืนเงินเร็วขึ้น" in row_of(page, "sec_3__mod_1")
    assert "กำหนดเวลาแจ้งขึ้นค่าเช่า" in row_of(page, "sec_4__mod_1")
    assert "ไม่ได้แยกเหตุผลรายมาตรา" in row_of(page, "sec_5__mod_1")


def test_the_reason_of_the_whole_bill_stands_above_the_table(client, bill) -> None:
    page = client.get(PAGE).content.decode()
    reason = "โดยที่ผู้เช่าจำนวนมากได้รับเงินประกันคืนช้า"
    assert page.count(reason) == 1
    assert page.index(reason) < page.index("<table")
    assert whole_reason("หลักการ\nก\nเหตุผล\n\nข\nค") == "ข\nค"
    assert whole_reason("ก\nข") == ""


def test_lines_of_a_memorandum_name_their_section() -> None:
    found = memorandum_reasons(
        "(๑) แก้บทนิยาม (แก้ไขเพิ่มเติมมาตรา ๔)\n"
        "(๒) เพิ่มโทษ (เพิ่มมาตรา ๙/๑ และมาตรา ๑๐)\n"
        "โดยที่มาตรา ๕ (๒) ล้าสมัย"
    )
    assert found == {
        (4, 0, 0, 0): "(๑) แก้บทนิยาม (แก้ไขเพิ่มเติมมาตรา ๔)",
        (9, 1, 0, 0): "(๒) เพิ่มโทษ (เพิ่มมาตรา ๙/๑ และมาตรา ๑๐)",
        (10, 0, 0, 0): "(๒) เพิ่มโทษ (เพิ่มมาตรา ๙/๑ และมาตรา ๑๐)",
    }


def test_counts_and_links_lead_to_the_clause(client, bill) -> None:
    clause = bill.version.provisions.get(eid="sec_3__mod_1")
    Tally.objects.create(
        round=bill, provision=clause, subject=f"p{clause.pk}", disagree=3, total=3
    )
    row = row_of(client.get(PAGE), "sec_3__mod_1")
    assert "ไม่เห็นด้วย 3" in row
    assert f'href="{BASE}draft/sec_3__mod_1/#respond"' in row
    shown = client.get(f"{BASE}draft/sec_3__mod_1/")
    assert shown.status_code == 200
    assert "มาตรา ๕ (แก้ไขโดยมาตรา ๓)" in words(shown)
    # The words in force stand beside the form.
    assert "ภายในสามสิบวัน" in words(shown)


def test_an_act_that_is_not_there_is_said_plainly(client) -> None:
    make_bill_round(make_bill())
    page = client.get(PAGE)
    assert (
        page.content.decode().count("ไม่มีตัวบทของกฎหมายนี้ในระบบ จึงแสดงข้อความเดิมไม่ได้") == 5
    )
    assert "ภายในเจ็ดวัน" in words(page)
    whole = client.get(WHOLE)
    assert whole.status_code == 200
    assert "ยังไม่มีตัวบทของกฎหมายที่ร่างนี้แก้ไขในระบบ" in words(whole)


def test_several_laws_are_told_apart(client) -> None:
    make_act()
    make_bill_round(make_bill(texts.TWO_LAWS))
    page = client.get(PAGE)
    assert texts.RENT in row_of(page, "sec_2__mod_1")
    assert texts.BIKES in row_of(page, "sec_3__mod_1")
    assert "ไม่มีตัวบทของกฎหมายนี้ในระบบ" in row_of(page, "sec_3__mod_1")
    assert "ไม่มีตัวบทของกฎหมายนี้ในระบบ" not in row_of(page, "sec_2__mod_1")
    assert "ไม่มีตัวบทในระบบ" in words(client.get(WHOLE))


def test_the_act_as_it_would_read(client, bill) -> None:
    page = client.get(WHOLE)
    html = page.content.decode()
    sections = re.findall(r'<section class="provision[^"]*" id="([^"]+)"', html)
    assert sections == [
        *(f"sec_{n}" for n in range(1, 7)),
        "sec_6-1",
        "sec_7",
    ]
    changed = re.findall(r'<section class="provision changed" id="([^"]+)"', html)
    assert changed == ["sec_5", "sec_6", "sec_6-1", "sec_7"]
    assert "หมวด ๒ หน้าที่ของผู้ให้เช่า" in words(page)
    assert "ใส่ในฉบับรวมไม่ได้ 1 แห่ง" in words(page)
    assert "มาตรา ๙๙ (ยกเลิกโดยมาตรา ๖)" in words(page)


def test_a_draft_that_amends_nothing_says_so(client) -> None:
    make.make_round(slug="bill")
    for address in (PAGE, WHOLE):
        page = client.get(address)
        assert page.status_code == 200
        assert "ไม่ได้แก้ไขกฎหมายอื่น" in words(page)
    assert b"comparison" not in client.get(BASE).content
    assert b"comparison" not in client.get(f"{BASE}draft/").content


def test_overview_and_draft_lead_to_the_comparison(client, bill) -> None:
    for address in (BASE, f"{BASE}draft/"):
        assert f'href="{PAGE}"' in client.get(address).content.decode()
    version = client.get(f"{PAGE}v1/")
    assert version.status_code == 200
    assert client.get(f"{PAGE}v2/").status_code == 404
    assert client.get(f"{WHOLE}v1/").status_code == 200
    assert client.get("/consultations/none/comparison/").status_code == 404


def test_the_draft_shows_each_clause_once_and_without_its_words_again(
    client, bill
) -> None:
    html = client.get(f"{BASE}draft/").content.decode()
    assert html.count('class="provision clause"') == 5
    assert words_of(html).count("ภายในเจ็ดวัน") == 1


def test_english_names_the_clause_and_marks_the_thai(client, bill) -> None:
    html = client.get(f"/en{PAGE}").content.decode()
    assert "Change 1 of Section 3" in html
    assert 'lang="th"' in html


def long_bill(sections: int) -> tuple[str, str]:
    heads = "\n\n".join(
        f"มาตรา {n} ผู้ใดทำการข้อที่ {n} ต้องแจ้งนายทะเบียนภายในสามสิบวัน"
        for n in range(1, sections + 1)
    )
    act = f"{texts.RENT}\n\n{heads}\n"
    orders = "\n\n".join(
        f"มาตรา {n} ให้ยกเลิกความในมาตรา {n} แห่ง{texts.RENT} และให้ใช้ความต่อไปนี้แทน\n"
        f"“มาตรา {n} ผู้ใดทำการข้อที่ {n} ต้องแจ้งนายทะเบียนภายในเจ็ดวัน”"
        for n in range(2, sections + 1)
    )
    bill = f"ร่าง\nพระราชบัญญัติยาว\nพ.ศ. ....\n\nมาตรา 1 ชื่อยาว\n\n{orders}\n"
    return act, bill


def test_both_pages_cost_the_same_however_long_the_bill_is(client) -> None:
    act, bill = long_bill(80)
    make_act(act)
    make_bill_round(make_bill(bill))
    assert Provision.objects.filter(kind="target_clause").count() == 79
    client.get("/consultations/")
    with at_most(7):
        page = client.get(PAGE)
    assert page.content.count(b"<tbody") == 25
    assert client.get(f"{PAGE}?page=4").content.count(b"<tbody") == 4
    with at_most(5):
        page = client.get(WHOLE)
    assert page.content.count(b'class="provision') == 60
    assert client.get(f"{WHOLE}?page=2").content.count(b'class="provision') == 20
    with at_most(6):
        client.get(f"{BASE}draft/")
    with at_most(7):
        client.get(f"{BASE}draft/sec_3__mod_1/")
