"""A text with the language it is in, so that a page can mark the other one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from drafts.languages import is_english


@dataclass(frozen=True, slots=True)
class Said:
    """``lang`` is "" where the text is in the page's own language."""

    text: str
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def html(self) -> SafeString:
        """The text escaped, in a ``span lang`` where it is in the other language."""
        if self.lang:
            return format_html('<span lang="{}">{}</span>', self.lang, self.text)
        return format_html("{}", self.text)

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


def said(thai: str, english: str = "") -> Said:
    """Choose the page's language where there is a text in it, else Thai, marked."""
    if not is_english():
        return Said(thai)
    return Said(english) if english.strip() else Said(thai, "th" if thai else "")
