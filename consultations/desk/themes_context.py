"""What the pages of the workbench share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from comments.themes.errors import ConflictError
from consultations import policies
from consultations.models import Round
from consultations.policies import Action
from consultations.stages import Stage
from drafts import clock
from drafts.errors import RapfangError
from drafts.models import Provision

FOLDER = "consultations/desk/themes"


def error_status(error: RapfangError) -> int:
    """Return 409 where a colleague was first, 400 otherwise."""
    return 409 if isinstance(error, ConflictError) else 400


def themes_context(request: HttpRequest, round: Round, **more: Any) -> dict[str, Any]:
    agency = round.consultation.agency_id
    stage = policies.stage_of(round, now=clock.now())
    open_ = stage not in {Stage.REPORTED, Stage.WITHDRAWN}
    roles = policies.roles_of(request.user, agency)
    return {
        "round": round,
        "desk": "themes",
        "stage": stage,
        "may_edit": open_ and bool(roles & policies.ROLES_FOR[Action.EDIT_THEMES]),
        "may_run": open_ and bool(roles & policies.ROLES_FOR[Action.RUN_THEMES]),
        "may_export": bool(roles & policies.ROLES_FOR[Action.EXPORT]),
        "is_reported": not open_,
        **more,
    }


def sections_of(round: Round) -> list[tuple[int, str]]:
    rows = Provision.objects.filter(version=round.version_id).exclude(kind="division")
    return [(row.pk, str(row)[:60]) for row in rows.only("label", "heading", "eid")]
