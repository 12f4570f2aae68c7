"""Upload, look, save: every format by each of the three ways, and no file ever lost."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consultations.models import AgencyPage, Role
from drafts import clock, uploads
from drafts.models import Act, AuditEntry, DraftPage, SourceFile
from drafts.services import draft_import
from drafts.tasks import sweep_files
from tests.drafts.test_editing import latest
from tests.drafts.test_import import DRAFT
from tests.drafts.uploading import FORMATS, file_of
from tests.factories import make_agency, make_member

pytestmark = pytest.mark.django_db
CHANGED = DRAFT.replace("เก้าสิบวัน", "หกสิบวัน")
LABELS = ["๑", "๒", "๓", "๓/๑", "๔"]


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def agency() -> AgencyPage:
    return make_agency()


@pytest.fixture
def editor(client: Client, agency: AgencyPage) -> Client:
    client.force_login(make_member(agency, Role.EDITOR))
    return client


@dataclass
class Way:
    """One of the three: its address, its other fields, and what was made in the end."""

    url: str
    fields: dict[str, str]
    made: Callable[[], Any]
    labels: Callable[[], list[str]]
    text: str = DRAFT


def labels_of(draft: DraftPage) -> list[str]:
    return [b["value"]["label"] for b in latest(draft) if b["type"] == "provision"]


@pytest.fixture(params=["draft", "act", "correction"])
def way(request, agency: AgencyPage) -> Way:
    if request.param == "draft":
        return Way(
            reverse("drafts_import"),
            {"agency": str(agency.pk)},
            DraftPage.objects.first,
            lambda: labels_of(DraftPage.objects.get()),
        )
    if request.param == "act":
        return Way(
            reverse("drafts_act_import"),
            {"as_of": "30/06/2569", "title": "พระราชบัญญัติทางเท้า พ.ศ. ๒๕๖๕"},
            Act.objects.first,
            lambda: [
                row.label.removeprefix("มาตรา ")
                for row in Act.objects.get().provisions.filter(kind="section")
            ],
        )
    draft = draft_import(agency=agency, data=DRAFT).draft
    return Way(
        reverse("drafts_correct", args=[draft.pk]),
        {},
        lambda: draft if "หกสิบวัน" in str(latest(draft)) else None,
        lambda: labels_of(draft),
        CHANGED,
    )


def upload(text: str, form: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"ร่าง.{form}", file_of(text, form))


def sent_back(response: Any) -> dict[str, str]:
    """Return what a browser sends when the form is sent as it stands, lines by CRLF."""
    form = response.context["form"]
    fields = {
        one.html_name: str(one.value() or "") for one in form if one.name != "file"
    }
    return fields | {"text": fields["text"].replace("\n", "\r\n")}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_shown_and_saved_and_kept(
    editor: Client, way: Way, form: str
) -> None:
    data = file_of(way.text, form)
    file = SimpleUploadedFile(f"ร่าง.{form}", data)
    shown = editor.post(way.url, {**way.fields, "file": file, "save": "1"})
    assert shown.status_code == 200, shown.content.decode()[-2000:]
    assert way.made() is None, "a file is never stored unseen"
    assert hashlib.sha256(data).hexdigest() in shown.content.decode()
    saved = editor.post(way.url, {**sent_back(shown), "save": "1"})
    assert saved.status_code == 302, saved.content.decode()[-2000:]
    assert way.labels() == LABELS
    source = SourceFile.objects.get()
    assert uploads.file_bytes(source) == data
    assert (source.name, source.size) == (f"ร่าง.{form}", len(data))
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert source.created_by is not None
    assert (source.draft or source.act) is not None
    entry = AuditEntry.objects.exclude(action="version.frozen").latest("pk")
    assert entry.data["sha256"] == source.sha256
    page = editor.get(saved.url).content.decode()
    assert reverse("drafts_file", args=[source.pk]) in page
    assert source.sha256 in page


@pytest.mark.parametrize("form", ["docx", "pdf", "xml"])
def test_a_missing_field_never_loses_the_file(
    editor: Client, way: Way, form: str
) -> None:
    wanted = [name for name in ("agency", "as_of") if name in way.fields]
    if not wanted:
        return  # a corrected file has no other field
    wrong = {**way.fields, wanted[0]: ""}
    shown = editor.post(way.url, {**wrong, "file": upload(way.text, form)})
    assert shown.status_code == 422
    assert "ไม่ต้องเลือกอีกครั้ง" in shown.content.decode()
    again = editor.post(
        way.url, {**sent_back(shown), wanted[0]: way.fields[wanted[0]], "check": "1"}
    )
    assert again.status_code == 200
    assert editor.post(way.url, {**sent_back(again), "save": "1"}).status_code == 302
    assert way.labels() == LABELS
    assert SourceFile.objects.get().name == f"ร่าง.{form}"


def test_a_file_that_cannot_be_read_is_told_and_kept(editor: Client, way: Way) -> None:
    bad = upload(way.text.replace("ทำ", "ทำา"), "pdf")
    shown = editor.post(way.url, {**way.fields, "file": bad, "check": "1"})
    assert shown.status_code == 422
    assert "PDF หน้า 1 " in shown.content.decode()
    assert shown.context["source"].name == "ร่าง.pdf"
    # The words, checked against the original, are pasted; the file stays their source.
    pasted = {**sent_back(shown), "text": way.text}
    looked = editor.post(way.url, {**pasted, "check": "1"})
    assert looked.status_code == 200
    assert editor.post(way.url, {**sent_back(looked), "save": "1"}).status_code == 302
    assert way.labels() == LABELS


def test_words_changed_by_hand_are_saved_and_the_file_stays_as_it_came(
    editor: Client, way: Way
) -> None:
    shown = editor.post(way.url, {**way.fields, "file": upload(way.text, "xml")})
    sent = sent_back(shown)
    sent["text"] = sent["text"].replace("มาตรา ๔  ให้", "มาตรา ๕  ให้")
    looked = editor.post(way.url, {**sent, "check": "1"})
    saved = editor.post(way.url, {**sent_back(looked), "save": "1"})
    assert saved.status_code == 302
    assert way.labels() == ["๑", "๒", "๓", "๓/๑", "๕"]
    assert uploads.file_bytes(SourceFile.objects.get()) == file_of(way.text, "xml")


def test_a_form_sent_twice_makes_one_thing(editor: Client, way: Way) -> None:
    shown = editor.post(way.url, {**way.fields, "file": upload(way.text, "odt")})
    sent = {**sent_back(shown), "save": "1"}
    before = DraftPage.objects.count() + Act.objects.count()
    assert editor.post(way.url, sent).status_code == 302
    made = DraftPage.objects.count() + Act.objects.count()
    again = editor.post(way.url, sent)
    assert again.status_code == 422
    assert "มาตรา ๓/๑" in again.context["form"]["text"].value()
    assert DraftPage.objects.count() + Act.objects.count() == made
    assert made - before in {0, 1}


def test_a_token_is_of_one_person_and_of_one_day(
    client: Client, agency: AgencyPage, way: Way, monkeypatch
) -> None:
    first, second = (make_member(agency, Role.EDITOR) for _ in range(2))
    source = uploads.file_keep(name="ร่าง.txt", data=DRAFT.encode(), by=first)
    token = uploads.token_of(source)
    assert uploads.file_of(token, first) == source
    assert uploads.file_of(token, second) is None
    assert uploads.file_of(token[:-1] + "x", first) is None
    assert uploads.file_of("", first) is None
    client.force_login(second)
    refused = client.post(way.url, {**way.fields, "kept": token, "check": "1"})
    assert refused.status_code == 422
    assert refused.context["source"] is None
    later = clock.now() + uploads.KEPT
    monkeypatch.setattr(clock, "now", lambda: later)
    assert uploads.file_of(token, first) is None


def test_what_nothing_was_made_of_is_removed_and_all_else_stays(
    editor: Client, agency: AgencyPage, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    member = make_member(agency, Role.EDITOR)
    left = uploads.file_keep(name="ก.txt", data=b"1", by=member)
    used = uploads.file_keep(name="ข.txt", data=DRAFT.encode(), by=member)
    draft_import(agency=agency, data=DRAFT, source=used)
    assert sweep_files() == 0
    later = clock.now() + uploads.KEPT + dt.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_files() == 1
    assert list(SourceFile.objects.all()) == [used]
    assert not default_storage.exists(left.file.name)
    assert default_storage.exists(used.file.name)


def test_one_person_keeps_only_so_many_waiting(agency: AgencyPage) -> None:
    member, other = (make_member(agency, Role.EDITOR) for _ in range(2))
    theirs = uploads.file_keep(name="ก.txt", data=b"1", by=other)
    for n in range(uploads.MOST_WAITING + 3):
        uploads.file_keep(name=f"{n}.txt", data=b"1", by=member)
    mine = SourceFile.objects.filter(created_by=member)
    assert mine.count() == uploads.MOST_WAITING
    assert not mine.filter(name="0.txt").exists()
    assert SourceFile.objects.filter(pk=theirs.pk).exists()


def test_a_kept_file_is_handed_to_its_agency_alone(
    client: Client, agency: AgencyPage
) -> None:
    member = make_member(agency, Role.EDITOR)
    data = file_of(DRAFT, "docx")
    source = uploads.file_keep(name="ร่าง.docx", data=data, by=member)
    url = reverse("drafts_file", args=[source.pk])
    draft_import(agency=agency, data=data, filename="ร่าง.docx", source=source)
    assert client.get(url).status_code == 302  # to the sign-in
    client.force_login(make_member(make_agency("กรมอื่น"), Role.EDITOR))
    assert client.get(url).status_code == 404
    client.force_login(member)
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Disposition"].startswith("attachment")
    hidden = client.get(f"/media/{source.file.name}", follow=True)
    assert hidden.status_code == 404


def test_a_file_too_large_or_empty_is_told(editor: Client, way: Way) -> None:
    for data in (b"", b"x" * (26 * 1024 * 1024)):
        file = SimpleUploadedFile("ร่าง.txt", data)
        shown = editor.post(way.url, {**way.fields, "file": file, "text": "พิมพ์ไว้"})
        assert shown.status_code == 422
        assert "file" in shown.context["form"].errors
        assert "พิมพ์ไว้" in shown.content.decode()
    assert not SourceFile.objects.exists()
