"""One provision through all public versions, and what was said of it in each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from comments.models import Tally
from consultations.reading.selectors import comments as said_of
from consultations.reading.selectors.lineage import (
    Place,
    ProvisionChange,
    chain_between,
    how_matched,
    percent_of,
    place_of,
    read_provisions,
    tell,
    version_before,
    versions_of,
)
from consultations.reading.selectors.reasons import reasons_by_provision
from consultations.reading.selectors.rounds import RoundHead, RoundsOf
from drafts import lineage
from drafts.law.compare import Change, similarity
from drafts.matching import words_of
from drafts.models import DraftVersion, Provision, ProvisionMatch

#: Earlier comments shown on the page of the provision itself.
FIRST = 3


@dataclass(frozen=True, slots=True)
class Step:
    """The provision in one version; ``places`` is empty where it was no more."""

    head: RoundHead
    frozen_at: dt.datetime
    places: tuple[Place, ...]
    #: Each round that heard this version, the newest first, with its comments on it.
    heard: tuple[tuple[RoundHead, int], ...]
    is_here: bool
    #: From the version before; empty for the first.
    changes: tuple[ProvisionChange, ...]
    #: What it was before it was removed, where it came back in this version.
    returned: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    place: Place
    steps: tuple[Step, ...]  # the newest first


@dataclass(frozen=True, slots=True)
class Onward:
    """What became of a provision of an earlier version in the newest one."""

    head: RoundHead  # of the newest version
    change: ProvisionChange
    history_url: str

    @property
    def is_gone(self) -> bool:
        return self.change.change is Change.REMOVED


@dataclass(frozen=True, slots=True)
class Since:
    """How a provision differs from the public version before."""

    head: RoundHead  # of the version before
    change: ProvisionChange

    @property
    def is_same(self) -> bool:
        return self.change.change is Change.SAME


@dataclass(frozen=True, slots=True)
class Source:
    """One earlier provision that comments were made on."""

    head: RoundHead
    place: Place
    comments: int
    late: int
    #: How it was found to be an ancestor; "" where it is the provision itself.
    matched: str
    is_certain: bool
    #: Whether its words are those of the provision that is read.
    is_same_text: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """Comments of earlier rounds on what a provision descends from.

    ``total`` is never part of the round's own counts.
    """

    sources: tuple[Source, ...]
    page: said_of.CommentPage

    @property
    def total(self) -> int:
        return sum(source.comments for source in self.sources)

    @property
    def late(self) -> int:
        return sum(source.late for source in self.sources)

    @property
    def comments(self) -> tuple[tuple[said_of.CommentView, Source | None], ...]:
        """Each comment with the provision and the version it was said about."""
        by_subject = {(one.head.id, one.place.id): one for one in self.sources}
        return tuple(
            (comment, by_subject.get((comment.round_id, comment.provision_id)))
            for comment in self.page.comments
        )

    @property
    def first(self) -> tuple[tuple[said_of.CommentView, Source | None], ...]:
        return self.comments[:FIRST]

    @property
    def first_ids(self) -> list[int]:
        return [comment.id for comment, _source in self.first if comment.is_shown]


def history_url(head: RoundHead, eid: str) -> str:
    """Return the address of a provision's history, seen from a version."""
    return f"{head.draft_url}{eid}/history/"


def find_provision(head: RoundHead, eid: str) -> Provision | None:
    """Return a provision of a version by its eid; one query."""
    return Provision.objects.filter(version_id=head.version_id, eid=eid).first()


def _between(
    family: list[ProvisionMatch], older: RoundHead, newer: RoundHead
) -> tuple[lineage.Happening, ...]:
    """No query, two where a version lies between."""
    chain = chain_between(older, newer)
    return lineage.happenings(family, chain) if len(chain) > 1 else ()


def _become(
    found: RoundsOf,
    provision_id: int,
    family: list[ProvisionMatch],
    older: RoundHead,
    newer: RoundHead,
) -> ProvisionChange | None:
    """Tell what happened to a provision of either version; at most five queries."""
    mine = next(
        (
            one
            for one in _between(family, older, newer)
            if provision_id in one.old + one.new
        ),
        None,
    )
    if mine is None:
        return None
    return tell(
        mine,
        read_provisions([*mine.old, *mine.new]),
        older=older,
        newer=newer,
        reasons=reasons_by_provision(mine.old),
    )


def read_onward(
    found: RoundsOf, provision_id: int, family: list[ProvisionMatch] | None = None
) -> Onward | None:
    """Read what became of a provision of this version in the newest one.

    At most eight queries, one more for each version between; less with the family.
    None where this version is the newest, or was never matched with a later one.
    """
    head, newest = found.head, versions_of(found)[-1]
    if newest.version_id == head.version_id:
        return None
    if family is None:
        family = lineage.family_of([provision_id])
    change = _become(found, provision_id, family, head, newest)
    if change is None:
        return None
    here = next(place for place in change.before if place.id == provision_id)
    return Onward(newest, change, history_url(head, here.eid))


