"""What the buttons of the workbench do: one small function per act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import Bucket, Comment, Theme, ThemeEvent, ThemeRun
from comments.themes import notes, review, runs
from comments.themes.errors import ThemeError
from comments.themes.events import person_name
from consultations import policies
from consultations.desk.themes_forms import pressed
from consultations.errors import ConsultationError
from consultations.models import AgencyMembership, Round, ThemeResponse
from consultations.policies import Action
from consultations.stages import Stage
from drafts import clock
from drafts.requests import read_number

#: What a button of the workbench sent (themes_forms.Pressed).
Sent = dict[str, Any]
#: Revision of a theme that names none: always an outdated one.
NOTHING_SEEN = -1
#: Where to move comments that are to be a theme of their own.
NEW_THEME = "new"
#: Stage that the pipeline reports -> what officials read.
STAGES = {
    "": gettext_lazy("รอคิว"),
    "reading": gettext_lazy("อ่านความเห็น"),
    "duplicates": gettext_lazy("หาข้อความที่ซ้ำกัน"),
    "words": gettext_lazy("นับคำ"),
    "encode": gettext_lazy("แปลงความหมายของข้อความ"),
    "cluster": gettext_lazy("จัดกลุ่ม"),
    "place": gettext_lazy("จัดความเห็นเข้าประเด็น"),
    "pieces": gettext_lazy("หาประเด็นรองในความเห็นยาว"),
    "describe": gettext_lazy("ตั้งชื่อและเลือกข้อความตัวอย่าง"),
    "storing": gettext_lazy("บันทึกผล"),
    "resuming": gettext_lazy("ทำต่อจากจุดที่หยุด"),
}


def stage_label(run: ThemeRun | None) -> str:
    if run is None:
        return ""
    return str(STAGES.get(run.stage, _("กำลังวิเคราะห์")))


def require_open(round: Round) -> Stage:
    """Refuse to change themes of a round whose report is out or that was withdrawn."""
    stage = policies.stage_of(round, now=clock.now())
    if stage in {Stage.REPORTED, Stage.WITHDRAWN}:
        raise ConsultationError(
            _("ประกาศผลหรือถอนเรื่องแล้ว ประเด็นของรอบนี้จึงแก้ไขไม่ได้"), code="round_over"
        )
    return stage


def run_do(request: HttpRequest, round: Round) -> None:
    """Start, cancel or retry; says what happened in the messages."""
    stage = require_open(round)
    now, by = clock.now(), request.user
    sent = pressed(request.POST)
    match sent["action"]:
        case "start":
            if stage in {Stage.DRAFT, Stage.ANNOUNCED}:
                raise ConsultationError(_("รอบนี้ยังไม่เปิดรับฟัง"), code="not_open_yet")
            purpose = (
                ThemeRun.Purpose.PREVIEW
                if stage == Stage.OPEN
                else ThemeRun.Purpose.FINAL
            )
            run = runs.run_request(
                round=round,
                purpose=purpose,
                detail=sent["detail"] or "normal",
                by=by,
                now=now,
            )
            if run.status == ThemeRun.Status.COMPLETE:
                messages.info(
                    request, _("ความเห็นและตัวเลือกไม่เปลี่ยนจากครั้งล่าสุด ใช้ผลเดิมได้เลย")
                )
        case "cancel":
            runs.run_cancel(run=_run(round, sent), by=by, now=now)
            messages.success(request, _("ยกเลิกการวิเคราะห์แล้ว ไม่มีอะไรเปลี่ยน"))
        case "retry":
            runs.run_retry(run=_run(round, sent), by=by, now=now)
        case _:
            raise ThemeError(_("ไม่รู้จักคำสั่งนี้"), code="bad_action")


def _run(round: Round, sent: Sent) -> ThemeRun:
    run = ThemeRun.objects.filter(round=round, pk=sent["run"] or 0).first()
    if run is None:
        raise ThemeError(_("ไม่พบการวิเคราะห์นี้"), code="no_such_run")
    return run


def seen(revision: int | None) -> int:
    """Return the revision of a theme that was seen; none named is an outdated one."""
    return NOTHING_SEEN if revision is None else revision


@dataclass(frozen=True, slots=True)
class Said:
    """What to tell after an act, and where to go ("" is the same page)."""

    text: str = ""
    url: str = ""


def pile_do(
    request: HttpRequest,
    round: Round,
    *,
    theme: Theme | None,
    bucket: str,
    sent: Sent,
) -> Said:
    """Do what a button of a pile's page says; raises RapfangError."""
    require_open(round)
    action = sent["action"]
    common: dict[str, Any] = {"by": request.user, "now": clock.now()}
    seen_in = (theme.number if theme else 0, bucket)
    if action == "undo":
        return undo_do(round, sent, **common)
    if action == "move":
        return _move(round, sent, theme=theme, seen_in=seen_in, **common)
    if action in {"create", "create_answer"}:
        return _create(round, sent, seen_in=seen_in, **common)
    if action in {"evidence", "no_evidence"}:
        comment = comment_named(round, sent)
        review.evidence_toggle(
            comment=comment, on=action == "evidence", seen_in=seen_in, **common
        )
        return Said(url=f"{request.get_full_path()}#c{comment.pk}")
    if action == "note":
        return _note(round, sent, theme=theme, **common)
    if theme is not None:
        return _theme_do(round, theme, sent, **common)
    raise ThemeError(_("ไม่รู้จักคำสั่งนี้"), code="bad_action")


