"""Wagtail imports only this file: the desks' addresses, their menu item, members."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from consultations import pages_guard, policies  # noqa: F401 - guards by hooks
from consultations.desk import members, urls  # noqa: F401 - members by a hook


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return urls.urlpatterns


class DeskMenuItem(MenuItem):
    """A menu item for whoever has a role in some agency."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(policies.agency_ids(request.user))


@hooks.register("register_admin_menu_item")
def rounds_menu_item() -> MenuItem:
    return DeskMenuItem(
        _("การรับฟัง"), reverse("desk_rounds"), icon_name="group", order=120
    )
