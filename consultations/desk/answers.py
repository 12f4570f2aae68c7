"""The desk of answers: how far it is, and one page per theme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import Bucket, Theme
from comments.themes import quotes, selectors
from consultations import answers, policies
from consultations.answers import Answer, AnswerError
from consultations.desk.access import agency_view
from consultations.desk.frame import ANSWERS
from consultations.desk.themes_acts import require_open
from consultations.memory import precedents_of
from consultations.models import Decision, Round, ThemeResponse
from consultations.policies import Action
from drafts import clock
from drafts.desk import posted
from drafts.errors import RapfangError
from drafts.models import Provision
from drafts.revisions import RevisionForm, tried

TEXTS = ("reply", "reply_en", "reason", "before_text", "after_text")


def _text(label: Any, rows: int, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=False, strip=False, widget=area, **options
    )


class AnswerForm(RevisionForm):
    """An answer to a theme; anything may wait until it is signed."""

    reply = _text(gettext_lazy("คำชี้แจง"), 7)
    decision = forms.ChoiceField(
        label=gettext_lazy("ผลการพิจารณา"),
        choices=Decision.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("เลือกผลการพิจารณา")
        ),
    )
    reason = _text(gettext_lazy("เหตุผล"), 4)
    provision = forms.ModelChoiceField(
        Provision.objects.none(),
        label=gettext_lazy("ร่างเปลี่ยนอย่างไร: มาตราที่แก้"),
        required=False,
        empty_label=gettext_lazy("ไม่แก้"),
        error_messages={"invalid_choice": gettext_lazy("เลือกมาตราของร่างฉบับที่รับฟัง")},
    )
    before_text = _text(
        gettext_lazy("ข้อความเดิม"),
        3,
        help_text=gettext_lazy("คัดลอกให้ตรงตัวอักษรจากร่างที่รับฟัง"),
    )
    after_text = _text(gettext_lazy("ข้อความใหม่"), 3)
    reply_en = _text(gettext_lazy("คำชี้แจงภาษาอังกฤษ (ถ้ามี)"), 3)

    def __init__(
        self,
        *args: Any,
        response: ThemeResponse | None,
        sections: QuerySet[Provision],
        **kwargs: Any,
    ) -> None:
        stands = answers.answer_values(response)
        super().__init__(*args, stands=stands, revision=_revision(response), **kwargs)
        self.fields["provision"].queryset = sections

    def answer(self) -> Answer:
        """Return what was typed, as the service wants it."""
        data = self.cleaned_data
        texts = {name: data[name].replace("\r\n", "\n") for name in TEXTS}
        place = data["provision"].pk if data["provision"] else None
        return Answer(**texts, decision=data["decision"], provision=place)


def _revision(response: ThemeResponse | None) -> str:
    return str(response.revision if response else 0)


def _seen(request: HttpRequest, response: ThemeResponse | None) -> int:
    """Return the number of the answer that was seen; -1 where it is not what stands."""
    if request.POST.get("revision") != _revision(response):
        return -1
    return response.revision if response else 0


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
    return ANSWERS.show(
        request,
        round,
        "index",
        _("คำชี้แจงต่อประเด็น"),
        rows=rows,
        signed=sum(bool(answer and answer.signed_at) for _row, answer in rows),
        waiting=sum(not row.is_approved for row in themes),
        page=page,
        few=next(row for row in buckets if row.bucket == Bucket.FEW),
    )


@agency_view(Action.VIEW_DESK, change=Action.EDIT_ANSWER)
def answer(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """Answer one theme: save, sign, take the signature back."""
    theme = get_object_or_404(
        Theme.objects.select_related("approved_by"), round=round, number=number
    )
    response = _response(theme)
    sections = (
        Provision.objects.filter(version=round.version_id)
        .exclude(kind="division")
        .only("label", "heading", "eid", "text")
    )
    common: dict[str, Any] = {
        "revision": _seen(request, response),
        "by": request.user,
        "now": clock.now(),
    }

    def save(_data: dict[str, Any]) -> None:
        require_open(round)
        answers.response_save(theme=theme, answer=form.answer(), **common)

    action = request.POST.get("action", "save")
    error, said = "", _("บันทึกคำชี้แจงแล้ว")
    if request.method == "POST" and action in {"sign", "unsign"}:
        form = AnswerForm(response=response, sections=sections)
        try:
            said, status = _sign(request, round, response, common, action), 0
        except RapfangError as refused:
            error, status = refused.message, refused.status
            form.missing = getattr(refused, "fields", {})
    else:
        form = AnswerForm(posted(request), response=response, sections=sections)
        status = tried(form, save)
    if not status:
        messages.success(request, said)
        return redirect("desk_answer", round.pk, number)
    themes, _buckets, _retired = selectors.piles_of(round)
    response = _response(theme)
    chosen = str(form["provision"].value() or "")
    return ANSWERS.show(
        request,
        round,
        "answer",
        theme.title,
        theme=theme,
        pile=next((row for row in themes if row.theme == theme), None),
        quotations=quotes.quotations([theme])[theme.pk],
        precedents=precedents_of(theme),
        response=response,
        signs=response
        and policies.may_sign(request.user, response, round.consultation.agency_id),
        wrote=response and policies.wrote(request.user, response),
        form=form,
        chosen=next((row for row in sections if str(row.pk) == chosen), None),
        error=error,
        status=status,
    )


def _response(theme: Theme) -> ThemeResponse | None:
    rows = ThemeResponse.objects.select_related("changed_by", "signed_by", "provision")
    return rows.filter(theme=theme).first()


def _sign(
    request: HttpRequest,
    round: Round,
    response: ThemeResponse | None,
    common: dict[str, Any],
    action: str,
) -> str:
    require_open(round)
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
