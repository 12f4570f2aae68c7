"""Drafting in a real browser: 200 sections at once, and a corrected Word file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import Role
from drafts.models import DraftPage
from drafts.services import draft_import, version_freeze
from tests import factories as make
from tests.browser.conftest import Album, Watch
from tests.browser.looking import faults_of, is_wide, turn
from tests.drafts.test_correction_desk import word_file
from tests.drafts.test_corrections import CHANGED, TEXTS, act, key_of
from tests.drafts.test_editing import latest, long_act


@pytest.fixture
def open_desk(open_tab: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    """Return a function that opens a tab of an editor of an agency."""
    make.home()
    agency = make.make_agency()
    client = Client()
    client.force_login(make.make_member(agency, Role.EDITOR))
    session = client.cookies["sessionid"].value

    def _open(text: str, **options: Any) -> tuple[Any, DraftPage]:
        page = open_tab(**options)
        page.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": watch.host}]
        )
        return page, draft_import(agency=agency, data=text).draft

    return _open


def test_200_sections_open_closed_and_one_is_changed(
    open_desk: Callable[..., Any], album: Album, watch: Watch
) -> None:
    page, draft = open_desk(long_act(200))
    before = latest(draft)
    page.goto(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    blocks = page.locator("[data-streamfield-child]")
    assert blocks.count() == len(before)
    field = page.locator(f"#body-{len(before) - 1}-value-text")
    assert not field.is_visible()
    last = blocks.last
    last.scroll_into_view_if_needed()
    assert "๒๐๐" in last.inner_text()
    album.keep(page, "closed")
    last.locator("[data-panel-toggle]").first.click()
    field.fill("ข้อความใหม่ของมาตราสุดท้าย")
    with page.expect_navigation():
        page.locator("button[type=submit].action-save").first.click()
    after = latest(draft)
    assert after[:-1] == before[:-1]
    assert after[-1]["id"] == before[-1]["id"]
    assert after[-1]["value"]["text"] == "ข้อความใหม่ของมาตราสุดท้าย"
    assert not watch.complaints


def test_a_word_file_is_put_in_with_and_without_scripts(
    open_desk: Callable[..., Any], album: Album, watch: Watch, tmp_path: Any
) -> None:
    path = tmp_path / "ร่างแก้.docx"
    path.write_bytes(word_file(CHANGED).read())
    for scripts, width in ((True, 1280), (False, 360)):
        page, draft = open_desk(
            act(*TEXTS),
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
        )
        version_freeze(
            draft=draft, revision=draft.latest_revision, reason="", now=make.NOW
        )
        before = latest(draft)
        page.goto(reverse("drafts_correct", args=[draft.pk]))
        page.set_input_files("input[type=file]", str(path))
        turn(page, page.locator("button[name=check]").first.click)
        assert "ยังไม่ได้บันทึก" in page.inner_text("#found")
        added = " ".join(page.locator(".drafts-desk ins").all_inner_texts())
        assert "ผู้สูงอายุ" in added
        album.keep(page, f"preview-{width}")
        if scripts:
            assert faults_of(page) == []
            page.set_viewport_size({"width": 320, "height": 700})
            assert not is_wide(page)
            page.set_viewport_size({"width": width, "height": 800})
        page.get_by_role("radio", name="มาตรา ๗ เดิม").check()
        turn(page, page.locator("button[name=save]").first.click)
        assert "ยังไม่มีอะไรถูกบันทึก" in page.inner_text(".drafts-desk")
        assert latest(draft) == before
        turn(page, page.locator("button[name=save]").first.click)
        assert page.url.endswith(reverse("drafts_outline", args=[draft.pk]))
        after = latest(draft)
        assert key_of(after, "เลี้ยงผึ้ง") == key_of(before, "ทิ้งขยะ")
        assert key_of(after, "ผู้สูงอายุ") == key_of(before, "แผงลอย")
    assert not watch.complaints
