"""Small files that would take gigabytes or hours: for the tests and the fuzzer.

Each is a few hundred bytes to a few hundred kilobytes, and stands for a kind: repeats
inside repeats, numbers of thousands of digits, things opened and never closed, and
gaps that a pattern could share out in many ways.
"""

# ruff: noqa: E501 - tables of pieces read better unbroken

from __future__ import annotations

import random

from tests.law import files

DIGITS = "9" * 5000
LINE = "มาตรา ๑  ให้มีทางเท้า"
_CELL = "<table:table-cell {}>{}</table:table-cell>"
_REPEAT = 'table:number-columns-repeated="{}"'


def _odt_table(cells: str, *, group: str = "") -> str:
    rows = f"<table:table-row>{cells}</table:table-row>"
    if group:
        rows = f"<table:{group}>{rows}</table:{group}>"
    return f"<table:table>{rows}</table:table>"


def odt_repeats(depth: int = 3, times: str = "1000") -> bytes:
    """Cells that repeat inside cells that repeat."""
    body = "<text:p>ก</text:p>"
    for _ in range(depth):
        body = _odt_table(_CELL.format(_REPEAT.format(times), body))
    return files.make_odt(LINE, body=body)


def odt_nested(depth: int = 30) -> bytes:
    """Tables inside tables, two rows each."""
    body = "<text:p>ก</text:p>"
    for _ in range(depth):
        body = _odt_table(_CELL.format("", body), group="table-rows")
    return files.make_odt(LINE, body=body)


def odt_notes(depth: int = 30) -> bytes:
    """Notes inside notes."""
    body = "<text:p>ก</text:p>"
    for _ in range(depth):
        note = f"<text:note><text:note-body>{body}</text:note-body></text:note>"
        body = f"<text:p>ก{note}</text:p>"
    return files.make_odt(LINE, body=body)


def odt_spaces(count: int = 100_000, times: str = "200") -> bytes:
    return files.make_odt(
        LINE, body=f"<text:p>{f'<text:s text:c={times!r}/>' * count}</text:p>"
    )


def odt_levels(number: str = "1000000000") -> bytes:
    """A list and a heading of a level that no list has, with all levels shown."""
    level = (
        f'text:level="{number}" text:display-levels="{number}" '
        f'text:start-value="{number}" style:num-format="1" style:num-suffix="."'
    )
    styles = (
        f"<text:outline-style><text:outline-level-style {level}/></text:outline-style>"
        f'<text:list-style style:name="L"><text:list-level-style-number {level}/>'
        "</text:list-style>"
    )
    body = (
        f'<text:h text:outline-level="{number}">ก</text:h>'
        f'<text:list text:style-name="L"><text:list-item text:start-value="{number}">'
        f'<text:p>ข<text:s text:c="{number}"/></text:p></text:list-item></text:list>'
    )
    return files.make_odt(LINE, body=body, styles=styles)


def odt_affix(size: int = 100_000, count: int = 1000) -> bytes:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        f'style:num-format="1" style:num-prefix="{"ก" * size}"/></text:list-style>'
    )
    item = "<text:list-item><text:p>ข</text:p></text:list-item>"
    body = f'<text:list text:style-name="L">{item * count}</text:list>'
    return files.make_odt(LINE, body=body, styles=styles)


def docx_nested(depth: int = 30) -> bytes:
    body = "<w:p><w:r><w:t>ก</w:t></w:r></w:p>"
    for _ in range(depth):
        cell = f"<w:tc>{body}<w:p/></w:tc>"
        body = f"<w:tbl><w:tr>{cell * 1}</w:tr></w:tbl>"
    return files.make_docx(files.docx_paragraphs(LINE) + body)


def docx_numbers(number: str = DIGITS) -> bytes:
    numbering = (
        '<w:abstractNum w:abstractNumId="1">'
        f'<w:lvl w:ilvl="0"><w:start w:val="{number}"/><w:numFmt w:val="lowerLetter"/>'
        f'<w:lvlText w:val="{"%1" * 40}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/>'
        f'<w:lvlOverride w:ilvl="{number}"><w:startOverride w:val="{number}"/>'
        "</w:lvlOverride></w:num>"
    )
    item = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        f'<w:r><w:t>ก</w:t><w:sym w:char="{number}"/></w:r></w:p>'
    )
    return files.make_docx(
        files.docx_paragraphs(LINE) + item * 300, numbering=numbering
    )


def docx_marks(count: int = 3_000_000) -> bytes:
    """Empty tags alone: 12 megabytes of XML that would fill half a gigabyte.

    Packed without compression worth the name, so that it is no zip bomb by its ratio.
    """
    chance = random.Random(1)
    tags = "".join(chance.choices(["<a/>", "<b/>", "<c/>", "<d/>"], k=count))
    return files.make_docx(files.docx_paragraphs(LINE) + tags)


