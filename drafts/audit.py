"""The one way to write down what was done, by whom."""

from __future__ import annotations

from typing import Any

from django.db import models

from drafts import clock
from drafts.models import AuditEntry


def entries_of(obj: models.Model, action: str) -> models.QuerySet[AuditEntry]:
    """Return what was written down of one kind of act on ``obj``, newest first."""
    rows = AuditEntry.objects.filter(action=action, object_id=str(obj.pk))
    return rows.filter(object_type=obj._meta.label_lower).order_by("-pk")


def record(
    obj: models.Model, action: str, *, by: Any = None, **data: Any
) -> AuditEntry:
    """Append an audit entry about ``obj``; call it inside the change's transaction.

    ``by`` is the user, or None for the system.  ``data`` must hold no personal data
    of respondents.
    """
    return AuditEntry.objects.create(
        actor=by,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        data=data,
        created_at=clock.now(),
    )
