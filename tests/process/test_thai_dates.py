"""Dates typed by officials."""

from __future__ import annotations

import datetime as dt

import pytest

from drafts.thai_dates import ThaiDateField, read_date

DAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    "text",
    [
        "1 ธ.ค. 2569", "๑ ธันวาคม ๒๕๖๙", "1 ธันวาคม พ.ศ. 2569", "01/12/2569",
        "1/12/2026", "2026-12-01", "2569-12-01", "1.12.2569", " ๑/๑๒/๒๕๖๙ ",
    ],
)  # fmt: skip
def test_every_usual_way_is_read(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "พรุ่งนี้", "31/2/2569", "12/2569", "1 ธ.ค. 69", "1 ธ.ค. 2026 2569"]
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert read_date(text) is None


def test_the_field_shows_the_buddhist_year_again() -> None:
    assert ThaiDateField().prepare_value(DAY) == "1 ธ.ค. 2569"
    assert ThaiDateField().clean("1 ธ.ค. 2569") == DAY
