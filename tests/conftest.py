"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from drafts import frozen


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
