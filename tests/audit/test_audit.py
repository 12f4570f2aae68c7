"""Drawing, coding and finishing a blind audit; what shows, to whom, and when."""

from __future__ import annotations

import hashlib

import pytest
from django.db import DatabaseError, transaction

from comments.blind_audit import codes, selectors, services
from comments.models import (
    AuditCode,
    AuditCoder,
    AuditFinish,
    AuditItem,
    BlindAudit,
    CandidateAssignment,
    CandidateTheme,
    Comment,
    Status,
    Theme,
    ThemeAssignment,
    ThemeRun,
)
from consultations.models import Role
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    round_ = factories.make_round(stage="closed")
    themes = [
        Theme.objects.create(round=round_, number=n, title=f"ประเด็น {n}")
        for n in (1, 2, 3)
    ]
    Theme.objects.create(round=round_, number=4, title="ไม่ใช้", status="rejected")
    made = factories.make_comments(round_, [f"ถ้อยคำของคนที่ {n}" for n in range(40)])
    ThemeAssignment.objects.bulk_create(
        ThemeAssignment(
            round=round_,
            comment=comment,
            theme=themes[n % 3] if n % 4 else None,
            bucket="" if n % 4 else "few",
            source="machine",
            argument=comment.pk,
            assigned_at=NOW,
        )
        for n, comment in enumerate(made)
    )
    return round_


@pytest.fixture
def people(round_):
    agency = round_.consultation.agency
    return [factories.make_member(agency, Role.EDITOR) for _ in range(2)]


def draw(round_, people, **fields):
    fields = {"size": 100, "seed": 7, "by": people[0], "now": NOW, **fields}
    return services.audit_draw(round=round_, coders=people, **fields)


def code_all(audit, person, choose) -> None:
    """Code every item by ``choose(item)``."""
    for item in audit.items.all():
        services.code_save(
            audit=audit, position=item.position, code=choose(item), by=person, now=NOW
        )


def finish(audit, *people) -> None:
    for person in people:
        services.coding_finish(audit=audit, by=person, now=NOW)


def refused(code: str, act, /, **fields) -> None:
    with pytest.raises(services.AuditError) as caught:
        act(**fields)
    assert caught.value.code == code


def test_anybody_with_the_list_of_comments_draws_the_same_sample(round_, people):
    audit = draw(round_, people, size=35)
    ids = Comment.objects.filter(round=round_).values_list("public_id", flat=True)
    order = sorted(ids, key=lambda i: hashlib.sha256(f"7:{i}".encode()).hexdigest())
    drawn = list(audit.items.values_list("comment__public_id", flat=True))
    assert drawn == order[:35]
    assert (audit.population, audit.seed) == (40, 7)
    assert [theme["number"] for theme in audit.themes] == [1, 2, 3]
    again = draw(round_, people, size=35, reason="เปลี่ยนคน", seed=None)
    assert again.seed != 7
    assert list(again.items.values_list("comment__public_id", flat=True)) != drawn


def test_only_what_was_analysed_in_time_and_can_be_read_is_drawn(round_, people):
    rows = list(Comment.objects.filter(round=round_).order_by("pk"))
    out = {
        "withdrawn": {"status": Status.WITHDRAWN},
        "hidden": {"status": Status.HIDDEN},
        "withheld": {"status": Status.WITHHELD},
        "copy sent twice": {"duplicate_of": rows[20]},
        "no words": {"public_text": ""},
    }
    for comment, fields in zip(rows, out.values(), strict=False):
        Comment.objects.filter(pk=comment.pk).update(**fields)
    ThemeAssignment.objects.filter(comment=rows[5]).delete()
    late = factories.make_comments(round_, ["มาช้า"], late=True)[0]
    ThemeAssignment.objects.create(
        round=round_, comment=late, bucket="other", source="machine", assigned_at=NOW
    )
    copies = [row.pk for row in rows[6:16]]  # ten copies of one text
    ThemeAssignment.objects.filter(comment__in=copies).update(argument=copies[0])
    audit = draw(round_, people)
    drawn = set(audit.items.values_list("comment_id", flat=True))
    assert drawn == {copies[0], *(row.pk for row in rows[16:])}
    assert audit.population == len(drawn) == 25


