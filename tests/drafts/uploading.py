"""A text as a file of every accepted format, and the three ways in for one."""

from __future__ import annotations

import datetime as dt

from drafts.law.akoma_ntoso import export_law, identity_of
from drafts.law.parse import parse
from tests.law import files

FORMATS = ("txt", "docx", "odt", "pdf", "html", "xml")


def file_of(text: str, form: str) -> bytes:
    """Return the text as a file of one accepted format."""
    if form == "docx":
        return files.make_docx(files.docx_paragraphs(text))
    if form == "odt":
        return files.make_odt(text)
    if form == "pdf":
        lines = [
            (113 if line.startswith("มาตรา") else 70, line) for line in text.split("\n")
        ]
        return files.make_pdf([lines])
    if form == "html":
        return files.make_html(text)
    if form == "xml":
        law = parse(text)
        return export_law(law, identity_of(law, expression_date=dt.date(2026, 11, 23)))
    return text.encode()
