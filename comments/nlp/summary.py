"""Themes described: names, counts, stances, quotations; and the run's figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from comments.nlp import blocks
from comments.nlp.duplicates import Groups
from comments.nlp.labels import (
    QUOTES,
    choose_quotes,
    fallback_phrase,
    name_themes,
)
from comments.nlp.placing import Placed
from comments.nlp.result import (
    BUCKETS,
    NO_REASON,
    DuplicateGroup,
    Parameters,
    QuoteSpan,
    ThemeProposal,
)
from comments.nlp.stance import Stance
from comments.nlp.text import STANCES, Comment, text_rank
from comments.nlp.theme_map import place_themes
from comments.nlp.work import spread

#: Texts read for names, over all themes and per theme.
NAMED_TEXTS, NAMED_LEAST, NAMED_MOST = 3000, 60, 300
#: Closest comments of a theme among which quotations are chosen.
QUOTE_POOL = 120

Progress = Callable[[str, int, int], None]


def duplicate_groups(
    comments: Sequence[Comment], groups: Groups
) -> tuple[DuplicateGroup, ...]:
    """Groups of copies, largest first; members in order of time, template the text
    of the earliest."""
    members = groups.members()
    ranked = sorted(members, key=lambda lead: (-len(members[lead]), lead))
    return tuple(
        DuplicateGroup(
            id=number,
            members=tuple(comments[i].id for i in members[lead]),
            template=comments[lead].text,
        )
        for number, lead in enumerate(ranked, 1)
    )


@dataclass(frozen=True, slots=True)
class Placement:
    """Comments with everything found about them: positions, groups, places, stances."""

    comments: Sequence[Comment]
    groups: Groups
    arguing: np.ndarray
    placed: Placed
    stances: Sequence[Stance]

    def members(self) -> dict[int, list[int]]:
        return self.groups.members()


def describe_themes(
    found: Placement, *, parameters: Parameters, progress: Progress
) -> tuple[tuple[ThemeProposal, ...], dict]:
    """Describe every theme; second value: the run's metrics."""
    members = found.members()
    rows: dict[int, list[int]] = {}
    for row, theme in enumerate(found.placed.theme):
        if theme is not None:
            rows.setdefault(theme, []).append(row)
    phrases = _phrases(found, rows, parameters)
    labels = _labels(phrases)
    themes = []
    for done, theme in enumerate(sorted(rows), 1):
        named = labels[done - 1], phrases[done - 1]
        themes.append(_describe(found, theme, named, rows[theme], members))
        progress("describe", done, len(rows))
    return tuple(themes), _metrics(found, members)


def _phrases(
    found: Placement, rows: dict[int, list[int]], parameters: Parameters
) -> list[list[str]]:
    per_theme = int(np.clip(NAMED_TEXTS / max(1, len(rows)), NAMED_LEAST, NAMED_MOST))
    samples = []
    for theme in sorted(rows):
        texts = [found.comments[found.arguing[row]].text for row in rows[theme]]
        samples.append(sorted(texts, key=text_rank)[:per_theme])
    jobs = [(parameters.terms, texts) for texts in samples]
    parts = spread(blocks.phrases_block, jobs, processes=parameters.processes)
    named = name_themes(list(parts)) if samples else []
    segmenter = blocks.tokens_with(parameters.terms).segmenter
    for place, theme in enumerate(sorted(rows)):
        if not named[place]:
            text = found.comments[int(found.arguing[rows[theme][0]])].text
            phrase = fallback_phrase(text, segmenter)
            named[place] = [phrase] if phrase else []
    return named


def _labels(phrases: list[list[str]]) -> list[str]:
    """A label for each theme in order; of two alike the later has a number after it."""
    times: Counter[str] = Counter()
    labels = []
    for place, names in enumerate(phrases, 1):
        label = " · ".join(names) or f"ประเด็นที่ {place}"
        times[label] += 1
        labels.append(label if times[label] == 1 else f"{label} ({times[label]})")
    return labels


