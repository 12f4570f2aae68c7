"""What is said at start of how the site is set up (``manage.py check``)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from drafts.requests import parse_networks


def check_proxies(**_options: Any) -> list[CheckMessage]:
    """Warn where a proxy must stand in front and nobody has named it."""
    try:
        parse_networks(tuple(settings.TRUSTED_PROXIES or ()))
    except ValueError as error:
        return [Error(f"TRUSTED_PROXIES: {error}", id="rapfang.E001")]
    if settings.SECURE_SSL_REDIRECT and settings.TRUSTED_PROXIES is None:
        return [
            Warning(
                "TRUSTED_PROXIES is not set: behind a proxy everybody shares one "
                "address and its limits, and the site redirects for ever.",
                hint='Name the proxy\'s address or network, or "none" where the '
                "server itself ends HTTPS (docs/operations.md).",
                id="rapfang.W001",
            )
        ]
    return []
