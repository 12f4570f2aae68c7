"""How much one address may send in an hour.

Many people share an address (a village's network, a meeting room), so the limit is
wide and says when to come back.  If the cache is away everybody is let through: a lost
comment is worse than a flood.
"""

from __future__ import annotations

import hashlib
import hmac
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from drafts import clock
from drafts.requests import client_address

log = logging.getLogger(__name__)
_HOUR = 3600
#: Saving one comment is lighter than sending a response: this many saves for each.
SAVES = 20


def minutes_to_wait(request: HttpRequest, kind: str) -> int:
    """Count one act of this address; return 0, or the minutes until it may go on.

    ``kind`` is "send" or "save".
    """
    allowed = settings.SUBMISSIONS_PER_HOUR * (SAVES if kind == "save" else 1)
    now = int(clock.now().timestamp())
    # The address itself is not kept, not even for the hour.
    who = hmac.new(
        settings.SECRET_KEY.encode(),
        client_address(request).encode(),
        hashlib.sha256,
    ).hexdigest()[:32]
    key = f"limit:{kind}:{who}:{now // _HOUR}"
    try:
        cache.add(key, 0, _HOUR)
        count = cache.incr(key)
    except Exception as error:  # noqa: BLE001 - a cache of any kind may be away
        log.warning("limit not checked, cache away: %s", type(error).__name__)
        return 0
    if count <= allowed:
        return 0
    return (_HOUR - now % _HOUR + 59) // 60
