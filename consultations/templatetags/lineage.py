"""How changed words are shown: readable without colour and without eyes."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from drafts.languages import is_english
from drafts.law.redline import Span

register = template.Library()
#: As many unchanged lines in a row are folded: fewer are read faster than unfolded.
LONG = 4


def _own_lang() -> SafeString:
    """Mark our own words inside a text that is Thai, where the page is English."""
    return mark_safe(' lang="en"') if is_english() else SafeString("")


@register.filter
def redline(spans: Iterable[Span]) -> SafeString:
    """Print spans as ``ins`` and ``del``, with words for those who hear the page.

    Browsers tell a screen reader little of either element, so each says in hidden
    words where it begins and ends.
    """
    marks = {
        "insert": ("ins", _("เพิ่มคำว่า"), _("จบที่เพิ่ม")),
        "delete": ("del", _("ตัดคำว่า"), _("จบที่ตัด")),
    }
    hidden = f'<span class="visually-hidden"{_own_lang()}>[{{}}]</span>'

    def one(span: Span) -> str:
        if span.op not in marks:
            return format_html("{}", span.text)
        element, begins, ends = marks[span.op]
        return format_html(
            "<{0}>{1}{2}{3}</{0}>",
            SafeString(element),
            format_html(hidden, begins),
            span.text,
            format_html(hidden, ends),
        )

    return format_html_join("", "{}", ((one(span),) for span in spans))


@register.filter
def redline_folded(spans: Iterable[Span]) -> SafeString:
    """Print spans as ``redline`` does, long runs of unchanged lines folded.

    The lines beside a change stay; nothing is left out, only closed.
    """
    listed = list(spans)
    if all(span.op == "same" for span in listed):
        return redline(listed)
    last = len(listed) - 1
    return format_html_join(
        "",
        "{}",
        (
            (
                _folded(span.text, is_first=place == 0, is_last=place == last)
                if span.op == "same"
                else redline([span]),
            )
            for place, span in enumerate(listed)
        ),
    )


def _folded(text: str, *, is_first: bool, is_last: bool) -> SafeString:
    lines = text.split("\n")
    # The line that a change ends in, and the one that the next begins in, are read.
    start, end = int(not is_first), len(lines) - int(not is_last)
    if end - start < LONG:
        return format_html("{}", text)
    n = end - start
    summary = ngettext("%(n)s บรรทัดคงเดิม", "%(n)s บรรทัดคงเดิม", n) % {"n": n}
    return format_html(
        "{}<details><summary{}>{}</summary>{}</details>{}",
        "\n".join(lines[:start]),
        _own_lang(),
        summary,
        "\n".join(lines[start:end]),
        "\n".join(lines[end:]),
    )
