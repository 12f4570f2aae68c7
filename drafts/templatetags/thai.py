"""Dates and numbers as the reader's language writes them.

Thai has พ.ศ. years and its own short months; English has Common-era years.  Times are
those of Asia/Bangkok.  Empty values print as nothing, so templates need no ``if``.
"""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from drafts import clock
from drafts.law import numerals

register = template.Library()
Day = dt.date | dt.datetime | None

ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def is_english() -> bool:
    """Tell whether the page is being written in English."""
    return (get_language() or "th").startswith("en")


def has_thai(text: str) -> bool:
    """Tell whether a text has Thai letters."""
    return any("\u0e01" <= letter <= "\u0e5b" for letter in text)


def _day(value: Day) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return clock.local_date(value)
    return value or None


def _english(day: dt.date, *, short: bool) -> str:
    month = ENGLISH_MONTHS[day.month - 1]
    return f"{day.day} {month[:3] if short else month} {day.year}"


@register.filter
def thai_date(value: Day) -> str:
    """Print ``7 ธ.ค. 2569`` or ``7 Dec 2026``."""
    day = _day(value)
    if day is None:
        return ""
    if is_english():
        return _english(day, short=True)
    return numerals.thai_date(day, short=True)


@register.filter
def thai_date_long(value: Day) -> str:
    """Print ``7 ธันวาคม 2569`` or ``7 December 2026``."""
    day = _day(value)
    if day is None:
        return ""
    return _english(day, short=False) if is_english() else numerals.thai_date(day)


@register.filter
def thai_datetime(value: dt.datetime | None) -> str:
    """Print ``12 ธ.ค. 2569 เวลา 14.05 น.`` or ``12 Dec 2026, 14:05``."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    if is_english():
        return f"{thai_date(local)}, {local:%H:%M}"
    return f"{thai_date(local)} เวลา {local:%H.%M} น."


@register.filter
def thai_moment(value: Day) -> str:
    """Print a date, with the time of day where the value has one."""
    return (thai_datetime if isinstance(value, dt.datetime) else thai_date)(value)


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


@register.filter
def iso_date(value: Day) -> str:
    """Print ``2026-12-07`` for the ``datetime`` attribute of ``<time>``."""
    day = _day(value)
    return day.isoformat() if day else ""


@register.filter
def days_left(value: Day) -> int:
    """Count the days left until a last day, that day included; 0 once it is over."""
    day = _day(value)
    return max(0, (day - clock.today()).days + 1) if day else 0
