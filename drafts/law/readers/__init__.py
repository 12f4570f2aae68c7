"""Read a file of any accepted format into text, and a text into a law.

The format is told by the content, never by the name alone; only what looks like plain
text but is named as Word, ODT or PDF is refused as damaged.  Every failure is a
``ReaderError`` with a Thai message and a stable code.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from drafts.law import akoma_ntoso
from drafts.law.messages import _
from drafts.law.parse import parse, to_text
from drafts.law.readers.docx import read_docx
from drafts.law.readers.html import read_html
from drafts.law.readers.odt import read_odt
from drafts.law.readers.package import Package, parse_xml
from drafts.law.readers.pdf import read_pdf
from drafts.law.readers.plain import read_plain
from drafts.law.readers.result import MAX_BYTES, ReaderError, ReadResult
from drafts.law.structure import LawText

__all__ = ["ReadResult", "ReaderError", "read", "read_law"]

#: What an upload field may offer.
EXTENSIONS = (".txt", ".docx", ".odt", ".pdf", ".html", ".htm", ".xml")
#: Formats that text alone can never be: such a file was damaged or renamed.
_CONTAINERS = (".docx", ".odt", ".pdf")

#: Possessive: where many comments could be cut in many ways, this took years.
_HTML = re.compile(
    rb"\s*+(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:!doctype html|html|head|body)\b", re.I
)
_TAGS = re.compile(rb"<(?:p|div|br|table|span|h[1-6])\b", re.I)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")


def read(data: bytes, filename: str = "") -> ReadResult:
    """Read a file into text with warnings; raise ``ReaderError`` when it cannot be."""
    form = _detect(data, filename)
    if form == "akn":
        law = _import_akn(data)
        return ReadResult(to_text(law), law.warnings, "akn")
    return _READERS[form](data)


def read_law(data: bytes, filename: str = "") -> LawText:
    """Read and parse a file.  Akoma Ntoso keeps its structure and is not parsed."""
    if _detect(data, filename) == "akn":
        return _import_akn(data)
    result = read(data, filename)
    law = parse(result.text)
    if not result.warnings:
        return law
    merged = sorted([*result.warnings, *law.warnings], key=lambda item: item.line)
    return replace(law, warnings=tuple(merged))


_READERS = {
    "txt": read_plain,
    "docx": read_docx,
    "odt": read_odt,
    "pdf": read_pdf,
    "html": read_html,
}


def _detect(data: bytes, filename: str) -> str:  # noqa: PLR0911, PLR0912 - one per format
    if not data.strip():
        raise ReaderError(_("ไฟล์นี้ว่างเปล่า โปรดเลือกไฟล์ใหม่"), "no_text")
    if len(data) > MAX_BYTES:
        raise ReaderError(
            _("ไฟล์มีขนาดเกิน %(most)d เมกะไบต์ โปรดลดขนาดหรือแบ่งไฟล์"),
            "too_big",
            most=MAX_BYTES // 1024 // 1024,
        )
    suffix = PurePath(filename).suffix.lower()
    head = data[:2048]
    if head.startswith(b"PK"):
        return _detect_package(data)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_OLE):
        raise ReaderError(
            _(
                "ไฟล์นี้เป็นเอกสาร Word รุ่นเก่า (.doc) หรือใส่รหัสผ่านไว้ โปรดบันทึกเป็น .docx "
                "ที่ไม่มีรหัสผ่าน แล้วนำเข้าใหม่"
            ),
            "old_word",
        )
    if head.startswith(b"{\\rtf"):
        raise ReaderError(_("ยังไม่รับไฟล์ RTF โปรดบันทึกเป็น .docx แล้วนำเข้าใหม่"), "rtf")
    if head.startswith(_PICTURES):
        raise ReaderError(
            _("ไฟล์นี้เป็นรูปภาพ ระบบไม่เดาข้อความจากภาพ โปรดนำเข้าไฟล์ Word ต้นฉบับ"), "scan"
        )
    if b"<akomaNtoso" in data[:20000] or b":akomaNtoso" in data[:20000]:
        return "akn"
    if _HTML.match(head) or (suffix in {".html", ".htm"} and b"<" in data):
        return "html"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        if b"<html" in data[:4096]:
            return "html"
        raise ReaderError(
            _("ไฟล์ XML นี้ไม่ใช่ Akoma Ntoso 1.0 โปรดนำเข้าไฟล์ TXT DOCX ODT PDF หรือ HTML"),
            "unknown_xml",
        )
    if head.lstrip().startswith(b"<") and len(_TAGS.findall(data[:8192])) > 2:
        return "html"
    if suffix in _CONTAINERS:
        raise ReaderError(
            _(
                "ไฟล์ชื่อลงท้ายด้วย %(suffix)s แต่เนื้อหาไม่ใช่เอกสารชนิดนั้น ไฟล์อาจเสียหาย "
                "โปรดบันทึกใหม่จากโปรแกรมเดิมแล้วนำเข้าอีกครั้ง หากเป็นข้อความล้วนให้ตั้งชื่อเป็น .txt"
            ),
            "broken_file",
            suffix=suffix,
        )
    return "txt"


def _detect_package(data: bytes) -> str:
    package = Package(data)
    if "word/document.xml" in package.names:
        return "docx"
    if "content.xml" in package.names:
        return "odt"
    raise ReaderError(
        _("ไฟล์นี้ไม่ใช่เอกสาร Word หรือ ODT โปรดนำเข้าไฟล์ TXT DOCX ODT PDF HTML หรือ XML"),
        "unknown_zip",
    )


def _import_akn(data: bytes) -> LawText:
    root = parse_xml(data)
    try:
        return akoma_ntoso.import_law(root)
    except akoma_ntoso.AkomaNtosoError as error:
        raise ReaderError(error.message_th, "akn_structure") from error
