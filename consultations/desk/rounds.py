"""The desk of consultations and rounds: prepare, announce, extend, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import policies, preparing, services
from consultations.compliance import compliance_of, compliance_of_rounds
from consultations.desk import round_forms
from consultations.desk.access import agency_view, desk_view
from consultations.models import (
    AgencyPage,
    Consultation,
    ConsultationPage,
    Round,
    StageChoices,
)
from consultations.policies import Action
from consultations.stages import Stage
from consultations.statute import Moment
from drafts import clock
from drafts.errors import RapfangError

PER_PAGE = 50


def _posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even if empty; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def _show(
    request: HttpRequest,
    template: str,
    title: str,
    *crumbs: tuple[str, str],
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    trail = [(reverse("desk_rounds"), _("การรับฟัง")), *crumbs, ("", title)]
    context |= {
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
        "header_title": title,
        "page_title": title,
        "header_icon": "group",
    }
    return render(
        request, f"consultations/desk/rounds/{template}.html", context, status=status
    )


def _crumb(round: Round) -> tuple[str, str]:
    title = _("%(title)s รอบที่ %(n)d") % {
        "title": round.consultation.title[:60],
        "n": round.number,
    }
    return reverse("desk_round", args=[round.pk]), title


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
    form = round_forms.ConsultationForm(_posted(request), agency=agency)
    if request.method == "POST" and form.is_valid():
        values = form.changes()
        waiver = values.pop("waiver")
        try:
            consultation = services.consultation_create(
                agency=agency, by=request.user, **values
            )
            if waiver:
                services.consultation_change(
                    consultation=consultation, by=request.user, waiver=waiver
                )
        except RapfangError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request, _("สร้างแล้ว ยังไม่มีใครเห็น ขั้นต่อไปคือข้อมูลที่ฐานกฎหมายกำหนด")
            )
            return redirect("desk_consultation", consultation.pk)
    status = 422 if form.is_bound else 200
    title = _("สร้างการรับฟัง")
    return _show(request, "form", title, form=form, status=status)


def _initial(consultation: Consultation) -> dict[str, Any]:
    page: ConsultationPage = consultation.page.get_latest_revision_as_object()
    values = {name: getattr(page, name) for name in services.PAGE_FIELDS}
    own = ("title", "title_en", "slug", "legal_basis", "waiver")
    values |= {name: getattr(consultation, name) for name in own}
    return values | {"affected_groups": "\n".join(consultation.affected_groups)}


@agency_view(Action.VIEW_DESK, change=Action.EDIT_CONSULTATION)
def consultation_edit(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Correct what the consultation says and what its legal basis wants published."""
    form = round_forms.ConsultationForm(
        _posted(request),
        agency=consultation.agency,
        consultation=consultation,
        initial=_initial(consultation),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.consultation_change(
                consultation=consultation, by=request.user, **form.changes()
            )
        except RapfangError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("desk_consultation", consultation.pk)
    status = 422 if form.is_bound else 200
    last = consultation.rounds.order_by("-number").first()
    return _show(
        request,
        "form",
        _("ข้อมูลการรับฟัง"),
        _crumb(last),
        form=form,
        round=last,
        status=status,
        may_change=policies.may(
            request.user, Action.EDIT_CONSULTATION, consultation.agency_id
        ),
    )


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
        _crumb(round)[1],
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
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except RapfangError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, done)
            return redirect("desk_round", round.pk)
    return _show(
        request,
        "form",
        title,
        _crumb(round),
        form=form,
        round=round,
        may_change=True,
        status=422 if form.is_bound else 200,
        **context,
    )


@agency_view(Action.EDIT_CONSULTATION)
def round_dates(request: HttpRequest, round: Round) -> HttpResponse:
    """Choose the frozen version and the dates."""
    initial = {
        "version": round.version_id,
        "opens_on": round.opens_on,
        "closes_on": round.closes_on,
    }
    form = round_forms.RoundForm(_posted(request), round=round, initial=initial)
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
    form = round_forms.AnnounceForm(_posted(request))
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
    form = round_forms.ExtendForm(
        _posted(request), initial={"closes_on": round.closes_on}
    )
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
    form = round_forms.WithdrawForm(_posted(request))
    return _round_action(
        request,
        round,
        _("ถอนเรื่อง"),
        form,
        lambda data: services.round_withdraw(
            round=round, reason=data["reason"], by=request.user
        ),
        _("ถอนเรื่องแล้ว"),
        submit=_("ถอนเรื่อง"),
        serious=True,
    )


@agency_view(Action.EDIT_CONSULTATION)
def round_complete(request: HttpRequest, round: Round) -> HttpResponse:
    """Record the day on which the hearing was completed."""
    form = round_forms.CompleteForm(_posted(request))
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
    initial = {}
    if what == "notice" and hasattr(round, "notice"):
        initial = {"text": round.notice.text}
    form = form_class(
        _posted(request),
        request.FILES if request.method == "POST" else None,
        round=round,
        initial=initial,
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
