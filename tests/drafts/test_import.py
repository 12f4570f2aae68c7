"""Import of real and invented drafts, and freezing them."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from drafts.errors import DraftError
from drafts.law.readers import read_law
from drafts.models import DraftPage, DraftVersion, Provision, ProvisionNote
from drafts.services import (
    FreezeError,
    blocks_of,
    draft_import,
    provision_note_add,
    version_freeze,
    version_is_intact,
)
from tests.factories import NOW, make_agency, make_user

pytestmark = pytest.mark.django_db
LAWS = Path(__file__).parents[3] / "shared" / "data" / "laws"
DRAFT = """ร่างพระราชบัญญัติ
ทางเท้า
พ.ศ. ....

โดยที่เป็นการสมควรมีกฎหมายว่าด้วยทางเท้า

มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติทางเท้า พ.ศ. ....”

มาตรา ๒  ในพระราชบัญญัตินี้
“ทางเท้า” หมายความว่า พื้นที่ที่ทำไว้สำหรับคนเดิน

หมวด ๑
การใช้ทางเท้า

มาตรา ๓  ห้ามผู้ใดกระทำการดังต่อไปนี้บนทางเท้า
(๑) จอดรถ
(๒) ขับขี่รถ
    (ก) รถยนต์
    (ข) รถจักรยานยนต์

มาตรา ๓/๑  ความในมาตรา ๓ มิให้ใช้บังคับแก่คนพิการ

บทเฉพาะกาล