def colleagues(round: Round) -> list[Any]:
    """Return those who may work on the themes of a round, by name."""
    users = get_user_model().objects.filter(
        pk__in=AgencyMembership.objects.filter(
            agency=round.consultation.agency_id,
            role__in=policies.ROLES_FOR[Action.EDIT_THEMES],
        ).values("user"),
        is_active=True,
    )
    return sorted(users, key=person_name)


def _note(round: Round, sent: Sent, *, theme: Theme | None, by: Any, now: Any) -> Said:
    """Write a note on the comment that is named, else on the theme."""
    about: dict[str, Any] = (
        {"comment": comment_named(round, sent)} if sent["comment"] else {"theme": theme}
    )
    notes.note_add(round=round, text=sent["text"], by=by, now=now, **about)
    return Said(_("บันทึกแล้ว เห็นเฉพาะเจ้าหน้าที่"))


def _assign(round: Round, theme: Theme, sent: Sent, *, by: Any) -> Said:
    wanted = sent["assigned_to"]
    people = {user.pk: user for user in colleagues(round)}
    if wanted and wanted not in people:
        raise ThemeError(_("เลือกเพื่อนร่วมงานจากรายการ"), code="no_such_colleague")
    notes.theme_assign(theme=theme, to=people.get(wanted), revision=sent["seen"], by=by)
    if not wanted:
        return Said(_("ไม่มีผู้ดูแลประเด็นนี้แล้ว"))
    return Said(_("มอบประเด็นนี้ให้ %s แล้ว") % person_name(people[wanted]))


def theme_rename(request: HttpRequest, theme: Theme, data: dict[str, Any]) -> None:
    """Save a theme's words as the form holds them."""
    require_open(theme.round)
    is_newest = data["revision"] == str(theme.revision)
    review.theme_rename(
        theme=theme,
        revision=theme.revision if is_newest else NOTHING_SEEN,
        title=data["title"],
        title_en=data["title_en"],
        note=data["note"],
        by=request.user,
        now=clock.now(),
    )


