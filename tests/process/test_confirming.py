"""One account asks, another confirms: announcing, extending, withdrawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from consultations import confirming, preparing
from consultations.errors import ConsultationError, TooLateError
from consultations.models import ConfirmationRequest, Role, Round
from consultations.services import AnnounceError, consultation_change, round_prepare
from drafts import clock, frozen
from drafts.models import AuditEntry, OutboxEntry
from tests.desks import send
from tests.factories import NOW, TODAY, make_agency, make_member, make_round, make_user
from tests.process.test_rounds import ready

pytestmark = pytest.mark.django_db
LATER = TODAY + dt.timedelta(days=40)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


class People:
    """The officials of a round's agency, and others."""

    def __init__(self, round: Round) -> None:
        agency = round.consultation.agency
        self.editor = make_member(agency, Role.EDITOR)
        self.one = make_member(agency, Role.APPROVER)
        self.two = make_member(agency, Role.APPROVER)
        self.moderator = make_member(agency, Role.MODERATOR)
        self.superuser = make_user(is_superuser=True, is_staff=True)
        self.stranger = make_member(make_agency("กรมอื่น"), Role.APPROVER)


#: act -> (a round on which it may be asked for, what is asked for).
ACTS: dict[str, tuple[Callable[[], Round], dict[str, Any]]] = {
    "announce": (ready, {}),
    "extend": (make_round, {"closes_on": LATER, "reason": "น้ำท่วม"}),
    "withdraw": (make_round, {"reason": "ครม. ให้ทบทวน"}),
}
act_of = pytest.mark.parametrize("act", ACTS)


def was_done(act: str, round: Round) -> bool:
    round = Round.objects.get(pk=round.pk)
    return {
        "announce": round.stage == "announced",
        "extend": round.closes_on == LATER,
        "withdraw": round.stage == "withdrawn",
    }[act]


def ask(act: str, by: str = "editor") -> tuple[Round, People, ConfirmationRequest]:
    make, payload = ACTS[act]
    round = make()
    people = People(round)
    request = confirming.request_ask(
        round=round, act=act, by=getattr(people, by), now=NOW, **payload
    )
    return round, people, request


def code_of(service: Callable[..., object], **given: Any) -> str:
    with pytest.raises(ConsultationError) as refused:
        service(now=NOW, **given)
    return refused.value.code


@act_of
@pytest.mark.parametrize("asker", ["editor", "one"])
def test_what_one_asks_another_confirms(act: str, asker: str) -> None:
    round, people, request = ask(act, asker)
    assert not was_done(act, round), "asking does nothing"
    for wrong in ("editor", "moderator", "superuser", "stranger", asker):
        by = getattr(people, wrong)
        code = code_of(confirming.request_confirm, request=request, by=by)
        own = wrong == asker == "one"
        assert code == ("own_request" if own else "not_allowed"), wrong
    assert not was_done(act, round)
    request = confirming.request_confirm(request=request, by=people.two, now=NOW)
    assert was_done(act, round)
    assert (request.outcome, request.decided_by) == ("confirmed", people.two)
    entry = AuditEntry.objects.get(action="request.confirmed")
    assert (entry.actor, entry.data["asked_by"]) == (people.two, request.asked_by.pk)
    given = {"request": request, "by": people.two}
    assert code_of(confirming.request_confirm, **given) == "decided"


@act_of
@pytest.mark.parametrize("who", ["moderator", "superuser", "stranger"])
def test_nobody_else_asks(act: str, who: str) -> None:
    make, payload = ACTS[act]
    round = make()
    by = getattr(People(round), who)
    given = {"round": round, "act": act, "by": by, **payload}
    assert code_of(confirming.request_ask, **given) == "not_allowed"


@act_of
def test_the_same_is_asked_once_and_taken_back_or_declined(act: str) -> None:
    round, people, request = ask(act)
    given = {"round": round, "act": act, "by": people.one, **ACTS[act][1]}
    assert code_of(confirming.request_ask, **given) == "asked"
    no = confirming.request_decline
    assert no(request=request, by=people.editor, now=NOW).outcome == "taken_back"
    again = confirming.request_ask(now=NOW, **given)
    assert code_of(no, request=again, by=people.editor) == "not_allowed"
    assert code_of(no, request=again, by=people.two) == "reason"
    again = no(request=again, by=people.two, now=NOW, reason="ยังไม่พร้อม")
    assert (again.outcome, again.reason) == ("declined", "ยังไม่พร้อม")
    assert not was_done(act, round)
    assert AuditEntry.objects.filter(action="request.declined").exists()


def test_asking_is_refused_for_the_reasons_of_the_act_and_leaves_nothing() -> None:
    round = make_round(stage="draft")
    people = People(round)
    OutboxEntry.objects.all().delete()
    common = {"round": round, "by": people.editor, "now": NOW}
    with pytest.raises(AnnounceError):
        confirming.request_ask(act="announce", **common | {"round": ready_but(round)})
    open_ = make_round(round.consultation.agency)
    common["round"] = open_
    for payload, code in (
        ({"closes_on": open_.closes_on, "reason": "x"}, "not_later"),
        ({"closes_on": LATER, "reason": " "}, "reason"),
    ):
        with pytest.raises(ConsultationError) as refused:
            confirming.request_ask(act="extend", **common, **payload)
        assert refused.value.code == code
    assert not ConfirmationRequest.objects.exists()
    assert not OutboxEntry.objects.exists()
    assert not AuditEntry.objects.filter(action="round.extended").exists()


