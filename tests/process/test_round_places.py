"""Each finding about a round leads to a page where it can be put right."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from consultations.desk import round_forms, round_places
from consultations.models import Role, Round, StageChoices
from consultations.services import announce_findings, round_prepare
from consultations.statute import RULES
from drafts import clock
from drafts.models import DraftPage
from tests.factories import make_member, make_round

pytestmark = pytest.mark.django_db


def test_the_names_of_rules_and_of_rows_exist() -> None:
    names = {rule.id.partition("-")[2] for rule in RULES}
    listed = {name for names in round_places._ROWS.values() for name in names}
    assert listed | set(round_places._DATES) <= names
    assert set(round_places._ROWS) <= set(round_forms.PREPARATIONS)


def test_every_finding_links_to_a_page_that_opens(client: Client) -> None:
    round = make_round(stage=StageChoices.DRAFT, questions=0)
    agency = round.consultation.agency
    client.force_login(make_member(agency, Role.EDITOR))
    Round.objects.filter(pk=round.pk).update(opens_on=None, closes_on=None)
    shown = client.get(reverse("desk_round", args=[round.pk]))
    findings = shown.context["findings"]
    assert len(findings) > 5
    places = {place for _finding, place in findings}
    assert len(places) > 3
    for finding, place in findings:
        assert f'<a href="{place}">' in shown.content.decode()
        assert client.get(place).status_code == 200, finding.rule.id


def test_a_notice_is_put_right_at_its_posting_once_there_are_dates() -> None:
    round = make_round(stage=StageChoices.DRAFT)
    today = clock.today()
    round_prepare(
        round=round,
        version=round.version,
        opens_on=today + dt.timedelta(days=2),
        closes_on=today + dt.timedelta(days=40),
    )
    found = {
        finding.rule.id.partition("-")[2]: round_places.place_of(finding, round)
        for finding in announce_findings(round, now=clock.now())
    }
    add = reverse("desk_round_add", args=[round.pk, "posting"])
    assert found.get("channels", add) == add
    assert found.get("notice-days", add) == add


def test_a_draft_never_frozen_leads_to_freezing() -> None:
    round = make_round(stage=StageChoices.DRAFT)
    bare = DraftPage(title="ร่าง", law_title="ร่าง", slug="bare")
    round.consultation.agency.add_child(instance=bare)
    round.consultation.draft = bare
    rule = next(rule for rule in RULES if rule.id.endswith("-draft-frozen"))
    finding = type("F", (), {"rule": rule})()
    place = round_places.place_of(finding, round)
    assert place == reverse("drafts_freeze", args=[bare.pk])
