"""Read a PDF that has a text layer; refuse a scan instead of guessing at it.

A PDF knows lines, not paragraphs.  Thai official documents indent the first line of a
paragraph, so a line that begins at the left margin goes on with the line before it.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from drafts.law.messages import _
from drafts.law.numerals import DIGITS
from drafts.law.readers.result import Output, ReaderError, ReadResult
from drafts.law.readers.thai_repair import repair_thai
from drafts.law.thai_faults import Fault, FaultKind, thai_faults

# pypdf logs pieces of a broken file; what people upload does not belong in a log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MAX_PAGES = 1500
#: Thai or Latin letters a page of text has at the least, on average.
_MIN_LETTERS = 25
#: Points by which an indented line stands right of the margin.
_INDENT = 9.0
_PAGE_NUMBER = re.compile(
    rf"[-–—\s(]*(?:หน้า\s*)?{DIGITS}{{1,4}}(?:\s*/\s*{DIGITS}+)?[-–—\s)]*$"
)
#: Pages that a refusal names.
_NAMED = 8
#: What a faulty page is refused with, most telling first.
_REFUSALS = {
    FaultKind.UNREADABLE: _(
        "ข้อความที่ฝังใน PDF หน้า %(pages)s ไม่ใช่ตัวอักษรที่ตาเห็น จึงนำเข้าไม่ได้"
    ),
    FaultKind.AM_AA: _(
        "ข้อความใน PDF หน้า %(pages)s ผิดจากที่ตาเห็น พบสระอำตามด้วยสระอา เช่น “%(example)s”"
    ),
    FaultKind.TWO_TONES: _(
        "ข้อความใน PDF หน้า %(pages)s ผิดจากที่ตาเห็น พบวรรณยุกต์หรือสระซ้อนกันสองตัว "
        "เช่น “%(example)s”"
    ),
    FaultKind.BARE_MARK: _(
        "ข้อความใน PDF หน้า %(pages)s ผิดจากที่ตาเห็น พบสระหรือวรรณยุกต์ที่ไม่มีพยัญชนะ "
        "เช่น “%(example)s”"
    ),
    FaultKind.AM_FOR_AA: _(
        "ข้อความใน PDF หน้า %(pages)s ผิดจากที่ตาเห็น สระอาอ่านออกมาเป็นสระอำ เช่น “%(example)s”"
    ),
}
_INSTEAD = _(
    "ระบบไม่เดาถ้อยคำของกฎหมาย โปรดนำเข้าไฟล์ Word (.docx) หรือ ODT ต้นฉบับ "
    "หรือวางข้อความที่ตรวจกับต้นฉบับแล้ว"
)
_LETTER = re.compile(r"[A-Za-zก-ฮ]")
_STARTS_ANEW = re.compile(
    rf"(?:มาตรา|ข้อ|หมวด|ลักษณะ|ภาค|บรรพ|ส่วนที่)\s*{DIGITS}|\({DIGITS}+\)\s|\([ก-ฮ]\)\s"
)


@dataclass(slots=True)
class _PdfLine:
    x: float
    text: str
    page: int


def read_pdf(data: bytes) -> ReadResult:
    """Read a PDF into text, one paragraph a line where indents show them."""
    out = Output()
    try:
        lines, pages, images = _extract(data, out)
    except ReaderError:
        raise
    except (PyPdfError, RecursionError, MemoryError) as error:
        raise _broken() from error
    except Exception as error:
        raise _broken() from error
    letters = sum(len(_LETTER.findall(line.text)) for line in lines)
    if letters < _MIN_LETTERS * max(1, pages) and (images or not letters):
        raise ReaderError(
            _(
                "PDF นี้เป็นภาพสแกนหรือไม่มีข้อความให้อ่าน ระบบจะไม่เดาข้อความจากภาพ "
                "โปรดนำเข้าไฟล์ Word ต้นฉบับ หรือ PDF ที่บันทึกจากโปรแกรมโดยตรง"
            ),
            "scan",
        )
    if not any("ก" <= character <= "๛" for line in lines for character in line.text):
        out.warn("no_thai", "ไม่พบอักษรไทยใน PDF นี้ โปรดตรวจว่าแบบอักษรของไฟล์ถูกต้อง")
    _refuse_faults(lines)
    lines = _drop_page_numbers(lines, out)
    for text in _paragraphs(lines, out):
        out.add(text)
    text, warnings = repair_thai("\n".join(out.lines))
    out.lines = text.split("\n")
    out.warnings += warnings
    return out.result("pdf")


def _refuse_faults(lines: list[_PdfLine]) -> None:
    """Raise ``ReaderError`` naming the pages whose text is not what is printed.

    Looked at before anything is joined or repaired, and each page by itself: a damaged
    font may stand on one page only.  The whole is looked at last, for pages too short
    to tell.
    """
    pages: dict[int, list[str]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line.text)
    found: dict[FaultKind, list[tuple[int, Fault]]] = {}
    for number, texts in pages.items():
        for fault in thai_faults("\n".join(texts)):
            found.setdefault(fault.kind, []).append((number + 1, fault))
    if not found:
        whole = thai_faults("\n".join(line.text for line in lines))
        found = {
            fault.kind: [(number + 1, fault) for number in pages] for fault in whole
        }
    for kind, refusal in _REFUSALS.items():
        if kind in found:
            numbers = [str(number) for number, _fault in found[kind]]
            shown = ", ".join(numbers[:_NAMED]) + ("…" if numbers[_NAMED:] else "")
            raise ReaderError(
                refusal,
                "damaged_text",
                advice=_INSTEAD,
                pages=shown,
                example=found[kind][0][1].example,
            )


def _broken() -> ReaderError:
    return ReaderError(
        _("ไฟล์ PDF เสียหายหรืออ่านไม่ได้ โปรดบันทึกเป็น PDF ใหม่หรือนำเข้าไฟล์ Word แทน"),
        "broken_file",
    )


def _extract(data: bytes, out: Output) -> tuple[list[_PdfLine], int, bool]:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ReaderError(_("PDF นี้ใส่รหัสผ่านไว้ โปรดนำรหัสผ่านออกก่อนนำเข้า"), "encrypted")
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise ReaderError(
            _("PDF นี้มีเกิน %(most)d หน้า โปรดแบ่งไฟล์"), "too_long", most=MAX_PAGES
        )
    lines: list[_PdfLine] = []
    images = False
    for number, page in enumerate(reader.pages):
        out.budget.spend(0)
        pieces: list[tuple[float, str]] = []

        def visit(text, _cm, matrix, _font, _size, pieces=pieces):
            out.budget.spend(len(text))
            if text:
                pieces.append((float(matrix[4]), text))

        page.extract_text(
            visitor_text=visit, visitor_operand_before=lambda *_: out.budget.spend(0)
        )
        lines += _lines_of(pieces, number)
        resources = page.get("/Resources")
        images = images or bool(resources and "/XObject" in resources)
    return lines, count, images


def _lines_of(pieces: list[tuple[float, str]], page: int) -> list[_PdfLine]:
    lines: list[_PdfLine] = []
    x: float | None = None
    held: list[str] = []
    for position, text in pieces:
        parts = text.split("\n")
        for order, part in enumerate(parts):
            if order:
                lines.append(_PdfLine(x or 0.0, "".join(held), page))
                x, held = None, []
            if part.strip() and x is None:
                x = position
            held.append(part)
    lines.append(_PdfLine(x or 0.0, "".join(held), page))
    return [line for line in lines if line.text.strip()]


def _drop_page_numbers(lines: list[_PdfLine], out: Output) -> list[_PdfLine]:
    """Leave out page numbers and lines printed on most pages (running heads)."""
    pages: dict[int, list[_PdfLine]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edge = Counter(
        line.text.strip()
        for items in pages.values()
        for line in {id(item): item for item in (items[0], items[-1])}.values()
    )
    dropped = 0
    kept = []
    for items in pages.values():
        for order, line in enumerate(items):
            text = line.text.strip()
            at_edge = order in {0, len(items) - 1}
            running = len(pages) > 3 and edge[text] > 0.6 * len(pages)
            if at_edge and len(items) > 1 and (_PAGE_NUMBER.match(text) or running):
                dropped += 1
                continue
            kept.append(line)
    if dropped:
        out.warn("page_numbers", f"นำเลขหน้าหรือหัวกระดาษออก {dropped} บรรทัด", info=True)
    return kept


def _paragraphs(lines: list[_PdfLine], out: Output) -> list[str]:
    """Join the lines of each paragraph, by their indents."""
    if not lines:
        return []
    places = Counter(round(line.x) for line in lines)
    common = [x for x, n in places.items() if n >= max(3, 0.04 * len(lines))]
    margin = min(common, default=min(places))
    at_margin = sum(abs(line.x - margin) < _INDENT for line in lines)
    indented = at_margin < 0.9 * len(lines) and at_margin > 0.08 * len(lines)
    if not indented and len(lines) > 3:
        out.warn(
            "pdf_paragraphs",
            "PDF นี้ไม่มีย่อหน้าให้เห็น จึงแบ่งวรรคตามบรรทัดที่พิมพ์ โปรดตรวจการย่อหน้าของแต่ละมาตรา",
        )
        return [line.text.rstrip() for line in lines]
    texts: list[str] = []
    for line in lines:
        goes_on = abs(line.x - margin) < _INDENT or line.x < margin
        anew = bool(_STARTS_ANEW.match(line.text.strip())) and not re.search(
            r"(?:ตาม|และ|หรือ|ใน|แห่ง|มาตรา)\s*$", texts[-1] if texts else ""
        )
        if texts and goes_on and not anew:
            texts[-1] += line.text.lstrip() if texts[-1][-1:] else line.text
        else:
            texts.append(line.text)
    return [text.rstrip() for text in texts]
