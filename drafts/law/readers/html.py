"""Read HTML, without scripts and styles, in one pass whatever is left unclosed."""

from __future__ import annotations

import re
from html import unescape

from drafts.law.numerals import read_number
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


#: One piece of a page, as browsers cut it: every alternative takes all it has looked
#: at, to the end of the page if need be, so that no page is looked through twice.
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|<[!?][^>]*+(?:>|\Z)"
    r"|</(?![a-zA-Z])[^>]*+(?:>|\Z)"
    r"|<(?P<end>/?)(?P<tag>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[^>\"'=]|=\s*+\"[^\"]*+(?:\"|\Z)|=\s*+'[^']*+(?:'|\Z)|[\"'=])*+)(?:>|\Z)"
    r"|[^<]++|<",
    re.DOTALL,
)
#: Their content is no markup; it ends with their own end tag and nothing else.
_RAW = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in ("script", "style")
}
_NUMBER = re.compile(r"\b(?:start|value)\s*=\s*[\"']?\s*(\d+)", re.IGNORECASE)
#: More digits than any character has; html.unescape would fail on thousands of them.
_LONG_REFERENCE = re.compile(r"&#\d{9,};?")


class _Reader:
    def __init__(self) -> None:
        self.out = Output()
        self.pieces: list[str] = []
        self.skip: list[str] = []
        self.cells = 0
        self.counters: list[int | None] = []

    def feed(self, page: str) -> None:
        place = 0
        while place < len(page):
            token = _TOKEN.match(page, place)
            place = token.end()
            tag = (token["tag"] or "").lower()
            if tag and not token["end"]:
                self.start(tag, token["attributes"])
                if tag in _RAW:
                    close = _RAW[tag].search(page, place)
                    place = close.start() if close else len(page)
            elif tag:
                self.end(tag)
            elif not self.skip:
                text = token["cdata"] or token.group()
                if token["cdata"] is not None or text[0] != "<" or text == "<":
                    self.data(unescape(_LONG_REFERENCE.sub("\ufffd", text)))
            self.out.budget.spend(0)

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

    def start(self, tag: str, attributes: str) -> None:
        if tag == "body" and self.skip == ["head"]:
            self.skip.clear()  # a page need not say where its head ends
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
            self.out.check_width(self.cells)
        elif tag in _BLOCKS:
            if tag in {"tr", "table"}:
                self.flush()
                self.cells = 0
            else:
                self.end_line()
            self.number(tag, _NUMBER.search(attributes))

    def number(self, tag: str, given: re.Match[str] | None) -> None:
        """Count the items of numbered lists."""
        if tag == "ol":
            self.counters.append(read_number(given and given[1], 1))
        elif tag == "ul":
            self.counters.append(None)
        elif tag == "li" and self.counters and self.counters[-1] is not None:
            number = read_number(given and given[1], self.counters[-1])
            self.pieces.append(f"{number}. ")
            self.counters[-1] = number + 1

    def end(self, tag: str) -> None:
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

    def data(self, text: str) -> None:
        if self.cells:  # tabs part the cells
            text = re.sub("[\t\v]", " ", text)
        self.pieces.append(text)


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
    reader.flush()
    reader.out.warnings += warnings
    return reader.out.result("html")
