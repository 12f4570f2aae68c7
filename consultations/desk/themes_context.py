"""What the pages of the workbench share."""

from __future__ import annotations

from consultations.models import Round
from drafts.models import Provision


def sections_of(round: Round) -> list[tuple[int, str]]:
    rows = Provision.objects.filter(version=round.version_id).exclude(kind="division")
    return [(row.pk, str(row)[:60]) for row in rows.only("label", "heading", "eid")]
