"""An official of one agency walks the whole admin and meets nothing of another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from consultations.groups import collection_of
from consultations.models import AgencyPage, Role
from drafts.services import draft_import
from tests.drafts.test_import import DRAFT
from tests.factories import home, make_agency, make_member, make_round, make_user

pytestmark = pytest.mark.django_db
SECRET = "ร่างลับสุดยอด"


@pytest.fixture
def agency() -> AgencyPage:
    return make_agency("กรมเจ้าของเรื่อง")


@pytest.fixture
def hidden(agency: AgencyPage) -> dict[str, Page]:
    """Pages of the owning agency, each with a word that must not be seen."""
    draft = draft_import(agency=agency, data=DRAFT).draft
    page = draft.get_latest_revision_as_object()
    page.title = f"{SECRET} ร่าง"
    page.save_revision()
    page.save()
    consultation = make_round(agency, title=f"{SECRET} การรับฟัง", stage="draft")
    return {"draft": draft, "consultation": consultation.consultation.page.page_ptr}


def text_of(response: Any) -> str:
    """Return what a response says; JSON writes Thai as escapes, so read it first."""
    body = b"".join(response) if response.streaming else response.content
    text = body.decode(errors="replace")
    if "json" in response.headers.get("Content-Type", ""):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return text


def walk(page: Page) -> list[str]:
    """Every address of Wagtail's admin that names or lists pages."""
    one = [
        "wagtailadmin_explore", "wagtailadmin_explore_results",
        "wagtailadmin_choose_page_child",
        *(
            f"wagtailadmin_pages:{name}"
            for name in (
                "edit", "usage", "view_draft", "add_subpage", "delete", "unpublish",
                "copy", "move", "set_privacy", "lock", "unlock", "revisions_index",
                "workflow_history", "history", "history_results",
                "confirm_workflow_cancellation", "preview_on_edit", "convert_alias",
                "set_page_position",
            )
        ),
    ]  # fmt: skip
    revision = page.latest_revision_id or 1
    return [
        *(reverse(name, args=[page.pk]) for name in one),
        reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision]),
        reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision]),
        f"/admin/pages/{page.pk}/revisions/compare/earliest...latest/",
        reverse("wagtailadmin_choose_page_chosen_multiple") + f"?id={page.pk}",
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        + f"?id={page.pk}",
        f"/admin/api/main/pages/{page.pk}/",
    ]


LISTS = [
    "/admin/", "/admin/pages/", "/admin/pages/search/?q=ร่าง",
    "/admin/pages/search/results/?q=ร่าง", "/admin/choose-page/",
    "/admin/choose-page/?page_type=drafts.draftpage",
    "/admin/choose-page/search/?q=ร่าง", "/admin/choose-page/search/?q=ร่างลับ",
    "/admin/api/main/pages/", "/admin/api/main/pages/?for_explorer=1",
    "/admin/pages/usage/drafts/draftpage/",
    "/admin/pages/usage/drafts/draftpage/results/",
    "/admin/pages/usage/consultations/consultationpage/",
    "/admin/reports/site-history/", "/admin/reports/aging-pages/",
    "/admin/reports/page-types-usage/", "/admin/reports/locked/",
    "/admin/reports/workflow/", "/admin/reports/workflow_tasks/",
    "/admin/workflows/list/", "/admin/collections/", "/admin/users/",
    "/admin/groups/", "/admin/documents/", "/admin/documents/chooser/",
    "/admin/images/", "/admin/images/chooser/", "/admin/drafts/",
    "/admin/desk/rounds/", "/admin/redirects/", "/admin/sites/",
]  # fmt: skip


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_an_outsider_sees_no_page_of_another_agency(
    client: Client, hidden: dict[str, Page], role: Role
) -> None:
    client.force_login(make_member(make_agency("กรมอื่น"), role))
    for page in hidden.values():
        for url in walk(page):
            for method in (client.get, client.post):
                response = method(url)
                code = response.status_code
                assert code in {302, 403, 404, 405}, (url, code)
                if code == 302:
                    assert response.url in {"/admin/", "/admin/pages/"}, url
    for url in LISTS:
        assert SECRET not in text_of(client.get(url)), url
    for page in hidden.values():
        assert Page.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR])
