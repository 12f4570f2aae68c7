"""A corrected file put into a draft: who is whom, what is kept, what is refused."""

from __future__ import annotations

import json

import pytest

from comments.models import Comment
from drafts.correction_rows import LAYOUT, NEW
from drafts.corrections import (
    Correction,
    CorrectionChanged,
    correction_plan,
    correction_save,
)
from drafts.editing import block_move
from drafts.errors import DraftError
from drafts.law.numerals import thai_digits
from drafts.models import AuditEntry, DraftPage, ProvisionMatch
from drafts.selectors import said_of
from drafts.services import Block, draft_import, draft_read, version_freeze
from tests.drafts.test_editing import latest
from tests.factories import NOW, make_agency, make_comments, make_round, make_user

pytestmark = pytest.mark.django_db

HEAD = "ร่างพระราชบัญญัติตลาดน้ำ\nพ.ศ. ....\n\nโดยที่เป็นการสมควรมีกฎหมายว่าด้วยตลาดน้ำ\n\n"
#: Texts with few words in common, so that each can be known by its words.
TEXTS = [
    "พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติตลาดน้ำ พ.ศ. ....”",
    "พระราชบัญญัตินี้ให้ใช้บังคับเมื่อพ้นกำหนดหนึ่งร้อยแปดสิบวันนับแต่วันประกาศในราชกิจจานุเบกษา",
    "ผู้ใดนำเรือบรรทุกสินค้าเกินสองตันเข้าจอดเทียบท่าในเวลากลางคืนต้องแจ้งนายท่าก่อนหนึ่งชั่วโมง",
    "ให้เทศบาลเก็บค่าธรรมเนียมแผงลอยจากแม่ค้าที่ขายอาหารสดเป็นรายเดือนในอัตราไม่เกินสองร้อยบาท",
    "คณะกรรมการประกอบด้วยปลัดกระทรวงเป็นประธานและผู้แทนชุมชนริมคลองอีกหกคนเป็นกรรมการ",
    "พนักงานเจ้าหน้าที่มีอำนาจเข้าไปตรวจสอบโรงเก็บน้ำแข็งและยึดเครื่องชั่งที่ไม่ได้มาตรฐาน",
    "ผู้ฝ่าฝืนไม่ทิ้งขยะในถังที่จัดไว้ต้องระวางโทษปรับไม่เกินห้าพันบาทหรือทำงานบริการสังคม",
]
LONGER = TEXTS[3].replace("สองร้อยบาท", "สามร้อยบาท และให้ยกเว้นแก่ผู้สูงอายุ")
OTHER = [
    "ผู้เลี้ยงผึ้งต้องขึ้นทะเบียนรังผึ้งทุกฤดูดอกไม้บานกับเกษตรอำเภอ",
    "ห้ามฉีดพ่นสารเคมีในรัศมีสามกิโลเมตรจากรังที่ขึ้นทะเบียนไว้แล้ว",
    "น้ำผึ้งที่ส่งออกต้องผ่านห้องปฏิบัติการซึ่งกรมวิชาการรับรอง",
]


def act(*sections: tuple[str, str] | str, head: str = HEAD) -> str:
    """Write an act: texts are numbered in turn, pairs have their own number."""
    lines, number = [head], 0
    for section in sections:
        if isinstance(section, str) and section.startswith("หมวด"):
            lines.append(section + "\n")
            continue
        number += 1
        label, text = (
            (thai_digits(number), section) if isinstance(section, str) else section
        )
        lines.append(f"มาตรา {label}  {text}\n")
    return "\n".join(lines)


#: มาตรา ๔ reworded, มาตรา ๗ written anew from the ground.
CHANGED = act(*TEXTS[:3], LONGER, *TEXTS[4:6], OTHER[0])


def made(*sections: tuple[str, str] | str) -> DraftPage:
    text = act(*(sections or TEXTS))
    return draft_import(agency=make_agency(), data=text, by=make_user()).draft


def plan(draft: DraftPage, text: str, **choices: str) -> Correction:
    draft.refresh_from_db()
    return correction_plan(draft=draft, law=draft_read(data=text), choices=choices)


