"""The public results: served from the frozen bytes, each number with its comments."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.models import ResponseReport
from consultations.reading.selectors.rounds import read_rounds
from consultations.report import files, html
from consultations.report.document import Document
from consultations.report.document.members import UnknownKey
from consultations.report.html import Links
from consultations.report.numbering import gone_to
from consultations.report.selectors import (
    names_for,
    published_reports,
    read_list,
)
from consultations.statute import profile_of
from drafts import clock

#: From the page of one theme up to the page of comments.
FROM_THEME = Links("../../", "../../../../../comments/", "../{}/")


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"consultations/report/{name}.html", context)


def _report(
    slug: str, round_number: int | None, number: int | None
) -> tuple[ResponseReport | None, list[ResponseReport]]:
    """Return the report an address means and all published ones, newest first."""
    reports = published_reports(slug)
    if round_number is None:
        return (reports[0] if reports else None), reports
    for report in reports:
        if (report.round.number, report.number) == (round_number, number):
            return report, reports
    raise Http404(_("ไม่พบรายงานฉบับนี้"))


def _needed(
    slug: str, round_number: int | None, number: int | None
) -> tuple[ResponseReport, list[ResponseReport]]:
    report, reports = _report(slug, round_number, number)
    if report is None:
        raise Http404(_("ยังไม่ประกาศผล"))
    return report, reports


def theme_titles(document: Document) -> dict[int, str]:
    """Return number -> title of the themes of a document."""
    return {
        int(s.anchor.removeprefix("theme-")): s.title
        for s in document.section("s-12").sections
    }


@require_safe
def results(
    request: HttpRequest,
    slug: str,
    round_number: int | None = None,
    number: int | None = None,
) -> HttpResponse:
    """The report, or what is awaited and by when."""
    found = read_rounds(slug, now=clock.now())
    if found is None:
        raise Http404(_("ไม่พบการรับฟังความคิดเห็นนี้"))
    report, reports = _report(slug, round_number, number)
    if report is None:
        return _page(
            request,
            "awaited",
            head=found.head,
            law=found.head.law,
            basis=profile_of(found.round.consultation.legal_basis),
        )
    document = files.document_of_report(report)
    return _page(
        request,
        "results",
        head=found.head,
        report=report,
        others=[other for other in reports if other.pk != report.pk],
        newest=reports[0],
        body=mark_safe(files.read(report, files.PAGE).decode()),  # noqa: S308 - ours
        summary_en=document.value("summary_en"),
        themes=theme_titles(document),
        formats=[name for name in files.EXPORTERS if name in report.files],
    )


@require_safe
def results_file(
    request: HttpRequest,
    slug: str,
    fmt: str,
    round_number: int | None = None,
    number: int | None = None,
) -> FileResponse:
    """One format of the report, as it was frozen."""
    report, _others = _needed(slug, round_number, number)
    if fmt not in report.files:
        raise Http404(_("รายงานฉบับนี้ประกาศโดยไม่มีรูปแบบนี้"))
    name = f"{slug}-{report.round.number}-{report.number}.{fmt}"
    response = FileResponse(
        files.open_checked(report, fmt),
        as_attachment=fmt != "json",
        filename=name,
        content_type=files.EXPORTERS[fmt].content_type,
    )
    response["ETag"] = f'"{report.files[fmt]["sha256"]}"'
    return response


@require_safe
def results_list(
    request: HttpRequest,
    slug: str,
    key: str,
    round_number: int | None = None,
    number: int | None = None,
) -> HttpResponse:
    """The comments behind one number of the report: exactly that many."""
    report, _others = _needed(slug, round_number, number)
    titles = theme_titles(files.document_of_report(report))
    try:
        listed = read_list(
            files.members_of_report(report),
            key,
            round=report.round,
            names=names_for(report.round, key, titles),
            page=request.GET.get("page", "1"),
        )
    except UnknownKey as error:
        raise Http404(_("ไม่มีรายการนี้ในรายงาน")) from error
    found = read_rounds(slug, now=clock.now())
    return _page(
        request,
        "list",
        head=found.head if found else None,
        report=report,
        list=listed,
        up=_up(request),
    )


@require_safe
def results_theme(
    request: HttpRequest,
    slug: str,
    theme: int,
    round_number: int | None = None,
    number: int | None = None,
) -> HttpResponse:
    """One theme: what was said, what was answered, and every comment behind it."""
    report, _others = _needed(slug, round_number, number)
    document = files.document_of_report(report)
    try:
        section = document.section(f"theme-{theme}")
    except KeyError as error:
        gone = gone_to(report.round, theme)
        if gone is None:
            raise Http404(_("ไม่มีประเด็นนี้ในรายงาน")) from error
        found = read_rounds(slug, now=clock.now())
        return _page(
            request,
            "theme_gone",
            head=found.head if found else None,
            number=theme,
            heir=gone[0],
            heir_number=gone[1],
            up=_up(request),
        )
    listed = read_list(
        files.members_of_report(report),
        f"counted~theme-{theme}",
        round=report.round,
        names=names_for(report.round, f"theme-{theme}", {theme: section.title}),
        page=request.GET.get("page", "1"),
    )
    found = read_rounds(slug, now=clock.now())
    return _page(
        request,
        "theme",
        head=found.head if found else None,
        report=report,
        number=theme,
        section=section,
        body=mark_safe(html.theme_page(document, theme, FROM_THEME)),  # noqa: S308 - ours
        list=listed,
        up=_up(request),
    )


def _up(request: HttpRequest) -> str:
    """Return the results page that a page under it belongs to."""
    match = request.resolver_match
    place = {k: v for k, v in match.kwargs.items() if k not in {"key", "theme"}}
    name = (match.url_name or "").partition("_")[0]
    return reverse(f"consultations:{name}", kwargs=place)
