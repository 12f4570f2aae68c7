"""The text of a provision as HTML: each paragraph and item with its own address.

Written here and not in a template because a draft has thousands of lines and a template
loop costs ten times as much a line.  Everything that comes from a draft is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from consultations.reading.selectors.linking import Targets
from drafts.languages import has_thai, is_english
from drafts.law import numerals
from drafts.law.printed import PrintedLine
from drafts.law.references import Reference

_PARAGRAPH = re.compile(r"__para_(\d+)")
_LABEL = re.compile(r"\S+")


def place_name(line: PrintedLine) -> str:
    """Return what people call a line inside its section: วรรคสอง, วรรคหนึ่ง (๓)."""
    found = _PARAGRAPH.search(line.eid)
    english = is_english()
    number = int(found[1]) if found else 1
    name = _("วรรค%(number)s") % {
        "number": number if english else numerals.word_number(number)
    }
    label = _LABEL.match(line.text) if line.level else None
    if label:
        printed = label.group()
        name += f" {numerals.arabic_digits(printed) if english else printed}"
    return name


def law_html(
    lines: Sequence[PrintedLine],
    *,
    eid: str,
    called: str,
    references: Sequence[Reference] = (),
    targets: Targets | None = None,
) -> SafeString:
    """Return the lines as paragraphs; references are those of the lines joined by \\n.

    A provision of a single line needs no permalink inside: its heading is one.
    """
    urls = _places(references, targets, eid)
    pieces: list[str] = []
    lang = ' lang="en"' if is_english() else ""  # the text round it is Thai
    prefix = "" if lang and has_thai(called) else called
    start = 0
    for line in lines:
        end = start + len(line.text)
        anchors = "".join(f'<span id="{escape(name)}"></span>' for name in line.opens)
        attributes = f' id="{escape(line.eid)}"' if line.eid else ""
        if line.level:
            attributes += f' class="l{line.level}"'
        pieces.append(f"<p{attributes}>{anchors}{_linked(line.text, start, urls)}")
        if line.eid and len(lines) > 1:
            name = escape(f"{prefix} {place_name(line)}".strip())
            pieces.append(
                f'&nbsp;<a class="pl" href="#{escape(line.eid)}" aria-label="{name}"'
                f"{lang}>#</a>"
            )
        pieces.append("</p>")
        start = end + 1
    return mark_safe("".join(pieces))  # noqa: S308 - every line is escaped


def _places(
    references: Sequence[Reference], targets: Targets | None, eid: str
) -> list[tuple[int, int, str]]:
    """Return (start, end, address) of the references that lead somewhere."""
    if targets is None:
        return []
    places = [(one.start, one.end, targets.url(one, eid)) for one in references]
    return [place for place in places if place[2]]


def _linked(text: str, start: int, places: list[tuple[int, int, str]]) -> str:
    """Escape one line that begins at ``start`` of the whole text, with its links."""
    pieces, done, end = [], start, start + len(text)
    for first, last, url in places:
        if done <= first and last <= end:
            pieces.append(escape(text[done - start : first - start]))
            words = escape(text[first - start : last - start])
            pieces.append(f'<a href="{escape(url)}">{words}</a>')
            done = last
    pieces.append(escape(text[done - start :]))
    return "".join(pieces)
