"""What earlier consultations answered to the same point."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from comments.models import Theme
from comments.themes import memory
from consultations.models import ReportStatus, ResponseReport, ThemeResponse


@dataclass(frozen=True, slots=True)
class Precedent:
    """A published answer of an earlier round to a theme that is near."""

    response: ThemeResponse
    report: ResponseReport
    similarity: float

    @property
    def theme(self) -> Theme:
        return self.response.theme

    @property
    def percent(self) -> int:
        return round(100 * self.similarity)

    @property
    def address(self) -> str:
        """Where the public reads it."""
        round_ = self.theme.round
        return reverse(
            "consultations:report_theme",
            args=[
                round_.consultation.slug,
                round_.number,
                self.report.number,
                self.theme.number,
            ],
        )


def precedents_of(theme: Theme) -> list[Precedent]:
    """Return published answers to themes near this one, nearest first.

    At most four queries.

    Only themes whose answer was signed and whose round has a published report: what a
    reader of the report could have read too.
    """
    published = ResponseReport.objects.filter(status=ReportStatus.PUBLISHED)
    answered = ThemeResponse.objects.filter(
        signed_at__isnull=False, theme__round__in=published.values("round")
    )
    echoes = memory.echoes_of(theme, among=answered.values("theme"))
    responses = {
        response.theme_id: response
        for response in answered.filter(
            theme__in=[echo.theme_id for echo in echoes]
        ).select_related("theme__round__consultation__agency")
    }
    rounds = {response.theme.round_id for response in responses.values()}
    reports = {
        report.round_id: report
        for report in published.filter(round__in=rounds)
        .defer("content")
        .order_by("number")
    }
    return [
        Precedent(response, reports[response.theme.round_id], echo.similarity)
        for echo in echoes
        if (response := responses.get(echo.theme_id))
    ]
