"""What the whole admin shares: a font that has Thai, a menu that leads somewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from cms.templatetags.site import font_stylesheet


@hooks.register("insert_global_admin_css")
def thai_letters() -> str:
    """Wagtail names fonts without Thai letters; ours is already on the server."""
    sheets = [sheet for sheet in (font_stylesheet(), static("css/admin.css")) if sheet]
    return format_html('<link rel="stylesheet" href="{}">' * len(sheets), *sheets)


@hooks.register("construct_main_menu")
def only_what_opens(request: HttpRequest, menu_items: list[Any]) -> None:
    """Wagtail's site-wide reports are for superusers; do not offer them to others."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name != "reports"]
