"""Cut a long draft into pages that follow its own divisions.

A draft of up to ``WHOLE`` sections is one page.  A longer one is cut at its largest
divisions; a piece that is still too long is cut at the next level down, and where
there are no more divisions, every ``LEAF`` sections.  Small neighbours stay together.
No Django here: rows in, groups of rows out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

WHOLE = 250  # sections on one page: about 60 kB compressed
LEAF = 100  # sections on one page of a longer draft
SMALL = 10  # a piece with fewer sections joins its neighbour where there is room


class Row(Protocol):
    """What is needed of a provision to decide where a page may end."""

    @property
    def is_section(self) -> bool: ...

    @property
    def depth(self) -> int | None: ...  # of a division, 0 the largest; else None


R = TypeVar("R", bound=Row)


def _sections(rows: Sequence[R]) -> int:
    return sum(row.is_section for row in rows)


def _pieces(rows: Sequence[R], depth: int, deepest: int) -> list[list[R]]:
    if _sections(rows) <= LEAF:
        return [list(rows)]
    if depth > deepest:
        pieces: list[list[R]] = [[]]
        for row in rows:
            if row.is_section and _sections(pieces[-1]) == LEAF:
                pieces.append([])
            pieces[-1].append(row)
        return pieces
    blocks: list[list[R]] = [[]]
    for row in rows:
        if row.depth == depth and blocks[-1]:
            blocks.append([])
        blocks[-1].append(row)
    return [piece for block in blocks for piece in _pieces(block, depth + 1, deepest)]


def _belong_together(before: int, after: int) -> bool:
    """Tell whether two neighbours make one page: a heading never stands alone."""
    if before == 0:
        return True
    total = before + after
    return total <= LEAF // 2 or (total <= LEAF and min(before, after) < SMALL)


def cut(rows: Sequence[R]) -> list[list[R]]:
    """Return the pages of a draft, each a run of its rows; every row is in one."""
    if _sections(rows) <= WHOLE:
        return [list(rows)]
    deepest = max((row.depth for row in rows if row.depth is not None), default=-1)
    leaves: list[list[R]] = []
    for piece in _pieces(rows, 0, deepest):
        if leaves and _belong_together(_sections(leaves[-1]), _sections(piece)):
            leaves[-1].extend(piece)
        else:
            leaves.append(piece)
    return leaves
