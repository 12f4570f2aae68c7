"""Headings 14 to 18 and the appendices."""

from __future__ import annotations

from consultations.report.document.blocks import (
    Block,
    Bullets,
    Inline,
    Paragraph,
    Ref,
    Section,
    Table,
)
from consultations.report.document.inputs import ReportInput
from consultations.report.document.members import facet
from consultations.report.document.parts import (
    SMALL,
    SUGGESTED,
    Counter,
    day,
    facts,
    or_none,
    section,
    text_lines,
)
from consultations.report.document.who import WHERE_IDENTITY
from consultations.statute import Outcome, next_working_day

OUTCOMES = {
    Outcome.PASSED: "ผ่าน",
    Outcome.FAILED: "ไม่ผ่าน",
    Outcome.NOT_YET: "ยังไม่ครบกำหนด",
    Outcome.NOT_APPLICABLE: "ไม่เกี่ยวข้อง",
}


def harms(given: ReportInput) -> Section | None:
    if given.profile.is_law and not given.harms.strip():
        return None
    return section(
        "14",
        "ความเดือดร้อนหรือเสียหายที่พบ และมาตรการเพิ่มเติม",
        or_none(text_lines(given.harms), "ไม่ได้ระบุ"),
        title_en="Harms found and added measures",
    )


def impact(given: ReportInput) -> Section | None:
    if not given.profile.is_law:
        return None
    attached = [d for d in given.documents if d.kind in {"ria", "subordinate_plan"}]
    plan = dict(given.information).get("subordinate_plan", "").strip()
    blocks: list[Block] = []
    if attached:
        blocks.append(_documents("เอกสารแนบ", given, {"ria", "subordinate_plan"}))
    if plan:
        blocks += [Paragraph(("แผนการออกกฎหมายลำดับรอง",), "label"), *text_lines(plan)]
    return section(
        "14L",
        "รายงานวิเคราะห์ผลกระทบและแผนกฎหมายลำดับรอง",
        or_none(blocks, "ไม่มีรายงานวิเคราะห์ผลกระทบแนบมากับการรับฟังครั้งนี้"),
        title_en="Impact analysis and subordinate-law plan",
    )


def _documents(caption: str, given: ReportInput, kinds: set[str]) -> Table:
    return Table(
        caption,
        ("เอกสาร", "ชนิด", "ขนาด (ไบต์)", "SHA-256"),
        tuple(
            (
                (d.title,),
                (given.label[facet("document", d.kind)],),
                (f"{d.size:,}",),
                (d.sha256,),
            )
            for d in given.documents
            if d.kind in kinds
        ),
        (2,),
    )


def compliance(given: ReportInput) -> Section:
    rows = tuple(
        (
            (a.rule.th,),
            (OUTCOMES[a.outcome],),
            (a.detail_th or "–",),
            (a.rule.source.clause,),
        )
        for a in given.compliance
    )
    blocks: list[Block] = [
        Table(
            "ตารางตรวจการปฏิบัติ",
            ("ข้อกำหนด", "ผล", "รายละเอียด", "ที่มา"),
            rows,
        )
    ]
    if given.due_on:
        other = next_working_day(given.due_on)
        told = f"กำหนดประกาศผล: ภายใน {day(given.due_on)}"
        if other != given.due_on:
            told += f" (วันหยุด วันทำการถัดไปคือ {day(other)} แต่ไม่ขยายเวลาให้หน่วยงาน)"
        blocks.append(Paragraph((told,), "note"))
    return section(
        "15",
        "การปฏิบัติตามกำหนดเวลาและข้อกำหนด",
        blocks,
        title_en="Compliance",
    )


