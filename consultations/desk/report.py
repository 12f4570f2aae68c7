"""The desk of the response report: check, write, preview, publish."""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import Any

from django import forms
from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from comments.models import Theme
from consultations import confirming, policies
from consultations.compliance import compliance_of_rounds, findings_in
from consultations.desk.access import agency_view
from consultations.desk.frame import REPORT
from consultations.errors import ConsultationError
from consultations.models import (
    ConfirmationRequest,
    ReportStatus,
    ResponseReport,
    Round,
)
from consultations.policies import Action
from consultations.report import files, html, publication
from consultations.report.collect import collect, collect_members
from consultations.report.document import build
from consultations.report.document.members import UnknownKey
from consultations.report.exporter import ExportUnavailable
from consultations.report.html import Links
from consultations.report.numbering import theme_numbers
from consultations.report.selectors import names_for, read_list
from consultations.report.services import (
    TEXTS,
    ReportBlocked,
    report_draft_get_or_create,
    report_save,
    report_values,
    source_of,
)
from consultations.stages import OVER
from drafts import clock
from drafts.revisions import RevisionForm, tried

_HELP_TEXTS = {
    "summary": gettext_lazy(
        "ใครพูดอะไร หน่วยงานตัดสินใจอย่างไร อะไรเปลี่ยน ให้อ่านจบในหนึ่งนาที ตัวเลขระบบเขียนให้เอง"
    ),
    "next_steps": gettext_lazy("จะทำอะไรต่อ เมื่อใด เสนอใคร"),
    "limitations": gettext_lazy("เช่น กลุ่มใดยังไม่ได้แสดงความคิดเห็น ข้อจำกัดทั่วไประบบเขียนให้เอง"),
    "harms": gettext_lazy("ถ้าไม่พบ ให้เขียนว่า ไม่พบ"),
}

Act = ConfirmationRequest.Act


class ReportForm(RevisionForm):
    """What people write into a report.  Anything may wait; publication checks it."""

    def __init__(self, *args: Any, report: ResponseReport, **kwargs: Any) -> None:
        super().__init__(*args, stands=report_values(report), **kwargs)
        self.fields |= forms.fields_for_model(
            ResponseReport, TEXTS, help_texts=_HELP_TEXTS
        )
        for name in TEXTS:
            field = self.fields[name]
            field.required = field.strip = False
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 6 if name == "summary" else 4


class PublishForm(forms.Form):
    confirm = forms.BooleanField(
        label=gettext_lazy("ยืนยันประกาศผลในนามหน่วยงาน"),
        error_messages={"required": gettext_lazy("ยังไม่ได้ประกาศ: ทำเครื่องหมายยืนยันก่อน")},
    )


def _newest(round: Round) -> ResponseReport | None:
    return (
        ResponseReport.objects.filter(round=round, status=ReportStatus.PUBLISHED)
        .order_by("-number")
        .defer("content")
        .first()
    )