def test_roles_without_page_rights_do_not_write_pages(
    client: Client, agency: AgencyPage, hidden: dict[str, Page], role: Role
) -> None:
    client.force_login(make_member(agency, role))
    for name in ("edit", "delete", "copy", "move", "set_privacy"):
        url = reverse(f"wagtailadmin_pages:{name}", args=[hidden["draft"].pk])
        assert client.get(url).status_code in {302, 403, 404}, name


def test_a_superuser_reads_but_does_not_write(
    client: Client, hidden: dict[str, Page]
) -> None:
    client.force_login(make_user(is_superuser=True))
    page = hidden["draft"]
    explore = reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    assert SECRET in client.get(explore).content.decode()
    for name in ("edit", "delete", "copy", "move", "unpublish"):
        url = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
        assert client.get(url).status_code == 403, name
        assert client.post(url).status_code == 403, name


def test_members_see_their_own(
    client: Client, agency: AgencyPage, hidden: dict[str, Page]
) -> None:
    client.force_login(make_member(agency, Role.EDITOR))
    explore = reverse("wagtailadmin_explore", args=[agency.pk])
    assert SECRET in client.get(explore).content.decode()
    chosen = client.get(f"/admin/choose-page/{agency.pk}/")
    assert SECRET in text_of(chosen)


def _deletes(client: Client, page: Page) -> list[Any]:
    single = reverse("wagtailadmin_pages:delete", args=[page.pk])
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    bulk += f"?id={page.pk}"
    return [
        client.get(single),
        client.post(single),
        client.post(bulk),
    ]


def test_what_people_rely_on_is_not_deleted_and_says_why(
    client: Client, agency: AgencyPage
) -> None:
    round = make_round(agency)
    consultation = round.consultation
    client.force_login(make_member(agency, Role.EDITOR))
    for page in (consultation.draft, consultation.page):
        for response in _deletes(client, page):
            assert response.status_code == 302, page
        told = client.get(reverse("wagtailadmin_home")).content.decode()
        assert "ลบไม่ได้" in told
        assert Page.objects.filter(pk=page.pk).exists()
    single = reverse("wagtailadmin_pages:unpublish", args=[consultation.page.pk])
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    bulk += f"?id={consultation.page.pk}"
    for url in (single, bulk):
        assert client.post(url).status_code == 302
    consultation.page.refresh_from_db()
    assert consultation.page.live
    assert "นำลงไม่ได้" in client.get(reverse("wagtailadmin_home")).content.decode()


def test_an_agency_with_work_or_members_is_not_deleted(
    client: Client, agency: AgencyPage
) -> None:
    make_round(agency)
    empty = make_agency("กรมที่มีแต่สมาชิก")
    make_member(empty, Role.EDITOR)
    client.force_login(make_user(is_superuser=True))
    for page in (agency, empty):
        for response in _deletes(client, page):
            assert response.status_code in {302, 403}, page
        assert AgencyPage.objects.filter(pk=page.pk).exists()


def test_an_editor_does_not_delete_the_agency_itself(
    client: Client, agency: AgencyPage
) -> None:
    client.force_login(make_member(agency, Role.EDITOR))
    url = reverse("wagtailadmin_pages:delete", args=[agency.pk])
    client.post(url)
    assert AgencyPage.objects.filter(pk=agency.pk).exists()


def test_an_own_draft_without_versions_can_go(
    client: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    client.force_login(make_member(agency, Role.EDITOR))
    client.post(reverse("wagtailadmin_pages:delete", args=[draft.pk]))
    assert not Page.objects.filter(pk=draft.pk).exists()


def test_pages_do_not_change_agency(client: Client, agency: AgencyPage) -> None:
    other = make_agency("กรมอื่น")
    draft = draft_import(agency=agency, data=DRAFT).draft
    user = make_member(agency, Role.EDITOR)
    from consultations.models import AgencyMembership

    AgencyMembership.objects.create(user=user, agency=other, role=Role.EDITOR)
    client.force_login(user)
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, other.pk]))
    draft.refresh_from_db()
    assert draft.get_parent().pk == agency.pk


def test_the_tree_does_not_serve_pages_by_itself(
    client: Client, agency: AgencyPage, hidden: dict[str, Page]
) -> None:
    for page in (*hidden.values(), agency):
        path = page.url_path.removeprefix(home().url_path)
        response = client.get(f"/{path}")
        assert response.status_code in {302, 404}
        assert SECRET not in response.content.decode()


