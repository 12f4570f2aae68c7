"""Enter what came on paper, by post, by telephone or in a meeting."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.errors import CommentError
from comments.intake import About, submission_receive
from comments.models import Capacity, Channel, Publication, Submission
from comments.preparing import Said, Subject, said_check
from consultations import policies
from consultations.commenting.forms import OFFERED
from consultations.commenting.provinces import PROVINCES
from consultations.desk.access import agency_view
from consultations.models import Round
from consultations.policies import Action
from consultations.stages import BANGKOK, closing
from drafts import clock

#: Things said that one form takes; a longer paper is entered in several.
PLACES = 5
_OFFLINE = [Channel.PAPER, Channel.POST, Channel.PHONE, Channel.MEETING]


class OfflineForm(forms.Form):
    """Who sent it, how, and when it reached the agency."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=gettext_lazy("ช่องทาง"), choices=[(c.value, c.label) for c in _OFFLINE]
    )
    received_on = forms.DateField(
        label=gettext_lazy("วันที่หน่วยงานได้รับ"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    capacity = forms.ChoiceField(label=gettext_lazy("ในฐานะ"), choices=Capacity.choices)
    group = forms.CharField(
        label=gettext_lazy("กลุ่มผู้ได้รับผลกระทบ"), required=False, max_length=100
    )
    province = forms.ChoiceField(
        label=gettext_lazy("จังหวัด"),
        required=False,
        choices=[("", "–"), *((name, name) for name in PROVINCES)],
    )
    name = forms.CharField(label=gettext_lazy("ชื่อ"), required=False, max_length=200)
    organisation = forms.CharField(
        label=gettext_lazy("หน่วยงานหรือองค์กร"), required=False, max_length=300
    )
    publication = forms.ChoiceField(
        label=gettext_lazy("การเผยแพร่"),
        choices=Publication.choices,
        initial=Publication.NAME_WITHHELD,
    )


def _subjects(round: Round) -> dict[str, tuple[Subject, str, str]]:
    """Return code -> (subject, name, text) of all that may be spoken on."""
    found = {"whole": (Subject(), _("ร่างทั้งฉบับ"), "")}
    for question in round.questions.all():
        subject = Subject(question_id=question.pk)
        name = f"{_('คำถามที่')} {question.number}: {question.text[:60]}"
        found[subject.code] = (subject, name, "")
    provisions = round.version.provisions.all() if round.version else []
    for provision in provisions:
        if provision.can_be_commented:
            subject = Subject(provision_id=provision.pk)
            found[subject.code] = (subject, str(provision)[:80], provision.text)
    return found


def _places(request: HttpRequest) -> list[dict[str, str]]:
    return [
        {
            name: request.POST.get(f"{n}-{name}", "")
            for name in ("subject", "stance", "text", "suggestion")
        }
        for n in range(PLACES)
    ]


@agency_view(Action.ENTER_OFFLINE)
def enter(request: HttpRequest, round: Round) -> HttpResponse:
    """Add one submission of a person who did not use the site."""
    now = clock.now()
    window = policies.may_comment(round, now=now)
    subjects = _subjects(round)
    form = OfflineForm(
        request.POST or None,
        initial={"token": uuid.uuid4(), "received_on": clock.today()},
    )
    problems: list[str] = []
    if request.method == "POST":
        if not window.is_received:
            problems.append(str(window.why))
        elif form.is_valid():
            try:
                submission = _receive(request, round, form, subjects, now)
            except CommentError as error:
                problems.append(error.message)
            else:
                messages.success(
                    request,
                    _("บันทึกแล้ว เลขรับ %(number)s แจ้งผู้แสดงความคิดเห็นเพื่อใช้ติดตาม")
                    % {"number": submission.receipt},
                )
                return redirect("desk_moderation", round.pk)
        else:
            problems += [
                f"{form.fields[name].label}: {text}"
                for name, errors in form.errors.items()
                for text in errors
            ]
    context: dict[str, Any] = {
        "round": round,
        "desk": "moderation",
        "heading": _("บันทึกความเห็นจากช่องทางอื่น"),
        "form": form,
        "window": window,
        "problems": problems,
        "places": _places(request),
        "subjects": [(code, name) for code, (_s, name, _t) in subjects.items()],
        "stances": OFFERED,
    }
    status = 400 if problems else 200
    name = "consultations/desk/moderation/offline.html"
    return render(request, name, context, status=status)


def _receive(
    request: HttpRequest,
    round: Round,
    form: OfflineForm,
    subjects: dict[str, tuple[Subject, str, str]],
    now: dt.datetime,
) -> Submission:
    data = form.cleaned_data
    day = data["received_on"]
    if day > clock.local_date(now):
        raise CommentError(_("วันที่ได้รับอยู่ในอนาคต"), code="future")
    if round.opens_on and day < round.opens_on:
        raise CommentError(_("วันที่ได้รับอยู่ก่อนวันเปิดรับฟัง"), code="too_early")
    noon = dt.datetime.combine(day, dt.time(12), BANGKOK)
    received_at = min(noon, now)
    said: dict[str, Said] = {}
    for place in _places(request):
        if not (place["subject"] or place["stance"] or place["text"].strip()):
            continue
        if place["subject"] not in subjects:
            raise CommentError(_("เลือกว่าแสดงความเห็นต่อเรื่องใด"), code="subject_missing")
        subject, _name, original = subjects[place["subject"]]
        if subject.code in said:
            raise CommentError(_("เลือกเรื่องเดียวกันสองครั้ง"), code="subject_twice")
        said[subject.code] = said_check(
            Said(
                subject,
                place["stance"],
                place["text"],
                place["suggestion"],
                original if place["suggestion"] else "",
            )
        )
    if not said:
        raise CommentError(_("ยังไม่มีความคิดเห็น"), code="empty")
    about = About(
        **{
            key: data[key]
            for key in (
                "capacity",
                "group",
                "province",
                "name",
                "organisation",
                "publication",
            )
        }
    )
    try:
        return submission_receive(
            round_id=round.pk,
            said=list(said.values()),
            about=about,
            now=received_at,
            late=bool(round.closes_on and received_at >= closing(round.closes_on)),
            token=data["token"],
            channel=data["channel"],
            by=request.user,
        )
    except IntegrityError:  # the button was pressed twice
        return Submission.objects.get(client_token=data["token"], round=round)
