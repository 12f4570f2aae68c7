"""What the workbench's templates need: bars, names, marks."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from comments.finding import pattern_of
from comments.models import Bucket, Comment, Stance, ThemeEvent
from comments.nlp.stance import stated
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
def stance_source(comment: Comment) -> str:
    """Print a comment's stance and whether it was chosen on a form or read.

    Plain words of a text without a chosen stance are named and not counted.
    """
    label = comment.get_stance_display()
    if comment.stance != Stance.NOT_STATED and comment.stance_source == "cue":
        return _("%(stance)s (อ่านจากถ้อยคำที่เขียน)") % {"stance": label}
    if comment.stance != Stance.NOT_STATED:
        return _("%(stance)s (เลือกในแบบ)") % {"stance": label}
    said = stated(comment.public_text)
    if said.source != "cue":
        return label
    words = dict(Stance.choices)[said.value]
    return _("%(stance)s (ข้อความเขียนว่า “%(words)s” ไม่นำไปนับ)") % {
        "stance": label,
        "words": words,
    }


@register.simple_tag
def bucket_title(code: str) -> str:
    """Print what a bucket is called."""
    return str(dict(Bucket.choices).get(code, code))


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
    pattern = pattern_of(words) if words else None
    if pattern is None:
        return conditional_escape(text)
    return mark_safe(  # noqa: S308  each part is escaped
        "".join(
            f"<mark>{conditional_escape(part)}</mark>" if n % 2
            else conditional_escape(part)
            for n, part in enumerate(pattern.split(text))
        )
    )  # fmt: skip
