"""A map of a round's themes: near each other on it is near in meaning.

Points come from the adopted run (``comments/nlp/theme_map.py``); a theme stands at the
mean of its comments' candidates, so merged, split and new themes have a place too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from comments.themes.candidates import Candidates
from comments.themes.selectors import PileRow

WIDTH, HEIGHT, MARGIN = 1000, 640, 70
LARGEST, SMALLEST = 64, 16
#: Rounds of pushing circles apart that lie over each other.
_PUSHES = 80
#: Room for a title of 22 letters.
_TITLE = 210


@dataclass(slots=True)
class Circle:
    """One theme as drawn, in the units of the drawing, and its nearest two."""

    row: PileRow
    x: float
    y: float
    r: float
    near: list[PileRow]
    named: bool = False  # whether there is room for the title

    @property
    def label_x(self) -> float:
        """The middle of the title: that of the circle, or as near as the edge lets."""
        return min(max(self.x, _TITLE / 2), WIDTH - _TITLE / 2)

    @property
    def label_y(self) -> float:
        """Where the title is written: below the circle."""
        return round(self.y + self.r + 18, 1)


def draw(rows: list[PileRow], candidates: Candidates) -> list[Circle]:
    """Place the themes that the run knows, largest first; [] where it has no map."""
    points = candidates.metrics.get("map", {}).get("themes", {})
    found: list[tuple[PileRow, float, float]] = []
    for row in rows:
        known = [
            (n, points[str(candidate)])
            for candidate, n in candidates.members.get(row.number, {}).items()
            if str(candidate) in points
        ]
        total = sum(n for n, _point in known)
        if row.size and total:
            x = sum(n * point[0] for n, point in known) / total
            y = sum(n * point[1] for n, point in known) / total
            found.append((row, x, y))
    most = max((row.size for row, _x, _y in found), default=1)
    circles = [
        Circle(
            row,
            MARGIN + x * (WIDTH - 2 * MARGIN),
            MARGIN + (1 - y) * (HEIGHT - 2 * MARGIN),
            max(SMALLEST, LARGEST * math.sqrt(row.size / most)),
            _nearest(row, (x, y), found),
        )
        for row, x, y in found
    ]
    _push_apart(circles)
    above = min((circle.y - circle.r for circle in circles), default=4.0) - 4
    for circle in circles:
        circle.x, circle.y = round(circle.x, 1), round(circle.y - above, 1)
        circle.r = round(circle.r, 1)
    _name(circles)
    return circles


def _name(circles: list[Circle]) -> None:
    """Write titles, largest theme first, where they cover nothing else."""
    taken = [(c.x - c.r, c.y - c.r, c.x + c.r, c.y + c.r, c) for c in circles]
    for circle in circles:
        top = circle.y + circle.r + 2
        box = (circle.label_x - _TITLE / 2, top, circle.label_x + _TITLE / 2, top + 24)
        circle.named = all(
            one[4] is circle
            or box[2] < one[0]
            or box[0] > one[2]
            or box[3] < one[1]
            or box[1] > one[3]
            for one in taken
        )
        if circle.named:
            taken.append((*box, circle))


def used_height(circles: list[Circle]) -> int:
    """Return how much of HEIGHT the circles and their titles take."""
    return math.ceil(max((circle.label_y + 8 for circle in circles), default=0))


def _nearest(row: PileRow, at: tuple[float, float], found: Any) -> list[PileRow]:
    """Return the two themes that lie nearest on the map before any pushing."""
    others = [
        (math.dist(at, (x, y)), other.number, other)
        for other, x, y in found
        if other is not row
    ]
    return [other for _distance, _number, other in sorted(others)[:2]]


def _push_apart(circles: list[Circle]) -> None:
    """Move circles that overlap away from each other, within the drawing."""
    for _push in range(_PUSHES):
        moved = False
        for i, a in enumerate(circles):
            for b in circles[i + 1 :]:
                dx, dy = b.x - a.x, b.y - a.y
                distance = math.hypot(dx, dy) or 0.01
                lacking = a.r + b.r + 6 - distance
                if lacking <= 0:
                    continue
                moved = True
                # Two on one point part along a line that depends on their numbers.
                if distance <= 0.01:
                    dx, dy = math.cos(b.row.number), math.sin(b.row.number)
                    distance = 1.0
                step = lacking / 2 / distance
                a.x, a.y = a.x - dx * step, a.y - dy * step
                b.x, b.y = b.x + dx * step, b.y + dy * step
        for circle in circles:
            circle.x = min(max(circle.x, circle.r + 4), WIDTH - circle.r - 4)
            circle.y = min(max(circle.y, circle.r + 4), HEIGHT - circle.r - 24)
        if not moved:
            return
