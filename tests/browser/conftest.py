"""A real Chromium before a real server: ``make test-browser``.

The server runs in a thread of the test process, so that the clock and the settings that
a test changes are the server's too.  Chromium missing is a failure, never a skip.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

#: Playwright's loop runs in this thread; the ORM is used between its calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parents[1] / "var" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("RAPFANG_CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.fail(f"no Chromium at {path}: install it or set RAPFANG_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Album:
    """Numbered screenshots of one test, kept as artefacts."""

    folder: Path
    shots: int = 0

    def keep(self, page: Any, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.shots += 1
        path = self.folder / f"{self.shots:02}-{name}.png"
        # caret="initial": hiding it needs an inline style, which the policy blocks.
        page.screenshot(path=str(path), full_page=True, caret="initial")

    def write(self, name: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, "utf-8")


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
    album = Album(SCREENSHOTS / name)
    for old in album.folder.glob("*.png"):
        old.unlink()
    return album


@dataclass
class Watch:
    """What a browser complained of, and whom it called."""

    host: str
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Any) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        # What does not arrive is logged by Chromium itself; the test knows.
        expected = "Failed to load resource: "
        if message.type in {"error", "warning"} and not message.text.startswith(
            expected
        ):
            where = message.page.url if message.page else ""
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.host, "data:", "blob:")):
            self.complaints.append(f"another host: {request.url}")


@pytest.fixture
def watch(live_server: Any) -> Watch:
    return Watch(live_server.url)


@pytest.fixture
def open_tab(
    chromium: Any, live_server: Any, watch: Watch
) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a fresh visitor's tab."""
    contexts = []

    def _open(**options: Any) -> Any:
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield _open
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def _fresh_world(
    transactional_db: None, settings: Any, tmp_path: Path
) -> Iterator[None]:
    """Give each test its own files, clock and rate-limit counters."""
    settings.DEMO_CLOCK_FILE = str(tmp_path / "clock")
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.THEME_WORK_DIR = tmp_path / "theme-runs"
    cache.clear()
    yield
    cache.clear()
