"""A form that came without its safety token: say so and show back what was typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Fields that may be shown back: what people write.  Never a password, never a number
#: that opens something.
_ENDINGS = ("text", "suggestion", "stance", "name", "organisation")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Replace Django's page (``settings.CSRF_FAILURE_VIEW``)."""
    kept = [
        value
        for name, values in request.POST.lists()
        if name.endswith(_ENDINGS) and not name.endswith("username")
        for value in values
        if value.strip()
    ]
    context = {"kept": "\n\n".join(kept)}
    return render(
        request, "consultations/commenting/csrf_failure.html", context, status=403
    )
