"""Points raised by few, found by density and never folded away.

A lone argument lies far from *all* other comments, not merely far from the centre of
its theme: it is ranked by the mean similarity of its nearest neighbours in the joined
space, before smoothing (smoothing pulls a lone point into the crowd).  Measured on
planted arguments, 30 neighbours find more than 10, and the spelling view more than
words and meaning alone.
"""

from __future__ import annotations

import numpy as np

#: Neighbours that make a crowd, and the share of the comments they may be at most.
CROWD = 30
CROWD_SHARE = 0.02
#: Shares of the comments that all rare points together may take.  Few enough that an
#: officer can read and answer each of them.
RARE_SHARE = 0.0245
RARE_MOST = 490
#: A screened comment is measured exactly; this many times as many as may be kept.
SCREEN = 3


def crowd_size(distinct: int) -> int:
    """How many nearest comments to average."""
    return int(np.clip(round(CROWD_SHARE * distinct), 3, CROWD))


def allowance(comments: int) -> int:
    """Most comments that ``few`` and ``other`` may hold together."""
    return min(RARE_MOST, int(RARE_SHARE * comments))


def loneliest(density: np.ndarray, copies: np.ndarray, allowed: int) -> np.ndarray:
    """Positions of the lowest densities whose copies fit into ``allowed``, lowest
    first; a tie goes to the earlier comment."""
    order = np.argsort(np.round(density, 4), kind="stable")
    fits = np.cumsum(copies[order]) <= allowed
    return order[fits]
