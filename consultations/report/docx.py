"""The report as a Word document that opens in Thai, not in a substitute font."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from consultations.report.document.blocks import (
    Bars,
    Block,
    Bullets,
    Change,
    Inline,
    Number,
    Paragraph,
    Percent,
    Quote,
    Ref,
    Section,
    Table,
)
from consultations.report.document.members import facet
from consultations.report.document.parts import SUGGESTED
from consultations.report.exporter import Exporter, Source
from consultations.report.html import SHORT_HASH, Links
from consultations.report.labels import thai_labels
from drafts.export.word import (
    BODY,
    set_property,
    set_thai_style,
    thai_document,
    xml_text,
)
from drafts.law.redline import redline

SMALL = 14
INK = RGBColor(0x0B, 0x5D, 0x5E)


class DocxExporter(Exporter):
    name = "docx"
    content_type = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    extension = "docx"

    def render(self, source: Source) -> bytes:
        document = source.document
        word = thai_document(
            title=f"{document.title}: {document.subtitle}",
            author=document.value("agency"),
        )
        for name, size in (
            ("Normal", BODY),
            ("Title", 26),
            ("Heading 1", 22),
            ("Heading 2", 18),
            ("Heading 3", BODY),
            ("List Bullet", BODY),
            ("Quote", BODY),
            ("Caption", SMALL),
        ):
            set_thai_style(word.styles[name], size, ink=INK)
        word.add_paragraph(xml_text(document.title), style="Title")
        writer = _Writer(word, source.links)
        writer.line((document.subtitle,))
        writer.line(
            (document.value("agency"), f"\nข้อมูล ณ {document.value('taken_on')}")
        )
        for section in document.sections:
            writer.section(section, 1)
        out = BytesIO()
        word.save(out)
        return out.getvalue()


class _Writer:
    def __init__(self, word: Any, links: Links) -> None:
        self.word = word
        self.links = links
        self.labels = dict(thai_labels())

    def section(self, section: Section, level: int) -> None:
        self.word.add_heading(
            xml_text(f"{section.number} {section.title}"), min(level, 3)
        )
        for block in section.blocks:
            self.block(block)
        for inner in section.sections:
            self.section(inner, level + 1)

    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                bold = block.kind in {"label", "decision"}
                self.line(block.parts, bold=bold, size=_size(block.kind))
            case Bullets():
                for item in block.items:
                    self.line(item, style="List Bullet")
            case Table():
                self.table(block)
            case Bars():
                pass  # the table that follows has the same numbers
            case Quote():
                self.quote(block)
            case Change():
                self.change(block)

    def line(
        self,
        parts: Iterable[Inline],
        *,
        into: Any = None,
        style: str | None = None,
        bold: bool = False,
        size: int | None = None,
    ) -> Any:
        paragraph = into or self.word.add_paragraph(style=style)
        for part in parts:
            match part:
                case Number():
                    text = f"{part.value:,}"
                    address = self.links.numbers(part.key) if part.key else ""
                    self._run(paragraph, text, bold=bold, size=size, address=address)
                case Percent():
                    self._run(paragraph, part.text, bold=bold, size=size)
                case Ref():
                    address = self.links.comment(part.public_id)
                    self._run(paragraph, part.public_id, size=size, address=address)
                case _:
                    self._run(paragraph, part, bold=bold, size=size)
        return paragraph

    def _run(
        self,
        paragraph: Any,
        text: str,
        *,
        bold: bool = False,
        size: int | None = None,
        address: str = "",
        mark: str = "",
    ) -> None:
        parent = paragraph._p
        if address:
            link = OxmlElement("w:hyperlink")
            related = paragraph.part.relate_to(
                address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
            link.set(qn("r:id"), related)
            parent.append(link)
        for index, piece in enumerate(xml_text(text).split("\n")):
            run = paragraph.add_run()
            if index:
                run.add_break(WD_BREAK.LINE)
            run.add_text(piece)
            if bold:
                run.bold = True
                set_property(run._r.get_or_add_rPr(), "w:bCs")
            if size:
                run.font.size = Pt(size)
                set_property(run._r.get_or_add_rPr(), "w:szCs", val=str(size * 2))
            if mark == "insert":
                run.font.underline = True
            elif mark == "delete":
                run.font.strike = True
            if address:
                run.font.color.rgb = INK
                link.append(run._r)

    def table(self, table: Table) -> None:
        self.line((table.caption,), style="Caption", bold=True, size=SMALL)
        rows = [*table.rows, *([table.foot] if table.foot else [])]
        size = SMALL if len(table.head) <= 5 else 12
        made = self.word.add_table(rows=1 + len(rows), cols=len(table.head))
        made.style = "Table Grid"
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        # Cells are taken from the XML: python-docx searches the grid for each one.
        for index, tr in enumerate(made._tbl.tr_lst):
            cells = tr.tc_lst
            if index == 0:
                for tc, name in zip(cells, table.head, strict=True):
                    self._cell(made, tc, (name,), bold=True, size=size)
                continue
            bold = bool(table.foot) and index == len(rows)
            for tc, line in zip(cells, rows[index - 1], strict=True):
                self._cell(made, tc, line, bold=bold, size=size)
        self.word.add_paragraph()

    def _cell(
        self, table: Any, tc: Any, line: Iterable[Inline], *, bold: bool, size: int
    ) -> None:
        self.line(line, into=WordParagraph(tc.p_lst[0], table), bold=bold, size=size)

    def quote(self, block: Quote) -> None:
        self.line((block.text, "" if block.whole else " […]"), style="Quote")
        stance = self.labels[facet("stance", block.stance)] if block.stance else ""
        if block.of == "suggestion":
            stance += f" · {SUGGESTED}"
        told = (f"{stance} · ", Ref(block.public_id), f" · {block.sha256[:SHORT_HASH]}")
        self.line(told, size=12)

    def change(self, change: Change) -> None:
        themes = ", ".join(f"ประเด็นที่ {n}" for n in change.themes)
        self.line((f"{change.label or 'ร่าง'} ({themes})",), bold=True)
        for name, text in (("ข้อความเดิม", change.before), ("ข้อความใหม่", change.after)):
            self.line((name,), bold=True, size=SMALL)
            self.line((text or "–",))
        self.line(("ส่วนที่เปลี่ยน",), bold=True, size=SMALL)
        paragraph = self.word.add_paragraph()
        for span in redline(change.before, change.after):
            self._run(paragraph, span.text, mark=span.op)


def _size(kind: str) -> int | None:
    return SMALL if kind in {"note", "empty"} else None
