"""Read HTML with the parser of the standard library, without scripts and styles."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from drafts.law.readers.plain import decode, refuse_binary
from drafts.law.readers.result import Output, ReadResult

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
        "title",
    ]
)
_SKIPPED = frozenset(
    ["script", "style", "head", "noscript", "template", "svg", "object", "iframe"]
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)


#: Stands between the paragraphs of one cell until the row is written.
_PARAGRAPH = "\v"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out = Output()
        self.pieces: list[str] = []
        self.skip: list[str] = []
        self.cells = 0
        self.counters: list[int | None] = []

    def flush(self) -> None:
        text = "".join(self.pieces)
        self.pieces.clear()
        if self.cells:
            rows = [cell.split(_PARAGRAPH) for cell in text.split("\t")]
            cells = [[_squeeze(line) for line in cell] for cell in rows]
            if any(any(cell) for cell in cells):
                self.out.add_row([[*filter(None, cell)] for cell in cells])
            return
        text = _squeeze(text)
        if text:
            self.out.add(text)

    def handle_starttag(self, tag, attrs):
        if self.skip or tag in _SKIPPED:
            if tag in _SKIPPED:
                self.skip.append(tag)
            return
        if tag == "br":
            self.end_line()
        elif tag in {"td", "th"}:
            if self.cells:
                self.pieces.append("\t")
            self.cells += 1
        elif tag in _BLOCKS:
            if tag in {"tr", "table"}:
                self.flush()
                self.cells = 0
            else:
                self.end_line()
            if tag == "ol":
                start = dict(attrs).get("start") or "1"
                self.counters.append(int(start) if start.isdecimal() else 1)
            elif tag == "ul":
                self.counters.append(None)
            elif tag == "li" and self.counters and self.counters[-1] is not None:
                self.pieces.append(f"{self.counters[-1]}. ")
                self.counters[-1] += 1

    def handle_endtag(self, tag):
        if self.skip:
            if tag == self.skip[-1]:
                self.skip.pop()
            return
        if tag in {"ol", "ul"} and self.counters:
            self.counters.pop()
        if tag in {"tr", "table"}:
            self.flush()
            self.cells = 0
        elif tag in _BLOCKS:
            self.end_line()

    def end_line(self) -> None:
        """End a paragraph; inside a cell it waits until the row is whole."""
        if self.cells:
            self.pieces.append(_PARAGRAPH)
        else:
            self.flush()

    def handle_data(self, data):
        if not self.skip:
            if self.cells:  # tabs part the cells
                data = re.sub("[\t\v]", " ", data)
            self.pieces.append(data)
            if sum(map(len, self.pieces[-8:])) > 1_000_000:
                self.flush()


def _squeeze(text: str) -> str:
    """Make white space one space, except two that the author forced with &nbsp;."""
    text = re.sub(r"[ \n\r\f]+", " ", text)
    text = re.sub(r" ?\u00a0 ?", lambda m: m.group().replace("\u00a0", " "), text)
    return text.strip(" ")


def read_html(data: bytes) -> ReadResult:
    """Read a web page into text, one block a line; table cells are parted by tabs."""
    declared = _CHARSET.search(data[:4096])
    text, encoding, warnings = decode(data)
    refuse_binary(text)
    if declared and encoding == "cp874":
        warnings = []
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.flush()
    reader.out.warnings += warnings
    return reader.out.result("html")
