"""What the workbench's templates need: bars, names, marks."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from comments.models import Stance, ThemeEvent
from comments.themes import events, selectors

register = template.Library()


@register.inclusion_tag("consultations/desk/themes/_stances.html")
def stance_bar(stances: list[selectors.StanceCount]) -> dict[str, Any]:
    """Draw one bar of all stances; the numbers stand beside it as text."""
    total = sum(row.count for row in stances) or 1
    bars, x = [], 0.0
    for row in stances:
        width = 100 * row.count / total
        if row.count:
            bars.append(
                {"stance": row.stance, "x": f"{x:.3f}", "width": f"{width:.3f}"}
            )
        x += width
    return {"stances": stances, "bars": bars}


@register.simple_tag
def stance_legend() -> SafeString:
    """Say once what the patterns of the bars mean."""
    items = format_html_join(
        "",
        '<li><span class="desk-key s-{}"></span>{}</li>',
        Stance.choices,
    )
    return mark_safe(f'<ul class="desk-legend">{items}</ul>')  # noqa: S308  escaped


@register.filter
def person(user: Any) -> str:
    """Print how colleagues call somebody."""
    return events.person_name(user)


@register.filter
def event_label(event: ThemeEvent) -> str:
    return selectors.event_label(event)


@register.filter
def add_text(text: str, value: object) -> str:
    """Join two values as text."""
    return f"{text}{value}"


@register.filter
def mark_words(text: str, words: str) -> SafeString:
    """Mark what was searched for; the rest is escaped as it is."""
    if not words:
        return conditional_escape(text)
    parts = re.split(f"({re.escape(words)})", text, flags=re.IGNORECASE)
    return mark_safe(  # noqa: S308  each part is escaped
        "".join(
            f"<mark>{conditional_escape(part)}</mark>" if n % 2
            else conditional_escape(part)
            for n, part in enumerate(parts)
        )
    )  # fmt: skip