มาตรา ๔  ให้แผงลอยที่มีอยู่ก่อนใช้ทางเท้าต่อไปได้อีกเก้าสิบวัน
"""


def imported() -> DraftPage:
    return draft_import(agency=make_agency(), data=DRAFT, by=make_user()).draft


def frozen() -> DraftVersion:
    draft = imported()
    return version_freeze(
        draft=draft, revision=draft.latest_revision, reason="รับฟัง", now=NOW
    )


@pytest.mark.skipif(not LAWS.exists(), reason="../shared/data/laws is not here")
def test_every_real_act_goes_in_and_freezes_to_what_was_parsed() -> None:
    files = sorted(LAWS.glob("*.txt"))
    assert len(files) == 22
    agency = make_agency()
    for path in files:
        data = path.read_bytes()
        law = read_law(data, path.name)
        result = draft_import(agency=agency, data=data, filename=path.name)
        version = version_freeze(
            draft=result.draft,
            revision=result.draft.latest_revision,
            reason="",
            now=NOW,
        )
        rows = version.provisions.filter(kind__in=["section", "clause"])
        assert [row.eid for row in rows] == [p.eid for p in law.provisions], path.name
        assert [row.text for row in rows] == [p.text for p in law.provisions], path.name
        divisions = version.provisions.filter(kind="division")
        assert [row.eid for row in divisions] == [d.eid for d in law.divisions]
        assert version_is_intact(version)


def test_frozen_rows_have_their_place_number_and_paragraphs() -> None:
    version = frozen()
    rows = {row.eid: row for row in version.provisions.select_related("parent")}
    assert [row.label for row in version.provisions.filter(kind="section")] == [
        "มาตรา ๑", "มาตรา ๒", "มาตรา ๓", "มาตรา ๓/๑", "มาตรา ๔",
    ]  # fmt: skip
    assert rows["sec_3-1"].number == [3, 1, 0, 0]
    assert rows["sec_3"].parent == rows["chp_1"]
    assert rows["sec_1"].parent is None
    assert rows["chp_1"].subkind == "chapter"
    items = rows["sec_3"].paragraphs[0]["items"]
    assert [item["label"] for item in items] == ["(๑)", "(๒)"]
    assert [item["eid"] for item in items[1]["items"]] == [
        "sec_3__para_1__point_2__point_1",
        "sec_3__para_1__point_2__point_2",
    ]
    assert rows["preamble"].kind == "part"


def test_keys_are_the_blocks_and_stay_in_the_next_version() -> None:
    first = frozen()
    draft = first.draft
    page = draft.get_latest_revision_as_object()
    page.law_title = "ร่างพระราชบัญญัติทางเท้า (แก้ไข)"
    revision = page.save_revision()
    second = version_freeze(draft=draft, revision=revision, reason="", now=NOW)
    assert second.number == 2
    assert list(first.provisions.values_list("key", "eid")) == list(
        second.provisions.values_list("key", "eid")
    )
    assert [str(row.key) for row in first.provisions.all()] == [
        block["id"] for block in blocks_of(revision)
    ]


def test_freezing_the_same_text_again_is_refused() -> None:
    version = frozen()
    with pytest.raises(DraftError) as refused:
        version_freeze(
            draft=version.draft, revision=version.revision, reason="", now=NOW
        )
    assert refused.value.code == "unchanged"
    assert version.draft.versions.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE drafts_provision SET text = 'x'",
        "DELETE FROM drafts_provision",
        "UPDATE drafts_draftversion SET title = 'x'",
        "DELETE FROM drafts_draftversion",
    ],
)
def test_raw_sql_on_a_frozen_version_is_refused(statement: str) -> None:
    frozen()
    with (
        pytest.raises(DatabaseError, match="rapfang_frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_no_row_can_be_added_to_a_frozen_version() -> None:
    version = frozen()
    with pytest.raises(DatabaseError, match="rapfang_frozen"), transaction.atomic():
        Provision.objects.create(
            version=version, order=999, kind="section", eid="sec_999", sha256="0" * 64
        )


def test_what_cannot_be_numbered_is_listed_and_nothing_is_stored() -> None:
    text = DRAFT.replace("มาตรา ๓/๑  ", "มาตรา ๓/๑  ")
    draft = draft_import(agency=make_agency(), data=text).draft
    page = draft.get_latest_revision_as_object()
    raw = [dict(block) for block in page.body.raw_data]
    sections = [block for block in raw if block["type"] == "provision"]
    sections[1]["value"] = {**sections[1]["value"], "label": "๑"}
    sections[2]["value"] = {**sections[2]["value"], "label": "สามสิบ"}
    sections[3]["value"] = {**sections[3]["value"], "text": "  \n "}
    page.body = __import__("json").dumps(raw)
    revision = page.save_revision(clean=False)
    with pytest.raises(FreezeError) as refused:
        version_freeze(draft=draft, revision=revision, reason="", now=NOW)
    assert len(refused.value.problems) == 3
    assert "๑" in refused.value.message
    assert "สามสิบ" in refused.value.message
    assert not DraftVersion.objects.exists()
    assert not Provision.objects.exists()


def test_a_note_is_corrected_by_a_new_row() -> None:
    provision = frozen().provisions.get(eid="sec_3")
    provision_note_add(provision=provision, kind="plain", text="ห้ามจอดรถ", now=NOW)
    provision_note_add(provision=provision, kind="plain", text="ห้ามจอดและขี่", now=NOW)
    notes = ProvisionNote.objects.filter(provision=provision).order_by("number")
    assert [(note.number, note.text) for note in notes] == [
        (1, "ห้ามจอดรถ"),
        (2, "ห้ามจอดและขี่"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_text"),
        ("สวัสดี ไม่มีอะไรเลย", "no_provisions"),
        (b"\x89PNG\r\n\x1a\n0000", "scan"),
    ],
)
def test_wrong_input_says_what_to_do(data: bytes | str, code: str) -> None:
    with pytest.raises(DraftError) as refused:
        draft_import(agency=make_agency(), data=data, filename="x.txt")
    assert refused.value.code == code
    assert len(refused.value.message) > 20
    assert not DraftPage.objects.exists()


def test_the_command_prints_the_outline_and_freezes(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(DRAFT, encoding="utf-8")
    out = StringIO()
    call_command("import_draft", str(path), "--freeze", stdout=out)
    printed = out.getvalue()
    assert "มาตรา ๓/๑" in printed
    assert "ยังไม่มีหน่วยงาน จึงสร้าง" in printed
    assert DraftVersion.objects.get().sha256 in printed


def test_the_command_refuses_with_its_own_status(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("ไม่มีมาตรา", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("import_draft", str(path), stdout=StringIO())
    assert refused.value.returncode == 2
    with pytest.raises(CommandError) as refused:
        call_command("import_draft", str(tmp_path / "none.txt"), stdout=StringIO())
    assert refused.value.returncode == 2
    make_agency(), make_agency()
    with pytest.raises(CommandError) as refused:
        call_command("import_draft", str(path), stdout=StringIO())
    assert refused.value.returncode == 3
