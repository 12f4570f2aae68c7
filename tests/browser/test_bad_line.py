"""A form on a bad line says that it did not save, keeps the words and offers again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from comments.models import Comment, PreparedComment
from consultations.models import Role
from drafts import clock
from tests.browser.conftest import Album, Watch
from tests.browser.looking import turn
from tests.factories import make_member, make_round

WORDS = "ค่าปรับควรยกเว้นให้เด็ก  😟"


def open_round() -> Any:
    today = clock.today()
    return make_round(
        opens_on=today - dt.timedelta(days=2), closes_on=today + dt.timedelta(days=9)
    )


class Line:
    """What happens to the POSTs of a page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.posts = 0
        self.how = "good"
        page.route("**/*", self._route)

    def _route(self, route: Any) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        self.posts += 1
        match self.how:
            case "good":
                route.fallback()
            case "cut":
                route.abort()
            case "silent":
                return  # never answered: the browser gives up by itself
            case status:
                route.fulfill(status=int(status), body="no", content_type="text/plain")

    def becomes(self, how: str) -> None:
        self.how = how
        self.page.context.set_offline(how == "offline")


@pytest.mark.parametrize("how", ["offline", "cut", "silent", "403", "500", "503"])
@pytest.mark.parametrize("place", ["in place", "own page", "review"])
def test_what_was_not_saved_is_told_and_saved_later(
    open_tab: Callable[..., Any], watch: Watch, album: Album, how: str, place: str
) -> None:
    round_ = open_round()
    slug = round_.consultation.slug
    page = open_tab(viewport={"width": 360, "height": 640})
    line = Line(page)
    if place == "review":
        page.goto(f"/consultations/{slug}/respond/")
        form = page.locator("main form").filter(has=page.locator("[name=do]"))
        box = form.locator("[name=whole-text]")
        form.locator("[name=whole-stance][value=disagree]").check()
        button = form.locator("button[value=send]")
    else:
        page.goto(f"/consultations/{slug}/draft/")
        if place == "in place":
            page.locator("a[hx-get]").first.click()
        else:
            page.goto(page.locator("a[hx-get]").first.get_attribute("href"))
        form = page.locator("form.comment-form")
        box = form.locator("[name=text]")
        form.locator("[name=stance][value=disagree]").check()
        button = form.locator(".actions button")
    box.fill(WORDS)
    page.evaluate("htmx.config.timeout = 700")
    line.becomes(how)
    button.click()
    told = form.locator("[data-not-saved]")
    told.wait_for()
    assert told.locator("p:visible").count() == 2
    assert "สิ่งที่พิมพ์ยังอยู่ในหน้านี้" in told.inner_text()
    assert page.evaluate("document.activeElement.hasAttribute('data-not-saved')")
    assert box.input_value() == WORDS
    assert not PreparedComment.objects.exists() and not Comment.objects.exists()
    album.keep(page, f"{place}-{how}")

    line.becomes("good")
    page.evaluate("htmx.config.timeout = 30000")
    told.get_by_role("button").click()
    if place == "review":
        page.wait_for_url("**/receipts/**")
        assert Comment.objects.get().texts.get(kind="typed").text == WORDS
    else:
        page.locator(".comment-form [role=status]").wait_for()
        assert PreparedComment.objects.get().text == WORDS
    assert page.locator("[data-not-saved]").count() == 0
    assert not watch.complaints


def test_again_does_what_was_asked_for_the_first_time(
    open_tab: Callable[..., Any], watch: Watch
) -> None:
    slug = open_round().consultation.slug
    page = open_tab()
    line = Line(page)
    page.goto(f"/consultations/{slug}/respond/")
    page.locator("[name=whole-stance][value=agree]").check()
    page.locator("[name=whole-text]").fill(WORDS)
    line.becomes("503")
    page.get_by_role("button", name="บันทึกไว้ก่อน").last.click()
    page.locator("[data-not-saved]").wait_for()
    line.becomes("good")
    with page.expect_navigation():
        page.locator("[data-not-saved] button").click()
    assert PreparedComment.objects.get().text == WORDS
    assert not Comment.objects.exists()


@pytest.mark.parametrize("how", ["offline", "cut", "503"])
def test_an_officials_words_survive_a_bad_line(
    open_tab: Callable[..., Any], watch: Watch, album: Album, how: str
) -> None:
    round_ = open_round()
    make_member(round_.consultation.agency, Role.EDITOR, email="editor@example.org")
    page = open_tab()
    page.goto("/admin/")
    page.fill("input[name=login]", "editor@example.org")
    page.fill("input[name=password]", "correct horse")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/admin/")
    line = Line(page)
    desk = reverse("desk_round_add", args=[round_.pk, "milestone"])
    page.goto(desk)
    page.fill("[name=title]", WORDS)
    page.fill("[name=due_on]", "31/12/2570")
    line.becomes(how)
    page.locator("main form[method=post] button:visible").first.click()
    page.locator("main [data-not-saved]").wait_for()
    assert page.locator("[name=title]").input_value() == WORDS
    album.keep(page, how)
    line.becomes("good")
    # What is wrong with the words themselves is shown in place, the words kept.
    page.fill("[name=due_on]", "ไม่ใช่วัน")
    turn(page, page.locator("[data-not-saved] button").click)
    assert page.locator("[name=title]").input_value() == WORDS
    page.fill("[name=due_on]", "31/12/2570")
    page.locator("main form[method=post] button:visible").first.click()
    page.wait_for_url(f"**{reverse('desk_round', args=[round_.pk])}")
    assert round_.consultation.milestones.get().title == WORDS
    page.get_by_text("บันทึกแล้ว").first.wait_for()
    assert not watch.complaints


def test_a_button_shows_work_and_cannot_be_pressed_twice(
    open_tab: Callable[..., Any], watch: Watch
) -> None:
    slug = open_round().consultation.slug
    page = open_tab()
    line = Line(page)
    page.goto(f"/consultations/{slug}/respond/")
    page.locator("[name=whole-stance][value=agree]").check()
    page.locator("[name=whole-text]").fill(WORDS)
    line.becomes("silent")
    button = page.locator("button[value=send]")
    button.click()
    page.get_by_text("กำลังบันทึก…").wait_for()
    assert button.is_disabled()
    button.click(force=True)
    page.keyboard.press("Enter")
    page.evaluate("document.querySelector('main form[method=post]').requestSubmit()")
    assert line.posts == 1
    assert not watch.complaints