def _theme_do(round: Round, theme: Theme, sent: Sent, **common: Any) -> Said:
    action = sent["action"]
    if action == "assign":
        return _assign(round, theme, sent, by=common["by"])
    revision = seen(sent["revision"])
    if action == "approve":
        review.theme_approve(theme=theme, revision=revision, **common)
        return Said(
            _("รับรองประเด็น “%s” แล้ว การวิเคราะห์ใหม่จะไม่ย้ายความเห็นในประเด็นนี้") % theme
        )
    if action == "reopen":
        refuse_signed(theme)
        review.theme_reopen(theme=theme, revision=revision, **common)
        return Said(_("เปิดแก้ไขประเด็นอีกครั้งแล้ว"))
    if action == "reject":
        review.theme_reject(theme=theme, revision=revision, **common)
        return Said(
            _("เลิกใช้ประเด็น “%s” แล้ว ความเห็นอยู่ในกลุ่มไม่เข้าประเด็นใด") % theme,
            reverse("desk_themes", args=[round.pk]),
        )
    raise ThemeError(_("ไม่รู้จักคำสั่งนี้"), code="bad_action")


def refuse_signed(theme: Theme) -> None:
    """Refuse where the answer is signed: first the signature goes, then the theme."""
    if ThemeResponse.objects.filter(theme=theme, signed_at__isnull=False).exists():
        raise ConsultationError(
            _("คำชี้แจงของประเด็นนี้ลงนามแล้ว ให้ผู้อนุมัติถอนการลงนามก่อน"), code="answer_signed"
        )


def undo_do(round: Round, sent: Sent, **common: Any) -> Said:
    event = ThemeEvent.objects.filter(round=round, number=sent["event"] or 0).first()
    if event is None:
        raise ThemeError(_("ไม่มีอะไรให้เลิกทำ"), code="nothing_to_undo")
    if event.kind == "theme.approved":
        numbers = [int(n) for n in event.data["themes"]]
        for theme in Theme.objects.filter(round=round, number__in=numbers):
            refuse_signed(theme)
    review.undo(round=round, event=event, **common)
    return Said(_("เลิกทำแล้ว"))


def comment_named(round: Round, sent: Sent) -> Comment:
    comments = Comment.objects.select_related("round").filter(round=round)
    comment = comments.filter(pk=sent["comment"] or 0).first()
    if comment is None:
        raise ThemeError(_("ไม่พบความเห็นนี้"), code="no_such_comment")
    return comment


def _move(
    round: Round,
    sent: Sent,
    *,
    theme: Theme | None,
    seen_in: tuple[int, str],
    **common: Any,
) -> Said:
    ids, target = sent["comments"], sent["target"]
    if target == NEW_THEME and theme is not None:
        if not ids:
            raise ThemeError(_("เลือกความเห็นอย่างน้อยหนึ่งรายการ"), code="no_comments")
        address = reverse("desk_theme_split", args=[round.pk, theme.number])
        return Said(url=f"{address}?{urlencode({'comments': ids}, doseq=True)}")
    event = review.comment_move(
        round=round,
        comments=ids,
        seen_in=seen_in,
        **where(target),
        **common,
    )
    return Said(_("ย้าย %s ความเห็นแล้ว") % len(ids) if event else "")


def where(target: str) -> dict[str, Any]:
    """Return the theme or bucket that the name of a target means."""
    if target in Bucket.values:
        return {"theme": 0, "bucket": target}
    return {"theme": read_number(target) or 0, "bucket": ""}


def _create(
    round: Round, sent: Sent, *, seen_in: tuple[int, str], **common: Any
) -> Said:
    made = review.theme_create_from_comment(
        comment=comment_named(round, sent),
        title=sent["new_title"],
        seen_in=seen_in,
        **common,
    )
    if sent["action"] == "create_answer":
        review.theme_approve(theme=made, revision=made.revision, **common)
        return Said(
            _("ตั้งและรับรองประเด็น “%s” แล้ว เขียนคำชี้แจงได้เลย") % made,
            reverse("desk_answer", args=[round.pk, made.number]),
        )
    return Said(
        _("ตั้งประเด็น “%s” แล้ว ตรวจชื่อแล้วรับรองได้") % made,
        reverse("desk_theme", args=[round.pk, made.number]),
    )
