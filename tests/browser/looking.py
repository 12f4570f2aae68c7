"""A page looked at as a screen, as a phone, and as the narrowest phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Album
from tests.long import LONG

#: CI looks at the phone; ``make long`` at the screen too, and keeps a picture of each.
WIDTHS = (1280, 360) if LONG else (360,)
LANGUAGES = ("th", "en") if LONG else ("th",)
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}


def turn(page: Any, press: Callable[[], object]) -> None:
    """Press, and wait for another page or for this one's main part drawn anew."""
    page.evaluate("document.querySelector('main').dataset.before = 'yes'")
    press()
    page.wait_for_selector("main:not([data-before])", state="attached")
    page.wait_for_load_state()


def faults_of(page: Any) -> list[str]:
    # At the end of the page the bar "check and send" covers nothing: axe measures only
    # the part of a target that is not covered at this moment.
    page.evaluate("scrollTo(0, document.scrollingElement.scrollHeight)")
    # A message that is still fading in has half its contrast.
    page.evaluate("""() => Promise.race([
        Promise.allSettled(document.getAnimations().map(one => one.finished)),
        new Promise(done => setTimeout(done, 1000)),
    ]).then(() => true)""")
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{fault['id']}: {fault['help']}: "
        + "; ".join(node["html"][:160] for node in fault["nodes"][:3])
        for fault in found
    ]


def is_wide(page: Any) -> bool:
    return page.evaluate(
        "document.scrollingElement.scrollWidth > document.documentElement.clientWidth"
    )


def look(page: Any, name: str, album: Album) -> list[str]:
    """Return the faults of a page at ``WIDTHS`` and at 320 px."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        faults += [f"{name} {width}: {fault}" for fault in faults_of(page)]
    if LONG:
        album.keep(page, name)
    page.set_viewport_size({"width": 320, "height": 700})
    if is_wide(page):
        faults.append(f"{name}: scrolls sideways at 320 px")
    return faults
