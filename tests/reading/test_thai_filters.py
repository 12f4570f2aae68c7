"""Dates and numbers print as each language writes them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from drafts import thai_dates
from drafts.templatetags import thai

MOMENT = dt.datetime(2026, 12, 12, 7, 5, tzinfo=dt.UTC)  # 14:05 in Bangkok


@pytest.mark.parametrize(
    ("language", "filter_", "value", "expected"),
    [
        ("th", thai_dates.thai_date, dt.date(2026, 12, 7), "7 ธ.ค. 2569"),
        ("en", thai_dates.thai_date, dt.date(2026, 12, 7), "7 Dec 2026"),
        ("th", thai_dates.thai_date_long, dt.date(2026, 12, 7), "7 ธันวาคม 2569"),
        ("en", thai_dates.thai_date_long, dt.date(2026, 12, 7), "7 December 2026"),
        ("th", thai_dates.thai_datetime, MOMENT, "12 ธ.ค. 2569 เวลา 14.05 น."),
        ("en", thai_dates.thai_datetime, MOMENT, "12 Dec 2026, 14:05"),
        ("th", thai.thai_digits, "มาตรา 12", "มาตรา ๑๒"),
        ("th", thai.thousands, 700_000, "700,000"),
        ("th", thai.thousands, 0, "0"),
    ],
)
def test_filters(language: str, filter_, value, expected: str) -> None:
    with override(language):
        assert filter_(value) == expected


def test_the_day_is_that_of_bangkok() -> None:
    late_evening_utc = dt.datetime(2026, 12, 6, 17, 30, tzinfo=dt.UTC)
    with override("th"):
        assert thai_dates.thai_date(late_evening_utc) == "7 ธ.ค. 2569"


@pytest.mark.parametrize("filter_", [thai_dates.thai_date, thai.thousands])
def test_nothing_prints_as_nothing(filter_) -> None:
    assert filter_(None) == ""


def test_days_left_counts_the_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drafts.clock.today", lambda: dt.date(2026, 11, 30))
    assert thai_dates.days_left(dt.date(2026, 11, 30)) == 1
    assert thai_dates.days_left(dt.date(2026, 12, 1)) == 2
    assert thai_dates.days_left(dt.date(2026, 11, 29)) == 0
