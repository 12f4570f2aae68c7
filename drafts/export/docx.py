"""A law as a Word file that drafting officers can go on with.

Headings are Word's own, so the navigation pane lists chapters and sections.  In the
Gazette a section's label stands on the line of its text; Word writes that as two
paragraphs, the first with a hidden mark (a *style separator*), which keeps the label a
heading.  Paragraphs are written as XML: python-docx looks each style up anew, which
takes seconds for a code.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from drafts.export.text import document_nodes
from drafts.export.word import BODY, set_thai_style, thai_document, xml_text
from drafts.law.printed import printed_lines
from drafts.law.structure import (
    Division,
    LawText,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
)

_SECTION = "Heading4"
#: style of a printed line by its level: a paragraph, an item, items inside items.
_LEVELS = ("LawParagraph", "LawItem1", "LawItem2", "LawItem3")
_INDENT = Cm(2.5)  # where the Gazette begins a paragraph
_STEP = Cm(0.9)
#: Parts whose first line is a heading of its own.
_HEADED = frozenset({PartKind.MEMORANDUM, PartKind.SCHEDULE})
_CENTRED = frozenset({PartKind.TITLE, PartKind.COUNTERSIGNATURE})


def write_docx(law: LawText, *, edition: str = "") -> bytes:
    """Return a DOCX file; ``edition`` is said in the footer of every page."""
    word = thai_document(title=law.title)
    _define_styles(word)
    _number_pages(word, edition)
    body = _Body(word.element.body)
    depth: dict[str, int] = {}
    for node in document_nodes(law):
        if isinstance(node, Division):
            depth[node.eid] = depth.get(node.parent_eid, 0) + 1
            heading = [part for part in (node.label, node.name) if part]
            body.add(f"Heading{min(depth[node.eid], 3)}", *heading)
        elif isinstance(node, Provision):
            _write_provision(body, node)
        else:
            _write_part(body, node)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _write_provision(body: _Body, provision: Provision) -> None:
    word = "ข้อ" if provision.kind is ProvisionKind.CLAUSE else "มาตรา"
    body.add(_SECTION, f"{word} {provision.label}  ", runs_in=True)
    for line in printed_lines(provision.paragraphs, provision.text):
        body.add(_LEVELS[line.level], line.text)


def _write_part(body: _Body, part: Part) -> None:
    lines = part.text.split("\n")
    if part.kind is PartKind.TITLE:
        body.add("Title", *lines)
        return
    if part.kind in _HEADED:
        body.add("Heading1", lines.pop(0))
    style = "LawCentred" if part.kind in _CENTRED else _LEVELS[0]
    if part.kind is PartKind.SCHEDULE:
        style = "LawTable"
    for line in lines:
        body.add(style, line)


class _Body:
    """Adds paragraphs before the section properties that end a body."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.end = element.find(qn("w:sectPr"))

    def add(self, style: str, *lines: str, runs_in: bool = False) -> None:
        """Add one paragraph of one or more lines.

        ``runs_in``: the next paragraph goes on in the same line.
        """
        paragraph = OxmlElement("w:p")
        properties = _child(paragraph, "w:pPr")
        _child(properties, "w:pStyle", val=style)
        if runs_in:
            hidden = _child(properties, "w:rPr")
            _child(hidden, "w:vanish")
            _child(hidden, "w:specVanish")
        run = _child(paragraph, "w:r")
        for index, line in enumerate(lines):
            if index:
                _child(run, "w:br")
            for place, piece in enumerate(xml_text(line).split("\t")):
                if place:
                    _child(run, "w:tab")
                text = _child(run, "w:t")
                text.text = piece
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        self.end.addprevious(paragraph)


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    return element


def _define_styles(word: Any) -> None:
    styles = word.styles
    for name, size in (
        *(("Normal", BODY), ("Title", 20), ("Footer", 12)),
        *(("Heading 1", 18), ("Heading 2", 18), ("Heading 3", BODY)),
        ("Heading 4", BODY),
    ):
        set_thai_style(styles[name], size)
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        form = styles[name].paragraph_format
        form.alignment = ALIGN.CENTER
        form.space_before, form.space_after = Pt(12), Pt(6)
        form.keep_with_next = True
    styles["Heading 4"].hidden = False
    _lay_out(styles["Heading 4"], _INDENT)
    for index, name in enumerate(("Law Paragraph", *(f"Law Item {n}" for n in "123"))):
        _lay_out(_new_style(styles, name), _INDENT + index * _STEP)
    _new_style(styles, "Law Centred").paragraph_format.alignment = ALIGN.CENTER
    _lay_out(_new_style(styles, "Law Table"), 0)


def _new_style(styles: Any, name: str) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    style.quick_style = True
    return style


def _lay_out(style: Any, indent: int) -> None:
    form = style.paragraph_format
    form.first_line_indent = indent
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = 1.15
    form.keep_together = False
    form.keep_with_next = False


def _number_pages(word: Any, edition: str) -> None:
    """Put the page number, in Thai digits, and the edition into the footer."""
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    if edition:
        paragraph.add_run(f"{xml_text(edition)} · ")
    paragraph.add_run("หน้า ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), r"PAGE \* ThaiArabic")
    _child(_child(field, "w:r"), "w:t").text = "๑"
    paragraph._p.append(field)
