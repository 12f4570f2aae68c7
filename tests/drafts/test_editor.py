"""Editing at 200 and at 1,755 sections; and nothing typed is lost on any error."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data

from consultations.models import AgencyPage, Role
from drafts.editing import block_remove
from drafts.models import AuditEntry, DraftPage
from drafts.services import draft_import
from tests.desks import seen
from tests.drafts.test_corrections import TEXTS, act
from tests.drafts.test_editing import latest, long_act
from tests.factories import make_agency, make_member

pytestmark = pytest.mark.django_db

#: Queries of Wagtail's page editor; its own, and the same for any length.
EDIT_QUERIES = 60
SAVE_QUERIES = 88
KILOBYTE = 1024


@pytest.fixture
def agency() -> AgencyPage:
    return make_agency()


@pytest.fixture
def editor(client: Client, agency: AgencyPage) -> Client:
    client.force_login(make_member(agency, Role.EDITOR))
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def edit_url(draft: DraftPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[draft.pk])


def page_form(draft: DraftPage, form: Any) -> dict[str, Any]:
    """Return what Wagtail's editor sends for a draft."""
    blocks = latest(draft)
    body: dict[str, Any] = {"count": str(len(blocks))}
    for n, block in enumerate(blocks):
        body[str(n)] = {"deleted": "", "order": str(n), **block}
    draft.refresh_from_db()
    newest = draft.latest_revision
    named = {
        "loaded_revision_id": newest.pk,
        "loaded_revision_created_at": newest.created_at.isoformat(),
        "title": draft.title,
        "law_title": draft.law_title,
        "law_title_en": "",
        "law_kind": "act",
        "amends": "",
    }
    data = nested_form_data({**named, "body": body})
    return {name: "" for name in form.fields if name != "body"} | data


def test_200_sections_open_and_save_in_wagtails_editor(
    editor: Client, agency: AgencyPage
) -> None:
    counts = []
    for sections in (20, 200):
        draft = draft_import(agency=agency, data=long_act(sections)).draft
        editor.get(edit_url(draft))
        with CaptureQueriesContext(connection) as opened:
            page = editor.get(edit_url(draft))
        assert page.status_code == 200
        data = page_form(draft, page.context["form"])
        before = latest(draft)
        data[f"body-{len(before) - 1}-value-text"] += "\nวรรคใหม่"
        # Lines end as a browser ends them.
        data = {key: str(value).replace("\n", "\r\n") for key, value in data.items()}
        with CaptureQueriesContext(connection) as saved:
            assert editor.post(edit_url(draft), data).status_code == 302
        after = latest(draft)
        assert after[:-1] == before[:-1]
        assert after[-1]["id"] == before[-1]["id"]
        assert after[-1]["value"]["text"].endswith("กำหนด\nวรรคใหม่")
        counts.append((len(opened), len(saved)))
    assert counts[0] == counts[1]
    assert counts[1][0] <= EDIT_QUERIES
    assert counts[1][1] <= SAVE_QUERIES
    assert len(page.content) < 450 * KILOBYTE
    # Blocks are shown closed: an outline, not twelve hundred text fields.
    assert draft._meta.get_field("body").stream_block.meta.collapsed


def test_1755_sections_are_edited_by_division_at_the_cost_of_a_short_draft(
    editor: Client, agency: AgencyPage
) -> None:
    counts = []
    for sections in (20, 1755):
        draft = draft_import(agency=agency, data=long_act(sections)).draft
        outline = reverse("drafts_outline", args=[draft.pk])
        block = latest(draft)[-1]
        one = reverse("drafts_block", args=[draft.pk, block["id"]])
        editor.get(outline)
        with CaptureQueriesContext(connection) as listed:
            shown = editor.get(outline)
        with CaptureQueriesContext(connection) as opened:
            form = editor.get(one).context["form"]
        data = {**block["value"], "text": "แก้แล้ว", "revision": form["revision"].value()}
        with CaptureQueriesContext(connection) as saved:
            assert editor.post(one, data).status_code == 302
        assert latest(draft)[-1]["value"]["text"] == "แก้แล้ว"
        counts.append((len(listed), len(opened), len(saved)))
    assert counts[0] == counts[1]
    assert len(shown.content) < 150 * KILOBYTE
    assert 'href="/admin/pages/' not in text_of(shown).split("drafts-desk")[1]


