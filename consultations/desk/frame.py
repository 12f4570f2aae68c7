"""The frame of the process's desks: the trail to a round, its tabs, who may what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import policies
from consultations.models import Round
from consultations.policies import Action
from consultations.stages import Stage
from drafts import clock
from drafts.desk import Frame

FRAME = Frame("consultations/desk", "desk_rounds", gettext_lazy("การรับฟัง"), "group")


def round_crumb(round: Round) -> tuple[str, str]:
    """Return the crumb that leads to a round."""
    title = _("%(title)s รอบที่ %(n)d") % {
        "title": round.consultation.title[:60],
        "n": round.number,
    }
    return reverse("desk_round", args=[round.pk]), title


@dataclass(frozen=True, slots=True)
class RoundDesk:
    """One tab of a round (``code`` of templatetags/desk.py), its templates' folder too.

    ``always`` and ``while_open`` name what the templates ask: may_x -> the action that
    it needs; those of ``while_open`` end when the results are out or it is withdrawn.
    """

    code: str
    folder: str
    always: Mapping[str, Action] = field(default_factory=dict)
    while_open: Mapping[str, Action] = field(default_factory=dict)

    def show(
        self,
        request: HttpRequest,
        round: Round,
        template: str,
        title: str,
        /,
        *,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """Write a page of this tab."""
        shown = {"round": round, "desk": self.code, **context}
        shown |= self._rights(request, round)
        name = f"{self.folder}/{template}"
        crumb = round_crumb(round)
        return FRAME.show(
            request, name, title, crumb, status=status, style="desk", **shown
        )

    def _rights(self, request: HttpRequest, round: Round) -> dict[str, Any]:
        roles = policies.roles_of(request.user, round.consultation.agency_id)
        stage = policies.stage_of(round, now=clock.now())
        is_over = stage in {Stage.REPORTED, Stage.WITHDRAWN}
        may = {n: bool(roles & policies.ROLES_FOR[a]) for n, a in self.always.items()}
        may |= {
            name: not is_over and bool(roles & policies.ROLES_FOR[action])
            for name, action in self.while_open.items()
        }
        return {"stage": stage, "is_reported": is_over, **may}


THEMES = RoundDesk(
    "themes",
    "themes",
    always={"may_export": Action.EXPORT},
    while_open={"may_edit": Action.EDIT_THEMES, "may_run": Action.RUN_THEMES},
)
ANSWERS = RoundDesk(
    "answers",
    "answers",
    while_open={"may_edit": Action.EDIT_ANSWER, "may_sign": Action.SIGN_ANSWER},
)
AUDIT = RoundDesk("audit", "audit", while_open={"may_draw": Action.EDIT_THEMES})
MODERATION = RoundDesk(
    "moderation",
    "moderation",
    always={
        "may_moderate": Action.MODERATE,
        "may_unseal": Action.VIEW_SEALED,
        "may_enter": Action.ENTER_OFFLINE,
    },
)
REPORT = RoundDesk(
    "report",
    "report",
    always={"may_edit": Action.EDIT_REPORT, "may_ask": Action.ASK},
)