def ready_but(round: Round) -> Round:
    """Return the round with dates to come, but without what the law wants."""
    return round_prepare(
        round=round,
        version=round.version,
        opens_on=TODAY + dt.timedelta(days=1),
        closes_on=LATER,
    )


def a_document(round: Round) -> None:
    round.consultation.documents.create(
        title="ใหม่", kind="other", sha256="0" * 64, created_at=NOW
    )


#: What may be changed between asking and confirming -> how.
CHANGES: dict[str, Callable[[Round], object]] = {
    "dates": lambda round: round_prepare(
        round=round,
        version=round.version,
        opens_on=round.opens_on,
        closes_on=round.closes_on + dt.timedelta(days=1),
    ),
    "question": lambda round: preparing.question_save(round=round, text="ถามเพิ่ม"),
    "notice": lambda round: preparing.notice_save(round=round, text="ประกาศใหม่"),
    "method": lambda round: preparing.method_add(round=round, code="office"),
    "document": a_document,
    "page": lambda round: consultation_change(
        consultation=round.consultation, headline="ประโยคอื่น"
    ),
    "information": lambda round: consultation_change(
        consultation=round.consultation, waiver="ขอสั้น"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_was_asked_makes_the_request_stale(change: str) -> None:
    round, people, request = ask("announce")
    assert not confirming.is_stale(request)
    CHANGES[change](Round.objects.get(pk=round.pk))
    assert confirming.is_stale(request)
    with pytest.raises(TooLateError):
        confirming.request_confirm(request=request, by=people.one, now=NOW)
    assert not was_done("announce", round)
    request.refresh_from_db()
    assert (request.outcome, request.decided_by) == ("stale", None)
    given = {"round": round, "act": "announce", "now": NOW}
    again = confirming.request_ask(by=people.editor, **given)
    confirming.request_confirm(request=again, by=people.one, now=NOW)
    assert was_done("announce", round)


def test_a_stale_request_makes_room_for_a_new_one() -> None:
    round, people, first = ask("announce")
    CHANGES["question"](Round.objects.get(pk=round.pk))
    confirming.request_ask(round=round, act="announce", by=people.one, now=NOW)
    first.refresh_from_db()
    assert first.outcome == "stale"


def test_an_extension_asked_before_another_is_stale() -> None:
    round, people, request = ask("extend")
    Round.objects.filter(pk=round.pk).update(closes_on=TODAY + dt.timedelta(days=12))
    with pytest.raises(TooLateError):
        confirming.request_confirm(request=request, by=people.one, now=NOW)


def test_the_database_keeps_who_asked_for_what_and_who_confirmed() -> None:
    _round, people, request = ask("extend")
    rows = ConfirmationRequest.objects.filter(pk=request.pk)
    for change in ({"payload": {}}, {"asked_by": people.two}, {"sha256": "0"}):
        with pytest.raises(DatabaseError, match=frozen.MARK), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(outcome="confirmed", decided_by=people.editor)
    confirming.request_confirm(request=request, by=people.one, now=NOW)
    with pytest.raises(DatabaseError, match=frozen.MARK), transaction.atomic():
        rows.update(decided_by=people.two)


# --- the desk -------------------------------------------------------------------------


@act_of
def test_the_desk_asks_shows_and_confirms(act: str, client: Client) -> None:
    make, payload = ACTS[act]
    round = make()
    people = People(round)
    data = {k: f"{v:%d/%m/%Y}" if k == "closes_on" else v for k, v in payload.items()}
    client.force_login(people.editor)
    url = reverse(f"desk_round_{act}", args=[round.pk])
    assert client.get(url).status_code == 200
    post = client.post if act == "announce" else partial(send, client)
    assert post(url, data | {"confirm": "on"}).status_code == 302
    assert not was_done(act, round)
    request = ConfirmationRequest.objects.get()
    page = reverse("desk_round", args=[round.pk])
    one = reverse("desk_round_request", args=[round.pk, request.pk])
    shown = client.get(page).content.decode()
    assert one in shown
    assert str(people.editor) in shown, "who asked"
    assert client.post(one, {"decision": "confirm", "seen": "on"}).status_code == 403
    client.force_login(people.two)
    shown = client.get(one).content.decode()
    for words in payload.values():
        assert isinstance(words, dt.date) or words in shown
    assert client.post(one, {"decision": "confirm"}).status_code == 422
    assert client.post(one, {"decision": "decline"}).status_code == 422
    assert client.post(one, {"decision": ""}).status_code == 422
    assert not was_done(act, round)
    assert client.post(one, {"decision": "confirm", "seen": "on"}).status_code == 302
    assert was_done(act, round)
    shown = client.get(page).content.decode()
    assert str(people.two) in shown, "who confirmed"
    assert client.post(one, {"decision": "confirm", "seen": "on"}).status_code == 409


def test_the_desk_says_that_a_request_is_stale(client: Client) -> None:
    round, people, request = ask("announce")
    CHANGES["question"](Round.objects.get(pk=round.pk))
    client.force_login(people.two)
    one = reverse("desk_round_request", args=[round.pk, request.pk])
    page = reverse("desk_round", args=[round.pk])
    for address in (page, one):
        assert "เปลี่ยนไปหลังจากที่ขอ" in client.get(address).content.decode()
    assert client.post(one, {"decision": "confirm", "seen": "on"}).status_code == 409
    assert not was_done("announce", round)


def test_another_rounds_request_is_not_found_here(client: Client) -> None:
    _round, people, request = ask("withdraw")
    other = make_round(request.round.consultation.agency)
    client.force_login(people.two)
    url = reverse("desk_round_request", args=[other.pk, request.pk])
    assert client.get(url).status_code == 404
