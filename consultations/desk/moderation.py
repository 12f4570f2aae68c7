"""The desk of moderation: a queue of comments, and one comment with what was done.

Reading needs any role in the agency; acting needs the moderator's.  The typed text is
shown to those who may see it, on request, and each look is written down.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
    words_cover,
)
from consultations import policies
from consultations.desk.access import agency_view
from consultations.models import Round
from consultations.policies import Action
from drafts import audit, clock
from drafts.requests import read_number

FOLDER = "consultations/desk/moderation"
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


def _context(request: HttpRequest, round: Round, **more: Any) -> dict[str, Any]:
    roles = policies.roles_of(request.user, round.consultation.agency_id)
    return {
        "round": round,
        "desk": "moderation",
        "grounds": Ground.choices,
        "may_moderate": bool(roles & policies.ROLES_FOR[Action.MODERATE]),
        "may_unseal": bool(roles & policies.ROLES_FOR[Action.VIEW_SEALED]),
        "may_enter": bool(roles & policies.ROLES_FOR[Action.ENTER_OFFLINE]),
        **more,
    }


def _queue(round: Round, show: str, words: str) -> QuerySet[Comment]:
    rows = Comment.objects.filter(FILTERS[show][1], round=round)
    if words:
        rows = rows.filter(holds_words(words) | Q(public_id=words.lower()))
    return rows.select_related("submission", "provision", "question").order_by("-pk")


@agency_view(Action.VIEW_DESK, change=Action.MODERATE)
def index(request: HttpRequest, round: Round) -> HttpResponse:
    """The queue, newest first, twenty a page; acts on what is picked."""
    if request.method == "POST":
        _act_on_picked(request, round)
        return redirect(request.get_full_path())
    show = request.GET.get("show", "all")
    show = show if show in FILTERS else "all"
    words = request.GET.get("q", "").strip()[:200]
    before = read_number(request.GET.get("before"))
    rows = _queue(round, show, words)
    if before:
        rows = rows.filter(pk__lt=before)
    page = list(rows[: PAGE_SIZE + 1])
    context = _context(
        request,
        round,
        heading=_("ตรวจความเห็น"),
        filters=[(code, name) for code, (name, _q) in FILTERS.items()],
        show=show,
        q=words,
        rows=page[:PAGE_SIZE],
        older=page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else 0,
        is_first=before is None,
        tally=round.tallies.filter(subject="round").first(),
    )
    return render(request, f"{FOLDER}/index.html", context)


def _act_on_picked(request: HttpRequest, round: Round) -> None:
    """Publish or hide the picked comments of this round; tell how many were not."""
    picked = request.POST.getlist("pick")[:PAGE_SIZE]
    done, problems = 0, []
    for row in Comment.objects.filter(round=round, public_id__in=picked):
        try:
            if request.POST.get("act") == "publish":
                comment_publish(comment=row, by=request.user, now=clock.now())
            elif request.POST.get("act") == "hide":
                comment_hide(
                    comment=row,
                    ground=request.POST.get("ground", ""),
                    note=request.POST.get("note", ""),
                    by=request.user,
                    now=clock.now(),
                )
            else:
                continue
            done += 1
        except CommentError as error:
            problems.append(f"{row.public_id}: {error.message}")
    if done:
        messages.success(request, _("ทำแล้ว %(n)s ความเห็น") % {"n": done})
    for problem in problems:
        messages.error(request, problem)
    if not picked:
        messages.warning(request, _("เลือกความเห็นก่อน"))


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
    problem, sealed = "", None
    if request.method == "POST" and request.POST.get("act") == "unseal":
        sealed = _unseal(request, round, row)
    elif request.method == "POST":
        try:
            _act(request, round, row)
        except CommentError as error:
            problem = error.message
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(request.get_full_path())
    context = _context(
        request,
        round,
        heading=_("ความเห็น %(id)s") % {"id": public_id},
        comment=row,
        sealed=sealed,
        error=problem,
        typed=request.POST,
        events=row.moderation_events.select_related("actor").order_by("id"),
        versions=row.texts.filter(kind=CommentText.Kind.REDACTED)
        .select_related("created_by")
        .order_by("number"),
        copies=row.duplicates.only("public_id")[:20],
    )
    return render(
        request, f"{FOLDER}/comment.html", context, status=400 if problem else 200
    )


def _unseal(request: HttpRequest, round: Round, row: Comment) -> CommentText | None:
    """Read the typed text and write down who read it."""
    agency = round.consultation.agency_id
    if not policies.may(request.user, Action.VIEW_SEALED, agency):
        return None
    audit.record(row, "comment.sealed_viewed", by=request.user)
    return row.texts.filter(kind=CommentText.Kind.TYPED).order_by("number").first()


def _act(request: HttpRequest, round: Round, row: Comment) -> None:
    post, by, now = request.POST, request.user, clock.now()
    note = post.get("note", "")
    match post.get("act"):
        case "publish":
            comment_publish(comment=row, by=by, now=now)
        case "hide":
            ground = post.get("ground", "")
            comment_hide(comment=row, ground=ground, note=note, by=by, now=now)
        case "restore":
            comment_restore(comment=row, note=note, by=by, now=now)
        case "redact":
            words = post.get("words", "").splitlines()
            comment_redact(
                comment=row,
                text=words_cover(row.public_text, words),
                suggestion=words_cover(row.public_suggestion, words),
                reason=post.get("reason", ""),
                by=by,
                now=now,
            )
        case "duplicate":
            other = post.get("of", "").strip().lower()
            of = Comment.objects.filter(round=round, public_id=other).first()
            if other and of is None:
                raise CommentError(_("ไม่พบความเห็นนี้ในรอบนี้"), code="not_found")
            comment_mark_duplicate(comment=row, of=of, by=by, now=now)
        case _:
            raise CommentError(_("ไม่รู้จักรายการนี้"), code="unknown_act")
