"""What every Word file of ours is set in: A4, TH Sarabun New, Thai throughout.

Word keeps two sets of everything, for Latin and for complex scripts; Thai follows the
second one, which python-docx does not set.
"""

from __future__ import annotations

import re
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "TH Sarabun New"
BODY = 16  # points, as official papers are set
#: Characters that XML 1.0 has no way to write.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: The order that the schema wants inside w:rPr; Word may refuse another.
_ORDER = [
    qn(f"w:{name}")
    for name in (
        *("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike"),
        *("dstrike", "vanish", "color", "spacing", "w", "kern", "position", "sz"),
        *("szCs", "highlight", "u", "effect", "vertAlign", "rtl", "cs", "lang"),
        "specVanish",
    )
]


def xml_text(text: str) -> str:
    """Return a text that XML can carry."""
    return _NOT_XML.sub("\ufffd", text)


def thai_document(*, title: str, author: str = "") -> Any:
    """Begin a document on A4 with its title and language in the properties."""
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    core = word.core_properties
    core.title = xml_text(title)[:255]
    core.author = xml_text(author)[:255]
    core.language = "th-TH"
    return word


def set_thai_style(style: Any, size: int, *, ink: RGBColor | None = None) -> None:
    """Set the complex-script font, size, weight and language beside the Latin ones.

    Headings and titles become bold, in ``ink``.
    """
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.italic = False
    properties = style.element.get_or_add_rPr()
    set_property(properties, "w:iCs", val="0")
    fonts = properties.find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    if style.name.startswith(("Heading", "Title")):
        style.font.bold = True
        style.font.color.rgb = ink or RGBColor(0, 0, 0)
        set_property(properties, "w:bCs")
        # The template's letter spacing tears Thai marks from their letters.
        for loose in properties.findall(qn("w:spacing")):
            properties.remove(loose)
    set_property(properties, "w:szCs", val=str(size * 2))
    language = set_property(properties, "w:lang", val="th-TH")
    language.set(qn("w:bidi"), "th-TH")


def set_property(properties: Any, tag: str, **attributes: str) -> Any:
    """Set one element of run properties, in its place."""
    element = properties.find(qn(tag))
    if element is None:
        element = OxmlElement(tag)
        properties.append(element)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    properties[:] = sorted(
        properties,
        key=lambda e: _ORDER.index(e.tag) if e.tag in _ORDER else len(_ORDER),
    )
    return element