def publication(given: ReportInput) -> Section:
    done = max(
        (r.completed_on or r.closes_on for r in given.rounds if r.current), default=None
    )
    rows = [
        (p.channel, p.posted_on, p.evidence)
        for p in given.postings
        if p.subject == "report"
    ]
    rows.append(("website", given.taken_on, given.slug))
    return section(
        "16",
        "การเผยแพร่รายงาน",
        [
            Table(
                "วันที่เผยแพร่แต่ละช่องทาง",
                ("ช่องทาง", "วันที่", "จำนวนวันหลังเสร็จสิ้น", "หลักฐาน"),
                tuple(
                    (
                        (given.label[facet("posting", channel)],),
                        (day(on),),
                        (f"{(on - done).days} วัน" if done else "–",),
                        (evidence or "–",),
                    )
                    for channel, on, evidence in rows
                ),
            )
        ],
        title_en="Publication record",
    )


def next_steps(given: ReportInput) -> Section:
    blocks: list[Block] = text_lines(given.next_steps)
    if given.milestones:
        blocks.append(
            Table(
                "กำหนดเวลา",
                ("ขั้นตอน", "ภายในวันที่", "ทำแล้วเมื่อ"),
                tuple(
                    ((title,), (day(due),), (day(done),))
                    for title, due, done in given.milestones
                ),
            )
        )
    return section(
        "17",
        "ขั้นตอนต่อไปและกำหนดเวลา",
        or_none(blocks, "ไม่ได้ระบุ"),
        title_en="Next steps",
    )


def limits(given: ReportInput, count: Counter) -> Section:
    counted = count.counted()
    items: list[tuple[Inline, ...]] = [
        (
            "ผู้แสดงความคิดเห็นเลือกเข้ามาเอง มิใช่ตัวแทนของประชากร "
            "ร้อยละในรายงานนี้จึงบอกสัดส่วนของความเห็นที่ได้รับ มิใช่ของประชาชนทั้งหมด",
        )
    ]
    if counted.value and not count.who.are_few:
        items.append((WHERE_IDENTITY,))
    if 0 < counted.value < SMALL:
        items.append(
            (f"มีความเห็นน้อยกว่า {SMALL} ความเห็น ร้อยละจึงเปลี่ยนมากแม้ต่างกันความเห็นเดียว",)
        )
    copies = counted.value - count.counted("distinct").value
    if copies:
        items.append((f"มีข้อความที่คัดลอกต่อกัน {copies:,} ความเห็น นับครบทุกความเห็น",))
    return section(
        "18",
        "ข้อจำกัดของผลการรับฟัง",
        [*text_lines(given.limitations), Bullets(tuple(items))],
        title_en="Limits",
    )


def all_comments(given: ReportInput, count: Counter) -> Section:
    listed = len(given.comments)
    blocks: list[Block] = [
        Paragraph(
            (
                "ความเห็นที่ได้รับทั้งหมด ",
                count.number("received"),
                " ความเห็น ปกปิดข้อมูลส่วนบุคคลแล้ว",
            )
        )
    ]
    if given.comments_left_out:
        blocks.append(
            Paragraph(
                (
                    "เพื่อให้เอกสารอ่านได้ ภาคผนวกฉบับพิมพ์ไม่พิมพ์ความเห็น "
                    f"{given.comments_left_out:,} ความเห็น ทุกความเห็นอยู่ในแฟ้ม "
                    "XLSX และ CSV ที่ประกาศพร้อมรายงานนี้ "
                    "และอ่านทีละหน้าได้จากลิงก์ของตัวเลขข้างบน",
                ),
                "note",
            )
        )
    if listed:
        blocks.append(
            Table(
                "ความเห็นทั้งหมด",
                ("รหัส", "เรื่อง", "จุดยืน", "ข้อความ", "สถานะ"),
                tuple(
                    (
                        (Ref(c.public_id),),
                        (c.subject,),
                        (given.label[facet("stance", c.stance)],),
                        _shown(c.text, c.suggestion, c.name),
                        (c.status,),
                    )
                    for c in given.comments
                ),
            )
        )
    return section(
        "ผ1",
        "ความเห็นทั้งหมด (ปกปิดข้อมูลส่วนบุคคล)",
        blocks if len(given.members) else or_none([], "ไม่มีความเห็น"),
        title_en="All comments, redacted",
    )