def save(draft: DraftPage, text: str, choices: dict[str, str] | None = None) -> None:
    seen = plan(draft, text, **(choices or {}))
    correction_save(
        draft=draft,
        law=draft_read(data=text),
        revision=seen.revision,
        mark=seen.mark,
        choices=choices,
        filename="แก้.docx",
        by=make_user(),
    )


def happened(correction: Correction) -> list[tuple[str, str]]:
    return [(row.title, row.change) for row in correction.rows]


def key_of(blocks: list[Block], words: str) -> str:
    (found,) = [
        b["id"]
        for b in blocks
        if words in (b["value"].get("text") or "") + (b["value"].get("name") or "")
    ]
    return found


def note(draft: DraftPage, words: str, text: str) -> None:
    blocks = latest(draft)
    for block in blocks:
        if words in (block["value"].get("text") or ""):
            block["value"]["plain_note"] = text
    page = draft.get_latest_revision_as_object()
    page.body = json.dumps(blocks)
    page.save_revision(clean=False)


def test_the_same_file_again_changes_nothing() -> None:
    draft = made()
    before = draft.latest_revision_id
    again = plan(draft, act(*TEXTS))
    assert again.is_empty
    assert set(again.counts) == {"same"}
    save(draft, act(*TEXTS))
    draft.refresh_from_db()
    assert draft.latest_revision_id == before


def test_line_ends_and_spaces_that_freezing_drops_are_no_change() -> None:
    draft = made(*TEXTS[:6], TEXTS[6] + "\n(๑) ในคลอง\n(๒) บนฝั่ง")
    blocks = latest(draft)
    for block in blocks:
        if "text" in block["value"]:
            block["value"]["text"] = block["value"]["text"].replace("\n", " \r\n") + " "
    page = draft.get_latest_revision_as_object()
    page.body = json.dumps(blocks)
    page.save_revision(clean=False)
    text = act(*TEXTS[:6], TEXTS[6] + "\n(๑) ในคลอง\n(๒) บนฝั่ง")
    assert plan(draft, text).is_empty


def test_an_inserted_section_renumbers_and_every_uuid_and_note_stays() -> None:
    draft = made()
    note(draft, "แผงลอย", "ค่าแผงของแม่ค้า")
    before = latest(draft)
    corrected = act(*TEXTS[:2], OTHER[0], *TEXTS[2:])
    found = plan(draft, corrected)
    assert found.counts["added"] == 1
    assert found.counts["renumbered"] == 5
    assert ("มาตรา ๔ → มาตรา ๕", "renumbered") in happened(found)
    assert any("เลขเปลี่ยน 5" in hint for hint in found.hints)
    save(draft, corrected)
    after = latest(draft)
    for text in TEXTS:
        assert key_of(after, text) == key_of(before, text)
    assert key_of(after, "เลี้ยงผึ้ง") not in {b["id"] for b in before}
    moved = next(b for b in after if "แผงลอย" in b["value"].get("text", ""))
    assert moved["value"]["label"] == "๕"
    assert moved["value"]["plain_note"] == "ค่าแผงของแม่ค้า"


def test_two_sections_that_change_places_keep_their_uuid() -> None:
    draft = made()
    before = latest(draft)
    swapped = [*TEXTS]
    swapped[3], swapped[5] = TEXTS[5], TEXTS[3]
    found = plan(draft, act(*swapped))
    assert found.counts["renumbered"] == 2
    assert {row.title for row in found.rows} == {
        "มาตรา ๔ → มาตรา ๖",
        "มาตรา ๖ → มาตรา ๔",
    }
    assert all(row.moved for row in found.rows)
    save(draft, act(*swapped))
    after = latest(draft)
    assert [key_of(after, text) for text in TEXTS] == [
        key_of(before, text) for text in TEXTS
    ]