def test_a_long_draft_has_a_page_for_its_name_and_kind(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=long_act(400)).draft
    url = reverse("drafts_details", args=[draft.pk])
    assert url in text_of(editor.get(reverse("drafts_outline", args=[draft.pk])))
    before = latest(draft)
    form = editor.get(url).context["form"]
    data = {
        "title": "ทดสอบ (ทำงาน)",
        "law_title": "ร่างประมวลกฎหมายทดสอบ",
        "law_title_en": "Draft Testing Code",
        "law_kind": "law_code",
        "amends": "",
        "revision": form["revision"].value(),
    }
    refused = editor.post(url, {**data, "law_title": ""})
    assert refused.status_code == 422
    assert "Draft Testing Code" in text_of(refused)
    assert editor.post(url, data).status_code == 302
    assert latest(draft) == before
    page = draft.get_latest_revision_as_object()
    assert (page.title, page.law_kind) == ("ทดสอบ (ทำงาน)", "law_code")
    assert AuditEntry.objects.filter(action="draft.details_changed").count() == 1
    late = editor.post(url, {**data, "law_title": "ของคนที่สอง"})
    assert late.status_code == 409
    assert "ของคนที่สอง" in text_of(late)
    assert "ร่างประมวลกฎหมายทดสอบ" in text_of(late)
    again = {**data, "law_title": "ของคนที่สอง"}
    again["revision"] = late.context["form"]["revision"].value()
    assert editor.post(url, again).status_code == 302
    draft.refresh_from_db()
    assert draft.get_latest_revision_as_object().law_title == "ของคนที่สอง"


# --- nothing typed is lost --------------------------------------------------


def test_what_was_typed_into_a_removed_section_can_be_added_again(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=act(*TEXTS)).draft
    block = latest(draft)[-1]
    url = reverse("drafts_block", args=[draft.pk, block["id"]])
    mark = editor.get(url).context["form"]["revision"].value()
    block_remove(draft=draft, key=block["id"])
    typed = {**block["value"], "text": "พิมพ์มาครึ่งชั่วโมง", "revision": mark}
    shown = editor.post(url, typed)
    assert shown.status_code == 409
    page = text_of(shown)
    assert "พิมพ์มาครึ่งชั่วโมง" in page
    add = reverse("drafts_add_provision", args=[draft.pk])
    assert f'action="{add}"' in page
    assert editor.post(add, typed).status_code == 302
    assert latest(draft)[-1]["value"]["text"] == "พิมพ์มาครึ่งชั่วโมง"


def test_what_was_added_after_a_removed_section_goes_to_the_end(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=act(*TEXTS)).draft
    gone = latest(draft)[3]["id"]
    block_remove(draft=draft, key=gone)
    url = reverse("drafts_add_provision", args=[draft.pk])
    typed = {"kind": "section", "label": "๘", "text": "พิมพ์ไว้"}
    shown = editor.post(f"{url}?after={gone}", typed)
    assert shown.status_code == 409
    assert "พิมพ์ไว้" in text_of(shown)
    assert f'action="{url}"' in text_of(shown)


def test_freezing_names_the_place_to_put_right_and_keeps_the_reason(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=act(*TEXTS)).draft
    last = latest(draft)[-1]
    url = reverse("drafts_block", args=[draft.pk, last["id"]])
    mark = editor.get(url).context["form"]["revision"].value()
    editor.post(url, {**last["value"], "label": "๑", "revision": mark})
    freeze = reverse("drafts_freeze", args=[draft.pk])
    draft.refresh_from_db()
    shown = editor.get(freeze)
    assert "ใช้ซ้ำ" in text_of(shown)
    assert url in text_of(shown)
    typed = {
        **seen(editor, freeze),
        "reason": "ตามมติคณะกรรมการ",
        "confirm": "on",
    }
    refused = editor.post(freeze, typed)
    assert refused.status_code == 422
    assert "ตามมติคณะกรรมการ" in text_of(refused)
    assert not draft.versions.exists()
