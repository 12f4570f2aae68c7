"""Why words changed: the signed answers of published reports that name a provision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from comments.models import Theme, ThemeAssignment
from consultations.models import ResponseReport, ThemeResponse
from consultations.models.answers import ReportStatus
from consultations.reading.selectors.said import Said, said


@dataclass(frozen=True, slots=True)
class Reason:
    """A theme that people raised, what was decided, and where the report says so."""

    theme: Said
    decision: str
    url: str


def _read(answers: QuerySet[ThemeResponse]) -> list[tuple[ThemeResponse, Reason]]:
    """Keep the answers that stand in a published report; two queries."""
    found = list(
        answers.filter(
            signed_at__isnull=False, theme__status=Theme.Status.APPROVED
        ).select_related("theme__round__consultation")
    )
    if not found:
        return []
    newest: dict[int, ResponseReport] = {}
    for report in (
        ResponseReport.objects.filter(
            round__in={answer.theme.round_id for answer in found},
            status=ReportStatus.PUBLISHED,
        )
        .defer("content")
        .order_by("number")
    ):
        newest[report.round_id] = report
    kept = []
    for answer in found:
        theme = answer.theme
        report = newest.get(theme.round_id)
        # An answer signed after the report was frozen waits for the next one.
        if report is None or answer.signed_at > report.published_at:
            continue
        number = report.number_of(theme.pk)
        if number is None:
            continue
        url = reverse(
            "consultations:report_theme",
            args=[
                theme.round.consultation.slug,
                theme.round.number,
                report.number,
                number,
            ],
        )
        decision = str(answer.get_decision_display())
        kept.append((answer, Reason(said(theme.title, theme.title_en), decision, url)))
    return kept


def reasons_by_provision(ids: Iterable[int]) -> dict[int, tuple[Reason, ...]]:
    """Return the answers that said how a provision changes; at most two queries."""
    found: dict[int, list[Reason]] = defaultdict(list)
    answers = ThemeResponse.objects.filter(provision__in=list(ids))
    for answer, reason in _read(answers.order_by("theme__number")):
        found[answer.provision_id].append(reason)
    return {pk: tuple(reasons) for pk, reasons in found.items()}


def reason_of_comment(comment_id: int) -> Reason | None:
    """Return the theme a comment was put in, with its answer; at most two queries."""
    themes = ThemeAssignment.objects.filter(comment=comment_id).values("theme")
    found = _read(ThemeResponse.objects.filter(theme__in=themes))
    return found[0][1] if found else None
