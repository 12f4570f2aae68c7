"""What all desks share: the way between the desks of one round."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy

register = template.Library()

#: code -> (what it is called, name of its address).
DESKS = {
    "round": (gettext_lazy("รอบรับฟัง"), "desk_round"),
    "moderation": (gettext_lazy("ความเห็น"), "desk_moderation"),
    "themes": (gettext_lazy("ประเด็น"), "desk_themes"),
    "audit": (gettext_lazy("ตรวจคุณภาพ"), "desk_audit"),
    "answers": (gettext_lazy("คำชี้แจง"), "desk_answers"),
    "report": (gettext_lazy("รายงาน"), "desk_report"),
}


@register.simple_tag
def desk_links(round: Any, here: str) -> list[dict[str, Any]]:
    """Return the links between the desks of a round; ``here`` is the code of one."""
    return [
        {"label": label, "url": reverse(name, args=[round.pk]), "here": code == here}
        for code, (label, name) in DESKS.items()
    ]


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
