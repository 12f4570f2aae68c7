"""Where a published report's files are, and reading them back as they were frozen."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, BinaryIO

from django.core.files import File
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
    report: ResponseReport, digest: str, name: str, data: BinaryIO
) -> dict[str, Any]:
    """Keep a file as one format and return what is recorded of it."""
    extension = EXTENSIONS.get(name) or EXPORTERS[name].extension
    consultation = report.round.consultation
    path = (
        f"reports/{consultation.slug}/{report.round.number}-{report.number}/"
        f"{digest[:16]}/report.{extension}"
    )
    data.seek(0)
    sha256 = hashlib.file_digest(data, "sha256").hexdigest()
    file = File(data)
    return {
        "name": default_storage.save(path, file),
        "sha256": sha256,
        "size": file.size,
    }


def open_checked(report: ResponseReport, name: str) -> File:
    """Open the frozen file of one format, to be sent or read from its beginning.

    Raises KeyError if the report was published without it, OSError if the file is gone,
    ValueError if it is not the file that was published.
    """
    known = report.files[name]
    file = default_storage.open(known["name"])
    if hashlib.file_digest(file, "sha256").hexdigest() != known["sha256"]:
        file.close()
        message = f"{known['name']} is not what was published"
        raise ValueError(message)
    file.seek(0)
    return file


def read(report: ResponseReport, name: str) -> bytes:
    """Return the frozen bytes of one format; raises what ``open_checked`` raises."""
    with open_checked(report, name) as file:
        return file.read()


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
