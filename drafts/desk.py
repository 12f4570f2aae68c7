"""The frame that the drafting pages of the admin share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from drafts import policies
from drafts.models import DraftPage

PER_PAGE = 50


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even if empty; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def show(
    request: HttpRequest,
    template: str,
    title: str,
    *crumbs: tuple[str, str],
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Write a page below the list of drafts; ``crumbs`` are (address, name)."""
    trail = [(reverse("drafts_index"), _("ร่างกฎหมาย")), *crumbs, ("", title)]
    context |= {
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
        "header_title": title,
        "page_title": title,
        "header_icon": "doc-full",
    }
    return render(request, f"drafts/admin/{template}.html", context, status=status)


def draft_of(request: HttpRequest, draft_id: int) -> DraftPage:
    """Return a draft the user may edit; 404 for all others."""
    return get_object_or_404(policies.drafts_of(request.user), pk=draft_id)


def crumb(draft: DraftPage) -> tuple[str, str]:
    """Return the crumb that leads to a draft's outline."""
    return reverse("drafts_outline", args=[draft.pk]), draft.title
