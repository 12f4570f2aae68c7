"""The frame of every desk in the admin: its trail, title, icon and template.

Both floors use it: drafts through ``show`` below, the process through
``consultations.desk.frame``.  Every desk page extends ``desk/base.html``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from drafts import policies
from drafts.models import DraftPage

PER_PAGE = 50


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even if empty; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of one menu item share.

    ``home`` is the name of the address that its trail begins with, ``label`` what that
    is called, ``folder`` where its templates are; ``_nav`` among them leads between
    neighbouring pages.
    """

    folder: str
    home: str
    label: str | Promise
    icon: str

    def show(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        /,
        *crumbs: tuple[str, str],
        status: int = 200,
        style: str = "drafts-desk",
        **context: Any,
    ) -> HttpResponse:
        """Write a page; ``crumbs`` are (address, name) between home and the page.

        ``style`` is the class of the page: Wagtail's quiet tables and fields
        (``drafts-desk``) or the workbench's own (``desk``).
        """
        trail = [(reverse(self.home), self.label), *crumbs, ("", title)]
        context |= {
            "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
            "header_title": title,
            "page_title": title,
            "header_icon": self.icon,
            "nav": f"{self.folder}/_nav.html",
            "style": style,
        }
        return render(request, f"{self.folder}/{template}.html", context, status=status)


show = Frame("drafts/admin", "drafts_index", _("ร่างกฎหมาย"), "doc-full").show


def draft_of(request: HttpRequest, draft_id: int) -> DraftPage:
    """Return a draft the user may edit; 404 for all others."""
    return get_object_or_404(policies.drafts_of(request.user), pk=draft_id)


def crumb(draft: DraftPage) -> tuple[str, str]:
    """Return the crumb that leads to a draft's outline."""
    return reverse("drafts_outline", args=[draft.pk]), draft.title