def docx_deep(depth: int = 200) -> bytes:
    opened, closed = "<w:smartTag>" * depth, "</w:smartTag>" * depth
    return files.make_docx(f"<w:p>{opened}<w:r><w:t>{LINE}</w:t></w:r>{closed}</w:p>")


def html(piece: str, size: int = 400_000) -> bytes:
    """A page of one piece again and again."""
    times = max(1, size // len(piece))
    return f"<html><body><p>{LINE}</p>{piece * times}".encode()


UNCLOSED = (
    "<!--", "<!-", "<!--x--", "<![CDATA[", "<!", "<?", "<", "<a", "<a ", "<a b='", '<a b="', "</", "</a",
    "<script", "<script>", "</script", "<td>", "<table>", "<ol>", "<svg>", "<a/ ", "<a =", "<p ///", "&#", "&",
    "<p a=b", "<br/", "<ul><li>", "<title>", "<template>",
)  # fmt: skip
NUMBERED = (
    f'<ol start="{DIGITS}"><li>ก</ol>', f'<ol><li value="{DIGITS}">ก</ol>', f"<p>&#{DIGITS};", f"<p>&#x{DIGITS};",
    f'<p title="&#{DIGITS};">ก', f'<table><tr><td colspan="{DIGITS}" rowspan="{DIGITS}">ก</table>',
    f"<p>มาตรา {DIGITS}/{DIGITS} ทวิ</p><p>วรรค {DIGITS} ถึง วรรค {DIGITS}</p>",
)  # fmt: skip

AMENDING = (
    "ร่าง\nพระราชบัญญัติ\nทางเท้า (ฉบับที่ ๒)\nพ.ศ. ....\n\n"
    "มาตรา ๓  {} แห่งพระราชบัญญัติทางเท้า พ.ศ. ๒๕๕๐ {}\nมาตรา ๔  ให้รัฐมนตรีรักษาการ\n"
)
#: Words that patterns look for, and what stands between them.
WORDS = (
    "“", "”", '"', "“ก”", "“ก” และ", "“ก”  ", " ", "\t", "(", ")", "(๑)", "[๑]", "๑", "9", "/", "/๑", "ทวิ", "๑ ทวิ ", "๕/๑ ",
    "มาตรา ๕ ", "มาตรา ๕ และ", "มาตรา", "ข้อ ๑ ", "วรรคสอง", "วรรค ๑ ถึง วรรค ๙๙๙๙๙๙๙๙ ", "(๑) ถึง (๙๙๙๙) ", "หมวด ๑ ", "คำว่า ",
    "คำว่า “ก” เป็น “ข” ", "ให้แก้ไขคำว่า “ก”  ", "และให้ใช้ความต่อไปนี้แทน ", "ให้ยกเลิกความใน", "แห่ง", "ใน", "พระราชบัญญัติ", "พ.ศ. ๒๕๕๐ ",
    "ซึ่งแก้ไขเพิ่มเติมโดย", "ลงวันที่ ๑ มกราคม ", "บัญชี", "ท้าย", ",", "และ", "ถึง", "เป็น ", "ํ", "ำ", "่", "*", "**", "#", "-", "=", ".", "\n(ก) ",
)  # fmt: skip


def amending(chance: random.Random, size: int = 12_000) -> str:
    """An order to amend with a few words repeated until it is long."""
    piece = "".join(chance.choices(WORDS, k=chance.randint(1, 4)))
    filling = (piece * (size // len(piece)))[:size]
    head = chance.choice(
        [
            "ให้ยกเลิกความในมาตรา ๕",
            "ให้แก้ไขคำว่า “ก”",
            "ให้เพิ่มความต่อไปนี้เป็นมาตรา ๕/๑",
            "ความใน",
            "",
        ]
    )
    if chance.random() < 0.5:
        return AMENDING.format(head + filling, "เป็น “ข”")
    return AMENDING.format(head, filling)


FILES = {
    "a.odt": (
        odt_repeats, lambda: odt_repeats(2, DIGITS), odt_nested, odt_notes, odt_spaces, odt_levels,
        lambda: odt_spaces(3, DIGITS), lambda: odt_levels(DIGITS), odt_affix, lambda: odt_nested(60),
    ),
    "a.docx": (docx_nested, lambda: docx_nested(60), docx_numbers, docx_marks, docx_deep),
    "a.html": (*(lambda piece=piece: html(piece) for piece in UNCLOSED), *(lambda piece=piece: html(piece, 1) for piece in NUMBERED)),
}  # fmt: skip
