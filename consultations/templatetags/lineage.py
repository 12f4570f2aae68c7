"""How changed words are shown: readable without colour and without eyes."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from drafts.law.redline import Span

register = template.Library()


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
    hidden = '<span class="visually-hidden">[{}]</span>'

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
