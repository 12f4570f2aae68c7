"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from drafts import frozen
from tests import kept_database


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Copy the kept database; where there is none yet, migrate one and keep it."""
    with django_db_blocker.unblock():
        taken = kept_database.take()
        if not taken:
            config = setup_databases(
                verbosity=request.config.option.verbose, interactive=False
            )
            kept_database.keep()
    yield
    with django_db_blocker.unblock():
        if taken:
            kept_database.drop()
        else:
            teardown_databases(config, verbosity=request.config.option.verbose)


@pytest.fixture(autouse=True)
def _nobody_has_been_counted_yet() -> None:
    """Limits count in the cache, by accounts and addresses that tests share."""
    cache.clear()


@pytest.fixture(autouse=True)
def _release_frozen_rows_before_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the flush at the end of a transactional test empty the frozen tables.

    ``flush`` sends ``post_migrate``, which installs the triggers again.
    """
    names = {"transactional_db", "live_server"}
    mark = request.node.get_closest_marker("django_db")
    if not names & set(request.fixturenames) and not (
        mark and mark.kwargs.get("transaction")
    ):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    frozen.remove(connection)
