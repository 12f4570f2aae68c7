"""Pages about several versions of a draft: what changed, and what was said before.

Read only, like ``views.py``; frozen versions are compared, so nothing here depends on
who asks or when.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import exposure
from consultations.reading.selectors.changes import read_changes
from consultations.reading.selectors.history import (
    find_provision,
    read_earlier,
    read_history,
)
from consultations.reading.selectors.lineage import place_of
from consultations.reading.selectors.rounds import RoundsOf, read_rounds
from drafts import clock
from drafts.models import Provision


def _rounds(slug: str, number: int | None = None) -> RoundsOf:
    found = read_rounds(slug, now=clock.now(), version=number)
    if found is None:
        raise Http404(_("ไม่พบการรับฟังความคิดเห็นนี้"))
    return found


def _provision(found: RoundsOf, eid: str) -> Provision:
    provision = find_provision(found.head, eid)
    if provision is None:
        raise Http404(_("ไม่พบมาตรานี้ในร่างฉบับนี้"))
    return provision


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"consultations/reading/{name}.html", context)


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed from one public version to another."""
    found = _rounds(slug)
    view = read_changes(
        found,
        before=request.GET.get("from", ""),
        after=request.GET.get("to", ""),
        kind=request.GET.get("kind", ""),
        page=request.GET.get("page", "1"),
    )
    return _page(request, "changes", head=found.head, view=view)


@require_safe
def history(
    request: HttpRequest, slug: str, eid: str, number: int | None = None
) -> HttpResponse:
    """One provision through all public versions."""
    found = _rounds(slug, number)
    view = read_history(found, _provision(found, eid).pk)
    return _page(request, "history", head=found.head, view=view)


@require_safe
def earlier(
    request: HttpRequest, slug: str, eid: str, number: int | None = None
) -> HttpResponse:
    """Every comment of earlier rounds on what a provision descends from."""
    found = _rounds(slug, number)
    provision = _provision(found, eid)
    view = read_earlier(found, provision.pk, cursor=request.GET.get("from", ""))
    if view:
        exposure.record(view.page.shown_ids)
    return _page(
        request,
        "earlier",
        head=found.head,
        place=place_of(provision, found.head),
        view=view,
    )
