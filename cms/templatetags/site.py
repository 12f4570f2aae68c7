"""What the frame of every public page needs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import get_script_prefix

register = template.Library()
ENGLISH = "/en"
FONT_SHEET = "fonts/sarabun.css"


def other_address(path: str, language: str) -> str:
    """Return the address of the page at ``path`` (from our root) in another language.

    Works on any address, also one that leads nowhere, so that an error page has the
    switch too: Thai has no prefix, English has ``/en``.  The site may stand below a
    path of its server.
    """
    bare = path[len(ENGLISH) :] if f"{path}/".startswith(f"{ENGLISH}/") else path
    bare = bare or "/"
    root = get_script_prefix().rstrip("/")
    return f"{root}{ENGLISH}{bare}" if language == "en" else f"{root}{bare}"


@register.simple_tag(takes_context=True)
def language_url(context: template.Context, language: str) -> str:
    """Print the address of this page in ``language``, keeping the query."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return other_address("/", language)
    address = other_address(request.path_info, language)
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query and request.method == "GET" else address


@lru_cache(maxsize=1)
def _font_sheet() -> str:
    try:
        stored = staticfiles_storage.exists(FONT_SHEET) or finders.find(FONT_SHEET)
        return staticfiles_storage.url(FONT_SHEET) if stored else ""
    except (OSError, ValueError):  # not collected: system fonts serve
        return ""


@register.simple_tag
def font_stylesheet() -> str:
    """Print the address of the web font's sheet; "" before ``subset_fonts`` ran."""
    return _font_sheet()


@register.filter
def get(mapping: Any, key: object) -> Any:
    """Look a key up in a mapping; ``None`` when it is not there."""
    return mapping.get(key) if mapping else None
