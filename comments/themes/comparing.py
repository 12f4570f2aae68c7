"""Themes beside one another, for the official who decides whether they are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from comments.models import CandidateAssignment, CandidateTheme, Theme, ThemeAssignment
from comments.themes.candidates import Candidates, candidates_of
from comments.themes.selectors import COUNTED

#: Phrases and sections shown of a theme: enough to know it by, few enough to compare.
PHRASES = 6
SECTIONS = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One theme: what sets it apart, where it was said, how near the other one is.

    ``sections`` are (label, comments), most first; ``second`` counts its comments
    whose second best theme, by the adopted run, is another side; ``also`` those that
    speak of another side too.
    """

    theme: Theme
    phrases: tuple[str, ...]
    sections: tuple[tuple[str, int], ...]
    second: int
    also: int


def sides_of(round: Any, themes: Sequence[Theme]) -> list[Side]:
    """Return the sides of a comparison, in the order given; six queries at most."""
    candidates = candidates_of(round)
    phrases = _phrases(candidates, themes)
    sections = _sections(themes)
    second, also = _nearness(candidates, themes)
    return [
        Side(
            theme,
            tuple(phrases[theme.number][:PHRASES]),
            tuple(sections[theme.pk].most_common(SECTIONS)),
            second[theme.number],
            also[theme.number],
        )
        for theme in themes
    ]


def _phrases(candidates: Candidates, themes: Sequence[Theme]) -> dict[int, list[str]]:
    """Return theme number -> phrases of the candidates that most of it stood in."""
    known = dict(
        CandidateTheme.objects.filter(run=candidates.run).values_list(
            "number", "phrases"
        )
    )
    found: dict[int, list[str]] = defaultdict(list)
    for theme in themes:
        for number, _n in candidates.members.get(theme.number, Counter()).most_common():
            have = found[theme.number]
            have += [word for word in known.get(number, []) if word not in have]
    return found


def _sections(themes: Sequence[Theme]) -> dict[int, Counter[str]]:
    rows = (
        ThemeAssignment.objects.filter(
            COUNTED, theme__in=themes, comment__provision__isnull=False
        )
        .order_by()
        .values_list("theme", "comment__provision__label")
        .annotate(n=Count("pk"))
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for theme, label, n in rows:
        found[theme][label] += n
    return found


def _nearness(
    candidates: Candidates, themes: Sequence[Theme]
) -> tuple[Counter[int], Counter[int]]:
    second: Counter[int] = Counter()
    also: Counter[int] = Counter()
    if candidates.run is None:
        return second, also
    homes = candidates.homes()
    numbers = {theme.number for theme in themes}
    rows = CandidateAssignment.objects.filter(
        run=candidates.run, comment__assignment__theme__in=themes
    ).annotate(home=F("comment__assignment__theme__number"))
    pairs = rows.order_by().values_list("home", "runner_up").annotate(n=Count("pk"))
    for home, runner_up, n in pairs:
        if homes.get(runner_up) in numbers - {home}:
            second[home] += n
    for home, others in rows.exclude(also=[]).values_list("home", "also"):
        if {homes.get(number) for number in others} & (numbers - {home}):
            also[home] += 1
    return second, also