def _describe(
    found: Placement,
    theme: int,
    named: tuple[str, list[str]],
    rows: list[int],
    members: dict[int, list[int]],
) -> ThemeProposal:
    comments, arguing, placed = found.comments, found.arguing, found.placed
    stances = found.stances
    centre = placed.centroids[theme - 1]
    vectors = placed.rows_of(rows)
    closeness = np.round(vectors @ centre, 4)
    everyone = [
        (row, position)
        for row in rows
        for position in members.get(int(arguing[row]), [int(arguing[row])])
    ]
    counted = Counter(stances[position].value for _, position in everyone)
    place = {row: i for i, row in enumerate(rows)}
    ranked = sorted(rows, key=lambda r: (-closeness[place[r]], r))
    pool = ranked[:QUOTE_POOL]
    speaker = {row: int(arguing[row]) for row in pool}
    if set(counted) - {stances[p].value for p in speaker.values()}:
        # A stance is only outside the pool, perhaps only in a copy: let comments near
        # the centre speak for their groups.
        nearness = {row: -float(closeness[place[row]]) for row in rows}
        speaker.update(_speakers(everyone, stances, nearness))
    quoted_rows = sorted(speaker)
    quotes = choose_quotes(
        [speaker[row] for row in quoted_rows],
        vectors[[place[row] for row in quoted_rows]],
        centre,
        [stances[speaker[row]].value for row in quoted_rows],
        comments,
    )
    return ThemeProposal(
        id=theme,
        label=named[0],
        phrases=tuple(named[1]),
        size=len(everyone),
        distinct=len(rows),
        stances={name: counted[name] for name in STANCES if counted[name]},
        quotes=tuple(
            QuoteSpan(comments[q.comment].id, q.start, q.end)
            for q in quotes[: max(QUOTES, len(counted))]
        ),
    )


def _speakers(
    everyone: list[tuple[int, int]],
    stances: Sequence[Stance],
    rank: dict[int, float],
) -> dict[int, int]:
    """Row → position of one comment for each stance, of as many stances as there can
    be: a row speaks once, though its copies may state several."""
    choices: dict[str, dict[int, int]] = {}
    for row, position in sorted(everyone, key=lambda item: (rank[item[0]], item[1])):
        rows = choices.setdefault(stances[position].value, {})
        if len(rows) < len(STANCES):  # more cannot be taken by the others
            rows.setdefault(row, position)
    taken: dict[int, str] = {}

    def give(stance: str, asked: set[int]) -> bool:
        for row in choices[stance]:
            if row in asked:
                continue
            asked.add(row)
            if row not in taken or give(taken[row], asked):
                taken[row] = stance
                return True
        return False

    for stance in sorted(choices, key=lambda name: (len(choices[name]), name)):
        give(stance, set())
    return {row: choices[stance][row] for row, stance in taken.items()}


def _metrics(found: Placement, members: dict[int, list[int]]) -> dict:
    comments, groups, placed = found.comments, found.groups, found.placed
    arguing = found.arguing
    sizes = Counter()
    for row, position in enumerate(arguing):
        copies = len(members.get(int(position), (0,)))
        sizes[placed.bucket[row] or "themes"] += copies
    sizes[NO_REASON] = len(comments) - sum(sizes.values())
    return {
        "comments": len(comments),
        "distinct": int((groups.leader == np.arange(len(comments))).sum()),
        "in_groups_of_copies": sum(map(len, members.values())),
        "groups_of_copies": len(members),
        "themes": len({t for t in placed.theme if t is not None}),
        "in_themes": sizes["themes"],
        "buckets": {bucket: sizes[bucket] for bucket in BUCKETS},
        "map": {
            "themes": place_themes(
                placed.centroids, sorted({t for t in placed.theme if t is not None})
            )
        },
    }
