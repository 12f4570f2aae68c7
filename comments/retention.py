"""Erase who sent a response once its time is over (PDPA s. 37 (3); LEGAL basis 6.1).

What was said, covered, stays as an official record; a name that its owner chose to
publish stays where it was published.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from comments.models import Respondent
from drafts import audit

_BATCH = 500


@transaction.atomic
def respondents_erase(*, now: dt.datetime) -> int:
    """Erase up to 500 respondents whose ``retain_until`` has passed; return how many.

    Each erasure leaves an audit entry as its proof, without the data.
    """
    over = Respondent.objects.filter(retain_until__lt=now.date()).select_related(
        "submission"
    )
    rows = list(over.order_by("pk")[:_BATCH])
    for row in rows:
        audit.record(row.submission, "respondent.erased", until=row.retain_until)
        row.delete()
    return len(rows)