def test_thirty_or_fewer_are_all_coded(round_, people):
    extra = Comment.objects.filter(round=round_).order_by("pk")[:10]
    ThemeAssignment.objects.filter(comment__in=list(extra)).delete()
    assert draw(round_, people, size=5).items.count() == 30


def test_what_cannot_be_drawn_says_why(round_, people):
    one = people[0]
    refused("two_people", draw, round_=round_, people=[one, one])
    refused("two_people", draw, round_=round_, people=[one])
    for size in (0, services.LARGEST + 1):
        refused("bad_size", draw, round_=round_, people=people, size=size)
    draw(round_, people)
    refused("no_reason", draw, round_=round_, people=people, reason="  ")
    ThemeAssignment.objects.all().delete()
    refused("nothing_to_draw", draw, round_=round_, people=people, reason="ใหม่")
    assert BlindAudit.objects.count() == 1


def test_one_account_never_holds_both_seats(round_, people):
    audit = draw(round_, people)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditCoder.objects.create(audit=audit, seat=1, user=people[1])
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditCoder.objects.create(audit=audit, seat=3, user=factories.make_user())


def test_a_correction_is_a_new_row_and_the_newest_counts(round_, people):
    audit = draw(round_, people)
    common = {"audit": audit, "position": 1, "by": people[0], "now": NOW}
    services.code_save(code="t1", **common)
    services.code_save(code="t1", **common)
    assert AuditCode.objects.count() == 1
    services.code_save(code="few", **common)
    services.code_save(code="t1", **common)
    rows = AuditCode.objects.order_by("pk").values_list("code", flat=True)
    assert list(rows) == ["t1", "few", "t1"]
    coder = audit.coders.get(user=people[0])
    assert selectors.progress_of(audit, coder).done == {1: "t1"}
    other = audit.coders.get(user=people[1])
    assert selectors.progress_of(audit, other).done == {}


@pytest.mark.parametrize(
    "model", [BlindAudit, AuditItem, AuditCoder, AuditCode, AuditFinish]
)
def test_the_database_itself_refuses_to_change_an_audit(round_, people, model):
    audit = draw(round_, people)
    code_all(audit, people[0], lambda item: "t1")
    finish(audit, people[0])
    field = {
        BlindAudit: {"seed": 1},
        AuditItem: {"machine": "t2"},
        AuditCoder: {"seat": 2},
        AuditCode: {"code": "t2"},
        AuditFinish: {"created_at": NOW},
    }[model]
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(**field)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk)._raw_delete("default")


def test_who_may_code_what(round_, people):
    audit = draw(round_, people)
    save, common = services.code_save, {"audit": audit, "now": NOW, "position": 1}
    stranger = factories.make_member(round_.consultation.agency, Role.APPROVER)
    refused("not_a_coder", save, by=stranger, code="t1", **common)
    refused("no_code", save, by=people[0], code="t4", **common)
    refused("no_code", save, by=people[0], code="retired", **common)
    refused("no_item", save, by=people[0], code="t1", **{**common, "position": 99})
    taken = audit.items.get(position=1).comment
    Comment.objects.filter(pk=taken.pk).update(status=Status.WITHDRAWN)
    refused("taken_back", save, by=people[0], code="t1", **common)
    draw(round_, people, reason="ใหม่")
    refused("replaced", save, by=people[0], code="t1", **{**common, "position": 2})


