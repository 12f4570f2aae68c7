"""One world for all walks through the site: made once, its rows rolled back after."""

from __future__ import annotations

import pytest

from consultations.report import pdf
from drafts import clock
from tests.factories import NOW
from tests.walls.world import World, make_world


@pytest.fixture
def world(db: None, settings, tmp_path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(pdf.PdfExporter, "render", lambda self, source: b"%PDF-1.7")
    return make_world()
