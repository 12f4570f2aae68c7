"""Who may do what, and why not.  Decided here once; ``now`` is a parameter.

``ROLES_FOR`` is the whole table of staff rights inside an agency: a test walks it.
Superusers administer the installation but get no right over an agency's content
other than reading: rights come from ``AgencyMembership`` alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from comments import promises
from consultations.models import (
    AgencyMembership,
    AgencyPage,
    OfficeOfTwo,
    Role,
    Round,
    ThemeResponse,
)
from consultations.stages import Stage, stage_at

EDITOR, APPROVER = Role.EDITOR, Role.APPROVER
MODERATOR, AUDITOR = Role.MODERATOR, Role.AUDITOR


class Action(StrEnum):
    """Everything an official may do inside an agency."""

    VIEW_DESK = "desk.view"
    EDIT_DRAFT = "draft.edit"
    FREEZE_VERSION = "version.freeze"
    EDIT_CONSULTATION = "consultation.edit"
    ANNOUNCE = "round.announce"
    EXTEND = "round.extend"
    WITHDRAW = "round.withdraw"
    ASK = "round.ask"
    COMPLETE = "round.complete"
    SET_OFFICE = "agency.office"
    VIEW_SEALED = "comment.view_sealed"
    MODERATE = "comment.moderate"
    ENTER_OFFLINE = "comment.enter_offline"
    RUN_THEMES = "themes.run"
    EDIT_THEMES = "themes.edit"
    EDIT_ANSWER = "answer.edit"
    SIGN_ANSWER = "answer.sign"
    EDIT_REPORT = "report.edit"
    PUBLISH_REPORT = "report.publish"
    EXPORT = "comments.export"
    VIEW_AUDIT = "audit.view"


ROLES_FOR: dict[Action, frozenset[Role]] = {
    Action.VIEW_DESK: frozenset({EDITOR, APPROVER, MODERATOR, AUDITOR}),
    Action.EDIT_DRAFT: frozenset({EDITOR, APPROVER}),
    Action.FREEZE_VERSION: frozenset({EDITOR, APPROVER}),
    Action.EDIT_CONSULTATION: frozenset({EDITOR, APPROVER}),
    Action.ANNOUNCE: frozenset({APPROVER}),
    Action.EXTEND: frozenset({APPROVER}),
    Action.WITHDRAW: frozenset({APPROVER}),
    Action.ASK: frozenset({EDITOR, APPROVER}),
    Action.COMPLETE: frozenset({APPROVER}),
    Action.SET_OFFICE: frozenset({APPROVER}),
    Action.VIEW_SEALED: frozenset({MODERATOR}),
    Action.MODERATE: frozenset({MODERATOR}),
    Action.ENTER_OFFLINE: frozenset({EDITOR, MODERATOR}),
    Action.RUN_THEMES: frozenset({EDITOR, APPROVER}),
    Action.EDIT_THEMES: frozenset({EDITOR, APPROVER}),
    Action.EDIT_ANSWER: frozenset({EDITOR, APPROVER}),
    Action.SIGN_ANSWER: frozenset({APPROVER}),
    Action.EDIT_REPORT: frozenset({EDITOR, APPROVER}),
    Action.PUBLISH_REPORT: frozenset({APPROVER}),
    Action.EXPORT: frozenset({EDITOR, APPROVER, MODERATOR, AUDITOR}),
    Action.VIEW_AUDIT: frozenset({APPROVER, AUDITOR}),
}


def roles_of(user: Any, agency: AgencyPage | int) -> frozenset[Role]:
    """Return the roles a user has in an agency; one query."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    agency_id = agency if isinstance(agency, int) else agency.pk
    return frozenset(
        Role(role)
        for role in AgencyMembership.objects.filter(
            user=user, agency_id=agency_id
        ).values_list("role", flat=True)
    )


def position_of(user: Any, agency: AgencyPage | int) -> str:
    """Return the position in which an approver signs for an agency, "" if not given."""
    rows = AgencyMembership.objects.filter(user=user, agency=agency, role=APPROVER)
    return rows.values_list("position", flat=True).first() or ""


def may(user: Any, action: Action, agency: AgencyPage | int) -> bool:
    """Tell whether a user may do something in an agency."""
    return bool(roles_of(user, agency) & ROLES_FOR[action])


def agency_ids(user: Any, action: Action = Action.VIEW_DESK) -> list[int]:
    """Return the ids of the agencies in which a user may do something."""
    if not user.is_authenticated or not user.is_active:
        return []
    return list(
        AgencyMembership.objects.filter(user=user, role__in=ROLES_FOR[action])
        .values_list("agency_id", flat=True)
        .distinct()
    )


def office_people(agency: AgencyPage | int) -> int:
    """Return how many active accounts write or sign for an agency."""
    rows = AgencyMembership.objects.filter(
        agency=agency, role__in=[EDITOR, APPROVER], user__is_active=True
    )
    return rows.values("user").distinct().count()


def is_office_of_two(agency: AgencyPage | int) -> bool:
    """Tell whether an agency says that it has only two people, and has no more."""
    on = OfficeOfTwo.objects.filter(agency=agency, is_on=True).exists()
    return on and office_people(agency) <= 2


def wrote(user: Any, response: ThemeResponse) -> bool:
    """Tell whether someone wrote any of an answer."""
    last = response.changed_by_id == getattr(user, "pk", 0)
    return last or response.writers.filter(pk=getattr(user, "pk", 0)).exists()


def may_sign(user: Any, response: ThemeResponse, agency: AgencyPage | int) -> bool:
    """Decide whether an approver may sign an answer: not one they wrote any of.

    In an office of two the other person may have written some of it too, and nobody
    would be left: there it is allowed, and printed in the report.
    """
    return not wrote(user, response) or is_office_of_two(agency)


def may_publish_alone(user: Any, round: Round) -> bool:
    """Tell whether an approver signed none of the answers of a round's report.

    Who signed some of them asks, and another confirms (consultations/confirming.py).
    """
    answers = ThemeResponse.objects.filter(theme__round=round, signed_by=user)
    return not answers.exists()


class Window(StrEnum):
    """How a response that arrives now is taken."""

    NOT_YET = "not_yet"
    OPEN = "open"
    LATE = "late"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MayComment:
    """The answer to "may people comment on this round now?"."""

    window: Window
    why: str = ""

    @property
    def offers_form(self) -> bool:
        return self.window is Window.OPEN

    @property
    def is_received(self) -> bool:
        return self.window in {Window.OPEN, Window.LATE}


def stage_of(round: Round, *, now: dt.datetime) -> Stage:
    """Return a round's stage at ``now``, computed, not stored."""
    return stage_at(
        round.stage, opens_on=round.opens_on, closes_on=round.closes_on, now=now
    )


def may_comment(round: Round, *, now: dt.datetime) -> MayComment:
    """Decide the window once: open, late, or refused."""
    match stage_of(round, now=now):
        case Stage.OPEN:
            return MayComment(Window.OPEN)
        case Stage.CLOSED | Stage.ANALYSED:
            why = f"{_('ปิดรับฟังแล้ว')} {promises.pledge('late')}"
            return MayComment(Window.LATE, why)
        case Stage.REPORTED:
            return MayComment(Window.REFUSED, _("ประกาศผลแล้ว จึงรับความคิดเห็นเพิ่มไม่ได้"))
        case Stage.WITHDRAWN:
            return MayComment(Window.REFUSED, _("หน่วยงานถอนเรื่องนี้แล้ว"))
        case _:
            return MayComment(Window.NOT_YET, _("ยังไม่ถึงวันเปิดรับฟัง"))
