"""A text that the public has read changes in sight, whichever door the change uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.models import ConsultationPage, Role, Round
from drafts import clock
from drafts.models import AuditEntry
from drafts.thai_dates import thai_date
from tests.factories import make_member, make_round

pytestmark = pytest.mark.django_db
OLD, NEW = "ลดค่าธรรมเนียมให้ทุกคน", "ขึ้นค่าธรรมเนียมสองเท่า"


@pytest.fixture
def round_(monkeypatch: pytest.MonkeyPatch) -> Round:
    # Half past midnight in Bangkok is still yesterday in London.
    late = dt.datetime(2026, 11, 24, 17, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: late)
    made = make_round(title="การรับฟังเรื่องค่าธรรมเนียม")
    page = made.consultation.page
    page.summary = OLD
    page.save()
    return made


def _page(round_: Round) -> ConsultationPage:
    return ConsultationPage.objects.get(pk=round_.consultation.page_id)


def by_desk(client: Client, round_: Round, by: Any) -> None:
    services.consultation_change(consultation=round_.consultation, by=by, summary=NEW)


def by_form(client: Client, round_: Round, by: Any) -> None:
    page = _page(round_)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    sent = {"title": page.title, "slug": page.slug, "summary": NEW,
            "headline": page.headline, "action-publish": "1"}  # fmt: skip
    assert client.post(url, sent).status_code == 302


def by_revision_taken_back(client: Client, round_: Round, by: Any) -> None:
    page = _page(round_)
    page.summary = NEW
    revision = page.save_revision()
    page.summary = OLD
    newest = page.save_revision()
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    sent = {"title": page.title, "slug": page.slug, "summary": NEW,
            "headline": page.headline, "revision": revision.pk,
            "loaded_revision_id": newest.pk,
            "loaded_revision_created_at": newest.created_at.isoformat(),
            "action-publish": "1"}  # fmt: skip
    assert client.post(url, sent).status_code == 302


def by_publishing_at_a_set_time(client: Client, round_: Round, by: Any) -> None:
    page = _page(round_)
    page.summary = NEW
    page.go_live_at = timezone.now() - dt.timedelta(minutes=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    assert revision.approved_go_live_at
    call_command("publish_scheduled")


def by_publishing_a_revision(client: Client, round_: Round, by: Any) -> None:
    page = _page(round_)
    page.summary = NEW
    page.save_revision(user=by).publish(user=by)


DOORS = [
    by_desk,
    by_form,
    by_revision_taken_back,
    by_publishing_at_a_set_time,
    by_publishing_a_revision,
]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_changed_text_is_in_the_log_and_before_the_readers(
    client: Client, round_: Round, door: Callable[..., None]
) -> None:
    by = make_member(round_.consultation.agency, Role.APPROVER)
    client.force_login(by)
    before = AuditEntry.objects.filter(action="consultation.texts_changed").count()
    door(client, round_, by)
    assert _page(round_).summary == NEW
    entries = AuditEntry.objects.filter(action="consultation.texts_changed")
    entry = entries.order_by("pk").last()
    assert entries.count() == before + 1
    assert entry.data["texts"] == {"summary": [OLD, NEW]}
    if door in {by_desk, by_form, by_revision_taken_back}:
        assert entry.actor == by
    url = f"/consultations/{round_.consultation.slug}/"
    read = client.get(url).content.decode()
    told = read.split('id="edits"')[1]
    assert "แก้ไขเมื่อ" in told
    assert thai_date(dt.date(2026, 11, 25)) in told
    assert OLD in told
    assert NEW in told
    english = client.get(f"/en{url}").content.decode()
    assert "Changed on" in english


def test_other_texts_of_an_announced_consultation_are_told_too(
    client: Client, round_: Round
) -> None:
    consultation = round_.consultation
    consultation.information = {"problem": "ปัญหาเดิม", "reasons": "เหตุผลคงเดิม"}
    consultation.save()
    services.consultation_change(
        consultation=consultation,
        title="ชื่อใหม่ของการรับฟัง",
        information={"problem": "ปัญหาใหม่", "reasons": "เหตุผลคงเดิม"},
        affected_groups=["ผู้ค้า"],
    )
    texts = AuditEntry.objects.filter(action="consultation.texts_changed").last().data
    assert texts["texts"] == {
        "title": ["การรับฟังเรื่องค่าธรรมเนียม", "ชื่อใหม่ของการรับฟัง"],
        "information.problem": ["ปัญหาเดิม", "ปัญหาใหม่"],
        "affected_groups": ["", "ผู้ค้า"],
    }
    url = f"/consultations/{consultation.slug}/"
    told = client.get(url).content.decode().split('id="edits"')[1]
    assert "ปัญหาเดิม" in told
    assert "ปัญหาใหม่" in told
    assert told.count("เหตุผลคงเดิม") == 0


def test_what_the_public_has_not_read_is_not_told(client: Client) -> None:
    made = make_round(stage="draft")
    page = made.consultation.page
    page.summary = NEW
    page.save_revision().publish()
    services.consultation_change(consultation=made.consultation, contact="กองกฎหมาย")
    assert not AuditEntry.objects.filter(action="consultation.texts_changed").exists()


def test_saving_without_changing_says_nothing(client: Client, round_: Round) -> None:
    before = AuditEntry.objects.count()
    page = _page(round_)
    page.save_revision().publish()
    page.save()
    assert AuditEntry.objects.count() == before
