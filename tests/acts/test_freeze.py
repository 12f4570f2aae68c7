"""Each operation of an amending section becomes a clause that people comment on."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from consultations.models import AgencyPage
from drafts import frozen
from drafts.amended_laws import amended_law_choose, law_key, law_of_act
from drafts.errors import DraftError
from drafts.models import Act, ActProvision, AuditEntry, Provision, TargetClause
from drafts.services import draft_import, version_is_intact
from tests import factories as make
from tests.acts import texts
from tests.acts.texts import BIKES, RENT, freeze, make_act, make_bill

pytestmark = pytest.mark.django_db


def clauses(version) -> list[Provision]:
    rows = version.provisions.filter(kind="target_clause").select_related("target")
    return list(rows.order_by("order"))


def test_each_operation_is_a_provision_below_its_section() -> None:
    act = make_act()
    version = make_bill()
    rows = clauses(version)
    assert [(row.eid, row.label, row.parent.eid) for row in rows] == [
        ("sec_3__mod_1", "มาตรา ๕ (แก้ไขโดยมาตรา ๓)", "sec_3"),
        ("sec_4__mod_1", "มาตรา ๖ วรรคหนึ่ง (แก้ไขโดยมาตรา ๔)", "sec_4"),
        ("sec_5__mod_1", "มาตรา ๖/๑ (เพิ่มโดยมาตรา ๕)", "sec_5"),
        ("sec_6__mod_1", "มาตรา ๗ (ยกเลิกโดยมาตรา ๖)", "sec_6"),
        ("sec_6__mod_2", "มาตรา ๙๙ (ยกเลิกโดยมาตรา ๖)", "sec_6"),
    ]
    assert rows[0].text == "ผู้ให้เช่าต้องคืนเงินประกันภายในเจ็ดวันนับแต่วันที่ผู้เช่าคืนห้องเช่า"
    assert rows[3].text == "ให้ยกเลิกมาตรา ๗"
    # Each stands directly behind its section, and the order has no holes.
    orders = list(version.provisions.order_by("order").values_list("order", flat=True))
    assert orders == list(range(1, len(orders) + 1))
    assert [row.order - row.parent.order for row in rows] == [1, 1, 1, 1, 2]
    # The words in force are a copy of the act's, byte for byte.
    first = rows[0].target
    five = act.provisions.get(eid="sec_5")
    assert (first.act, first.act_provision, first.op) == (act, five, "replace")
    assert first.current_text == five.text
    assert first.current_text in texts.ACT
    paragraph = rows[1].target
    assert paragraph.current_text == "ผู้ให้เช่าต้องแจ้งขึ้นค่าเช่าล่วงหน้าไม่น้อยกว่าสิบห้าวัน"
    assert rows[2].target.current_text == ""
    assert [row.target.applied for row in rows] == [True, True, True, True, False]
    assert rows[4].target.reason == "ไม่พบมาตราที่จะแก้ไขในกฎหมายปัจจุบัน"
    assert rows[4].target.act_provision is None
    assert version_is_intact(version)


def test_the_head_that_a_paragraph_is_quoted_with_is_not_a_new_word() -> None:
    make_act()
    quoted = "“ผู้ให้เช่าต้องแจ้งขึ้นค่าเช่าล่วงหน้าไม่น้อยกว่าหกสิบวัน”"
    assert quoted in texts.BILL
    version = make_bill(texts.BILL.replace(quoted, quoted.replace("“", "“มาตรา ๖ ")))
    row = clauses(version)[1]
    assert row.target.path == "sec_6__para_1"
    assert row.text == "ผู้ให้เช่าต้องแจ้งขึ้นค่าเช่าล่วงหน้าไม่น้อยกว่าหกสิบวัน"
    assert row.target.applied


def test_the_same_clause_keeps_its_key_in_the_next_version() -> None:
    make_act()
    agency = make.make_agency()
    version = make_bill(agency=agency)
    draft = version.draft
    body = draft.latest_revision.as_object()
    for block in body.body.raw_data:
        if block["value"].get("label") == "๔" and block["type"] == "provision":
            block["value"]["text"] = block["value"]["text"].replace("หกสิบ", "เก้าสิบ")
    second = body.save_revision()
    draft.refresh_from_db()
    assert draft.latest_revision == second
    newer = freeze(draft)
    before, after = clauses(version), clauses(newer)
    assert [row.key for row in before] == [row.key for row in after]
    assert len({row.key for row in after}) == len(after)
    changed = newer.matches.get(new__eid="sec_4__mod_1")
    assert (changed.old.eid, changed.by, changed.exact) == (
        "sec_4__mod_1",
        "identity",
        False,
    )


def test_an_act_that_is_not_there_is_no_reason_to_refuse() -> None:
    version = make_bill()
    rows = clauses(version)
    assert len(rows) == 5
    assert {row.target.act for row in rows} == {None}
    assert not any(row.target.applied or row.target.reason for row in rows)
    assert rows[0].text.startswith("ผู้ให้เช่าต้องคืนเงินประกันภายในเจ็ดวัน")


def test_once_the_act_is_there_the_same_text_may_be_frozen_again() -> None:
    version = make_bill()
    with pytest.raises(DraftError, match="ทุกตัวอักษร"):
        freeze(version.draft)
    act = make_act()
    again = freeze(version.draft)
    assert {row.target.act for row in clauses(again)} == {act}
    assert [row.key for row in clauses(again)] == [row.key for row in clauses(version)]


def test_each_law_of_a_bill_finds_its_own_act() -> None:
    act = make_act()
    first, second = clauses(make_bill(texts.TWO_LAWS))
    assert (first.heading, first.target.act) == (RENT, act)
    assert (second.heading, second.target.act) == (BIKES, None)


def test_a_new_law_that_repeals_an_old_one_has_no_clauses() -> None:
    make_act()
    assert clauses(make_bill(texts.NEW_LAW)) == []


def test_the_newest_act_is_taken_unless_an_officer_chose_another() -> None:
    old = make_act()
    new = make_act(texts.ACT.replace("ห้าพันบาท", "หกพันบาท"), as_of=make.TODAY)
    draft = draft_import(agency=make.make_agency(), data=texts.BILL).draft
    assert {row.target.act for row in clauses(freeze(draft))} == {new}
    editor = make.make_user()
    amended_law_choose(draft=draft, title=RENT, act=old, by=editor)
    assert {row.target.act for row in clauses(freeze(draft))} == {old}
    amended_law_choose(draft=draft, title=RENT, act=None, by=editor)
    assert {row.target.act for row in clauses(freeze(draft))} == {None}
    entries = AuditEntry.objects.filter(action="draft.law_chosen").order_by("pk")
    assert [entry.data["act"] for entry in entries] == [old.pk, None]


def test_the_field_of_the_draft_serves_where_titles_differ() -> None:
    act = make_act(title="กฎหมายห้องเช่า ฉบับประมวล")
    draft = draft_import(agency=make.make_agency(), data=texts.BILL).draft
    draft.amends = act
    draft.save_revision()
    assert {row.target.act for row in clauses(freeze(draft))} == {act}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("พระราชบัญญัติห้องเช่า พ.ศ. ๒๕๖๐", "พระราชบัญญัติห้องเช่า  พ.ศ.2560"),
        ("ประมวลกฎหมายที่ดิน พุทธศักราช ๒๔๙๗", "ประมวลกฎหมายที่ดิน พ.ศ. ๒๔๙๗"),
    ],
)
def test_titles_are_compared_without_spaces_and_digits(left: str, right: str) -> None:
    assert law_key(left) == law_key(right)
    assert law_key(left) != law_key(
        left.replace("๒๔๙๗", "๒๔๙๘").replace("๒๕๖๐", "๒๕๖๑")
    )


def refused(sql: str, *parameters: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError as error:
        return frozen.MARK in str(error)
    return False


def test_the_database_refuses_to_change_an_act_or_a_clause() -> None:
    act = make_act()
    target = TargetClause.objects.filter(version=make_bill()).first()
    row = act.provisions.first()
    for sql, pk in [
        ("UPDATE drafts_act SET title = 'x' WHERE id = %s", act.pk),
        ("UPDATE drafts_act SET sealed = false WHERE id = %s", act.pk),
        ("DELETE FROM drafts_act WHERE id = %s", act.pk),
        ("UPDATE drafts_actprovision SET text = 'x' WHERE id = %s", row.pk),
        ("DELETE FROM drafts_actprovision WHERE id = %s", row.pk),
        ("UPDATE drafts_targetclause SET current_text = 'x' WHERE id = %s", target.pk),
        ("DELETE FROM drafts_targetclause WHERE id = %s", target.pk),
    ]:
        assert refused(sql, pk), sql
    with pytest.raises(DatabaseError, match=frozen.MARK), transaction.atomic():
        ActProvision.objects.create(act=act, order=99, eid="sec_99", kind="section")
    section = Provision.objects.filter(version=target.version, kind="section").first()
    with pytest.raises(DatabaseError, match=frozen.MARK), transaction.atomic():
        TargetClause.objects.create(
            provision=section, version=section.version, op="repeal", target_law="x"
        )


def test_an_act_comes_back_as_it_was_read() -> None:
    act = make_act()
    law = law_of_act(act)
    assert law.title == RENT
    assert [p.eid for p in law.provisions] == [f"sec_{n}" for n in range(1, 8)]
    assert law.provisions[3].label == "๔"
    assert [item.label for item in law.provisions[3].paragraphs[1].items] == [
        "(๑)",
        "(๒)",
    ]
    assert law.provisions[4].division == ("หมวด ๒ หน้าที่ของผู้ให้เช่า",)
    assert law.provisions[4].division_eid == "chp_2"
    assert all(p.text in texts.ACT for p in law.provisions)


def test_agencies_are_not_needed_to_tell_acts_apart() -> None:
    """An act is public law: one row serves the bills of every agency."""
    act = make_act()
    for agency in (make.make_agency(), make.make_agency()):
        assert isinstance(agency, AgencyPage)
        assert clauses(make_bill(agency=agency))[0].target.act == act
    assert Act.objects.count() == 1
