"""Whether a version changes other laws, and where that is shown."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from consultations.reading.selectors.rounds import RoundHead
from drafts.models import TargetClause


def comparison_url(head: RoundHead, name: str = "comparison") -> str:
    """Return the address of the comparison (or ``consolidated``) of a version."""
    if head.is_current:
        return reverse(f"consultations:{name}", args=[head.slug])
    return reverse(
        f"consultations:{name}_version", args=[head.slug, head.version_number]
    )


def clauses_of(version_id: int) -> QuerySet[TargetClause]:
    """Return what a version changes, in the order of the bill."""
    return TargetClause.objects.filter(version_id=version_id).order_by(
        "provision__order"
    )


def is_amending(version_id: int) -> bool:
    """Tell whether a version changes other laws; one query."""
    return clauses_of(version_id).exists()
