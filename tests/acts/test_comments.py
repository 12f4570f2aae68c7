"""People comment on the clause that changes; its section is summed up with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from comments import ledger, tallies
from comments.intake import About, submission_receive
from comments.models import Comment, Submission, Tally
from comments.preparing import Said, Subject
from comments.themes import selectors
from consultations.models import Role, Round
from consultations.report.collect import collect
from consultations.report.document import Table, build
from consultations.report.document.blocks import walk
from consultations.report.membership import members_of
from consultations.report.rows import comment_rows
from consultations.report.services import report_draft_get_or_create
from drafts.models import Provision
from tests import factories as make
from tests.acts import texts
from tests.acts.test_comparison import long_bill, row_of, words, words_of
from tests.acts.texts import make_act, make_bill, make_bill_round
from tests.reading.conftest import at_most

pytestmark = pytest.mark.django_db
BASE = "/consultations/bill/"
FULL = f"มาตรา ๕ แห่ง{texts.RENT} ที่แก้ไขโดยมาตรา ๓"


@pytest.fixture
def bill(db) -> Round:
    make_act()
    return make_bill_round(make_bill())


def provision(round_: Round, eid: str) -> Provision:
    return round_.version.provisions.get(eid=eid)


def say(round_: Round, *eids: str, stance: str = "disagree") -> list[Comment]:
    """Send one submission with a comment on each provision."""
    said = [
        Said(Subject(provision_id=provision(round_, eid).pk), stance, f"ต่อ {eid}")
        for eid in eids
    ]
    sent = submission_receive(
        round_id=round_.pk, said=said, about=About(), now=make.NOW
    )
    return list(sent.comments.order_by("pk"))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_from_the_comparison_to_the_receipt(client, bill, prefix: str) -> None:
    """Follow the links that a reader follows; nothing but the page's own addresses."""
    row = row_of(client.get(f"{prefix}{BASE}comparison/"), "sec_3__mod_1")
    address = f"{prefix}{BASE}draft/sec_3__mod_1/"
    assert f'href="{address}#respond"' in row
    clause = provision(bill, "sec_3__mod_1")
    form = client.get(address).content.decode()
    assert f'name="subject" value="p{clause.pk}"' in form
    saved = client.post(
        f"{prefix}{BASE}respond/save/",
        {"subject": f"p{clause.pk}", "stance": "disagree", "text": "เจ็ดวันสั้นไป"},
    )
    assert saved.status_code == 302
    assert FULL in words(client.get(f"{prefix}{BASE}respond/"))
    sent = client.post(
        f"{prefix}{BASE}respond/",
        {"do": "send", "capacity": "individual", "publication": "full"},
    )
    comment = Submission.objects.get().comments.get()
    assert comment.provision == clause
    assert comment.provision.kind == "target_clause"
    assert FULL in words(client.get(sent["Location"]))
    alone = client.get(f"{prefix}/comments/{comment.public_id}/")
    assert FULL in words(alone)
    assert f'href="{address}"' in alone.content.decode()
    assert tallies.check(bill.pk) == ledger.verify(bill.pk) == []
    counted = Tally.objects.filter(round=bill, total=1)
    assert {one.subject for one in counted} == {"round", f"p{clause.pk}"}
    row = row_of(client.get(f"{prefix}{BASE}comparison/"), "sec_3__mod_1")
    assert f'href="{address}#comments"' in row
    assert "เจ็ดวันสั้นไป" in words(client.get(address))


def test_the_amending_section_leads_to_its_clauses(client, bill) -> None:
    say(bill, "sec_6__mod_1")
    say(bill, "sec_6__mod_1", "sec_6__mod_2", "sec_6")
    page = client.get(f"{BASE}draft/sec_6/")
    html = page.content.decode()
    for eid in ("sec_6__mod_1", "sec_6__mod_2"):
        assert f'href="{BASE}draft/{eid}/"' in html
    assert "มาตรานี้แก้กฎหมาย 2 แห่ง" in words(page)
    assert "รวมทุกแห่ง 3 ความเห็น" in words(page)
    # The section's own list has only what was said of the section itself.
    assert html.count('class="comment"') == 1
    clause = client.get(f"{BASE}draft/sec_6__mod_1/").content.decode()
    assert f'href="{BASE}draft/sec_6/"' in clause
    assert f"{BASE}comparison/?at=sec_6__mod_1#sec_6__mod_1" in clause
    assert 'id="amends"' not in client.get(f"{BASE}draft/sec_1/").content.decode()


def test_these_pages_stay_in_their_budgets(client, bill) -> None:
    say(bill, "sec_6__mod_1", "sec_6__mod_2", "sec_6")
    client.get("/consultations/")
    for eid in ("sec_6", "sec_6__mod_1"):
        with at_most(10):
            client.get(f"{BASE}draft/{eid}/")


def test_a_clause_leads_to_its_own_page_of_a_long_comparison(client) -> None:
    act, bill = long_bill(40)
    make_act(act)
    make_bill_round(make_bill(bill))
    for eid, there in (("sec_2", True), ("sec_26", True), ("sec_27", True)):
        page = client.get(f"{BASE}comparison/?at={eid}__mod_1").content.decode()
        assert (f'id="{eid}__mod_1"' in page) is there
    first = client.get(f"{BASE}comparison/?at=no-such").content.decode()
    assert 'id="sec_2__mod_1"' in first


