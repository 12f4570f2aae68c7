"""Who must learn of a change is told in the change's own transaction.

``emit`` writes one row per interested consumer (``settings.OUTBOX_CONSUMERS``);
``drain`` hands a consumer its rows in batches.  A consumer that is away loses
nothing: its rows wait.  A row that cannot be handed over is tried again later and,
after ``MAX_ATTEMPTS``, parked with its error for an operator; the others go on.

Rows are taken under a lease.  Who finds it replaced was taken for dead: what it did
stands, what it wanted to say of its rows does not count.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from drafts import audit, clock
from drafts.errors import RapfangError
from drafts.models import OutboxEntry

logger = logging.getLogger(__name__)
BATCH = 500
#: A worker that has said nothing of its rows for so long is dead.
LEASE = dt.timedelta(minutes=10)
#: After so many failures a row waits for an operator; between them it waits longer
#: each time: half a minute, one, two, four.
MAX_ATTEMPTS = 5
RETRY_AFTER = dt.timedelta(seconds=30)

Handle = Callable[[str, list[str]], None]


def emit(topic: str, object_ids: Iterable[object]) -> None:
    """Note that the objects of ``topic`` changed; at most one INSERT."""
    now = clock.now()
    OutboxEntry.objects.bulk_create(
        [
            OutboxEntry(
                consumer=consumer,
                topic=topic,
                object_id=str(pk),
                created_at=now,
                free_at=now,
            )
            for consumer, topics in settings.OUTBOX_CONSUMERS.items()
            if topic in topics
            for pk in object_ids
        ]
    )


def drain(
    consumer: str,
    handle: Handle,
    *,
    batch: int = BATCH,
    away: tuple[type[Exception], ...] = (),
) -> int:
    """Hand waiting changes to ``handle(topic, ids)``, oldest first.

    Returns how many rows were done.  If ``handle`` raises one of ``away``, all rows
    stay and the error comes out; any other error is that of a row, which is found by
    halving.  ``handle`` must be idempotent: a crash repeats the batch.
    """
    done = 0
    while True:
        lease = uuid.uuid4()
        by_topic: dict[str, dict[str, list[int]]] = {}
        for row in _take(consumer, lease, batch):
            by_topic.setdefault(row.topic, {}).setdefault(row.object_id, []).append(
                row.pk
            )
        if not by_topic:
            return done
        try:
            for topic, rows in by_topic.items():
                done += _hand(topic, rows, handle, lease, away)
        except away:
            _held(lease).update(lease=None, free_at=clock.now())
            raise


def _waiting(consumer: str) -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(consumer=consumer, parked_at__isnull=True)


def _held(lease: UUID) -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(lease=lease)


def _take(consumer: str, lease: UUID, batch: int) -> list[OutboxEntry]:
    """Take the oldest free rows, none while another worker holds some.

    One at a time, since of two the slower could bring an older state of a thing.
    """
    now = clock.now()
    if _waiting(consumer).filter(lease__isnull=False, free_at__gt=now).exists():
        return []
    free = _waiting(consumer).filter(free_at__lte=now)
    pks = list(free.order_by("id").values_list("pk", flat=True)[:batch])
    free.filter(pk__in=pks).update(lease=lease, free_at=now + LEASE)
    return list(_held(lease).order_by("id"))


def _hand(
    topic: str,
    rows: dict[str, list[int]],
    handle: Handle,
    lease: UUID,
    away: tuple[type[Exception], ...],
) -> int:
    """Hand over rows of one topic (object -> rows); return how many were done."""
    try:
        handle(topic, list(rows))
    except away:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the others go on
        objects = list(rows)
        if len(objects) == 1:
            _fail(rows[objects[0]], lease, error)
            return 0
        middle = len(objects) // 2
        return sum(
            _hand(topic, {pk: rows[pk] for pk in half}, handle, lease, away)
            for half in (objects[:middle], objects[middle:])
        )
    pks = [pk for own in rows.values() for pk in own]
    return _held(lease).filter(pk__in=pks).delete()[0]


def _fail(pks: list[int], lease: UUID, error: Exception) -> None:
    """Count a failure; park what failed too often.

    An error may hold people's words: of those not written for people only the name is
    kept.
    """
    told = str(error) if isinstance(error, RapfangError) else type(error).__name__
    now = clock.now()
    for row in _held(lease).filter(pk__in=pks):
        parked = row.attempts + 1 >= MAX_ATTEMPTS
        logger.log(
            logging.ERROR if parked else logging.WARNING,
            "outbox: %s of %s not handed to %s (%s of %s): %s",
            row.object_id, row.topic, row.consumer, row.attempts + 1, MAX_ATTEMPTS,
            told,
        )  # fmt: skip
        _held(lease).filter(pk=row.pk).update(
            lease=None,
            attempts=F("attempts") + 1,
            last_error=told[:200],
            free_at=now + RETRY_AFTER * 2**row.attempts,
            parked_at=now if parked else None,
        )


def parked() -> QuerySet[OutboxEntry]:
    """Return what waits for an operator, newest first."""
    return OutboxEntry.objects.filter(parked_at__isnull=False).order_by("-parked_at")


@transaction.atomic
def entries_retry(*, pks: Iterable[int], by: Any) -> int:
    """Put parked entries back in line; return how many."""
    rows = list(parked().filter(pk__in=list(pks)))
    for row in rows:
        row.attempts, row.parked_at, row.free_at = 0, None, clock.now()
        row.save(update_fields=["attempts", "parked_at", "free_at"])
        audit.record(row, "outbox.retried", by=by, topic=row.topic, of=row.object_id)
    return len(rows)


def waiting(consumer: str) -> int:
    """Return how many changes a consumer still has to learn of."""
    return _waiting(consumer).count()


def newest(consumer: str) -> int:
    """Return the id of the newest waiting change, 0 if none waits."""
    rows = OutboxEntry.objects.filter(consumer=consumer).order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def forget(consumer: str, *, up_to: int) -> None:
    """Drop a consumer's changes up to an id: it has taken them in another way."""
    OutboxEntry.objects.filter(consumer=consumer, id__lte=up_to).delete()
