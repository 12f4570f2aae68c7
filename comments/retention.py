"""Erase who sent a response once its time is over (PDPA s. 37 (3); docs/thai-law.md).

How long is the row ``name`` of ``comments.promises``.  What was said, its hashes and
the counts stay as an official record; a name that its owner chose to publish stays
where it was published, unless they ask for it to go when they withdraw.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from comments import promises
from comments.models import Respondent, Submission
from drafts import audit, clock, outbox

_BATCH = 500


def _before(day: dt.date, years: int) -> dt.date:
    """Return the day after the last one whose time of so many years is over."""
    try:
        return day.replace(year=day.year - years)
    except (
        ValueError
    ):  # 29 February: the time of the 28th is over, that of March is not
        return dt.date(day.year - years, 3, 1)


def respondents_over(*, today: dt.date) -> QuerySet[Respondent]:
    """Return those whose last day of keeping lies before ``today``.

    Time runs from the day on which results were first published, in Bangkok, or from
    the last day of the round where none are.
    """
    keep = promises.TABLE["name"].keep
    midnight = dt.datetime.combine(
        _before(today, keep.results), dt.time(), timezone.get_default_timezone()
    )
    rounds = Submission._meta.get_field("round").related_model.objects
    over = rounds.annotate(results=Min("reports__published_at")).filter(
        Q(results__lt=midnight)
        | Q(results=None, closes_on__lt=_before(today, keep.closing))
    )
    return Respondent.objects.filter(submission__round__in=over)


@transaction.atomic
def respondents_erase(*, now: dt.datetime) -> int:
    """Erase up to 500 respondents whose time is over; return how many.

    Each erasure leaves an audit entry as its proof, without the data.
    """
    over = respondents_over(today=clock.local_date(now)).select_related("submission")
    rows = list(over.order_by("pk")[:_BATCH])
    for row in rows:
        audit.record(row.submission, "respondent.erased", because="time")
        row.delete()
    return len(rows)


@transaction.atomic
def respondent_erase(*, submission: Submission) -> None:
    """Erase who sent a response because they ask; names beside its texts go too."""
    if not Respondent.objects.filter(submission=submission).delete()[0]:
        return
    submission.comments.update(public_name="", public_kind="")
    audit.record(submission, "respondent.erased", because="asked")
    outbox.emit("comment", submission.comments.values_list("pk", flat=True))
