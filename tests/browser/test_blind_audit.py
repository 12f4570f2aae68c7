"""Two officials code a sample in a browser, each blind; both read what was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from comments.models import AuditCode, BlindAudit, Theme, ThemeAssignment
from consultations.models import Role
from tests import factories as make
from tests.browser.conftest import Album, Watch
from tests.browser.looking import faults_of, is_wide, turn
from tests.factories import NOW

TEXTS = ["ค่าธรรมเนียมแพง", "ใบอนุญาตช้า", "ควรลดค่าธรรมเนียม", "ขอทางออนไลน์", "เสียงดัง"]


@pytest.fixture
def round_() -> Any:
    make.home()
    round_ = make.make_round(stage="closed")
    themes = [
        Theme.objects.create(round=round_, number=n, title=title)
        for n, title in enumerate(("ค่าธรรมเนียม", "ใบอนุญาต"), 1)
    ]
    for n, comment in enumerate(make.make_comments(round_, TEXTS)):
        ThemeAssignment.objects.create(
            round=round_,
            comment=comment,
            theme=themes[n % 2] if n < 4 else None,
            bucket="" if n < 4 else "few",
            source="machine",
            argument=comment.pk,
            assigned_at=NOW,
        )
    return round_


@pytest.fixture
def open_as(open_tab: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    """Return a function that opens a tab of a signed-in member."""

    def _open(user: Any, **options: Any) -> Any:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        page = open_tab(**options)
        page.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": watch.host}]
        )
        return page

    return _open


def press(page: Any, selector: str) -> None:
    turn(page, page.locator(selector).first.click)


def test_two_people_code_and_read_the_result(
    round_: Any, open_as: Callable[..., Any], album: Album, watch: Watch
) -> None:
    agency = round_.consultation.agency
    first = make.make_member(agency, Role.EDITOR, first_name="สมชาย")
    second = make.make_member(agency, Role.EDITOR, first_name="Somying")
    UserProfile.objects.create(user=second, preferred_language="en")
    desk = reverse("desk_audit", args=[round_.pk])

    # The first: a screen, scripts, the keyboard.
    page = open_as(first)
    page.goto(desk)
    album.keep(page, "nothing-yet")
    assert faults_of(page) == []
    page.select_option("select[name=first]", str(first.pk))
    page.select_option("select[name=second]", str(second.pk))
    press(page, "main .desk form button.desk-btn--main")
    audit = BlindAudit.objects.get()
    press(page, f'a[href="{reverse("desk_audit_code", args=[round_.pk, 1])}"]')
    album.keep(page, "code")
    assert faults_of(page) == []
    for _ in range(audit.items.count()):
        page.keyboard.press("Digit1")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert AuditCode.objects.filter(coder__user=first, code="t1").count() == 5
    album.keep(page, "look-back")
    press(page, "button[value=finish]")

    # The second: a phone, no scripts, English.
    page = open_as(
        second, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page.goto(desk)
    assert "สมชาย" in page.inner_text(".desk")
    press(page, f'a[href="{reverse("desk_audit_code", args=[round_.pk, 1])}"]')
    assert "What is this comment mainly about" in page.inner_text(".desk")
    assert not is_wide(page)
    assert page.locator("input[name=code]:checked").count() == 0
    album.keep(page, "code-phone-english")
    for n in range(audit.items.count()):
        page.check(f"input[value={'t1' if n else 'other'}]")
        press(page, "form[data-audit] button")
    assert not is_wide(page)
    press(page, "button[value=finish]")
    results = reverse("desk_audit_results", args=[round_.pk, 1])
    press(page, f'a[href="{results}"]')
    assert "4/5" in page.inner_text(".desk")
    assert not is_wide(page)
    album.keep(page, "results-phone-english")

    page = open_as(first)
    page.goto(results)
    assert "Gwet" in page.inner_text(".desk")
    assert faults_of(page) == []
    album.keep(page, "results")
    assert watch.complaints == []
