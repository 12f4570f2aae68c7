"""Themes described: names, counts, stances, quotations; and the run's figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

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
    QuoteSpan,
    ThemeProposal,
)
from comments.nlp.stance import Stance
from comments.nlp.text import STANCES, Comment, text_rank
from drafts.law.words import Segmenter

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


def describe_themes(
    comments: Sequence[Comment],
    groups: Groups,
    arguing: np.ndarray,
    placed: Placed,
    stances: Sequence[Stance],
    segmenter: Segmenter,
    *,
    progress: Progress,
) -> tuple[tuple[ThemeProposal, ...], dict]:
    """Describe every theme; second value: the run's metrics."""
    members = groups.members()
    rows: dict[int, list[int]] = {}
    for row, theme in enumerate(placed.theme):
        if theme is not None:
            rows.setdefault(theme, []).append(row)
    samples = []
    per_theme = int(np.clip(NAMED_TEXTS / max(1, len(rows)), NAMED_LEAST, NAMED_MOST))
    for theme in sorted(rows):
        texts = [comments[arguing[row]].text for row in rows[theme]]
        samples.append(sorted(texts, key=text_rank)[:per_theme])
    phrases = name_themes(samples, segmenter) if samples else []
    themes = []
    for done, theme in enumerate(sorted(rows), 1):
        themes.append(
            _describe(
                theme,
                phrases[done - 1],
                rows[theme],
                comments,
                members,
                arguing,
                placed,
                stances,
                segmenter,
            )
        )
        progress("describe", done, len(rows))
    return tuple(themes), _metrics(comments, groups, arguing, placed, members)


def _describe(
    theme: int,
    phrases: list[str],
    rows: list[int],
    comments: Sequence[Comment],
    members: dict[int, list[int]],
    arguing: np.ndarray,
    placed: Placed,
    stances: Sequence[Stance],
    segmenter: Segmenter,
) -> ThemeProposal:
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
    for stance in counted:
        if any(stances[p].value == stance for p in speaker.values()):
            continue
        # The stance is only outside the pool, perhaps only in a copy: let the
        # comment nearest to the centre that has it speak for its group.
        row, position = min(
            ((r, p) for r, p in everyone if stances[p].value == stance),
            key=lambda item: (-closeness[place[item[0]]], item[1]),
        )
        speaker[row] = position
    quoted_rows = sorted(speaker)
    quotes = choose_quotes(
        [speaker[row] for row in quoted_rows],
        vectors[[place[row] for row in quoted_rows]],
        centre,
        [stances[speaker[row]].value for row in quoted_rows],
        comments,
    )
    if not phrases:
        phrase = fallback_phrase(comments[int(arguing[ranked[0]])].text, segmenter)
        phrases = [phrase] if phrase else []
    return ThemeProposal(
        id=theme,
        label=" · ".join(phrases) or f"#{theme}",
        phrases=tuple(phrases),
        size=len(everyone),
        distinct=len(rows),
        stances={name: counted[name] for name in STANCES if counted[name]},
        quotes=tuple(
            QuoteSpan(comments[q.comment].id, q.start, q.end)
            for q in quotes[: max(QUOTES, len(counted))]
        ),
    )


def _metrics(
    comments: Sequence[Comment],
    groups: Groups,
    arguing: np.ndarray,
    placed: Placed,
    members: dict[int, list[int]],
) -> dict:
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
    }
