"""What an agency changed in its texts after it had announced them, for readers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from consultations import statute
from consultations.models import Consultation, ConsultationPage
from consultations.services.public_texts import ACTION
from drafts import clock
from drafts.languages import is_english
from drafts.models import AuditEntry


@dataclass(frozen=True, slots=True)
class EditedText:
    """One text: what it is called, its words before and after; "" for none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One day's change, as it was published."""

    day: dt.date
    texts: tuple[EditedText, ...]


def read_edits(consultation: Consultation) -> tuple[Edit, ...]:
    """Return every change of an announced text, the newest first; one query."""
    entries = AuditEntry.objects.filter(
        object_type=Consultation._meta.label_lower,
        object_id=str(consultation.pk),
        action=ACTION,
    ).order_by("-pk")
    return tuple(
        Edit(
            clock.local_date(entry.created_at),
            tuple(
                EditedText(_called(consultation, name), before, after)
                for name, (before, after) in entry.data["texts"].items()
            ),
        )
        for entry in entries
    )


def _called(consultation: Consultation, name: str) -> str:
    field, _dot, item_id = name.partition(".")
    if item_id:
        for item in statute.profile_of(consultation.legal_basis).items:
            if item.id == item_id:
                return item.en if is_english() else item.th
    model = Consultation if hasattr(Consultation, field) else ConsultationPage
    return str(model._meta.get_field(field).verbose_name)
