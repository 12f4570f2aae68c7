"""The pages of the audit: who opens them, what they never show, what is kept."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from comments.models import (
    AuditCode,
    BlindAudit,
    Comment,
    Status,
    Theme,
    ThemeAssignment,
)
from consultations.models import Role
from tests import factories
from tests.audit.test_audit import code_all, draw, finish, round_  # noqa: F401
from tests.desks import send
from tests.factories import NOW
from tests.themes.test_desks import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(round_):  # noqa: F811
    agency = round_.consultation.agency
    return [member(agency, Role.EDITOR, name) for name in ("สมชาย", "สมหญิง")]


@pytest.fixture
def audit(round_, people) -> BlindAudit:  # noqa: F811
    return draw(round_, people)


def address(name: str, audit: BlindAudit, item: int = 0) -> str:
    found = reverse(name, args=[audit.round_id, audit.number])
    return f"{found}?item={item}" if item else found


def code(client, audit, item: int, said: str):
    data = {"item": item, "code": said}
    return client.post(address("desk_audit_code", audit), data)


def masked(page: str) -> str:
    """Return a page without what differs from one answer to the next."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return re.sub(r'"csrf[^"]*"\s*:\s*"[^"]+"|nonce="[^"]+"', "", page, flags=re.I)


def refused(answer) -> bool:
    """Tell whether Wagtail turned a refusal into a message on its home page."""
    home = reverse("wagtailadmin_home")
    return answer.status_code == 403 or (
        answer.status_code == 302 and answer.url == home
    )


def main_of(page: str) -> str:
    """Return the desk's own part: the frame has tokens and names of its own."""
    own = page[page.index('<div class="desk">') :]
    return masked(own.split("</main>", maxsplit=1)[0])


def test_a_coder_sees_the_words_and_neither_answer(audit, people, client):
    item = audit.items.get(position=1)
    client.force_login(people[0])
    before = main_of(client.get(address("desk_audit_code", audit, 1)).content.decode())
    assert item.comment.public_text in before
    assert "checked" not in before
    assert item.comment.public_id not in before
    # The other person's codes, all of them, change nothing on this person's page.
    code_all(audit, people[1], lambda i: "t2")
    finish(audit, people[1])
    after = main_of(client.get(address("desk_audit_code", audit, 1)).content.decode())
    assert after == before
    # Nor does the machine's answer: every choice looks the same whatever it said.
    shown = re.findall(r'<input type="radio"[^>]*value="([^"]+)"([^>]*)>', before)
    assert [value for value, _rest in shown] == [
        "t1", "t2", "t3", "few", "no_reason", "other",
    ]  # fmt: skip
    pages = {}
    for one in audit.items.all()[:8]:
        page = client.get(address("desk_audit_code", audit, one.position))
        form = main_of(page.content.decode()).split("<fieldset")[1]
        pages.setdefault(form.split("</fieldset>")[0], set()).add(one.machine)
    assert len(pages) == 1
    assert len(next(iter(pages.values()))) > 1  # items of several machine's answers


def test_the_list_of_audits_shows_how_far_never_what(audit, people, client):
    code_all(audit, people[1], lambda i: "t2")
    client.force_login(people[0])
    page = client.get(reverse("desk_audit", args=[audit.round_id])).content.decode()
    assert "สมหญิง" in page
    assert address("desk_audit_code", audit) in page
    assert f'"{address("desk_audit_results", audit)}"' not in page
    assert "ประเด็น 2" not in page


def test_no_result_at_any_address_before_both_are_done(audit, people, client):
    client.force_login(people[0])
    code_all(audit, people[0], lambda i: "t1")
    code_all(audit, people[1], lambda i: "t2")
    finish(audit, people[0])
    for user in people:
        client.force_login(user)
        found = client.get(address("desk_audit_results", audit))
        assert found.status_code == 404
    finish(audit, people[1])
    found = client.get(address("desk_audit_results", audit))
    assert found.status_code == 200
    page = found.content.decode()
    assert "Cohen" in page
    assert "AC1" in page
    assert "0/40" in page  # the two agree on none


def test_only_the_two_coders_open_the_coding_page(audit, people, client):
    agency = audit.round.consultation.agency
    for role in (Role.EDITOR, Role.APPROVER, Role.AUDITOR):
        client.force_login(member(agency, role))
        assert refused(client.get(address("desk_audit_code", audit)))
        assert refused(code(client, audit, 1, "t1"))
    client.force_login(member(factories.make_agency("กรมอื่น"), Role.EDITOR))
    for name in ("desk_audit_code", "desk_audit_results"):
        assert client.get(address(name, audit)).status_code == 404
    assert code(client, audit, 1, "t1").status_code == 404
    client.logout()
    assert client.get(address("desk_audit_code", audit)).status_code == 302
    assert not AuditCode.objects.exists()


def test_who_may_draw_and_from_whom(round_, people, client):  # noqa: F811
    agency = round_.consultation.agency
    desk = reverse("desk_audit", args=[round_.pk])
    data = {"first": people[0].pk, "second": people[1].pk, "size": "20"}
    client.force_login(member(agency, Role.AUDITOR))
    assert client.get(desk).status_code == 200
    assert refused(client.post(desk, data))
    client.force_login(people[0])
    stranger = member(factories.make_agency("กรมอื่น"), Role.EDITOR)
    bad = [
        {**data, "second": people[0].pk},
        {**data, "second": stranger.pk},
        {**data, "second": ""},
        {**data, "size": "ยี่สิบ"},
        {**data, "size": "0"},
    ]
    for wrong in bad:
        answer = send(client, desk, wrong)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert not BlindAudit.objects.exists()
    assert client.post(desk, data).status_code == 409  # names nothing seen
    assert send(client, desk, data).status_code == 302
    assert BlindAudit.objects.get().items.count() == 20


def test_coding_goes_on_where_it_was_left(audit, people, client):
    client.force_login(people[0])
    onward = code(client, audit, 1, "t1")
    assert onward.url == address("desk_audit_code", audit, 2)
    code(client, audit, 2, "few")
    client.logout()
    client.force_login(people[0])
    page = client.get(address("desk_audit_code", audit)).content.decode()
    assert 'name="item" value="3"' in page
    again = client.get(address("desk_audit_code", audit, 2)).content.decode()
    assert re.search(r'value="few" checked', again)
    wrong = code(client, audit, 3, "t99")
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.content.decode()
    assert AuditCode.objects.count() == 2


def test_a_comment_taken_back_is_not_shown_and_not_asked_for(audit, people, client):
    item = audit.items.get(position=1)
    Comment.objects.filter(pk=item.comment_id).update(status=Status.HIDDEN)
    client.force_login(people[0])
    page = client.get(address("desk_audit_code", audit, 1)).content.decode()
    assert item.comment.public_text not in page
    assert "ถูกถอนหรือซ่อน" in page
    page = client.get(address("desk_audit_code", audit)).content.decode()
    assert 'name="item" value="2"' in page


def test_five_comments_are_enough_and_the_end_is_confirmed_by_hand(people, client):
    agency = people[0].memberships.get().agency
    small = factories.make_round(agency, slug="small-law", stage="closed")
    Theme.objects.create(round=small, number=1, title="ค่าธรรมเนียม")
    for comment in factories.make_comments(small, ["ก ข", "ค ง", "จ ฉ", "ช ซ", "ฌ ญ"]):
        ThemeAssignment.objects.create(
            round=small,
            comment=comment,
            bucket="few",
            source="machine",
            assigned_at=NOW,
        )
    audit = draw(small, people)
    for person in people:
        client.force_login(person)
        early = {"action": "finish", "item": "1"}
        assert client.post(address("desk_audit_code", audit), early).status_code == 422
        for item in audit.items.all():
            onward = code(client, audit, item.position, "few")
        assert onward.url == address("desk_audit_code", audit)
        page = client.get(onward.url).content.decode()
        assert 'value="finish"' in page
        done = client.post(address("desk_audit_code", audit), {"action": "finish"})
        assert done.url == reverse("desk_audit", args=[small.pk])
        late = code(client, audit, 1, "t1")
        assert late.status_code == 422
    page = client.get(address("desk_audit_results", audit)).content.decode()
    assert "5/5" in page


def test_the_desks_ask_few_questions_of_the_database(
    audit, people, client, django_assert_max_num_queries
):
    code_all(audit, people[0], lambda i: "t1")
    client.force_login(people[1])
    client.get(address("desk_audit_code", audit, 1))
    with django_assert_max_num_queries(22):
        client.get(address("desk_audit_code", audit, 1))


def test_a_drawn_audit_never_shows_another_rounds_comments(audit, people, client):
    other = factories.make_round(
        audit.round.consultation.agency, slug="other-law", stage="closed"
    )
    client.force_login(people[0])
    there = reverse("desk_audit_code", args=[other.pk, audit.number])
    assert client.get(there).status_code == 404
