"""The drafting pages of the admin, as an editor, another agency and a superuser."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consultations.models import AgencyPage, Role
from drafts.models import DraftPage
from drafts.services import blocks_of, draft_import, version_freeze
from tests.desks import seen, send
from tests.drafts.test_editing import latest, long_act
from tests.drafts.test_import import DRAFT
from tests.factories import NOW, make_agency, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> AgencyPage:
    return make_agency()


@pytest.fixture
def editor(client: Client, agency: AgencyPage) -> Client:
    client.force_login(make_member(agency, Role.EDITOR))
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def test_paste_check_correct_and_save(editor: Client, agency: AgencyPage) -> None:
    url = reverse("drafts_import")
    assert editor.get(url).status_code == 200
    shown = editor.post(url, {"agency": agency.pk, "text": DRAFT, "check": "1"})
    assert shown.status_code == 200
    assert "มาตรา ๓/๑" in text_of(shown)
    assert "ยังไม่ได้บันทึก" in text_of(shown)
    assert not DraftPage.objects.exists()
    saved = editor.post(url, {"agency": agency.pk, "text": DRAFT, "save": "1"})
    draft = DraftPage.objects.get()
    assert saved.url == reverse("drafts_outline", args=[draft.pk])
    assert draft.get_parent().pk == agency.pk
    assert "มาตรา ๓/๑" in text_of(editor.get(saved.url))


def test_warnings_show_their_lines(editor: Client, agency: AgencyPage) -> None:
    text = DRAFT.replace("มาตรา ๒ ", "มาตรา ๙ ")
    shown = editor.post(
        reverse("drafts_import"), {"agency": agency.pk, "text": text, "check": "1"}
    )
    assert "คำเตือน โปรดตรวจก่อนบันทึก" in text_of(shown)


def test_an_upload_is_shown_before_it_is_stored(
    editor: Client, agency: AgencyPage
) -> None:
    file = SimpleUploadedFile("ร่าง.txt", DRAFT.encode("cp874"))
    data = {"agency": agency.pk, "file": file, "save": "1"}
    shown = editor.post(reverse("drafts_import"), data)
    assert shown.status_code == 200
    assert not DraftPage.objects.exists()
    form = shown.context["form"]
    assert "มาตรา ๓/๑" in form["text"].value()
    assert shown.context["source"].name == "ร่าง.txt"
    assert "เข้ารหัสแบบ TIS-620" in text_of(shown)


def test_what_was_pasted_is_shown_again_on_error(
    editor: Client, agency: AgencyPage
) -> None:
    shown = editor.post(
        reverse("drafts_import"), {"agency": agency.pk, "text": "ยาวแต่ไม่มีมาตราเลย"}
    )
    assert shown.status_code == 422
    assert "ยาวแต่ไม่มีมาตราเลย" in text_of(shown)
    assert "ไม่พบมาตราหรือข้อ" in text_of(shown)
    empty = editor.post(reverse("drafts_import"), {"agency": agency.pk, "text": " "})
    assert "โปรดเลือกไฟล์ หรือวางข้อความ" in text_of(empty)


def test_edit_conflict_shows_both_texts(editor: Client, agency: AgencyPage) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    section = next(b for b in latest(draft) if b["type"] == "provision")
    url = reverse("drafts_block", args=[draft.pk, section["id"]])
    opened = editor.get(url).context["form"]["revision"].value()
    base = {"kind": "section", "label": "๑"}
    first = editor.post(url, {**base, "text": "ของคนแรก", "revision": opened})
    assert first.status_code == 302
    second = editor.post(url, {**base, "text": "ของคนที่สอง", "revision": opened})
    assert second.status_code == 409
    assert "ของคนแรก" in text_of(second)
    assert "ของคนที่สอง" in text_of(second)
    again = second.context["form"]["revision"].value()
    assert (
        editor.post(url, {**base, "text": "ของคนที่สอง", "revision": again}).status_code
        == 302
    )
    assert latest(draft)[2]["value"]["text"] == "ของคนที่สอง"


def test_a_wrong_label_is_refused_with_the_text_kept(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    section = next(b for b in latest(draft) if b["type"] == "provision")
    url = reverse("drafts_block", args=[draft.pk, section["id"]])
    shown = editor.post(url, {"kind": "section", "label": "ห้าสิบ", "text": "พิมพ์ไว้"})
    assert shown.status_code == 422
    assert "พิมพ์ไว้" in text_of(shown)


def test_add_move_step_and_remove(editor: Client, agency: AgencyPage) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    first = next(b for b in latest(draft) if b["type"] == "provision")
    add = reverse("drafts_add_provision", args=[draft.pk]) + f"?after={first['id']}"
    assert editor.get(add).status_code == 200
    editor.post(add, {"kind": "section", "label": "มาตรา ๑/๑", "text": "เพิ่ม"})
    blocks = latest(draft)
    position = [b["id"] for b in blocks].index(first["id"]) + 1
    new = blocks[position]
    assert new["value"]["label"] == "๑/๑"
    step = reverse("drafts_block_step", args=[draft.pk, new["id"]])
    editor.post(step, {"up": "1"})
    assert latest(draft)[position - 1]["id"] == new["id"]
    editor.post(step, {"down": "1"})
    assert latest(draft)[position]["id"] == new["id"]
    move = reverse("drafts_block_move", args=[draft.pk, new["id"]])
    assert editor.get(move).status_code == 200
    seen_before = seen(editor, move)
    send(editor, move, {"after": blocks[-1]["id"]})
    assert latest(draft)[-1]["id"] == new["id"]
    second = editor.post(move, {"after": "", **seen_before})
    assert second.status_code == 409, "somebody else moved it first"
    assert latest(draft)[-1]["id"] == new["id"]
    remove = reverse("drafts_block_remove", args=[draft.pk, new["id"]])
    assert editor.get(remove).status_code == 200
    assert editor.post(remove).status_code == 409, "it names nothing that it had seen"
    send(editor, remove, {})
    assert new["id"] not in {b["id"] for b in latest(draft)}


def test_freeze_needs_a_reason_and_a_yes(editor: Client, agency: AgencyPage) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    url = reverse("drafts_freeze", args=[draft.pk])
    assert send(editor, url, {}).status_code == 422
    assert not draft.versions.exists()
    done = send(editor, url, {"reason": "รับฟัง", "confirm": "on"})
    version = draft.versions.get()
    assert version.sealed
    shown = text_of(editor.get(done.url))
    assert version.sha256 in shown
    assert "ตรวจแล้ว ตรงกับข้อความที่เก็บไว้" in shown


def test_freeze_refuses_a_draft_changed_meanwhile(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    url = reverse("drafts_freeze", args=[draft.pk])
    old = seen(editor, url)
    draft.get_latest_revision_as_object().save_revision()
    shown = editor.post(url, {**old, "reason": "รับฟัง", "confirm": "on"})
    assert shown.status_code == 409
    assert not draft.versions.exists()


def test_frozen_text_is_refused_with_a_message_and_notes_are_not(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    version = version_freeze(
        draft=draft, revision=draft.latest_revision, reason="", now=NOW
    )
    provision = version.provisions.get(eid="sec_1")
    url = reverse("drafts_version_provision", args=[draft.pk, 1, provision.pk])
    refused = editor.post(url, {"provision_text": "แก้"})
    assert refused.status_code == 409
    assert "แก้ไขไม่ได้" in text_of(refused)
    editor.post(url, {"kind": "plain", "text": "คำอธิบาย"})
    assert provision.notes.get().text == "คำอธิบาย"


def test_a_long_draft_opens_by_division(editor: Client, agency: AgencyPage) -> None:
    draft = draft_import(agency=agency, data=long_act(1755)).draft
    page = text_of(editor.get(reverse("drafts_outline", args=[draft.pk])))
    assert "หมวด ๘๘" in page
    assert "มาตรา ๑๗๕๕" not in page
    assert len(page) < 200_000
    last = text_of(editor.get(reverse("drafts_outline", args=[draft.pk]) + "?group=88"))
    assert "มาตรา ๑๗๕๕" in last
    whole = editor.get(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    assert whole.url == reverse("drafts_outline", args=[draft.pk])


def test_a_short_draft_opens_in_wagtails_editor_without_publish(
    editor: Client, agency: AgencyPage
) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    page = text_of(editor.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])))
    assert "action-publish" not in page
    assert reverse("drafts_freeze", args=[draft.pk]) in page


def _addresses(draft: DraftPage) -> list[str]:
    block = next(
        b for b in blocks_of(draft.latest_revision) if b["type"] == "provision"
    )
    provision = draft.versions.get().provisions.first()
    return [
        *(
            reverse(f"drafts_{name}", args=[draft.pk])
            for name in (
                "outline", "details", "freeze", "versions",
                "add_provision", "add_division", "add_part", "correct", "laws",
            )
        ),
        *(
            reverse(f"drafts_block{name}", args=[draft.pk, block["id"]])
            for name in ("", "_remove", "_move", "_step")
        ),
        reverse("drafts_version", args=[draft.pk, 1]),
        reverse("drafts_version_provision", args=[draft.pk, 1, provision.pk]),
    ]  # fmt: skip


def test_every_drafting_address_is_listed_here(agency: AgencyPage) -> None:
    from drafts.wagtail_hooks import draft_urls

    draft = draft_import(agency=agency, data=DRAFT).draft
    version_freeze(draft=draft, revision=draft.latest_revision, reason="", now=NOW)
    of_one = [p for p in draft_urls() if "draft_id" in p.pattern.converters]
    assert len(_addresses(draft)) == len(of_one)


@pytest.mark.parametrize(
    "who", ["other", "moderator", "superuser", "citizen", "nobody"]
)
def test_nobody_else_sees_or_changes_a_draft(
    client: Client, agency: AgencyPage, who: str
) -> None:
    draft = draft_import(agency=agency, data=DRAFT).draft
    version_freeze(draft=draft, revision=draft.latest_revision, reason="", now=NOW)
    revision = draft.latest_revision_id
    match who:
        case "other":
            client.force_login(make_member(make_agency("กรมอื่น"), Role.EDITOR))
        case "moderator":
            client.force_login(make_member(agency, Role.MODERATOR))
        case "superuser":
            client.force_login(make_user(is_superuser=True))
        case "citizen":
            client.force_login(make_user())
    allowed = {302} if who in {"citizen", "nobody"} else {403, 404}
    for url in _addresses(draft):
        for method in (client.get, client.post):
            response = method(url)
            if (
                method == client.get
                and url.endswith("/step/")
                and response.status_code == 405
            ):
                continue
            assert response.status_code in allowed, (who, url, response.status_code)
            if response.status_code == 302:
                assert "login" in response.url or response.url == "/admin/login/"
    draft.refresh_from_db()
    assert draft.latest_revision_id == revision
    assert draft.versions.count() == 1


def test_wagtails_editor_keeps_the_identity_of_blocks(
    editor: Client, agency: AgencyPage
) -> None:
    from wagtail.test.utils.form_data import nested_form_data

    draft = draft_import(agency=agency, data=DRAFT).draft
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    opened = editor.get(url).context
    form = opened["form"]
    before = latest(draft)
    body: dict[str, Any] = {"count": str(len(before))}
    for n, block in enumerate(before):
        value = dict(block["value"])
        if block["value"].get("label") == "๓":
            value["plain_note"] = "ห้ามจอดรถบนทางเท้า"
        body |= {
            str(n): {
                "deleted": "", "order": str(n), "type": block["type"],
                "id": block["id"], "value": value,
            }
        }  # fmt: skip
    data = nested_form_data(
        {
            "title": draft.title,
            "law_title": draft.law_title,
            "law_title_en": "",
            "law_kind": "act",
            "amends": "",
            "body": body,
        }
    )
    data |= {name: "" for name in form.fields if name not in data and name != "body"}
    assert editor.post(url, data).status_code == 409, (
        "it names nothing that it had seen"
    )
    data["loaded_revision_id"] = draft.latest_revision_id
    data["loaded_revision_created_at"] = opened["loaded_revision_created_at"]
    saved = editor.post(url, data)
    assert saved.status_code == 302
    after = latest(draft)
    assert [b["id"] for b in after] == [b["id"] for b in before]
    changed = [b for b in after if b["value"].get("plain_note")]
    assert [b["value"]["label"] for b in changed] == ["๓"]
    assert [b["value"].get("text") for b in after] == [
        b["value"].get("text") for b in before
    ]
