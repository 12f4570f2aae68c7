"""The files: Thai that can be read out, no formulas, nothing cut, nothing personal."""

import csv as csv_reader
import hashlib
import io
import re
import subprocess
import time
import zipfile
from shutil import which

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from consultations import paper
from consultations.report import files, html, pdf, services
from consultations.report.collect import collect
from consultations.report.exporter import ExportUnavailable
from consultations.report.html import Links
from consultations.report.rows import HEAD
from consultations.report.thai_font import font_bytes, has_lone_nikhahit
from consultations.tables import CELL, safe_cell
from tests.report import builders

pytestmark = pytest.mark.django_db
#: Words with the letters that fail first: ำ, marks over tall letters, shifted tones.
PROBES = (
    "รายงานสรุปผลการรับฟังความคิดเห็น",
    "ข้อมูลเอกสาร",
    "บทสรุปสำหรับประชาชน",
    "จำนวนครั้ง",
    "คำชี้แจง",
    "ข้อจำกัด",
    "น้ำหนัก",
    "ค่าธรรมเนียม",
    "ผู้ซึ่ง",
    "เกี่ยวข้อง",
    "ปั๊ม",
    "ฟ้า",
    "ฐานะ",
    "ญาติ",
    "ฎีกา",
    "ป้ำ",
    "ร่ำรวย",
    "ค่ำ",
    "ซึ่ง",
    "ปู่",
    "ที่ดิน",
    "กำหนด",
    "ทำ",
    "ไม่เห็นด้วย",
    "สำนักงาน",
    "ผู้มีส่วนได้เสีย",
)


def source_of(count: int, **fields):
    round_, report = builders.ready(count, **fields)
    report.summary = "\n".join(PROBES)
    report.save()
    given = collect(report, now=builders.NOW)
    return services.source_of(given, round_)


@pytest.fixture(scope="module")
def needs_pango():
    if not pdf.is_available():
        pytest.skip("Pango is not installed on this machine: no PDF can be written")


