"""A frozen version as a file: ``…/draft/v1.pdf``, ``.docx``, ``.xml``, ``.txt``."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from consultations.reading import downloads
from consultations.reading.selectors.rounds import RoundsOf, read_rounds
from drafts import clock

#: htmx: put this in place and stop asking.
STOP_POLLING = 286
#: Seconds that a copy is good without asking; after it the ETag answers.
FRESH = 3600


class FormatConverter:
    regex = "|".join(downloads.FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def _rounds(slug: str, number: int | None) -> RoundsOf:
    found = read_rounds(slug, now=clock.now(), version=number)
    if found is None:
        raise Http404(_("ไม่พบการรับฟังความคิดเห็นนี้"))
    return found


@require_safe
def draft_file(request: HttpRequest, slug: str, fmt: str) -> HttpResponse:
    """Lead to the file of the current round's version, whose address stays."""
    number = _rounds(slug, None).head.version_number
    return redirect("consultations:draft_version_file", slug, number, fmt)


@require_safe
@vary_on_headers("HX-Request")
def draft_version_file(
    request: HttpRequest, slug: str, number: int, fmt: str
) -> HttpResponse:
    """One version in one format, or how far it is where a task makes it."""
    found = _rounds(slug, number)
    version = found.round.version
    etag = downloads.etag_of(version, fmt)
    same = get_conditional_response(request, etag=etag)
    if same is not None and same.status_code == 304:
        same["ETag"] = etag
        return same
    data = downloads.read_stored(version, fmt)
    form = downloads.FORMATS[fmt]
    if data is None and form.by_task:
        return _preparing(request, found, fmt)
    if data is None:
        data = downloads.download_write(version=version, fmt=fmt)
    if request.htmx:
        return _page(request, "_file_state", found, fmt, downloads.State.READY)
    response = HttpResponse(data, content_type=form.content_type)
    name = f"{slug}-v{number}.{fmt}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=FRESH)
    return response


def _preparing(request: HttpRequest, found: RoundsOf, fmt: str) -> HttpResponse:
    state = downloads.download_request(version=found.round.version, fmt=fmt)
    if request.htmx and state is downloads.State.PREPARING:
        return HttpResponse(status=204)  # nothing to put in place: ask again
    name = "_file_state" if request.htmx else "file"
    response = _page(request, name, found, fmt, state)
    if not request.htmx:
        response.status_code = 503 if state is downloads.State.UNAVAILABLE else 202
        response["Retry-After"] = "5"
    return response


def _page(
    request: HttpRequest, name: str, found: RoundsOf, fmt: str, state: downloads.State
) -> HttpResponse:
    links = downloads.file_links(slug=found.head.slug, version=found.round.version)
    response = render(
        request,
        f"consultations/reading/{name}.html",
        {
            "head": found.head,
            "state": state.value,
            "file": next(link for link in links if link.fmt == fmt),
            "others": [link for link in links if link.fmt != fmt],
        },
    )
    if request.htmx:
        response.status_code = STOP_POLLING
    patch_cache_control(response, no_store=True)
    return response
