"""The grammar, on texts we wrote."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.law.parse import letters, normalise, parse, text_of, to_text
from drafts.law.structure import (
    Division,
    DivisionKind,
    LawKind,
    PartKind,
    ProvisionKind,
)
from tests.law.synthetic import make_act, make_act_with_truth

BILL = """บันทึกหลักการและเหตุผล
ประกอบร่างพระราชบัญญัติลานกีฬาชุมชน
พ.ศ. ....

หลักการ
ให้มีกฎหมายว่าด้วยลานกีฬาชุมชน

เหตุผล
โดยที่ประชาชนขาดที่ออกกำลังกาย สมควรมีกฎหมายกำหนดเรื่องนี้ จึงจำเป็นต้องตราพระราชบัญญัตินี้

ร่าง
พระราชบัญญัติ
ลานกีฬาชุมชน
พ.ศ. ....
___________

โดยที่เป็นการสมควรมีกฎหมายว่าด้วยลานกีฬาชุมชน

มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติลานกีฬาชุมชน พ.ศ. ....”

มาตรา ๒  พระราชบัญญัตินี้ให้ใช้บังคับตั้งแต่วันถัดจากวันประกาศในราชกิจจานุเบกษาเป็นต้นไป

มาตรา ๓  ในพระราชบัญญัตินี้
“ลานกีฬา” หมายความว่า ที่ซึ่งจัดไว้ให้เล่นกีฬา
“ผู้ดูแล” หมายความว่า ผู้ซึ่งได้รับแต่งตั้งตามมาตรา ๕

หมวด ๑
การจัดตั้ง
___________

มาตรา ๔  ให้เทศบาลจัดให้มีลานกีฬา ซึ่งต้องมี
(๑) พื้นที่ไม่น้อยกว่าหนึ่งไร่
(๒) สิ่งอำนวยความสะดวก ได้แก่
(ก) ห้องน้ำ
(ข) ไฟส่องสว่าง ซึ่งต้อง
๑) เปิดก่อนพระอาทิตย์ตก
๒) ปิดเวลายี่สิบสองนาฬิกา
(๒/๑) ทางลาดสำหรับคนพิการ
(๓) ป้ายบอกเวลา
การจัดตั้งตามวรรคหนึ่ง ให้คำนึงถึงผู้อยู่อาศัย

ส่วนที่ ๑
ผู้ดูแล

มาตรา ๕  ให้มีผู้ดูแลตาม
มาตรา ๗ วรรคหนึ่ง และตามข้อบัญญัติ

มาตรา ๕ ทวิ  ผู้ดูแลมีวาระสี่ปี

มาตรา ๕/๑  ผู้ดูแลพ้นจากตำแหน่งเมื่อตาย

หมวด ๒/๑
บทกำหนดโทษ

มาตรา ๖  ผู้ใดทำลายลานกีฬา ต้องระวางโทษปรับไม่เกินห้าพันบาท

หมวด ๗ ทวิ
การอุทธรณ์

มาตรา ๗  ผู้ถูกสั่งปรับอาจอุทธรณ์ได้

บทเฉพาะกาล

มาตรา ๘  ลานกีฬาที่มีอยู่ก่อน ให้ถือเป็นลานกีฬาตามพระราชบัญญัตินี้

ผู้รับสนองพระบรมราชโองการ
......................
นายกรัฐมนตรี

อัตราค่าธรรมเนียม
(๑) ใบอนุญาตจัดงาน\tฉบับละ\t๑๐๐ บาท

