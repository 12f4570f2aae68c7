"""When results are due, when they were told, and how late that is."""

from __future__ import annotations

import datetime as dt

from consultations.statute import dates
from consultations.statute.facts import Facts
from consultations.statute.profiles import profile_of


def due_on(facts: Facts) -> dt.date | None:
    """Return the last day on which results are in time; None where none is set."""
    return dates.result_due(profile_of(facts.profile).result_days, facts.completed_on)


def told_on(facts: Facts) -> dt.date | None:
    """Return when the results hung on every required channel; None until they do."""
    published = facts.report.published_on if facts.report else None
    if published is None:
        return None
    days = [published]
    for channel in profile_of(facts.profile).channels:
        own = [
            p.posted_on
            for p in facts.report_postings
            if p.channel == channel and p.evidence
        ]
        if not own:
            return None
        days.append(min(own))
    return max(days)


def days_late(facts: Facts) -> int:
    """Return how many days past due the results were told, or still are not; or 0."""
    due = due_on(facts)
    return max(0, ((told_on(facts) or facts.today) - due).days) if due else 0
