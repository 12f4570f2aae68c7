"""Where to draw each theme, so that themes close in meaning lie close together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def place_themes(centroids: np.ndarray, ids: Sequence[int]) -> dict[str, list[float]]:
    """Theme id (as text) → [x, y] between 0 and 1, rounded to 4 decimals.

    Classical scaling (Torgerson 1952) of the centroids, one row a theme: their two
    principal axes, both drawn on one scale and centred, so that distances on the
    map compare.  An axis points so that its coordinate of largest size is positive.
    """
    count = len(ids)
    if not count:
        return {}
    points = np.zeros((count, 2))
    if count > 1:
        rows = centroids[:count].astype(np.float64)
        rows -= rows.mean(axis=0)
        values, axes = np.linalg.eigh(rows @ rows.T)
        for axis in range(2):
            line = axes[:, -1 - axis] * np.sqrt(max(float(values[-1 - axis]), 0.0))
            line = np.round(line, 6)
            points[:, axis] = line * (1 if line[np.argmax(np.abs(line))] >= 0 else -1)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = max(float((high - low).max()), 1e-9)
    placed = (points - (low + high) / 2) / scale + 0.5
    return {
        str(name): [round(float(x), 4), round(float(y), 4)]
        for name, (x, y) in zip(ids, placed, strict=True)
    }