def test_the_desk_finds_a_section_with_its_clauses(client, bill) -> None:
    say(bill, "sec_6__mod_1", "sec_6__mod_2", "sec_6")
    say(bill, "sec_6__mod_1", "sec_3__mod_1")
    section, clause = provision(bill, "sec_6").pk, provision(bill, "sec_6__mod_1").pk
    for pk, expected in ((section, 4), (clause, 2), (None, 5)):
        counts = selectors.accounting(bill, section=pk)
        assert counts.pop("received") == sum(counts.values()) == expected
    agency = bill.consultation.agency
    client.force_login(make.make_member(agency, Role.MODERATOR))
    address = reverse("desk_themes", args=[bill.pk])
    assert client.get(f"{address}?section={section}").status_code == 200


def table_of(document: Any, caption: str) -> dict[str, int]:
    """Return name -> number counted, of a table of stances."""
    for section in walk(document.sections):
        for block in section.blocks:
            if isinstance(block, Table) and block.caption == caption:
                return {row[0][0]: row[-1][0].value for row in block.rows}
    raise AssertionError(caption)


def test_the_report_sums_a_section_up_with_its_clauses(bill) -> None:
    say(bill, "sec_6__mod_1", "sec_6__mod_2", "sec_6")
    say(bill, "sec_6__mod_1", "sec_3__mod_1", "sec_1")
    Round.objects.filter(pk=bill.pk).update(stage="closed", closes_on=make.TODAY)
    bill.refresh_from_db()
    report = report_draft_get_or_create(round=bill, now=make.NOW)
    given = collect(report, now=make.NOW)
    rows = table_of(build(given), "รายมาตรา")
    assert rows == {
        "มาตรา ๑": 1,
        "มาตรา ๓ รวมทุกแห่งที่แก้ไข": 1,
        FULL: 1,
        "มาตรา ๖ รวมทุกแห่งที่แก้ไข": 4,
        "มาตรา ๖ เฉพาะตัวมาตรา": 1,
        f"มาตรา ๗ แห่ง{texts.RENT} ที่ยกเลิกโดยมาตรา ๖": 2,
        f"มาตรา ๙๙ แห่ง{texts.RENT} ที่ยกเลิกโดยมาตรา ๖": 1,
    }
    # Every comment is in one row of its own, and in its section's sum at most once.
    alone = sum(n for name, n in rows.items() if "รวมทุกแห่ง" not in name)
    assert alone == given.members.count("counted") == 6
    members = members_of(bill).members
    for key, expected in (("in-sec_6", 4), ("at-sec_6", 1), ("at-sec_6__mod_1", 2)):
        picked = members.pick(f"counted~{key}")
        assert len(picked) == members.count(f"counted~{key}") == expected
    written = {row[6] for row in comment_rows(bill, members, {})}
    assert FULL in written


def test_a_number_of_the_report_leads_to_the_comments_behind_it(client, bill) -> None:
    said = say(bill, "sec_6__mod_1", "sec_6__mod_2", "sec_1")
    editor = make.make_member(bill.consultation.agency, Role.EDITOR)
    client.force_login(editor)
    address = reverse("desk_report_list", args=[bill.pk, "received~in-sec_6"])
    page = client.get(address)
    assert page.status_code == 200
    html = page.content.decode()
    shown = {one.public_id for one in said if one.public_id in html}
    assert shown == {said[0].public_id, said[1].public_id}
    assert "มาตรา ๖ รวมทุกแห่งที่แก้ไข" in words(page)


def test_a_comment_on_a_clause_leads_to_its_words_in_the_next_version(client) -> None:
    make_act()
    version = make_bill()
    first = make_bill_round(version)
    (comment,) = say(first, "sec_4__mod_1")
    draft = version.draft
    body = draft.latest_revision.as_object()
    for block in body.body.raw_data:
        if block["type"] == "provision" and block["value"].get("label") == "๔":
            block["value"]["text"] = block["value"]["text"].replace("หกสิบ", "เก้าสิบ")
    body.save_revision()
    draft.refresh_from_db()
    Round.objects.filter(pk=first.pk).update(stage="closed")
    Round.objects.create(
        consultation=first.consultation,
        number=2,
        version=texts.freeze(draft),
        stage="open",
        announced_on=make.TODAY,
        opens_on=make.TODAY,
        closes_on=first.closes_on,
    )
    page = client.get(f"/comments/{comment.public_id}/").content.decode()
    assert 'id="onward"' in page
    assert re.search(r"<ins>.*?เก้าสิบ.*?</ins>", page, re.S)
    history = f"{BASE}draft/sec_4__mod_1/history/"
    assert client.get(history).status_code == 200
    earlier = client.get(f"{BASE}draft/sec_4__mod_1/").content.decode()
    assert f"{BASE}draft/v1/sec_4__mod_1/" in earlier or comment.public_id in earlier
    for address, said_now in (("comparison/v1/", "หกสิบวัน"), ("comparison/", "เก้าสิบวัน")):
        row = row_of(client.get(f"{BASE}{address}"), "sec_4__mod_1")
        assert said_now in words_of(row), address