def test_results_show_only_when_both_stand_by_their_codes(round_, people):
    audit = draw(round_, people)
    refused("not_complete", services.coding_finish, audit=audit, by=people[0], now=NOW)
    code_all(audit, people[0], lambda item: item.machine)
    code_all(audit, people[1], lambda item: item.machine)
    assert selectors.results_of(audit) is None
    finish(audit, people[0])
    assert selectors.results_of(audit) is None
    refused("finished", services.coding_finish, audit=audit, by=people[0], now=NOW)
    refused(
        "finished", services.code_save,
        audit=audit, position=1, code="t3", by=people[0], now=NOW,
    )  # fmt: skip
    finish(audit, people[1])
    found = selectors.results_of(audit)
    assert found.findings.people.observed.value == 1
    assert (found.findings.wrong.part, found.findings.wrong.whole) == (0, 40)
    assert (found.differences, found.confusion, found.left_out) == ([], [], 0)


def test_results_are_what_was_coded(round_, people):
    audit = draw(round_, people)
    # Both people call the first five t1 whatever the machine said; then they differ.
    code_all(audit, people[0], lambda i: "t1" if i.position <= 5 else i.machine)
    second = {**dict.fromkeys(range(1, 6), "t1"), **dict.fromkeys(range(6, 9), "other")}
    code_all(audit, people[1], lambda i: second.get(i.position, i.machine))
    finish(audit, *people)
    found = selectors.results_of(audit)
    told = found.findings
    wrong = sum(i.machine != "t1" for i in audit.items.filter(position__lte=5))
    assert wrong
    assert (told.people.observed.part, told.people.observed.whole) == (37, 40)
    assert (told.wrong.part, told.wrong.whole) == (wrong, 37)
    assert sum(n for _a, _m, n in found.confusion) == wrong
    assert len(found.differences) == wrong + 3


def test_an_item_taken_back_is_left_out_and_said_so(round_, people):
    audit = draw(round_, people)
    gone = audit.items.get(position=3)
    services.code_save(audit=audit, position=3, code="t1", by=people[0], now=NOW)
    Comment.objects.filter(pk=gone.comment_id).update(status=Status.HIDDEN)
    for person in people:
        for item in audit.items.exclude(position=3):
            services.code_save(
                audit=audit, position=item.position, code="t2", by=person, now=NOW
            )
    finish(audit, *people)
    found = selectors.results_of(audit)
    assert (found.drawn, found.left_out, found.findings.coded) == (40, 1, 39)


def test_the_machine_answers_for_what_it_said_not_for_what_people_mended(
    round_, people
):
    run = ThemeRun.objects.create(
        round=round_, purpose="final", is_current=True, created_at=NOW
    )
    places = list(ThemeAssignment.objects.filter(round=round_).order_by("comment_id"))
    groups = {
        n: CandidateTheme.objects.create(
            run=run, number=n, label=str(n), size=1, distinct=1
        )
        for n in (1, 2, 3, 9)
    }
    alone = places[1]  # alone in a group of the machine that nobody uses any more
    for place in places:
        number = place.theme.number if place.theme else 0
        theme = groups[9] if place == alone else groups.get(number)
        CandidateAssignment.objects.create(
            run=run, comment=place.comment, theme=theme,
            bucket="" if theme else place.bucket,
        )  # fmt: skip
    moved = [places[2], places[4]]  # out of theme 3, out of the pile of few
    assert [selectors.code_of(place) for place in moved] == ["t3", "few"]
    ThemeAssignment.objects.filter(pk__in=[p.pk for p in (*moved, alone)]).update(
        theme=None, bucket="other", source="person"
    )
    audit = draw(round_, people)
    said = dict(audit.items.values_list("comment_id", "machine"))
    assert [said[place.comment_id] for place in moved] == ["t3", "few"]
    assert said[alone.comment_id] == codes.RETIRED
    unmoved = [p for p in places if p not in (*moved, alone)]
    assert all(said[p.comment_id] == selectors.code_of(p) for p in unmoved)


def test_drawing_and_reading_cost_few_queries_whatever_the_size(
    round_, people, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        audit = draw(round_, people)
    code_all(audit, people[0], lambda item: "t1")
    code_all(audit, people[1], lambda item: "t1")
    finish(audit, *people)
    with django_assert_max_num_queries(3):
        selectors.results_of(audit)
