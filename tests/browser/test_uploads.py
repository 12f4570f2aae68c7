"""A file of every accepted format, from the upload to a frozen version, in a browser.

The text is the demo's own draft, the files are written by our own exporters where we
have one; three ways in: a draft, an act in force, and a corrected file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations import paper
from consultations.models import Role
from consultations.reading.downloads import STYLE
from drafts.export.docx import write_docx
from drafts.export.paper import write_paper
from drafts.law.parse import parse
from drafts.models import Act, DraftPage, DraftVersion, SourceFile
from drafts.services import draft_import
from tests import factories as make
from tests.browser.conftest import Album, Watch
from tests.browser.looking import faults_of, is_wide
from tests.drafts.uploading import FORMATS, file_of

DEMO = Path(__file__).parents[2] / "cms" / "demo" / "content"
TEXT = (DEMO / "announced" / "draft.txt").read_text(encoding="utf-8")
CORRECTED = TEXT.replace("สามสิบวัน", "สี่สิบห้าวัน")
SECTIONS = [section.label for section in parse(TEXT).provisions]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def write(text: str, form: str, folder: Path) -> Path:
    path = folder / f"ร่างเพื่อนำเข้า.{form}"
    law = parse(text)
    if form == "docx":
        data = write_docx(law)
    elif form == "pdf":
        if not paper.is_available():
            pytest.skip("Pango is not installed on this machine: no PDF can be written")
        html = write_paper(law, edition="ร่างสำหรับรับฟัง")
        data = paper.write_pdf(html, style=STYLE, text=html)
    else:
        data = file_of(text, form)
    path.write_bytes(data)
    return path


@pytest.fixture
def desk(open_tab: Callable[..., Any], watch: Watch) -> tuple[Any, Any]:
    """Return a tab of an editor, and the editor's agency."""
    make.home()
    agency = make.make_agency("กรมสวนสาธารณะ")
    client = Client()
    client.force_login(make.make_member(agency, Role.EDITOR))
    page = open_tab(viewport={"width": 1280, "height": 900})
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": watch.host}]
    )
    return page, agency


def press(page: Any, name: str, then: str) -> None:
    """Press a button and wait for what the answer shows: a page or a part of it."""
    page.locator(f"button[name={name}]").click()
    page.wait_for_selector(then)


FOUND, KEPT, ACT = "#found", "#kept-file", "main dl"
OUTLINE = "[aria-current=page][href$='/outline/']"


def look(page: Any, name: str, album: Album) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        album.keep(page, f"{name}-{width}")
        assert not faults_of(page), name
        assert not is_wide(page), name


def freeze(page: Any, draft: DraftPage) -> DraftVersion:
    page.goto(reverse("drafts_freeze", args=[draft.pk]))
    page.fill("#id_reason", "เพื่อรับฟังความคิดเห็นครั้งที่ ๑")
    page.check("#id_confirm")
    page.get_by_role("button", name="ตรึงฉบับนี้").click()
    page.wait_for_url(f"**{reverse('drafts_version', args=[draft.pk, 1])}")
    version = draft.versions.get()
    assert version.sha256 in page.content()
    return version


@pytest.mark.parametrize("form", FORMATS)
def test_a_draft_goes_from_upload_to_frozen_version(
    desk: tuple[Any, Any], album: Album, watch: Watch, tmp_path: Path, form: str
) -> None:
    page, _agency = desk
    page.goto(reverse("drafts_import"))
    page.set_input_files("#id_file", write(TEXT, form, tmp_path))
    press(page, "check", FOUND)
    assert "ยังไม่ได้บันทึก" in page.inner_text("main")
    look(page, "look", album)
    press(page, "save", OUTLINE)
    draft = DraftPage.objects.get()
    look(page, "saved", album)
    version = freeze(page, draft)
    rows = version.provisions.filter(kind="section")
    assert [row.label.removeprefix("มาตรา ") for row in rows] == SECTIONS
    assert SourceFile.objects.get().draft == draft
    assert not watch.complaints


@pytest.mark.parametrize("form", FORMATS)
def test_an_act_is_stored_though_its_day_was_wrong_at_first(
    desk: tuple[Any, Any], album: Album, watch: Watch, tmp_path: Path, form: str
) -> None:
    page, _agency = desk
    page.goto(reverse("drafts_act_import"))
    page.set_input_files("#id_file", write(TEXT, form, tmp_path))
    page.fill("#id_as_of", "เมื่อวานนี้")
    page.fill("#id_title", "พระราชบัญญัติสวนสาธารณะ พ.ศ. ๒๕๖๕")
    press(page, "check", KEPT)
    assert "ไม่ต้องเลือกอีกครั้ง" in page.inner_text("main")
    look(page, "wrong-day", album)
    page.fill("#id_as_of", "30/06/2569")
    press(page, "check", FOUND)
    press(page, "save", ACT)
    act = Act.objects.get()
    look(page, "act", album)
    assert [
        row.label.removeprefix("มาตรา ")
        for row in act.provisions.filter(kind="section")
    ] == SECTIONS
    assert SourceFile.objects.get().act == act
    assert not watch.complaints


@pytest.mark.parametrize("form", FORMATS)
def test_a_corrected_file_goes_into_the_draft_and_is_frozen(
    desk: tuple[Any, Any], album: Album, watch: Watch, tmp_path: Path, form: str
) -> None:
    assert CORRECTED != TEXT
    page, agency = desk
    draft = draft_import(agency=agency, data=TEXT).draft
    page.goto(reverse("drafts_correct", args=[draft.pk]))
    page.set_input_files("#id_file", write(CORRECTED, form, tmp_path))
    press(page, "check", FOUND)
    look(page, "correction", album)
    press(page, "save", OUTLINE)
    version = freeze(page, draft)
    text = "\n".join(version.provisions.values_list("text", flat=True))
    assert "สี่สิบห้าวัน" in text
    assert SourceFile.objects.get().draft == draft
    assert not watch.complaints
