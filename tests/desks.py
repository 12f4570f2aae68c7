"""What a browser does at a desk: open a page, then send its form."""

from __future__ import annotations

from typing import Any

from django.test import Client


def seen(client: Client, url: str) -> dict[str, str]:
    """Open a page and return the revision that its form would send along."""
    return {"revision": client.get(url).context["form"]["revision"].value()}


def send(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Open a page, then send its form with what was typed."""
    return client.post(url, {**data, **seen(client, url)})
