"""Who must learn of a change is told in the change's own transaction.

``emit`` writes one row per interested consumer (``settings.OUTBOX_CONSUMERS``);
``drain`` hands a consumer its rows in batches.  A consumer that is away loses
nothing: its rows wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction

from drafts import clock
from drafts.models import OutboxEntry

BATCH = 500


def emit(topic: str, object_ids: Iterable[object]) -> None:
    """Note that the objects of ``topic`` changed; at most one INSERT."""
    now = clock.now()
    OutboxEntry.objects.bulk_create(
        [
            OutboxEntry(
                consumer=consumer, topic=topic, object_id=str(pk), created_at=now
            )
            for consumer, topics in settings.OUTBOX_CONSUMERS.items()
            if topic in topics
            for pk in object_ids
        ]
    )


def drain(
    consumer: str,
    handle: Callable[[str, list[str]], None],
    *,
    batch: int = BATCH,
) -> int:
    """Hand waiting changes to ``handle(topic, ids)``, oldest first.

    Returns how many rows were done.  If ``handle`` raises, the rows stay and the
    error comes out; ``handle`` must be idempotent, since a crash after it and before
    the delete repeats the batch.
    """
    done = 0
    while True:
        rows = list(
            OutboxEntry.objects.filter(consumer=consumer).order_by("id")[:batch]
        )
        if not rows:
            return done
        by_topic: dict[str, list[str]] = {}
        for row in rows:
            by_topic.setdefault(row.topic, []).append(row.object_id)
        for topic, ids in by_topic.items():
            handle(topic, list(dict.fromkeys(ids)))
        with transaction.atomic():
            OutboxEntry.objects.filter(pk__in=[row.pk for row in rows]).delete()
        done += len(rows)


def waiting(consumer: str) -> int:
    """Return how many changes a consumer still has to learn of."""
    return OutboxEntry.objects.filter(consumer=consumer).count()


def newest(consumer: str) -> int:
    """Return the id of the newest waiting change, 0 if none waits."""
    rows = OutboxEntry.objects.filter(consumer=consumer).order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def forget(consumer: str, *, up_to: int) -> None:
    """Drop a consumer's changes up to an id: it has taken them in another way."""
    OutboxEntry.objects.filter(consumer=consumer, id__lte=up_to).delete()
