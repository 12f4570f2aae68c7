"""One world for all walks through the site: made once, its rows rolled back after."""

from __future__ import annotations

import pytest
from django.core.files.storage import FileSystemStorage

from consultations.report import pdf
from drafts import clock
from tests.factories import NOW
from tests.themes.conftest import use_fake_pipeline
from tests.walls.world import World, add_analysed_round, make_world


@pytest.fixture
def world(db: None, settings, tmp_path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(pdf.PdfExporter, "render", lambda self, source: b"%PDF-1.7")
    return make_world()


@pytest.fixture
def walked(world: World, settings, tmp_path, monkeypatch) -> World:
    """Return the world with a round whose comments a machine has put into themes."""
    use_fake_pipeline(settings, tmp_path / "runs")
    # Rows come back after each trial, and so must their files.
    monkeypatch.setattr(FileSystemStorage, "delete", lambda self, name: None)
    add_analysed_round(world)
    return world