def _shown(text: str, suggestion: str, name: str) -> tuple[Inline, ...]:
    parts: list[Inline] = []
    if text:
        parts.append(text)
    if suggestion:
        parts.append(("\n" if text else "") + f"{SUGGESTED}: {suggestion}")
    if name and parts:
        parts.append(f"\n— {name}")
    return tuple(parts) or ("–",)


def evidence(given: ReportInput) -> Section | None:
    kinds = {d.kind for d in given.documents} - {"ria", "subordinate_plan"}
    rows = [p for p in given.postings if p.evidence]
    if not kinds and not rows:
        return None
    blocks: list[Block] = []
    if rows:
        blocks.append(
            Bullets(
                tuple(
                    (
                        f"{given.label[facet('posting', p.channel)]} "
                        f"{day(p.posted_on)}: {p.evidence}",
                    )
                    for p in rows
                )
            )
        )
    if kinds:
        blocks.append(_documents("เอกสารประกอบ", given, kinds))
    return section(
        "ผ2",
        "ประกาศ หลักฐานการปิดประกาศ และรายงานการประชุม",
        blocks,
        title_en="Evidence",
    )


def method(given: ReportInput, count: Counter) -> Section:
    redacted = count.number("redacted")
    blocks: list[Block] = [
        Paragraph(
            (
                "ปกปิดข้อมูลส่วนบุคคลในข้อความที่เผยแพร่ ",
                redacted,
                " ความเห็น ข้อความตามที่พิมพ์เก็บไว้แยกต่างหากและไม่เปลี่ยนแปลง",
            )
        )
    ]
    blocks.append(
        Paragraph(
            (
                "ที่มาของจุดยืนในความเห็นที่นับ: ผู้ให้ความเห็นเลือกเอง ",
                count.counted("said-form"),
                " ความเห็น ข้อความนำเข้าที่เขียนไว้ชัดว่าเห็นด้วยหรือไม่ ",
                count.counted("said-cue"),
                " ความเห็น ไม่ระบุ ",
                count.counted("said-none"),
                " ความเห็น ไม่มีการเดาจุดยืนจากอารมณ์หรือน้ำเสียงของข้อความ",
            )
        )
    )
    run = given.run
    if run:
        rows: list[tuple[str, tuple[Inline, ...]]] = [
            ("ตัวแปลงข้อความเป็นเวกเตอร์", (run.encoder or "–",)),
            ("ค่าเริ่มสุ่ม", (str(run.seed),)),
            ("ค่าแฮชข้อมูลนำเข้า", (run.input_sha256 or "–",)),
            ("ค่าแฮชผลลัพธ์", (run.output_sha256 or "–",)),
            ("จัดเข้าประเด็นโดยระบบ", (f"{run.placed_by_machine:,} ความเห็น",)),
            ("จัดเข้าประเด็นโดยเจ้าหน้าที่", (f"{run.moved_by_people:,} ความเห็น",)),
            *((f"พารามิเตอร์ {name}", (value,)) for name, value in run.parameters),
            *((f"ค่าวัด {name}", (value,)) for name, value in run.metrics),
        ]
        blocks.append(facts("การจัดกลุ่มความเห็น (ระบบเสนอ เจ้าหน้าที่รับรอง)", rows))
    blocks.append(
        Paragraph(
            (
                "ข้อมูลเปิด: รายงานในรูป JSON และความเห็นทั้งหมดในรูป XLSX และ CSV "
                "ประกาศพร้อมรายงานนี้พร้อมค่าแฮช SHA-256",
            )
        )
    )
    return section(
        "ผ3",
        "วิธีวิเคราะห์ การปกปิด และชุดข้อมูลเปิด",
        blocks,
        title_en="Method, redaction and open data",
    )
