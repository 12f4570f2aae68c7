"""Who may do what: the whole table, and every desk that there is.

Desks are found by their addresses, so that a new one without a rule fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from consultations import policies
from consultations.models import AgencyMembership, AgencyPage, Role, Round
from consultations.policies import ROLES_FOR, Action
from tests.factories import make_agency, make_member, make_round, make_user

pytestmark = pytest.mark.django_db

E, A, M, U = Role.EDITOR, Role.APPROVER, Role.MODERATOR, Role.AUDITOR
#: Written by hand, apart from the code's own table: a change must be made twice.
TABLE: dict[str, set[Role]] = {
    "desk.view": {E, A, M, U},
    "draft.edit": {E, A},
    "version.freeze": {E, A},
    "consultation.edit": {E, A},
    "round.announce": {A},
    "round.extend": {A},
    "round.withdraw": {A},
    "round.ask": {E, A},
    "round.complete": {A},
    "agency.office": {A},
    "comment.view_sealed": {M},
    "comment.moderate": {M},
    "comment.enter_offline": {E, M},
    "themes.run": {E, A},
    "themes.edit": {E, A},
    "answer.edit": {E, A},
    "answer.sign": {A},
    "report.edit": {E, A},
    "report.publish": {A},
    "comments.export": {E, A, M, U},
    "audit.view": {A, U},
}


def test_the_table_names_every_action() -> None:
    assert set(TABLE) == {action.value for action in Action} == set(ROLES_FOR)


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.value)
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_each_action_for_each_role(action: Action, role: Role) -> None:
    own, other = make_agency("กรมของตน"), make_agency("กรมอื่น")
    user = make_member(own, role)
    allowed = role in TABLE[action.value]
    assert policies.may(user, action, own) is allowed
    assert policies.may(user, action, other) is False
    assert policies.agency_ids(user, action) == ([own.pk] if allowed else [])
    user.is_active = False
    assert policies.may(user, action, own) is False


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.value)
def test_nobody_without_a_membership_may_do_anything(action: Action) -> None:
    agency = make_agency()
    for user in (AnonymousUser(), make_user(), make_user(is_superuser=True)):
        assert policies.may(user, action, agency) is False
        assert policies.agency_ids(user, action) == []


# --- every desk -----------------------------------------------------------------------


def _patterns(urls: Any) -> Iterator[URLPattern]:
    for entry in urls:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns)
        else:
            yield entry


def desks() -> dict[str, URLPattern]:
    """Every address of the admin whose name begins with ``desk_``."""
    admin = next(
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and str(entry.pattern) == "admin/"
    )
    found = {
        pattern.name: pattern
        for pattern in _patterns(admin.url_patterns)
        if pattern.name and pattern.name.startswith("desk_")
    }
    assert found
    return found


def arguments(pattern: URLPattern, round: Round) -> dict[str, Any]:
    """Fill an address: what names the object is real, the rest only has its type."""
    real = {
        "round_id": round.pk,
        "consultation_id": round.consultation_id,
        "agency_id": round.consultation.agency_id,
        "what": "question",
        "fmt": "pdf",
    }
    typed = {"IntConverter": 1}
    filled = {}
    for name, converter in pattern.pattern.converters.items():
        default = typed.get(type(converter).__name__, "x")
        if type(converter).__name__ == "UUIDConverter":
            default = "00000000-0000-4000-8000-000000000000"
        filled[name] = real.get(name, default)
    return filled


def test_every_desk_says_which_action_it_needs() -> None:
    silent = [
        name
        for name, pattern in desks().items()
        if not hasattr(pattern.callback, "agency_action")
    ]
    assert silent == [], "use consultations.desk.access.agency_view or desk_view"


def _members(agency: AgencyPage) -> dict[Role, Any]:
    return {role: make_member(agency, role) for role in Role}


def test_every_desk_for_every_role_of_its_own_agency(client: Client) -> None:
    round = make_round()
    users = _members(round.consultation.agency)
    for name, pattern in desks().items():
        view = pattern.callback
        url = reverse(name, kwargs=arguments(pattern, round))
        for role, user in users.items():
            client.force_login(user)
            allowed = role in TABLE[view.agency_action.value]
            got = client.get(url).status_code
            assert (got != 403) is allowed or got == 405, (name, role, got)
            if role not in TABLE[view.agency_change.value]:
                got = client.post(url).status_code
                assert got in {403, 405}, (name, role, got, "POST")


def test_no_desk_opens_for_anybody_else(client: Client) -> None:
    round = make_round()
    stranger = make_agency("กรมอื่น")
    outsiders = {
        "another agency's approver": make_member(stranger, Role.APPROVER),
        "another agency's moderator": make_member(stranger, Role.MODERATOR),
        "superuser": make_user(is_superuser=True),
        "citizen": make_user(),
        "nobody": None,
    }
    for who, user in outsiders.items():
        client.logout()
        if user:
            client.force_login(user)
        for name, pattern in desks().items():
            filled = arguments(pattern, round)
            url = reverse(name, kwargs=filled)
            for method in (client.get, client.post):
                response = method(url)
                code = response.status_code
                if who in {"citizen", "nobody"}:
                    assert code == 302, (name, who, code)
                elif set(filled) & {"round_id", "consultation_id", "agency_id"}:
                    assert code in {404, 405}, (name, who, code)
                elif who == "superuser":
                    assert code in {403, 404, 405}, (name, who, code)


def test_lists_show_nothing_of_another_agency(client: Client) -> None:
    make_round(title="เรื่องลับของกรมหนึ่ง", stage="draft")
    client.force_login(make_member(make_agency("กรมอื่น"), Role.APPROVER))
    for name, pattern in desks().items():
        if not pattern.pattern.converters:
            response = client.get(reverse(name))
            assert "เรื่องลับของกรมหนึ่ง" not in response.content.decode(), name


def test_a_membership_that_ends_ends_at_once(client: Client) -> None:
    round = make_round()
    user = make_member(round.consultation.agency, Role.EDITOR)
    client.force_login(user)
    url = reverse("desk_round", args=[round.pk])
    assert client.get(url).status_code == 200
    AgencyMembership.objects.get(user=user).delete()
    assert client.get(url).status_code == 302
    assert not user.groups.exists()