def test_a_new_order_alone_is_saved_too() -> None:
    """Numbers stay with their words, but stand in another order."""
    draft = made()
    blocks = latest(draft)
    block_move(
        draft=draft, key=key_of(blocks, TEXTS[4]), after=key_of(blocks, TEXTS[1])
    )
    assert happened(plan(draft, act(*TEXTS))) == [("มาตรา ๕", "moved")]
    save(draft, act(*TEXTS))
    assert latest(draft) == blocks


def test_reworded_layout_and_title_are_told_apart() -> None:
    draft = made()
    texts = [*TEXTS]
    texts[3] = LONGER
    texts[4] = TEXTS[4].replace("และผู้แทน", "\n\n  และผู้แทน", 1)
    texts[0] = TEXTS[0].replace("ตลาดน้ำ", "ตลาดน้ำและตลาดบก")
    text = act(*texts, head=HEAD.replace("ตลาดน้ำ", "ตลาดน้ำและตลาดบก", 1))
    found = plan(draft, text)
    assert ("มาตรา ๔", "changed") in happened(found)
    assert ("มาตรา ๕", LAYOUT) in happened(found)
    row = next(row for row in found.rows if row.title == "มาตรา ๔")
    assert "".join(s.text for s in row.spans if s.op != "insert") == TEXTS[3]
    assert "".join(s.text for s in row.spans if s.op != "delete") == LONGER
    assert not row.asked
    assert {span.op for span in found.title_spans} == {"same", "insert"}
    save(draft, text)
    page = DraftPage.objects.get(pk=draft.pk).get_latest_revision_as_object()
    assert page.law_title.startswith("ร่างพระราชบัญญัติตลาดน้ำและตลาดบก")
    assert page.source_name == "แก้.docx"


def test_a_name_given_by_a_person_survives_a_new_title_of_the_law() -> None:
    draft = made()
    page = draft.get_latest_revision_as_object()
    page.title = "ตลาดน้ำ (ทำงาน)"
    page.save_revision(clean=False)
    save(draft, act(*TEXTS).replace("ตลาดน้ำ", "ตลาดบก"))
    draft.refresh_from_db()
    page = draft.get_latest_revision_as_object()
    assert page.title == "ตลาดน้ำ (ทำงาน)"
    assert "ตลาดบก" in page.law_title


def test_a_section_cut_in_two_and_two_made_one() -> None:
    long = f"{TEXTS[2]}\n{TEXTS[3]}"
    draft = made(TEXTS[0], TEXTS[1], long, *TEXTS[4:])
    found = plan(draft, act(*TEXTS))
    assert found.counts["split"] == 1
    assert found.counts.get("removed", 0) == 0
    other = made()
    merged = plan(other, act(TEXTS[0], TEXTS[1], long, *TEXTS[4:]))
    assert merged.counts["merged"] == 1
    (row,) = merged.leaving
    assert "ไปอยู่ใน มาตรา ๓" in row.title


def test_a_renamed_division_is_known_by_its_sections() -> None:
    body = ["หมวด ๑\nบททั่วไป", *TEXTS[:4], "หมวด ๒\nการจัดการ", *TEXTS[4:]]
    draft = made(*body)
    before = latest(draft)
    body[5] = "หมวด ๒\nคณะกรรมการและพนักงานเจ้าหน้าที่"
    found = plan(draft, act(*body))
    assert [row.change for row in found.rows] == ["changed"]
    body.insert(5, "หมวด ๑/๑\nผึ้ง")
    body.insert(6, OTHER[0])
    save(draft, act(*body))
    after = latest(draft)
    assert key_of(after, "คณะกรรมการและพนักงาน") == key_of(before, "การจัดการ")
    assert key_of(after, "บททั่วไป") == key_of(before, "บททั่วไป")


def test_divisions_renumbered_by_an_inserted_one_keep_their_uuid() -> None:
    body = ["หมวด ๑\nบททั่วไป", *TEXTS[:4], "หมวด ๒\nบทกำหนดโทษ", *TEXTS[4:]]
    draft = made(*body)
    before = latest(draft)
    body[5:6] = ["หมวด ๒\nผึ้ง", *OTHER, "หมวด ๓\nบทกำหนดโทษ"]
    save(draft, act(*body))
    after = latest(draft)
    assert key_of(after, "บทกำหนดโทษ") == key_of(before, "บทกำหนดโทษ")
    assert len({b["id"] for b in after}) == len(after) == len(before) + 4


