"""Where in the admin each finding about a round is put right."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from consultations.models import Round
from consultations.statute import Finding

_DATES = ("draft-frozen", "window", "window-exact", "thirty-days")
#: Kind of row (round_forms.PREPARATIONS) -> names of the rules that adding one settles.
_ROWS = {
    "question": ("question",),
    "method": (
        "method",
        "other-method",
        "second-method",
        "treaty-method",
        "severe-heard",
    ),
    "session": ("sessions",),
    "document": ("comparison", "ria"),
    "posting": ("channels", "notice-days", "notice-exact"),
    "stakeholder": ("stakeholders",),
}


def place_of(finding: Finding, round: Round) -> str:
    """Return the address of the page where a finding can be put right."""
    name = finding.rule.id.partition("-")[2]
    draft = round.consultation.draft
    if name == "draft-frozen" and draft and not draft.versions.exists():
        return reverse("drafts_freeze", args=[draft.pk])
    # Until dates are chosen there is no day from which a notice could count.
    if name in _DATES or (name.startswith("notice") and round.opens_on is None):
        return reverse("desk_round_dates", args=[round.pk])
    for what, names in _ROWS.items():
        if name in names:
            return reverse("desk_round_add", args=[round.pk, what])
    return reverse("desk_consultation", args=[round.consultation_id])


def with_places(findings: Iterable[Finding], round: Round) -> list[tuple[Finding, str]]:
    """Put beside each finding the address where it is put right."""
    return [(finding, place_of(finding, round)) for finding in findings]
