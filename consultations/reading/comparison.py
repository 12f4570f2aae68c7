"""Pages about what an amending bill does to the law in force.  Read only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.reading.selectors.clauses import comparison_url
from consultations.reading.selectors.comparison import read_comparison
from consultations.reading.selectors.consolidated import read_consolidated
from consultations.reading.selectors.rounds import RoundHead, read_rounds
from drafts import clock


def _head(slug: str, number: int | None) -> RoundHead:
    found = read_rounds(slug, now=clock.now(), version=number)
    if found is None:
        raise Http404(_("ไม่พบการรับฟังความคิดเห็นนี้"))
    return found.head


@require_safe
def comparison(
    request: HttpRequest, slug: str, number: int | None = None
) -> HttpResponse:
    """Three columns: the words in force, the draft, the reason; a row an operation."""
    head = _head(slug, number)
    asked = request.GET
    view = read_comparison(head, page=asked.get("page", "1"), at=asked.get("at", ""))
    return render(
        request, "consultations/reading/comparison.html", {"head": head, "view": view}
    )


@require_safe
def consolidated(
    request: HttpRequest, slug: str, number: int | None = None
) -> HttpResponse:
    """The act as it would read if the bill were passed as it is."""
    head = _head(slug, number)
    view = read_consolidated(
        head, act=request.GET.get("act", ""), page=request.GET.get("page", "")
    )
    context = {"head": head, "view": view, "comparison_url": comparison_url(head)}
    return render(request, "consultations/reading/consolidated.html", context)
