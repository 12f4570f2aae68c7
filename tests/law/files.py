"""Make small files of every format from a text, without any office program."""

from __future__ import annotations

import io
import zipfile
import zlib
from html import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns='
    '"http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def zipped(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def make_docx(
    body: str, *, numbering: str = "", footnotes: str = "", styles: str = "", **more
) -> bytes:
    """Make a DOCX from the XML inside ``w:body``; ``docx_paragraphs`` writes it."""
    root = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:{{0}} xmlns:w="{_W}">{{1}}</w:{{0}}>'
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "word/document.xml": root.format("document", f"<w:body>{body}</w:body>"),
    }
    if numbering:
        members["word/numbering.xml"] = root.format("numbering", numbering)
    if footnotes:
        members["word/footnotes.xml"] = root.format("footnotes", footnotes)
    if styles:
        members["word/styles.xml"] = root.format("styles", styles)
    return zipped(members | more.get("members", {}))


def docx_paragraphs(text: str) -> str:
    return "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in text.split("\n")
    )


def make_odt(text: str, *, body: str = "", styles: str = "") -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    )
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{lines}{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    )


def make_html(text: str) -> bytes:
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n"))
    return (
        '<!DOCTYPE html><html lang="th"><head><meta charset="utf-8"><title>ร่าง</title>'
        f"<style>p {{ color: black }}</style></head><body>{lines}</body></html>"
    ).encode()


def make_pdf(pages: list[list[tuple[int, str]]]) -> bytes:
    """Make a PDF with a Thai text layer; each page is a list of (x, line).

    The font is a plain one whose ToUnicode table maps TIS-620 bytes to Thai letters,
    which is all that a text layer needs.
    """
    ranges = "<20> <7e> <0020>\n<a1> <da> <0e01>\n<df> <fb> <0e3f>\n"
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /X def 1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"3 beginbfrange\n{ranges}endbfrange\nendcmap end end"
    ).encode()
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>"
    )
    objects.append(_stream(cmap))
    kids = []
    for page in pages:
        commands = [b"BT /F1 12 Tf"]
        for row, (x, line) in enumerate(page):
            text = line.encode("cp874", errors="replace")
            for plain in (b"\\", b"(", b")"):
                text = text.replace(plain, b"\\" + plain)
            commands.append(b"1 0 0 1 %d %d Tm (%s) Tj" % (x, 780 - 20 * row, text))
        commands.append(b"ET")
        objects.append(_stream(b"\n".join(commands)))
        content = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % content
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
        b" ".join(kids),
        len(kids),
    )
    out = b"%PDF-1.4\n"
    offsets = []
    for number, data in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
    )
    return out


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
