"""The workbench of themes: one page for the round, one for each pile of comments."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from comments.models import Bucket, Channel, Stance, Submission, Theme, ThemeRun
from comments.themes import adopt, quotes, review, selectors
from comments.themes.errors import ConflictError, ThemeError
from consultations import policies
from consultations.desk import themes_acts, themes_table
from consultations.desk.access import agency_view
from consultations.models import Round
from consultations.policies import Action
from consultations.stages import Stage
from drafts import clock
from drafts.errors import RapfangError
from drafts.models import Provision

FOLDER = "consultations/desk/themes"


def error_status(error: RapfangError) -> int:
    """Return 409 where a colleague was first, 400 otherwise."""
    return 409 if isinstance(error, ConflictError) else 400


def _context(request: HttpRequest, round: Round, **more: Any) -> dict[str, Any]:
    agency = round.consultation.agency_id
    stage = policies.stage_of(round, now=clock.now())
    open_ = stage not in {Stage.REPORTED, Stage.WITHDRAWN}
    roles = policies.roles_of(request.user, agency)
    return {
        "round": round,
        "desk": "themes",
        "stage": stage,
        "may_edit": open_ and bool(roles & policies.ROLES_FOR[Action.EDIT_THEMES]),
        "may_run": open_ and bool(roles & policies.ROLES_FOR[Action.RUN_THEMES]),
        "may_export": bool(roles & policies.ROLES_FOR[Action.EXPORT]),
        "is_reported": not open_,
        **more,
    }


def _sections(round: Round) -> list[tuple[int, str]]:
    rows = Provision.objects.filter(version=round.version_id).exclude(kind="division")
    return [(row.pk, str(row)[:60]) for row in rows.only("label", "heading", "eid")]


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and text.isascii() else None


@agency_view(Action.VIEW_DESK)
def index(request: HttpRequest, round: Round) -> HttpResponse:
    """Show the run, all themes, all buckets, and that the sum is right."""
    section = _number(request.GET.get("section", ""))
    bench = selectors.workbench(round, section=section)
    context = _context(
        request,
        round,
        bench=bench,
        run=bench.run,
        run_stage=themes_acts.stage_label(bench.run),
        sections=_sections(round),
        section=section,
        undoable=review.undoable(round, request.user) if bench.ready else None,
        events=selectors.history(round, limit=8),
        heading=_("ประเด็นความเห็น"),
    )
    return render(request, f"{FOLDER}/index.html", context)


@agency_view(Action.VIEW_DESK)
def progress(request: HttpRequest, round: Round) -> HttpResponse:
    """Answer with the run panel alone, for the page that asks again and again."""
    run = (
        ThemeRun.objects.filter(round=round)
        .select_related("requested_by")
        .order_by("-pk")
        .first()
    )
    context = _context(request, round, run=run, run_stage=themes_acts.stage_label(run))
    return render(request, f"{FOLDER}/_run.html", context)


@agency_view(Action.RUN_THEMES)
def run_act(request: HttpRequest, round: Round) -> HttpResponseBase:
    """Start, cancel or retry a run."""
    if request.method != "POST":
        return redirect("desk_themes", round.pk)
    try:
        themes_acts.run_do(request, round)
    except RapfangError as error:
        messages.error(request, error.message)
    return redirect("desk_themes", round.pk)


@agency_view(Action.EDIT_THEMES)
def undo(request: HttpRequest, round: Round) -> HttpResponseBase:
    """Undo one's own newest act, from the page of the round."""
    if request.method == "POST":
        try:
            themes_acts.require_open(round)
            said = themes_acts.undo_do(request, round, by=request.user, now=clock.now())
        except RapfangError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, said.text)
    return redirect("desk_themes", round.pk)


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def adopt_run(request: HttpRequest, round: Round) -> HttpResponseBase:
    """Show what taking the newest run would change; take it on POST."""
    run = get_object_or_404(
        ThemeRun, round=round, is_current=True, status=ThemeRun.Status.COMPLETE
    )
    data = request.POST if request.method == "POST" else request.GET
    only_new = data.get("only_new") == "1"
    error = ""
    status = 200
    if request.method == "POST":
        try:
            themes_acts.require_open(round)
            event = adopt.run_adopt(
                round=round,
                run=run,
                by=request.user,
                now=clock.now(),
                only_new=only_new,
                after_event=_number(request.POST.get("after_event", "")),
            )
        except RapfangError as refused:
            error, status = refused.message, error_status(refused)
        else:
            messages.success(
                request,
                _("นำผลวิเคราะห์มาใช้แล้ว จัดที่ใหม่ %s ความเห็น") % event.data["moved"],
            )
            return redirect("desk_themes", round.pk)
    context = _context(
        request,
        round,
        preview=adopt.adoption_preview(round=round, run=run, only_new=only_new),
        only_new=only_new,
        error=error,
        heading=_("ผลวิเคราะห์ใหม่จะเปลี่ยนอะไร"),
    )
    return render(request, f"{FOLDER}/adopt.html", context, status=status)


