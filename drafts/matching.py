"""Find what became of each provision of a version in the next, and store it.

The matches of a version with the one before it are found once, when it is frozen, and
never change: whoever came from a comment last year is led to the same words today.
They are read with ``drafts/lineage.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from drafts.law.compare import (
    OTHER_LABEL,
    Match,
    Unit,
    change_of,
    match_provisions,
    similarity,
)
from drafts.models import DraftVersion, Provision, ProvisionKind, ProvisionMatch

#: Rows of one INSERT: SQLite's limit is on variables, eleven a row.
BATCH = 500

By = ProvisionMatch.By
#: The ids of the old and of the new provisions that belong together.
Ends = tuple[tuple[int, ...], tuple[int, ...]]


#: What is compared apart; see ``_realm``.
REALMS = ("", ProvisionKind.DIVISION, ProvisionKind.TARGET_CLAUSE)


def words_of(provision: Provision) -> str:
    """Return the words that are compared: a heading is part of the text."""
    return "\n".join(part for part in (provision.heading, provision.text) if part)


def _realm(row: Provision) -> str:
    """Tell what is compared apart.

    A heading is no section, and a clause that is put into another law repeats words of
    the section that puts it there.
    """
    apart = {ProvisionKind.DIVISION, ProvisionKind.TARGET_CLAUSE}
    return row.kind if row.kind in apart else ""


def _unit(row: Provision) -> Unit:
    # An amended clause has no number: its address in the draft is its label.
    is_clause_of_law = row.kind == ProvisionKind.TARGET_CLAUSE
    return Unit(
        key=str(row.key),
        number=tuple(row.number),
        text=words_of(row),
        kind=f"{row.kind} {row.subkind}".strip(),
        label=row.label,
        scope=row.eid if is_clause_of_law else row.eid.rpartition("__")[0],
    )


def _ordered(provisions: QuerySet[Provision]) -> list[Provision]:
    names = ("kind", "subkind", "key", "eid", "label", "heading", "number", "text")
    return list(provisions.only("version_id", *names).order_by("version_id", "order"))


def match_versions(older_id: int, newer_id: int) -> list[ProvisionMatch]:
    """Match two versions, neighbours or not, in the order of the newer one.

    Nothing is stored; two queries.
    """
    rows = {
        pk: _ordered(Provision.objects.filter(version=pk))
        for pk in (older_id, newer_id)
    }
    groups: list[list[ProvisionMatch]] = []
    for realm in REALMS:
        old = [row for row in rows[older_id] if _realm(row) == realm]
        new = [row for row in rows[newer_id] if _realm(row) == realm]
        matches = match_provisions([*map(_unit, old)], [*map(_unit, new)])
        groups += [_lines(match, old, new) for match in matches]
    place = places(
        [ends_of(lines) for lines in groups],
        [row.pk for row in rows[older_id]],
        [row.pk for row in rows[newer_id]],
    )
    groups.sort(key=lambda lines: place(ends_of(lines)))
    for order, lines in enumerate(groups, start=1):
        for line in lines:
            line.older_id, line.newer_id, line.order = older_id, newer_id, order
    return [line for lines in groups for line in lines]


def _lines(
    match: Match, old: list[Provision], new: list[Provision]
) -> list[ProvisionMatch]:
    lines = []
    for i, j in match.lines:
        before = None if i is None else old[i]
        after = None if j is None else new[j]
        by, alike = match.by, match.similarity
        if before and after and (i, j) != match.pair:
            by = By.IDENTITY if before.key == after.key else By.SIMILARITY
            alike = round(similarity(words_of(before), words_of(after)), 4)
        lines.append(
            ProvisionMatch(
                old=before,
                new=after,
                change=match.change.value,
                by=by,
                similarity=alike,
                exact=match.exact,
                renumbered=match.renumbered,
                moved=match.moved,
            )
        )
    return lines


def _returned(
    newer: DraftVersion, lines: Sequence[ProvisionMatch]
) -> list[ProvisionMatch]:
    """Find what comes back in this version after having been removed from an earlier.

    Each line stands beside the one that says it was added, and names the last version
    that had the provision; three queries, one where nothing was added.
    """
    added = {line.new_id: line for line in lines if line.old_id is None}
    gone = ProvisionMatch.objects.filter(
        newer__draft=newer.draft_id, newer__number__lt=newer.number, new=None
    )
    removed = set(gone.values_list("old", flat=True)) if added else set()
    if not removed:
        return []
    wanted = Provision.objects.filter(Q(pk__in=removed) | Q(pk__in=added))
    back = ProvisionMatch.objects.filter(old__in=removed, new__isnull=False)
    taken = set(back.values_list("old", flat=True))
    rows = [row for row in _ordered(wanted) if row.pk not in taken]
    found = []
    for realm in REALMS:
        old, new = (
            [row for row in rows if (row.pk in side) and _realm(row) == realm]
            for side in (removed, added)
        )
        for match in match_provisions([*map(_unit, old)], [*map(_unit, new)]):
            if match.pair is None or not _is_sure(match):
                continue
            before, after = old[match.pair[0]], new[match.pair[1]]
            change = change_of(
                1, 1, exact=match.exact, moved=False, renumbered=match.renumbered
            )
            found.append(
                ProvisionMatch(
                    older_id=before.version_id,
                    newer=newer,
                    order=added[after.pk].order,
                    old=before,
                    new=after,
                    change=change.value,
                    by=match.by,
                    similarity=match.similarity,
                    exact=match.exact,
                    renumbered=match.renumbered,
                )
            )
    return found


def _is_sure(match: Match) -> bool:
    """Ask more of what was away for a version than of what stayed."""
    return match.by == By.IDENTITY or match.similarity >= OTHER_LABEL


def ends_of(lines: Iterable[ProvisionMatch]) -> Ends:
    """Return the ids of the old and of the new provisions of some lines."""
    old = dict.fromkeys(line.old_id for line in lines if line.old_id is not None)
    new = dict.fromkeys(line.new_id for line in lines if line.new_id is not None)
    return tuple(old), tuple(new)


def places(
    happened: Iterable[Ends], old: Sequence[int], new: Sequence[int]
) -> Callable[[Ends], tuple[int, int, int]]:
    """Return a sort key that puts what was removed where it stood.

    ``old`` and ``new`` are all provision ids of the two versions in order.
    """
    in_old = {pk: place for place, pk in enumerate(old)}
    in_new = {pk: place for place, pk in enumerate(new)}
    lives_on: dict[int, int] = {}
    for olds, news in happened:
        for pk in olds if news else ():
            lives_on[pk] = min(in_new[heir] for heir in news)
    after: dict[int, int] = {}
    last = -1
    for pk in old:
        after[pk] = last = lives_on.get(pk, last)

    def place(ends: Ends) -> tuple[int, int, int]:
        olds, news = ends
        if news:
            return min(in_new[pk] for pk in news), 0, 0
        return after[olds[0]], 1, in_old[olds[0]]

    return place


@transaction.atomic
def matches_record(*, older: DraftVersion, newer: DraftVersion) -> int:
    """Store the matches of a version with the one before it; return how many lines.

    Does nothing where they are stored already: they never change.
    """
    if ProvisionMatch.objects.filter(newer=newer).exists():
        return 0
    lines = match_versions(older.pk, newer.pk)
    lines += _returned(newer, lines)
    ProvisionMatch.objects.bulk_create(lines, batch_size=BATCH)
    return len(lines)


def matches_record_missing() -> int:
    """Store the matches of versions frozen before matches were; return how many."""
    stored = ProvisionMatch.objects.values("newer")
    versions = DraftVersion.objects.filter(sealed=True).order_by("draft", "number")
    done, before = 0, None
    missing = set(versions.exclude(pk__in=stored).values_list("pk", flat=True))
    for version in versions.only("draft_id", "number"):
        if before and before.draft_id == version.draft_id and version.pk in missing:
            done += bool(matches_record(older=before, newer=version))
        before = version
    return done
