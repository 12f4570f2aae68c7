"""Saving comments one by one, reading them once more, sending them.

Every refusal shows back what was typed.  Pages work without JavaScript: a POST leads
to a redirect, or to the same page with what is wrong; htmx gets the form alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comments.errors import CommentError
from comments.intake import submission_send
from comments.models import PreparedComment
from comments.preparing import (
    AnotherTab,
    prepared_about_save,
    prepared_comment_delete,
    prepared_comment_save,
    prepared_comments_save,
    prepared_open,
)
from consultations.commenting import tokens
from consultations.commenting.forms import (
    TRAP,
    about_as_typed,
    field_of,
    problem_of,
    said_from,
)
from consultations.commenting.limits import as_page, minutes_to_wait, too_often
from consultations.commenting.review import Review, check, read_review
from consultations.commenting.subjects import find_subject
from consultations.policies import Window
from consultations.reading.selectors.rounds import RoundsOf, read_rounds
from consultations.templatetags.commenting import form_context
from drafts import clock


def _rounds(slug: str) -> RoundsOf:
    found = read_rounds(slug, now=clock.now())
    if found is None:
        raise Http404(_("ไม่พบการรับฟังความคิดเห็นนี้"))
    return found


def refused(
    request: HttpRequest, found: RoundsOf, text: str, *, why: str = ""
) -> HttpResponse:
    """Say why nothing can be received now and show back what was typed."""
    context = {"head": found.head, "why": why or found.head.window.why, "kept": text}
    response = render(
        request, "consultations/commenting/refused.html", context, status=409
    )
    return as_page(response)


def _typed(request: HttpRequest) -> str:
    parts = [request.POST.get("text", ""), request.POST.get("suggestion", "")]
    return "\n\n".join(part for part in parts if part.strip())


@never_cache
@require_POST
def comment_save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep one comment; answer with the form (htmx) or go back to its page."""
    found = _rounds(slug)
    now = clock.now()
    spoken = find_subject(found.round, slug, request.POST.get("subject", ""))
    if spoken is None:
        why = _("ร่างหรือคำถามเปลี่ยนไปแล้วตั้งแต่คุณเปิดหน้านี้ เปิดหน้าใหม่แล้ววางข้อความอีกครั้ง")
        return refused(request, found, _typed(request), why=why)
    if not found.head.window.is_received:
        return refused(request, found, _typed(request))
    said = said_from(request.POST, spoken.subject, original=spoken.original)
    problem = problem_of(said)
    if request.POST.get(TRAP):
        message = _("ช่องสำหรับโปรแกรมอัตโนมัติต้องเว้นว่างไว้")
        problem = CommentError(message, code="trap")
    token, typed = tokens.token_of(request, found.round.pk), _typed(request)
    wait = partial(minutes_to_wait, request, "save", token=token, text=typed)
    minutes = 0 if problem else wait()
    if minutes and not request.htmx:
        return too_often(request, minutes, typed)
    if minutes:
        message = _("ส่งถี่เกินไป ข้อความยังอยู่ในช่อง ลองใหม่ได้ในอีก %(n)s นาที") % {"n": minutes}
        problem = CommentError(message, code="too_often")
    token = token or uuid.uuid4()
    prepared = tokens.find_prepared(token, found.round.pk)
    if prepared is not None and prepared.receipt:
        prepared, token = None, uuid.uuid4()  # that one was sent; begin another
    if problem is None:
        prepared = prepared or prepared_open(
            round_id=found.round.pk, token=token, now=now
        )
        try:
            prepared_comment_save(prepared=prepared, said=said, now=now)
        except CommentError as error:
            problem = error
    if problem is None and not request.htmx:
        to_review = request.POST.get("then") == "review"
        url = reverse("consultations:respond", args=[slug])
        response = redirect(url if to_review else f"{spoken.url}#respond")
        return tokens.remember(response, request, found.round.pk, token)
    context = form_context(
        request,
        found.head,
        spoken,
        token=token,
        typed=said if problem else None,
        row=PreparedComment(
            stance=said.stance,
            text=said.text,
            suggestion="" if said.suggestion == said.original else said.suggestion,
        ),
        problem=problem,
        field=field_of(problem, spoken.code) if problem else "",
        is_saved=problem is None,
        in_place=bool(request.htmx),
    )
    if request.htmx:
        # 200, since htmx puts no error answer in place; the alert says what is wrong.
        context["count"] = (
            PreparedComment.objects.filter(response=prepared).count() if prepared else 0
        )
        response = render(request, "consultations/commenting/_saved.html", context)
    else:
        status = 409 if isinstance(problem, AnotherTab) else 422
        name = "consultations/commenting/form_page.html"
        response = render(request, name, context, status=status)
    if problem is None:
        tokens.remember(response, request, found.round.pk, token)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str) -> HttpResponse:
    """Read everything once more, say who is speaking, send."""
    found = _rounds(slug)
    round_id = found.round.pk
    token = tokens.token_of(request, round_id)
    prepared = tokens.find_prepared(token, round_id)
    posted = request.POST if request.method == "POST" else None
    if prepared is not None and prepared.receipt:
        if posted is not None:  # sent twice: the first receipt
            return redirect("consultations:receipt", prepared.receipt)
        prepared, token = None, None
    read = partial(
        read_review,
        found.head,
        found.round,
        prepared=prepared,
        token=token or uuid.uuid4(),
        posted=posted,
    )
    if posted is None:
        return _review_page(request, read())
    if not found.head.window.is_received:
        return refused(request, found, read().all_text)
    if posted.get(TRAP):
        review = read()
        review.problems.append((f"id_{TRAP}", _("ช่องสำหรับโปรแกรมอัตโนมัติต้องเว้นว่างไว้")))
        return _review_page(request, review, status=422)
    act, _sep, subject = posted.get("do", "send").partition("-")
    if act == "send":
        return _send(request, found, read)
    return _keep_and(request, found, read(), act, subject)