def _filters(request: HttpRequest) -> selectors.Filters:
    names = {field.name for field in fields(selectors.Filters)}
    data = {k: v.strip()[:200] for k, v in request.GET.items() if k in names}
    return selectors.Filters(**data)


def _filter_choices(round: Round) -> dict[str, Any]:
    rows = Submission.objects.filter(round=round).order_by()
    groups = rows.exclude(group="").values_list("group", flat=True).distinct()
    places = rows.exclude(province="").values_list("province", flat=True).distinct()
    channels = dict(Channel.choices)
    used = rows.values_list("channel", flat=True).distinct()
    return {
        "sections": _sections(round),
        "questions": list(round.questions.all()),
        "stances": Stance.choices,
        "groups": sorted(groups),
        "provinces": sorted(places),
        "channels": [(code, channels[code]) for code in sorted(used)],
    }


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def theme(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """One theme: its title, quotations and comments, least certain first."""
    found = get_object_or_404(
        Theme.objects.select_related("approved_by", "merged_into", "created_by"),
        round=round,
        number=number,
    )
    return _pile(request, round, theme=found)


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def bucket(request: HttpRequest, round: Round, bucket: str) -> HttpResponseBase:
    """One bucket: each comment on its own, to be moved or made a theme."""
    if bucket not in Bucket.values:
        raise Http404
    return _pile(request, round, bucket=bucket)


def _pile(
    request: HttpRequest, round: Round, *, theme: Theme | None = None, bucket: str = ""
) -> HttpResponseBase:
    error = ""
    status = 200
    if request.method == "POST":
        try:
            said = themes_acts.pile_do(request, round, theme=theme, bucket=bucket)
        except RapfangError as refused:
            error, status = refused.message, error_status(refused)
            if theme:
                theme.refresh_from_db()
        else:
            if said.text:
                messages.success(request, said.text)
            return redirect(said.url or request.get_full_path())
    filters = _filters(request)
    places = selectors.places_of(round, theme=theme, bucket=bucket, filters=filters)
    page = Paginator(places, selectors.PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    copies = selectors.copies_of(shown)
    for place in shown:
        place.copies = copies.get(place.argument, 1)
    themes, buckets, _retired = selectors.piles_of(round)
    pile = next(
        (
            row
            for row in (*themes, *buckets)
            if (row.theme == theme if theme else row.bucket == bucket)
        ),
        None,
    )
    post = request.POST if error else {}
    context = _context(
        request,
        round,
        theme=theme,
        bucket=bucket,
        pile=pile,
        themes=[row for row in themes if row.theme != theme],
        buckets=[row for row in buckets if row.bucket != bucket],
        page=page,
        places=shown,
        filters=filters,
        campaigns=selectors.campaigns_of(round, theme=theme, bucket=bucket),
        quotations=quotes.quotations([theme])[theme.pk] if theme else [],
        undoable=review.undoable(round, request.user),
        typed={
            "title": post.get("title", theme.title if theme else ""),
            "title_en": post.get("title_en", theme.title_en if theme else ""),
            "note": post.get("note", theme.note if theme else ""),
            "comments": set(post.getlist("comments")) if error else set(),
            "target": post.get("target", ""),
            "new_title": post.get("new_title", ""),
        },
        error=error,
        heading=pile.title if pile else theme.title if theme else "",
        few=bucket == Bucket.FEW,
        **_filter_choices(round),
    )
    return render(request, f"{FOLDER}/pile.html", context, status=status)


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def merge(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """Two themes side by side, and the button that makes them one."""
    theme = get_object_or_404(Theme, round=round, number=number)
    data = request.POST if request.method == "POST" else request.GET
    into_number = _number(data.get("into", ""))
    into = Theme.objects.filter(round=round, number=into_number).first()
    error = ""
    status = 200
    if request.method == "POST":
        try:
            themes_acts.require_open(round)
            if into is None:
                raise ThemeError(_("เลือกประเด็นที่จะรวมเข้า"), code="no_target")
            review.theme_merge(
                theme=theme,
                revision=_number(data.get("revision", "")) or 0,
                into=into,
                into_revision=_number(data.get("into_revision", "")) or 0,
                by=request.user,
                now=clock.now(),
            )
        except RapfangError as refused:
            error, status = refused.message, error_status(refused)
            theme.refresh_from_db()
            if into:
                into.refresh_from_db()
        else:
            messages.success(
                request, _("รวม “%(a)s” เข้ากับ “%(b)s” แล้ว") % {"a": theme, "b": into}
            )
            return redirect("desk_theme", round.pk, into.number)
    sides = [side for side in (theme, into) if side]
    found = quotes.quotations(sides)
    themes, _buckets, _retired = selectors.piles_of(round)
    rows = {row.number: row for row in themes}
    filters = selectors.Filters()
    panes = [
        {
            "theme": side,
            "row": rows.get(side.number),
            "quotations": found[side.pk],
            "places": selectors.places_of(round, theme=side, filters=filters)[:10],
        }
        for side in sides
    ]
    context = _context(
        request,
        round,
        theme=theme,
        into=into,
        panes=panes,
        themes=[row for row in themes if row.number != number],
        error=error,
        heading=_("รวมประเด็น"),
    )
    return render(request, f"{FOLDER}/merge.html", context, status=status)


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def split(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """Cut a theme in two by words, stance or section; first shown, then done."""
    theme = get_object_or_404(Theme, round=round, number=number)
    data = request.POST if request.method == "POST" else request.GET
    rule = review.SplitRule(
        words=data.get("words", "").strip()[:200],
        stance=data.get("stance", "") if data.get("stance") in Stance.values else "",
        section=_number(data.get("section", "")),
    )
    error = ""
    status = 200
    if request.method == "POST":
        try:
            themes_acts.require_open(round)
            made = review.theme_split(
                theme=theme,
                revision=_number(data.get("revision", "")) or 0,
                rule=rule,
                title=data.get("title", ""),
                expected=_number(data.get("expected", "")) or 0,
                by=request.user,
                now=clock.now(),
            )
        except RapfangError as refused:
            error, status = refused.message, error_status(refused)
            theme.refresh_from_db()
        else:
            messages.success(request, _("แยกเป็นประเด็น “%s” แล้ว") % made)
            return redirect("desk_theme", round.pk, made.number)
    taken = review.split_rows(theme, rule).select_related("comment")
    total = theme.assignments.count()
    count = taken.count()
    rest = theme.assignments.select_related("comment")
    if not rule.empty:
        rest = rest.exclude(pk__in=taken.values("pk"))
    context = _context(
        request,
        round,
        theme=theme,
        rule=rule,
        taken=taken.order_by("margin", "pk")[:15],
        taken_count=count,
        rest=rest.order_by("margin", "pk")[:15],
        rest_count=total - count,
        stances=Stance.choices,
        sections=_sections(round),
        title=data.get("title", rule.words),
        splits=0 < count < total,
        error=error,
        heading=_("แยกประเด็น"),
    )
    return render(request, f"{FOLDER}/split.html", context, status=status)


@agency_view(Action.VIEW_DESK)
def history(request: HttpRequest, round: Round) -> HttpResponse:
    """Everything that was done to the themes of the round, newest first."""
    context = _context(
        request,
        round,
        events=selectors.history(round, limit=500),
        heading=_("ประวัติการทำงานกับประเด็น"),
    )
    return render(request, f"{FOLDER}/history.html", context)


@agency_view(Action.EXPORT)
def table(request: HttpRequest, round: Round) -> HttpResponseBase:
    """Send the table of themes and comments as XLSX."""
    return themes_table.response(round)