@pytest.mark.usefixtures("needs_pango")
def test_all_thai_words_of_the_pdf_can_be_read_out():
    data = files.EXPORTERS["pdf"].render(source_of(5))
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])  # tagged
    text = "".join(page.extract_text() for page in reader.pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Sarabun" in font for font in fonts)
    # pypdf takes a mark moved over a tall letter for a space
    packed = re.sub(r"\s", "", text)
    assert [word for word in PROBES if word not in packed] == []
    assert "\u0e4d" not in text  # ำ is one letter again
    if not which("pdftotext"):
        print("pdftotext is not installed: only pypdf read the file")
        return
    told = subprocess.run(
        ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    assert [word for word in PROBES if word not in told] == []


def test_a_machine_without_pango_says_so_and_publishes_all_else(monkeypatch):
    def no_pango():
        raise ExportUnavailable("no Pango", code="pdf_unavailable")

    monkeypatch.setattr(paper, "_weasyprint", no_pango)
    assert pdf.is_available() is False
    _round, report = builders.ready(5)
    published = services.report_publish(
        report=report, by=builders.publisher(report.round), now=builders.NOW
    )
    assert "pdf" not in published.files
    assert {"docx", "html", "json", "xlsx", "csv"} <= set(published.files)


def test_the_font_is_the_same_bytes_every_time():
    first = font_bytes(400)
    font_bytes.cache_clear()
    assert font_bytes(400) == first
    assert has_lone_nikhahit("สํ")
    assert not has_lone_nikhahit("น้ำ กำหนด ค\u0e4d\u0e32")


def test_the_docx_opens_and_sets_the_font_of_thai_everywhere():
    data = files.EXPORTERS["docx"].render(source_of(40))
    from docx import Document as Word

    word = Word(io.BytesIO(data))
    text = "\n".join(p.text for p in word.paragraphs)
    assert "คำชี้แจงเหตุผลรายประเด็นและผลการพิจารณา" in text
    assert all(probe in text for probe in PROBES)
    archive = zipfile.ZipFile(io.BytesIO(data))
    styles = archive.read("word/styles.xml").decode()
    for name in ("Normal", "Title", "Heading1", "Heading2"):
        style = re.search(
            rf'<w:style [^>]*w:styleId="{name}".*?</w:style>', styles, re.S
        )[0]
        assert 'w:cs="TH Sarabun New"' in style, name
        assert "<w:szCs" in style, name
        assert 'w:bidi="th-TH"' in style, name
        assert "Theme=" not in style, name
    assert "list/counted/" in archive.read("word/_rels/document.xml.rels").decode()


def test_control_characters_do_not_break_the_docx_or_the_workbook():
    round_, report = builders.ready(5)
    # NUL never gets this far: intake refuses it, and so does PostgreSQL.
    bad = "ขึ้นต้น\x0b\x1f\ufffe จบ"
    Comment.objects.filter(round=round_, status="published").update(public_text=bad)
    given = collect(report, now=builders.NOW)
    source = services.source_of(given, round_)
    for name in ("docx", "xlsx", "csv", "json"):
        assert files.EXPORTERS[name].render(source)


def test_the_workbook_has_every_comment_and_no_formula():
    source = source_of(40)
    data = files.EXPORTERS["xlsx"].render(source)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read(
        "xl/worksheets/sheet1.xml"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data))["ความเห็น"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == HEAD
    assert len(rows) == 41
    dangerous = [c for row in sheet.iter_rows() for c in row if str(c.value)[:1] == "="]
    assert dangerous
    assert all(cell.data_type == "s" for cell in dangerous)
    states = {row[3] for row in rows[1:]}
    assert states == {
        "นับในผลการรับฟัง",
        "ส่งหลังปิดรับ",
        "ซ่อนโดยมีเหตุ",
        "ผู้แสดงความคิดเห็นถอน",
        "ส่งซ้ำ",
    }
    for row in rows[1:]:
        if row[4] != "เผยแพร่แล้ว":
            assert not row[10]
            assert not row[12]


def test_a_text_longer_than_a_cell_goes_on_to_its_right():
    round_, report = builders.ready(5)
    comment = Comment.objects.filter(round=round_, status="published").first()
    long = "กขค " * 12_500
    Comment.objects.filter(pk=comment.pk).update(public_text=long)
    given = collect(report, now=builders.NOW)
    data = files.EXPORTERS["xlsx"].render(services.source_of(given, round_))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["ความเห็น"]
    row = next(
        r for r in sheet.iter_rows(values_only=True) if r[1] == comment.public_id
    )
    rest = [cell.partition("] ")[2] for cell in row[len(HEAD) :] if cell]
    assert row[10] + "".join(rest) == long
    assert len(rest) == -(-len(long) // CELL) - 1


def test_csv_opens_in_thai_and_neutralises_formulas():
    data = files.EXPORTERS["csv"].render(source_of(40))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv_reader.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == HEAD
    assert len(rows) == 41
    assert any(cell.startswith("'=SUM") for row in rows for cell in row)
    assert not any(cell[:1] in tuple("=+-@\t\r") for row in rows[1:] for cell in row)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-5", "'-5"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("ไม่เห็นด้วย", "ไม่เห็นด้วย"),
        ("", ""),
    ],
)
def test_cells(text, safe):
    assert safe_cell(text) == safe


def test_five_thousand_comments_as_xlsx_in_constant_queries_and_short_time():
    small, large = source_of(5), source_of(5_000)
    exporter = files.EXPORTERS["xlsx"]
    with CaptureQueriesContext(connection) as few:
        exporter.render(small)
    started = time.process_time()
    with CaptureQueriesContext(connection) as many:
        exporter.render(large)
    spent = time.process_time() - started
    assert len(few) == len(many) == 2
    print(f"5,000 comments as XLSX: {spent:.2f} s of processor time")
    assert spent < 3, "twice the budget of a quiet machine"


def test_the_page_escapes_what_people_wrote():
    source = source_of(40)
    page = html.page(source.document, Links())
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "style=" not in page  # the content security policy refuses it
    assert html.page(source.document, Links()) == page


def test_wide_tables_name_their_cells_and_appendices_are_folded():
    """On a phone a wide table becomes a list, so each cell says what it is of."""
    page = html.page(source_of(40).document, Links())
    tables = re.findall(r'<table class="([^"]*)">(.*?)</table>', page, re.S)
    wide = [body for kind, body in tables if "stacked" in kind]
    assert len(wide) >= 5
    for kind, body in tables:
        columns = body.partition("</thead>")[0].count("<th ")
        assert ("stacked" in kind) is (columns > html.MOST_COLUMNS)
    for body in wide:
        cells = re.findall(r"<td[^>]*>", body)
        assert cells and all('data-label="' in cell for cell in cells)
    for name in ["s-15", "s-a1"]:
        section = page[page.index(f'id="{name}"') :]
        assert section.index("<details data-outline><summary><h2") < 80


def test_quotations_on_the_page_are_the_published_bytes():
    from html import unescape

    source = source_of(40)
    page = html.page(source.document, Links())
    quotes = re.findall(
        r'<blockquote data-comment="(\w+)" data-sha256="(\w+)" data-start="(\d+)" '
        r'data-end="(\d+)">(.*?)</blockquote>',
        page,
        re.S,
    )
    assert quotes
    for public_id, digest, start, end, text in quotes:
        words = Comment.objects.get(public_id=public_id).public_text
        assert hashlib.sha256(words.encode()).hexdigest() == digest
        assert unescape(text) == words[int(start) : int(end)]


def test_run_properties_of_the_docx_stand_in_the_order_of_the_schema():
    order = ["rFonts", "b", "bCs", "i", "strike", "color", "sz", "szCs", "u", "lang"]
    data = files.EXPORTERS["docx"].render(source_of(12))
    archive = zipfile.ZipFile(io.BytesIO(data))
    runs = re.findall(
        r"<w:rPr>(.*?)</w:rPr>", archive.read("word/document.xml").decode()
    )
    assert runs
    for properties in set(runs):
        names = [n for n in re.findall(r"<w:(\w+)", properties) if n in order]
        assert names == sorted(names, key=order.index), properties
