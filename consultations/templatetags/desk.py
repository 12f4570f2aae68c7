"""What all desks share: the way between the desks of one round."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

register = template.Library()

#: code -> (what it is called, URL names to try with the round's id).
DESKS = {
    "round": (gettext_lazy("รอบรับฟัง"), "desk_round"),
    "moderation": (gettext_lazy("ความเห็น"), "desk_moderation"),
    "themes": (gettext_lazy("ประเด็น"), "desk_themes"),
    "audit": (gettext_lazy("ตรวจคุณภาพ"), "desk_audit"),
    "answers": (gettext_lazy("คำชี้แจง"), "desk_answers"),
    "report": (gettext_lazy("รายงาน"), "desk_report"),
}


def _address(name: str, round_id: int) -> str:
    for arguments in ([round_id], []):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return ""


@register.inclusion_tag("consultations/desk/_nav.html")
def desk_nav(round: Any, here: str) -> dict[str, Any]:
    """Print links between the desks of a round; desks not installed are left out."""
    links = [
        {"label": label, "url": url, "here": code == here}
        for code, (label, name) in DESKS.items()
        if (url := _address(name, round.pk))
    ]
    return {"links": links, "rounds_url": _address("desk_rounds", 0), "round": round}


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: object) -> str:
    """Print the page's query string with some parameters changed ("" drops one)."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