หมายเหตุ :- เหตุผลในการประกาศใช้พระราชบัญญัติฉบับนี้ คือ โดยที่ควรมีลานกีฬา
"""


@pytest.fixture(scope="module")
def bill():
    return parse(BILL)


def test_title_and_kind(bill):
    assert bill.title == "ร่างพระราชบัญญัติลานกีฬาชุมชน พ.ศ. ...."
    assert bill.kind is LawKind.ACT


def test_labels(bill):
    labels = [p.label for p in bill.provisions]
    assert labels == ["๑", "๒", "๓", "๔", "๕", "๕ ทวิ", "๕/๑", "๖", "๗", "๘"]
    assert [p.eid for p in bill.provisions][4:7] == ["sec_5", "sec_5-ord2", "sec_5-1"]


def test_divisions(bill):
    by_label = {p.label: p.division for p in bill.provisions}
    assert by_label["๓"] == ()
    assert by_label["๔"] == ("หมวด ๑ การจัดตั้ง",)
    assert by_label["๕/๑"] == ("หมวด ๑ การจัดตั้ง", "ส่วนที่ ๑ ผู้ดูแล")
    assert by_label["๖"] == ("หมวด ๒/๑ บทกำหนดโทษ",)
    assert by_label["๗"] == ("หมวด ๗ ทวิ การอุทธรณ์",)
    assert by_label["๘"] == ("บทเฉพาะกาล",)
    assert [d.eid for d in bill.divisions] == [
        "chp_1", "chp_1__div_1", "chp_2-1", "chp_7-ord2", "hd_1",
    ]  # fmt: skip


def test_items_nest(bill):
    section = next(p for p in bill.provisions if p.label == "๔")
    first, second = section.paragraphs
    assert [item.label for item in first.items] == ["(๑)", "(๒)", "(๒/๑)", "(๓)"]
    assert [item.label for item in first.items[1].items] == ["(ก)", "(ข)"]
    lamps = first.items[1].items[1]
    assert [item.label for item in lamps.items] == ["๑)", "๒)"]
    assert lamps.items[0].eid == "sec_4__para_1__point_2__point_2__point_1"
    assert first.items[2].eid == "sec_4__para_1__point_2-1"
    assert second.text.startswith("การจัดตั้งตามวรรคหนึ่ง")
    assert section.text.split("\n")[1] == "(๑) พื้นที่ไม่น้อยกว่าหนึ่งไร่"


def test_definitions_are_paragraphs(bill):
    section = bill.provisions[2]
    assert [p.text.split("”")[0] for p in section.paragraphs] == [
        "ในพระราชบัญญัตินี้", "“ลานกีฬา", "“ผู้ดูแล",
    ]  # fmt: skip


def test_reference_at_line_start_is_text(bill):
    section = next(p for p in bill.provisions if p.label == "๕")
    assert section.text == "ให้มีผู้ดูแลตาม มาตรา ๗ วรรคหนึ่ง และตามข้อบัญญัติ"
    assert "reference_at_line_start" in {w.code for w in bill.warnings}


def test_parts(bill):
    kinds = [p.kind for p in bill.parts]
    assert kinds == [
        PartKind.MEMORANDUM, PartKind.TITLE, PartKind.PREAMBLE, PartKind.COUNTERSIGNATURE,
        PartKind.SCHEDULE, PartKind.NOTE,
    ]  # fmt: skip
    assert "ใบอนุญาตจัดงาน" in bill.parts[4].text


def test_line_numbers(bill):
    lines = BILL.split("\n")
    for node in bill:
        first = node.text if not isinstance(node, Division) else node.heading
        assert first.split("\n")[0].split(" ")[0][:6] in lines[node.line - 1]


def test_nothing_is_dropped(bill):
    assert letters(text_of(bill)) == letters(normalise(BILL)[0])


def test_text_is_read_back_to_the_same(bill):
    again = parse(to_text(bill))
    strip = [(p.label, p.division, p.text, p.eid) for p in bill.provisions]
    assert [(p.label, p.division, p.text, p.eid) for p in again.provisions] == strip


def test_clauses_of_a_regulation():
    law = parse(
        "กฎกระทรวง\nกำหนดสีของทางจักรยาน\nพ.ศ. ๒๕๗๐\n\n"
        "อาศัยอำนาจตามความในมาตรา ๕ แห่งพระราชบัญญัติทางจักรยาน พ.ศ. ๒๕๖๙ "
        "รัฐมนตรีออกกฎกระทรวงไว้ ดังต่อไปนี้\n\n"
        "ข้อ ๑  ให้ทาสีตามแบบ\n\nข้อ ๒  สีต้องเป็น\n(๑) สีเขียว หรือ\n(๒) สีแดงตาม\nข้อ ๑\n\n"
        "ให้ไว้ ณ วันที่ ๑ มกราคม พ.ศ. ๒๕๗๐\nนายสมชาย ใจดี\nรัฐมนตรีว่าการกระทรวงคมนาคม\n"
    )
    assert law.kind is LawKind.MINISTERIAL_REGULATION
    assert [p.kind for p in law.provisions] == [ProvisionKind.CLAUSE] * 2
    assert [p.eid for p in law.provisions] == ["cl_1", "cl_2"]
    assert law.provisions[1].paragraphs[0].items[1].text == "สีแดงตาม ข้อ ๑"
    assert law.parts[-1].kind is PartKind.COUNTERSIGNATURE


def test_quoted_sections_are_not_sections():
    law = parse(
        "มาตรา ๑  ชื่อ\n\nมาตรา ๒  วันใช้บังคับ\n\n"
        "มาตรา ๓  ให้ยกเลิกความในมาตรา ๔ และมาตรา ๕ แห่งพระราชบัญญัติทดลอง พ.ศ. ๒๕๖๐ "
        "และให้ใช้ความต่อไปนี้แทน\n\n"
        "“มาตรา ๔  ให้มี “สำนัก” ขึ้น\n\nมาตรา ๕  ให้เลขาธิการรับผิดชอบ”\n\n"
        "มาตรา ๔  ให้นายกรัฐมนตรีรักษาการ\n"
    )
    assert [p.label for p in law.provisions] == ["๑", "๒", "๓", "๔"]
    assert law.provisions[3].text == "ให้นายกรัฐมนตรีรักษาการ"
    assert "มาตรา ๕  ให้เลขาธิการรับผิดชอบ”" in law.provisions[2].text


def test_a_quotation_that_never_closes_does_not_swallow_the_rest():
    text = (
        "มาตรา ๑  ชื่อ\n\nมาตรา ๒  ให้ยกเลิกความในมาตรา ๙ แห่งพระราชบัญญัติทดลอง พ.ศ. ๒๕๖๐ "
        "และให้ใช้ความต่อไปนี้แทน\n\n“มาตรา ๙  ให้มีสำนัก\n\nมาตรา ๓  ให้รักษาการ\n\n"
        "มาตรา ๔  ให้มีผลทันที\n"
    )
    law = parse(text)
    assert [p.label for p in law.provisions] == ["๑", "๒", "๓", "๔"]
    warning = next(w for w in law.warnings if w.code == "quote_not_closed")
    assert text.split("\n")[warning.line - 1].startswith("“มาตรา ๙")


def test_remnants_of_amending_acts_go_to_parts():
    law = parse(
        make_act(9) + "\nหมายเหตุ :- เหตุผลในการประกาศใช้ คือ ควรมี\n\n"
        "พระราชบัญญัติส่งเสริมการดูแลสวนสาธารณะ (ฉบับที่ ๒) พ.ศ. ๒๕๗๑\n\n"
        "มาตรา ๒  พระราชบัญญัตินี้ให้ใช้บังคับตั้งแต่วันถัดจากวันประกาศ\n\n"
        "มาตรา ๑๐  ให้รัฐมนตรีรักษาการตามพระราชบัญญัตินี้\n\n"
        "หมายเหตุ :- เหตุผลในการประกาศใช้ คือ แก้ไข\n"
    )
    assert len(law.provisions) == 9
    kinds = [p.kind for p in law.parts]
    assert kinds[-3:] == [PartKind.NOTE, PartKind.AMENDMENT_REMNANT, PartKind.NOTE]
    assert "มาตรา ๑๐" in law.parts[-2].text


def test_an_act_that_puts_a_code_into_force():
    law = parse(
        "พระราชบัญญัติ\nให้ใช้ประมวลกฎหมายสวน\nพ.ศ. ๒๕๗๐\n\nโดยที่เป็นการสมควร\n\n"
        "มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติให้ใช้ประมวลกฎหมายสวน พ.ศ. ๒๕๗๐”\n\n"
        "มาตรา ๒  ให้ใช้ประมวลกฎหมายสวนท้ายพระราชบัญญัตินี้\n\n"
        "ผู้รับสนองพระบรมราชโองการ\nนาย ก\nนายกรัฐมนตรี\n\n"
        "ประมวลกฎหมายสวน\n\nบรรพ ๑\nบททั่วไป\n\nลักษณะ ๑\nต้นไม้\n\n"
        "มาตรา ๑  กฎหมายนี้เรียกว่า “ประมวลกฎหมายสวน”\n\nมาตรา ๒  ต้นไม้ต้องรดน้ำ\n\n"
        "บรรพ ๒\nดอกไม้\n\nมาตรา ๓  ดอกไม้ต้องสวย\n"
    )
    assert law.title == "ประมวลกฎหมายสวน"
    assert law.kind is LawKind.CODE
    assert [p.eid for p in law.provisions] == [
        "cmp_1__sec_1", "cmp_1__sec_2", "sec_1", "sec_2", "sec_3",
    ]  # fmt: skip
    assert law.provisions[3].division == ("บรรพ ๑ บททั่วไป", "ลักษณะ ๑ ต้นไม้")
    assert law.provisions[4].division == ("บรรพ ๒ ดอกไม้",)


def test_a_code_with_the_acts_that_put_its_books_into_force():
    def sections(first, last):
        return "".join(f"มาตรา {n}  ความของประมวลที่ {n}\n\n" for n in range(first, last))

    text = (
        "พระราชกฤษฎีกา\nให้ใช้บทบัญญัติบรรพ ๑ แห่งประมวลกฎหมายสวน\n\n"
        "มาตรา ๑  ชื่อ\n\nมาตรา ๒  ใช้\n\nผู้รับสนองพระบรมราชโองการ\nนาย ก\n\n"
        "ประมวลกฎหมายสวน\n\nข้อความเบื้องต้น\n\n"
        + sections(1, 4)
        + "บรรพ ๑\nต้นไม้\n\n"
        + sections(4, 40)
        + "พระราชบัญญัติให้ใช้บทบัญญัติบรรพ ๒ แห่งประมวลกฎหมายสวน พุทธศักราช ๒๔๗๗\n\n"
        "มาตรา ๑  ชื่อ\n\nมาตรา ๒  ใช้\n\nผู้รับสนองพระบรมราชโองการ\nนาย ข\n\n"
        "บรรพ ๒\nดอกไม้\n\nลักษณะ ๑\nกล้วยไม้\n\n"
        + sections(40, 60)
        + "หมายเหตุ :- เหตุผลในการประกาศใช้ คือ ปรับปรุง\n\n"
        "พระราชบัญญัติแก้ไขเพิ่มเติมประมวลกฎหมายสวน (ฉบับที่ ๒) พ.ศ. ๒๕๔๐\n\n"
        "มาตรา 60  ให้รักษาการ\n\nมาตรา 61  ให้ใช้\n"
    )
    law = parse(text)
    assert law.title == "ประมวลกฎหมายสวน"
    assert [p.number[0] for p in law.provisions] == [1, 2, *range(1, 60)]
    assert law.provisions[-1].eid == "sec_59"
    assert law.provisions[-1].division == ("บรรพ ๒ ดอกไม้", "ลักษณะ ๑ กล้วยไม้")
    assert letters(text_of(law)) == letters(text)


def test_repeated_and_missing_numbers_are_kept_and_reported():
    law = parse(
        "มาตรา ๑  ก\n\nมาตรา ๒  ข\n\nมาตรา ๒  ค\n\nมาตรา ๓  ง\n\nมาตรา ๖  จ\n\nมาตรา ๗  ฉ\n"
    )
    assert [p.label for p in law.provisions] == ["๑", "๒", "๒", "๓", "๖", "๗"]
    assert len({p.eid for p in law.provisions}) == 6
    assert {(w.code, w.line) for w in law.warnings} == {
        ("duplicate_number", 5),
        ("number_gap", 9),
    }


@pytest.mark.parametrize("dots", ["........................ 7", "", "เรื่องต่าง ๆ"])
def test_table_of_contents_is_not_the_law(dots):
    toc = "".join(f"มาตรา {n} {dots}\n" for n in range(1, 6))
    body = "\n".join(f"มาตรา {n}  ข้อความที่ {n}\n" for n in range(1, 6))
    law = parse(f"สารบัญ\n{toc}\n{body}")
    assert [p.text for p in law.provisions] == [f"ข้อความที่ {n}" for n in range(1, 6)]


def test_division_kinds():
    law = parse(
        "บรรพ ๑\nก\nภาค ๒\nข\nลักษณะ ๓\nค\nหมวด ๔\nง\nส่วนที่ ๕\nจ\nตอนที่ ๖\nฉ\n\nมาตรา ๑  ข้อความ\n"
    )
    assert [d.kind for d in law.divisions] == [
        DivisionKind.BOOK, DivisionKind.PART, DivisionKind.TITLE, DivisionKind.CHAPTER,
        DivisionKind.DIVISION, DivisionKind.SUBDIVISION,
    ]  # fmt: skip
    assert len(law.provisions[0].division) == 6


def test_a_repealed_section_keeps_its_number():
    law = parse("มาตรา ๑  ก\nมาตรา ๒  (ยกเลิก)\nมาตรา ๓ ทวิ (ยกเลิก)\nมาตรา ๔  ข\n")
    assert [p.label for p in law.provisions] == ["๑", "๒", "๓ ทวิ", "๔"]


def test_marks_of_editors_are_no_text_of_the_law():
    law = parse(
        "มาตรา ๑  ก\n\n*มาตรา ๒  ข\n*[มาตรา ๒ แก้ไขเพิ่มเติมโดยพระราชบัญญัติ พ.ศ. ๒๕๔๐]\n\n"
        "*มาตรา ๓ ทวิ[๔]  ค\n"
    )
    assert [(p.label, p.text) for p in law.provisions] == [
        ("๑", "ก"), ("๒", "ข"), ("๓ ทวิ", "ค"),
    ]  # fmt: skip
    assert [p.kind for p in law.parts] == [PartKind.ANNOTATION]
    assert [(m.line, m.text) for m in law.marks] == [(3, "*"), (6, "*"), (6, "[๔]")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("หมวด ๒ ที่ดินของรัฐ", True),
        ("หมวด ๒ การใช้ที่ดิน", True),
        ("หมวด ๒ ของพระราชบัญญัตินี้มาใช้บังคับโดยอนุโลม", False),
        ("หมวด ๒ และหมวด ๓ มาใช้บังคับ", False),
        ("หมวด ๒ ให้นำมาใช้", False),
        ("มาตรการบังคับทางปกครอง", True),
        ("บทกำหนดโทษและอายุความ", True),
        ("บทเฉพาะกาลให้ใช้", False),
    ],
)
def test_what_can_be_a_heading(line, found):
    law = parse(f"มาตรา ๑  ก\n{line}\nมาตรา ๒  ข\n")
    assert bool(law.divisions) is found
    assert [p.label for p in law.provisions] == ["๑", "๒"]


def test_text_without_sections_is_kept_whole():
    law = parse("จดหมายเปิดผนึก\nถึงท่านรัฐมนตรี\n")
    assert law.provisions == ()
    assert letters(text_of(law)) == letters("จดหมายเปิดผนึก\nถึงท่านรัฐมนตรี")
    assert [w.code for w in law.warnings] == ["no_sections"]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "มาตรา", "มาตรา \n", "“", "(๑)", "หมวด ๑"]
)
def test_scraps(text):
    assert letters(text_of(parse(text))) == letters(text)


@pytest.mark.parametrize("sections", [12, 200, 1755])
def test_made_up_acts(sections):
    text, truth = make_act_with_truth(sections)
    law = parse(text)
    assert [p.label for p in law.provisions] == truth.labels
    assert [p.text for p in law.provisions] == truth.texts
    assert [p.division for p in law.provisions] == truth.divisions
    assert law.title == truth.title
    assert letters(text_of(law)) == letters(text)


_LINES = st.lists(
    st.sampled_from(
        ["มาตรา ๑  ก", "มาตรา ๒", "มาตรา", "๓  ข", "ข้อ ๑  ค", "หมวด ๑", "บททั่วไป", "(๑) ง", "(ก) จ",
         "“มาตรา ๙", "ให้ยกเลิกความในมาตรา ๒ และให้ใช้ความต่อไปนี้แทน", "ฉ”", "", "", "หมายเหตุ :- เหตุผล",
         "ผู้รับสนองพระบรมราชโองการ", "[๑] ช", "ตาม", "ประมวลกฎหมาย", "บัญชี ๑", "มาตรา ๕ ถึงมาตรา ๙ (ยกเลิก)",
         "พระราชบัญญัติ ก (ฉบับที่ ๒) พ.ศ. ๒๕๖๐", "บันทึกหลักการและเหตุผล", "เหตุผล", "ร่าง"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_LINES)
def test_any_lines_come_back_in_order(lines):
    text = "\n".join(lines)
    law = parse(text)
    assert letters(text_of(law)) == letters(normalise(text)[0])
    eids = [p.eid for p in law.provisions]
    assert len(eids) == len(set(eids))


def test_paragraphs_of_a_wrapped_text():
    section = (
        "มาตรา\n{0}  ผู้ขออนุญาตต้องยื่นคำขอต่อนายทะเบียน\nและชำระค่าธรรมเนียมตามที่รัฐมนตรีกำหนด\n"
        "ในกรณีที่คำขอไม่ครบถ้วน\nให้นายทะเบียนแจ้งให้แก้ไขภายในเจ็ดวัน\n"
        "การพิจารณาคำขอตามวรรคหนึ่ง\nให้แล้วเสร็จภายในสามสิบวัน\n\n"
    )
    law = parse("".join(section.format(n) for n in ("๑", "๒", "๓", "๔")))
    assert [p.label for p in law.provisions] == ["๑", "๒", "๓", "๔"]
    assert [p.text.split(" ")[0] for p in law.provisions[1].paragraphs] == [
        "ผู้ขออนุญาตต้องยื่นคำขอต่อนายทะเบียน",
        "ในกรณีที่คำขอไม่ครบถ้วน",
        "การพิจารณาคำขอตามวรรคหนึ่ง",
    ]
    assert "wrapped_lines" in {w.code for w in law.warnings}
