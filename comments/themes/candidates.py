"""What the adopted run said of the themes that people have made of it since.

People merge, split and move; a run knows only its own candidates.  The two are joined
by their members: how many comments of each theme stood in each candidate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from comments.models import CandidateAssignment, Theme, ThemeRun
from comments.themes import adopt


@dataclass(frozen=True, slots=True)
class Candidates:
    """``members[theme][candidate]`` comments of a theme (its number) stood there."""

    run: ThemeRun | None
    members: dict[int, Counter[int]]

    @property
    def metrics(self) -> dict[str, Any]:
        """What the pipeline measured in the adopted run."""
        if self.run is None:
            return {}
        return self.run.metrics.get("run", {}).get("metrics", {})

    def homes(self) -> dict[int, int]:
        """Return candidate -> the theme in which most of its comments are now."""
        votes: dict[int, Counter[int]] = defaultdict(Counter)
        for theme, counts in self.members.items():
            for candidate, n in counts.items():
                votes[candidate][theme] += n
        return {
            candidate: min(counts, key=lambda theme: (-counts[theme], theme))
            for candidate, counts in votes.items()
        }


def candidates_of(round: Any) -> Candidates:
    """Join the round's themes in use with the candidates of the adopted run.

    Three queries; the join is summed up in the database.
    """
    adopted = adopt.adopted_run_id(round)
    run = ThemeRun.objects.filter(pk=adopted).first() if adopted else None
    members: dict[int, Counter[int]] = defaultdict(Counter)
    if run is not None:
        rows = (
            CandidateAssignment.objects.filter(
                run=run,
                theme__isnull=False,
                comment__assignment__theme__status__in=[
                    Theme.Status.PROPOSED,
                    Theme.Status.APPROVED,
                ],
            )
            .order_by()
            .values_list(F("comment__assignment__theme__number"), F("theme__number"))
            .annotate(n=Count("pk"))
        )
        for theme, candidate, n in rows:
            members[theme][candidate] += n
    return Candidates(run, dict(members))


@dataclass(frozen=True, slots=True)
class MachineSaid:
    """What a run said of one comment besides its place: numbers of candidates."""

    runner_up: int | None
    also: tuple[int, ...]


def machine_said(
    run: ThemeRun | None, comments: Iterable[int]
) -> dict[int, MachineSaid]:
    """Return comment id -> second best and secondary candidates; one query."""
    if run is None:
        return {}
    rows = CandidateAssignment.objects.filter(run=run, comment_id__in=list(comments))
    return {
        pk: MachineSaid(runner_up, tuple(also))
        for pk, runner_up, also in rows.values_list("comment_id", "runner_up", "also")
    }
