"""Following one's comments by the receipt number, and taking one back."""

from __future__ import annotations

import segno
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comments.errors import CommentError
from comments.moderation import comment_withdraw
from comments.retention import respondent_erase
from consultations.commenting.limits import minutes_to_wait, too_often
from consultations.commenting.receipts import (
    find_submission,
    may_withdraw,
    read_receipt_page,
)
from drafts import clock


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a page that shows a receipt out of search engines, and its address out of
    the log of errors."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _not_found(request: HttpRequest, typed: str) -> HttpResponse:
    context = {"typed": typed}
    name = "consultations/commenting/receipt_find.html"
    return _private(render(request, name, context, status=404))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_find(request: HttpRequest) -> HttpResponse:
    """Ask for a receipt number and go to its page."""
    typed = request.POST.get("number", "")[:60]
    if request.method == "POST" and typed.strip():
        # Nobody tries numbers by the million.
        if minutes := minutes_to_wait(request, "find"):
            return too_often(request, minutes)
        submission = find_submission(typed)
        if submission is None:
            return _not_found(request, typed)
        return redirect("consultations:receipt", submission.receipt)
    return render(request, "consultations/commenting/receipt_find.html", {})


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What became of everything sent under one number."""
    submission = find_submission(number)
    if submission is None:
        if minutes := minutes_to_wait(request, "find"):
            return _private(too_often(request, minutes))
        return _not_found(request, number)
    if submission.receipt != number:
        return _private(redirect("consultations:receipt", submission.receipt))
    view = read_receipt_page(submission, now=clock.now())
    address = request.build_absolute_uri(
        reverse("consultations:receipt", args=[submission.receipt])
    )
    context = {
        "receipt": view,
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=2),
    }
    return _private(render(request, "consultations/commenting/receipt.html", context))


@never_cache
@require_http_methods(["POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase who sent a response, for whoever has taken something of it back."""
    if minutes := minutes_to_wait(request, "find"):
        return _private(too_often(request, minutes))
    submission = find_submission(request.POST.get("number", "")[:60])
    if submission is None:
        return _not_found(request, "")
    if read_receipt_page(submission, now=clock.now()).may_erase:
        respondent_erase(submission=submission)
    return _private(redirect("consultations:receipt", submission.receipt))


@never_cache
@require_http_methods(["POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Ask once more, then take a comment back."""
    if minutes := minutes_to_wait(request, "find"):
        return _private(too_often(request, minutes))
    submission = find_submission(request.POST.get("number", "")[:60])
    if submission is None:
        return _not_found(request, "")
    now = clock.now()
    public_id = request.POST.get("comment", "")
    comment = submission.comments.filter(public_id=public_id).first()
    if comment is None:
        return _not_found(request, submission.receipt)
    problem = ""
    if not may_withdraw(submission, now=now):
        problem = _(
            "ประกาศผลแล้ว จึงถอนเองไม่ได้ ติดต่อเจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคลของหน่วยงานเพื่อขอใช้สิทธิ"
        )
    elif request.POST.get("sure") == "yes":
        try:
            with transaction.atomic():
                comment_withdraw(comment=comment, receipt=submission.receipt, now=now)
                if request.POST.get("erase"):
                    respondent_erase(submission=submission)
        except CommentError as error:
            problem = error.message
        else:
            return _private(redirect("consultations:receipt", submission.receipt))
    view = read_receipt_page(submission, now=now)
    fate = next(fate for fate in view.fates if fate.public_id == public_id)
    context = {"receipt": view, "fate": fate, "problem": problem}
    name = "consultations/commenting/withdraw.html"
    return _private(render(request, name, context, status=409 if problem else 200))
