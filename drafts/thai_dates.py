"""Dates as officials type them, and as the reader's language writes them.

Typed: พ.ศ. or Common era, Thai or Arabic digits.  Written: Thai has พ.ศ. years and its
own short months, English has Common-era years; times are those of Asia/Bangkok.  Empty
values are written as nothing, so that templates need no ``if``.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import dateformat, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from drafts import clock
from drafts.errors import DraftError, RapfangError
from drafts.languages import is_english
from drafts.law import numerals
from drafts.law.numerals import arabic_digits, common_year, parse_thai_date

#: Years from here on are พ.ศ.: no hearing is held in the year 2400 of the Common era.
_BUDDHIST_FROM = 2400
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"\d{1,2}\s*[^\d\s]+\s*(?:พ\.?ศ\.?\s*)?(\d{4})")


Day = dt.date | dt.datetime | None


def _day(value: Day) -> dt.date | None:
    return clock.local_date(value) if isinstance(value, dt.datetime) else value


def _written(value: Day, *, short: bool) -> str:
    day = _day(value)
    if day is None:
        return ""
    if is_english():
        return dateformat.format(day, "j M Y" if short else "j F Y")
    return numerals.thai_date(day, short=short)


def thai_date(value: Day) -> str:
    """Write ``7 ธ.ค. 2569`` or ``7 Dec 2026``."""
    return _written(value, short=True)


def thai_date_long(value: Day) -> str:
    """Write ``7 ธันวาคม 2569`` or ``7 December 2026``."""
    return _written(value, short=False)


def thai_datetime(value: dt.datetime | None) -> str:
    """Write ``12 ธ.ค. 2569 เวลา 14.05 น.`` or ``12 Dec 2026, 14:05``."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    if is_english():
        return f"{thai_date(local)}, {local:%H:%M}"
    return f"{thai_date(local)} เวลา {local:%H.%M} น."


def thai_moment(value: Day) -> str:
    """Write a date, with the time of day where the value has one."""
    return (thai_datetime if isinstance(value, dt.datetime) else thai_date)(value)


def iso_date(value: Day) -> str:
    """Write ``2026-12-07`` for the ``datetime`` attribute of ``<time>``."""
    day = _day(value)
    return day.isoformat() if day else ""


def days_left(value: Day) -> int:
    """Count the days left until a last day, that day included; 0 once it is over."""
    day = _day(value)
    return max(0, (day - clock.today()).days + 1) if day else 0


def _year(year: int) -> int:
    return common_year(year) if year >= _BUDDHIST_FROM else year


def read_date(text: str) -> dt.date | None:
    """Read "1 ธ.ค. 2569", "01/12/2569", "2026-12-01"; None when it is no date."""
    text = arabic_digits(text.strip())
    try:
        if match := _ISO.fullmatch(text):
            year, month, day = map(int, match.groups())
            return dt.date(_year(year), month, day)
        if match := _NUMERIC.fullmatch(text):
            day, month, year = map(int, match.groups())
            return dt.date(_year(year), month, day)
    except ValueError:
        return None
    match = _WORDS.fullmatch(text)
    if not match or int(match[1]) < _BUDDHIST_FROM:
        return None
    return parse_thai_date(text)


def check_happened(
    day: dt.date | None,
    *,
    now: dt.datetime | None = None,
    error: type[RapfangError] = DraftError,
) -> None:
    """Raise ``error`` with the code ``future`` for a day that has not come."""
    if day and day > clock.local_date(now or clock.now()):
        told = gettext("วันที่ %(day)s ยังมาไม่ถึง จึงบันทึกว่าเกิดขึ้นแล้วไม่ได้ โปรดตรวจวันที่อีกครั้ง")
        raise error(told % {"day": thai_date(day)}, code="future")


class ThaiDateField(forms.Field):
    """A date typed in any of the usual ways; shown again in พ.ศ."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("อ่านวันที่ไม่ได้ โปรดเขียนเช่น 1 ธ.ค. 2569 หรือ 01/12/2569")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("เช่น 1 ธ.ค. 2569 หรือ 01/12/2569"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        if not value or isinstance(value, dt.date):
            return value or None
        found = read_date(str(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        return (
            numerals.thai_date(value, short=True)
            if isinstance(value, dt.date)
            else value
        )
