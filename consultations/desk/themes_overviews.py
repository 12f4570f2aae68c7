"""Looks at all themes of a round at once: as a map, by section, against the rules."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comments.themes import selectors
from comments.themes.by_section import Share, piles_by_subject
from comments.themes.candidates import candidates_of
from comments.themes.quality import Found, Rule, rules_of
from comments.themes.theme_map import WIDTH, draw, used_height
from consultations.desk.access import agency_view
from consultations.desk.frame import THEMES
from consultations.desk.themes_context import sections_of
from consultations.models import Round, ThemeResponse
from consultations.policies import Action


@agency_view(Action.VIEW_DESK)
def theme_map(request: HttpRequest, round: Round) -> HttpResponse:
    """Draw the themes so that near means alike; the same as a table below."""
    themes, _buckets, _retired = selectors.piles_of(round)
    circles = draw(themes, candidates_of(round))
    drawn = {circle.row.number for circle in circles}
    return THEMES.show(
        request,
        round,
        "map",
        _("แผนที่ประเด็น"),
        circles=circles,
        undrawn=[row for row in themes if row.number not in drawn],
        width=WIDTH,
        height=used_height(circles),
    )


@agency_view(Action.VIEW_DESK)
def rules(request: HttpRequest, round: Round) -> HttpResponse:
    """Say what to look at first before the themes are signed, and why."""
    bench = selectors.workbench(round)
    found = rules_of(round, bench, candidates_of(round)) if bench.ready else []
    if found:
        found = sorted([*found, _answered(bench)], key=lambda rule: rule.ok)
    return THEMES.show(
        request,
        round,
        "rules",
        _("ตรวจก่อนรับรอง"),
        rules=found,
        open_rules=sum(not rule.ok for rule in found),
    )


def _answered(bench: selectors.Workbench) -> Rule:
    """Find signed themes whose answer nobody has signed: the report waits for them."""
    approved = [row for row in bench.themes if row.theme and row.is_approved]
    signed = set(
        ThemeResponse.objects.filter(
            theme__in=[row.theme for row in approved], signed_at__isnull=False
        ).values_list("theme", flat=True)
    )
    return Rule(
        "answered",
        _("ทุกประเด็นที่รับรองมีคำชี้แจง"),
        _("ผู้ที่เสียเวลาแสดงความคิดเห็นควรได้รู้ว่าหน่วยงานตัดสินใจอย่างไร เพราะอะไร"),
        [Found((row,)) for row in approved if row.theme.pk not in signed],
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the draft with the piles of its comments."""

    subject: str
    label: str
    count: int
    shares: list[Share]


@agency_view(Action.VIEW_DESK)
def by_section(request: HttpRequest, round: Round) -> HttpResponse:
    """List each part of the draft that was commented on with its themes."""
    themes, buckets, _retired = selectors.piles_of(round)
    piles = piles_by_subject(round, [*themes, *buckets])
    labels = {
        **{str(pk): label for pk, label in sections_of(round)},
        "whole": _("ทั้งฉบับ"),
        **{
            f"q{question.pk}": _("คำถามที่ %s") % question.number
            for question in round.questions.all()
        },
    }
    parts = [
        Part(subject, label, *piles[subject])
        for subject, label in labels.items()
        if subject in piles
    ]
    return THEMES.show(
        request,
        round,
        "by_section",
        _("ประเด็นรายมาตรา"),
        parts=parts,
        quiet=len(labels) - len(parts),
    )
