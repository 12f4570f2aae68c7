"""Read what became of provisions from version to version (see drafts/matching.py).

Versions that are not neighbours are joined through those between, so that every page
tells the same story.  A *line* (one ``ProvisionMatch``) is a provision of the older
version and one of the newer that descends from it; a *happening* is all that belongs
together, so a provision split in three is one happening of three lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q

from drafts.law.compare import Change, change_of
from drafts.matching import By, Ends, ends_of, match_versions, places
from drafts.models import DraftVersion, Provision, ProvisionMatch

#: Provisions asked for by id in one query; above it, the whole versions are read.
FEW = 400
#: From certain to likely; a chain of matches is as sure as its weakest.
SURENESS = ("", By.IDENTITY.value, By.LABEL.value, By.SIMILARITY.value)


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to one provision, or to several together, between two versions.

    ``old`` and ``new`` are provision ids in the order of the text; ``by`` the least
    sure of their matches; ``similarity`` None where it was not measured, because the
    versions are not neighbours; ``exact`` that no word changed.
    """

    change: Change
    old: tuple[int, ...]
    new: tuple[int, ...]
    by: str = ""
    similarity: float | None = None
    exact: bool = False
    renumbered: bool = False
    moved: bool = False


def chain_of(older_id: int, newer_id: int) -> list[int]:
    """Return the versions from one to a later one of the same draft; one query."""
    ends = DraftVersion.objects.filter(pk__in=(older_id, newer_id))
    older, newer = (
        DraftVersion.objects.filter(pk=pk).values("number")[:1]
        for pk in (older_id, newer_id)
    )
    return list(
        DraftVersion.objects.filter(
            draft__in=ends.values("draft"), number__gte=older, number__lte=newer
        )
        .filter(sealed=True)
        .order_by("number")
        .values_list("pk", flat=True)
    )


def lines_between(chain: Sequence[int]) -> list[ProvisionMatch]:
    """Read the lines of a chain of versions; one query.

    A version without stored matches (``manage.py match_versions`` was not run yet) is
    matched on the spot.
    """
    lines = list(
        ProvisionMatch.objects.filter(newer__in=chain[1:], older__in=chain).order_by(
            "order"
        )
    )
    stored = {line.newer_id for line in lines}
    for older_id, newer_id in pairwise(chain):
        if newer_id not in stored:
            lines += match_versions(older_id, newer_id)
    return lines


def family_of(provision_ids: Iterable[int]) -> list[ProvisionMatch]:
    """Read every line of the provisions and of all they are related to.

    One query for each step away from them, two where nothing was split or merged and
    there are two versions.
    """
    known: dict[int, ProvisionMatch] = {}
    asked: set[int] = set()
    asking = set(provision_ids)
    while asking:
        asked |= asking
        found = ProvisionMatch.objects.filter(Q(old__in=asking) | Q(new__in=asking))
        known |= {line.pk: line for line in found}
        ends = {pk for line in known.values() for pk in (line.old_id, line.new_id)}
        asking = ends - asked - {None}
    return sorted(known.values(), key=lambda line: (line.newer_id, line.order, line.pk))


def ancestors_of(
    provision_id: int, lines: Iterable[ProvisionMatch], *, descendants: bool = False
) -> set[int]:
    """Return the ids a provision descends from, or those that descend from it.

    Through splits and merges too; never cousins.  ``lines`` is its family.
    """
    ways: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        if line.old_id is not None and line.new_id is not None:
            start, end = line.new_id, line.old_id
            if descendants:
                start, end = end, start
            ways[start].add(end)
    found: set[int] = set()
    asking = {provision_id}
    while asking:
        asking = {end for start in asking for end in ways[start]} - found
        found |= asking
    return found


def sureness_of(provision_id: int, lines: Iterable[ProvisionMatch]) -> dict[int, str]:
    """Return how each ancestor of a provision was found: the least sure on the way.

    The values are those of ``ProvisionMatch.By``; ``lines`` is the provision's family.
    """
    back: dict[int, list[ProvisionMatch]] = defaultdict(list)
    for line in lines:
        if line.old_id is not None and line.new_id is not None:
            back[line.new_id].append(line)
    found, asking = {provision_id: ""}, [provision_id]
    while asking:
        heir = asking.pop()
        for line in back[heir]:
            if line.old_id not in found:
                found[line.old_id] = _weakest((found[heir], line.by))
                asking.append(line.old_id)
    del found[provision_id]
    return found


