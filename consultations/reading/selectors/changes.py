"""Two public versions of a draft compared, from their stored matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from consultations.reading.selectors.lineage import (
    Place,
    ProvisionChange,
    chain_between,
    change_name,
    place_of,
    read_provisions,
    tell,
    version_before,
    versions_of,
)
from consultations.reading.selectors.reasons import reasons_by_provision
from consultations.reading.selectors.rounds import RoundHead, RoundsOf
from drafts.law.compare import Change
from drafts.lineage import Happening, happenings, lines_between

#: Changes on one page, and names on one page of what stayed the same.
PAGE_SIZE = 25
NAMES = 200
#: The order of the filter: what a reader asks about first.
KINDS = (
    Change.CHANGED,
    Change.SPLIT,
    Change.MERGED,
    Change.ADDED,
    Change.REMOVED,
    Change.MOVED,
    Change.RENUMBERED,
    Change.SAME,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the filter; code "" stands for everything that changed."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Provisions in a row that stayed the same, folded to the first and the last."""

    count: int
    first: Place
    last: Place


@dataclass(frozen=True, slots=True)
class ChangesView:
    """``before`` is None where there is but one public version."""

    versions: tuple[RoundHead, ...]
    before: RoundHead | None = None
    after: RoundHead | None = None
    kinds: tuple[Kind, ...] = ()
    kind: str = ""
    page: Page | None = None
    rows: tuple[ProvisionChange | Unchanged, ...] = ()
    same: tuple[Place, ...] = ()  # where the filter asks for what stayed the same

    @property
    def is_single(self) -> bool:
        return self.before is None

    @property
    def query(self) -> str:
        """The address of this comparison, without filter and page."""
        assert self.before and self.after
        return f"from={self.before.version_number}&to={self.after.version_number}"

    @property
    def is_same(self) -> bool:
        """Tell whether nothing changed at all."""
        return all(not kind.count for kind in self.kinds if kind.code != Change.SAME)


def _pick(versions: tuple[RoundHead, ...], number: str, default: int) -> RoundHead:
    for head in versions:
        if str(head.version_number) == number:
            return head
    return versions[default]


def _pair(
    versions: tuple[RoundHead, ...], before: str, after: str
) -> tuple[RoundHead, RoundHead]:
    """Choose two versions; the older is always the first, whatever was asked."""
    new = _pick(versions, after, -1)
    old = _pick(versions, before, max(versions.index(new) - 1, 0))
    return (old, new) if old.version_number <= new.version_number else (new, old)


def read_changes(
    found: RoundsOf,
    *,
    before: str = "",
    after: str = "",
    kind: str = "",
    page: str | int = 1,
) -> ChangesView:
    """Read one page of what changed between two public versions, by default the last.

    Four queries, two more where a version lies between.  A filter or a page that does
    not exist means all, or the nearest.
    """
    versions = versions_of(found)
    if len(versions) < 2:
        return ChangesView(versions)
    old, new = _pair(versions, before, after)
    happened: tuple[Happening, ...] = ()
    if old.version_id != new.version_id:
        chain = chain_between(old, new)
        happened = happenings(lines_between(chain), chain)
    counts = Counter(one.change for one in happened)
    if kind not in {one.value for one in KINDS if counts[one]}:
        kind = ""
    wanted = [
        place
        for place, one in enumerate(happened)
        if (one.change == kind if kind else one.change is not Change.SAME)
    ]
    is_names = kind == Change.SAME
    here = Paginator(wanted, NAMES if is_names else PAGE_SIZE).get_page(page)
    shown: list[Happening | tuple[Happening, ...]] = [happened[at] for at in here]
    if not kind:
        shown = _with_unchanged(happened, here, is_last=not here.has_next())
    rows, same = _tell(shown, old, new, is_names=is_names)
    changed = len(happened) - counts[Change.SAME]
    return ChangesView(
        versions=versions,
        before=old,
        after=new,
        kinds=(
            Kind("", "", changed),
            *(Kind(one.value, change_name(one), counts[one]) for one in KINDS),
        ),
        kind=kind,
        page=here,
        rows=rows,
        same=same,
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """What a version changed, for the pages of its text.

    ``names`` are the names of the changes by provision id; ``count`` says how many
    there are, those that leave nothing to mark, such as removals, among them.
    """

    before: RoundHead
    count: int
    names: Mapping[int, str]


def read_marks(found: RoundsOf) -> Marks | None:
    """Read what this version changed in the public version before; one query.

    Three where a version lies between; None, for no query, in the first version.
    """
    before = version_before(found)
    if before is None:
        return None
    chain = chain_between(before, found.head)
    changed = [
        one
        for one in happenings(lines_between(chain), chain)
        if one.change is not Change.SAME
    ]
    names = {pk: change_name(one.change) for one in changed for pk in one.new}
    return Marks(before, len(changed), names)


def _with_unchanged(
    happened: Sequence[Happening], places: Page, *, is_last: bool
) -> list[Happening | tuple[Happening, ...]]:
    """Put what stayed the same between the changes of a page, each run as one."""
    if not places.object_list:
        return [tuple(happened)] if happened else []
    start = places[0]
    while start and happened[start - 1].change is Change.SAME:
        start -= 1
    end = len(happened) if is_last else places[-1] + 1
    shown: list[Happening | tuple[Happening, ...]] = []
    run: list[Happening] = []
    for one in happened[start:end]:
        if one.change is Change.SAME:
            run.append(one)
            continue
        if run:
            shown.append(tuple(run))
            run = []
        shown.append(one)
    return [*shown, tuple(run)] if run else shown


def _tell(
    shown: list[Happening | tuple[Happening, ...]],
    old: RoundHead,
    new: RoundHead,
    *,
    is_names: bool,
) -> tuple[tuple[ProvisionChange | Unchanged, ...], tuple[Place, ...]]:
    alone = [one for one in shown if isinstance(one, Happening)]
    runs = [(one[0], one[-1]) for one in shown if not isinstance(one, Happening)]
    ends = [one for run in runs for one in run]
    ids = [one.new[0] for one in (alone if is_names else ends)]
    if not is_names:
        ids += [pk for one in alone for pk in (*one.old, *one.new)]
    rows = read_provisions(ids)

    def now(one: Happening) -> Place:
        return place_of(rows[one.new[0]], new)

    if is_names:
        return (), tuple(map(now, alone))
    reasons = reasons_by_provision(pk for one in alone for pk in one.old)
    told: list[ProvisionChange | Unchanged] = []
    for one in shown:
        if isinstance(one, Happening):
            told.append(
                tell(
                    one,
                    rows,
                    older=old,
                    newer=new,
                    reasons=reasons,
                )
            )
        else:
            told.append(Unchanged(len(one), now(one[0]), now(one[-1])))
    return tuple(told), ()
