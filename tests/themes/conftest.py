"""A round with comments whose themes the stand-in finds by their first word."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import pytest

from comments.models import ThemeRun
from comments.themes import runs
from tests import factories
from tests.factories import NOW

FAKE = [sys.executable, str(Path(__file__).with_name("fake_pipeline.py"))]
TEXTS = [
    "ค่าธรรมเนียม แพงเกินไปสำหรับร้านเล็ก",
    "ค่าธรรมเนียม ควรลดลงครึ่งหนึ่ง",
    "ค่าธรรมเนียม ควรยกเว้นผู้สูงอายุ",
    "ค่าธรรมเนียม แพงเกินไปสำหรับร้านเล็ก",
    "ใบอนุญาต ควรขอทางออนไลน์ได้",
    "ใบอนุญาต ใช้เวลานานเกินไป",
    "ใบอนุญาต ควรมีอายุห้าปี",
    "เสียงดัง ตอนกลางคืนไม่มีใครดูแล",
    "",
]


def use_fake_pipeline(settings, folder: Path) -> None:
    """Let theme runs be done by the stand-in, in a folder that is made here."""
    settings.THEME_PIPELINE, settings.THEME_WORK_DIR = FAKE, folder
    folder.mkdir()


@pytest.fixture
def work(settings, tmp_path):
    use_fake_pipeline(settings, tmp_path / "runs")
    settings.MEDIA_ROOT = tmp_path / "media"

    def plan(**what):
        (settings.THEME_WORK_DIR / "fake.json").write_text(json.dumps(what))

    return plan


def ask(round_, by=None, detail="normal", purpose="final"):
    return runs.run_request(
        round=round_, purpose=purpose, detail=detail, by=by, now=NOW
    )


def done(round_, **kwargs) -> ThemeRun:
    run = ask(round_, **kwargs)
    runs.run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == "complete", run.error
    return run


@pytest.fixture
def round_(db):
    found = factories.make_round(
        stage="closed",
        opens_on=factories.TODAY - dt.timedelta(days=40),
        closes_on=factories.TODAY - dt.timedelta(days=20),
    )
    factories.make_comments(found, TEXTS)
    return found
