"""The report as a tagged PDF, from the same HTML as the page."""

from __future__ import annotations

from django.utils.html import escape

from consultations.paper import is_available, write_pdf
from consultations.report.document import canonical_json
from consultations.report.exporter import Exporter, Source
from consultations.report.html import print_body

__all__ = ["PdfExporter", "is_available"]
STYLE = "css/report-print.css"


class PdfExporter(Exporter):
    name = "pdf"
    content_type = "application/pdf"
    extension = "pdf"

    def render(self, source: Source) -> bytes:
        document = source.document
        html = (
            '<!doctype html><html lang="th"><head><meta charset="utf-8">'
            f"<title>{escape(document.title)}: {escape(document.subtitle)}</title>"
            f'<meta name="author" content="{escape(document.value("agency"))}">'
            f"</head><body>{print_body(document, source.links)}</body></html>"
        )
        return write_pdf(html, style=STYLE, text=canonical_json(document))
