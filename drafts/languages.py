"""Which of the two languages is being written."""

from __future__ import annotations

from django.utils.translation import get_language


def is_english() -> bool:
    """Tell whether the page is being written in English."""
    return (get_language() or "th").startswith("en")


def has_thai(text: str) -> bool:
    """Tell whether a text has Thai letters."""
    return any("\u0e01" <= letter <= "\u0e5b" for letter in text)
