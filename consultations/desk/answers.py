"""The desk of answers: how far it is, and one page per theme."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from comments.models import Bucket, Theme
from comments.themes import quotes, selectors
from consultations import answers, policies
from consultations.answers import Answer, AnswerConflictError, AnswerError
from consultations.desk.access import agency_view
from consultations.desk.themes_acts import require_open
from consultations.memory import precedents_of
from consultations.models import Decision, Round, ThemeResponse
from consultations.policies import Action
from consultations.stages import Stage
from drafts import clock
from drafts.errors import RapfangError
from drafts.models import Provision
from drafts.requests import read_number

FOLDER = "consultations/desk/answers"
TEXTS = ("reply", "reply_en", "reason", "before_text", "after_text")


def _rights(request: HttpRequest, round: Round) -> dict[str, bool]:
    roles = policies.roles_of(request.user, round.consultation.agency_id)
    stage = policies.stage_of(round, now=clock.now())
    open_ = stage not in {Stage.REPORTED, Stage.WITHDRAWN}
    return {
        "may_edit": open_ and bool(roles & policies.ROLES_FOR[Action.EDIT_ANSWER]),
        "may_sign": open_ and bool(roles & policies.ROLES_FOR[Action.SIGN_ANSWER]),
        "is_reported": not open_,
    }


@agency_view(Action.VIEW_DESK)
def index(request: HttpRequest, round: Round) -> HttpResponse:
    """Show which themes are answered and signed, and the points raised by few."""
    themes, buckets, _retired = selectors.piles_of(round)
    approved = [row for row in themes if row.is_approved]
    found = {
        response.theme_id: response
        for response in ThemeResponse.objects.filter(theme__round=round)
        .select_related("signed_by", "changed_by", "provision")
        .defer("reply_en", "before_text", "after_text")
    }
    rows = [(row, found.get(row.theme.pk)) for row in approved]
    few = selectors.places_of(
        round, bucket=Bucket.FEW, filters=selectors.Filters()
    ).order_by("comment_id")
    page = Paginator(few, selectors.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "round": round,
        "desk": "answers",
        "rows": rows,
        "signed": sum(bool(answer and answer.signed_at) for _row, answer in rows),
        "waiting": sum(not row.is_approved for row in themes),
        "page": page,
        "few": next(row for row in buckets if row.bucket == Bucket.FEW),
        "heading": _("คำชี้แจงต่อประเด็น"),
        **_rights(request, round),
    }
    return render(request, f"{FOLDER}/index.html", context)


def _typed(request: HttpRequest) -> Answer:
    post = request.POST
    texts = {name: post.get(name, "").replace("\r\n", "\n") for name in TEXTS}
    return Answer(
        **texts,
        decision=post.get("decision", ""),
        provision=read_number(post.get("provision")),
    )


def _saved(response: ThemeResponse | None) -> Answer:
    if response is None:
        return Answer()
    texts = {name: getattr(response, name) for name in TEXTS}
    return Answer(**texts, decision=response.decision, provision=response.provision_id)


@agency_view(Action.VIEW_DESK, change=Action.EDIT_ANSWER)
def answer(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """Answer one theme: save, sign, take the signature back."""
    theme = get_object_or_404(
        Theme.objects.select_related("approved_by"), round=round, number=number
    )
    response = _response(theme)
    typed, error, problems = _saved(response), "", {}
    status = 200
    if request.method == "POST":
        try:
            said = _do(request, round, theme, response)
        except RapfangError as refused:
            error = refused.message
            problems = refused.fields if isinstance(refused, AnswerError) else {}
            status = 409 if isinstance(refused, AnswerConflictError) else 400
            response = _response(theme)
            if "reply" in request.POST:
                typed = _typed(request)
        else:
            messages.success(request, said)
            return redirect("desk_answer", round.pk, number)
    themes, _buckets, _retired = selectors.piles_of(round)
    sections = (
        Provision.objects.filter(version=round.version_id)
        .exclude(kind="division")
        .only("label", "heading", "eid", "text")
    )
    chosen = next((row for row in sections if row.pk == typed.provision), None)
    context: dict[str, Any] = {
        "round": round,
        "desk": "answers",
        "theme": theme,
        "pile": next((row for row in themes if row.theme == theme), None),
        "quotations": quotes.quotations([theme])[theme.pk],
        "precedents": precedents_of(theme),
        "response": response,
        "saved": _saved(response),
        "typed": typed,
        "problems": problems,
        "decisions": Decision.choices,
        "sections": sections,
        "chosen": chosen,
        "error": error,
        "is_conflict": status == 409,
        "heading": theme.title,
        **_rights(request, round),
    }
    return render(request, f"{FOLDER}/answer.html", context, status=status)


def _response(theme: Theme) -> ThemeResponse | None:
    rows = ThemeResponse.objects.select_related("changed_by", "signed_by", "provision")
    return rows.filter(theme=theme).first()


def _do(
    request: HttpRequest, round: Round, theme: Theme, response: ThemeResponse | None
) -> str:
    require_open(round)
    action = request.POST.get("action", "save")
    common: dict[str, Any] = {
        "revision": read_number(request.POST.get("revision")) or 0,
        "by": request.user,
        "now": clock.now(),
    }
    if action in {"sign", "unsign"}:
        agency = round.consultation.agency_id
        if not policies.may(request.user, Action.SIGN_ANSWER, agency):
            raise PermissionDenied(_("เฉพาะผู้อนุมัติลงนามหรือถอนการลงนามได้"))
        if response is None:
            raise AnswerError(_("ยังไม่มีคำชี้แจงให้ลงนาม"), code="nothing_to_sign")
        if action == "sign":
            answers.response_sign(response=response, **common)
            return _("ลงนามแล้ว")
        answers.response_unsign(response=response, **common)
        return _("ถอนการลงนามแล้ว แก้ไขได้")
    answers.response_save(theme=theme, answer=_typed(request), **common)
    return _("บันทึกคำชี้แจงแล้ว")
