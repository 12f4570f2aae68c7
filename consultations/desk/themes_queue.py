"""The reading queue: one comment after the other, least certain first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from comments.models import Source
from comments.themes import review, selectors
from comments.themes.candidates import candidates_of, machine_said
from comments.themes.reading_queue import queue as reading_queue
from consultations.desk import themes_acts
from consultations.desk.access import agency_view
from consultations.desk.frame import THEMES
from consultations.desk.themes_context import sections_of
from consultations.desk.themes_forms import pressed
from consultations.models import Round
from consultations.policies import Action
from drafts import clock
from drafts.errors import RapfangError
from drafts.requests import read_number

PER_PAGE = 10


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def queue(request: HttpRequest, round: Round) -> HttpResponseBase:
    """Show what nobody has looked at, and confirm or move it."""
    error, status = "", 200
    if request.method == "POST":
        try:
            said = _act(request, round)
        except RapfangError as refused:
            error, status = refused.message, refused.status
        else:
            messages.success(request, said)
            return redirect(request.get_full_path())
    section = read_number(request.GET.get("section", ""))
    page = Paginator(reading_queue(round, section=section), PER_PAGE).get_page(
        request.GET.get("page")
    )
    places = list(page.object_list)
    themes, buckets, _retired = selectors.piles_of(round)
    candidates = candidates_of(round)
    homes, rows = candidates.homes(), {row.number: row for row in themes}
    said = machine_said(candidates.run, [place.comment_id for place in places])
    copies = selectors.copies_of(places)
    for place in places:
        place.copies = copies.get(place.argument, 1)
        hint = said.get(place.comment_id)
        second = rows.get(homes.get(hint.runner_up or 0, 0)) if hint else None
        place.second = second if second and second.theme != place.theme else None
    return THEMES.show(
        request,
        round,
        "queue",
        _("คิวอ่าน"),
        page=page,
        places=places,
        themes=themes,
        buckets=buckets,
        sections=sections_of(round),
        section=section,
        undoable=review.undoable(round, request.user),
        filters=selectors.Filters(),
        error=error,
        status=status,
    )


def _act(request: HttpRequest, round: Round) -> str:
    """Confirm a comment where it is, or move it; raises RapfangError."""
    themes_acts.require_open(round)
    common: dict[str, Any] = {"by": request.user, "now": clock.now()}
    sent = pressed(request.POST)
    if sent["action"] == "undo":
        return themes_acts.undo_do(round, sent, **common).text
    comment = themes_acts.comment_named(round, sent)
    seen = read_number(sent["seen"]) or 0
    target = str(seen) if sent["action"] == "confirm" else sent["target"]
    event = review.comment_move(
        round=round,
        comments=[comment.pk],
        seen_in=(seen, ""),
        seen_source=Source.MACHINE,
        **themes_acts.where(target),
        **common,
    )
    if event and event.kind == "comments.confirmed":
        return _("ยืนยันแล้ว")
    return _("ย้าย %s ความเห็นแล้ว") % 1