def _send(
    request: HttpRequest, found: RoundsOf, read: Callable[..., Review]
) -> HttpResponse:
    review = read(only_posted=True)
    if not check(review):
        return _problem_page(request, read())
    token = review.prepared and review.prepared.token
    minutes = minutes_to_wait(request, "send", token=token)
    if minutes:
        return too_often(request, minutes, read().all_text)
    now = clock.now()
    try:
        prepared = review.prepared or prepared_open(
            round_id=found.round.pk, token=review.token, now=now
        )
        submission = submission_send(
            prepared=prepared,
            about=review.about.about((get_language() or "th")[:2]),
            answers=review.answers,
            now=now,
            window=found.head.window.window,
        )
    except CommentError as error:
        if error.code == "empty":
            error.message = _("ยังไม่มีความคิดเห็นให้ส่ง ตอบคำถามหรือเลือกมาตราก่อน")
        return _problem_page(request, read(), error)
    response = redirect("consultations:receipt", submission.receipt)
    tokens.forget(response, found.round.pk)
    return response


def _problem_page(
    request: HttpRequest, review: Review, error: CommentError | None = None
) -> HttpResponse:
    check(review)
    if error:
        review.refuse(error)
    status = 409 if isinstance(error, AnotherTab) else 422
    return _review_page(request, review, status=status)


def _keep_and(
    request: HttpRequest, found: RoundsOf, review: Review, act: str, code: str
) -> HttpResponse:
    """Keep the whole page as typed, then go where the button says."""
    now, slug = clock.now(), found.head.slug
    spoken = find_subject(found.round, slug, code) if code else None
    if act in {"edit", "delete", "remove"} and spoken is None:
        raise Http404(_("ไม่พบความคิดเห็นนี้"))
    token, text = review.prepared and review.prepared.token, review.all_text
    if minutes := minutes_to_wait(request, "save", token=token, text=text):
        return too_often(request, minutes, text)
    prepared = review.prepared or prepared_open(
        round_id=found.round.pk, token=review.token, now=now
    )
    if act != "remove":  # that button is on a page without the form
        about = about_as_typed(request.POST)
        prepared_about_save(prepared=prepared, about=about, now=now)
    sound = [said for said in review.answers if problem_of(said) is None]
    if sound:
        try:
            prepared_comments_save(prepared=prepared, said=sound, now=now)
        except CommentError as error:
            response = _problem_page(request, review, error)
            return tokens.remember(response, request, found.round.pk, review.token)
    url = reverse("consultations:respond", args=[slug])
    if len(sound) != len(review.answers):  # an unfinished answer cannot be kept
        check(review)
        response = _review_page(request, review, status=422)
    elif act == "edit":
        response = redirect(f"{spoken.url}#respond")
    elif act == "remove":
        prepared_comment_delete(prepared=prepared, subject=code)
        response = redirect(url)
    elif act == "delete":
        one = next((s for s in review.spoke if s.spoken.code == code), None)
        signed = tokens.sign(found.round.pk, review.token)
        context = {"head": found.head, "one": one, "signed": signed}
        name = "consultations/commenting/delete.html"
        response = render(request, name, context) if one else redirect(url)
    else:
        response = redirect(url)
    return tokens.remember(response, request, found.round.pk, review.token)


def _review_page(
    request: HttpRequest, review: Review, *, status: int = 200
) -> HttpResponse:
    window = review.head.window.window
    context: dict[str, Any] = {
        "head": review.head,
        "review": review,
        "signed": tokens.sign(review.round.pk, review.token),
        "is_late": window is Window.LATE,
        "offers": window is Window.OPEN
        or (window is Window.LATE and (not review.is_empty or status != 200)),
        "agency_contact": review.round.consultation.agency.contact,
        "dpo": review.round.consultation.agency.dpo_contact,
    }
    return render(
        request, "consultations/commenting/respond.html", context, status=status
    )
