"""From a comment on the first round to the words that changed, in two clicks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from comments.models import Comment
from tests import factories as make
from tests.browser.conftest import Album, Watch

BASE = "/consultations/pets-and-strays/"
GONE = "นายทะเบียนเห็นสมควร"
CAME = "โดยต้องคำนึงถึงขนาดพื้นที่และการทำหมันของสัตว์"


@pytest.fixture
def demo() -> None:
    make.home()
    call_command("load_demo", verbosity=0)


def words(page: Any, element: str) -> str:
    return " ".join(page.locator(f".redline {element}").all_inner_texts())


def follow(page: Any, locator: Any) -> None:
    with page.expect_navigation():
        locator.click()


@pytest.mark.usefixtures("demo")
def test_from_a_comment_to_the_words_that_changed(
    open_tab: Callable[..., Any], album: Album, watch: Watch
) -> None:
    """With and without JavaScript, on a phone and on a screen; and on to the reason."""
    for scripts, width in ((True, 360), (False, 1280)):
        page = open_tab(
            java_script_enabled=scripts, viewport={"width": width, "height": 800}
        )
        page.goto(f"{BASE}draft/v1/sec_12/")
        comment = page.locator(".comment").filter(has_text="ใต้โต๊ะ")
        assert comment.count() == 1
        # The first click: the comment itself, which shows what became of its section.
        follow(page, comment.get_by_role("link"))
        assert GONE in words(page, "del")
        assert CAME in words(page, "ins")
        assert "จับคู่ด้วยรหัสเดิม" in page.inner_text("main")
        album.keep(page, f"comment-{width}")
        # The second: the section of the second round, where those words are the text.
        follow(page, page.locator("#onward a").filter(has_text="ในฉบับที่ 2"))
        assert page.url.endswith(f"{BASE}draft/sec_12/")
        text = page.inner_text(".law")
        assert CAME in text and GONE not in text
        album.keep(page, f"section-{width}")
        # And back: what was said of it in the round before.
        earlier = page.locator("#earlier")
        assert "13 ความเห็น" in earlier.inner_text()
        follow(page, earlier.get_by_role("link", name="ดูความเห็นในรอบก่อนทั้งหมด"))
        assert "ใต้โต๊ะ" in page.inner_text("main")
        album.keep(page, f"earlier-{width}")

    # The loop: comment, theme, answer, changed words.
    said = Comment.objects.get(public_text__contains="ใต้โต๊ะ")
    page = open_tab()
    page.goto(f"/comments/{said.public_id}/")
    answered = page.locator("main section").filter(has_text="หน่วยงานตอบแล้ว")
    assert "รับบางส่วน" in answered.inner_text()
    follow(page, answered.get_by_role("link"))
    assert "ไม่เกินห้าตัว" in page.inner_text("main h1")
    assert CAME in page.inner_text("main")
    page.goto(f"{BASE}changes/")
    twelve = page.locator("article").filter(has=page.locator("#was-sec_12"))
    assert "ไม่เกินห้าตัว" in twelve.inner_text()
    assert GONE in " ".join(twelve.locator("del").all_inner_texts())
    album.keep(page, "changes")
    assert watch.complaints == []
