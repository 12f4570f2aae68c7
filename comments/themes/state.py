"""Themes and places of a round as plain values: what events do, and how a run is taken.

Nothing here knows the database, so the same rule serves the service that adopts a run,
the page that shows what adopting would change, and the replay of the event log.

A *place* is ``(theme number or 0, bucket or "", source)``.  *Changes* is what one event
did: themes before and after, places before and after.  An event is undone by applying
its changes backwards, which fails if anything it touched has changed since.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MACHINE, PERSON = "machine", "person"
PROPOSED, APPROVED = "proposed", "approved"
REJECTED, MERGED = "rejected", "merged"

#: Share of a candidate's known members that must stand in one theme that people have
#: touched for the candidate to be taken as that theme.
SAME_THEME = 0.5
#: Overlap (Jaccard) from which a theme nobody has touched keeps its number.
SAME_PROPOSAL = 0.3


class Place(NamedTuple):
    theme: int
    bucket: str
    source: str


#: The fields of a theme that events change.
EMPTY_THEME: dict[str, Any] = {
    "title": "",
    "title_en": "",
    "note": "",
    "status": PROPOSED,
    "merged_into": None,
    "title_source": MACHINE,
}
ThemeFields = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """What one event did; ``None`` before means that it was not there."""

    themes: dict[int, tuple[ThemeFields | None, ThemeFields]] = field(
        default_factory=dict
    )
    places: dict[tuple[Place | None, Place], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    evidence: list[tuple[int, bool, bool]] = field(default_factory=list)

    def move(self, comment: int, before: Place | None, after: Place) -> None:
        if before != after:
            self.places[before, after].append(comment)

    @property
    def moved(self) -> int:
        return sum(len(ids) for ids in self.places.values())

    @property
    def empty(self) -> bool:
        return not (self.themes or self.places or self.evidence)

    def reversed(self) -> Changes:
        """Return the changes that undo these; a theme made is rejected, not erased."""
        back = Changes()
        for number, (before, after) in self.themes.items():
            earlier = before or {**after, "status": REJECTED}
            back.themes[number] = (after, earlier)
        for (before, after), ids in self.places.items():
            if before is None:
                message = "a first placement cannot be undone"
                raise ValueError(message)
            back.places[after, before] = list(ids)
        back.evidence = [(pk, after, before) for pk, before, after in self.evidence]
        return back

    def as_json(self) -> dict[str, Any]:
        return {
            "themes": {str(n): list(pair) for n, pair in sorted(self.themes.items())},
            "places": [
                {
                    "from": list(before) if before else None,
                    "to": list(after),
                    "comments": sorted(ids),
                }
                for (before, after), ids in sorted(
                    self.places.items(), key=lambda item: (str(item[0]), item[1])
                )
            ],
            "evidence": [list(row) for row in self.evidence],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Changes:
        changes = cls()
        for number, (before, after) in data.get("themes", {}).items():
            changes.themes[int(number)] = (before, after)
        for row in data.get("places", []):
            before = Place(*row["from"]) if row["from"] else None
            changes.places[before, Place(*row["to"])] = list(row["comments"])
        changes.evidence = [tuple(row) for row in data.get("evidence", [])]
        return changes


@dataclass(slots=True)
class State:
    """All themes of a round by number, and where each comment stands."""

    themes: dict[int, ThemeFields] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    evidence: set[int] = field(default_factory=set)

    def apply(self, changes: Changes) -> None:
        for number, (_before, after) in changes.themes.items():
            self.themes[number] = dict(after)
        for (_before, after), ids in changes.places.items():
            for comment in ids:
                self.places[comment] = after
        for comment, _before, after in changes.evidence:
            (self.evidence.add if after else self.evidence.discard)(comment)

    def members(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for comment, place in self.places.items():
            if place.theme:
                found[place.theme].add(comment)
        return found

    def touched(self) -> set[int]:
        """Return the numbers of themes in which a person's work is."""
        return {
            number
            for number, fields in self.themes.items()
            if fields["status"] != PROPOSED
            or fields["title_source"] == PERSON
            or fields["note"]
        } | {place.theme for place in self.places.values() if place.source == PERSON}

    @property
    def is_untouched(self) -> bool:
        """Tell whether nobody has done anything yet."""
        return not self.evidence and not self.touched()


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run says: labels of its themes by number, and a place per comment."""

    labels: dict[int, str]
    places: dict[int, tuple[int, str]]


def _targets(
    state: State, result: RunResult, frozen: set[int]
) -> tuple[dict[int, int], set[int]]:
    """Return candidate -> theme number, and the numbers that are new."""
    members: dict[int, list[int]] = defaultdict(list)
    for comment, (candidate, _bucket) in result.places.items():
        if candidate:
            members[candidate].append(comment)
    before = state.members()
    targets: dict[int, int] = {}
    pairs: list[tuple[float, int, int]] = []
    for candidate, ids in members.items():
        votes = Counter(
            place.theme
            for comment in ids
            if (place := state.places.get(comment)) and place.theme
        )
        known = sum(votes.values())
        kept = [
            (-count, number)
            for number, count in votes.items()
            if number in frozen
            and count >= SAME_THEME * known
            and state.themes[number]["status"] in {PROPOSED, APPROVED}
        ]
        if kept:
            targets[candidate] = min(kept)[1]
            continue
        for number, count in votes.items():
            if number not in frozen:
                union = len(ids) + len(before[number]) - count
                if count >= SAME_PROPOSAL * union:
                    pairs.append((-count / union, number, candidate))
    taken: set[int] = set()
    for _score, number, candidate in sorted(pairs):
        if candidate not in targets and number not in taken:
            targets[candidate] = number
            taken.add(number)
    new: set[int] = set()
    number = max(state.themes, default=0)
    for candidate in sorted(result.labels):
        if candidate not in targets:
            number += 1
            targets[candidate] = number
            new.add(number)
    return targets, new


def adoption(state: State, result: RunResult, *, only_new: bool = False) -> Changes:
    """Return what taking a run changes.

    Never moved: comments that a person placed, and members of themes that are not mere
    proposals.  A candidate most of whose known members stand in a theme with a person's
    work in it is that theme: its new comments join it.  Otherwise it renews the
    proposal that it overlaps most, or is a new proposal.  Proposals left without a
    counterpart are merged into where most of their members went.  ``only_new`` places
    the comments that stand nowhere yet and leaves everything else as it is.
    """
    frozen = set(state.themes) if only_new else state.touched()
    targets, new = _targets(state, result, frozen)
    changes = Changes()
    went: dict[int, Counter[int]] = defaultdict(Counter)
    used: set[int] = set()
    for comment, (candidate, bucket) in sorted(result.places.items()):
        before = state.places.get(comment)
        target = targets[candidate] if candidate else 0
        if before is not None and (
            only_new
            or before.source == PERSON
            or (before.theme and state.themes[before.theme]["status"] != PROPOSED)
        ):
            continue
        used.add(target)
        if before is not None and before.theme and before.theme != target:
            went[before.theme][target] += 1
        changes.move(comment, before, Place(target, bucket, MACHINE))
    for candidate, number in sorted(targets.items()):
        if number in new and number in used:
            fields = {**EMPTY_THEME, "title": result.labels[candidate]}
            changes.themes[number] = (None, fields)
        elif number not in new and number not in frozen:
            fields = state.themes[number]
            if fields["title"] != result.labels[candidate]:
                after = {**fields, "title": result.labels[candidate]}
                changes.themes[number] = (dict(fields), after)
    if not only_new:
        _retire(state, changes, frozen | set(targets.values()), went)
    return changes


def _retire(
    state: State, changes: Changes, alive: set[int], went: dict[int, Counter[int]]
) -> None:
    for number, fields in state.themes.items():
        if number in alive or fields["status"] != PROPOSED:
            continue
        heirs = [(-n, to) for to, n in went[number].items() if to]
        heir = min(heirs)[1] if heirs else None
        after = {
            **fields,
            "status": MERGED if heir else REJECTED,
            "merged_into": heir,
        }
        changes.themes[number] = (dict(fields), after)


def themes_in(changes: Iterable[tuple[Place | None, Place]]) -> set[int]:
    """Return the numbers of the themes that moves of places touch."""
    return {
        place.theme
        for pair in changes
        for place in pair
        if place is not None and place.theme
    }