def test_an_agencys_files_are_its_own(client: Client, agency: AgencyPage) -> None:
    from django.core.files.base import ContentFile
    from wagtail.documents.models import Document

    make_member(agency, Role.EDITOR)
    document = Document.objects.create(
        title=f"{SECRET} แนบ",
        file=ContentFile(b"x", "x.txt"),
        collection=collection_of(agency),
    )
    assert client.get(document.url).status_code == 302
    client.force_login(make_member(make_agency("กรมอื่น"), Role.EDITOR))
    assert client.get(document.url).status_code in {302, 403, 404}
    for url in (f"/admin/documents/edit/{document.pk}/", "/admin/documents/chooser/"):
        assert SECRET not in text_of(client.get(url))


def test_a_refusal_of_the_database_becomes_a_message(
    client: Client, agency: AgencyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    from drafts import policies

    make_round(agency)

    def change_frozen(user: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE drafts_provision SET text = 'x'")

    client.force_login(make_member(agency, Role.EDITOR))
    client.get(reverse("wagtailadmin_home"))
    monkeypatch.setattr(policies, "drafts_of", change_frozen)
    with transaction.atomic():
        response = client.get(reverse("drafts_index"))
        transaction.set_rollback(True)
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


ACTIONS = (
    "convert_alias", "copy", "copy_for_translation", "create_alias", "delete", "move",
    "publish", "revert_to_page_revision", "unpublish",
)  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_of_the_api_does_what_the_form_does_not(
    client: Client, agency: AgencyPage, action: str
) -> None:
    consultation = make_round(agency).consultation
    client.force_login(make_member(agency, Role.APPROVER))
    page = Page.objects.get(pk=consultation.page_id)
    before = (Page.objects.count(), page.live, page.path)
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, action])
    sent = {"destination_page_id": agency.pk, "recursive": True, "slug": "x"}
    assert client.post(url, sent).status_code == 404
    page.refresh_from_db()
    assert (Page.objects.count(), page.live, page.path) == before


@pytest.mark.parametrize(
    ("model", "action"),
    [
        ("wagtailcore/page", "publish"),
        ("wagtailcore/page", "move"),
        ("wagtaildocs/document", "add_to_collection"),
        ("wagtailimages/image", "delete"),
        ("accounts/user", "assign_role"),
        ("no/model", "delete"),
    ],
)
def test_bulk_actions_that_nobody_needs_are_closed(
    client: Client, agency: AgencyPage, model: str, action: str
) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    for user in (make_member(agency, Role.APPROVER), make_user(is_superuser=True)):
        client.force_login(user)
        url = f"/admin/bulk/{model}/{action}/?id={draft.pk}"
        for response in (client.get(url), client.post(url)):
            assert response.status_code in {403, 404}


@pytest.mark.parametrize("query", ["id=all", "id=all&childOf={}", "id=x", "id=1e9"])
def test_a_bulk_action_on_all_pages_tells_no_titles(
    client: Client, hidden: dict[str, Page], query: str
) -> None:
    client.force_login(make_member(make_agency("กรมอื่น"), Role.EDITOR))
    url = f"/admin/bulk/wagtailcore/page/delete/?{query.format(home().pk)}"
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 404
        assert SECRET not in text_of(response)


def test_a_group_of_an_agency_is_not_given_without_a_membership(
    agency: AgencyPage,
) -> None:
    member, outsider = make_member(agency, Role.EDITOR), make_user(is_superuser=True)
    group = member.groups.get()
    outsider.groups.add(group)
    group.user_set.add(make_user())
    member.groups.clear()
    assert list(group.user_set.all()) == [member]


def test_who_left_an_agency_is_not_told_of_its_pages_on_the_way_in(
    client: Client, agency: AgencyPage
) -> None:
    user = make_member(agency, Role.EDITOR)
    draft = draft_import(agency=agency, data=DRAFT, by=user).draft
    draft.title = f"{SECRET} ร่าง"
    draft.save()
    draft.save_revision(user=user, log_action=True)
    client.force_login(user)
    assert SECRET in client.get("/admin/").content.decode()
    user.memberships.all().delete()
    user.memberships.create(agency=make_agency("กรมอื่น"), role=Role.EDITOR)
    assert SECRET not in client.get("/admin/").content.decode()
