"""What the whole admin shares: a font that has Thai, a menu that leads somewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import SubmenuMenuItem
from wagtail.admin.views.home import RecentEditsPanel

from cms.templatetags.site import font_stylesheet
from consultations.pages_doors import leads_somewhere
from consultations.pages_guard import visible_pages


@hooks.register("insert_global_admin_css")
def thai_letters() -> str:
    """Wagtail names fonts without Thai letters; ours is already on the server."""
    sheets = [sheet for sheet in (font_stylesheet(), static("css/admin.css")) if sheet]
    return format_html('<link rel="stylesheet" href="{}">' * len(sheets), *sheets)


@hooks.register("construct_main_menu")
@hooks.register("construct_settings_menu")
@hooks.register("construct_reports_menu")
def only_what_opens(request: HttpRequest, menu_items: list[Any]) -> None:
    """Offer nobody a door that is closed to them (consultations/pages_doors.py)."""
    menu_items[:] = [
        item
        for item in menu_items
        if isinstance(item, SubmenuMenuItem) or leads_somewhere(request.user, item.url)
    ]


@hooks.register("construct_homepage_panels")
def own_edits_only(request: HttpRequest, panels: list[Any]) -> None:
    """Tell nobody the pages of an agency they have left; locks are not used."""
    panels[:] = [
        RecentEdits() if panel.name == "recent_edits" else panel
        for panel in panels
        if panel.name != "locked_pages"
    ]


class RecentEdits(RecentEditsPanel):
    """A person's last edits, of pages that they may still see."""

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        visible = visible_pages(parent_context["request"].user)
        pages = [page.pk for _day, page in context["last_edits"]]
        seen = set(visible.filter(pk__in=pages).values_list("pk", flat=True))
        context["last_edits"] = [
            (day, page) for day, page in context["last_edits"] if page.pk in seen
        ]
        return context
