"""Word and ODT files as offices make them: numbering, frames, tracked changes."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

import pytest

from drafts.law.readers import ReaderError, read, read_law
from tests.law import files


def level(number, form, text, *, extra=""):
    return (
        f'<w:lvl w:ilvl="{number}">{extra}<w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/><w:suff w:val="space"/></w:lvl>'
    )


def numbered(text, *, num_id="1", ilvl="0", style=""):
    properties = (
        f'<w:pStyle w:val="{style}"/>'
        if style
        else f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num_id}"/></w:numPr>'
    )
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def plain(text):
    return files.docx_paragraphs(text)


def lines_of(data, name="a.docx"):
    return read(data, name).text.rstrip("\n").split("\n")


def test_every_thai_number_format():
    numbering = (
        "<w:abstractNum w:abstractNumId='1'>"
        + level(0, "thaiNumbers", "ข้อ %1", extra='<w:start w:val="9"/>')
        + level(1, "thaiLetters", "(%2)")
        + level(2, "thaiCounting", "ประการที่%3")
        + "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
    )
    body = (
        numbered("ก่อน") + numbered("ปลูก", ilvl="1") + numbered("รดน้ำ", ilvl="1")
        + numbered("ตัด", ilvl="2") + numbered("หลัง") + numbered("ขาย", ilvl="1")
    )  # fmt: skip
    assert lines_of(files.make_docx(body, numbering=numbering)) == [
        "ข้อ ๙ ก่อน", "(ก) ปลูก", "(ข) รดน้ำ", "ประการที่หนึ่ง ตัด", "ข้อ ๑๐ หลัง", "(ก) ขาย",
    ]  # fmt: skip


def test_a_list_that_is_started_again():
    numbering = (
        "<w:abstractNum w:abstractNumId='1'>"
        + level(0, "thaiNumbers", "(%1)")
        + "</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
        "<w:num w:numId='2'><w:abstractNumId w:val='1'/><w:lvlOverride w:ilvl='0'>"
        "<w:startOverride w:val='5'/></w:lvlOverride></w:num>"
    )
    body = numbered("ก") + numbered("ข") + numbered("ค", num_id="2") + numbered("ง")
    assert lines_of(files.make_docx(body, numbering=numbering)) == [
        "(๑) ก", "(๒) ข", "(๕) ค", "(๓) ง",
    ]  # fmt: skip


def test_levels_that_styles_number():
    """A level names its paragraph style; a list borrows its levels from a list style."""
    numbering = (
        "<w:abstractNum w:abstractNumId='1'><w:styleLink w:val='Law'/>"
        + level(0, "thaiNumbers", "มาตรา %1", extra='<w:pStyle w:val="Section"/>')
        + level(1, "thaiNumbers", "(%2)", extra='<w:pStyle w:val="Point"/>')
        + "</w:abstractNum><w:abstractNum w:abstractNumId='2'><w:numStyleLink w:val='Law'/></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='2'/></w:num>"
    )
    styles = "".join(
        f'<w:style w:styleId="{name}"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for name in ("Section", "Point")
    )
    body = (
        numbered("ให้มี", style="Section") + numbered("บ้าน", style="Point")
        + numbered("สวน", style="Point") + numbered("ให้ใช้", style="Section")
    )  # fmt: skip
    law = read_law(files.make_docx(body, numbering=numbering, styles=styles), "a.docx")
    assert [p.label for p in law.provisions] == ["๑", "๒"]
    assert law.provisions[0].text == "ให้มี\n(๑) บ้าน\n(๒) สวน"


def test_deleted_text_is_not_read_and_inserted_text_is():
    body = (
        "<w:p><w:r><w:t>มาตรา ๑  ให้ปลูก</w:t></w:r>"
        "<w:del><w:r><w:delText>มะม่วง</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>มะพร้าว</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>ที่นา</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>ที่สวน</w:t></w:r></w:moveTo></w:p>"
    )
    result = read(files.make_docx(body), "a.docx")
    assert result.text == "มาตรา ๑  ให้ปลูกมะพร้าวที่สวน\n"
    assert [w.code for w in result.warnings] == ["tracked_changes"]
    assert "ไม่ได้นำเข้า" in result.warnings[0].message


def test_insertions_alone_are_warned_about_too():
    body = "<w:p><w:ins><w:r><w:t>มาตรา ๑  ให้ปลูก</w:t></w:r></w:ins></w:p>"
    assert [w.code for w in read(files.make_docx(body), "a.docx").warnings] == [
        "tracked_changes"
    ]


def test_soft_breaks_part_lines_and_page_breaks_do_not():
    body = (
        "<w:p><w:r><w:t>มาตรา ๑  ให้ปลูก</w:t><w:br/><w:t>(๑) มะม่วง</w:t></w:r></w:p>"
        '<w:p><w:r><w:t>มาตรา ๒  ให้รด</w:t><w:br w:type="page"/><w:t>น้ำ</w:t></w:r></w:p>'
    )
    assert lines_of(files.make_docx(body)) == [
        "มาตรา ๑  ให้ปลูก",
        "(๑) มะม่วง",
        "มาตรา ๒  ให้รดน้ำ",
    ]


def test_text_boxes_are_read_once():
    box = "<w:txbxContent><w:p><w:r><w:t>ร่าง</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f'<w:p xmlns:mc="{mc}"><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>พระราชบัญญัติ</w:t></w:r></w:p>"
    )
    assert lines_of(files.make_docx(body)) == ["ร่าง", "พระราชบัญญัติ"]


def cell(*paragraphs):
    return f"<w:tc>{''.join(map(plain, paragraphs))}</w:tc>"


def test_a_law_in_a_frame_keeps_its_paragraphs():
    frame = f"<w:tbl><w:tr>{cell('มาตรา ๑  ให้ปลูก', 'การรดน้ำให้ทำทุกวัน', 'มาตรา ๒  ให้ดูแล')}</w:tr></w:tbl>"
    law = read_law(files.make_docx(frame), "a.docx")
    assert [p.text for p in law.provisions] == ["ให้ปลูก\nการรดน้ำให้ทำทุกวัน", "ให้ดูแล"]


def test_a_table_stays_a_table():
    table = (
        f"<w:tbl><w:tr>{cell('(๑) ใบอนุญาต')}{cell('ฉบับละ', '๑๐๐ บาท')}</w:tr></w:tbl>"
    )
    assert lines_of(files.make_docx(table)) == ["(๑) ใบอนุญาต\tฉบับละ ๑๐๐ บาท"]


def test_odt_numbered_headings_and_continued_lists():
    styles = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="๑, ๒, ๓, ..." '
        'style:num-prefix="มาตรา "/></text:outline-style>'
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="๑, ๒, ๓, ..." style:num-prefix="(" style:num-suffix=")"/></text:list-style>'
    )
    body = (
        '<text:h text:outline-level="1">ให้ปลูก</text:h>'
        '<text:list text:style-name="L"><text:list-item><text:p>มะม่วง</text:p></text:list-item></text:list>'
        "<text:p>และ</text:p>"
        '<text:list text:style-name="L" text:continue-list="x"><text:list-item><text:p>มะพร้าว</text:p></text:list-item></text:list>'
        '<text:h text:outline-level="1">ให้ดูแล</text:h>'
    )
    text = read(files.make_odt("ร่าง", body=body, styles=styles), "a.odt").text
    assert text.split("\n")[1:6] == [
        "มาตรา ๑  ให้ปลูก", "(๑) มะม่วง", "และ", "(๒) มะพร้าว", "มาตรา ๒  ให้ดูแล",
    ]  # fmt: skip


def test_odt_tracked_changes_and_breaks():
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>ลบแล้ว</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>มาตรา ๑  ให้ปลูก<text:line-break/>(๑) มะม่วง</text:p>"
    )
    result = read(files.make_odt("ร่าง", body=body), "a.odt")
    assert result.text == "ร่าง\nมาตรา ๑  ให้ปลูก\n(๑) มะม่วง\n"
    assert [w.code for w in result.warnings] == ["tracked_changes"]


def test_an_encrypted_odt_says_so():
    data = files.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<m><encryption-data/></m>",
            "content.xml": b"\x00\x01garbage",
        }
    )
    with pytest.raises(ReaderError) as error:
        read(data, "a.odt")
    assert error.value.code == "encrypted"


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td><p>มาตรา ๑  ให้ปลูก</p><p>การรดน้ำให้ทำทุกวัน</p><p>มาตรา ๒  ให้ดูแล</p></td></tr></table>",
        "<table><tr><td>&nbsp;</td><td>มาตรา ๑&nbsp; ให้ปลูก<br>การ<b>รดน้ำ</b>ให้ทำทุกวัน<br><br>มาตรา\n๒&nbsp; ให้ดูแล<div>&nbsp;</div></td></tr></table>",
        "<div>มาตรา ๑  ให้ปลูก<br/>การรดน้ำให้ทำทุกวัน</div><div>มาตรา ๒  ให้ดูแล</div>",
    ],
)
def test_web_pages_that_lay_out_a_law_with_tables(page):
    html = (
        f"<!DOCTYPE html><html><head><title>x</title></head><body>{page}</body></html>"
    )
    law = read_law(html.encode(), "a.html")
    assert [p.label for p in law.provisions] == ["๑", "๒"]
    assert [p.text for p in law.provisions] == ["ให้ปลูก\nการรดน้ำให้ทำทุกวัน", "ให้ดูแล"]


def test_a_fee_table_of_a_web_page_stays_a_table():
    html = (
        "<html><body><table><tr><td>(๑) ใบอนุญาต</td><td><p>ฉบับละ</p></td><td>๑๐๐ บาท</td></tr>"
        "<tr><td>(๒) ใบแทน</td><td>ฉบับละ</td><td>๕๐ บาท</td></tr></table></body></html>"
    )
    assert lines_of(html.encode(), "a.html") == [
        "(๑) ใบอนุญาต\tฉบับละ\t๑๐๐ บาท", "(๒) ใบแทน\tฉบับละ\t๕๐ บาท",
    ]  # fmt: skip
