"""A document as HTML: for the public page, the desk's preview and the PDF.

Pure: the same document gives the same bytes.  Addresses come from ``Links``, relative
on the web (so that they hold under ``/en/`` too) and absolute in files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.utils.html import escape

from consultations.report.charts import stance_bar
from consultations.report.document.blocks import (
    Bars,
    Block,
    Bullets,
    Change,
    Document,
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
from consultations.report.labels import thai_labels
from drafts.law.redline import redline

#: Legal terms whose number must not go to the next line.
_KEEP = re.compile(r"(?:มาตรา|ข้อ|หมวด|พ\.ศ\.|ฉบับที่|วรรค)\s+[0-9๐-๙/.]+")
SHORT_HASH = 12
#: A longer table of comments is read page by page on the web, not in one page.
LONGEST_TABLE = 100
#: Columns that a phone has room for side by side.
MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Links:
    """Where numbers and comments lead: both end in a slash, or are empty.

    ``results``  the address of the results page, "" on that page itself
    ``comments`` the address under which comments stand
    ``themes``   where a theme stands, with ``{}`` for its number
    """

    results: str = ""
    comments: str = "../../../comments/"
    themes: str = "#theme-{}"

    def numbers(self, key: str) -> str:
        return f"{self.results}list/{quote(key)}/"

    def comment(self, public_id: str) -> str:
        return f"{self.comments}{quote(public_id)}/"


class Renderer:
    """Write blocks as HTML; ``ink`` is the colour of charts."""

    def __init__(self, links: Links, *, ink: str = "currentColor") -> None:
        self.links = links
        self.ink = ink
        self.labels = dict(thai_labels())
        self._captions = 0

    # --- text -------------------------------------------------------------------
    def text(self, value: str) -> str:
        kept = _KEEP.sub(
            lambda m: f'<span class="nb">{m.group()}</span>', escape(value)
        )
        return kept.replace("\n", "<br>")

    def inline(self, parts: Iterable[Inline]) -> str:
        return "".join(self._part(part) for part in parts)

    def _part(self, part: Inline) -> str:
        match part:
            case Number():
                return self._number(part)
            case Percent():
                return f'<span class="share">{part.text}</span>'
            case Ref():
                address = escape(self.links.comment(part.public_id))
                return f'<a class="ref" href="{address}">{escape(part.public_id)}</a>'
            case _:
                return self.text(part)

    def _number(self, number: Number) -> str:
        if not number.key:
            return f"{number.value:,}"
        address = escape(self.links.numbers(number.key))
        return (
            f'<a class="number" href="{address}" data-unit="{number.unit}">'
            f"{number.value:,}</a>"
        )

    # --- blocks -----------------------------------------------------------------
    def block(self, block: Block) -> str:
        match block:
            case Paragraph():
                kind = f' class="{block.kind}"' if block.kind else ""
                return f"<p{kind}>{self.inline(block.parts)}</p>"
            case Bullets():
                items = "".join(f"<li>{self.inline(item)}</li>" for item in block.items)
                return f"<ul>{items}</ul>"
            case Table():
                return self._table(block)
            case Bars():
                return self._bars(block)
            case Quote():
                return self._quote(block)
            case Change():
                return self._change(block)

    def _table(self, table: Table) -> str:
        self._captions += 1
        name = f"table-{self._captions}"
        numeric = set(table.numeric)
        # On a phone each row of a wide table becomes a list: what each cell says of.
        stacked = len(table.head) > MOST_COLUMNS

        def cell(index: int, line: Iterable[Inline]) -> str:
            if index == 0:
                return f'<th scope="row">{self.inline(line)}</th>'
            kind = ' class="num"' if index in numeric else ""
            if stacked:
                kind += f' data-label="{escape(table.head[index])}"'
            return f"<td{kind}>{self.inline(line)}</td>"

        head = "".join(
            f'<th scope="col"{" class=num" if i in numeric else ""}>{escape(name)}</th>'
            for i, name in enumerate(table.head)
        )
        body = "".join(
            f"<tr>{''.join(cell(i, line) for i, line in enumerate(row))}</tr>"
            for row in table.rows
        )
        foot = "".join(cell(i, line) for i, line in enumerate(table.foot))
        if foot:
            foot = f"<tfoot><tr>{foot}</tr></tfoot>"
        wide = " wide" if len(table.head) > 5 else ""
        if len(table.head) == 2 and not numeric:
            wide = " pair"
        if stacked:
            wide += " stacked"
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{name}">'
            f'<table class="data{wide}"><caption id="{name}">{escape(table.caption)}'
            f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}"
            f"</table></div>"
        )

    def _bars(self, bars: Bars) -> str:
        rows = []
        for label, segments in bars.rows:
            drawn = stance_bar(
                [
                    (stance, self.labels[facet("stance", stance)], number.value)
                    for stance, number in segments
                ],
                ink=self.ink,
            )
            if drawn:
                rows.append(
                    f'<li><span class="bar-label">{self.text(label)}</span>{drawn}</li>'
                )
        return f'<ul class="bars">{"".join(rows)}</ul>' if rows else ""

    def _quote(self, block: Quote) -> str:
        more = "" if block.whole else '<span class="cut"> […]</span>'
        stance = self.labels[facet("stance", block.stance)] if block.stance else ""
        if block.of == "suggestion":
            stance += f" · <strong>{SUGGESTED}</strong>"
        address = escape(self.links.comment(block.public_id))
        source = escape(block.public_id)
        return (
            f'<figure class="quote" data-of="{block.of}">'
            f'<blockquote data-comment="{source}"'
            f' data-sha256="{block.sha256}" data-start="{block.start}"'
            f' data-end="{block.end}">{escape(block.text)}</blockquote>{more}'
            f'<figcaption>{stance} · <a class="ref" href="{address}">'
            f"{source}</a> · SHA-256 "
            f"<code>{block.sha256[:SHORT_HASH]}</code></figcaption></figure>"
        )

    def _change(self, change: Change) -> str:
        marked = "".join(
            f"<{_MARK[span.op]}>{self.text(span.text)}</{_MARK[span.op]}>"
            if span.op in _MARK
            else self.text(span.text)
            for span in redline(change.before, change.after)
        )
        themes = ", ".join(
            f'<a href="{self.links.themes.format(n)}">ประเด็นที่ {n}</a>'
            for n in change.themes
        )
        return (
            f'<div class="change"><p class="label">{self.text(change.label or "ร่าง")}'
            f' <span class="because">({themes})</span></p>'
            f"<dl><dt>ข้อความเดิม</dt><dd>{self.text(change.before) or '–'}</dd>"
            f"<dt>ข้อความใหม่</dt><dd>{self.text(change.after) or '–'}</dd>"
            f'<dt>ส่วนที่เปลี่ยน</dt><dd class="redline">{marked}</dd></dl></div>'
        )

    # --- sections ---------------------------------------------------------------
    def section(self, section: Section, level: int = 2, *, folded: bool = False) -> str:
        """Write a section; ``folded``: it opens on demand, and on wide screens."""
        english = (
            f' <span class="en" lang="en">{escape(section.title_en)}</span>'
            if section.title_en and level == 2
            else ""
        )
        inner = "".join(self.block(block) for block in section.blocks)
        inner += "".join(self.section(s, level + 1) for s in section.sections)
        name = f"{section.anchor}-h"
        heading = (
            f'<h{level} id="{name}"><span class="no">{section.number}</span> '
            f"{self.text(section.title)}{english}</h{level}>"
        )
        if folded:
            inner = (
                f"<details data-outline><summary>{heading}</summary>{inner}</details>"
            )
        else:
            inner = heading + inner
        return (
            f'<section class="part level-{level}" id="{section.anchor}" '
            f'aria-labelledby="{name}">{inner}</section>'
        )

    def outline(self, document: Document) -> str:
        items = "".join(
            f'<li><a href="#{s.anchor}"><span class="no">{s.number}</span> '
            f"{escape(s.title)}</a></li>"
            for s in document.sections
        )
        return (
            '<nav class="report-outline" aria-label="สารบัญรายงาน"><ol>'
            f"{items}</ol></nav>"
        )


_MARK = {"insert": "ins", "delete": "del"}
SUMMARY, COMMENTS = "s-1", "s-a1"
#: Folded on a phone: the table of compliance and the appendices.
FOLDED = ("s-15", "s-a")


def page(document: Document, links: Links) -> str:
    """Write the whole report for the web: the one-minute summary comes first."""
    renderer = Renderer(links)
    first = renderer.section(document.section(SUMMARY))
    rest = "".join(
        renderer.section(
            _short(s) if s.anchor == COMMENTS else s,
            folded=s.anchor.startswith(FOLDED),
        )
        for s in document.sections
        if s.anchor != SUMMARY
    )
    return (
        f'<div class="report" lang="{document.language}"><div class="report-summary">'
        f"{first}</div>{renderer.outline(document)}"
        f'<div class="report-body">{rest}</div></div>'
    )


def _short(section: Section) -> Section:
    """Return the appendix of comments without a table too long for a page."""
    blocks: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Table) and len(block.rows) > LONGEST_TABLE:
            every = Number(len(block.rows), "received")
            blocks.append(Paragraph(("อ่านความเห็นทีละหน้า: ", every, " ความเห็น")))
        else:
            blocks.append(block)
    return replace(section, blocks=tuple(blocks))


def theme_page(document: Document, number: int, links: Links) -> str:
    """Write one theme alone, and the words of the draft that changed because of it.

    Raises KeyError where the report has no such theme.
    """
    renderer = Renderer(links)
    blocks: list[Block] = [*document.section(f"theme-{number}").blocks]
    changed = [
        block
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Change) and number in block.themes
    ]
    inner = "".join(map(renderer.block, blocks))
    if changed:
        words = "".join(map(renderer.block, changed))
        inner += (
            f'<section class="block" id="changed"><h2>ถ้อยคำที่เปลี่ยน</h2>{words}</section>'
        )
    return f'<div class="report" lang="th">{inner}</div>'


def print_body(document: Document, links: Links) -> str:
    """Write the report for print, in the legal order, with its title and contents."""
    renderer = Renderer(links, ink="#0b5d5e")
    contents = "".join(
        f'<li><a href="#{s.anchor}">{s.number}  {escape(s.title)}</a></li>'
        for s in document.sections
    )
    body = "".join(renderer.section(s) for s in document.sections)
    return (
        f"<header><h1>{escape(document.title)}</h1>"
        f'<p class="subtitle">{renderer.text(document.subtitle)}</p>'
        f'<p class="by">{escape(document.value("agency"))}<br>'
        f"ข้อมูล ณ {escape(document.value('taken_on'))}</p></header>"
        f'<nav class="contents"><h2>สารบัญ</h2><ol>{contents}</ol></nav>{body}'
    )
