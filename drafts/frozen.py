"""Rows that the database itself refuses to change or delete.

Django's ``PROTECT`` and services guard the front door; this guards against raw SQL,
``QuerySet.update()`` and tomorrow's colleague.  Each app lists its frozen tables in
``FROZEN`` of its own ``frozen_tables.py``; ``migrate`` installs the triggers and a
system check (``manage.py check --database default``) reports any that is missing.

A frozen row may be released by nobody: an erasure demanded by law is a migration with
a reason, reviewed like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

MARK = "rapfang_frozen"


@dataclass(frozen=True, slots=True)
class FrozenTable:
    """One table and what may never happen to its rows.

    ``when``    SQL condition on OLD that makes a row frozen; "" means always.
    ``columns`` columns that may not be updated; empty means no column may.
    ``insert``  SQL condition on NEW under which even a new row is refused.
    ``delete``  SQL condition of its own for deletion; True means ``when``, False never.
    ``key``     tells a second rule for the same table from the first.
    """

    table: str
    when: str = ""
    columns: tuple[str, ...] = ()
    insert: str = ""
    delete: bool | str = True
    key: str = ""


def frozen_tables() -> list[FrozenTable]:
    """Return the frozen tables of all installed apps."""
    tables: list[FrozenTable] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.frozen_tables"
        if find_spec(name):
            tables.extend(import_module(name).FROZEN)
    return tables


def _triggers(frozen: FrozenTable) -> Iterable[tuple[str, str, str]]:
    """Yield (name suffix, event, condition) of each trigger of a table."""
    update = "UPDATE"
    if frozen.columns:
        update += " OF " + ", ".join(f'"{column}"' for column in frozen.columns)
    yield f"{frozen.key}update", update, frozen.when
    if frozen.delete:
        condition = frozen.when if frozen.delete is True else frozen.delete
        yield f"{frozen.key}delete", "DELETE", condition
    if frozen.insert:
        yield f"{frozen.key}insert", "INSERT", frozen.insert


def _sqlite_triggers(frozen: FrozenTable) -> Iterable[tuple[str, str, str]]:
    yield from _triggers(frozen)
    # SQLite's REPLACE deletes without asking the delete trigger.
    same = f'EXISTS (SELECT 1 FROM "{frozen.table}" WHERE id = NEW.id)'
    yield "replace", "INSERT", same


def _sqlite_statements(frozen: FrozenTable) -> Iterable[str]:
    for suffix, event, condition in _sqlite_triggers(frozen):
        name = f"{MARK}_{frozen.table}_{suffix}"
        yield f'DROP TRIGGER IF EXISTS "{name}"'
        when = f"WHEN {condition} " if condition else ""
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{frozen.table}" '
            f"FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{MARK}: {frozen.table} {suffix}'); END"
        )


def _postgresql_statements(frozen: FrozenTable) -> Iterable[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION {MARK}_refuse() RETURNS trigger AS $$ BEGIN "
        f"RAISE EXCEPTION '{MARK}: % %', TG_TABLE_NAME, lower(TG_OP) "
        f"USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    for suffix, event, condition in _triggers(frozen):
        name = f"{MARK}_{suffix}"
        # PostgreSQL allows no subquery in WHEN: conditions with one go inside.
        yield f'DROP TRIGGER IF EXISTS "{name}" ON "{frozen.table}"'
        function = f"{MARK}_refuse"
        if condition:
            function = f"{MARK}_{frozen.table}_{suffix}"
            result = "OLD" if event == "DELETE" else "NEW"
            yield (
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger AS $$ BEGIN "
                f"IF {condition} THEN "
                f"RAISE EXCEPTION '{MARK}: % %', TG_TABLE_NAME, lower(TG_OP) "
                f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {result}; END $$ LANGUAGE plpgsql"
            )
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{frozen.table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    yield f'DROP TRIGGER IF EXISTS "{MARK}_truncate" ON "{frozen.table}"'
    yield (
        f'CREATE TRIGGER "{MARK}_truncate" BEFORE TRUNCATE ON "{frozen.table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {MARK}_refuse()"
    )


def install(connection: BaseDatabaseWrapper) -> None:
    """Create (or renew) all triggers on one database."""
    statements = {"sqlite": _sqlite_statements, "postgresql": _postgresql_statements}[
        connection.vendor
    ]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in frozen_tables():
            if table.table in existing:
                for statement in statements(table):
                    cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop all triggers: only the tests' database flush has a use for this."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in frozen_tables():
            if table.table not in existing:
                continue
            suffixes = [suffix for suffix, _, _ in _triggers(table)]
            if connection.vendor == "sqlite":
                for suffix in [*suffixes, "replace"]:
                    cursor.execute(
                        f'DROP TRIGGER IF EXISTS "{MARK}_{table.table}_{suffix}"'
                    )
            else:
                for suffix in [*suffixes, "truncate"]:
                    cursor.execute(
                        f'DROP TRIGGER IF EXISTS "{MARK}_{suffix}" ON "{table.table}"'
                    )


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that should be there and are not."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            present = {row[0] for row in cursor.fetchall()}
            wanted = {
                f"{MARK}_{table.table}_{suffix}"
                for table in frozen_tables()
                for suffix, _, _ in _sqlite_triggers(table)
            }
        else:
            cursor.execute(
                "SELECT c.relname || ':' || t.tgname FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal "
                "AND t.tgenabled <> 'D'"
            )
            present = {row[0] for row in cursor.fetchall()}
            wanted = {
                f"{table.table}:{MARK}_{suffix}"
                for table in frozen_tables()
                for suffix in [*(s for s, _, _ in _triggers(table)), "truncate"]
            }
    return sorted(wanted - present)


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Receive ``post_migrate``; it is sent once per app, one of them is enough."""
    if kwargs["app_config"].name == "drafts":
        install(connections[using])


def _is_migrated(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether no migration waits to be run."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def check_triggers(
    *, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Report missing triggers as errors (system check ``drafts.E001``).

    While migrations wait, ``migrate`` runs this check first and then makes new tables
    with their triggers: it must not be kept from it.
    """
    problems: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if not _is_migrated(connection):
            continue
        if names := missing(connection):
            problems.append(
                Error(
                    f"frozen-row triggers are missing on {alias}: {', '.join(names)}",
                    hint="run manage.py migrate --skip-checks: it puts them back",
                    id="drafts.E001",
                )
            )
    return problems
