"""Enter what came on paper, by post, by telephone or in a meeting."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
from consultations.desk.frame import MODERATION
from consultations.models import Round
from consultations.policies import Action
from consultations.stages import BANGKOK, closing
from drafts import clock
from drafts.desk import posted
from drafts.revisions import tried

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


class PlaceForm(forms.Form):
    """One thing said; a form left empty says nothing."""

    subject = forms.ChoiceField(
        label=gettext_lazy("เรื่อง"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("เลือกว่าแสดงความเห็นต่อเรื่องใด")},
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("จุดยืน"), required=False, choices=[("", "–"), *OFFERED]
    )
    text = forms.CharField(
        label=gettext_lazy("ข้อความตามต้นฉบับ"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    suggestion = forms.CharField(
        label=gettext_lazy("เสนอถ้อยคำใหม่"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, subjects: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "–"), *subjects]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        is_said = data.get("stance") or (data.get("text") or "").strip()
        if is_said and not data.get("subject") and not self.errors:
            self.add_error("subject", _("เลือกว่าแสดงความเห็นต่อเรื่องใด"))
        return data


@agency_view(Action.ENTER_OFFLINE)
def enter(request: HttpRequest, round: Round) -> HttpResponse:
    """Add one submission of a person who did not use the site."""
    now = clock.now()
    window = policies.may_comment(round, now=now)
    subjects = _subjects(round)
    names = [(code, name) for code, (_subject, name, _text) in subjects.items()]
    initial = {"token": uuid.uuid4(), "received_on": clock.today()}
    form = OfflineForm(posted(request), initial=initial)
    places = [
        PlaceForm(posted(request), prefix=str(n), subjects=names) for n in range(PLACES)
    ]
    said: list[Submission] = []

    def receive(data: dict[str, Any]) -> None:
        if not window.is_received:
            raise CommentError(str(window.why), code="closed")
        if [place for place in places if not place.is_valid()]:
            raise CommentError(_("แก้ไขความเห็นข้อที่มีข้อความกำกับ"), code="invalid")
        heard = [place.cleaned_data for place in places]
        said.append(_receive(request, round, data, heard, subjects))

    if status := tried(form, receive):
        return MODERATION.show(
            request,
            round,
            "offline",
            _("บันทึกความเห็นจากช่องทางอื่น"),
            form=form,
            window=window,
            places=places,
            status=status,
        )
    messages.success(
        request,
        _("บันทึกแล้ว เลขรับ %(number)s แจ้งผู้แสดงความคิดเห็นเพื่อใช้ติดตาม")
        % {"number": said[0].receipt},
    )
    return redirect("desk_moderation", round.pk)


def _receive(
    request: HttpRequest,
    round: Round,
    data: dict[str, Any],
    places: list[dict[str, str]],
    subjects: dict[str, tuple[Subject, str, str]],
) -> Submission:
    day = data["received_on"]
    if round.opens_on and day < round.opens_on:
        raise CommentError(_("วันที่ได้รับอยู่ก่อนวันเปิดรับฟัง"), code="too_early")
    received_at = dt.datetime.combine(day, dt.time(12), BANGKOK)
    said: dict[str, Said] = {}
    for place in places:
        if not place["subject"]:
            continue
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
