"""The numbers under which a report tells its themes; its addresses use them too.

A first report numbers its themes from 1 without gaps, the largest first.  A later one
keeps the numbers that readers know, so that an address never comes to mean another
theme; new themes go on from the last number ever used.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from comments.models import Status, Theme, ThemeAssignment
from consultations.models import ReportStatus, ResponseReport, Round
from consultations.report.document import ReportInput
from consultations.report.document.members import STANCES, facet


def _told(round: Round) -> list[dict[str, Any]]:
    """Return the themes of a round's published reports, those of the newest first."""
    reports = ResponseReport.objects.filter(round=round, status=ReportStatus.PUBLISHED)
    found = reports.order_by("-number").values_list("themes", flat=True)
    return [theme for themes in found for theme in themes]


def theme_numbers(round: Round) -> dict[int, int]:
    """Return approved theme -> its number in the report to come; three queries."""
    told = _told(round)
    known = {theme["id"]: theme["number"] for theme in told}
    sizes = dict(
        ThemeAssignment.objects.filter(
            round=round, comment__late=False, comment__duplicate_of=None
        )
        .exclude(comment__status__in=[Status.HIDDEN, Status.WITHDRAWN])
        .order_by()
        .values_list("theme")
        .annotate(n=Count("pk"))
    )
    approved = Theme.objects.filter(round=round, status=Theme.Status.APPROVED)
    ids = list(approved.order_by("number").values_list("pk", flat=True))
    new = sorted(
        (pk for pk in ids if pk not in known), key=lambda pk: -sizes.get(pk, 0)
    )
    first = max((theme["number"] for theme in told), default=0) + 1
    return {pk: known[pk] for pk in ids if pk in known} | {
        pk: number for number, pk in enumerate(new, first)
    }


def themes_told(given: ReportInput) -> list[dict[str, Any]]:
    """Return what is kept of a report's themes beside it, the largest theme first.

    It names the themes by their rows, for the addresses of a later report, and gives
    the front page numbers and stances that cannot differ from the report's.
    """
    count = given.members.count
    rows = []
    for theme in given.themes:
        own = f"counted~{facet('theme', theme.number)}"
        rows.append(
            {
                "id": theme.id,
                "number": theme.number,
                "title": theme.title,
                "title_en": theme.title_en,
                "comments": count(own),
                "stances": {s: count(f"{own}~{facet('stance', s)}") for s in STANCES},
                "decision": theme.decision,
                "changed": theme.provision if theme.after.strip() else "",
            }
        )
    return sorted(rows, key=lambda row: (-row["comments"], row["number"]))


def gone_to(round: Round, number: int) -> tuple[Theme, int] | None:
    """Return what became of a theme that an earlier report told under a number.

    The theme that holds its comments now, or the theme itself where it was dissolved,
    with the number of that theme in the newest report (0: it has none).  None where no
    report ever used the number.
    """
    told = _told(round)
    pk = next((theme["id"] for theme in told if theme["number"] == number), None)
    if pk is None:
        return None
    theme = Theme.objects.select_related("merged_into").get(pk=pk)
    while theme.merged_into is not None:
        theme = theme.merged_into
    newest = ResponseReport.objects.filter(round=round, status=ReportStatus.PUBLISHED)
    themes = newest.order_by("-number").values_list("themes", flat=True).first() or []
    return theme, next((t["number"] for t in themes if t["id"] == theme.pk), 0)
