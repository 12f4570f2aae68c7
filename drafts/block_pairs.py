"""Find the pieces of a draft again in a corrected file that says nothing of identity.

Provisions, and other parts, are matched by their words and labels
(``drafts/law/compare.py``).  A heading is two or three words, which prove nothing: it
is known by the sections that stand under it, then by its name and number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drafts.law.compare import REWRITTEN, Unit, match_provisions
from drafts.law.parse.assemble import Placed
from drafts.law.structure import DivisionKind, Number

#: What a heading's own words are worth beside the share of sections in common (0–1).
_SAME_NAME, _SAME_LABEL, _SAME_KIND = 0.45, 0.15, 0.1
#: From this a heading is the same one: its name and number alone are enough, and so is
#: more than half of its sections.
_SAME_HEADING = 0.6


@dataclass(frozen=True, slots=True)
class Item:
    """One piece with its place in the draft; ``mark`` names it within its text.

    ``words`` are compared: name or heading, then text.  ``above`` are the eIds of the
    divisions in which it stands.
    """

    block: dict[str, Any]
    mark: str
    kind: str
    number: Number
    label: str
    eid: str
    words: str
    above: tuple[str, ...]

    @property
    def type(self) -> str:
        return self.block["type"]

    @property
    def plain(self) -> str:
        """Return the words without white space, as they are compared."""
        return "".join(self.words.split())


@dataclass(slots=True)
class Pairs:
    """Which new piece is which old one; all are places in the two lists.

    ``alike`` is the share of word pairs in common (0 to 1).  ``split_from``: the old
    piece whose words a new one holds; ``merged_into``: the new piece that holds the
    words of an old one.
    """

    old_of: dict[int, int] = field(default_factory=dict)
    alike: dict[int, float] = field(default_factory=dict)  # by new place
    by_label: set[int] = field(default_factory=set)  # new places
    split_from: dict[int, int] = field(default_factory=dict)
    merged_into: dict[int, int] = field(default_factory=dict)


def items_of(
    blocks: Sequence[dict[str, Any]], placed: Sequence[Placed], marks: Iterable[str]
) -> list[Item]:
    """Put the pieces of a draft beside the places that ``assemble`` gave them."""
    parents = {row.eid: row.parent for row in placed}
    items = []
    for block, row, mark in zip(blocks, placed, marks, strict=True):
        above, eid = [], row.parent
        while eid:
            above.append(eid)
            eid = parents.get(eid, "")
        name = " ".join(row.piece.name.split())
        items.append(
            Item(
                block=block,
                mark=mark,
                kind=str(row.piece.kind),
                number=row.number,
                label=row.label,
                eid=row.eid,
                words="\n".join(part for part in (name, row.text) if part),
                above=tuple(above),
            )
        )
    return items


def pair_texts(old: Sequence[Item], new: Sequence[Item]) -> Pairs:
    """Pair the provisions, and apart from them the other parts."""
    pairs = Pairs()
    for kind in ("provision", "part"):
        olds = [i for i, item in enumerate(old) if item.type == kind]
        news = [j for j, item in enumerate(new) if item.type == kind]
        units = [_unit(old[i]) for i in olds], [_unit(new[j]) for j in news]
        for match in match_provisions(*units):
            if match.pair is None:
                continue
            i, j = olds[match.pair[0]], news[match.pair[1]]
            pairs.old_of[j], pairs.alike[j] = i, match.similarity
            if match.by == "label":
                pairs.by_label.add(j)
            extra_new = (news[k] for k in match.new)
            extra_old = (olds[k] for k in match.old)
            pairs.split_from |= {k: i for k in extra_new if k != j}
            pairs.merged_into |= {k: j for k in extra_old if k != i}
    _pair_lone_parts(pairs, old, new)
    return pairs


def _unit(item: Item) -> Unit:
    return Unit(
        key="",
        number=item.number,
        text=item.words,
        kind=f"{item.type} {item.kind}",
        label=item.label,
        scope=item.eid.rpartition("__")[0],
    )


def _pair_lone_parts(pairs: Pairs, old: Sequence[Item], new: Sequence[Item]) -> None:
    """Pair what a text has once, a preamble: however rewritten, it is the same one."""
    found: list[dict[str, list[int]]] = []
    for items in (old, new):
        places = defaultdict(list)
        for place, item in enumerate(items):
            if item.type == "part":
                places[item.kind].append(place)
        found.append(places)
    olds, news = found
    taken = set(pairs.old_of.values())
    for kind, places in news.items():
        if len(places) == len(olds[kind]) == 1:
            i, j = olds[kind][0], places[0]
            if i not in taken and j not in pairs.old_of:
                pairs.old_of[j], pairs.alike[j] = i, REWRITTEN
                pairs.by_label.add(j)
                pairs.split_from.pop(j, None)
                pairs.merged_into.pop(i, None)


def pair_divisions(
    old: Sequence[Item], new: Sequence[Item], sections: Mapping[int, int]
) -> dict[int, int]:
    """Pair the headings by what stands under them: new place -> old place.

    ``sections`` says which new provision is which old one.
    """
    under_old, under_new = _under(old), _under(new)
    common: Counter[tuple[str, str]] = Counter()
    for j, i in sections.items():
        common.update((a, b) for a in old[i].above for b in new[j].above)
    olds = {item.eid: i for i, item in enumerate(old) if item.type == "division"}
    named = defaultdict(list)
    for eid, i in olds.items():
        named[old[i].plain].append(eid)
    scored = []
    for j, item in enumerate(new):
        if item.type != "division":
            continue
        same_name = named[item.plain] if item.plain else []
        for eid in {*same_name, *(a for a, b in common if b == item.eid), item.eid}:
            i = olds.get(eid)
            if i is None:
                continue
            total = under_old[eid] + under_new[item.eid]
            share = 2 * common[eid, item.eid] / total if total else 0.0
            score = share + _likeness(old[i], item)
            if score >= _SAME_HEADING and _may_be(old[i], item):
                scored.append((-score, abs(i - j), i, j))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _score, _gap, i, j in sorted(scored):
        if j not in found and i not in taken:
            found[j] = i
            taken.add(i)
    return found


def _under(items: Sequence[Item]) -> Counter[str]:
    return Counter(
        eid for item in items if item.type == "provision" for eid in item.above
    )


def _may_be(old: Item, new: Item) -> bool:
    """Refuse a chapter for the part that holds it alone: both have all its sections."""
    return old.kind == new.kind or bool(old.plain and old.plain == new.plain)


def _likeness(old: Item, new: Item) -> float:
    same_name = old.plain == new.plain
    same_label = (old.kind, old.number) == (new.kind, new.number) and (
        same_name or old.kind != DivisionKind.UNNUMBERED
    )
    same_name = same_name and (bool(old.plain) or same_label)
    return (
        _SAME_NAME * same_name
        + _SAME_LABEL * same_label
        + _SAME_KIND * (old.kind == new.kind)
    )
