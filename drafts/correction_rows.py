"""Name what becomes of each piece of a draft when a corrected file is put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from drafts.block_pairs import Item, Pairs
from drafts.law.compare import Change
from drafts.law.redline import Span, redline, rising
from drafts.law.words import tokens
from drafts.selectors import block_title

#: The same words, but other spaces, line breaks or printed number.
LAYOUT = "layout"
CHANGE_NAMES = {
    Change.CHANGED.value: gettext_lazy("ถ้อยคำเปลี่ยน"),
    Change.ADDED.value: gettext_lazy("เพิ่มใหม่"),
    Change.SPLIT.value: gettext_lazy("แยกออกมา"),
    Change.MERGED.value: gettext_lazy("รวมเข้ากับส่วนอื่น"),
    Change.REMOVED.value: gettext_lazy("ไม่อยู่ในไฟล์"),
    Change.RENUMBERED.value: gettext_lazy("เลขเปลี่ยน"),
    Change.MOVED.value: gettext_lazy("ย้ายที่"),
    LAYOUT: gettext_lazy("การจัดหน้าเปลี่ยน"),
    Change.SAME.value: gettext_lazy("เหมือนเดิม"),
}
#: What stands for "new" in a choice.
NEW = "new"
#: Another number, but this share of word pairs in common: the same one, unasked.
SURE = 0.8
#: The same number, or still between the same two neighbours: this share is enough.
SURE_IN_PLACE = 0.6
#: Share of words from which a new piece may be one that would leave: a person is asked.
OFFERED = 0.3
#: Choices on one page, those that are asked first; candidates of each.
MOST_CHOICES, MOST_CANDIDATES = 200, 5
NOTES = ("plain_note", "plain_note_en", "current_law")


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one piece.

    ``keeps`` says that ``new`` takes over the UUID and notes of ``old``.  Where it does
    not and both are given, ``new`` holds words split off from ``old``, or ``old`` was
    merged into ``new``.  ``candidates`` are the pieces of the draft that ``new`` may
    be; ``asked`` that a person should say so.
    """

    change: str  # a Change, or LAYOUT
    old: Item | None
    new: Item | None
    keeps: bool = False
    renumbered: bool = False
    moved: bool = False
    alike: float = 0.0  # share of word pairs in common, 0 to 1
    candidates: tuple[Item, ...] = ()
    asked: bool = False

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return the words of the piece, with what changes in them."""
        if self.leaves:
            return redline(self.old.words, "")
        return redline(self.old.words if self.keeps else "", self.new.words)

    @property
    def title(self) -> str:
        """Name the piece, and whence it comes or whither it goes."""
        old = block_title(self.old.block) if self.old else ""
        new = block_title(self.new.block) if self.new else ""
        if self.change == Change.SPLIT:
            return _("%(new)s (จาก %(old)s)") % {"new": new, "old": old}
        if self.change == Change.MERGED:
            return _("%(old)s (ไปอยู่ใน %(new)s)") % {"new": new, "old": old}
        return " → ".join(dict.fromkeys(filter(None, (old, new))))

    @property
    def change_names(self) -> list[str]:
        """Say in words what happens to the piece, the chief thing first."""
        names = [self.change]
        if self.renumbered:
            names.append(Change.RENUMBERED.value)
        if self.moved:
            names.append(Change.MOVED.value)
        return [str(CHANGE_NAMES[name]) for name in dict.fromkeys(names)]

    @property
    def chosen(self) -> str:
        """Return the UUID that the piece of the file will have, or NEW."""
        return self.old.block["id"] if self.keeps else NEW

    @property
    def leaves(self) -> bool:
        """Tell whether a piece of the draft goes without an heir to its UUID."""
        return self.change in {Change.REMOVED, Change.MERGED}

    @property
    def noted(self) -> bool:
        """Tell whether the former piece has notes or a text of current law."""
        return bool(self.old and any(self.old.block["value"].get(k) for k in NOTES))


def rows_of(
    old: Sequence[Item], new: Sequence[Item], proposed: Pairs, old_of: dict[int, int]
) -> list[Row]:
    """Name what becomes of each piece, in the order of the file.

    ``old_of`` is who is whom in the end (new place -> old place), ``proposed`` what the
    machine found.  What was removed stands where it stood.
    """
    new_of = {i: j for j, i in old_of.items()}
    in_order = _in_order(old, new, old_of)
    placed: list[tuple[float, Row]] = []
    for j, item in enumerate(new):
        if j in old_of:
            row = _kept(old[old_of[j]], item, moved=j not in in_order)
            if proposed.old_of.get(j) == old_of[j]:
                is_in_place = j in proposed.by_label or all(
                    old_of.get(j + step) == old_of[j] + step for step in (-1, 1)
                )
                row = _with_trust(row, proposed.alike[j], is_in_place=is_in_place)
        elif (source := proposed.split_from.get(j)) in new_of:
            row = Row(Change.SPLIT, old[source], item)
        else:
            row = Row(Change.ADDED, None, item)
        placed.append((float(j), row))
    place = -0.5
    for i, item in enumerate(old):
        if i in new_of:
            place = new_of[i] + 0.5
        elif (heir := proposed.merged_into.get(i)) in old_of:
            placed.append((place, Row(Change.MERGED, item, new[heir])))
        else:
            placed.append((place, Row(Change.REMOVED, item, None)))
    placed.sort(key=lambda pair: pair[0])
    return [row for _place, row in placed]


def _in_order(
    old: Sequence[Item], new: Sequence[Item], old_of: dict[int, int]
) -> set[int]:
    """Return the new places of what did not move: as many as can be said to stay.

    What keeps its number stays before what does not: where มาตรา ๔ and มาตรา ๖ changed
    places, มาตรา ๕ between them did not move.
    """
    order = sorted(old_of)
    numbered = [j for j in order if _same_number(old[old_of[j]], new[j])]
    fixed = [numbered[k] for k in rising([old_of[j] for j in numbered])]
    ends = [(-1, -1), *((j, old_of[j]) for j in fixed), (len(new), len(old))]
    fits = set(fixed)
    for (j0, i0), (j1, i1) in pairwise(ends):
        gap = [j for j in range(j0 + 1, j1) if i0 < old_of.get(j, -1) < i1]
        fits.update(gap[k] for k in rising([old_of[j] for j in gap]))
    return fits


def _same_number(old: Item, new: Item) -> bool:
    return (old.kind, old.number) == (new.kind, new.number)


def _kept(old: Item, new: Item, *, moved: bool) -> Row:
    renumbered = not _same_number(old, new)
    if old.plain != new.plain:
        change = Change.CHANGED.value
    elif renumbered:
        change = Change.RENUMBERED.value
    elif moved:
        change = Change.MOVED.value
    else:
        is_same = (old.label, old.words) == (new.label, new.words)
        change = Change.SAME.value if is_same else LAYOUT
    return Row(change, old, new, keeps=True, renumbered=renumbered, moved=moved)


def _with_trust(row: Row, alike: float, *, is_in_place: bool) -> Row:
    """Say how alike a pair of the machine's is, and whether a person should look."""
    # A preamble stands once: there is nothing to choose from.
    is_open = row.new.type == "provision" and row.change == Change.CHANGED
    enough = SURE_IN_PLACE if is_in_place else SURE
    return replace(row, alike=alike, asked=is_open and alike < enough)


