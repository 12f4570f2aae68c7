"""The desk of moderation: a queue of comments, and one comment with what was done.

Reading needs any role in the agency; acting needs the moderator's.  The typed text is
shown to those who may see it, on request, and each look is written down.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.errors import CommentError
from comments.finding import holds_words
from comments.models import Comment, CommentText, Ground, Status
from comments.moderation import (
    comment_hide,
    comment_mark_duplicate,
    comment_publish,
    comment_redact,
    comment_restore,
    comment_values,
    words_cover,
)
from consultations import policies
from consultations.desk.access import agency_view
from consultations.desk.frame import MODERATION
from consultations.models import Round
from consultations.policies import Action
from drafts import audit, clock
from drafts.desk import posted
from drafts.errors import RapfangError
from drafts.requests import read_number
from drafts.revisions import RevisionForm, revision_of, tried

PAGE_SIZE = 20
#: Long numbers, addresses of houses and titles before names: worth a second look.
_SUSPECT = r"[0-9๐-๙][0-9๐-๙ -]{7,}|@|บ้านเลขที่|นางสาว|ด\.[ชญ]\.|เด็ก(ชาย|หญิง)"

#: code -> (name, which comments of the round).
FILTERS: dict[str, tuple[Any, Q]] = {
    "all": (gettext_lazy("ทั้งหมด"), Q()),
    "new": (
        gettext_lazy("ยังไม่มีใครตรวจ"),
        Q(
            moderation_events__isnull=True,
            status__in=[Status.RECEIVED, Status.PUBLISHED],
        ),
    ),
    "waiting": (gettext_lazy("รอเผยแพร่"), Q(status=Status.RECEIVED)),
    "suspect": (
        gettext_lazy("อาจมีข้อมูลส่วนบุคคล"),
        Q(status__in=[Status.RECEIVED, Status.PUBLISHED])
        & (Q(public_text__regex=_SUSPECT) | Q(public_suggestion__regex=_SUSPECT)),
    ),
    "redacted": (gettext_lazy("ปกปิดแล้ว"), Q(redactions__gt=0)),
    "hidden": (gettext_lazy("ซ่อน"), Q(status=Status.HIDDEN)),
    "withheld": (gettext_lazy("ขอไม่เผยแพร่"), Q(status=Status.WITHHELD)),
    "withdrawn": (gettext_lazy("ถอนแล้ว"), Q(status=Status.WITHDRAWN)),
    "late": (gettext_lazy("ส่งหลังปิดรับ"), Q(late__in=[True])),
    "duplicate": (gettext_lazy("ซ้ำ"), Q(duplicate_of__isnull=False)),
}


def _queue(round: Round, show: str, words: str) -> QuerySet[Comment]:
    rows = Comment.objects.filter(FILTERS[show][1], round=round)
    if words:
        rows = rows.filter(holds_words(words) | Q(public_id=words.lower()))
    return rows.select_related("submission", "provision", "question").order_by("-pk")


class DecisionForm(RevisionForm):
    """What a moderator does with one comment, as it was seen; ``act`` says what."""

    act = forms.CharField(required=False)
    ground = forms.ChoiceField(
        label=gettext_lazy("เหตุที่ซ่อน"),
        required=False,
        choices=Ground.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("บันทึกภายใน"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    words = forms.CharField(
        label=gettext_lazy("คำที่ต้องปกปิด บรรทัดละหนึ่งคำหรือวลี ตรงตามข้อความ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=gettext_lazy("เหตุผลที่ปกปิด"), required=False, max_length=300
    )
    of = forms.CharField(
        label=gettext_lazy("รหัสของความเห็นแรก เว้นว่างเพื่อยกเลิก"),
        required=False,
        max_length=16,
    )

    def __init__(self, *args: Any, comment: Comment, **kwargs: Any) -> None:
        super().__init__(*args, stands=comment_values(comment), **kwargs)


class _Picks(forms.MultipleChoiceField):
    """Comments of a page, each as ``<public id>.<revision that was seen>``."""

    def valid_value(self, value: str) -> bool:
        return True

    def clean(self, value: Any) -> list[tuple[str, str]]:
        picked = [one.partition(".") for one in super().clean(value)[:PAGE_SIZE]]
        return [(public_id, seen) for public_id, _dot, seen in picked]


class PickedForm(forms.Form):
    """What is done at once with the comments that are picked on a page of the queue."""

    act = forms.ChoiceField(choices=[("publish", ""), ("hide", "")])
    pick = _Picks(error_messages={"required": gettext_lazy("เลือกความเห็นก่อน")})
    ground = forms.ChoiceField(
        label=gettext_lazy("เหตุที่ซ่อน"),
        required=False,
        choices=[("", "–"), *Ground.choices],
    )
    note = forms.CharField(
        label=gettext_lazy("บันทึกภายใน"), required=False, max_length=1000
    )


@agency_view(Action.VIEW_DESK, change=Action.MODERATE)
def index(request: HttpRequest, round: Round) -> HttpResponse:
    """The queue, newest first, twenty a page; acts on what is picked."""
    form, problems, status = PickedForm(posted(request)), [], 200
    if form.is_bound:
        problems, status = _act_on_picked(request, round, form)
        if not problems:
            return redirect(request.get_full_path())
    show = request.GET.get("show", "all")
    show = show if show in FILTERS else "all"
    words = request.GET.get("q", "").strip()[:200]
    before = read_number(request.GET.get("before"))
    rows = _queue(round, show, words)
    if before:
        rows = rows.filter(pk__lt=before)
    page = list(rows[: PAGE_SIZE + 1])
    picked = {pick.partition(".")[0] for pick in form["pick"].value() or []}
    for row in page:
        row.seen = revision_of(comment_values(row))
        row.is_picked = row.public_id in picked
    return MODERATION.show(
        request,
        round,
        "index",
        _("ตรวจความเห็น"),
        form=form,
        problems=problems,
        filters=[(code, name) for code, (name, _q) in FILTERS.items()],
        show=show,
        q=words,
        rows=page[:PAGE_SIZE],
        older=page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else 0,
        is_first=before is None,
        tally=round.tallies.filter(subject="round").first(),
        status=status,
    )


def _act_on_picked(
    request: HttpRequest, round: Round, form: PickedForm
) -> tuple[list[str], int]:
    """Publish or hide the picked comments of this round; return what went wrong."""
    if not form.is_valid():
        return [text for texts in form.errors.values() for text in texts], 422
    data, problems, status = form.cleaned_data, [], 200
    seen = dict(data["pick"])
    common: dict[str, Any] = {"by": request.user, "now": clock.now()}
    rows = Comment.objects.filter(round=round, public_id__in=seen)
    for row in rows:
        common["revision"] = seen[row.public_id]
        try:
            if data["act"] == "publish":
                comment_publish(comment=row, note=data["note"], **common)
            else:
                words = {"ground": data["ground"], "note": data["note"]}
                comment_hide(comment=row, **words, **common)
        except RapfangError as error:
            status = error.status if status != 409 else status
            last = row.moderation_events.order_by("pk").last()
            stands = f" ({last.get_kind_display()} {last.note})" if last else ""
            problems.append(f"{row.public_id}: {error.message}{stands}")
    if done := len(rows) - len(problems):
        messages.success(request, _("ทำแล้ว %(n)s ความเห็น") % {"n": done})
    return problems, status


@agency_view(Action.VIEW_DESK, change=Action.MODERATE)
def comment(request: HttpRequest, round: Round, public_id: str) -> HttpResponse:
    """One comment: what is published, what was done, and what may be done."""
    row = get_object_or_404(
        Comment.objects.select_related(
            "submission", "provision", "question", "duplicate_of"
        ),
        round=round,
        public_id=public_id,
    )
    form, sealed, status = DecisionForm(posted(request), comment=row), None, 200
    if form.is_bound and form["act"].value() == "unseal":
        sealed = _unseal(request, round, row)
    elif form.is_bound:
        status = tried(form, lambda data: _act(request, round, row, data))
        if not status:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(request.get_full_path())
        row.refresh_from_db()
    events = row.moderation_events.select_related("actor").order_by("id")
    return MODERATION.show(
        request,
        round,
        "comment",
        _("ความเห็น %(id)s") % {"id": public_id},
        comment=row,
        sealed=sealed,
        form=form,
        unsaved=_unsaved(form) if status == 409 else [],
        events=events,
        versions=row.texts.filter(kind=CommentText.Kind.REDACTED)
        .select_related("created_by")
        .order_by("number"),
        copies=row.duplicates.only("public_id")[:20],
        status=status,
    )


def _unsaved(form: DecisionForm) -> list[tuple[str, str]]:
    """Return what was typed for a comment that a colleague decided on meanwhile."""
    grounds = dict(Ground.choices)
    typed = [(field.label, field.value()) for field in form.visible_fields()]
    return [(label, grounds.get(text, text)) for label, text in typed if text and label]


def _unseal(request: HttpRequest, round: Round, row: Comment) -> CommentText | None:
    """Read the typed text and write down who read it."""
    agency = round.consultation.agency_id
    if not policies.may(request.user, Action.VIEW_SEALED, agency):
        return None
    audit.record(row, "comment.sealed_viewed", by=request.user)
    return row.texts.filter(kind=CommentText.Kind.TYPED).order_by("number").first()


def _act(
    request: HttpRequest, round: Round, row: Comment, data: dict[str, Any]
) -> None:
    common: dict[str, Any] = {
        "comment": row,
        "revision": data["revision"],
        "by": request.user,
        "now": clock.now(),
    }
    match data["act"]:
        case "publish":
            comment_publish(**common)
        case "hide":
            comment_hide(ground=data["ground"], note=data["note"], **common)
        case "restore":
            comment_restore(note=data["note"], **common)
        case "redact":
            words = data["words"].splitlines()
            comment_redact(
                text=words_cover(row.public_text, words),
                suggestion=words_cover(row.public_suggestion, words),
                reason=data["reason"],
                **common,
            )
        case "duplicate":
            other = data["of"].lower()
            of = Comment.objects.filter(round=round, public_id=other).first()
            if other and of is None:
                raise CommentError(_("ไม่พบความเห็นนี้ในรอบนี้"), code="not_found")
            comment_mark_duplicate(of=of, **common)
        case _:
            raise CommentError(_("ไม่รู้จักรายการนี้"), code="unknown_act")
