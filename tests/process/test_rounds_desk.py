"""The desk of rounds in the admin: from an empty form to an announced round."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consultations.models import Consultation, Role, Round
from consultations.statute import profile_of
from drafts import clock
from drafts.law.numerals import thai_date
from tests.desks import send
from tests.factories import make_agency, make_draft, make_member, make_version

pytestmark = pytest.mark.django_db


def day(days: int) -> str:
    return thai_date(clock.today() + dt.timedelta(days=days), short=True)


def text_of(response: Any) -> str:
    return response.content.decode()


def test_an_official_walks_from_form_to_announcement(client: Client) -> None:
    agency = make_agency()
    version = make_version(make_draft(agency))
    user = make_member(agency, Role.EDITOR)
    client.force_login(user)
    assert client.get(reverse("desk_rounds")).status_code == 200
    add = reverse("desk_consultation_add", args=[agency.pk])
    assert client.get(add).status_code == 200
    form = {
        "title": "การรับฟังร่างกฎหมายทางเท้า",
        "slug": "footpath",
        "draft": version.draft_id,
        "legal_basis": "bill_2562",
        "headline": "คนเดินได้ใช้ทางเท้า",
        "contact": "โทร. 0 2000 0000",
    }
    wrong = client.post(add, form | {"slug": "ทาง"})
    assert wrong.status_code == 422
    assert "การรับฟังร่างกฎหมายทางเท้า" in text_of(wrong)
    done = client.post(add, form)
    consultation = Consultation.objects.get()
    assert done.url == reverse("desk_consultation", args=[consultation.pk])
    page = text_of(client.get(done.url))
    items = profile_of("bill_2562").items
    assert all(item.th in page for item in items)
    del form["draft"]
    for item in items:
        form[f"item_{item.id}"] = item.choices[0].id if item.choices else "ข้อความ"
    assert send(client, done.url, form).status_code == 302
    consultation.refresh_from_db()
    assert set(consultation.information) == {item.id for item in items}

    round = Round.objects.get()
    url = reverse("desk_round", args=[round.pk])
    assert "ต้องแก้ก่อนประกาศ" in text_of(client.get(url))
    dates = reverse("desk_round_dates", args=[round.pk])
    refused = client.post(dates, {"opens_on": "วันไหนก็ได้", "closes_on": day(31)})
    assert refused.status_code == 422
    assert "วันไหนก็ได้" in text_of(refused)
    given = {"version": version.pk, "opens_on": day(1), "closes_on": day(31)}
    assert send(client, dates, given).status_code == 302

    def prepare(what: str, **data: Any) -> Any:
        address = reverse("desk_round_add", args=[round.pk, what])
        page = client.get(address)
        assert page.status_code == 200, what
        if what == "notice":
            data |= {"revision": page.context["form"]["revision"].value()}
        return client.post(address, data)

    section = version.provisions.filter(kind="section").first()
    assert prepare("question", text="เห็นด้วยไหม", provisions=[section.pk]).url == url
    assert prepare("method", code="online").status_code == 302
    method = round.methods.get()
    session = {"method": method.pk, "held_on": day(0), "place": "หอประชุม"}
    future = session | {"held_on": day(1)}
    assert prepare("session", **future).status_code == 422, "it was not held yet"
    bad = prepare("session", **session, heads="เกษตรกร สี่สิบ")
    assert bad.status_code == 422
    assert prepare("session", **session, heads="เกษตรกร: 40").status_code == 302
    assert round.sessions.get().heads == {"เกษตรกร": 40}
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    assert (
        prepare("document", title="ผลกระทบ", kind="ria", file=file).status_code == 302
    )
    assert prepare("notice", text="ประกาศ").status_code == 302
    assert (
        prepare(
            "posting",
            subject="notice",
            channel="board",
            posted_on=day(0),
            evidence="1/69",
        ).status_code
        == 302
    )
    assert (
        prepare(
            "stakeholder", organisation="สมาคม", channel="หนังสือ", sent_on=day(0)
        ).status_code
        == 302
    )
    assert prepare("milestone", title="เสนอ ครม.", due_on=day(60)).status_code == 302
    shown = text_of(client.get(url))
    for text in ("เห็นด้วยไหม", "หอประชุม", "ผลกระทบ", "สมาคม", "เสนอ ครม."):
        assert text in shown
    removed = reverse("desk_round_remove", args=[round.pk, "method", method.pk])
    client.post(removed)
    assert round.methods.exists(), "a method with a meeting must stay"

    approver = make_member(agency, Role.APPROVER)

    def confirm() -> None:
        client.force_login(approver)
        asked = round.confirmation_requests.get(outcome="")
        address = reverse("desk_round_request", args=[round.pk, asked.pk])
        done = client.post(address, {"decision": "confirm", "seen": "on"})
        assert done.status_code == 302, text_of(done)
        round.refresh_from_db()
        client.force_login(user)

    announce = reverse("desk_round_announce", args=[round.pk])
    assert client.get(announce).status_code == 200
    assert client.post(announce, {}).status_code == 422
    asked = client.post(announce, {"confirm": "on"})
    assert asked.status_code == 302, text_of(asked)
    round.refresh_from_db()
    assert round.stage == "draft"
    confirm()
    assert round.stage == "announced"

    extend = reverse("desk_round_extend", args=[round.pk])
    assert (
        send(client, extend, {"closes_on": day(20), "reason": "x"}).status_code == 422
    )
    assert (
        send(client, extend, {"closes_on": day(40), "reason": "x"}).status_code == 302
    )
    confirm()
    withdraw = reverse("desk_round_withdraw", args=[round.pk])
    assert client.get(withdraw).status_code == 200
    send(client, withdraw, {"reason": "ทบทวน", "confirm": "on"})
    confirm()
    assert round.stage == "withdrawn"
    new = reverse("desk_round_new", args=[consultation.pk])
    client.post(new)
    assert consultation.rounds.count() == 2


def test_rules_that_block_are_listed_and_nothing_is_announced(client: Client) -> None:
    agency = make_agency()
    version = make_version(make_draft(agency))
    client.force_login(make_member(agency, Role.APPROVER))
    client.post(
        reverse("desk_consultation_add", args=[agency.pk]),
        {
            "title": "ก",
            "slug": "a",
            "draft": version.draft_id,
            "legal_basis": "bill_2562",
            "headline": "ข",
        },
    )
    round = Round.objects.get()
    send(
        client,
        reverse("desk_round_dates", args=[round.pk]),
        {"version": version.pk, "opens_on": day(1), "closes_on": day(2)},
    )
    url = reverse("desk_round_announce", args=[round.pk])
    shown = client.post(url, {"confirm": "on"})
    assert shown.status_code == 422
    assert "ประกาศยังไม่ได้" in text_of(shown)
    round.refresh_from_db()
    assert round.stage == "draft"