def with_choices(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Offer a choice where words changed, and ask where one may be mistaken.

    Offered are, beside the piece that was found, those which would leave the draft or
    are asked about themselves; those that may be it first, then the most alike.
    """
    leaving = {row.old.mark for row in rows if row.leaves}
    free = [row.old for row in rows if row.leaves or row.asked]
    words = {item.mark: frozenset(tokens(item.words)) for item in free}
    left = MOST_CHOICES - sum(row.asked for row in rows)
    result = []
    for row in rows:
        if not row.asked and (left <= 0 or not _is_open(row)):
            result.append(row)
            continue
        others = [item for item in free if item is not row.old]
        near = _nearest(row.new, others, words)
        asked = row.asked or (
            row.change == Change.ADDED
            and any(is_like and item.mark in leaving for is_like, item in near)
        )
        own = [row.old] if row.old else []
        offered = [*own, *(item for _is_like, item in near)]
        left -= bool(offered) and not row.asked
        result.append(
            replace(row, candidates=tuple(offered[:MOST_CANDIDATES]), asked=asked)
        )
    return tuple(result)


def _is_open(row: Row) -> bool:
    is_reworded = row.change in {Change.CHANGED, Change.ADDED, Change.SPLIT}
    return is_reworded and row.new.type != "division"


def _nearest(
    item: Item, free: Sequence[Item], words: dict[str, frozenset[str]]
) -> list[tuple[bool, Item]]:
    """Return the pieces that another may have been, by the share of common words.

    Beside each: whether it is like enough, or has the same number, to ask about it.
    """
    mine = frozenset(tokens(item.words))
    found = []
    for place, other in enumerate(free):
        if other.type != item.type:
            continue
        theirs = words[other.mark]
        share = 2 * len(mine & theirs) / (len(mine) + len(theirs) or 1)
        is_namesake = item.type == "provision" and _same_number(other, item)
        found.append((-share, place, share >= OFFERED or is_namesake))
    found.sort(key=lambda one: (not one[2], *one))
    return [(is_like, free[place]) for _share, place, is_like in found]
