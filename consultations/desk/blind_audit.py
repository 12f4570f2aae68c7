"""The desk of the blind audit: draw, code comment by comment, read what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.blind_audit import codes, selectors, services
from comments.models import AuditCoder, AuditItem, BlindAudit
from comments.themes.events import person_name
from consultations import policies
from consultations.desk.access import agency_view
from consultations.desk.themes_acts import require_open
from consultations.models import AgencyMembership, Role, Round
from consultations.policies import Action
from consultations.stages import Stage
from drafts import clock
from drafts.errors import RapfangError
from drafts.requests import read_number, read_numbers

FOLDER = "consultations/desk/audit"

#: More comments than any audit reads.
MOST_ITEMS = 99_999


def _context(request: HttpRequest, round: Round, **more: Any) -> dict[str, Any]:
    stage = policies.stage_of(round, now=clock.now())
    open_ = stage not in {Stage.REPORTED, Stage.WITHDRAWN}
    agency = round.consultation.agency_id
    return {
        "round": round,
        "desk": "audit",
        "is_open": open_,
        "may_draw": open_ and policies.may(request.user, Action.EDIT_THEMES, agency),
        **more,
    }


@dataclass(frozen=True, slots=True)
class Seat:
    """One coder as colleagues see them: how far, never what."""

    name: str
    is_me: bool
    total: int
    done: int
    finished_at: Any


@dataclass(frozen=True, slots=True)
class AuditRow:
    audit: BlindAudit
    seats: list[Seat]
    is_newest: bool

    @property
    def is_done(self) -> bool:
        return all(seat.finished_at for seat in self.seats)

    @property
    def mine(self) -> Seat | None:
        return next((seat for seat in self.seats if seat.is_me), None)


def _row(audit: BlindAudit, user: Any, *, is_newest: bool) -> AuditRow:
    seats = []
    for coder in selectors.coders_of(audit):
        progress = selectors.progress_of(audit, coder)
        seats.append(
            Seat(
                person_name(coder.user),
                coder.user_id == user.pk,
                progress.total,
                len(progress.done),
                progress.finished_at,
            )
        )
    return AuditRow(audit, seats, is_newest)


def _members(round: Round) -> list[tuple[int, str]]:
    """Return who may be named as a coder: every member of the agency."""
    roles = dict(Role.choices)
    found: dict[int, tuple[str, list[str]]] = {}
    rows = AgencyMembership.objects.filter(
        agency=round.consultation.agency_id, user__is_active=True
    ).select_related("user")
    for row in rows.order_by("user__first_name", "user_id", "pk"):
        _name, held = found.setdefault(row.user_id, (person_name(row.user), []))
        held.append(str(roles[row.role]))
    return [(pk, f"{name} ({', '.join(held)})") for pk, (name, held) in found.items()]


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def index(request: HttpRequest, round: Round) -> HttpResponseBase:
    """Show the audits of a round; draw one."""
    error, status, typed = "", 200, {"size": str(services.DEFAULT_SIZE)}
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            require_open(round)
            _draw(request, round)
        except RapfangError as refused:
            error, status = refused.message, 400
        else:
            return redirect("desk_audit", round.pk)
    audits = selectors.audits_of(round)
    rows = [
        _row(audit, request.user, is_newest=n == 0) for n, audit in enumerate(audits)
    ]
    context = _context(
        request,
        round,
        rows=rows,
        members=_members(round),
        typed=typed,
        error=error,
        code_all=services.CODE_ALL,
        heading=_("ตรวจคุณภาพแบบไม่เห็นคำตอบกัน"),
    )
    return render(request, f"{FOLDER}/index.html", context, status=status)


def _draw(request: HttpRequest, round: Round) -> None:
    allowed = {pk for pk, _name in _members(round)}
    chosen = [request.POST.get(name, "") for name in ("first", "second")]
    ids = [pk for pk in read_numbers(chosen) if pk in allowed]
    users = get_user_model().objects.in_bulk(ids)
    services.audit_draw(
        round=round,
        size=read_number(request.POST.get("size"), most=MOST_ITEMS) or 0,
        coders=[users[pk] for pk in ids],
        reason=request.POST.get("reason", ""),
        by=request.user,
        now=clock.now(),
    )


def _audit(round: Round, number: int) -> BlindAudit:
    return get_object_or_404(
        BlindAudit.objects.select_related("drawn_by"), round=round, number=number
    )


def _coder(audit: BlindAudit, user: Any) -> AuditCoder:
    coders = selectors.coders_of(audit)
    coder = next((one for one in coders if one.user_id == user.pk), None)
    if coder is None:
        raise PermissionDenied(_("เฉพาะผู้ลงรหัสสองคนของการตรวจครั้งนี้เปิดหน้านี้ได้"))
    return coder


@agency_view(Action.VIEW_DESK)
def code(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """Show one comment and take what it is called; then the next."""
    audit = _audit(round, number)
    coder = _coder(audit, request.user)
    position = read_number(request.GET.get("item"), most=MOST_ITEMS)
    error, status, chosen = "", 200, ""
    if request.method == "POST":
        position = read_number(request.POST.get("item"), most=MOST_ITEMS) or 0
        chosen = request.POST.get("code", "")
        try:
            require_open(round)
            if request.POST.get("action") == "finish":
                services.coding_finish(audit=audit, by=request.user, now=clock.now())
                return redirect("desk_audit", round.pk)
            services.code_save(
                audit=audit,
                position=position,
                code=chosen,
                by=request.user,
                now=clock.now(),
            )
        except RapfangError as refused:
            error, status = refused.message, 400
        else:
            return redirect(_next_address(round, audit, coder, position))
    progress = selectors.progress_of(audit, coder)
    titles = selectors.titles_of(audit)
    context = _context(
        request,
        round,
        audit=audit,
        progress=progress,
        done_count=len(progress.done),
        error=error,
        heading=_("ลงรหัสความเห็น"),
    )
    if progress.finished_at or (position is None and progress.next is None):
        context["own"] = [(n, titles[own]) for n, own in sorted(progress.done.items())]
        return render(request, f"{FOLDER}/review.html", context, status=status)
    item = selectors.items_of(audit).filter(position=position or progress.next).first()
    if item is None:
        raise Http404
    context |= _item_context(audit, item, titles)
    context["chosen"] = chosen or progress.done.get(item.position, "")
    return render(request, f"{FOLDER}/code.html", context, status=status)


def _item_context(
    audit: BlindAudit, item: AuditItem, titles: dict[str, str]
) -> dict[str, Any]:
    """Return what a coder reads: the words, the section, the list.  Nothing else."""
    comment = item.comment
    return {
        "item": item,
        "readable": selectors.is_readable(comment),
        "text": comment.public_text,
        "suggestion": comment.public_suggestion,
        "provision": comment.provision,
        "question": comment.question,
        "themes": [(c, t) for c, t in titles.items() if codes.theme_of(c)],
        "piles": [
            ("few", _("ข้อเสนอหรือเหตุผลของตัวเอง ไม่ซ้ำประเด็นใดในรายการ")),
            ("no_reason", _("ไม่ให้เหตุผล บอกแต่จุดยืนหรือไม่มีเนื้อความ")),
            ("other", _("เรื่องอื่น ไม่เกี่ยวกับร่างนี้")),
        ],
    }


def _next_address(
    round: Round, audit: BlindAudit, coder: AuditCoder, position: int
) -> str:
    """Return where to go on: the next comment that waits, or the look back."""
    waiting = selectors.progress_of(audit, coder).waiting
    after = [n for n in waiting if n > position] or waiting
    address = reverse("desk_audit_code", args=[round.pk, audit.number])
    return f"{address}?item={after[0]}" if after else address


@agency_view(Action.VIEW_DESK)
def results(request: HttpRequest, round: Round, number: int) -> HttpResponse:
    """Show what was found, once both people are done; nothing before."""
    audit = _audit(round, number)
    found = selectors.results_of(audit)
    if found is None:
        raise Http404(_("ยังไม่มีผล เพราะผู้ลงรหัสยังทำไม่ครบทั้งสองคน"))
    titles = selectors.titles_of(audit) | {
        "": _("ไม่มีคำตอบของระบบ"),
        codes.RETIRED: _("ประเด็นที่เจ้าหน้าที่เลิกใช้"),
    }
    told = found.findings
    context = _context(
        request,
        round,
        audit=audit,
        found=found,
        told=told,
        pairs=[
            (_("คนที่ 1 กับคนที่ 2"), told.people),
            (_("คนที่ 1 กับระบบ"), told.machine[0]),
            (_("คนที่ 2 กับระบบ"), told.machine[1]),
            (_("ความเห็นร่วมของสองคนกับระบบ"), told.consensus),
        ],
        coders=[person_name(coder.user) for coder in selectors.coders_of(audit)],
        confusion=[(titles[a], titles[m], n) for a, m, n in found.confusion],
        differences=[
            (d.public_id, titles[d.first], titles[d.second], titles[d.machine])
            for d in found.differences
        ],
        heading=_("ผลการตรวจคุณภาพ"),
    )
    return render(request, f"{FOLDER}/results.html", context)
