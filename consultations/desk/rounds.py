"""The desk of consultations and rounds: prepare, announce, extend, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import confirming, policies, preparing, services
from consultations.compliance import compliance_of, compliance_of_rounds
from consultations.desk import round_forms
from consultations.desk.access import agency_view, desk_view
from consultations.desk.frame import FRAME, round_crumb
from consultations.models import (
    AgencyPage,
    Consultation,
    ConsultationDocument,
    Evidence,
    HearingMethod,
    HearingSession,
    Milestone,
    Posting,
    Round,
    StageChoices,
    StakeholderNotice,
)
from consultations.policies import Action
from consultations.stages import Stage
from consultations.statute import Moment
from drafts import clock
from drafts.desk import PER_PAGE, posted
from drafts.errors import RapfangError
from drafts.revisions import tried

#: Kind of record (round_forms.PREPARATIONS) -> its rows and what they are ordered by.
_RECORDS: dict[str, tuple[type[Evidence], str]] = {
    "method": (HearingMethod, "pk"),
    "session": (HearingSession, "held_on"),
    "document": (ConsultationDocument, "pk"),
    "posting": (Posting, "posted_on"),
    "stakeholder": (StakeholderNotice, "sent_on"),
    "milestone": (Milestone, "due_on"),
    "done": (Milestone, "done_on"),
}


def _show(
    request: HttpRequest, template: str, title: str, *crumbs: Any, **context: Any
) -> HttpResponse:
    return FRAME.show(
        request, f"rounds/{template}", title, *crumbs, desk="round", **context
    )


@desk_view()
def index(request: HttpRequest, agency_ids: list[int]) -> HttpResponse:
    """List the rounds of the user's agencies, newest first."""
    rounds = (
        Round.objects.filter(consultation__agency__in=agency_ids)
        .select_related("consultation__agency", "version")
        .order_by("-pk")
    )
    now = clock.now()
    page = Paginator(rounds, PER_PAGE).get_page(request.GET.get("p"))
    law = compliance_of_rounds(page.object_list, now=now)
    for round in page:
        round.law = law[round.pk]
        round.shown_stage = StageChoices(round.law.stage).label
    editable = policies.agency_ids(request.user, Action.EDIT_CONSULTATION)
    agencies = AgencyPage.objects.filter(pk__in=editable).order_by("title")
    set_by = policies.agency_ids(request.user, Action.SET_OFFICE)
    offices = AgencyPage.objects.filter(pk__in=set_by).order_by("title")
    return _show(
        request, "index", _("ทั้งหมด"), page=page, agencies=agencies, offices=offices
    )


@agency_view(Action.EDIT_CONSULTATION)
def consultation_add(request: HttpRequest, agency: AgencyPage) -> HttpResponse:
    """Make a consultation, its page and its first round in one form."""
    form = round_forms.ConsultationForm(posted(request), agency=agency)
    made: list[Consultation] = []

    def make(_data: dict[str, Any]) -> None:
        values = form.changes()
        del values["revision"]  # there was nothing to see
        waiver = values.pop("waiver")
        made[:] = [
            services.consultation_create(agency=agency, by=request.user, **values)
        ]
        if waiver:
            services.consultation_change(
                consultation=made[0], by=request.user, waiver=waiver
            )

    if status := tried(form, make):
        return _show(request, "form", _("สร้างการรับฟัง"), form=form, status=status)
    messages.success(request, _("สร้างแล้ว ยังไม่มีใครเห็น ขั้นต่อไปคือข้อมูลที่ฐานกฎหมายกำหนด"))
    return redirect("desk_consultation", made[0].pk)


@agency_view(Action.SET_OFFICE)
def office(request: HttpRequest, agency: AgencyPage) -> HttpResponse:
    """Say that the agency has only two people who write and sign, or no longer so."""
    form = round_forms.OfficeForm(
        posted(request), stands=services.office_values(agency)
    )
    if status := tried(
        form,
        lambda data: services.office_of_two_set(
            agency=agency, by=request.user, now=clock.now(), **data
        ),
    ):
        title = _("หน่วยงานที่มีสองคน: %s") % agency.title
        return _show(request, "form", title, form=form, status=status)
    messages.success(request, _("บันทึกแล้ว"))
    return redirect("desk_rounds")


