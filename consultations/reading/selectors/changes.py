"""Two versions of a draft compared, provision by provision."""

from __future__ import annotations

from dataclasses import dataclass

from consultations.reading.selectors.redlines import Change, redline
from consultations.reading.selectors.rounds import RoundHead, RoundsOf
from consultations.reading.selectors.texts import name_of
from drafts.models import Provision, ProvisionKind

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass(frozen=True, slots=True)
class ProvisionChange:
    kind: str
    before_name: str
    before_url: str
    after_name: str
    after_url: str
    changes: tuple[Change, ...]
    #: "" where both are the same block; else how sure the match is, 0 to 100.
    likeness: int | None = None

    @property
    def is_renumbered(self) -> bool:
        return bool(
            self.before_name and self.after_name and self.before_name != self.after_name
        )


@dataclass(frozen=True, slots=True)
class ChangesView:
    """``changes`` is empty with ``is_single`` where there is but one version."""

    versions: tuple[RoundHead, ...]
    before: RoundHead | None
    after: RoundHead | None
    changes: tuple[ProvisionChange, ...]
    changed: int = 0
    added: int = 0
    removed: int = 0
    same: int = 0

    @property
    def is_single(self) -> bool:
        return self.before is None


def _texts(version_id: int) -> list[Provision]:
    return list(
        Provision.objects.filter(version_id=version_id)
        .exclude(kind=ProvisionKind.DIVISION)
        .only("key", "kind", "subkind", "eid", "label", "heading", "text", "order")
        .order_by("order")
    )


def _name(row: Provision) -> str:
    return name_of(row.kind, row.subkind, row.label, row.heading, row.eid)


def _pick(versions: tuple[RoundHead, ...], number: str, default: int) -> RoundHead:
    for head in versions:
        if str(head.version_number) == number:
            return head
    return versions[default]


def pair(
    old: list[Provision], new: list[Provision]
) -> list[tuple[Provision | None, Provision | None]]:
    """Pair the provisions of two versions by block; removed ones stand where they were."""
    by_key = {row.key: row for row in old}
    taken = {row.key for row in new if row.key in by_key}
    pairs: list[tuple[Provision | None, Provision | None]] = []
    rest = iter(row for row in old)
    for row in new:
        match = by_key.get(row.key)
        if match is not None:
            for earlier in rest:
                if earlier.key == match.key:
                    break
                if earlier.key not in taken:
                    pairs.append((earlier, None))
        pairs.append((match, row))
    seen = {before.pk for before, _after in pairs if before}
    pairs += [(row, None) for row in old if row.pk not in seen]
    return pairs


def read_changes(found: RoundsOf, *, before: str, after: str) -> ChangesView:
    """Compare two public versions, by default the last two; two queries."""
    by_version = {head.version_id: head for head in found.all}
    versions = tuple(by_version.values())
    if len(versions) < 2:
        return ChangesView(versions, None, None, ())
    old, new = _pick(versions, before, -2), _pick(versions, after, -1)
    changes = []
    for earlier, later in pair(_texts(old.version_id), _texts(new.version_id)):
        if earlier and later:
            kind = SAME if earlier.text == later.text else CHANGED
        else:
            kind = ADDED if later else REMOVED
        changes.append(
            ProvisionChange(
                kind,
                _name(earlier) if earlier else "",
                f"{old.draft_url}{earlier.eid}/" if earlier else "",
                _name(later) if later else "",
                f"{new.draft_url}{later.eid}/" if later else "",
                redline(earlier.text if earlier else "", later.text if later else "")
                if kind != SAME
                else (),
            )
        )
    count = [change.kind for change in changes].count
    return ChangesView(
        versions,
        old,
        new,
        tuple(changes),
        changed=count(CHANGED),
        added=count(ADDED),
        removed=count(REMOVED),
        same=count(SAME),
    )
