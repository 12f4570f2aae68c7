"""Bars drawn on the server: SVG with the numbers on it, readable in black and white.

A stance is told by shape, never by colour alone, and its shape echoes its sign on the
pages: filled, half filled, open with a line, a line, a broken line.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape

WIDTH, BAR, LINE = 640, 18, 40
#: A part narrower than this has no number under it; the table has them all.
NARROW = 26


def _part(stance: str, x: float, width: float, ink: str) -> str:
    outline = (
        f'<rect x="{x + 1:.1f}" y="1" width="{max(width - 2, 1):.1f}" height="{BAR}" '
        f'fill="none" stroke="{ink}" stroke-width="1.5"'
    )
    middle = 1 + BAR / 2
    rule = (
        f'<path d="M{x + 3:.1f} {middle}H{x + max(width - 3, 3):.1f}" '
        f'stroke="{ink}" stroke-width="2"'
    )
    match stance:
        case "agree":
            return (
                f'<rect x="{x + 1:.1f}" y="1" width="{max(width - 2, 1):.1f}" '
                f'height="{BAR}" fill="{ink}"/>'
            )
        case "agree_with_changes":
            return (
                f"{outline}/>"
                f'<rect x="{x + 1:.1f}" y="{middle}" width="{max(width - 2, 1):.1f}" '
                f'height="{BAR / 2}" fill="{ink}"/>'
            )
        case "disagree":
            return f"{outline}/>{rule}/>"
        case "no_opinion":
            return f"{rule}/>"
        case _:
            return f'{outline} stroke-dasharray="4 3"/>'


def stance_bar(
    segments: Sequence[tuple[str, str, int]], *, ink: str = "currentColor"
) -> str:
    """Draw one bar of (stance, its word, count); "" where there is nothing to draw."""
    total = sum(n for _, _, n in segments)
    if not total:
        return ""
    told = ", ".join(f"{word} {n:,}" for _, word, n in segments if n)
    parts, x = [], 0.0
    for stance, _, n in segments:
        if not n:
            continue
        width = WIDTH * n / total
        parts.append(_part(stance, x, width, ink))
        if width >= NARROW:
            parts.append(
                f'<text x="{x + width / 2:.1f}" y="{LINE - 6}" text-anchor="middle" '
                'font-family="Rapfang Sarabun, sans-serif" font-size="14" '
                f'fill="{ink}">{n:,}</text>'
            )
        x += width
    return (
        f'<svg class="stance-bar" viewBox="0 0 {WIDTH} {LINE}" role="img" '
        f'aria-label="{escape(told)}" width="{WIDTH}" height="{LINE}">'
        f"{''.join(parts)}</svg>"
    )