def happenings(
    lines: Iterable[ProvisionMatch], chain: Sequence[int]
) -> tuple[Happening, ...]:
    """Say what happened from the first to the last version of a chain.

    ``lines`` are those of the chain, all of them or whole families; in the order of
    the newer version.  One query where versions lie between.
    """
    by_newer: dict[int, list[ProvisionMatch]] = defaultdict(list)
    within = set(chain)
    for line in lines:
        if line.older_id in within:
            by_newer[line.newer_id].append(line)
    hops = [by_newer[newer_id] for newer_id in chain[1:]]
    if len(hops) == 1:
        return _stored(hops[0])
    return _joined(hops, chain[0], chain[-1])


def _weakest(found: Iterable[str]) -> str:
    return max(found, key=SURENESS.index, default="")


def _stored(lines: list[ProvisionMatch]) -> tuple[Happening, ...]:
    groups: dict[int, list[ProvisionMatch]] = defaultdict(list)
    for line in lines:
        groups[line.order].append(line)
    found = []
    for _order, group in sorted(groups.items()):
        first = group[0]
        old, new = ends_of(group)
        found.append(
            Happening(
                change=Change(first.change),
                old=old,
                new=new,
                by=_weakest(line.by for line in group),
                similarity=first.similarity if len(group) == 1 else None,
                exact=first.exact,
                renumbered=first.renumbered,
                moved=first.moved,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a provision of the last version was reached from one of the first."""

    by: str = ""
    moved: bool = False


def _further(
    reached: dict[int, _Way], next_of: dict[int, list[ProvisionMatch]]
) -> dict[int, _Way]:
    """Go one version further; where two ways meet, the less sure one counts."""
    found: dict[int, _Way] = {}
    for pk, way in reached.items():
        for line in next_of[pk]:
            met = found.get(line.new_id, _Way())
            found[line.new_id] = _Way(
                _weakest((met.by, way.by, line.by)),
                met.moved or way.moved or line.moved,
            )
    return found


def _joined(
    hops: list[list[ProvisionMatch]], older_id: int, newer_id: int
) -> tuple[Happening, ...]:
    starts = {line.old_id for line in hops[0]} - {None}
    ends = {line.new_id for line in hops[-1]} - {None}
    reached = {start: {start: _Way()} for start in starts}
    for hop in hops:
        next_of: dict[int, list[ProvisionMatch]] = defaultdict(list)
        for line in hop:
            if line.old_id is not None and line.new_id is not None:
                next_of[line.old_id].append(line)
        # What was reached stays: it may come back after having been away.
        for met in reached.values():
            met.update(_further(met, next_of))
    ways = {
        start: {pk: way for pk, way in met.items() if pk in ends}
        for start, met in reached.items()
    }
    groups = _components(ways, ends)
    wanted = starts | ends
    facts = Provision.objects.filter(version__in=(older_id, newer_id))
    if len(wanted) <= FEW:
        facts = facts.filter(pk__in=wanted)
    rows = {
        row.pk: row
        for row in facts.only(
            "version_id", "kind", "number", "heading", "sha256"
        ).order_by("order")
    }
    place = places(
        groups,
        [pk for pk, row in rows.items() if row.version_id == older_id],
        [pk for pk, row in rows.items() if row.version_id == newer_id],
    )
    order = {pk: n for n, pk in enumerate(rows)}
    found = []
    for group in sorted(groups, key=place):
        old, new = (tuple(sorted(side, key=order.__getitem__)) for side in group)
        taken = [ways[pk][heir] for pk in old for heir in new if heir in ways[pk]]
        one, other = (rows[side[0]] if len(side) == 1 else None for side in (old, new))
        alone = one is not None and other is not None
        exact = alone and (one.heading, one.sha256) == (other.heading, other.sha256)
        renumbered = alone and (one.kind, one.number) != (other.kind, other.number)
        moved = any(way.moved for way in taken)
        found.append(
            Happening(
                change=change_of(
                    len(old), len(new), exact=exact, moved=moved, renumbered=renumbered
                ),
                old=old,
                new=new,
                by=_weakest(way.by for way in taken),
                similarity=1.0 if exact else None,
                exact=exact,
                renumbered=renumbered,
                moved=moved,
            )
        )
    return tuple(found)


def _components(ways: dict[int, dict[int, _Way]], ends: set[int]) -> list[Ends]:
    """Put together the starts and ends that any way joins."""
    back: dict[int, list[int]] = defaultdict(list)
    for start, reached in ways.items():
        for end in reached:
            back[end].append(start)
    groups: list[Ends] = [((), (end,)) for end in sorted(ends - set(back))]
    seen: set[int] = set()
    for first in sorted(ways):
        if first in seen:
            continue
        starts, found, asking = {first}, set(), {first}
        while asking:
            found |= {end for start in asking for end in ways[start]}
            asking = {start for end in found for start in back[end]} - starts
            starts |= asking
        seen |= starts
        groups.append((tuple(starts), tuple(found)))
    return groups
