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

from consultations import policies, preparing, services
from consultations.compliance import compliance_of, compliance_of_rounds
from consultations.desk import round_forms
from consultations.desk.access import agency_view, desk_view
from consultations.desk.frame import FRAME, round_crumb
from consultations.models import (
    AgencyPage,
    Consultation,
    Round,
    StageChoices,
)
from consultations.policies import Action
from consultations.stages import Stage
from consultations.statute import Moment
from drafts import clock
from drafts.desk import PER_PAGE, posted
from drafts.errors import RapfangError
from drafts.revisions import tried


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
    return _show(request, "index", _("ทั้งหมด"), page=page, agencies=agencies)


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
            Action.ANNOUNCE,
            Action.EXTEND,
            Action.WITHDRAW,
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
        law=law,
        findings=law.findings,
        blocked=law.blocks,
        prepared=[
            (name, title, list(_prepared(round, name)))
            for name, (title, _form) in round_forms.PREPARATIONS.items()
        ],
        is_last=not round.consultation.rounds.filter(number__gt=round.number).exists(),
    )


def _prepared(  # noqa: PLR0911 - one per kind
    round: Round, name: str
) -> QuerySet[Any] | list[Any]:
    match name:
        case "question":
            return round.questions.all()
        case "method":
            return round.methods.all()
        case "session":
            return round.sessions.order_by("held_on")
        case "document":
            return round.consultation.documents.order_by("pk")
        case "notice":
            notice = getattr(round, "notice", None)
            return [notice] if notice and notice.text else []
        case "posting":
            return round.postings.order_by("posted_on")
        case "stakeholder":
            return round.stakeholder_notices.order_by("sent_on")
        case _:
            return round.consultation.milestones.all()


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


@agency_view(Action.ANNOUNCE)
def round_announce(request: HttpRequest, round: Round) -> HttpResponse:
    """Announce, after the list of what blocks and what to look at."""
    form = round_forms.AnnounceForm(posted(request))
    law = compliance_of(round, now=clock.now(), at=Moment.ANNOUNCE)
    return _round_action(
        request,
        round,
        _("ประกาศรับฟัง"),
        form,
        lambda _data: services.round_announce(round=round, by=request.user),
        _("ประกาศแล้ว"),
        findings=law.findings,
        submit=_("ประกาศรับฟัง"),
    )


@agency_view(Action.EXTEND)
def round_extend(request: HttpRequest, round: Round) -> HttpResponse:
    """Move the last day later."""
    form = round_forms.ExtendForm(posted(request), round=round)
    return _round_action(
        request,
        round,
        _("ขยายเวลา"),
        form,
        lambda data: services.round_extend(round=round, by=request.user, **data),
        _("ขยายเวลาแล้ว"),
        submit=_("ขยายเวลา"),
    )


@agency_view(Action.WITHDRAW)
def round_withdraw(request: HttpRequest, round: Round) -> HttpResponse:
    """Withdraw with a reason that the public reads."""
    form = round_forms.WithdrawForm(posted(request), round=round)
    return _round_action(
        request,
        round,
        _("ถอนเรื่อง"),
        form,
        lambda data: services.round_withdraw(
            round=round,
            reason=data["reason"],
            revision=data["revision"],
            by=request.user,
        ),
        _("ถอนเรื่องแล้ว"),
        submit=_("ถอนเรื่อง"),
        serious=True,
    )


@agency_view(Action.EDIT_CONSULTATION)
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
    form = form_class(
        posted(request),
        request.FILES if request.method == "POST" else None,
        round=round,
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
    """Remove something prepared, as far as nobody has relied on it."""
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
