"""The desk of acts: import one, look at it, choose which a draft is compared with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from consultations.models import AgencyPage, Role
from drafts.models import Act, AmendedLaw, AuditEntry, DraftPage, TargetClause
from drafts.services import draft_import
from tests import factories as make
from tests.acts import texts
from tests.acts.test_comparison import words
from tests.acts.texts import AS_OF, BIKES, RENT, freeze, make_act
from tests.reading.conftest import at_most

pytestmark = pytest.mark.django_db
FORM = {"as_of": "30/06/2569", "source_note": "เล่ม ๑ ตอน ๒", "text": texts.ACT}


@pytest.fixture
def agency(db) -> AgencyPage:
    return make.make_agency()


@pytest.fixture
def editor(client: Client, agency: AgencyPage) -> Client:
    client.force_login(make.make_member(agency, Role.EDITOR))
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"drafts_{name}", args=args)


# --- who may ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.EDITOR, True),
        (Role.APPROVER, True),
        (Role.MODERATOR, False),
        (Role.AUDITOR, False),
    ],
)
def test_who_may_see_and_import_acts(client, agency, role, allowed) -> None:
    act = make_act()
    client.force_login(make.make_member(agency, role))
    for address in (url("acts"), url("act", act.pk), url("act_import")):
        status = client.get(address).status_code
        # Wagtail sends those without the right of the page to its own front page.
        assert (status == 200) is allowed, address
    before = Act.objects.count()
    client.post(url("act_import"), {**FORM, "title": BIKES, "save": "1"})
    assert (Act.objects.count() == before + 1) is allowed


def test_strangers_and_superusers_have_no_desk_of_acts(client) -> None:
    act = make_act()
    addresses = [url("acts"), url("act", act.pk), url("act_import")]
    assert all(client.get(one).status_code == 302 for one in addresses)
    client.force_login(make.make_user(is_superuser=True, is_staff=True))
    assert all(client.get(one).status_code != 200 for one in addresses)


def test_laws_of_a_draft_are_its_agencys_alone(client, editor, agency) -> None:
    other = draft_import(agency=make.make_agency("กรมอื่น"), data=texts.BILL).draft
    mine = draft_import(agency=agency, data=texts.BILL).draft
    act = make_act()
    assert editor.get(url("laws", mine.pk)).status_code == 200
    assert editor.get(url("laws", other.pk)).status_code == 404
    refused = editor.post(url("laws", other.pk), {"law": "0", "act": str(act.pk)})
    assert refused.status_code == 404
    assert not AmendedLaw.objects.exists()
    client.force_login(make.make_member(agency, Role.MODERATOR))
    refused = client.post(url("laws", mine.pk), {"law": "0", "act": str(act.pk)})
    assert refused.status_code in {302, 403, 404}
    assert not AmendedLaw.objects.exists()


# --- import ----------------------------------------------------------------


def test_paste_look_and_save(editor) -> None:
    shown = editor.post(url("act_import"), {**FORM, "check": "1"})
    assert shown.status_code == 200
    assert "โครงสร้างที่พบ ยังไม่ได้บันทึก" in words(shown)
    assert "หมวด ๒" in words(shown)
    assert f'value="{RENT}"' in shown.content.decode()
    assert not Act.objects.exists()
    saved = editor.post(url("act_import"), {**FORM, "title": RENT, "save": "1"})
    act = Act.objects.get()
    assert saved["Location"] == url("act", act.pk)
    assert (act.title, act.as_of, act.sealed) == (RENT, AS_OF, True)
    assert act.source_note == "เล่ม ๑ ตอน ๒"
    assert act.provisions.filter(kind="section").count() == 7
    assert AuditEntry.objects.get(action="act.imported").actor == act.created_by
    page = words(editor.get(saved["Location"]))
    assert "ภายในสามสิบวัน" in page
    assert "ตัวบทนี้แก้ไขไม่ได้" in page


def test_a_file_is_shown_as_text_before_it_is_stored(editor) -> None:
    file = SimpleUploadedFile("rent.txt", texts.ACT.encode("cp874"))
    sent = {"as_of": "30 มิ.ย. 2569", "file": file, "save": "1"}
    shown = editor.post(url("act_import"), sent)
    assert shown.status_code == 200
    assert not Act.objects.exists()
    assert "ผู้ให้เช่าต้องคืนเงินประกัน" in shown.content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"as_of": "เมื่อวาน"}, "วันที่"),
        ({"as_of": ""}, ""),
        ({"as_of": "1/1/2599"}, "ยังมาไม่ถึง"),
        ({"text": "ไม่มีมาตราใดเลย"}, ""),
        ({"text": ""}, "โปรดเลือกไฟล์ หรือวางตัวบทของกฎหมาย"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(editor, wrong, told) -> None:
    data = {**FORM, "title": RENT, "save": "1", **wrong}
    shown = editor.post(url("act_import"), data)
    assert shown.status_code == 422
    assert told in words(shown)
    html = shown.content.decode()
    for name in ("source_note", "title", "as_of"):
        assert data[name] in html, name
    assert data["text"][:40] in html
    assert not Act.objects.exists()


def test_a_file_with_a_wrong_day_need_not_be_sent_twice(editor) -> None:
    file = SimpleUploadedFile("rent.txt", texts.ACT.encode())
    shown = editor.post(url("act_import"), {"as_of": "?", "file": file, "save": "1"})
    assert shown.status_code == 422
    assert "ผู้ให้เช่าต้องคืนเงินประกัน" in shown.content.decode()


def test_a_file_that_cannot_be_read_is_refused_with_a_reason(editor) -> None:
    file = SimpleUploadedFile("rent.docx", b"PK\x03\x04 not a document")
    sent = {"as_of": "30/06/2569", "file": file, "source_note": "เก็บไว้"}
    shown = editor.post(url("act_import"), sent)
    assert shown.status_code == 422
    assert "เก็บไว้" in shown.content.decode()
    assert not Act.objects.exists()


def test_the_same_act_of_the_same_day_is_not_stored_twice(editor) -> None:
    data = {**FORM, "title": RENT, "save": "1"}
    editor.post(url("act_import"), data)
    again = editor.post(url("act_import"), data)
    assert again.status_code == 422
    assert "มีอยู่แล้ว" in words(again)
    later = editor.post(url("act_import"), {**data, "as_of": "1/7/2569"})
    assert later.status_code == 302
    first, second = Act.objects.order_by("as_of")
    assert url("act", second.pk) in editor.get(url("act", first.pk)).content.decode()
    listed = editor.get(url("acts")).content.decode()
    # The newest of a title stands first.
    assert listed.index(url("act", second.pk)) < listed.index(url("act", first.pk))


def test_acts_are_found_by_a_title_typed_otherwise(editor) -> None:
    make_act()
    for query, found in (("ห้องเช่า พ.ศ. 2560", True), ("จักรยาน", False)):
        page = editor.get(url("acts"), {"q": query})
        assert (RENT in words(page)) is found


def test_the_desk_costs_the_same_however_many_acts(editor) -> None:
    for n in range(12):
        make_act(texts.ACT, as_of=AS_OF - dt.timedelta(days=n))
    draft = draft_import(agency=AgencyPage.objects.get(), data=texts.BILL).draft
    editor.get(url("acts"))
    for address in (url("acts"), url("laws", draft.pk)):
        with at_most(30):
            assert editor.get(address).status_code == 200


# --- choose for a draft ----------------------------------------------------


def acts_of(draft: Any) -> set[Act | None]:
    rows = TargetClause.objects.filter(version=freeze(draft)).select_related("act")
    return {row.act for row in rows}


def choose(client: Client, draft: DraftPage, choice: str, seen: str = "") -> Any:
    """Take an act for the first law, as of the page that is opened now or was seen."""
    address = url("laws", draft.pk)
    revision = seen or client.get(address).context["rows"][0][1]["revision"].value()
    return client.post(address, {"law": "0", "act": choice, "revision": revision})


def test_an_officer_chooses_releases_and_declines(editor, agency) -> None:
    old = make_act()
    new = make_act(texts.ACT.replace("ห้าพันบาท", "หกพันบาท"), as_of=make.TODAY)
    draft = draft_import(agency=agency, data=texts.BILL).draft
    address = url("laws", draft.pk)
    assert "พบตามชื่อ" in words(editor.get(address))
    for choice, acts, told in (
        (str(old.pk), {old}, "เจ้าหน้าที่เลือก"),
        ("none", {None}, "ยังไม่มีตัวบท"),
        ("title", {new}, "พบตามชื่อ"),
    ):
        assert choose(editor, draft, choice).status_code == 302
        assert told in words(editor.get(address))
        assert acts_of(draft) == acts
    verbs = AuditEntry.objects.filter(action__startswith="draft.law_")
    assert [entry.action for entry in verbs.order_by("pk")] == [
        "draft.law_chosen",
        "draft.law_chosen",
        "draft.law_released",
    ]


def test_who_chooses_second_is_shown_the_first_choice(editor, agency) -> None:
    old, new = make_act(), make_act(texts.ACT + "\n", as_of=make.TODAY)
    draft = draft_import(agency=agency, data=texts.BILL).draft
    page = editor.get(url("laws", draft.pk))
    seen = page.context["rows"][0][1]["revision"].value()
    assert choose(editor, draft, str(old.pk), seen).status_code == 302
    refused = choose(editor, draft, str(new.pk), seen)
    assert refused.status_code == 409
    (found,) = refused.context["rows"][0][1].differences
    assert RENT in found.mine and RENT in found.theirs
    assert f'value="{new.pk}" selected' in refused.content.decode()
    assert choose(editor, draft, "none", "nothing").status_code == 409
    assert acts_of(draft) == {old}


def test_a_law_named_without_its_year_is_offered_its_act_first(editor, agency) -> None:
    make_act(title=BIKES)
    act = make_act()
    bill = texts.BILL.replace(RENT, RENT.partition(" พ.ศ.")[0])
    draft = draft_import(agency=agency, data=bill).draft
    page = editor.get(url("laws", draft.pk)).content.decode()
    assert "ยังไม่มีตัวบท" in page
    # What begins alike stands before the group of other laws.
    assert page.index(f'value="{act.pk}"') < page.index('optgroup label="กฎหมายอื่น"')
    choose(editor, draft, str(act.pk))
    assert acts_of(draft) == {act}


def test_the_act_named_in_the_details_stands_until_an_officer_chooses(
    editor, agency
) -> None:
    old, new = make_act(), make_act(texts.ACT + "\n", as_of=make.TODAY)
    draft = draft_import(agency=agency, data=texts.BILL).draft
    assert draft.amends is None
    draft.amends = old
    draft.save_revision()
    address = url("laws", draft.pk)
    page = words(editor.get(address))
    assert "ตามที่ระบุในร่าง" in page
    assert "ใช้ตัวบทที่ระบุไว้ในชื่อและรายละเอียดของร่าง" in page
    assert acts_of(draft) == {old}
    choose(editor, draft, str(new.pk))
    assert acts_of(draft) == {new}


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"law": "7", "act": "none"}, 200, "ร่างเปลี่ยนไปแล้ว"),
        ({"law": "x", "act": "none"}, 200, "ร่างเปลี่ยนไปแล้ว"),
        ({"law": "0", "act": "9"}, 422, "โปรดเลือกจากรายการ"),
    ],
)
def test_a_choice_that_is_not_offered_changes_nothing(
    editor, agency, sent, status, told
) -> None:
    draft = draft_import(agency=agency, data=texts.BILL).draft
    answer = editor.post(url("laws", draft.pk), sent, follow=True)
    assert answer.status_code == status
    assert told in words(answer)
    assert not AmendedLaw.objects.exists()


def test_the_import_of_a_bill_says_which_laws_it_amends(editor, agency) -> None:
    make_act()
    data = {"agency": agency.pk, "text": texts.TWO_LAWS, "check": "1"}
    shown = words(editor.post(url("import"), data))
    assert f"{RENT} · 1 แห่ง · พบในระบบ" in shown
    assert f"{BIKES} · 1 แห่ง · ไม่พบในระบบ" in shown


def test_the_page_that_freezes_says_what_people_will_see(editor, agency) -> None:
    draft = draft_import(agency=agency, data=texts.BILL).draft
    address = url("freeze", draft.pk)
    before = editor.get(address)
    assert "ประชาชนจะเห็นเฉพาะข้อความใหม่" in words(before)
    assert url("laws", draft.pk) in before.content.decode()
    make_act()
    after = words(editor.get(address))
    assert "พบในระบบ ฉบับ ณ วันที่ 30 มิ.ย. 2569" in after
    assert "ประชาชนจะเห็นเฉพาะข้อความใหม่" not in after


def test_a_draft_of_its_own_has_no_laws_to_choose(editor, agency) -> None:
    draft = draft_import(agency=agency, data=texts.NEW_LAW).draft
    assert "ร่างนี้ไม่ได้แก้ไขกฎหมายอื่นรายมาตรา" in words(editor.get(url("laws", draft.pk)))


# --- the command -----------------------------------------------------------


def test_the_command_imports_a_file(tmp_path, capsys) -> None:
    path = tmp_path / "rent.txt"
    path.write_text(texts.ACT)
    call_command("import_act", str(path), as_of="30/06/2569", source="เล่ม ๑")
    act = Act.objects.get()
    assert (act.title, act.as_of, act.source_note) == (RENT, AS_OF, "เล่ม ๑")
    out = capsys.readouterr().out
    assert "มาตรา ๗" in out
    assert RENT in out


@pytest.mark.parametrize(
    ("content", "day", "told"),
    [
        (texts.ACT, "อีกนาน", "เขียนเช่น"),
        (texts.ACT, "1/1/2599", "ยังมาไม่ถึง"),
        (None, "30/06/2569", "เปิดไฟล์"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, content, day, told) -> None:
    path = tmp_path / "rent.txt"
    if content:
        path.write_text(content)
    with pytest.raises(CommandError, match=told) as failed:
        call_command("import_act", str(path), as_of=day)
    assert failed.value.returncode == 2
    assert not Act.objects.exists()
