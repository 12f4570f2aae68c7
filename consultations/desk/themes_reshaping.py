"""Merge two themes seen side by side; cut one in two after a preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from comments.models import Stance, Theme
from comments.themes import comparing, parts, quotes, review, selectors
from comments.themes.errors import ThemeError
from consultations.desk import themes_acts
from consultations.desk.access import agency_view
from consultations.desk.frame import THEMES
from consultations.desk.themes_context import sections_of
from consultations.desk.themes_forms import pressed
from consultations.models import Round
from consultations.policies import Action
from drafts import clock
from drafts.errors import RapfangError


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def merge(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """Two themes side by side, and the button that makes them one."""
    theme = get_object_or_404(Theme, round=round, number=number)
    sent = pressed(request.POST if request.method == "POST" else request.GET)
    into = Theme.objects.filter(round=round, number=sent["into"]).first()
    error = ""
    status = 200
    if request.method == "POST":
        try:
            themes_acts.require_open(round)
            if into is None:
                raise ThemeError(_("เลือกประเด็นที่จะรวมเข้า"), code="no_target")
            review.theme_merge(
                theme=theme,
                revision=themes_acts.seen(sent["revision"]),
                into=into,
                into_revision=themes_acts.seen(sent["into_revision"]),
                title=_title(sent, theme, into),
                by=request.user,
                now=clock.now(),
            )
        except RapfangError as refused:
            error, status = refused.message, refused.status
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
    compared = {side.theme.pk: side for side in comparing.sides_of(round, sides)}
    themes, _buckets, _retired = selectors.piles_of(round)
    rows = {row.number: row for row in themes}
    filters = selectors.Filters()
    panes = [
        {
            "theme": side,
            "side": compared[side.pk],
            "row": rows.get(side.number),
            "quotations": found[side.pk],
            "places": selectors.places_of(round, theme=side, filters=filters)[:10],
        }
        for side in sides
    ]
    return THEMES.show(
        request,
        round,
        "merge",
        _("รวมประเด็น"),
        theme=theme,
        into=into,
        panes=panes,
        themes=[row for row in themes if row.number != number],
        keep=sent["keep"],
        title=sent["title"],
        error=error,
        status=status,
    )


def _title(sent: dict[str, Any], theme: Theme, into: Theme) -> str:
    """Return what both are called from then on, as chosen on the page."""
    kept = {"theme": theme.title, "own": sent["title"]}
    return kept.get(sent["keep"], into.title)


@agency_view(Action.VIEW_DESK, change=Action.EDIT_THEMES)
def split(request: HttpRequest, round: Round, number: int) -> HttpResponseBase:
    """Cut a theme in two by a rule or as proposed; first shown, then done."""
    theme = get_object_or_404(Theme, round=round, number=number)
    sent = pressed(request.POST if request.method == "POST" else request.GET)
    rule = parts.SplitRule(
        words=sent["words"].strip()[:200],
        stance=sent["stance"],
        section=sent["section"],
        comments=tuple(sent["comments"]),
        part=sent["part"] or 0,
        parts=sent["parts"] or 0,
    )
    error = ""
    status = 200
    if request.method == "POST":
        try:
            themes_acts.require_open(round)
            made = review.theme_split(
                theme=theme,
                revision=themes_acts.seen(sent["revision"]),
                rule=rule,
                title=sent["title"],
                expected=sent["expected"] or 0,
                seen=sent["seen"],
                by=request.user,
                now=clock.now(),
            )
        except RapfangError as refused:
            error, status = refused.message, refused.status
            theme.refresh_from_db()
        else:
            messages.success(request, _("แยกเป็นประเด็น “%s” แล้ว") % made)
            return redirect("desk_theme", round.pk, made.number)
    proposed = parts.parts_proposed(theme, rule.parts) if rule.parts else []
    ids = list(parts.split_rows(theme, rule).values_list("comment_id", flat=True))
    total = theme.assignments.count()
    count = len(ids)
    rows = theme.assignments.select_related("comment").order_by("margin", "pk")
    return THEMES.show(
        request,
        round,
        "split",
        _("แยกประเด็น"),
        theme=theme,
        rule=rule,
        proposed=proposed,
        part_counts=parts.COUNTS,
        taken=rows.filter(comment_id__in=ids)[:15],
        taken_count=count,
        seen=parts.fingerprint(ids),
        rest=rows.exclude(comment_id__in=ids)[:15],
        rest_count=total - count,
        stances=Stance.choices,
        sections=sections_of(round),
        title=sent["title"] or rule.words or _phrases(proposed, rule.part),
        typed=sent["title"],
        splits=0 < count < total,
        error=error,
        status=status,
    )


def _phrases(proposed: list[parts.Part], number: int) -> str:
    return next((" · ".join(p.phrases) for p in proposed if p.number == number), "")
