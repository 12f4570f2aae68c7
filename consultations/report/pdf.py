"""The report as a tagged PDF (PDF/UA-1), from the same HTML as the page.

Needs Pango and HarfBuzz, which are system libraries: where they are absent
``ExportUnavailable`` says so and every other format still works.
"""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.html import escape
from django.utils.translation import gettext as _

from consultations.report.document import canonical_json
from consultations.report.exporter import ExportUnavailable, Source
from consultations.report.html import print_body
from consultations.report.thai_font import (
    FILES,
    font_bytes,
    has_lone_nikhahit,
    repair_text_layer,
)

STYLE = "css/report-print.css"
_FONT = "rapfang-font:"
#: WeasyPrint builds the fonts in a function of its module, which we stand before.
_lock = threading.Lock()


def _weasyprint() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - it loads Pango, which may be absent
    except OSError as error:
        raise ExportUnavailable(
            _(
                "สร้าง PDF ไม่ได้เพราะเครื่องนี้ไม่มีไลบรารี Pango "
                "(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0) "
                "รูปแบบอื่นใช้ได้ตามปกติ"
            ),
            code="pdf_unavailable",
        ) from error
    return weasyprint


def is_available() -> bool:
    """Tell whether this machine can make PDF."""
    try:
        _weasyprint()
    except ExportUnavailable:
        return False
    return True


class PdfExporter:
    name = "pdf"
    content_type = "application/pdf"
    extension = "pdf"

    def render(self, source: Source) -> bytes:
        weasyprint = _weasyprint()
        document = source.document
        text = canonical_json(document)
        faces = "".join(
            f"@font-face{{font-family:Sarabun;font-weight:{weight};"
            f"src:url('{_FONT}{weight}')}}"
            for weight in FILES
        )
        style = Path(finders.find(STYLE)).read_text()
        html = (
            '<!doctype html><html lang="th"><head><meta charset="utf-8">'
            f"<title>{escape(document.title)}: {escape(document.subtitle)}</title>"
            f'<meta name="author" content="{escape(document.value("agency"))}">'
            f"</head><body>{print_body(document, source.links)}</body></html>"
        )
        fonts = weasyprint.text.fonts.FontConfiguration()
        fetch = partial(_fetch, weasyprint)
        sheet = weasyprint.CSS(
            string=faces + style, font_config=fonts, url_fetcher=fetch
        )
        page = weasyprint.HTML(string=html, url_fetcher=fetch)
        with _lock:
            original = weasyprint.pdf.build_fonts_dictionary
            lone = has_lone_nikhahit(text)

            def repaired(pdf: Any, used: Any, *args: Any, **kwargs: Any) -> Any:
                repair_text_layer(used, lone=lone)
                return original(pdf, used, *args, **kwargs)

            weasyprint.pdf.build_fonts_dictionary = repaired
            try:
                return page.write_pdf(
                    stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"
                )
            finally:
                weasyprint.pdf.build_fonts_dictionary = original


def _fetch(weasyprint: Any, url: str, *args: Any, **kwargs: Any) -> Any:
    """Give the font; nothing else is ever fetched."""
    if url.startswith(_FONT):
        return {
            "string": font_bytes(int(url.removeprefix(_FONT))),
            "mime_type": "font/ttf",
        }
    message = f"a report fetches nothing: {url}"
    raise ValueError(message)
