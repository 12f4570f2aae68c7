"""What waits on a round's desk to be confirmed by another account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import confirming, policies
from consultations.compliance import compliance_of
from consultations.desk.access import agency_view
from consultations.desk.frame import FRAME, round_crumb
from consultations.models import ConfirmationRequest, Round
from consultations.policies import Action
from consultations.statute import Moment
from drafts import clock
from drafts.desk import posted
from drafts.revisions import tried


class DecisionForm(forms.Form):
    """Confirm after looking, or say why not."""

    seen = forms.BooleanField(label=gettext_lazy("ตรวจสิ่งที่ขอแล้ว"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("เหตุผลที่ไม่ยืนยัน"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    decision = forms.ChoiceField(
        choices=[("confirm", ""), ("decline", "")], widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == "confirm" and not cleaned.get("seen"):
            self.add_error("seen", _("ทำเครื่องหมายก่อนยืนยัน"))
        return cleaned


@agency_view(Action.VIEW_DESK, change=Action.ASK)
def request_page(request: HttpRequest, round: Round, pk: int) -> HttpResponse:
    """Show what was asked, and confirm it, decline it or take it back."""
    row = get_object_or_404(round.confirmation_requests, pk=pk)
    confirms = request.POST.get("decision") == "confirm"
    may = policies.may(
        request.user, confirming.right_of(row), round.consultation.agency_id
    )
    if confirms and not may:
        raise PermissionDenied(_("บทบาทของคุณในหน่วยงานนี้ไม่มีสิทธิทำรายการนี้"))
    given = {"request": row, "by": request.user, "now": clock.now()}

    def decide(said: dict[str, Any]) -> None:
        if confirms:
            confirming.request_confirm(**given)
        else:
            confirming.request_decline(reason=said["reason"], **given)

    form = DecisionForm(posted(request))
    if status := tried(form, decide):
        (asked,) = confirming.asked_of(round, request.user, pk=pk)
        announces = asked.waits and row.act == ConfirmationRequest.Act.ANNOUNCE
        law = announces and compliance_of(round, now=clock.now(), at=Moment.ANNOUNCE)
        return FRAME.show(
            request,
            "rounds/request",
            _("คำขอ: %s") % row.get_act_display(),
            round_crumb(round),
            desk="round",
            round=round,
            asked=asked,
            form=form,
            findings=law.findings if law else None,
            status=status,
        )
    done = _("ยืนยันและทำแล้ว") if confirms else _("ปิดคำขอแล้ว ไม่มีอะไรเปลี่ยน")
    messages.success(request, done)
    return redirect("desk_round", round.pk)
