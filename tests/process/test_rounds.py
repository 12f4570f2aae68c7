"""Consultations and rounds: made, announced, extended, withdrawn, advanced."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile

from consultations import preparing, services
from consultations.errors import ConsultationError
from consultations.models import (
    AgencyPage,
    Consultation,
    HearingMethod,
    Round,
    StageChoices,
)
from consultations.services import (
    AnnounceError,
    consultation_change,
    consultation_create,
    round_advance_all,
    round_announce,
    round_extend,
    round_new,
    round_prepare,
    round_withdraw,
)
from consultations.stages import closing
from consultations.statute import profile_of
from drafts.models import AuditEntry, DraftPage, OutboxEntry
from tests.factories import (
    NOW,
    TODAY,
    make_agency,
    make_draft,
    make_member,
    make_round,
    make_version,
)

pytestmark = pytest.mark.django_db


def created(agency: AgencyPage | None = None, **fields: Any) -> Consultation:
    agency = agency or make_agency()
    draft: DraftPage = fields.pop("draft", None) or make_draft(agency)
    if draft.is_descendant_of(agency):
        make_version(draft)
    values = {
        "title": "การรับฟังร่างพระราชบัญญัติทางเท้า",
        "slug": "footpath",
        "headline": "ให้คนเดินได้ใช้ทางเท้า",
        "contact": "กองกฎหมาย โทร. 0 2000 0000",
    }
    return consultation_create(agency=agency, draft=draft, now=NOW, **values | fields)


def ready(**fields: Any) -> Round:
    """A round that every blocking rule lets through."""
    consultation = created(**fields)
    items = profile_of(consultation.legal_basis).items
    consultation_change(
        consultation=consultation,
        information={
            item.id: item.choices[0].id if item.choices else "ข้อความ" for item in items
        },
        affected_groups=["คนเดินเท้า"],
    )
    round = round_prepare(
        round=consultation.rounds.get(),
        version=consultation.draft.versions.get(),
        opens_on=TODAY + dt.timedelta(days=1),
        closes_on=TODAY + dt.timedelta(days=31),
    )
    preparing.method_add(round=round, code=HearingMethod.Code.ONLINE)
    preparing.notice_save(round=round, text="ประกาศรับฟังความคิดเห็น")
    return round


def test_create_makes_page_consultation_and_first_round_hidden() -> None:
    consultation = created()
    assert not consultation.page.live
    assert consultation.page.get_parent().pk == consultation.agency_id
    assert consultation.rounds.get().stage == StageChoices.DRAFT
    assert AuditEntry.objects.filter(action="consultation.created").exists()


def test_another_agencys_draft_is_refused_and_nothing_is_made() -> None:
    foreign = make_draft(make_agency("กรมอื่น"))
    with pytest.raises(ConsultationError) as refused:
        created(draft=foreign)
    assert refused.value.code == "foreign_draft"
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("slug", ["Footpath", "ทางเท้า", "a b", "-a"])
def test_a_wrong_address_is_refused(slug: str) -> None:
    with pytest.raises(ConsultationError) as refused:
        created(slug=slug)
    assert refused.value.code == "invalid"


def test_announce_blocks_until_the_law_is_met() -> None:
    consultation = created()
    round = consultation.rounds.get()
    with pytest.raises(ConsultationError) as refused:
        round_announce(round=round, now=NOW)
    assert refused.value.code == "no_version"
    round_prepare(
        round=round,
        version=consultation.draft.versions.get(),
        opens_on=TODAY + dt.timedelta(days=1),
        closes_on=TODAY + dt.timedelta(days=3),
    )
    with pytest.raises(AnnounceError) as blocked:
        round_announce(round=round, now=NOW)
    names = {finding.rule for finding in blocked.value.findings}
    assert "r08-information" in names
    assert "r22-window" in names
    round.refresh_from_db()
    assert round.stage == StageChoices.DRAFT
    assert not round.postings.exists()


def test_announce_makes_it_public_and_tells_the_others() -> None:
    round = ready()
    OutboxEntry.objects.all().delete()
    by = make_member(round.consultation.agency, "approver")
    announced = round_announce(round=round, by=by, now=NOW)
    assert announced.stage == StageChoices.ANNOUNCED
    assert announced.announced_on == TODAY
    announced.consultation.page.refresh_from_db()
    assert announced.consultation.page.live
    assert announced.postings.get().channel == "website"
    assert OutboxEntry.objects.filter(topic="consultation").exists()
    entry = AuditEntry.objects.get(action="round.announced")
    assert entry.actor == by
    assert entry.data["sha256"] == announced.version.sha256
    with pytest.raises(ConsultationError, match="ประกาศไปแล้ว"):
        round_announce(round=round, now=NOW)


def test_an_opening_day_in_the_past_is_refused() -> None:
    round = ready()
    with pytest.raises(ConsultationError) as refused:
        round_announce(round=round, now=NOW + dt.timedelta(days=3))
    assert refused.value.code == "past"


def test_address_and_basis_lock_once_announced_and_the_rest_does_not() -> None:
    round = ready()
    round_announce(round=round, now=NOW)
    consultation = Consultation.objects.get(pk=round.consultation_id)
    for change in ({"slug": "other"}, {"legal_basis": "treaty"}):
        with pytest.raises(ConsultationError) as refused:
            consultation_change(consultation=consultation, **change)
        assert refused.value.code == "locked"
        consultation.refresh_from_db()
    consultation_change(consultation=consultation, headline="ประโยคใหม่")
    consultation.page.refresh_from_db()
    assert consultation.page.headline == "ประโยคใหม่"


def test_questions_lock_once_announced() -> None:
    round = ready()
    question = preparing.question_save(
        round=round, text="เห็นด้วยหรือไม่", provisions=[round.version.provisions.first()]
    )
    announced = round_announce(round=round, now=NOW)
    with pytest.raises(ConsultationError):
        preparing.question_save(round=announced, text="เพิ่ม")
    with pytest.raises(ConsultationError):
        preparing.preparation_remove(obj=question, round=announced)
    assert announced.questions.count() == 1


def test_extend_goes_later_only_and_only_before_closing() -> None:
    round = make_round()
    with pytest.raises(ConsultationError) as refused:
        round_extend(round=round, closes_on=round.closes_on, reason="x", now=NOW)
    assert refused.value.code == "not_later"
    later = round.closes_on + dt.timedelta(days=7)
    with pytest.raises(ConsultationError) as refused:
        round_extend(round=round, closes_on=later, reason=" ", now=NOW)
    assert refused.value.code == "reason"
    extended = round_extend(round=round, closes_on=later, reason="น้ำท่วม", now=NOW)
    assert extended.closes_on == later
    with pytest.raises(ConsultationError) as refused:
        round_extend(
            round=round,
            closes_on=later + dt.timedelta(days=1),
            reason="x",
            now=closing(later),
        )
    assert refused.value.code == "stage"


def test_withdraw_keeps_everything_and_says_why() -> None:
    round = make_round()
    round_withdraw(round=round, reason="ครม. ให้ทบทวน", now=NOW)
    round.refresh_from_db()
    assert round.stage == StageChoices.WITHDRAWN
    consultation = Consultation.objects.get(pk=round.consultation_id)
    assert consultation.withdrawn_reason == "ครม. ให้ทบทวน"
    with pytest.raises(ConsultationError):
        round_withdraw(round=round, reason="อีก", now=NOW)


@pytest.mark.parametrize("stage", ["draft", "reported"])
def test_what_is_not_public_or_is_over_cannot_be_withdrawn(stage: str) -> None:
    with pytest.raises(ConsultationError):
        round_withdraw(round=make_round(stage=stage), reason="x", now=NOW)


def test_stored_stages_follow_the_clock_once_each() -> None:
    opening = make_round(
        stage="announced", opens_on=TODAY, closes_on=TODAY + dt.timedelta(days=5)
    )
    closing_now = make_round(
        stage="open",
        opens_on=TODAY - dt.timedelta(days=20),
        closes_on=TODAY - dt.timedelta(days=1),
    )
    missed = make_round(
        stage="announced",
        opens_on=TODAY - dt.timedelta(days=20),
        closes_on=TODAY - dt.timedelta(days=1),
    )
    reported = make_round(
        stage="reported",
        opens_on=TODAY - dt.timedelta(days=20),
        closes_on=TODAY - dt.timedelta(days=1),
    )
    assert round_advance_all(now=NOW) == 3
    assert round_advance_all(now=NOW) == 0
    stages = dict(Round.objects.values_list("pk", "stage"))
    assert stages[opening.pk] == "open"
    assert stages[closing_now.pk] == "closed"
    assert stages[missed.pk] == "closed"
    assert stages[reported.pk] == "reported"
    assert AuditEntry.objects.filter(action="round.closed").count() == 2


def test_the_task_has_its_name() -> None:
    from cms.celery import app
    from consultations.tasks import advance_stages

    assert advance_stages.name == "consultations.advance_stages"
    assert "consultations.advance_stages" in app.tasks
    assert hasattr(advance_stages, "delay_on_commit")


def test_a_second_round_needs_the_first_closed_and_carries_questions() -> None:
    round = make_round()
    first = round.version.provisions.filter(kind="section").first()
    round.questions.get().provisions.set([first])
    with pytest.raises(ConsultationError) as refused:
        round_new(consultation=round.consultation, now=NOW)
    assert refused.value.code == "last_round_open"
    after = closing(round.closes_on)
    draft = round.consultation.draft
    page = draft.get_latest_revision_as_object()
    page.law_title = "ร่างพระราชบัญญัติทดสอบ (แก้ไข)"
    version = make_version(page)
    second = round_new(consultation=round.consultation, version=version, now=after)
    assert (second.number, second.stage, second.version) == (2, "draft", version)
    assert second.questions.get().text == round.questions.get().text
    assert round.questions.get().provisions.get() == first


def test_documents_are_checked_by_content_and_hashed() -> None:
    consultation = created()
    add = lambda name, data: preparing.document_add(  # noqa: E731
        consultation=consultation,
        title="เอกสาร",
        kind="ria",
        file=ContentFile(data, name),
    )
    document = add("ผลกระทบ.pdf", b"%PDF-1.7\n...")
    assert document.size == 12
    assert len(document.sha256) == 64
    assert "ผลกระทบ" not in document.file.name
    for name, data, code in (
        ("x.exe", b"MZ", "type"),
        ("x.html", b"<script>", "type"),
        ("x.pdf", b"<script>", "content"),
        ("x.docx", b"PK\x03\x04", "content"),
        ("x.txt", b"a\0b", "content"),
        ("x.pdf", b"", "empty"),
    ):
        with pytest.raises(ConsultationError) as refused:
            add(name, data)
        assert refused.value.code == code, name
    assert consultation.documents.count() == 1


def test_a_posting_is_evidence_and_stays() -> None:
    round = ready()
    with pytest.raises(ConsultationError):
        preparing.posting_add(
            round=round, channel="board", posted_on=TODAY, evidence=" "
        )
    posting = preparing.posting_add(
        round=round, channel="board", posted_on=TODAY, evidence="ที่ นร 1/2569", now=NOW
    )
    assert posting.recorded_at == NOW
    with pytest.raises(ConsultationError):
        preparing.preparation_remove(obj=posting, round=round)
    assert services.is_announced(round.consultation) is False
