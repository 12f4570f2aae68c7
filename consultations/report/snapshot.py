"""Read many tables as they stood at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Give the reads inside one consistent view of the database.

    SQLite: a deferred transaction, which takes no write lock, so that comments keep
    coming in while a report is read.  PostgreSQL: repeatable read.  Inside another
    snapshot, or a transaction of the caller, that view is used as it is.  Only read
    inside.
    """
    if connection.in_atomic_block or _in_snapshot():
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                )
            yield


def _in_snapshot() -> bool:
    """Tell whether a deferred transaction of ``snapshot`` is open (SQLite)."""
    raw = connection.connection
    return connection.vendor == "sqlite" and raw is not None and raw.in_transaction
