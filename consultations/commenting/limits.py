"""How often one person, and one address, may do what stores something.

``settings.LIMITS`` names the rates (docs/operations.md).  Many people share an address
(a village's network, a mobile operator), so an address may do far more than a person,
and both are told when to come back.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from drafts import clock
from drafts.requests import client_address, parse_rates

log = logging.getLogger(__name__)
#: A longer text counts as one more act for each so many characters: what is limited is
#: what is stored.
CHARACTERS = 4000


def hash_of(who: str) -> str:
    """Return a name for an address or a person that does not tell who it is."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, who.encode(), hashlib.sha256).hexdigest()[:32]


def _windows(limit: str, who: str) -> list[tuple[str, int, int]]:
    """Return (key, how many, seconds left) of each rate for the present moment."""
    # The address or person itself is not kept, not even for the hour.
    name = hash_of(who)
    now = int(clock.now().timestamp())
    return [
        (
            f"limit:{limit}:{seconds}:{name}:{now // seconds}",
            most,
            seconds - now % seconds,
        )
        for most, seconds in parse_rates(settings.LIMITS[limit])
    ]


def seconds_to_wait(limit: str, who: str, *, cost: int = 1) -> int:
    """Count one act of somebody; return 0, or the seconds until the next may follow.

    Raises whatever the cache raises when it is away.
    """
    wait = 0
    for key, most, left in _windows(limit, who):
        cache.add(key, 0, left + 60)
        if cache.incr(key, cost) > most:
            wait = max(wait, left)
    return wait


def give_back(limit: str, who: str) -> None:
    """Take back one act that turned out to be no reason to be careful."""
    for key, _most, _left in _windows(limit, who):
        with suppress(ValueError):  # its time is over
            cache.decr(key)


def forget(limit: str, who: str) -> None:
    """Begin to count somebody anew."""
    cache.delete_many([key for key, _most, _left in _windows(limit, who)])


def minutes_to_wait(
    request: HttpRequest, kind: str, *, token: object = None, text: str = ""
) -> int:
    """Count one act; return 0, or the minutes until it may be tried again.

    ``token`` names the person, where there is one, ``text`` is what would be stored.
    If the cache is away everybody is let through: a lost comment is worse than a flood.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        token = f"user {user.pk}"
    people = [("person", str(token))] if token else []
    try:
        for limit, who in [*people, ("address", client_address(request))]:
            wait = seconds_to_wait(
                f"{kind}_{limit}", who, cost=1 + len(text) // CHARACTERS
            )
            if wait:
                return (wait + 59) // 60
    except Exception as error:  # noqa: BLE001 - a cache of any kind may be away
        log.warning("limit not checked, cache away: %s", type(error).__name__)
    return 0


def as_page(response: HttpResponse) -> HttpResponse:
    """Have a whole page take the place of the whole page, also where htmx asked."""
    response["HX-Retarget"] = response["HX-Reselect"] = "main"
    response["HX-Reswap"] = "outerHTML"
    return response


def too_often(request: HttpRequest, minutes: int = 1, text: str = "") -> HttpResponse:
    """Say when to come back, and show back what was typed."""
    context = {"retry_after": minutes, "kept_text": text}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return as_page(response)
