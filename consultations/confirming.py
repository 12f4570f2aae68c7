"""One account asks, another with the right confirms: and only then is it done.

For announcing, extending, withdrawing and publishing.  What was asked for is hashed
together with all that the act would make public, so that a change in between makes the
request stale: whoever confirms confirms what was asked, or nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import ModerationEvent, ThemeEvent
from comments.themes.events import person_name
from consultations import policies
from consultations.errors import ConsultationError, TooLateError
from consultations.models import (
    ConfirmationRequest,
    ReportStatus,
    ResponseReport,
    Round,
    ThemeResponse,
)
from consultations.policies import Action
from consultations.report import publication
from consultations.report.services import TEXTS, report_check
from consultations.services import (
    PAGE_FIELDS,
    round_announce,
    round_extend,
    round_lock,
    round_withdraw,
)
from drafts import audit
from drafts.thai_dates import thai_datetime

Kind, Outcome = ConfirmationRequest.Act, ConfirmationRequest.Outcome


@dataclass(frozen=True, slots=True)
class _Act:
    """``right``: who confirms.  ``touches``: all that the act makes public.

    ``check(round, by, now, **payload)`` raises what stands against the act, outside
    the transaction in which ``do`` with the same arguments does it.
    """

    right: Action
    touches: Callable[[Round], object]
    do: Callable[..., object]
    check: Callable[..., object]


def _tried(do: Callable[..., object]) -> Callable[..., None]:
    """Check an act by doing it in a transaction that is rolled back.

    By nobody: who asks may lack the right to do it.
    """

    def check(**given: Any) -> None:
        with transaction.atomic():
            do(**given | {"by": None})
            transaction.set_rollback(True)

    return check


def _prepared(round: Round) -> object:
    consultation = round.consultation
    page = consultation.page.get_latest_revision_as_object()
    rows = [consultation]
    for prepared in (round.questions, round.methods, round.sessions, round.postings,
                     round.stakeholder_notices, consultation.documents,
                     consultation.milestones):  # fmt: skip
        rows += prepared.order_by("pk")
    notice = [round.notice.text] if hasattr(round, "notice") else []
    return [
        [round.version_id, round.opens_on, round.closes_on, round.completed_on],
        [getattr(page, name) for name in PAGE_FIELDS],
        serializers.serialize("python", rows),
        notice,
    ]


def _draft(round: Round) -> ResponseReport | None:
    return ResponseReport.objects.filter(round=round, status=ReportStatus.DRAFT).first()


def _decided(round: Round) -> object:
    """Return what people decided of a report.  Comments that come late change none."""
    draft = _draft(round)
    own = {"theme__round": round}
    answers = ThemeResponse.objects.filter(**own).order_by("pk")
    hidden = ModerationEvent.objects.filter(comment__round=round).order_by("-pk")
    themes = ThemeEvent.objects.filter(round=round).order_by("-number")
    return [
        _prepared(round),
        draft and [draft.number, *(getattr(draft, name) for name in TEXTS)],
        list(answers.values_list("pk", "revision", "signed_by")),
        hidden.values_list("pk", flat=True).first(),
        themes.values_list("number", flat=True).first(),
    ]


def _extend(*, round: Round, closes_on: str, **given: Any) -> object:
    day = dt.date.fromisoformat(closes_on)
    return round_extend(round=round, closes_on=day, **given)


def _check_report(*, round: Round, by: Any, now: dt.datetime) -> None:
    draft = _draft(round)
    if draft is None:
        raise ConsultationError(_("ไม่มีร่างรายงานที่รอประกาศ"), code="no_draft")
    report_check(report=draft, now=now)


def _publish(*, round: Round, by: Any, now: dt.datetime) -> object:
    return publication.publication_begin(report=_draft(round), by=by, now=now)


ACTS: dict[str, _Act] = {
    Kind.ANNOUNCE: _Act(
        Action.ANNOUNCE, _prepared, round_announce, _tried(round_announce)
    ),
    Kind.EXTEND: _Act(
        Action.EXTEND, lambda round: round.closes_on, _extend, _tried(_extend)
    ),
    Kind.WITHDRAW: _Act(
        Action.WITHDRAW, lambda round: round.pk, round_withdraw, _tried(round_withdraw)
    ),
    Kind.PUBLISH: _Act(Action.PUBLISH_REPORT, _decided, _publish, _check_report),
}


def _hash(round: Round, act: str, payload: dict[str, Any]) -> str:
    asked = [act, payload, ACTS[act].touches(round)]
    told = json.dumps(asked, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def is_stale(request: ConfirmationRequest) -> bool:
    """Tell whether what was asked for is no longer what would be done."""
    round = Round.objects.get(pk=request.round_id)
    return request.sha256 != _hash(round, request.act, request.payload)


def _day(payload: dict[str, Any]) -> dt.date | None:
    day = payload.get("closes_on")
    return dt.date.fromisoformat(day) if day else None


def right_of(request: ConfirmationRequest) -> Action:
    """Return what is needed to confirm a request."""
    return ACTS[request.act].right


def asked_of(round: Round, user: Any, **only: Any) -> list[ConfirmationRequest]:
    """Return the requests of a round, the newest first, as ``user`` sees them.

    Each has ``waits``, ``is_stale``, ``is_own``, ``may_confirm``, ``closes_on`` and
    ``why`` (the reason that was given for what is asked).
    """
    roles = policies.roles_of(user, round.consultation.agency_id)
    rows = round.confirmation_requests.filter(**only).select_related(
        "asked_by", "decided_by"
    )
    found = list(rows.order_by("-pk"))
    for row in found:
        row.waits = row.outcome == Outcome.WAITING
        row.is_stale = row.waits and is_stale(row)
        row.is_own = row.asked_by_id == user.pk
        may = roles & policies.ROLES_FOR[right_of(row)]
        row.may_confirm = row.waits and not row.is_own and bool(may)
        row.closes_on = _day(row.payload)
        row.why = row.payload.get("reason", "")
    return found


def _refuse(user: Any, action: Action, round: Round) -> None:
    if not policies.may(user, action, round.consultation.agency_id):
        raise ConsultationError(
            _("บทบาทของคุณในหน่วยงานนี้ไม่มีสิทธิทำรายการนี้"), code="not_allowed"
        )


def request_ask(
    *,
    round: Round,
    act: str,
    by: Any,
    now: dt.datetime,
    revision: str | None = None,
    **payload: Any,
) -> ConfirmationRequest:
    """Ask that an act be done; it is checked now as it will be when confirmed.

    ``revision`` is what of the round the asker saw (Outdated where it changed since).
    Raises what the act itself raises, ``not_allowed``, and ``asked`` while the same
    act waits already; a waiting request that went stale makes room.
    """
    _refuse(by, Action.ASK, round)
    payload = json.loads(json.dumps(payload, cls=DjangoJSONEncoder))
    seen = {} if revision is None else {"revision": revision}
    ACTS[act].check(round=round, by=by, now=now, **payload, **seen)
    with transaction.atomic():
        round = round_lock(round)
        waiting = round.confirmation_requests.filter(act=act, outcome=Outcome.WAITING)
        for before in waiting.select_for_update(of=("self",)):
            if not is_stale(before):
                error = TooLateError(
                    _("%(who)s ขอรายการนี้ไว้แล้วเมื่อ %(when)s ให้ยืนยันหรือถอนคำขอนั้นก่อน")
                    % {
                        "who": person_name(before.asked_by),
                        "when": thai_datetime(before.asked_at),
                    },
                    code="asked",
                )
                error.current = {**before.payload, "closes_on": _day(before.payload)}
                raise error
            _decide(before, Outcome.STALE, by=None, now=now)
        request = ConfirmationRequest.objects.create(
            round=round,
            act=act,
            payload=payload,
            sha256=_hash(round, act, payload),
            asked_by=by,
            asked_at=now,
        )
        said = {"round": round.pk, "act": act, **payload}
        audit.record(request, "request.asked", by=by, **said)
    return request


def _waiting(request: ConfirmationRequest, *, lock: bool = True) -> ConfirmationRequest:
    rows = ConfirmationRequest.objects.select_related("round__consultation")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.get(pk=request.pk)
    if found.outcome != Outcome.WAITING:
        raise TooLateError(
            _("คำขอนี้สิ้นสุดแล้ว: %s") % found.get_outcome_display(), code="decided"
        )
    return found


def _decide(
    request: ConfirmationRequest,
    outcome: str,
    *,
    by: Any,
    now: dt.datetime,
    reason: str = "",
) -> None:
    request.outcome, request.reason = outcome, reason
    request.decided_by, request.decided_at = by, now
    request.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])
    audit.record(
        request,
        f"request.{outcome}",
        by=by,
        round=request.round_id,
        act=request.act,
        asked_by=request.asked_by_id,
        **({"reason": reason} if reason else {}),
    )


def request_confirm(
    *, request: ConfirmationRequest, by: Any, now: dt.datetime
) -> ConfirmationRequest:
    """Confirm what another account asked for, and do it; the act is ``by``'s.

    Raises what the act raises, ``decided``, ``not_allowed``, ``own_request``, and
    TooLateError when something changed since it was asked (the request ends with that).
    """
    act, round = ACTS[request.act], _waiting(request, lock=False).round
    _refuse(by, act.right, round)
    if request.asked_by_id == by.pk:
        raise ConsultationError(
            _("คุณเป็นผู้ขอ จึงยืนยันเองไม่ได้ ให้ผู้อนุมัติอีกคนยืนยัน"), code="own_request"
        )
    given = {"by": by, "now": now, **request.payload}
    stale = is_stale(request)
    if not stale:
        act.check(round=round, **given)
    with transaction.atomic():
        round = round_lock(round)
        request = _waiting(request)
        stale = stale or is_stale(request)
        if not stale:
            act.do(round=round, **given)
        outcome = Outcome.STALE if stale else Outcome.CONFIRMED
        _decide(request, outcome, by=None if stale else by, now=now)
    if stale:
        raise TooLateError(
            _("สิ่งที่ขอเปลี่ยนไปหลังจากที่ขอ จึงยังไม่ได้ทำ ให้ตรวจแล้วขอใหม่"), code="stale"
        )
    return request


@transaction.atomic
def request_decline(
    *, request: ConfirmationRequest, by: Any, now: dt.datetime, reason: str = ""
) -> ConfirmationRequest:
    """End a request without doing it: taken back by who asked, else declined.

    Who declines has the right to confirm, and says why.
    """
    request = _waiting(request)
    if request.asked_by_id == by.pk:
        _decide(request, Outcome.TAKEN_BACK, by=by, now=now, reason=reason.strip())
        return request
    _refuse(by, ACTS[request.act].right, request.round)
    if not reason.strip():
        raise ConsultationError(_("โปรดบอกเหตุผลที่ไม่ยืนยัน"), code="reason")
    _decide(request, Outcome.DECLINED, by=by, now=now, reason=reason.strip())
    return request
