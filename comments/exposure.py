"""How often each comment was shown, so that the least seen can be shown first.

Pages add to a buffer in the cache and never wait for the database; a task writes the
sums once a minute.  If the cache is away the views of that minute are not counted.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from comments.models import Comment

log = logging.getLogger(__name__)
#: The buffer has this many slots, so that two pages at once seldom meet.
SLOTS = 16
_KEEP = 600  # seconds
_BATCH = 2_000


def _key(slot: int) -> str:
    return f"exposure:{slot}"


def record(ids: Iterable[int]) -> None:
    """Count comments as shown once more; two cache commands, no query, no error."""
    ids = list(ids)
    if not ids:
        return
    key = _key(secrets.randbelow(SLOTS))
    try:
        cache.set(key, [*(cache.get(key) or []), *ids][-20_000:], _KEEP)
    except Exception as error:  # noqa: BLE001 - a cache of any kind may be away
        log.warning("views not counted, cache away: %s", type(error).__name__)


def flush() -> int:
    """Write the buffered views to the comments; return how many views."""
    seen: Counter[int] = Counter()
    for slot in range(SLOTS):
        key = _key(slot)
        ids = cache.get(key)
        if ids:
            cache.delete(key)
            seen.update(ids)
    by_times: dict[int, list[int]] = defaultdict(list)
    for pk, times in seen.items():
        by_times[times].append(pk)
    for times, pks in sorted(by_times.items()):
        for start in range(0, len(pks), _BATCH):
            with transaction.atomic():
                Comment.objects.filter(
                    pk__in=sorted(pks[start : start + _BATCH])
                ).update(times_shown=F("times_shown") + times)
    return seen.total()
