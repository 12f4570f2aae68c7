"""HTML to a tagged PDF (PDF/UA-1) from which Thai can be copied, searched and read.

Needs Pango and HarfBuzz, which are system libraries: where they are absent
``ExportUnavailable`` says so and every other format still works.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pydyf
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from consultations.errors import ExportUnavailable
from consultations.report.thai_font import (
    FAMILY,
    FILES,
    font_bytes,
    has_lone_nikhahit,
    repair_text_layer,
)

_FONT = "rapfang-font:"
#: Two documents at once would take each other's functions away.
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
    # A letter without a glyph is one warning per letter; an emoji is no fault here.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    return weasyprint


def is_available() -> bool:
    """Tell whether this machine can make PDF."""
    try:
        _weasyprint()
    except ExportUnavailable:
        return False
    return True


def write_pdf(html: str, *, style: str, text: str) -> bytes:
    """Return a PDF of a whole HTML document set in Sarabun.

    ``style`` is the static path of its style sheet, ``text`` all that it says.  Raises
    ExportUnavailable without Pango.
    """
    weasyprint = _weasyprint()
    faces = "".join(
        f"@font-face{{font-family:{FAMILY!r};font-weight:{weight};"
        f"src:url('{_FONT}{weight}')}}"
        for weight in FILES
    )
    fonts = weasyprint.text.fonts.FontConfiguration()
    fetch = _fetcher(weasyprint)
    sheet = weasyprint.CSS(
        string=faces + Path(finders.find(style)).read_text(),
        font_config=fonts,
        url_fetcher=fetch,
    )
    page = weasyprint.HTML(string=html, url_fetcher=fetch)
    with _lock, _readable_text(weasyprint, lone=has_lone_nikhahit(text)):
        return page.write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"
        )


@contextmanager
def _readable_text(weasyprint: Any, *, lone: bool) -> Iterator[None]:
    """Stand before two functions of WeasyPrint while one document is written.

    Glyphs get their own letters (thai_font.py), and each line carries what it says as
    ActualText: marks over a letter are drawn in an order that readers sort wrongly.
    """
    lines, fonts = weasyprint.draw.text, weasyprint.pdf
    draw, embed = lines.draw_first_line, fonts.build_fonts_dictionary

    def draw_spoken(stream: Any, box: Any, *args: Any, **kwargs: Any) -> Any:
        said = pydyf.Dictionary({"ActualText": pydyf.String(box.text)})
        pydyf.Stream.begin_marked_content(stream, "Span", said)
        try:
            return draw(stream, box, *args, **kwargs)
        finally:
            pydyf.Stream.end_marked_content(stream)

    def embed_repaired(pdf: Any, used: Any, *args: Any, **kwargs: Any) -> Any:
        repair_text_layer(used, lone=lone)
        return embed(pdf, used, *args, **kwargs)

    lines.draw_first_line, fonts.build_fonts_dictionary = draw_spoken, embed_repaired
    try:
        yield
    finally:
        lines.draw_first_line, fonts.build_fonts_dictionary = draw, embed


def _fetcher(weasyprint: Any) -> Any:
    """Return a fetcher that gives the font; nothing else is ever fetched."""

    class Fonts(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(_FONT):
                message = f"a document fetches nothing: {url}"
                raise ValueError(message)
            return weasyprint.urls.URLFetcherResponse(
                url, font_bytes(int(url.removeprefix(_FONT)))
            )

    return Fonts(fail_on_errors=True)
