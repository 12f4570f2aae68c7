"""Drafting in the Wagtail admin: menu, addresses, buttons, and what is kept away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from drafts import (
    outbox_desk,  # noqa: F401 - a menu item by a hook
    page_conflicts,  # noqa: F401 - a guard by a hook
    policies,
    urls,
)
from drafts.models import DraftPage
from drafts.selectors import LONG_DRAFT
from drafts.services import blocks_of


@hooks.register("register_admin_urls")
def draft_urls() -> list[URLPattern]:
    return urls.urlpatterns


class DraftsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return policies.branches(request.user).exists()


@hooks.register("register_admin_menu_item")
def drafts_menu_item() -> MenuItem:
    return DraftsMenuItem(
        _("ร่างกฎหมาย"), reverse("drafts_index"), icon_name="doc-full", order=110
    )


def _buttons(page: Page, user: Any) -> Iterator[Button]:
    if page.specific_class is not DraftPage or not policies.may_edit(user, page):
        return
    for name, label, icon in (
        ("drafts_outline", _("โครงร่างและแก้รายมาตรา"), "list-ul"),
        ("drafts_freeze", _("ตรึงฉบับเพื่อรับฟัง"), "lock"),
        ("drafts_versions", _("ฉบับที่ตรึงไว้"), "history"),
    ):
        yield Button(label, reverse(name, args=[page.pk]), icon_name=icon, priority=5)


@hooks.register("register_page_header_buttons")
def header_buttons(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    return _buttons(page, user)


@hooks.register("register_page_listing_buttons")
def listing_buttons(
    page: Page, user: Any, next_url: str | None = None
) -> Iterator[Button]:
    return _buttons(page, user)


@hooks.register("construct_page_action_menu")
def a_draft_is_frozen_not_published(
    menu_items: list[Any], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Leave only "save": what the public reads are frozen versions."""
    page = context.get("page")
    parent = context.get("parent_page")
    if isinstance(page, DraftPage) or (page is None and parent is None):
        keep = {"action-save-draft", "action-page-locked"}
        menu_items[:] = [item for item in menu_items if item.name in keep]


@hooks.register("before_edit_page")
def long_drafts_by_division(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Open a long draft in the outline editor: the whole-page editor would be slow."""
    if request.method != "GET" or not isinstance(page, DraftPage):
        return None
    revision = page.latest_revision
    if revision is None or len(blocks_of(revision)) <= LONG_DRAFT:
        return None
    messages.info(request, _("ร่างนี้ยาว จึงเปิดให้แก้ทีละหมวดหรือทีละมาตรา"))
    return redirect("drafts_outline", page.pk)
