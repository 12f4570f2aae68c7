"""The public search page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consultations.commenting.limits import minutes_to_wait, too_often
from search import selectors
from search.backends.base import Filters
from search.forms import SearchForm


def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; a query that is too long is cut and shown as cut."""
    form = SearchForm(request.GET or None)
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if form.is_bound and not data:
        # Keep the fields that are right: a bad page number must not lose the words.
        data = getattr(form, "cleaned_data", {})
    kind = data.get("kind") or ""
    filters = Filters(
        kinds=(kind,) if kind else (),
        consultation=data.get("consultation") or "",
        agency=data.get("agency") or "",
        fold=data.get("fold") or "",
    )
    words = data.get("q") or request.GET.get("q", "")
    if form.is_bound and (minutes := minutes_to_wait(request, "search")):
        return too_often(request, minutes, words)
    page = selectors.results(words, filters=filters, number=data.get("page") or 1)
    keep = {
        name: value
        for name, value in (
            ("q", page.query.text),
            ("kind", kind),
            ("consultation", filters.consultation),
            ("agency", filters.agency),
            ("fold", filters.fold),
        )
        if value
    }
    return render(
        request,
        "search/search.html",
        {"form": form, "page": page, "kind": kind, "keep": urlencode(keep)},
        status=503 if page.away else 200,
    )
