"""The reading queue: what the machine was least sure of, and nobody has looked at."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from comments.models import Source, Theme, ThemeAssignment
from comments.themes.selectors import COUNTED, said_about


def queue(round: Any, *, section: int | None = None) -> QuerySet[ThemeAssignment]:
    """Return places of the machine in themes not signed yet, least certain first.

    What a person confirms or moves leaves the queue: its source is the person.
    """
    rows = ThemeAssignment.objects.filter(
        COUNTED,
        round=round,
        source=Source.MACHINE,
        margin__isnull=False,
        theme__status=Theme.Status.PROPOSED,
    )
    if section:
        rows = rows.filter(said_about(section, "comment__"))
    return rows.select_related(
        "comment__provision",
        "comment__question",
        "comment__submission",
        "assigned_by",
        "theme",
    ).order_by("margin", "pk")
