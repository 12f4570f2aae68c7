"""Date arithmetic of hearings: every count of days is made here and nowhere else.

Dates are dates in Asia/Bangkok.  Where the law leaves room (is the first day counted?)
two answers are given, *plain* and *strict*, and the screen says which one holds.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from consultations.stages import days_inclusive

#: ข้อ 11 and 12 of the 2005 Regulation; the cabinet resolution of 19 Nov 2562.
FIFTEEN = 15

#: One hanging of a notice: first day, and the day it was taken down (None: not yet).
Hanging = tuple[dt.date, dt.date | None]


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """The length of a hearing, counting both ends.

    ``plain`` is the practice of cabinet papers (both ends count); ``strict`` leaves the
    first day out as Civil and Commercial Code s.193/3 would.
    """

    days: int
    needed: int

    @property
    def plain(self) -> bool:
        return self.days >= self.needed

    @property
    def strict(self) -> bool:
        return self.days >= self.needed + 1


def window(opens_on: dt.date, closes_on: dt.date, needed: int) -> CalendarWindow:
    """Measure a hearing against the number of days it needs."""
    return CalendarWindow(days_inclusive(opens_on, closes_on), needed)


def notice_days(posted_on: dt.date, opens_on: dt.date) -> int:
    """Return the days between posting and opening; negative if posted afterwards.

    Fewer than 15 is too short; exactly 15 stands only if the day of posting counts;
    16 stands either way (ข้อ 11; Civil and Commercial Code s.193/3).
    """
    return (opens_on - posted_on).days


def posted_since(hangings: Iterable[Hanging], opens_on: dt.date) -> dt.date | None:
    """Return since when a notice hung without a gap until the day before opening.

    A notice must hang *for* fifteen days: a gap starts the count anew.  None means that
    it did not hang on the day before opening at all.
    """
    needed = opens_on - dt.timedelta(days=1)
    since: dt.date | None = None
    for first, down in sorted(hangings, key=lambda h: h[0], reverse=True):
        last = needed if down is None else down - dt.timedelta(days=1)
        if first <= needed <= last:
            since = first if since is None else min(since, first)
            needed = first - dt.timedelta(days=1)
        elif since is not None and first <= needed and last >= needed:
            since, needed = first, first - dt.timedelta(days=1)
    return since


def latest_posting(
    channels: Sequence[str],
    hangings: Iterable[tuple[str, dt.date, dt.date | None]],
    opens_on: dt.date,
) -> dt.date | None:
    """Return the date on which the last of all ``channels`` had its notice up.

    All channels are required, so the latest counts; None while one is missing.
    """
    rows = list(hangings)
    since = [
        posted_since([(a, b) for c, a, b in rows if c == channel], opens_on)
        for channel in channels
    ]
    if not since or None in since:
        return None
    return max(day for day in since if day is not None)


def result_due(days: int | None, completed_on: dt.date | None) -> dt.date | None:
    """Return the last day on which results are in time.

    The day of completion is not counted (ข้อ 12; Civil and Commercial Code s.193/3).  A
    holiday at the end does not extend it for the agency; ``next_working_day`` gives the
    other date to show.  ``days`` None means that the profile fixes no number.
    """
    if days is None or completed_on is None:
        return None
    return completed_on + dt.timedelta(days=days)


def next_working_day(day: dt.date, holidays: Collection[dt.date] = ()) -> dt.date:
    """Return ``day``, or the first day after it that is neither weekend nor holiday."""
    while day.weekday() >= calendar.SATURDAY or day in holidays:
        day += dt.timedelta(days=1)
    return day


def _add_months(day: dt.date, months: int) -> dt.date:
    """Add months; a day that the month lacks becomes its last day (s.193/5)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def evaluation_due(commencement: dt.date) -> dt.date:
    """Return when a law must have been evaluated: 5 years after it took effect."""
    return _add_months(commencement, 60)


def evaluation_reminders(commencement: dt.date) -> tuple[dt.date, ...]:
    """Return the days to remind of an evaluation: 12, 6 and 3 months before."""
    due = evaluation_due(commencement)
    return tuple(_add_months(due, -months) for months in (12, 6, 3))


def subordinate_due(commencement: dt.date, *, extended: bool = False) -> dt.date:
    """Return when subordinate rules must exist: 2 years, 3 if the cabinet extends."""
    return _add_months(commencement, 36 if extended else 24)


def log_purge_from(entered_on: dt.date) -> dt.date:
    """Return the first day on which traffic data may go: day 91 (s.26)."""
    return entered_on + dt.timedelta(days=91)


def as_days(count: int) -> tuple[str, str]:
    """Print a number of days in Thai and English."""
    return f"{count} วัน", f"{count} day" if count == 1 else f"{count} days"
