"""Every page is read at ``factories.NOW``."""

from __future__ import annotations

import pytest

from tests.factories import NOW


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drafts.clock.now", lambda: NOW)
