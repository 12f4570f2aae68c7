"""The public reader.  Read only: what people send goes to ``consultations.commenting``.

Every page works without JavaScript and without a session; each view reads through
selectors once and renders once.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from comments import exposure
from consultations.reading import downloads
from consultations.reading.selectors import comments, finding, lists, texts
from consultations.reading.selectors import overview as about
from consultations.reading.selectors.changes import read_marks
from consultations.reading.selectors.history import (
    read_earlier,
    read_onward,
    read_since,
)
from consultations.reading.selectors.lineage import last_with
from consultations.reading.selectors.reasons import reason_of_comment
from consultations.reading.selectors.rounds import RoundsOf, read_rounds
from consultations.reading.selectors.said import said
from drafts import clock, lineage


def _rounds(
    slug: str, version: int | None = None, *, number: int | None = None
) -> RoundsOf:
    found = read_rounds(slug, now=clock.now(), version=version, number=number)
    if found is None:
        raise Http404(_("ไม่พบการรับฟังความคิดเห็นนี้"))
    return found


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """Render a page; what the form is about is named even where it is nothing."""
    context = {"provision": None, "question": None} | context
    return render(request, f"consultations/reading/{name}.html", context)


def _comment_page(
    request: HttpRequest, subject: dict[str, Any], base_text: str | None = None
) -> comments.CommentPage:
    """Read the comments that the address asks for and count them as shown."""
    page = comments.read_comments(
        subject,
        late=request.GET.get("late") == "1",
        order=request.GET.get("order", comments.NEWEST),
        cursor=request.GET.get("from", ""),
        base_text=base_text,
    )
    exposure.record(page.shown_ids)
    return page


@require_safe
def consultation_list(request: HttpRequest) -> HttpResponse:
    """All public consultations, by stage and agency."""
    found = lists.read_list(
        stage=request.GET.get("stage", ""),
        agency=request.GET.get("agency", ""),
        page=request.GET.get("page", "1"),
        now=clock.now(),
    )
    return _page(request, "list", list=found)


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """What the consultation is about, until when, and how to take part."""
    found = about.read_overview(_rounds(slug))
    return _page(request, "overview", view=found, head=found.head)


@require_safe
def draft(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The draft's text with counts beside every section."""
    found = _rounds(slug, number)
    typed = request.GET.get("q", "") or request.GET.get("section", "")
    if query := finding.clean_query(typed):
        return _find(request, found, query)
    version = found.round.version
    view = texts.read_draft(
        found.head,
        title=said(version.title, version.title_en),
        division=request.GET.get("division", ""),
    )
    return _page(
        request,
        "draft",
        view=view,
        head=view.head,
        marks=read_marks(found),
        files=downloads.file_links(slug=slug, version=version),
    )


def _find(request: HttpRequest, found: RoundsOf, query: str) -> HttpResponse:
    """Go to the number that was typed, else list where the words stand."""
    head = found.head
    if place := finding.find_place(head.version_id, query):
        return redirect(f"{head.draft_url}?division={place[0]}#{place[1]}")
    result = finding.find(head, query, page=request.GET.get("page", "1"))
    return _page(request, "find", head=head, found=result)


