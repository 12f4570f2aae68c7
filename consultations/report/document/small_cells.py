"""Which numbers a report must not print, so that nobody works out a small one.

A table by who people are tells of somebody once a number in it is small.  Leaving out
the small number alone is no use: its row, its column, the total or another table gives
it away.  What a reader knows is a system of sums over numbers that are at least zero;
a number is safe while that system leaves it more than one value.

Everything left out is printed alike.  A sign for the small ones alone would tell too
much: two parts of a sum of 8, each marked as below 5, are both 4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

#: A sum: the name of the whole ("" where the reader knows it anyway), and its parts.
Sum = tuple[str, Sequence[str]]
HALF = 0.5


def left_out(
    values: Mapping[str, int],
    sums: Sequence[Sum],
    *,
    small: Collection[str],
    never: Collection[str] = (),
    already: Collection[str] = (),
) -> set[str]:
    """Return the names of the numbers that are not printed, ``small`` ones included.

    ``values`` are the true numbers; those named in ``never`` are printed nowhere, those
    in ``already`` are left out for another reason.  Where everything else in a sum is
    left out or zero too, a small number that equals its total cannot be kept.
    """
    gone = {*small, *already}
    safe: set[str] = set()
    for name in sorted(small):
        while name not in safe:
            moved = _others(values, sums, name, gone | set(never))
            safe |= moved
            if name not in moved:
                more = _companion(values, sums, name, gone, never)
                if more is None:
                    break
                gone.add(more)
    return gone


def _others(
    values: Mapping[str, int], sums: Sequence[Sum], name: str, unknown: set[str]
) -> set[str]:
    """Return the numbers that may well have another value, ``name`` if it may.

    They differ in a world where all that is printed is the same.
    """
    import numpy as np  # noqa: PLC0415 - only reports need them, pages do not
    from scipy.optimize import linprog  # noqa: PLC0415

    names = sorted({name}.union(*_rings(sums, name, unknown)) & unknown)
    column = {one: n for n, one in enumerate(names)}
    rows = []
    for whole, parts in sums:
        row = np.zeros(len(names))
        row[[column[one] for one in parts if one in column]] = 1
        if whole in column:
            row[column[whole]] = -1
        if row.any():
            rows.append(row)
    matrix = np.array(rows)
    true = np.array([values[one] for one in names], dtype=float)
    for sign in (1, -1):
        wanted = np.zeros(len(names))
        wanted[column[name]] = sign
        world = linprog(wanted, A_eq=matrix, b_eq=matrix @ true, method="highs").x
        moved = {names[n] for n in np.flatnonzero(abs(world - true) > HALF)}
        if name in moved:
            return moved
    return set()


def _companion(
    values: Mapping[str, int],
    sums: Sequence[Sum],
    name: str,
    gone: Collection[str],
    never: Collection[str],
) -> str | None:
    """Return the number to leave out next: near, and as small as it can be but zero."""
    for ring in _rings(sums, name, {*gone, *never}):
        shown = ring - {*gone, *never}
        if shown:
            return min(shown, key=lambda one: (values[one] == 0, values[one], one))
    return None


def _rings(
    sums: Sequence[Sum], name: str, unknown: Collection[str]
) -> Iterator[set[str]]:
    """Yield the numbers that stand in one sum with ``name``, then those one further."""
    reached, edge = {name}, {name}
    while edge:
        near = {
            one
            for whole, parts in sums
            if not edge.isdisjoint((whole, *parts))
            for one in (whole, *parts)
            if one
        } - reached
        yield near
        reached |= near
        edge = near & set(unknown)
