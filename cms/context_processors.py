"""What every template may ask about the site itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from drafts import clock


def site(request: HttpRequest) -> dict[str, object]:
    """Give the site's name, the one clock and whether the demo moved it."""
    return {
        "SITE_NAME": settings.WAGTAIL_SITE_NAME,
        "now": clock.now(),
        "clock_offset": clock.offset(),
    }
