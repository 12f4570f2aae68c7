"""Serve the documents of consultations: to all once announced, to the agency before.

A web server in front must not serve the media folder by itself.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from consultations import policies
from consultations.models import ConsultationDocument
from consultations.services import is_announced


@require_safe
def document(request: HttpRequest, name: str) -> FileResponse:
    """Send one file as a download, never to be shown or run inside the site."""
    found = (
        ConsultationDocument.recorded.filter(file=f"documents/{name}")
        .select_related("consultation")
        .first()
    )
    if found is None:
        raise Http404
    if not is_announced(found.consultation) and (
        found.consultation.agency_id not in policies.agency_ids(request.user)
    ):
        raise Http404
    extension = found.file.name.rpartition(".")[2]
    try:
        return FileResponse(
            found.file.open("rb"),
            as_attachment=True,
            filename=f"{found.title[:100]}.{extension}",
        )
    except FileNotFoundError as error:
        raise Http404 from error