def read_since(
    found: RoundsOf, provision_id: int, family: list[ProvisionMatch]
) -> Since | None:
    """Read how a provision differs from the public version before; five queries.

    None, for no query, in the first version.
    """
    before = version_before(found)
    if before is None:
        return None
    change = _become(found, provision_id, family, before, found.head)
    return Since(before, change) if change else None


def read_history(found: RoundsOf, provision_id: int) -> History:
    """Read the line of a provision through the public versions.

    Nine queries for two versions; two or three more for each further one.
    """
    heads = versions_of(found)
    family = lineage.family_of([provision_id])
    mine = {
        provision_id,
        *lineage.ancestors_of(provision_id, family),
        *lineage.ancestors_of(provision_id, family, descendants=True),
    }
    happened = {
        newer.version_id: [
            one
            for one in _between(family, older, newer)
            if mine.intersection(one.old + one.new)
        ]
        for older, newer in pairwise(heads)
    }
    groups = [one for several in happened.values() for one in several]
    rows = read_provisions({*mine, *(pk for one in groups for pk in one.old + one.new)})
    reasons = reasons_by_provision(pk for one in groups for pk in one.old)
    frozen = dict(
        DraftVersion.objects.filter(
            pk__in=[head.version_id for head in heads]
        ).values_list("pk", "frozen_at")
    )
    counts = _counts(found, mine)
    by_version = {head.version_id: head for head in heads}
    back = [
        line
        for line in family
        if line.old_id in rows and line.new_id and line.older_id in by_version
    ]
    steps = []
    for older, head in zip([None, *heads], heads, strict=False):
        here = [
            row
            for row in sorted(rows.values(), key=lambda row: row.order)
            if row.pk in mine and row.version_id == head.version_id
        ]
        changes = tuple(
            tell(
                one,
                rows,
                older=older,
                newer=head,
                reasons=reasons,
            )
            for one in (happened[head.version_id] if older else ())
        )
        added = [
            one
            for one in (happened[head.version_id] if older else ())
            if one.change is Change.ADDED
        ]
        if not (here or changes):
            continue  # not yet there, or gone for more than one version
        steps.append(
            Step(
                head=head,
                frozen_at=frozen[head.version_id],
                places=tuple(place_of(row, head) for row in here),
                heard=tuple(
                    (
                        round_,
                        sum(
                            counts[round_.id, row.pk].total
                            for row in here
                            if (round_.id, row.pk) in counts
                        ),
                    )
                    for round_ in reversed(found.all)
                    if round_.version_id == head.version_id
                ),
                is_here=head.version_id == found.head.version_id,
                changes=changes,
                returned=tuple(
                    place_of(rows[line.old_id], by_version[line.older_id])
                    for line in back
                    if any(line.new_id in one.new for one in added)
                ),
            )
        )
    return History(
        place_of(rows[provision_id], found.head),
        tuple(reversed(steps)),
    )


def _counts(found: RoundsOf, ids: set[int]) -> dict[tuple[int, int], Tally]:
    """Return the tallies of some provisions by round and provision; one query."""
    tallies = Tally.objects.filter(
        round__in=[head.id for head in found.all], provision__in=ids
    )
    return {(tally.round_id, tally.provision_id): tally for tally in tallies}


def _source(
    head: RoundHead, row: Provision, tally: Tally, by: str, now: Provision
) -> Source:
    old, new = words_of(row), words_of(now)
    is_exact = old == new
    percent = percent_of(0 if is_exact else similarity(old, new), is_exact=is_exact)
    return Source(
        head,
        place_of(row, head),
        tally.total,
        tally.late,
        how_matched(by, percent, is_exact=is_exact),
        by in {"", ProvisionMatch.By.IDENTITY},
        is_exact,
    )


def read_earlier(
    found: RoundsOf,
    provision_id: int,
    family: list[ProvisionMatch] | None = None,
    *,
    cursor: str = "",
) -> Earlier | None:
    """Read a page of the comments made on what a provision descends from.

    Only those of earlier rounds: a round's own comments are listed on its own page,
    and the counts of the two are never added up.  Five queries or more; None, for no
    query, in a first round.
    """
    before = {head.id: head for head in found.all if head.number < found.head.number}
    if not before:
        return None
    if family is None:
        family = lineage.family_of([provision_id])
    ways = lineage.sureness_of(provision_id, family)
    ids = {provision_id, *ways}
    rows = read_provisions(ids)
    sources = [
        _source(head, rows[pk], tally, ways.get(pk, ""), rows[provision_id])
        for (round_id, pk), tally in _counts(found, ids).items()
        if (head := before.get(round_id)) and (tally.total or tally.late)
    ]
    sources.sort(key=lambda one: (-one.head.number, rows[one.place.id].order))
    page = said_of.read_comments(
        {"provision__in": sorted(ids), "round__in": sorted(before)},
        late=None,
        cursor=cursor,
        base_text={pk: row.text for pk, row in rows.items()},
    )
    return Earlier(tuple(sources), page)
