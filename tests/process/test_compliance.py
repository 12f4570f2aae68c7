"""One round, one set of days: every page that tells them tells the same ones."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Submission
from consultations.compliance import compliance_of, compliance_of_rounds, place_of
from consultations.desk import round_forms
from consultations.models import (
    HearingMethod,
    HearingSession,
    Posting,
    Role,
    Round,
    StageChoices,
)
from consultations.services import round_complete, round_extend, round_prepare
from consultations.statute import RULES, Moment
from drafts import clock
from drafts.models import DraftPage
from tests.factories import make_member, make_round

pytestmark = pytest.mark.django_db
WANTED = {
    "information": {},
    "legal_basis": "project_2548",
}


def at(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drafts.clock.now", lambda: moment)


def closed_project(**fields) -> Round:
    """Make a State project heard 1–15 June 2027, with a meeting on the 20th."""
    round = make_round(
        opens_on=dt.date(2027, 6, 1), closes_on=dt.date(2027, 6, 15), **WANTED, **fields
    )
    method = HearingMethod.objects.create(round=round, code="public_hearing")
    HearingSession.objects.create(
        round=round, method=method, held_on=dt.date(2027, 6, 20), place="ศาลากลาง"
    )
    return round


PAGES = {
    "list": "/consultations/",
    "front": "/",
    "agency": "/agencies/{agency}/",
    "overview": "/consultations/{slug}/",
    "results": "/consultations/{slug}/results/",
}


@pytest.mark.parametrize(
    ("moment", "told", "never"),
    [
        # The meeting was on 20 June: due 5 July, not 30 June (fifteen days of closing).
        ("2027-07-03T12:00:00+07:00", ["5 ก.ค. 2570"], ["เกินกำหนด", "30 มิ.ย."]),
        ("2027-07-05T23:59:00+07:00", ["5 ก.ค. 2570"], ["เกินกำหนด"]),
        # Half past midnight of the day after: overdue everywhere, by one day.
        (
            "2027-07-06T00:30:00+07:00",
            ["5 ก.ค. 2570", "เกินกำหนดประกาศผล 1 วัน"],
            ["30 มิ.ย."],
        ),
    ],
)
def test_all_pages_of_a_round_tell_the_same_days(
    client: Client, monkeypatch: pytest.MonkeyPatch, moment: str, told, never
) -> None:
    round = closed_project()
    other = make_round(agency=round.consultation.agency)  # a list has more than one
    now = dt.datetime.fromisoformat(moment)
    at(now, monkeypatch)
    agency = round.consultation.agency
    official = Client()
    official.force_login(make_member(agency, Role.APPROVER))
    names = {"slug": round.consultation.slug, "agency": agency.slug}
    shown = {
        name: client.get(address.format(**names)).content.decode()
        for name, address in PAGES.items()
    }
    for name in ("desk_rounds", "desk_round", "desk_report", "desk_report_preview"):
        args = [] if name == "desk_rounds" else [round.pk]
        shown[name] = official.get(reverse(name, args=args)).content.decode()
    # The report and one line of the front page print the day in full or not at all.
    shown["front"] = shown["front"] if "เกิน" in "".join(told) else "".join(told)
    preview = shown.pop("desk_report_preview")
    assert "5 กรกฎาคม" in preview.replace("๕", "5")
    assert other.consultation.slug in shown["list"]
    for name, page in shown.items():
        for words in told:
            assert words in page, (name, words)
        for words in never:
            assert words not in page, (name, words)


def test_lists_and_one_round_are_computed_alike(
    django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = [closed_project() for _ in range(3)]
    rounds += [make_round(), make_round(stage=StageChoices.WITHDRAWN)]
    Posting.objects.create(
        round=rounds[0],
        subject="report",
        channel="board",
        posted_on=dt.date(2027, 7, 1),
        evidence="ภาพถ่าย",
        recorded_at=clock.now(),
    )
    now = dt.datetime.fromisoformat("2027-07-09T00:10:00+07:00")
    rounds = list(Round.objects.select_related("consultation").order_by("pk"))
    with django_assert_num_queries(1):
        many = compliance_of_rounds(rounds, now=now)
    for round in rounds:
        one = compliance_of(round, now=now)
        for name in ("stage", "completed_on", "due_on", "told_on", "days_late"):
            assert getattr(many[round.pk], name) == getattr(one, name), name
    assert [many[r.pk].days_late for r in rounds] == [4, 4, 4, 0, 0]


def test_no_query_while_no_hearing_is_over(django_assert_num_queries) -> None:
    round = make_round(opens_on=clock.today(), closes_on=clock.today())
    round = Round.objects.select_related("consultation").get(pk=round.pk)
    with django_assert_num_queries(0):
        found = compliance_of_rounds([round], now=clock.now())[round.pk]
    assert found.days_late == 0


def test_a_recorded_completion_is_what_counts() -> None:
    round = closed_project()
    round_complete(
        round=round,
        completed_on=dt.date(2027, 6, 25),
        reason="ได้รับจดหมายฉบับสุดท้าย",
        now=dt.datetime.fromisoformat("2027-06-26T00:30:00+07:00"),
    )
    round.refresh_from_db()
    now = dt.datetime.fromisoformat("2027-07-09T12:00:00+07:00")
    found = compliance_of(round, now=now)
    assert (found.completed_on, found.due_on) == (
        dt.date(2027, 6, 25),
        dt.date(2027, 7, 10),
    )


def test_a_meeting_to_come_does_not_move_the_due_day() -> None:
    round = closed_project()
    now = dt.datetime.fromisoformat("2027-06-18T12:00:00+07:00")
    assert compliance_of(round, now=now).completed_on == dt.date(2027, 6, 15)


# --- where each finding is put right -----------------------------------------------


def test_the_place_of_every_rule_exists() -> None:
    round = make_round(stage=StageChoices.DRAFT)
    rows = {place_of(rule, round) for rule in RULES}
    assert len(rows) > 8
    known = {"consultation", "dates", "freeze", "themes", "answers", "report"}
    assert {rule.place for rule in RULES} <= known | set(round_forms.PREPARATIONS)


def test_every_finding_links_to_a_page_that_opens(client: Client) -> None:
    round = make_round(stage=StageChoices.DRAFT, questions=0)
    agency = round.consultation.agency
    client.force_login(make_member(agency, Role.EDITOR))
    Round.objects.filter(pk=round.pk).update(opens_on=None, closes_on=None)
    shown = client.get(reverse("desk_round", args=[round.pk]))
    findings = shown.context["findings"]
    assert len(findings) > 5
    assert len({found.place for found in findings}) > 3
    for found in findings:
        assert f'<a href="{found.place}">' in shown.content.decode()
        assert client.get(found.place).status_code == 200, found.rule


def test_once_announced_no_finding_leads_to_a_page_that_is_shut(client: Client) -> None:
    round = make_round()
    client.force_login(make_member(round.consultation.agency, Role.EDITOR))
    for rule in RULES:
        assert client.get(place_of(rule, round)).status_code == 200, rule.id


def test_a_notice_is_put_right_at_its_posting_once_there_are_dates() -> None:
    round = make_round(stage=StageChoices.DRAFT, **WANTED)
    Round.objects.update(announced_on=None)
    today = clock.today()
    round_prepare(
        round=round,
        version=round.version,
        opens_on=today + dt.timedelta(days=2),
        closes_on=today + dt.timedelta(days=40),
    )
    round.refresh_from_db()
    law = compliance_of(round, now=clock.now(), at=Moment.ANNOUNCE)
    add = reverse("desk_round_add", args=[round.pk, "posting"])
    found = {f.rule.partition("-")[2]: f.place for f in law.findings}
    assert (found["channels"], found["notice-days"]) == (add, add)


def test_a_draft_never_frozen_leads_to_freezing() -> None:
    round = make_round(stage=StageChoices.DRAFT)
    bare = DraftPage(title="ร่าง", law_title="ร่าง", slug="bare")
    round.consultation.agency.add_child(instance=bare)
    round.consultation.draft = bare
    rule = next(rule for rule in RULES if rule.id.endswith("-draft-frozen"))
    assert place_of(rule, round) == reverse("drafts_freeze", args=[bare.pk])


# --- evidence ------------------------------------------------------------------------


def test_a_method_counts_only_with_its_evidence() -> None:
    round = closed_project()
    for code in ("online", "office", "workshop"):
        HearingMethod.objects.create(round=round, code=code)
    Submission.objects.create(
        round=round,
        receipt="RF-PAPER",
        client_token=uuid.uuid4(),
        channel="paper",
        received_at=clock.now(),
        sha256="",
    )
    after = dt.datetime.fromisoformat("2027-07-01T12:00:00+07:00")
    facts = compliance_of(round, now=after).facts
    done = {m.code: m.done for m in facts.methods}
    assert done == {
        "public_hearing": True,  # its meeting of 20 June
        "online": True,  # the window stood open here
        "office": True,  # a comment came on paper
        "workshop": False,  # nothing shows that it was held
    }
    assert {m.code for m in facts.methods_that_count} == {
        "public_hearing",
        "online",
        "office",
    }
    before = dt.datetime.fromisoformat("2027-05-20T12:00:00+07:00")
    facts = compliance_of(round, now=before).facts
    assert not any(
        m.done for m in facts.methods if m.code in {"online", "public_hearing"}
    )
    assert len(facts.methods_that_count) == 4  # all are still to come


def test_an_extension_and_its_reason_are_public(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = make_round(opens_on=dt.date(2027, 6, 1), closes_on=dt.date(2027, 6, 15))
    at(dt.datetime.fromisoformat("2027-06-10T00:30:00+07:00"), monkeypatch)
    round_extend(round=round, closes_on=dt.date(2027, 6, 30), reason="น้ำท่วมสองอำเภอ")
    page = client.get(f"/consultations/{round.consultation.slug}/").content.decode()
    for words in ("10 มิ.ย. 2570", "15 มิ.ย. 2570", "30 มิ.ย. 2570", "น้ำท่วมสองอำเภอ"):
        assert words in page
