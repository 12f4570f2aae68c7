"""The stages of a round and the one table of what may follow what.  No Django.

Open or closed is always computed from the clock; the stored stage follows, so a
scheduler that is down changes nothing a citizen sees.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


class Stage(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    ANALYSED = "analysed"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"


#: stage -> stages that may follow it.
TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.ANNOUNCED}),
    Stage.ANNOUNCED: frozenset({Stage.OPEN, Stage.WITHDRAWN}),
    Stage.OPEN: frozenset({Stage.CLOSED, Stage.WITHDRAWN}),
    Stage.CLOSED: frozenset({Stage.ANALYSED, Stage.REPORTED, Stage.WITHDRAWN}),
    Stage.ANALYSED: frozenset({Stage.REPORTED, Stage.WITHDRAWN}),
    Stage.REPORTED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}

#: Stages that the public may see.
PUBLIC = frozenset(Stage) - {Stage.DRAFT}
#: Stages after the hearing, in which results are awaited, told or told anew.
OVER = frozenset({Stage.CLOSED, Stage.ANALYSED, Stage.REPORTED})
#: Stages that follow from dates alone.
BY_CLOCK = frozenset({Stage.ANNOUNCED, Stage.OPEN, Stage.CLOSED})


def opening(opens_on: dt.date) -> dt.datetime:
    """Return the moment a window opens: 00:00 of its first day, Asia/Bangkok."""
    return dt.datetime.combine(opens_on, dt.time(), BANGKOK)


def closing(closes_on: dt.date) -> dt.datetime:
    """Return the moment a window closes: 00:00 after its last day, Asia/Bangkok."""
    return dt.datetime.combine(closes_on + dt.timedelta(days=1), dt.time(), BANGKOK)


def stage_at(
    stored: Stage | str,
    *,
    opens_on: dt.date | None,
    closes_on: dt.date | None,
    now: dt.datetime,
) -> Stage:
    """Return the stage at ``now``, whatever the scheduler has or has not done yet."""
    stage = Stage(stored)
    if stage not in BY_CLOCK or opens_on is None or closes_on is None:
        return stage
    if now < opening(opens_on):
        return Stage.ANNOUNCED
    if now < closing(closes_on):
        return Stage.OPEN
    return Stage.CLOSED


def may_follow(before: Stage | str, after: Stage | str) -> bool:
    """Tell whether ``after`` may follow ``before``."""
    return Stage(after) in TRANSITIONS[Stage(before)]


def days_left(closes_on: dt.date, *, today: dt.date) -> int:
    """Return the days left including today; 1 on the last day, 0 once closed."""
    return max(0, (closes_on - today).days + 1)


def days_inclusive(opens_on: dt.date, closes_on: dt.date) -> int:
    """Return the length of a window counting both ends (docs/thai-law.md, Days)."""
    return (closes_on - opens_on).days + 1
