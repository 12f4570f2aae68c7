"""The workbench of themes: one page for the round, one for each pile of comments."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from comments.models import Bucket, Channel, Stance, Submission, Theme, ThemeRun
from comments.themes import adopt, notes, quotes, review, selectors
from comments.themes.candidates import candidates_of, machine_said
from consultations.desk import themes_acts, themes_table
from consultations.desk.access import agency_view
from consultations.desk.frame import THEMES
from consultations.desk.themes_context import sections_of
from consultations.desk.themes_forms import ThemeForm, pressed
from consultations.models import Round
from consultations.policies import Action
from drafts import clock
from drafts.errors import RapfangError
from drafts.requests import read_number
from drafts.revisions import revision_of, tried


@agency_view(Action.VIEW_DESK)
def index(request: HttpRequest, round: Round) -> HttpResponse:
    """Show the run, all themes, all buckets, and that the sum is right."""
    section = read_number(request.GET.get("section", ""))
    mine = request.GET.get("mine") == "1"
    bench = selectors.workbench(
        round, section=section, assigned_to=request.user if mine else None
    )
    return THEMES.show(
        request,
        round,
        "index",
        _("ประเด็นความเห็น"),
        bench=bench,
        run=bench.run,
        run_stage=themes_acts.stage_label(bench.run),
        sections=sections_of(round),
        section=section,
        mine=mine,
        undoable=review.undoable(round, request.user) if bench.ready else None,
        events=selectors.history(round, limit=8),
    )


@agency_view(Action.VIEW_DESK)
def progress(request: HttpRequest, round: Round) -> HttpResponse:
    """Answer with the run panel alone, for the page that asks again and again."""
    run = (
        ThemeRun.objects.filter(round=round)
        .select_related("requested_by")
        .order_by("-pk")
        .first()
    )
    if run is None or not run.is_active:
        return HttpResponseClientRefresh()
    return THEMES.show(
        request,
        round,
        "_run",
        _("การวิเคราะห์"),
        run=run,
        run_stage=themes_acts.stage_label(run),
    )


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
            sent = pressed(request.POST)
            said = themes_acts.undo_do(round, sent, by=request.user, now=clock.now())
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
    sent = pressed(request.POST if request.method == "POST" else request.GET)
    only_new = sent["only_new"] == "1"
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
                after_event=sent["after_event"],
            )
        except RapfangError as refused:
            error, status = refused.message, refused.status
        else:
            messages.success(
                request,
                _("นำผลวิเคราะห์มาใช้แล้ว จัดที่ใหม่ %s ความเห็น") % event.data["moved"],
            )
            return redirect("desk_themes", round.pk)
    try:
        preview = adopt.adoption_preview(round=round, run=run, only_new=only_new)
    except RapfangError as lost:  # nothing to show of a file that is gone or altered
        messages.error(request, lost.message)
        return redirect("desk_themes", round.pk)
    return THEMES.show(
        request,
        round,
        "adopt",
        _("ผลวิเคราะห์ใหม่จะเปลี่ยนอะไร"),
        preview=preview,
        only_new=only_new,
        error=error,
        status=status,
    )


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
        "sections": sections_of(round),
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
        Theme.objects.select_related(
            "approved_by", "merged_into", "created_by", "assigned_to"
        ),
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
    error, status = "", 200
    sent = pressed(request.POST)
    form = ThemeForm(theme=theme) if theme else None
    if theme and sent["action"] == "rename":
        form = ThemeForm(request.POST, theme=theme)
        status = tried(
            form, lambda data: themes_acts.theme_rename(request, theme, data)
        )
        if not status:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(request.get_full_path())
        theme.refresh_from_db()
    elif request.method == "POST":
        try:
            said = themes_acts.pile_do(
                request, round, theme=theme, bucket=bucket, sent=sent
            )
        except RapfangError as refused:
            error, status = refused.message, refused.status
            if theme:
                theme.refresh_from_db()
                form = ThemeForm(theme=theme)
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
    candidates = candidates_of(round)
    theme_number = theme.number if theme else 0
    pile = next(
        (
            row
            for row in (*themes, *buckets)
            if (row.theme == theme if theme else row.bucket == bucket)
        ),
        None,
    )
    said = machine_said(candidates.run, [place.comment_id for place in shown])
    homes, numbered = candidates.homes(), {row.number: row for row in themes}
    theme_notes, comment_notes = notes.notes_on(
        theme=theme, comments=[place.comment_id for place in shown]
    )
    for place in shown:
        hint = said.get(place.comment_id)
        also = {homes.get(n, 0) for n in hint.also} if hint else set()
        place.also = [
            numbered[n] for n in sorted(also) if n in numbered and n != theme_number
        ]
        place.notes = comment_notes.get(place.comment_id, [])
    return THEMES.show(
        request,
        round,
        "pile",
        pile.title if pile else theme.title if theme else "",
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
        form=form,
        typed=sent,
        notes=theme_notes,
        assigned=revision_of(notes.assigned_values(theme)) if theme else "",
        colleagues=themes_acts.colleagues(round) if theme else [],
        error=error,
        few=bucket == Bucket.FEW,
        **_filter_choices(round),
        status=status,
    )


@agency_view(Action.VIEW_DESK)
def history(request: HttpRequest, round: Round) -> HttpResponse:
    """Everything that was done to the themes of the round, newest first."""
    return THEMES.show(
        request,
        round,
        "history",
        _("ประวัติการทำงานกับประเด็น"),
        events=selectors.history(round, limit=500),
    )


@agency_view(Action.EXPORT)
def table(request: HttpRequest, round: Round) -> HttpResponseBase:
    """Send the table of themes and comments as XLSX."""
    return themes_table.response(round)
