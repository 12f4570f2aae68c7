"""Memberships decide; Wagtail's groups follow."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from consultations.groups import group_name, user_sync
from consultations.models import AgencyMembership, Role
from consultations.models.agencies import OfficeOfTwo
from drafts import clock
from tests.desks import send
from tests.factories import make_agency, make_member, make_user

pytestmark = pytest.mark.django_db


def test_a_superuser_adds_changes_and_removes_members(client: Client) -> None:
    agency, person = make_agency(), make_user()
    client.force_login(make_user(is_superuser=True))
    assert client.get(reverse("memberships:index")).status_code == 200
    add = reverse("memberships:add")
    assert agency.title in client.get(add).content.decode()
    client.post(add, {"user": person.pk, "agency": agency.pk, "role": "editor"})
    row = AgencyMembership.objects.get(user=person)
    assert person.has_perm("wagtailadmin.access_admin")
    again = client.post(add, {"user": person.pk, "agency": agency.pk, "role": "editor"})
    assert again.status_code == 200, "the same membership twice is refused"
    edit = reverse("memberships:edit", args=[row.pk])
    unseen = {"user": person.pk, "agency": agency.pk, "role": "auditor"}
    late = client.post(edit, unseen)
    assert late.status_code == 409, "it names no role that it had seen"
    assert str(Role.EDITOR.label) in late.content.decode()
    send(client, edit, unseen)
    names = set(person.groups.values_list("name", flat=True))
    assert names == {group_name(agency.pk, Role.AUDITOR)}
    client.post(reverse("memberships:delete", args=[row.pk]))
    assert not person.groups.exists()


def test_the_second_of_two_positions_is_told_of_the_first(client: Client) -> None:
    row = make_member(make_agency(), Role.APPROVER).memberships.get()
    client.force_login(make_user(is_superuser=True))
    edit = reverse("memberships:edit", args=[row.pk])
    seen = client.get(edit).context["form"]["revision"].value()
    given = {"role": row.role, "revision": seen}
    assert client.post(edit, given | {"position": "ผู้อำนวยการ"}).status_code == 302
    late = client.post(edit, given | {"position": "นิติกร"})
    assert late.status_code == 409
    assert "ผู้อำนวยการ" in late.content.decode() and "นิติกร" in late.content.decode()
    row.refresh_from_db()
    assert row.position == "ผู้อำนวยการ"


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_members_do_not_administer_members(client: Client, role: Role) -> None:
    client.force_login(make_member(make_agency(), role))
    for name in ("index", "add"):
        response = client.get(reverse(f"memberships:{name}"))
        assert response.status_code in {302, 403}


def test_groups_have_rights_on_their_own_branch_only() -> None:
    one, two = make_agency("หนึ่ง"), make_agency("สอง")
    user = make_member(one, Role.EDITOR)
    make_member(two, Role.APPROVER)
    pages = GroupPagePermission.objects.filter(group__user=user).values("page")
    assert list(Page.objects.filter(pk__in=pages)) == [one.page_ptr]
    moderator = make_member(one, Role.MODERATOR)
    assert not GroupPagePermission.objects.filter(group__user=moderator).exists()
    assert moderator.has_perm("wagtailadmin.access_admin")


def test_hand_made_changes_of_groups_are_put_right() -> None:
    agency = make_agency()
    user = make_member(agency, Role.MODERATOR)
    other = make_member(make_agency("อื่น"), Role.EDITOR)
    group = Group.objects.get(user=user)
    permission = GroupPagePermission.objects.filter(group__user=other).first()
    GroupPagePermission.objects.create(
        group=group, page=permission.page, permission=permission.permission
    )
    user.groups.add(Group.objects.get(user=other))
    user_sync(user)
    assert list(user.groups.all()) == [group]
    assert not GroupPagePermission.objects.filter(group=group).exists()


def test_a_new_agency_needs_no_setting_up() -> None:
    agency = make_agency()
    assert not Group.objects.filter(name__startswith=f"agency:{agency.pk}:").exists()
    user = make_member(agency, Role.EDITOR)
    assert user.groups.get().name == group_name(agency.pk, Role.EDITOR)


def test_a_superuser_makes_accounts_without_choosing_passwords(client: Client) -> None:
    from django.contrib.auth import get_user_model

    client.force_login(make_user(is_superuser=True))
    add = reverse("wagtailusers_users:add")
    page = client.get(add)
    assert page.status_code == 200
    assert "password1" not in page.content.decode()
    client.post(add, {"email": "new@example.org", "first_name": "ก", "last_name": "ข"})
    made = get_user_model().objects.get(email="new@example.org")
    assert not made.check_password("")
    assert not made.check_password(made.password)
    reset = Client().post(reverse("account_reset_password"), {"email": made.email})
    assert reset.status_code == 302
    assert mail.outbox[-1].to == [made.email], "the person chooses a password alone"
    edit = reverse("wagtailusers_users:edit", args=[made.pk])
    assert client.get(edit).status_code == 200


def test_who_others_refer_to_is_not_deleted_and_it_is_said(client: Client) -> None:
    member = make_member(agency := make_agency(), Role.EDITOR)
    OfficeOfTwo.objects.create(
        agency=agency, reason="สองคน", changed_by=member, changed_at=clock.now()
    )
    client.force_login(make_user(is_superuser=True))
    delete = reverse("wagtailusers_users:delete", args=[member.pk])
    answer = client.post(delete, follow=True)
    assert answer.redirect_chain
    assert "จึงลบไม่ได้" in answer.content.decode()
    member.refresh_from_db()
