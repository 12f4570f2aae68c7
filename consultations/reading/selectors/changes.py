"""Two versions of a draft compared, provision by provision."""

from __future__ import annotations

from dataclasses import dataclass

from consultations.reading.selectors.names import name_of
from consultations.reading.selectors.rounds import RoundHead, RoundsOf
from consultations.reading.selectors.texts import Neighbour
from drafts.law.compare import Change, Match, Span, Unit, match_provisions, redline
from drafts.models import Provision, ProvisionKind

IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class ProvisionChange:
    """What became of one provision (or of several, where split or merged)."""

    kind: str  # drafts.law.compare.Change
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    spans: tuple[Span, ...]
    is_renumbered: bool
    #: percent alike, where the pair was found by its words and not by its block.
    likeness: int | None

    @property
    def name(self) -> str:
        return " ".join(place.name for place in self.after or self.before)

    @property
    def url(self) -> str:
        return (self.after or self.before)[0].url

    @property
    def old_eids(self) -> tuple[str, ...]:
        """Where links from comments on the older version arrive."""
        return tuple(place.url.rstrip("/").rpartition("/")[2] for place in self.before)


@dataclass(frozen=True, slots=True)
class ChangesView:
    """``before`` is None where there is but one public version."""

    versions: tuple[RoundHead, ...]
    before: RoundHead | None = None
    after: RoundHead | None = None
    changes: tuple[ProvisionChange, ...] = ()
    changed: int = 0
    added: int = 0
    removed: int = 0
    same: int = 0

    @property
    def is_single(self) -> bool:
        return self.before is None


def _rows(version_id: int) -> list[Provision]:
    return list(
        Provision.objects.filter(version_id=version_id)
        .exclude(kind=ProvisionKind.DIVISION)
        .only(
            "key", "kind", "subkind", "eid", "label", "heading", "number", "text",
            "order",
        )
        .order_by("order")
    )  # fmt: skip


def _units(rows: list[Provision]) -> list[Unit]:
    return [
        Unit(
            str(row.key),
            tuple(row.number),
            row.text,
            row.subkind if row.kind == ProvisionKind.PART else row.kind,
            row.label,
        )
        for row in rows
    ]


def _pick(versions: tuple[RoundHead, ...], number: str, default: int) -> RoundHead:
    for head in versions:
        if str(head.version_number) == number:
            return head
    return versions[default]


def _change(
    match: Match,
    old: list[Provision],
    new: list[Provision],
    old_base: str,
    new_base: str,
) -> ProvisionChange:
    def places(rows: list[Provision], base: str) -> tuple[Neighbour, ...]:
        return tuple(
            Neighbour(
                name_of(r.kind, r.subkind, r.label, r.heading, r.eid), f"{base}{r.eid}/"
            )
            for r in rows
        )

    before = [old[i] for i in match.old]
    after = [new[j] for j in match.new]
    return ProvisionChange(
        match.change.value,
        places(before, old_base),
        places(after, new_base),
        redline(
            "\n".join(row.text for row in before), "\n".join(row.text for row in after)
        ),
        match.renumbered,
        None
        if match.by in {IDENTITY, ""}
        else max(1, min(99, round(match.similarity * 100))),
    )


def read_changes(found: RoundsOf, *, before: str, after: str) -> ChangesView:
    """Compare two public versions, by default the last two; two queries."""
    versions = tuple({head.version_id: head for head in found.all}.values())
    if len(versions) < 2:
        return ChangesView(versions)
    old_head, new_head = _pick(versions, before, -2), _pick(versions, after, -1)
    old, new = _rows(old_head.version_id), _rows(new_head.version_id)
    matches = match_provisions(_units(old), _units(new))
    kinds = [match.change for match in matches]
    unchanged = kinds.count(Change.SAME)
    added, removed = kinds.count(Change.ADDED), kinds.count(Change.REMOVED)
    return ChangesView(
        versions,
        old_head,
        new_head,
        tuple(
            _change(match, old, new, old_head.draft_url, new_head.draft_url)
            for match in matches
            if match.change is not Change.SAME
        ),
        changed=len(matches) - unchanged - added - removed,
        added=added,
        removed=removed,
        same=unchanged,
    )
