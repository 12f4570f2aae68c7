"""Two persons: who writes does not sign, who asks does not confirm."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations import answers, confirming, policies, preparing
from consultations.errors import ConsultationError, TooLateError
from consultations.models import AgencyMembership, OfficeOfTwo, Role, ThemeResponse
from consultations.report import publication
from consultations.report import services as reports
from consultations.report.collect import collect
from consultations.report.document import build
from consultations.report.files import document_of_report
from consultations.services import office_of_two_set, round_complete
from drafts import clock
from drafts.models import AuditEntry
from tests.desks import send
from tests.factories import NOW, TODAY, make_member
from tests.report import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]
_turn = itertools.count(1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def round_() -> Any:
    """A closed round with themes whose answers somebody else wrote and signed."""
    round_, report = builders.ready(8)
    agency = round_.consultation.agency
    AgencyMembership.objects.filter(agency=agency).delete()
    round_.report = report
    round_.editor = make_member(agency, Role.EDITOR, first_name="นิติกร")
    round_.one = make_member(agency, Role.APPROVER, first_name="ผอ.หนึ่ง")
    round_.two = make_member(agency, Role.APPROVER, first_name="ผอ.สอง")
    return round_


def answer_of(round_: Any, number: int = 1) -> ThemeResponse:
    return ThemeResponse.objects.get(theme__round=round_, theme__number=number)


def write(round_: Any, by: Any, number: int = 1, **words: str) -> ThemeResponse:
    """Have somebody write an answer: other words each time, unless words are given."""
    response = answer_of(round_, number)
    if response.signed_at:
        response = answers.response_unsign(
            response=response, revision=response.revision, by=round_.two, now=NOW
        )
    values = {
        "reply": f"หน่วยงานขอชี้แจงว่าได้พิจารณาข้อเสนอแล้ว ครั้งที่ {next(_turn)}",
        "decision": "reject",
        "reason": "เห็นว่ากฎหมายอื่นกำหนดไว้แล้ว",
    }
    return answers.response_save(
        theme=response.theme,
        revision=response.revision,
        answer=answers.Answer(**values | words),
        by=by,
        now=NOW,
    )


def sign(response: ThemeResponse, by: Any) -> str:
    """Sign; return the code of the refusal, "" where it is signed."""
    response.refresh_from_db()
    try:
        answers.response_sign(
            response=response, revision=response.revision, by=by, now=NOW
        )
    except answers.AnswerError as refused:
        assert "ลงนามเองไม่ได้" in refused.message
        return refused.code
    response.refresh_from_db()
    assert response.signed_by == by
    return ""


# --- answers --------------------------------------------------------------------------


@pytest.mark.parametrize("hands", [["one"], ["editor", "one"], ["one", "editor"],
                                   ["editor", "one", "editor"]])  # fmt: skip
def test_who_wrote_any_of_an_answer_does_not_sign_it(round_: Any, hands: list) -> None:
    for hand in hands:
        response = write(round_, getattr(round_, hand))
    assert sign(response, round_.one) == "own_answer"
    assert sign(response, round_.two) == ""


def test_who_saves_without_changing_a_word_has_written_nothing(round_: Any) -> None:
    words = {"reply": "คำเดิม", "decision": "accept", "reason": "เหตุเดิม"}
    first = write(round_, round_.editor, **words)
    again = write(round_, round_.one, **words)
    assert (again.revision, again.changed_by) == (first.revision, round_.editor)
    assert sign(again, round_.one) == ""


def printed(round_: Any) -> str:
    return str(build(collect(round_.report, now=NOW)))


def test_an_office_of_two_signs_its_own_and_the_report_says_which(round_: Any) -> None:
    agency = round_.consultation.agency
    setting = {"agency": agency, "is_on": True, "by": round_.one, "now": NOW}
    with pytest.raises(ConsultationError) as refused:
        office_of_two_set(reason="มีสองคน", **setting)
    assert refused.value.code == "not_two"
    AgencyMembership.objects.filter(user=round_.two).delete()
    with pytest.raises(ConsultationError) as refused:
        office_of_two_set(reason=" ", **setting)
    assert refused.value.code == "reason"
    write(round_, round_.editor)
    response = write(round_, round_.one)
    assert sign(response, round_.one) == "own_answer", "off unless it is switched on"
    office_of_two_set(reason="มีสองคน", **setting)
    assert AuditEntry.objects.get(action="office_of_two.set").data["is_on"] is True
    assert sign(write(round_, round_.editor, 2), round_.one) == ""
    assert "ข้อยกเว้น" not in printed(round_), "printed when it was used, not before"
    assert sign(response, round_.one) == ""
    assert "คำชี้แจงต่อประเด็นที่ 1 ลงนามโดยผู้ที่เขียน" in printed(round_)
    entry = AuditEntry.objects.filter(action="answer.signed").last()
    assert entry.data["own_answer"] is True


def test_an_office_that_grows_is_no_office_of_two(round_: Any) -> None:
    """Whoever holds a role counts, whatever the setting says."""
    OfficeOfTwo.objects.create(
        agency=round_.consultation.agency, is_on=True, reason="เดิม", changed_at=NOW
    )
    response = write(round_, round_.one)
    assert sign(response, round_.one) == "own_answer"


# --- the report -----------------------------------------------------------------------


def publish(round_: Any, by: Any) -> str:
    """Have somebody publish alone; return the code of the refusal."""
    try:
        publication.publication_request(report=round_.report, by=by, now=NOW)
    except ConsultationError as refused:
        return refused.code
    publication.publication_execute(round_.report.pk, now=NOW)
    round_.report.refresh_from_db()
    assert round_.report.status == "published", round_.report.error
    return ""


def sign_one(round_: Any) -> None:
    assert sign(write(round_, round_.editor), round_.one) == ""


def test_who_signed_an_answer_does_not_publish_alone(round_: Any) -> None:
    sign_one(round_)
    assert publish(round_, round_.one) == "signed_answers"
    assert publish(round_, round_.two) == ""
    report = round_.report
    assert (report.published_by, report.signer_name) == (round_.two, "ผอ.สอง")
    assert report.signer_position == "ตำแหน่งทดสอบ"
    assert dict(document_of_report(report).meta)["signer"] == "ผอ.สอง"


@pytest.mark.parametrize("asker", ["editor", "two"])
def test_who_signed_publishes_what_another_asked_for(round_: Any, asker: str) -> None:
    sign_one(round_)
    request = ask(round_, getattr(round_, asker))
    with pytest.raises(ConsultationError) as refused:
        confirm(request, round_.editor)
    assert refused.value.code == "not_allowed"
    confirm(request, round_.one)
    publication.publication_execute(round_.report.pk, now=NOW)
    round_.report.refresh_from_db()
    assert round_.report.signer_name == "ผอ.หนึ่ง"
    with pytest.raises(ConsultationError) as refused:
        ask(round_, round_.editor)
    assert refused.value.code == "no_draft"


def ask(round_: Any, by: Any) -> Any:
    return confirming.request_ask(round=round_, act="publish", by=by, now=NOW)


def confirm(request: Any, by: Any) -> None:
    confirming.request_confirm(request=request, by=by, now=NOW)


#: What may be changed between asking and confirming -> how.
CHANGES = {
    "text": lambda round_: reports.report_save(
        report=round_.report, by=round_.editor, now=NOW, summary="สรุปใหม่"
    ),
    "answer": lambda round_: write(round_, round_.editor),
    "evidence": lambda round_: preparing.method_add(round=round_, code="office"),
    "completion": lambda round_: round_complete(
        round=round_, completed_on=TODAY, reason="ประชุมเพิ่ม", by=round_.two, now=NOW
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_after_asking_makes_it_stale(round_: Any, change: str) -> None:
    sign_one(round_)
    request = ask(round_, round_.editor)
    CHANGES[change](round_)
    if change == "answer":
        assert sign(answer_of(round_), round_.two) == ""
    with pytest.raises(TooLateError):
        confirm(request, round_.one)
    round_.report.refresh_from_db()
    assert not round_.report.is_publishing
    confirm(ask(round_, round_.editor), round_.one)
    round_.report.refresh_from_db()
    assert round_.report.is_publishing


def test_a_comment_that_comes_late_stops_nobody(round_: Any) -> None:
    request = ask(round_, round_.editor)
    builders.add_comments(round_, 1, late=True)
    assert not confirming.is_stale(request)


@pytest.mark.parametrize("lacks", ["name", "position"])
def test_an_account_without_name_or_position_signs_no_report(
    round_: Any, lacks: str
) -> None:
    if lacks == "name":
        type(round_.two).objects.filter(pk=round_.two.pk).update(first_name="")
        round_.two.refresh_from_db()
    else:
        AgencyMembership.objects.filter(user=round_.two).update(position="")
    assert publish(round_, round_.two) == "no_signer"
    request = ask(round_, round_.editor)
    with pytest.raises(ConsultationError) as refused:
        confirm(request, round_.two)
    assert refused.value.code == "no_signer"
    confirm(request, round_.one)


def test_nobody_types_who_signs(round_: Any) -> None:
    with pytest.raises(TypeError):
        reports.report_save(
            report=round_.report, by=round_.editor, now=NOW, signer_name="ผู้อื่น"
        )


# --- completion -----------------------------------------------------------------------


def complete(round_: Any, day: Any, now: Any = NOW) -> str:
    try:
        round_complete(
            round=round_, completed_on=day, reason="ครบ", by=round_.two, now=now
        )
    except ConsultationError as refused:
        return refused.code
    return ""


def test_completion_is_no_future_day_and_never_after_the_report(round_: Any) -> None:
    assert complete(round_, TODAY + dt.timedelta(days=1)) == "future"
    assert complete(round_, round_.closes_on - dt.timedelta(days=1)) == "too_early"
    assert complete(round_, TODAY) == ""
    assert publish(round_, round_.two) == ""
    assert complete(round_, TODAY) == "reported"


def test_only_an_approver_records_completion(round_: Any, client: Client) -> None:
    url = reverse("desk_round_complete", args=[round_.pk])
    data = {"completed_on": f"{TODAY:%d/%m/%Y}", "reason": "ครบทุกช่องทาง"}
    client.force_login(round_.editor)
    assert client.post(url, data).status_code == 403
    client.force_login(round_.two)
    assert send(client, url, data).status_code == 302
    round_.refresh_from_db()
    assert round_.completed_on == TODAY


# --- the desks ------------------------------------------------------------------------


def test_the_report_desk_publishes_or_asks(round_: Any, client: Client) -> None:
    sign_one(round_)
    page = reverse("desk_report", args=[round_.pk])
    url = reverse("desk_report_publish", args=[round_.pk])
    for by, button in ((round_.one, "ขอประกาศผล"), (round_.editor, "ขอประกาศผล")):
        client.force_login(by)
        assert button in client.get(page).content.decode()
    assert client.post(url, {"confirm": "yes"}).status_code == 302
    round_.report.refresh_from_db()
    assert not round_.report.is_publishing
    client.force_login(round_.one)
    shown = client.get(page).content.decode()
    request = round_.confirmation_requests.get()
    one = reverse("desk_round_request", args=[round_.pk, request.pk])
    assert one in shown
    assert "นิติกร" in shown
    assert client.post(one, {"decision": "confirm", "seen": "on"}).status_code == 302
    round_.report.refresh_from_db()
    assert round_.report.is_publishing


def test_the_answers_desk_says_why_one_does_not_sign(
    round_: Any, client: Client
) -> None:
    write(round_, round_.one)
    url = reverse("desk_answer", args=[round_.pk, 1])
    for by, offered in ((round_.one, False), (round_.two, True)):
        client.force_login(by)
        shown = client.get(url).content.decode()
        assert ('value="sign"' in shown) is offered
        assert ("ลงนามเองไม่ได้" in shown) is not offered
    client.force_login(round_.one)
    answer = answer_of(round_)
    sent = client.post(url, {"action": "sign", "revision": answer.revision})
    assert sent.status_code == 422
    answer.refresh_from_db()
    assert answer.signed_at is None


def test_an_approver_says_that_the_office_is_of_two(
    round_: Any, client: Client
) -> None:
    agency = round_.consultation.agency
    url = reverse("desk_office", args=[agency.pk])
    client.force_login(round_.editor)
    assert client.get(url).status_code == 403
    client.force_login(round_.one)
    data = {"is_on": "on", "reason": "มีสองคน"}
    refused = send(client, url, data)
    assert refused.status_code == 422
    assert "มีสองคน" in refused.content.decode()
    AgencyMembership.objects.filter(user=round_.two).delete()
    assert send(client, url, data).status_code == 302
    assert policies.is_office_of_two(agency)
