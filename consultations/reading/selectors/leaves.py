"""Cut a long draft into pages that follow its own divisions.

A draft of ordinary length is one page.  A longer one is cut at its largest divisions;
a piece that is still too long is cut at the next level down, and where there are no
more divisions, wherever a page is full.  Small neighbours stay together.  Sections are
counted and letters too: some acts say in a hundred sections what others say in three.
No Django here: rows in, groups of rows out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

#: What one page may hold: sections, letters of text; about 60 kB compressed.
WHOLE, WHOLE_LETTERS = 250, 100_000
#: What one page of a longer draft may hold.
LEAF, LEAF_LETTERS = 100, 60_000
SMALL = 0.1  # a piece of less than this share of a page joins its neighbour


class Row(Protocol):
    """What is needed of a provision to decide where a page may end."""

    @property
    def is_section(self) -> bool: ...

    @property
    def depth(self) -> int | None: ...  # of a division, 0 the largest; else None

    @property
    def letters(self) -> int: ...


R = TypeVar("R", bound=Row)


def _sections(rows: Sequence[R]) -> int:
    return sum(row.is_section for row in rows)


def _share(rows: Sequence[R]) -> float:
    """Return how full rows make one page of a longer draft; 1 is full."""
    return max(_sections(rows) / LEAF, sum(row.letters for row in rows) / LEAF_LETTERS)


def _pieces(rows: Sequence[R], depth: int, deepest: int) -> list[list[R]]:
    if _share(rows) <= 1:
        return [list(rows)]
    if depth > deepest:
        return _full_pages(rows)
    blocks: list[list[R]] = [[]]
    for row in rows:
        if row.depth == depth and blocks[-1]:
            blocks.append([])
        blocks[-1].append(row)
    return [piece for block in blocks for piece in _pieces(block, depth + 1, deepest)]


def _full_pages(rows: Sequence[R]) -> list[list[R]]:
    """Cut where a page is full; a heading never stands alone at the end of one."""
    pieces: list[list[R]] = [[]]
    sections = letters = 0
    for row in rows:
        sections += row.is_section
        letters += row.letters
        full = sections > LEAF or letters > LEAF_LETTERS
        if full and row.depth is None and any(r.depth is None for r in pieces[-1]):
            pieces.append([])
            sections, letters = int(row.is_section), row.letters
        pieces[-1].append(row)
    return pieces


def _belong_together(before: Sequence[R], after: Sequence[R]) -> bool:
    """Tell whether two neighbours make one page: a heading never stands alone."""
    if all(row.depth is not None for row in before):
        return True
    together = _share([*before, *after])
    small = min(_share(before), _share(after)) < SMALL
    return together <= 1 / 2 or (together <= 1 and small)


def cut(rows: Sequence[R]) -> list[list[R]]:
    """Return the pages of a draft, each a run of its rows; every row is in one."""
    if _sections(rows) <= WHOLE and sum(row.letters for row in rows) <= WHOLE_LETTERS:
        return [list(rows)]
    deepest = max((row.depth for row in rows if row.depth is not None), default=-1)
    leaves: list[list[R]] = []
    for piece in _pieces(rows, 0, deepest):
        if leaves and _belong_together(leaves[-1], piece):
            leaves[-1].extend(piece)
        else:
            leaves.append(piece)
    return leaves
