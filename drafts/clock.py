"""The one clock.  Ask it, never ``timezone.now()``.

It stands on the lowest floor because every floor needs it (docs/adr/0003).  The
demo may move it by writing an offset in seconds to ``settings.DEMO_CLOCK_FILE``;
every process sees the move at once because the file is read anew when it changes.

A whole run of tests may be set to one moment with ``RAPFANG_TEST_NOW``, an ISO date and
time (``2028-02-29T00:30+07:00``): from there the clock goes on, in the process that
reads it first and in all that it starts.  Sessions, cookies and signatures are not
ours and keep real time.  Only test and demo settings look at it.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone


@lru_cache(maxsize=2)
def _offset_in(path: str, mtime_ns: int, size: int) -> dt.timedelta:
    return dt.timedelta(seconds=int(Path(path).read_text() or 0))


@lru_cache(maxsize=2)
def _offset_to(moment: str) -> dt.timedelta:
    """Return how far a run's moment lies from the real one at which the run began."""
    began = os.environ.setdefault("_RAPFANG_TEST_BEGAN", timezone.now().isoformat())
    given = dt.datetime.fromisoformat(moment)
    if timezone.is_naive(given):
        given = timezone.make_aware(given)
    return given - dt.datetime.fromisoformat(began)


def _set_by_run() -> dt.timedelta:
    return _offset_to(settings.TEST_NOW) if settings.TEST_NOW else dt.timedelta()


def offset() -> dt.timedelta:
    """Return how far the demo has moved the clock; zero outside the demo."""
    path = settings.DEMO_CLOCK_FILE
    if not path:
        return dt.timedelta()
    try:
        stat = Path(path).stat()
    except FileNotFoundError:
        return dt.timedelta()
    return _offset_in(str(path), stat.st_mtime_ns, stat.st_size)


def now() -> dt.datetime:
    """Return the present moment, aware, as this installation sees it."""
    return _set_by_run() + offset() + timezone.now()


def local_date(moment: dt.datetime) -> dt.date:
    """Return the date of an aware moment in Asia/Bangkok (the project's TIME_ZONE).

    The one way from a moment to a date: ``moment.date()`` gives the day before until
    seven in the morning, because moments come from the database in UTC.
    """
    return timezone.localdate(moment)


def today() -> dt.date:
    """Return the date in Asia/Bangkok."""
    return local_date(now())


def move(by: dt.timedelta) -> dt.timedelta:
    """Move the demo's clock and return the whole offset.

    Raises RuntimeError where the settings give no clock file (production, tests).
    """
    path = settings.DEMO_CLOCK_FILE
    if not path:
        message = "the clock can be moved in embedded settings only"
        raise RuntimeError(message)
    whole = offset() + by
    Path(path).write_text(str(int(whole.total_seconds())))
    return whole