def test_duplicate_labels_are_kept_apart_and_said_aloud() -> None:
    draft = made()
    before = latest(draft)
    twice = act(*TEXTS[:4], ("๔", OTHER[0]), ("๕", TEXTS[4]), *[
        (thai_digits(n), TEXTS[n - 1]) for n in (6, 7)
    ])  # fmt: skip
    found = plan(draft, twice)
    assert any("ใช้ซ้ำ" in alarm for alarm in found.alarms)
    assert found.counts["added"] == 1
    save(draft, twice)
    assert key_of(latest(draft), "แผงลอย") == key_of(before, "แผงลอย")


def test_a_wholly_other_file_is_loud_and_keeps_no_identity() -> None:
    draft = made()
    before = {b["id"] for b in latest(draft) if b["type"] == "provision"}
    head = "ร่างพระราชบัญญัติผึ้ง\nพ.ศ. ....\n\nโดยที่เป็นการสมควรคุ้มครองผึ้งและผู้เลี้ยง\n\n"
    found = plan(draft, act(*OTHER, head=head))
    assert "ร่างอื่น" in found.alarms[0]
    assert found.counts["removed"] == len(TEXTS)
    assert not before & {block["id"] for block in found.blocks}
    asked = [row for row in found.rows if row.asked]
    assert {row.new.label for row in asked} == {"๑", "๒", "๓"}  # namesakes leave
    assert {row.chosen for row in asked} == {NEW}


def test_a_part_of_the_draft_is_loud_too() -> None:
    found = plan(made(), act(*TEXTS[:3]))
    assert "ไฟล์ครบทั้งฉบับ" in found.alarms[0]
    assert len(found.leaving) == 4


def test_a_person_says_that_a_rewritten_section_is_the_old_one() -> None:
    draft = made()
    before = latest(draft)
    texts = [*TEXTS]
    texts[3] = OTHER[1]
    asked = next(row for row in plan(draft, act(*texts)).rows if row.asked)
    assert asked.chosen == NEW
    key = key_of(before, "แผงลอย")
    assert key in {item.block["id"] for item in asked.candidates}
    choices = {asked.new.mark: key}
    found = plan(draft, act(*texts), **choices)
    assert happened(found) == [("มาตรา ๔", "changed")]
    save(draft, act(*texts), choices)
    assert key_of(latest(draft), "สารเคมี") == key


def test_a_person_says_that_a_section_is_new_and_its_likeness_was_chance() -> None:
    draft = made()
    before = latest(draft)
    texts = [*TEXTS]
    texts[3] = LONGER
    row = next(r for r in plan(draft, act(*texts)).rows if r.change == "changed")
    found = plan(draft, act(*texts), **{row.new.mark: NEW})
    assert {change for _title, change in happened(found)} == {"added", "removed"}
    save(draft, act(*texts), {row.new.mark: NEW})
    assert key_of(latest(draft), "ผู้สูงอายุ") not in {b["id"] for b in before}


def test_one_old_section_cannot_be_two_new_ones() -> None:
    draft = made()
    before = draft.latest_revision_id
    texts = [*TEXTS[:3], OTHER[0], OTHER[1], *TEXTS[4:]]
    key = key_of(latest(draft), "แผงลอย")
    marks = [
        row.new.mark for row in plan(draft, act(*texts)).rows if row.change == "added"
    ]
    choices = dict.fromkeys(marks, key)
    assert len(plan(draft, act(*texts), **choices).problems) == 1
    with pytest.raises(DraftError, match="ให้เหลือแห่งเดียว"):
        save(draft, act(*texts), choices)
    draft.refresh_from_db()
    assert draft.latest_revision_id == before