@agency_view(Action.VIEW_DESK, change=Action.EDIT_CONSULTATION)
def consultation_edit(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Correct what the consultation says and what its legal basis wants published."""
    form = round_forms.ConsultationForm(
        posted(request), agency=consultation.agency, consultation=consultation
    )
    last = consultation.rounds.order_by("-number").first()
    if status := tried(
        form,
        lambda _data: services.consultation_change(
            consultation=consultation, by=request.user, **form.changes()
        ),
    ):
        return _show(
            request,
            "form",
            _("ข้อมูลการรับฟัง"),
            round_crumb(last),
            form=form,
            round=last,
            status=status,
            may_change=policies.may(
                request.user, Action.EDIT_CONSULTATION, consultation.agency_id
            ),
        )
    messages.success(request, _("บันทึกแล้ว"))
    return redirect("desk_consultation", consultation.pk)


@agency_view(Action.VIEW_DESK)
def round_detail(request: HttpRequest, round: Round) -> HttpResponse:
    """Show a round: its stage, what is missing, what is prepared, what may be done."""
    now = clock.now()
    stage = policies.stage_of(round, now=now)
    at = Moment.ANNOUNCE if stage is Stage.DRAFT else Moment.WATCH
    law = compliance_of(round, now=now, at=at)
    may = {
        action.name.lower(): policies.may(
            request.user, action, round.consultation.agency_id
        )
        for action in (
            Action.EDIT_CONSULTATION,
            Action.ASK,
            Action.COMPLETE,
        )
    }
    return _show(
        request,
        "round",
        round_crumb(round)[1],
        round=round,
        stage=stage.value,
        stage_label=StageChoices(stage).label,
        may=may,
        requests=confirming.asked_of(round, request.user),
        law=law,
        findings=law.findings,
        blocked=law.blocks,
        prepared=[
            (name, title, list(_prepared(round, name)), _way_out(round, name))
            for name, (title, _form) in round_forms.PREPARATIONS.items()
        ],
        is_last=not round.consultation.rounds.filter(number__gt=round.number).exists(),
    )


def _prepared(round: Round, name: str) -> QuerySet[Any] | list[Any]:
    """Return what there is of one kind, struck entries too."""
    if name == "question":
        return round.questions.all()
    if name == "notice":
        notice = getattr(round, "notice", None)
        return [notice] if notice and notice.text else []
    model, order = _RECORDS[name]
    rows = model.all_of(round).select_related("struck_by").order_by(order, "pk")
    if name in {"milestone", "done"}:
        rows = rows.filter(done_on__isnull=name == "milestone")
    return rows


def _way_out(round: Round, name: str) -> str:
    """Return how a wrong entry of a kind goes: "remove", "strike" or not at all."""
    if name in {"question", "notice"}:
        is_free = name == "question" and round.stage == Stage.DRAFT
        return "remove" if is_free else ""
    relied_on = preparing.is_relied_on(_RECORDS[name][0], round)
    return "strike" if relied_on else "remove"


def _round_action(  # noqa: PLR0917
    request: HttpRequest,
    round: Round,
    title: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    done: str,
    **context: Any,
) -> HttpResponse:
    """Show a form; on a valid POST act, and come back to the round."""
    if status := tried(form, act):
        return _show(
            request,
            "form",
            title,
            round_crumb(round),
            form=form,
            round=round,
            may_change=True,
            status=status,
            **context,
        )
    messages.success(request, done)
    return redirect("desk_round", round.pk)


@agency_view(Action.EDIT_CONSULTATION)
def round_dates(request: HttpRequest, round: Round) -> HttpResponse:
    """Choose the frozen version and the dates."""
    form = round_forms.DatesForm(posted(request), round=round)
    return _round_action(
        request,
        round,
        _("ฉบับและวัน"),
        form,
        lambda data: services.round_prepare(round=round, by=request.user, **data),
        _("บันทึกแล้ว"),
    )


def _ask(request: HttpRequest, round: Round, act: str, **payload: Any) -> None:
    confirming.request_ask(
        round=round, act=act, by=request.user, now=clock.now(), **payload
    )


@agency_view(Action.ASK)
def round_announce(request: HttpRequest, round: Round) -> HttpResponse:
    """Ask to announce, after the list of what blocks and what to look at."""
    form = round_forms.AnnounceForm(posted(request))
    law = compliance_of(round, now=clock.now(), at=Moment.ANNOUNCE)
    return _round_action(
        request,
        round,
        _("ประกาศรับฟัง"),
        form,
        lambda _data: _ask(request, round, "announce"),
        _("ส่งคำขอแล้ว รอผู้อนุมัติอีกคนยืนยัน"),
        findings=law.findings,
        submit=_("ขอประกาศรับฟัง"),
    )


@agency_view(Action.ASK)
def round_extend(request: HttpRequest, round: Round) -> HttpResponse:
    """Ask to move the last day later."""
    form = round_forms.ExtendForm(posted(request), round=round)
    return _round_action(
        request,
        round,
        _("ขยายเวลา"),
        form,
        lambda data: _ask(request, round, "extend", **data),
        _("ส่งคำขอแล้ว รอผู้อนุมัติอีกคนยืนยัน"),
        submit=_("ขอขยายเวลา"),
    )


@agency_view(Action.ASK)
def round_withdraw(request: HttpRequest, round: Round) -> HttpResponse:
    """Ask to withdraw with a reason that the public reads."""
    form = round_forms.WithdrawForm(posted(request), round=round)
    return _round_action(
        request,
        round,
        _("ถอนเรื่อง"),
        form,
        lambda data: _ask(
            request,
            round,
            "withdraw",
            reason=data["reason"],
            revision=data["revision"],
        ),
        _("ส่งคำขอแล้ว รอผู้อนุมัติอีกคนยืนยัน"),
        submit=_("ขอถอนเรื่อง"),
        serious=True,
    )


@agency_view(Action.COMPLETE)
def round_complete(request: HttpRequest, round: Round) -> HttpResponse:
    """Record the day on which the hearing was completed."""
    form = round_forms.CompleteForm(posted(request), round=round)
    return _round_action(
        request,
        round,
        _("วันเสร็จสิ้น"),
        form,
        lambda data: services.round_complete(round=round, by=request.user, **data),
        _("บันทึกแล้ว"),
    )


@require_POST
@agency_view(Action.EDIT_CONSULTATION)
def round_new(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Begin another round for changed text."""
    try:
        round = services.round_new(consultation=consultation, by=request.user)
    except RapfangError as error:
        messages.error(request, error.message)
        round = consultation.rounds.order_by("-number").first()
    else:
        messages.success(request, _("สร้างรอบใหม่แล้ว โปรดเลือกฉบับและวัน"))
    return redirect("desk_round", round.pk)


@agency_view(Action.EDIT_CONSULTATION)
def preparation_add(request: HttpRequest, round: Round, what: str) -> HttpResponse:
    """Add a question, a method, a document, a posting …"""
    if what not in round_forms.PREPARATIONS:
        raise Http404
    title, form_class = round_forms.PREPARATIONS[what]
    extra = {}
    if what == "posting":
        extra = {"initial": {"subject": request.GET.get("subject", "")}}
    form = form_class(
        posted(request),
        request.FILES if request.method == "POST" else None,
        round=round,
        **extra,
    )
    return _round_action(
        request,
        round,
        _("เพิ่ม%(what)s") % {"what": title},
        form,
        lambda _data: form.save(by=request.user),
        _("บันทึกแล้ว"),
    )


@require_POST
@agency_view(Action.EDIT_CONSULTATION)
def preparation_remove(
    request: HttpRequest, round: Round, what: str, pk: int
) -> HttpResponse:
    """Remove something prepared that nobody has seen yet."""
    if what not in round_forms.PREPARATIONS:
        raise Http404
    rows = _prepared(round, what)
    if isinstance(rows, list):
        raise Http404
    obj: Model = get_object_or_404(rows, pk=pk)
    try:
        preparing.preparation_remove(obj=obj, round=round, by=request.user)
    except RapfangError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("นำออกแล้ว"))
    return redirect("desk_round", round.pk)


@agency_view(Action.EDIT_CONSULTATION)
def evidence_strike(
    request: HttpRequest, round: Round, what: str, pk: int
) -> HttpResponse:
    """Strike a wrong entry through, with the reason."""
    if what not in _RECORDS:
        raise Http404
    obj = get_object_or_404(_prepared(round, what), pk=pk)
    return _round_action(
        request,
        round,
        _("ขีดฆ่ารายการที่บันทึกผิด"),
        round_forms.StrikeForm(posted(request)),
        lambda data: preparing.evidence_strike(
            obj=obj, round=round, by=request.user, **data
        ),
        _("ขีดฆ่าแล้ว"),
        submit=_("ขีดฆ่า"),
        serious=True,
        about=obj,
    )
