"""Dates as officials type them: พ.ศ. or Common era, Thai or Arabic digits."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from drafts.law.numerals import arabic_digits, common_year, parse_thai_date, thai_date

#: Years from here on are พ.ศ.: no hearing is held in the year 2400 of the Common era.
_BUDDHIST_FROM = 2400
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"\d{1,2}\s*[^\d\s]+\s*(?:พ\.?ศ\.?\s*)?(\d{4})")


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
        return thai_date(value, short=True) if isinstance(value, dt.date) else value