def test_what_was_not_seen_is_not_saved() -> None:
    draft = made()
    law = draft_read(data=act(*TEXTS[:6]))
    seen = correction_plan(draft=draft, law=law)
    note(draft, "แผงลอย", "มีคนแก้ระหว่างนั้น")
    draft.refresh_from_db()
    after = draft.latest_revision_id
    with pytest.raises(CorrectionChanged, match="มีผู้แก้ร่างนี้") as refused:
        correction_save(draft=draft, law=law, revision=seen.revision, mark=seen.mark)
    draft.refresh_from_db()
    assert draft.latest_revision_id == after
    new = refused.value.correction
    correction_save(draft=draft, law=law, revision=new.revision, mark=new.mark)
    kept = next(b for b in latest(draft) if "แผงลอย" in b["value"].get("text", ""))
    assert kept["value"]["plain_note"] == "มีคนแก้ระหว่างนั้น"
    assert len([b for b in latest(draft) if b["type"] == "provision"]) == 6


def test_a_locked_draft_is_not_written() -> None:
    draft = made()
    draft.locked, draft.locked_by = True, make_user()
    draft.save()
    with pytest.raises(DraftError, match="ถูกล็อก"):
        save(draft, act(*TEXTS[:6]))


def test_what_leaves_says_what_people_said_of_it_and_nothing_is_lost() -> None:
    draft = made()
    version = version_freeze(
        draft=draft, revision=draft.latest_revision, reason="", now=NOW
    )
    provision = version.provisions.get(eid="sec_4")
    make_comments(make_round(), ["แพงไป"], provision=provision)
    (row,) = plan(draft, act(*TEXTS[:3], *TEXTS[4:])).leaving
    key = row.old.block["id"]
    said = said_of(draft, [key])[key]
    assert (said.versions, said.comments, said.notes) == ((1,), 1, 0)
    save(draft, act(*TEXTS[:3], *TEXTS[4:]))
    assert key not in {b["id"] for b in latest(draft)}
    provision.refresh_from_db()
    assert provision.text == TEXTS[3]
    assert Comment.objects.filter(provision=provision).count() == 1


def test_saving_is_written_down() -> None:
    draft = made()
    save(draft, act(*TEXTS[:6]))
    entry = AuditEntry.objects.get(action="draft.corrected")
    assert entry.object_id == str(draft.pk)
    assert entry.data["pieces_removed"] == 1
    assert entry.data["source"] == "แก้.docx"
    draft.refresh_from_db()
    assert entry.data["revision"] == draft.latest_revision_id


def test_every_piece_is_in_the_plan_once() -> None:
    """Old pieces are kept or leave, new ones come from somewhere or are new: n of n."""
    draft = made("หมวด ๑\nบททั่วไป", *TEXTS)
    before = latest(draft)
    texts = [TEXTS[6], LONGER, OTHER[0], "หมวด ๒\nใหม่", TEXTS[0], TEXTS[5]]
    found = plan(draft, act(*texts))
    assert sum(found.counts.values()) == len(found.blocks) + len(found.leaving)
    kept = {b["id"] for b in found.blocks} & {b["id"] for b in before}
    gone = {row.old.block["id"] for row in found.leaving}
    assert kept | gone == {b["id"] for b in before}
    assert not kept & gone


def test_the_next_version_finds_its_comments_by_identity() -> None:
    """From a comment on round one to the reworded, renumbered section of round two."""
    draft = made()
    first = version_freeze(
        draft=draft, revision=draft.latest_revision, reason="", now=NOW
    )
    spoken = first.provisions.get(eid="sec_4")
    make_comments(make_round(), ["แพงไป"], provision=spoken)
    save(draft, act(*TEXTS[:2], OTHER[0], TEXTS[2], LONGER, *TEXTS[4:]))
    draft.refresh_from_db()
    second = version_freeze(
        draft=draft, revision=draft.latest_revision, reason="", now=NOW
    )
    (line,) = ProvisionMatch.objects.filter(newer=second, old=spoken)
    assert line.by == ProvisionMatch.By.IDENTITY
    assert line.new.eid == "sec_5"
    assert line.new.text == LONGER
    assert line.change == "changed"
    assert line.renumbered