@require_safe
@vary_on_headers("HX-Request")
def provision(
    request: HttpRequest, slug: str, eid: str, number: int | None = None
) -> HttpResponse:
    """One provision: text, current law, note, counts, comments and the form.

    htmx gets the form alone, to be put in place on the reading page.
    """
    found = _rounds(slug, number)
    page = texts.read_provision(found.head, eid)
    if page is None and (section := texts.section_with(found.head.version_id, eid)):
        # Under the address that was asked for: v1 stays when a later round opens.
        place = [slug] if number is None else [slug, number]
        name = "provision" if number is None else "provision_version"
        address = reverse(f"consultations:{name}", args=[*place, section[0]])
        return redirect(f"{address}#{section[1]}")
    if page is None and number is None and (last := last_with(found, eid)):
        # It was struck out since: its last words, and what became of it.
        return redirect(f"{last.draft_url}{eid}/")
    if page is None:
        raise Http404(_("ไม่พบมาตรานี้ในร่างฉบับนี้"))
    if request.htmx and not request.htmx.history_restore_request:
        return _page(
            request,
            "_provision_form",
            page=page,
            head=page.head,
            provision=page.provision,
            round=found.round,
            in_place=True,
        )
    subject = {"provision": page.provision.id}
    if sum(head.version_id == found.head.version_id for head in found.all) > 1:
        subject["round"] = found.head.id  # the same text was heard in another round
    said_here = _comment_page(request, subject, page.provision.text)
    several = len(found.all) > 1
    family = lineage.family_of([page.provision.id]) if several else []
    earlier = read_earlier(found, page.provision.id, family)
    exposure.record(earlier.first_ids if earlier else [])
    return _page(
        request,
        "provision",
        page=page,
        head=page.head,
        provision=page.provision,
        round=found.round,
        comments=said_here,
        onward=read_onward(found, page.provision.id, family),
        since=read_since(found, page.provision.id, family),
        earlier=earlier,
        counts=page.provision.counts,
        late=request.GET.get("late") == "1",
    )


@require_safe
def questions(
    request: HttpRequest, slug: str, round_number: int | None = None
) -> HttpResponse:
    """The questions the agency asks, with what was answered so far."""
    found = _rounds(slug, number=round_number)
    rows = about.read_questions(found.head.id)
    return _page(
        request, "questions", head=found.head, questions=rows, rounds=found.all
    )


@require_safe
def question(
    request: HttpRequest, slug: str, number: int, round_number: int | None = None
) -> HttpResponse:
    """One question and the answers people gave."""
    found = _rounds(slug, number=round_number)
    rows = about.read_questions(found.head.id, number=number)
    if not rows:
        raise Http404(_("ไม่พบคำถามนี้"))
    return _page(
        request,
        "question",
        head=found.head,
        question=rows[0],
        round=found.round,
        comments=_comment_page(request, {"question": rows[0].id}),
        counts=rows[0].counts,
        late=request.GET.get("late") == "1",
    )


@require_safe
def whole_draft(
    request: HttpRequest, slug: str, round_number: int | None = None
) -> HttpResponse:
    """What people said about the draft as a whole, in one round."""
    found = _rounds(slug, number=round_number)
    counts = about.tallies_of(found.head.id, ["whole"]).get("whole", about.NO_COUNTS)
    return _page(
        request,
        "whole_draft",
        head=found.head,
        rounds=found.all,
        round=found.round,
        comments=_comment_page(request, {"round": found.head.id, "whole_draft": True}),
        counts=counts,
        late=request.GET.get("late") == "1",
    )


@require_safe
def comment(request: HttpRequest, public_id: str) -> HttpResponse:
    """One comment, for ever at this address."""
    found = comments.read_comment(public_id)
    if found is None:
        raise Http404(_("ไม่พบความคิดเห็นนี้"))
    rounds = _rounds(found.slug, number=found.round_number)
    exposure.record([found.comment.id] if found.comment.is_shown else [])
    return _page(
        request,
        "comment",
        found=found,
        comment=found.comment,
        head=rounds.head,
        onward=(
            read_onward(rounds, found.comment.provision_id)
            if found.comment.provision_id
            else None
        ),
        reason=reason_of_comment(found.comment.id),
        question_text=said(found.question_text, found.question_text_en),
    )


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """The agencies that hold consultations here."""
    return _page(request, "agencies", agencies=lists.read_agencies())


@require_safe
def agency(request: HttpRequest, slug: str) -> HttpResponse:
    """One agency and its consultations."""
    found = lists.read_agency(slug, now=clock.now())
    if found is None:
        raise Http404(_("ไม่พบหน่วยงานนี้"))
    return _page(request, "agency", agency=found)
