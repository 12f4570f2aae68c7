"""Where a published report's files are, and reading them back as they were frozen."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from consultations.models import ResponseReport
from consultations.report.csv import CsvExporter
from consultations.report.document import Document, Members, from_json
from consultations.report.docx import DocxExporter
from consultations.report.exporter import Exporter
from consultations.report.json import JsonExporter
from consultations.report.pdf import PdfExporter
from consultations.report.xlsx import XlsxExporter

EXPORTERS: dict[str, Exporter] = {
    exporter.name: exporter
    for exporter in (
        PdfExporter(),
        DocxExporter(),
        JsonExporter(),
        XlsxExporter(),
        CsvExporter(),
    )
}
#: Frozen beside the formats: the page's own HTML and the comments behind the numbers.
PAGE, MEMBERS = "html", "members"
EXTENSIONS = {PAGE: "html", MEMBERS: "members.json.gz"}


def store(
    report: ResponseReport, digest: str, name: str, data: bytes
) -> dict[str, Any]:
    """Keep the bytes of one format and return what is recorded of them."""
    extension = EXTENSIONS.get(name) or EXPORTERS[name].extension
    consultation = report.round.consultation
    path = (
        f"reports/{consultation.slug}/{report.round.number}-{report.number}/"
        f"{digest[:16]}/report.{extension}"
    )
    return {
        "name": default_storage.save(path, ContentFile(data)),
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
    }


def read(report: ResponseReport, name: str) -> bytes:
    """Return the frozen bytes of one format.

    Raises KeyError if the report was published without it, OSError if the file is gone,
    ValueError if it is not the file that was published.
    """
    known = report.files[name]
    with default_storage.open(known["name"]) as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != known["sha256"]:
        message = f"{known['name']} is not what was published"
        raise ValueError(message)
    return data


@lru_cache(maxsize=4)
def _members(pk: int, digest: str, name: str) -> Members:
    report = ResponseReport.objects.get(pk=pk)
    return Members.from_bytes(read(report, name))


def members_of_report(report: ResponseReport) -> Members:
    """Return the comments as a published report counted them."""
    return _members(report.pk, report.sha256, MEMBERS)


@lru_cache(maxsize=4)
def _document(pk: int, digest: str) -> Document:
    return from_json(
        ResponseReport.objects.values_list("content", flat=True).get(pk=pk)
    )


def document_of_report(report: ResponseReport) -> Document:
    """Return the document of a published report."""
    return _document(report.pk, report.sha256)
