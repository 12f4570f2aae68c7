"""Dates and numbers as the reader's language writes them, for templates."""

from __future__ import annotations

from django import template

from drafts import thai_dates
from drafts.law import numerals

register = template.Library()
for _name in (
    "thai_date",
    "thai_date_long",
    "thai_datetime",
    "thai_moment",
    "iso_date",
    "days_left",
):
    register.filter(_name, getattr(thai_dates, _name))


@register.filter
def thai_digits(value: object) -> str:
    """Print the digits of a text as Thai digits, for text that quotes the law."""
    return "" if value is None else numerals.thai_digits(str(value))


@register.filter
def thousands(value: int | None) -> str:
    """Print ``700,000``; the same in both languages."""
    return "" if value is None else f"{value:,}"


@register.filter(name="count")
def count_filter(value: int | None) -> str:
    """Print a count; another name of ``thousands``."""
    return thousands(value)
