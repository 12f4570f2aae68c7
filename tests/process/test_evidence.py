"""Evidence is struck through with a reason, never changed or lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.db.models import CharField, FileField, TextField
from django.test import Client
from django.urls import reverse

from consultations import preparing
from consultations.compliance import compliance_of
from consultations.errors import ConsultationError
from consultations.models import (
    ConsultationDocument,
    Evidence,
    HearingMethod,
    HearingSession,
    Milestone,
    Posting,
    Role,
    Round,
    StakeholderNotice,
)
from drafts import clock, frozen
from drafts.models import AuditEntry
from tests.factories import NOW, TODAY, make_member, make_round

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.MEDIA_ROOT = tmp_path


def a_method(round: Round) -> HearingMethod:
    return preparing.method_add(round=round, code="focus_group", detail="กลุ่มย่อย")


def a_session(round: Round, held_on: dt.date = TODAY) -> HearingSession:
    return preparing.session_add(
        round=round, method=a_method(round), held_on=held_on, place="หอประชุมอำเภอ"
    )


def a_posting(round: Round, posted_on: dt.date = TODAY) -> Posting:
    return preparing.posting_add(
        round=round, channel="board", posted_on=posted_on, evidence="ที่ นร 1/2569"
    )


def a_document(round: Round) -> ConsultationDocument:
    return preparing.document_add(
        consultation=round.consultation,
        title="ผลกระทบ",
        kind="ria",
        file=ContentFile(b"text", "a.txt"),
    )


def a_notice(round: Round, sent_on: dt.date = TODAY) -> StakeholderNotice:
    return preparing.stakeholder_notice_add(
        round=round, organisation="สมาคมผู้ค้า", channel="หนังสือ", sent_on=sent_on
    )


def a_step(round: Round) -> Milestone:
    return preparing.milestone_add(round=round, title="เสนอ ครม.", due_on=TOMORROW)


def a_done_step(round: Round, done_on: dt.date = TODAY) -> Milestone:
    return preparing.milestone_done(
        round=round, milestone=a_step(round), done_on=done_on
    )


KINDS: dict[str, Callable[[Round], Evidence]] = {
    "method": a_method,
    "session": a_session,
    "posting": a_posting,
    "document": a_document,
    "stakeholder": a_notice,
    "milestone": a_step,
    "done": a_done_step,
}
#: kind -> how many the rules of the law count.
COUNTED: dict[str, Callable[[Any], int]] = {
    "method": lambda facts: len(facts.methods),
    "session": lambda facts: len(facts.sessions),
    "posting": lambda facts: len(facts.notice_postings),
    "document": lambda facts: len(facts.documents),
    "stakeholder": lambda facts: facts.stakeholders_told,
    "milestone": lambda facts: facts.milestones,
    "done": lambda facts: facts.milestones,
}


def code_of(act: Callable[..., object], **given: Any) -> str:
    with pytest.raises(ConsultationError) as refused:
        act(**given)
    return refused.value.code


def counted(kind: str, round: Round) -> int:
    return COUNTED[kind](compliance_of(round, now=NOW).facts)


def test_every_kind_of_evidence_there_is_is_tried_here() -> None:
    tried = {make.__annotations__["return"] for make in KINDS.values()}
    assert tried == {model.__name__ for model in Evidence.__subclasses__()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_entry_is_struck_stays_and_is_not_counted(kind: str) -> None:
    round = make_round()
    user = make_member(round.consultation.agency, Role.EDITOR)
    obj = KINDS[kind](round)
    assert counted(kind, round) == 1
    given = {"obj": obj, "round": round, "by": user}
    assert code_of(preparing.preparation_remove, **given) == "announced"
    assert code_of(preparing.evidence_strike, reason=" ", **given) == "reason"
    struck = preparing.evidence_strike(reason="พิมพ์ผิด", **given)
    assert (struck.struck_by, struck.struck_at) == (user, NOW)
    assert counted(kind, round) == 0
    assert code_of(preparing.evidence_strike, reason="อีก", **given) == "struck"
    entry = AuditEntry.objects.get(action="evidence.struck")
    assert entry.data["reason"] == "พิมพ์ผิด"
    texts = [
        field.name
        for field in struck._meta.concrete_fields
        if isinstance(field, CharField | TextField | FileField)
    ]
    said = {name: str(getattr(struck, name)) for name in texts}
    assert entry.data["content"].items() >= (said | {"struck_reason": ""}).items()


@pytest.mark.parametrize("kind", KINDS)
def test_the_database_keeps_what_evidence_says(kind: str) -> None:
    round = make_round()
    obj = KINDS[kind](round)
    rows = type(obj).recorded.filter(pk=obj.pk)

    def refused(act: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                act()
        except DatabaseError as error:
            return frozen.MARK in str(error)
        return False

    texts = ["detail", "place", "evidence", "title", "organisation"]
    name = next(name for name in texts if hasattr(obj, name))
    assert refused(lambda: rows.update(**{name: "x"}))
    assert refused(lambda: raw_delete(rows))
    preparing.evidence_strike(obj=obj, round=round, reason="ผิด")
    assert refused(lambda: rows.update(struck_at=None))
    assert refused(lambda: rows.update(struck_reason="อื่น"))
    assert refused(lambda: raw_delete(rows))


def raw_delete(rows: Any) -> None:
    rows._raw_delete(rows.db)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"posting"}))
def test_before_anybody_saw_it_it_goes_and_the_audit_row_tells_what_it_said(
    kind: str,
) -> None:
    round = make_round(stage="draft")
    obj = KINDS[kind](round)
    preparing.preparation_remove(obj=obj, round=round)
    assert not type(obj).recorded.filter(pk=obj.pk).exists()
    content = AuditEntry.objects.get(action="preparation.removed").data["content"]
    assert {"กลุ่มย่อย", "หอประชุมอำเภอ", "ผลกระทบ", "สมาคมผู้ค้า", "เสนอ ครม."} & {
        str(value) for value in content.values()
    }


@pytest.mark.parametrize("kind", ["document", "milestone"])
def test_what_an_earlier_round_showed_is_not_removed_in_a_later_one(kind: str) -> None:
    first = make_round()
    obj = KINDS[kind](first)
    later = Round.objects.create(consultation=first.consultation, number=2)
    given = {"obj": obj, "round": later}
    assert code_of(preparing.preparation_remove, **given) == "announced"


def test_what_stands_on_an_entry_is_struck_first() -> None:
    round = make_round()
    session = a_session(round)
    given = {"obj": session.method, "round": round, "reason": "ไม่ได้จัด"}
    assert code_of(preparing.evidence_strike, **given) == "in_use"
    preparing.evidence_strike(obj=session, round=round, reason="ไม่ได้จัด")
    assert preparing.evidence_strike(**given).struck_at


@pytest.mark.parametrize("make", [a_session, a_posting, a_notice, a_done_step])
def test_nothing_has_happened_tomorrow(make: Callable[..., Evidence]) -> None:
    with pytest.raises(ConsultationError) as refused:
        make(make_round(), TOMORROW)
    assert refused.value.code == "future"


def test_this_websites_own_postings_are_not_typed_and_not_struck() -> None:
    round = make_round()
    given = {"round": round, "posted_on": TODAY, "evidence": "x"}
    for channel in ("website", "carrier pigeon"):
        assert code_of(preparing.posting_add, channel=channel, **given) == "channel"
    given |= {"channel": "board", "subject": "report"}
    assert code_of(preparing.posting_add, **given) == "not_published"
    own = preparing.posting_record(
        round=round, subject="notice", evidence="/", by=None, now=NOW
    )
    given = {"obj": own, "round": round, "reason": "x"}
    assert code_of(preparing.evidence_strike, **given) == "own"


def test_the_announced_text_of_the_notice_stands() -> None:
    given = {"round": make_round(), "text": "ข้อความใหม่"}
    assert code_of(preparing.notice_save, **given) == "announced"


@pytest.mark.parametrize("kind", KINDS)
def test_the_desk_strikes_and_shows_what_was_struck(kind: str, client: Client) -> None:
    round = make_round()
    client.force_login(make_member(round.consultation.agency, Role.EDITOR))
    obj = KINDS[kind](round)
    page = reverse("desk_round", args=[round.pk])
    strike = reverse("desk_round_strike", args=[round.pk, kind, obj.pk])
    remove = reverse("desk_round_remove", args=[round.pk, kind, obj.pk])
    shown = client.get(page).content.decode()
    assert strike in shown
    assert remove not in shown
    assert client.post(strike, {"reason": ""}).status_code == 422
    assert client.post(strike, {"reason": "บันทึกผิดวัน"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "<s>" in shown
    assert "บันทึกผิดวัน" in shown
    assert strike not in shown


def test_readers_still_find_a_document_that_was_struck(client: Client) -> None:
    round = make_round()
    document = a_document(round)
    preparing.evidence_strike(obj=document, round=round, reason="แนบผิดฉบับ")
    overview = reverse("consultations:overview", args=[round.consultation.slug])
    shown = client.get(overview).content.decode()
    assert "แนบผิดฉบับ" in shown
    assert client.get(document.file.url).status_code == 200
