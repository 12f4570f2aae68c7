"""Match the provisions of two versions of a text and name what happened to each.

Matching goes from certain to likely: the same identity (the block's key), then the
same words, then the same label with a text that still resembles it, then resemblance
alone.  Resemblance is
the share of word pairs that two texts have in common (Sørensen–Dice over multisets of
word bigrams).  What is left over is tested for having been split off from, or merged
into, a provision that was matched otherwise; the rest was added or removed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from drafts.law.redline import Span, carry_anchor, redline, rising
from drafts.law.structure import LawText, Number, Provision
from drafts.law.words import tokens

__all__ = [
    "Change",
    "Match",
    "Span",
    "Unit",
    "carry_anchor",
    "change_of",
    "match_provisions",
    "redline",
    "similarity",
    "unit_of",
    "units_of",
]

#: The same label and this much alike: the same provision, reworded.
SAME_LABEL = 0.45
#: Another label: this much alike to be the same provision all the same.
OTHER_LABEL = 0.55
#: The same label, nothing better found, and at least this: rewritten from the ground.
REWRITTEN = 0.2
#: Share of a provision's word pairs found in another: it was split off or merged in.
CONTAINED = 0.65
#: What the same label is worth beside the resemblance of the words.
LABEL_BONUS = 0.15
_FEWEST_PAIRS = 6  # texts shorter than this prove nothing by resemblance
_COMMON = 30  # a word pair in more provisions than this tells nothing
_CANDIDATES = 8  # provisions looked at closely for each one
_OWN_SHARE = 0.8  # of CONTAINED: share not explained by the partner's own text


class Change(StrEnum):
    SAME = "same"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    SPLIT = "split"
    MERGED = "merged"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compared: one provision of one version.  ``key`` is its identity."""

    key: str
    number: Number
    text: str
    kind: str = "section"
    label: str = ""
    scope: str = ""  # part of the label's name space: "cmp_1" of a promulgating act


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one or more provisions; ``old`` and ``new`` are indexes.

    ``by`` says how the pair was found (identity, label, similarity; empty for added
    and removed); ``exact`` that the words are unchanged.  ``pair`` is the old and the
    new one that were matched first: of a split or merged provision the others were
    found to hold, or to have held, words of these two.
    """

    change: Change
    old: tuple[int, ...]
    new: tuple[int, ...]
    by: str = ""
    similarity: float = 0.0
    exact: bool = False
    renumbered: bool = False
    moved: bool = False
    pair: tuple[int, int] | None = None

    @property
    def lines(self) -> tuple[tuple[int | None, int | None], ...]:
        """Return who descends from whom: one (old, new) each, None for nobody."""
        if self.pair is None:
            return tuple((i, None) for i in self.old) + tuple(
                (None, j) for j in self.new
            )
        chief, heir = self.pair
        return (
            self.pair,
            *((i, heir) for i in self.old if i != chief),
            *((chief, j) for j in self.new if j != heir),
        )


def change_of(
    olds: int, news: int, *, exact: bool, moved: bool, renumbered: bool
) -> Change:
    """Name what happened to so many old and new provisions that belong together."""
    if not (olds and news):
        return Change.ADDED if news else Change.REMOVED
    if news > 1:
        return Change.SPLIT
    if olds > 1:
        return Change.MERGED
    if not exact:
        return Change.CHANGED
    if moved:
        return Change.MOVED
    return Change.RENUMBERED if renumbered else Change.SAME


def unit_of(provision: Provision, key: str = "") -> Unit:
    """Make the unit of a parsed provision; without a key it has no identity."""
    scope = provision.eid.rpartition("__")[0]
    return Unit(
        key,
        provision.number,
        provision.text,
        str(provision.kind),
        provision.label,
        scope,
    )


def units_of(law: LawText) -> tuple[Unit, ...]:
    """Make the units of a whole law, in order."""
    return tuple(unit_of(provision) for provision in law.provisions)


def similarity(old: str, new: str) -> float:
    """Say how alike two texts are: 1 for the same words, 0 for none in common."""
    return _dice(_pairs(old), _pairs(new))


def match_provisions(old: Sequence[Unit], new: Sequence[Unit]) -> tuple[Match, ...]:
    """Match two versions; the result is in the order of the new one, removals placed
    where they stood."""
    matcher = _Matcher(old, new)
    matcher.by_identity()
    matcher.by_likeness()
    return matcher.result()


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _pairs(text: str) -> Counter[tuple[str, str]]:
    words = [word for word in tokens(text) if not word.isspace()]
    return Counter(pairwise(["", *words, ""]))


def _dice(a: Counter, b: Counter) -> float:
    total = a.total() + b.total()
    if not total:
        return 1.0
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return 2 * sum(min(n, large[pair]) for pair, n in small.items()) / total


def _share(part: Counter, whole: Counter) -> float:
    total = part.total()
    found = sum(min(n, whole[pair]) for pair, n in part.items())
    return found / total if total else 0.0


class _Matcher:
    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old, self.new = old, new
        self.plain_old = [_squeeze(unit.text) for unit in old]
        self.plain_new = [_squeeze(unit.text) for unit in new]
        self.pairs: dict[tuple[str, int], Counter] = {}
        self.to_new: dict[int, int] = {}
        self.to_old: dict[int, int] = {}
        self.how: dict[int, str] = {}
        self.score: dict[int, float] = {}

    def words(self, side: str, index: int) -> Counter:
        """Count the word pairs of a unit, once."""
        key = (side, index)
        if key not in self.pairs:
            units = self.old if side == "old" else self.new
            self.pairs[key] = _pairs(units[index].text)
        return self.pairs[key]

    def alike(self, i: int, j: int) -> float:
        if self.plain_old[i] == self.plain_new[j]:
            return 1.0
        return _dice(self.words("old", i), self.words("new", j))

    def take(self, i: int, j: int, how: str, score: float) -> None:
        self.to_new[i], self.to_old[j] = j, i
        self.how[j], self.score[j] = how, score

    def free(self) -> tuple[list[int], list[int]]:
        return (
            [i for i in range(len(self.old)) if i not in self.to_new],
            [j for j in range(len(self.new)) if j not in self.to_old],
        )

    def by_identity(self) -> None:
        keys = {unit.key: i for i, unit in enumerate(self.old) if unit.key}
        for j, unit in enumerate(self.new):
            i = keys.get(unit.key) if unit.key else None
            if i is not None and i not in self.to_new:
                self.take(i, j, "identity", self.alike(i, j))

    def by_likeness(self) -> None:
        """Pair what is left: identical words first, then the best scores.

        The same label counts in a pair's favour (``LABEL_BONUS``), so a reworded
        provision keeps its label's partner, but after an insertion that shifts all
        labels the words win.
        """
        self._identical(same_label=True)
        self._identical(same_label=False)
        free_old, free_new = self.free()
        index = self._index("old", free_old)
        labels = {self._label(self.old[i]): i for i in reversed(free_old)}
        scored = []
        for j in free_new:
            namesake = labels.get(self._label(self.new[j]))
            found = set(self._sharing("new", j, index))
            if namesake is not None:
                found.add(namesake)
            for i in found:
                score = self.alike(i, j)
                same = i == namesake
                if score >= (SAME_LABEL if same else OTHER_LABEL):
                    rank = score + (LABEL_BONUS if same else 0.0)
                    scored.append((-rank, abs(i - j), i, j, score, same))
        for _, _, i, j, score, same in sorted(scored):
            if i not in self.to_new and j not in self.to_old:
                self.take(i, j, "label" if same else "similarity", score)
        self._rewritten()
        self._in_place()

    def _identical(self, *, same_label: bool) -> None:
        free_old, free_new = self.free()
        texts: dict[tuple, list[int]] = defaultdict(list)
        for i in free_old:
            label = self._label(self.old[i]) if same_label else ()
            texts[(self.plain_old[i], label)].append(i)
        for j in free_new:
            label = self._label(self.new[j]) if same_label else ()
            same = texts.get((self.plain_new[j], label))
            if not same or (not same_label and self.short("new", j)):
                continue
            nearest = min(same, key=lambda i: abs(i - j))
            same.remove(nearest)
            self.take(nearest, j, "label" if same_label else "similarity", 1.0)

    def _rewritten(self) -> None:
        """Pair namesakes that nothing better was found for, if a trace is left."""
        free_old, free_new = self.free()
        labels = {self._label(self.old[i]): i for i in reversed(free_old)}
        for j in free_new:
            i = labels.get(self._label(self.new[j]))
            if i is None or i in self.to_new:
                continue
            score = self.alike(i, j)
            if score >= REWRITTEN:
                self.take(i, j, "label", score)

    def _in_place(self) -> None:
        """Pair texts too short to prove anything that follow a pair: “(ยกเลิก)”."""
        for j, plain in enumerate(self.plain_new):
            i = self.to_old.get(j - 1, -2) + 1 if j else 0
            is_free = 0 <= i < len(self.old) and i not in self.to_new
            if is_free and j not in self.to_old and self.plain_old[i] == plain:
                self.take(i, j, "similarity", 1.0)

    @staticmethod
    def _label(unit: Unit) -> tuple:
        return unit.kind, unit.scope, unit.number

    def short(self, side: str, index: int) -> bool:
        """Say whether a text is too short to prove anything by resemblance."""
        return self.words(side, index).total() < _FEWEST_PAIRS

    def _index(self, side: str, units: Iterable[int]) -> dict:
        index: dict[tuple[str, str], list[int]] = defaultdict(list)
        for unit in units:
            for pair in self.words(side, unit):
                index[pair].append(unit)
        return index

    def _sharing(self, side: str, unit: int, index: dict) -> list[int]:
        """List the units that share most of the rarer word pairs with this one."""
        if self.short(side, unit):
            return []
        shared: Counter[int] = Counter()
        for pair in self.words(side, unit):
            holders = index.get(pair, ())
            if len(holders) <= _COMMON:
                shared.update(holders)
        return [found for found, _ in shared.most_common(_CANDIDATES)]

    def _part_of(self, side: str, unit: int, index: dict) -> int | None:
        """Find the matched provision that now holds, or once held, this one."""
        mine = self.words(side, unit)
        other = "new" if side == "old" else "old"
        matched = self.to_old if other == "new" else self.to_new
        best, holder = CONTAINED, None
        for candidate in self._sharing(side, unit, index):
            whole = self.words(other, candidate)
            share = _share(mine, whole)
            if whole.total() < mine.total() or share < best:
                continue
            # What the partner keeps explains nothing; the rest must be ours.
            rest = whole - self.words(side, matched[candidate])
            if _share(mine, rest) >= best * _OWN_SHARE:
                best, holder = share, candidate
        return holder

    def result(self) -> tuple[Match, ...]:
        free_old, free_new = self.free()
        split: dict[int, list[int]] = defaultdict(list)  # old → further new ones
        merged: dict[int, list[int]] = defaultdict(list)  # new → further old ones
        added, removed = [], []
        before = self._index("old", self.to_new) if free_new else {}
        after = self._index("new", self.to_old) if free_old else {}
        for j in free_new:
            holder = self._part_of("new", j, before)
            split[holder].append(j) if holder is not None else added.append(j)
        for i in free_old:
            holder = self._part_of("old", i, after)
            merged[holder].append(i) if holder is not None else removed.append(i)
        order = sorted(self.to_old)
        in_order = {order[k] for k in rising([self.to_old[j] for j in order])}
        placed: list[tuple[float, Match]] = []
        for j in order:
            match = self._pair(j, j not in in_order, split, merged)
            placed.append((float(j), match))
        placed += [(float(j), Match(Change.ADDED, (), (j,))) for j in added]
        gone = set(removed)
        place = -0.5
        for i in range(len(self.old)):
            if i in gone:
                placed.append((place, Match(Change.REMOVED, (i,), ())))
            elif i in self.to_new:
                place = self.to_new[i] + 0.5
        placed.sort(key=lambda item: (item[0], item[1].old))
        return tuple(match for _, match in placed)

    def _pair(self, j: int, moved: bool, split, merged) -> Match:
        i = self.to_old[j]
        exact = self.plain_old[i] == self.plain_new[j]
        renumbered = (self.old[i].kind, self.old[i].number) != (
            self.new[j].kind,
            self.new[j].number,
        )
        olds, news = (i, *merged.get(j, ())), (j, *split.get(i, ()))
        change = change_of(
            len(olds), len(news), exact=exact, moved=moved, renumbered=renumbered
        )
        return Match(
            change,
            tuple(sorted(olds)),
            tuple(sorted(news)),
            self.how[j],
            round(self.score[j], 4),
            exact and change not in {Change.SPLIT, Change.MERGED},
            renumbered,
            moved,
            (i, j),
        )
