"""What the reading pages need of their templates."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from drafts.languages import has_thai, is_english

register = template.Library()


@register.simple_tag
def law_lang() -> SafeString:
    """Print `` lang="th"`` where the page is English: the law's text is Thai."""
    return mark_safe(' lang="th"') if is_english() else SafeString("")


@register.filter
def marked(text: object) -> SafeString:
    """Mark a name that is Thai on an English page, so that it is read out as Thai."""
    if is_english() and has_thai(str(text)):
        return format_html('<span lang="th">{}</span>', text)
    return format_html("{}", text)


@register.filter
def filesize_text(size: int) -> str:
    """Print a size as ``340 kB`` or ``1.2 MB``."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"
