"""The page and the command by which a corrected file is put into a draft."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from consultations.models import AgencyPage, Role
from drafts.corrections_desk import WHO
from drafts.models import DraftPage
from drafts.services import draft_import, version_freeze
from tests.drafts.test_corrections import CHANGED, OTHER, TEXTS, act, key_of
from tests.drafts.test_editing import latest, long_act
from tests.factories import (
    NOW,
    make_agency,
    make_comments,
    make_member,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> AgencyPage:
    return make_agency()


@pytest.fixture
def draft(agency: AgencyPage) -> DraftPage:
    return draft_import(agency=agency, data=act(*TEXTS), by=make_user()).draft


@pytest.fixture
def editor(client: Client, agency: AgencyPage) -> Client:
    client.force_login(make_member(agency, Role.EDITOR))
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def url_of(draft: DraftPage) -> str:
    return reverse("drafts_correct", args=[draft.pk])


def sent_back(response: Any) -> dict[str, str]:
    """Return what a browser sends when the form is sent as it stands."""
    form = response.context["form"]
    data = {
        name: str(form[name].value() or "")
        for name in ("text", "kept", "revision", "mark")
    }
    for one in [*response.context["asked"], *response.context["reworded"]]:
        if one["candidates"]:
            data[one["name"]] = one["row"].chosen
    return data


def word_file(text: str) -> SimpleUploadedFile:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return SimpleUploadedFile("ร่างแก้.docx", out.getvalue())


def test_a_word_file_is_shown_and_then_saved_without_sending_it_again(
    editor: Client, draft: DraftPage
) -> None:
    before, revision = latest(draft), draft.latest_revision_id
    assert editor.get(url_of(draft)).status_code == 200
    shown = editor.post(url_of(draft), {"file": word_file(CHANGED), "save": "1"})
    assert shown.status_code == 200
    page = text_of(shown)
    assert "ยังไม่ได้บันทึก" in page
    assert "<ins>" in page
    assert "<del>" in page
    draft.refresh_from_db()
    assert draft.latest_revision_id == revision
    saved = editor.post(url_of(draft), {**sent_back(shown), "save": "1"})
    assert saved.url == reverse("drafts_outline", args=[draft.pk])
    after = latest(draft)
    assert key_of(after, "ผู้สูงอายุ") == key_of(before, "แผงลอย")
    page = draft.get_latest_revision_as_object()
    assert page.source_name == "ร่างแก้.docx"


def test_warnings_of_the_reader_and_of_the_parser_have_their_lines(
    editor: Client, draft: DraftPage
) -> None:
    text = act(*TEXTS).replace("มาตรา ๖ ", "มาตรา ๙ ")
    file = SimpleUploadedFile("ร่าง.txt", text.encode("cp874"))
    shown = editor.post(url_of(draft), {"file": file, "check": "1"})
    assert "เข้ารหัสแบบ TIS-620" in text_of(shown)
    lines = [w.line for w in shown.context["warnings"]]
    assert len(lines) > 1
    for line in lines:
        assert f"<td>{line}</td>" in text_of(shown)


def test_a_choice_changes_the_outcome_and_is_shown_before_it_is_saved(
    editor: Client, draft: DraftPage
) -> None:
    before = latest(draft)
    key = key_of(before, "ทิ้งขยะ")
    shown = editor.post(url_of(draft), {"text": CHANGED, "check": "1"})
    (asked,) = shown.context["asked"]
    assert asked["row"].chosen == "new"
    assert f'name="{asked["name"]}" value="new" checked' in text_of(shown)
    data = {**sent_back(shown), asked["name"]: key, "save": "1"}
    again = editor.post(url_of(draft), data)
    assert again.status_code == 409
    assert "ยังไม่มีอะไรถูกบันทึก" in text_of(again)
    assert f'value="{key}" checked' in text_of(again)
    assert latest(draft) == before
    assert editor.post(url_of(draft), {**sent_back(again), "save": "1"}).url
    assert key_of(latest(draft), "เลี้ยงผึ้ง") == key


def test_a_draft_changed_meanwhile_is_not_overwritten_and_choices_stay(
    editor: Client, draft: DraftPage
) -> None:
    key = key_of(latest(draft), "ทิ้งขยะ")
    shown = editor.post(url_of(draft), {"text": CHANGED, "check": "1"})
    (asked,) = shown.context["asked"]
    draft.get_latest_revision_as_object().save_revision(clean=False)
    before = latest(draft)
    data = {**sent_back(shown), asked["name"]: key, "save": "1"}
    refused = editor.post(url_of(draft), data)
    assert refused.status_code == 409
    assert "มีผู้แก้ร่างนี้" in text_of(refused)
    assert f'value="{key}" checked' in text_of(refused)
    assert OTHER[0] in refused.context["form"]["text"].value()
    assert latest(draft) == before


def test_two_choices_of_one_section_are_refused_with_both_named(
    editor: Client, draft: DraftPage
) -> None:
    text = act(*TEXTS[:3], OTHER[0], OTHER[1], *TEXTS[4:])
    shown = editor.post(url_of(draft), {"text": text, "check": "1"})
    key = key_of(latest(draft), "แผงลอย")
    data = sent_back(shown)
    data |= {name: key for name in data if name.startswith(WHO)}
    refused = editor.post(url_of(draft), {**data, "save": "1"})
    assert refused.status_code == 422
    assert "มาตรา ๔ และ มาตรา ๕" in text_of(refused)


def test_the_same_file_offers_nothing_to_save(editor: Client, draft: DraftPage) -> None:
    revision = draft.latest_revision_id
    shown = editor.post(url_of(draft), {"text": act(*TEXTS), "check": "1"})
    assert "ไม่มีอะไรจะเปลี่ยน" in text_of(shown)
    assert 'name="save"' not in text_of(shown)
    editor.post(url_of(draft), {**sent_back(shown), "save": "1"})
    draft.refresh_from_db()
    assert draft.latest_revision_id == revision


def test_bad_input_says_why_and_keeps_what_was_typed(
    editor: Client, draft: DraftPage
) -> None:
    for text, message in (
        ("ไม่มีมาตราเลย", "ไม่พบมาตราหรือข้อ"),
        ("   ", "โปรดเลือกไฟล์ หรือวางข้อความ"),
    ):
        refused = editor.post(url_of(draft), {"text": text, "save": "1"})
        assert refused.status_code == 422
        assert message in text_of(refused)
        assert refused.context["form"]["text"].value() == text
    scan = SimpleUploadedFile("ร่าง.pdf", b"\x89PNG\r\n\x1a\n0000")
    typed = {"file": scan, "text": "พิมพ์ไว้", "check": "1"}
    refused = editor.post(url_of(draft), typed)
    assert refused.status_code == 422
    assert refused.context["form"]["text"].value() == "พิมพ์ไว้"
    empty = SimpleUploadedFile("ร่าง.txt", b"")
    assert editor.post(url_of(draft), {"file": empty}).status_code == 422


def test_what_leaves_is_named_with_what_people_said_of_it(
    editor: Client, draft: DraftPage
) -> None:
    version = version_freeze(
        draft=draft, revision=draft.latest_revision, reason="", now=NOW
    )
    provision = version.provisions.get(eid="sec_7")
    make_comments(make_round(), ["ปรับแพงไป", "เห็นด้วย"], provision=provision)
    page = text_of(editor.post(url_of(draft), {"text": CHANGED, "check": "1"}))
    assert "ส่วนที่จะออกจากร่าง" in page
    assert "ฉบับที่ 1" in page
    assert "2 ความคิดเห็น" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("other", 404), ("moderator", 404), ("superuser", 404), ("nobody", 302)],
)
def test_nobody_else_puts_a_file_into_a_draft(
    client: Client, agency: AgencyPage, draft: DraftPage, who: str, status: int
) -> None:
    match who:
        case "other":
            client.force_login(make_member(make_agency("กรมอื่น"), Role.EDITOR))
        case "moderator":
            client.force_login(make_member(agency, Role.MODERATOR))
        case "superuser":
            client.force_login(make_user(is_superuser=True))
    revision = draft.latest_revision_id
    assert client.get(url_of(draft)).status_code == status
    data = {"text": CHANGED, "save": "1"}
    assert client.post(url_of(draft), data).status_code == status
    draft.refresh_from_db()
    assert draft.latest_revision_id == revision


def test_the_page_is_in_english_too(editor: Client, draft: DraftPage) -> None:
    user = get_user_model().objects.get(pk=editor.session["_auth_user_id"])
    UserProfile.objects.create(user=user, preferred_language="en")
    shown = editor.post(url_of(draft), {"text": CHANGED, "check": "1"})
    assert "What would change; not saved yet" in text_of(shown)
    assert "wording changed 1" in text_of(shown)


def test_renumbering_a_long_draft_is_a_page_that_opens(
    editor: Client, agency: AgencyPage, django_assert_max_num_queries: Any
) -> None:
    text = long_act(1755)
    draft = draft_import(agency=agency, data=text).draft
    more = text.replace("มาตรา ๑๐๐  ผู้ใด", "มาตรา ๙๙/๑  ให้มีผึ้ง\n\nมาตรา ๑๐๐  ผู้ใด")
    with django_assert_max_num_queries(45):
        shown = editor.post(url_of(draft), {"text": more, "check": "1"})
    assert shown.context["correction"].counts["added"] == 1
    frame = len(shown.content) - len(more.encode())
    assert frame < 400_000


# --- the command ------------------------------------------------------------


def run(*args: str) -> str:
    out = StringIO()
    call_command("import_draft", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_preview_and_saves_only_when_told(
    draft: DraftPage, tmp_path: Path
) -> None:
    path = tmp_path / "new.txt"
    path.write_text(CHANGED, encoding="utf-8")
    before = latest(draft)
    printed = run("--into", str(draft.pk), "--dry-run", str(path))
    assert "[+สาม" in printed
    assert "มาตรา ๗  ไม่อยู่ในไฟล์" in printed
    assert latest(draft) == before
    assert "บันทึกลงในร่าง" in run("--into", str(draft.pk), str(path))
    assert key_of(latest(draft), "ผู้สูงอายุ") == key_of(before, "แผงลอย")
    again = run("--into", str(draft.pk), "--dry-run", str(path))
    assert "ไม่มีอะไรจะเปลี่ยน" in again


def test_the_command_refuses_an_unknown_draft(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text(CHANGED, encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        run("--into", "424242", str(path))
    assert refused.value.returncode == 2


def test_a_dry_run_of_a_new_draft_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text(CHANGED, encoding="utf-8")
    assert "มาตรา ๗" in run("--dry-run", str(path))
    assert not DraftPage.objects.exists()
