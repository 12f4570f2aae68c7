"""What the tests of the reader share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every page be read at ``NOW``."""
    monkeypatch.setattr("drafts.clock.now", lambda: NOW)


@contextmanager
def at_most(budget: int) -> Iterator[None]:
    """Fail with the SQL printed when more than ``budget`` queries are sent."""
    with CaptureQueriesContext(connection) as sent:
        yield
    if len(sent) > budget:
        listing = "\n".join(f"{n}. {q['sql'][:300]}" for n, q in enumerate(sent, 1))
        pytest.fail(f"{len(sent)} queries, budget {budget}:\n{listing}")
