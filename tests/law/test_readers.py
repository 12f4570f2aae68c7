"""Files of every format, whole and broken."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

import io
import zipfile

import pytest

from drafts.law.parse import parse
from drafts.law.readers import ReaderError, read, read_law
from drafts.law.readers.thai_repair import repair_thai
from tests.law import files
from tests.law.synthetic import make_act

ACT = make_act(30, seed=3)


def labels(law):
    return [(p.label, p.text) for p in law.provisions]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (ACT.encode(), "a.txt"),
        (b"\xef\xbb\xbf" + ACT.encode(), "a.txt"),
        (ACT.encode("utf-16"), "a.txt"),
        (ACT.encode("utf-16-le"), "a.txt"),
        (ACT.encode("cp874"), "a.txt"),
        (ACT.replace("“", '"').replace("”", '"').encode("tis-620"), "a.txt"),
        (files.make_docx(files.docx_paragraphs(ACT)), "a.docx"),
        (files.make_odt(ACT), "a.odt"),
        (files.make_html(ACT), "a.html"),
    ],
    ids=[
        "utf8",
        "bom",
        "utf16",
        "utf16-no-bom",
        "cp874",
        "tis620",
        "docx",
        "odt",
        "html",
    ],
)
def test_every_format_gives_the_same_act(data, name):
    expected = [
        (label, text.replace("“", '"').replace("”", '"'))
        for label, text in labels(parse(ACT))
    ]
    found = [
        (label, text.replace("“", '"').replace("”", '"'))
        for label, text in labels(read_law(data, name))
    ]
    assert found == expected


def test_the_name_of_the_file_does_not_decide():
    assert (
        read(files.make_docx(files.docx_paragraphs("มาตรา ๑  ก")), "a.txt").format
        == "docx"
    )


_NUMBERING = """
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="thaiNumbers"/><w:lvlText w:val="มาตรา %1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="thaiNumbers"/><w:lvlText w:val="(%2)"/><w:suff w:val="space"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="thaiLetters"/><w:lvlText w:val="(%3)"/><w:suff w:val="space"/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>
"""


def _numbered(level, text):
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def test_docx_automatic_numbers():
    body = "".join(
        _numbered(*pair)
        for pair in [
            (0, "ให้มี"),
            (1, "บ้าน"),
            (2, "ประตู"),
            (2, "หน้าต่าง"),
            (1, "สวน"),
            (0, "ให้ใช้"),
            (1, "น้ำ"),
        ]
    )
    law = read_law(files.make_docx(body, numbering=_NUMBERING), "a.docx")
    assert [p.label for p in law.provisions] == ["๑", "๒"]
    assert law.provisions[0].text == "ให้มี\n(๑) บ้าน\n(ก) ประตู\n(ข) หน้าต่าง\n(๒) สวน"
    assert law.provisions[1].text == "ให้ใช้\n(๑) น้ำ"


def test_docx_numbers_from_a_style():
    styles = (
        '<w:style w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Own"><w:basedOn w:val="Base"/></w:style>'
    )
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Own"/></w:pPr><w:r><w:t>ให้มี</w:t></w:r></w:p>' * 2
    )
    text = read(
        files.make_docx(body, numbering=_NUMBERING, styles=styles), "a.docx"
    ).text
    assert text == "มาตรา ๑  ให้มี\nมาตรา ๒  ให้มี\n"


def test_docx_tables_footnotes_and_tracked_changes():
    body = (
        "<w:p><w:r><w:t>มาตรา ๑  บ้าน</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>ลบ</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>เพิ่ม</w:t></w:r></w:ins></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>ค่าปรับ</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>๑๐๐</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    notes = '<w:footnote w:id="2"><w:p><w:r><w:t>ดูแบบ</w:t></w:r></w:p></w:footnote>'
    result = read(files.make_docx(body, footnotes=notes), "a.docx")
    assert result.text == "มาตรา ๑  บ้าน[๑]\nเพิ่ม\nค่าปรับ\t๑๐๐\n\n[๑] ดูแบบ\n"
    assert [w.code for w in result.warnings] == ["tracked_changes"]


def test_odt_lists_tables_and_notes():
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="๑, ๒, ๓, ..." style:num-prefix="(" style:num-suffix=")"/>'
        "</text:list-style>"
    )
    body = (
        '<text:list text:style-name="L"><text:list-item><text:p>บ้าน</text:p></text:list-item>'
        "<text:list-item><text:p>สวน<text:note><text:note-body><text:p>ดูแบบ</text:p>"
        "</text:note-body></text:note></text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>ก</text:p></table:table-cell>"
        "<table:table-cell><text:p>ข</text:p></table:table-cell></table:table-row></table:table>"
    )
    text = read(files.make_odt("มาตรา ๑  ให้มี", body=body, styles=styles), "a.odt").text
    assert text == "มาตรา ๑  ให้มี\n(๑) บ้าน\n(๒) สวน[๑]\nก\tข\n\n[๑] ดูแบบ\n"


def test_html_keeps_words_and_drops_scripts():
    page = (
        "<html><head><script>alert(1)</script></head><body><p>มาตรา\n๑&nbsp;&nbsp;ให้มี<b>บ้าน</b>"
        "<br>วรรคใหม่</p><table><tr><td>ก</td><td>ข</td></tr></table></body></html>"
    )
    assert read(page.encode(), "a.html").text == "มาตรา ๑  ให้มีบ้าน\nวรรคใหม่\nก\tข\n"


def test_pdf_joins_lines_by_their_indent():
    pages = [
        [
            (113, "มาตรา ๑  ให้เทศบาลจัดให้มีทางเดินเท้า"),
            (70, "ที่ปลอดภัย"),
            (113, "ในกรณีจำเป็น ให้ใช้พื้นที่เอกชน"),
            (70, "ได้ตามที่ตกลง"),
            (300, "- ๑ -"),
        ],
        [(70, "กัน"), (113, "มาตรา ๒  ให้ดูแล"), (70, "ให้สะอาด"), (300, "- ๒ -")],
    ]
    law = read_law(files.make_pdf(pages), "a.pdf")
    assert labels(law) == [
        ("๑", "ให้เทศบาลจัดให้มีทางเดินเท้าที่ปลอดภัย\nในกรณีจำเป็น ให้ใช้พื้นที่เอกชนได้ตามที่ตกลงกัน"),
        ("๒", "ให้ดูแลให้สะอาด"),
    ]


def test_pdf_marks_that_can_be_known_are_repaired():
    text, warnings = repair_thai("ให้ท าหน้าที ่ด าเนินการ กระท ามิได้")
    assert text == "ให้ทำหน้าที่ดำเนินการ กระทำมิได้"
    assert [w.code for w in warnings] == ["thai_marks_repaired"]


def test_pdf_that_lost_every_am_is_repaired_where_sure_and_warned_about():
    lost = ("ให้คณะกรรมการมีอานาจดาเนินการตามคาสั่งและกาหนดหลักเกณฑ์ " * 40).strip()
    text, warnings = repair_thai(lost)
    assert "อำนาจ" in text
    assert "กำหนด" in text
    assert "ดำเนินการ" in text
    assert [w.code for w in warnings] == ["sara_am_lost"]


def test_repair_leaves_good_text_alone():
    assert repair_thai(ACT) == (ACT, [])


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    return buffer.getvalue()


_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>'
    b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">&b;</akomaNtoso>'
)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "no_text"),
        (b" \n ", "a.txt", "no_text"),
        (b"\x00\x01\x02\x03" * 300, "a.txt", "not_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.doc", "old_word"),
        (b"{\\rtf1 abc}", "a.rtf", "rtf"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "a.png", "scan"),
        (b"\x00\x01\x02\x03<p>" * 300, "a.html", "not_text"),
        (b"PK\x03\x04 broken", "a.docx", "broken_file"),
        ("มาตรา ๑  ข้อความล้วน".encode(), "a.docx", "broken_file"),
        (b"\x00\x01\xff", "a.ODT", "broken_file"),
        (
            files.make_docx("<w:p>").replace(b"w:body", b"w:b0dy"),
            "a.docx",
            "broken_file",
        ),
        (files.zipped({"a.txt": "x"}), "a.docx", "unknown_zip"),
        (
            files.make_docx("<w:p/>", members={"word/vbaProject.bin": b"x"}),
            "a.docx",
            "macro",
        ),
        (_bomb(), "a.docx", "zip_bomb"),
        (files.make_docx("<w:p/>"), "a.docx", "no_text"),
        (b"%PDF-1.4 broken", "a.pdf", "broken_file"),
        (files.make_pdf([[]]), "a.pdf", "scan"),
        (b'<?xml version="1.0"?><a/>', "a.xml", "unknown_xml"),
        (_ENTITIES, "a.xml", "xml_entities"),
        (b"x" * (26 * 1024 * 1024), "a.txt", "too_big"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_message(data, name, code):
    with pytest.raises(ReaderError) as caught:
        read_law(data, name)
    assert caught.value.code == code
    assert any("ก" <= letter <= "ฮ" for letter in caught.value.message_th)