def _show(
    request: HttpRequest,
    round: Round,
    *,
    form: ReportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    published = _newest(round)
    may_edit = policies.may(request.user, Action.EDIT_REPORT, round.consultation.agency)
    draft = ResponseReport.objects.filter(
        round=round, status=ReportStatus.DRAFT
    ).first()
    if draft is None and may_edit and published is None:
        draft = report_draft_get_or_create(round=round, now=now)
    found, given = (), None
    if draft and not draft.is_publishing:
        given = collect(draft, now=now, looking=True)
        found = findings_in(given.compliance, round)
    return REPORT.show(
        request,
        round,
        "report",
        _("รายงานผลการรับฟัง"),
        law=compliance_of_rounds([round], now=now)[round.pk],
        consultation=round.consultation,
        closed=policies.stage_of(round, now=now) in OVER,
        report=draft,
        published=published,
        findings=found,
        blocking=sum(f.blocks for f in found),
        form=form or (ReportForm(report=draft) if draft else None),
        publishes_alone=_publishes_alone(request.user, round),
        requests=confirming.asked_of(round, request.user, act=Act.PUBLISH),
        postings=round.postings.filter(subject="report").order_by("posted_on"),
        formats=list(files.EXPORTERS),
        totals=_totals(given) if given else None,
        **_progress(draft),
        status=status,
    )


def _progress(draft: ResponseReport | None) -> dict[str, Any]:
    """Return how far the worker is that publishes a draft."""
    if draft is None or not draft.is_publishing:
        return {"publishing": None}
    step, at, of = publication.step_of(draft)
    return {"publishing": draft, "step": step, "step_at": at, "step_of": of}


def _totals(given: Any) -> dict[str, int]:
    members = given.members
    return {
        "received": members.count("received"),
        "counted": members.count("counted"),
        "late": members.count("late"),
        "hidden": members.count("hidden"),
        "withdrawn": members.count("withdrawn"),
        "duplicate": members.count("duplicate"),
        "themes": len(given.themes),
    }


@agency_view(Action.VIEW_DESK, change=Action.EDIT_REPORT)
def report(request: HttpRequest, round: Round) -> HttpResponse:
    """Show the checklist and the form; save what was written."""
    if request.method != "POST":
        return _show(request, round)
    now = clock.now()
    draft = report_draft_get_or_create(round=round, now=now)
    form = ReportForm(request.POST, report=draft)
    if status := tried(
        form, lambda data: report_save(report=draft, by=request.user, now=now, **data)
    ):
        return _show(request, round, form=form, status=status)
    messages.success(request, _("บันทึกแล้ว"))
    return redirect("desk_report", round.pk)


def _publishes_alone(user: Any, round: Round) -> bool:
    """Tell whether an official needs nobody else to publish a report."""
    may = policies.may(user, Action.PUBLISH_REPORT, round.consultation.agency_id)
    return may and policies.may_publish_alone(user, round)


@require_POST
@agency_view(Action.VIEW_DESK, change=Action.ASK)
def publish(request: HttpRequest, round: Round) -> HttpResponse:
    """Have the draft published, or ask for it where another has to confirm."""
    draft = ResponseReport.objects.filter(
        round=round, status=ReportStatus.DRAFT
    ).first()
    if draft is None:
        messages.error(request, _("ไม่มีร่างรายงานที่รอประกาศ"))
        return redirect("desk_report", round.pk)
    confirmed = PublishForm(request.POST)
    if not confirmed.is_valid():
        messages.error(request, confirmed.errors["confirm"][0])
        return _show(request, round, status=422)
    given = {"by": request.user, "now": clock.now()}
    try:
        if _publishes_alone(request.user, round):
            publication.publication_request(report=draft, **given)
        else:
            confirming.request_ask(round=round, act=Act.PUBLISH, **given)
            messages.success(request, _("ส่งคำขอแล้ว รอผู้อนุมัติอีกคนยืนยัน"))
    except ReportBlocked as error:
        messages.error(
            request,
            _("ยังประกาศไม่ได้: มี %(count)s ข้อที่ต้องแก้ก่อน") % {"count": len(error.findings)},
        )
        return _show(request, round, status=409)
    except ConsultationError as error:
        messages.error(request, error.message)
        return _show(request, round, status=409)
    return redirect("desk_report", round.pk)


@agency_view(Action.VIEW_DESK)
def progress(request: HttpRequest, round: Round) -> HttpResponse:
    """Answer with how far a publication is, for the page that asks again and again."""
    draft = ResponseReport.objects.filter(
        round=round, status=ReportStatus.DRAFT
    ).first()
    if draft is None or not draft.is_publishing:
        return HttpResponseClientRefresh()
    context = {"round": round, **_progress(draft)}
    return render(request, "consultations/desk/report/_progress.html", context)


@require_POST
@agency_view(Action.VIEW_DESK, change=Action.EDIT_REPORT)
def correct(request: HttpRequest, round: Round) -> HttpResponse:
    """Begin a corrected report: a new number, the texts of the last one."""
    report_draft_get_or_create(round=round, now=clock.now())
    return redirect("desk_report", round.pk)


def _draft(round: Round, now: dt.datetime) -> ResponseReport:
    """Return the draft, or an unsaved one for those who may only look."""
    return ResponseReport.objects.filter(
        round=round, status=ReportStatus.DRAFT
    ).first() or ResponseReport(round=round, number=1, created_at=now)


@agency_view(Action.VIEW_DESK)
def preview(request: HttpRequest, round: Round) -> HttpResponse:
    """The report as it would be published now."""
    now = clock.now()
    given = collect(_draft(round, now), now=now, looking=True)
    links = Links("", reverse("consultations:comment", args=["x"])[: -len("x/")])
    return render(
        request,
        "consultations/desk/report/preview.html",
        {
            "round": round,
            "body": mark_safe(html.page(build(given), links)),  # noqa: S308 - ours
        },
    )


@agency_view(Action.EXPORT)
def preview_file(request: HttpRequest, round: Round, fmt: str) -> HttpResponseBase:
    """One format of the report as it would be published now."""
    now = clock.now()
    source = source_of(collect(_draft(round, now), now=now, looking=True), round)
    exporter = files.EXPORTERS[fmt]
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    try:
        exporter.write(source, file)
    except ExportUnavailable as error:
        messages.error(request, error.message)
        return redirect("desk_report", round.pk)
    file.seek(0)
    name = f"draft-{round.consultation.slug}-{round.number}.{exporter.extension}"
    return FileResponse(
        file, as_attachment=True, filename=name, content_type=exporter.content_type
    )


@agency_view(Action.VIEW_DESK)
def preview_list(request: HttpRequest, round: Round, key: str) -> HttpResponse:
    """The comments behind a number of the preview."""
    numbers = theme_numbers(round)
    approved = Theme.objects.filter(pk__in=list(numbers))
    titles = {numbers[pk]: title for pk, title in approved.values_list("pk", "title")}
    try:
        listed = read_list(
            collect_members(round),
            key,
            round=round,
            names=names_for(round, key, titles),
            page=request.GET.get("page", "1"),
        )
    except UnknownKey as error:
        raise Http404(_("ไม่มีรายการนี้ในรายงาน")) from error
    return render(
        request,
        "consultations/desk/report/list.html",
        {"round": round, "list": listed},
    )
