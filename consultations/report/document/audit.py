"""The appendix of the blind audit: how often the machine is wrong, or that none knows.

The figures are made by ``comments.blind_audit``; here they are only set in words.
"""

from __future__ import annotations

from consultations.report.document.blocks import (
    Block,
    Bullets,
    Inline,
    Paragraph,
    Percent,
    Section,
    Table,
)
from consultations.report.document.inputs import AuditIn, ReportInput
from consultations.report.document.parts import day, section

NOT_AUDITED = (
    "ยังไม่มีการตรวจคุณภาพแบบไม่เห็นคำตอบกัน จึงไม่ทราบว่าระบบจัดความเห็นเข้าประเด็นผิดบ่อยเพียงใด"
)
NOT_FINISHED = (
    "สุ่มความเห็นเพื่อตรวจคุณภาพเมื่อ {} แต่ผู้ลงรหัสสองคนยังทำไม่เสร็จ จึงยังไม่มีผล "
    "และไม่ทราบว่าระบบจัดความเห็นเข้าประเด็นผิดบ่อยเพียงใด"
)
#: Confusions printed; the desk has all of them.
MOST_CONFUSIONS = 20


def blind_audit(given: ReportInput) -> Section:
    """Print what the newest audit found, and every audit that it replaced."""
    blocks: list[Block] = []
    if not given.audits:
        blocks.append(Paragraph((NOT_AUDITED,)))
    else:
        newest, *earlier = given.audits
        if newest.finished_on is None:
            blocks.append(Paragraph((NOT_FINISHED.format(day(newest.drawn_on)),)))
        else:
            blocks += _found(newest)
        blocks += _replaced(newest, earlier)
    return section(
        "ผ4",
        "การตรวจคุณภาพการจัดประเด็นแบบไม่เห็นคำตอบกัน",
        blocks,
        title_en="Blind audit of the grouping",
    )


def _found(audit: AuditIn) -> list[Block]:
    told: list[Block] = [
        Paragraph(
            (
                f"เจ้าหน้าที่สองคนอ่านความเห็น {audit.coded:,} ความเห็น "
                f"ที่สุ่มจาก {audit.population:,} ความเห็นที่ไม่ซ้ำกัน "
                f"เมื่อ {day(audit.drawn_on)} ต่างคนต่างเลือกประเด็น "
                "โดยไม่เห็นคำตอบของระบบและไม่เห็นคำตอบของกัน "
                f"เสร็จเมื่อ {day(audit.finished_on)}",
            )
        )
    ]
    if audit.agreed:
        wrong: tuple[Inline, ...] = (
            f"ระบบจัดต่างจากที่สองคนเห็นตรงกัน {audit.wrong:,} ใน {audit.agreed:,} ความเห็น ",
            Percent(audit.wrong, audit.agreed),
            f" (ช่วงเชื่อมั่น 95% คือ {audit.wrong_interval})",
        )
        told.append(Paragraph(wrong))
    told.append(
        Table(
            "ตรงกันเพียงใด",
            (
                "ใครกับใคร",
                "ตรงกัน",
                "ร้อยละ",
                "ช่วงเชื่อมั่น 95%",
                "Cohen’s κ",
                "Gwet’s AC1",
            ),
            tuple(
                (
                    (pair.who,),
                    (f"{pair.same:,}/{pair.of:,}",),
                    (Percent(pair.same, pair.of),),
                    (pair.interval,),
                    (pair.kappa,),
                    (pair.ac1,),
                )
                for pair in audit.pairs
            ),
            (1, 2, 3, 4, 5),
        )
    )
    told.append(
        Paragraph(
            (
                "κ และ AC1 หักส่วนที่ตรงกันโดยบังเอิญออกแล้ว 1 คือตรงกันทั้งหมด "
                "0 คือไม่ดีกว่าบังเอิญ ขีดคือคำนวณไม่ได้ เช่น มีผู้เลือกรหัสเดียวตลอด "
                "ในวงเล็บคือช่วงเชื่อมั่น 95% ร้อยละใช้ช่วงของวิลสัน "
                "คนกับคนตรงกันเท่าใด เป็นเพดานที่คาดหวังจากระบบได้",
            ),
            "note",
        )
    )
    if audit.confusion:
        told.append(_confusion(audit))
    if audit.left_out:
        left = (
            f"อีก {audit.left_out:,} ความเห็นที่สุ่มได้ไม่มีรหัสครบสองคน "
            "เพราะถูกถอนหรือซ่อนระหว่างนั้น จึงไม่นับ"
        )
        told.append(Paragraph((left,), "note"))
    drawn = (
        f"ตัวอย่างคือ {audit.drawn:,} ความเห็นแรกเมื่อเรียงตามค่า SHA-256 ของ "
        f"“{audit.seed}:รหัสความเห็น” จึงสุ่มซ้ำเพื่อตรวจสอบได้ "
        "ข้อความที่คัดลอกต่อกันเลือกเพียงหนึ่ง"
    )
    told.append(Paragraph((drawn,), "note"))
    return told


def _confusion(audit: AuditIn) -> Table:
    return Table(
        "ที่สองคนเห็นตรงกันแต่ระบบจัดต่างไป",
        ("สองคนเห็นว่า", "ระบบจัดเป็น", "ความเห็น"),
        tuple(
            ((people,), (machine,), (f"{n:,}",))
            for people, machine, n in audit.confusion[:MOST_CONFUSIONS]
        ),
        (2,),
    )


def _replaced(newest: AuditIn, earlier: list[AuditIn]) -> list[Block]:
    """Tell of every earlier drawing: none is drawn away unseen."""
    lines: list[tuple[Inline, ...]] = []
    for after, audit in zip([newest, *earlier], earlier, strict=False):
        found: tuple[Inline, ...] = ("ยังไม่เสร็จเมื่อถูกแทน",)
        if audit.finished_on:
            found = (
                f"ระบบจัดต่างไป {audit.wrong:,} ใน {audit.agreed:,} ความเห็น ",
                Percent(audit.wrong, audit.agreed),
            )
        head = f"ครั้งที่ {audit.number} สุ่มเมื่อ {day(audit.drawn_on)}: "
        lines.append((head, *found, f" เหตุที่สุ่มใหม่: {after.reason}"))
    if not lines:
        return []
    return [Paragraph(("การสุ่มครั้งก่อนที่ถูกแทน",), "label"), Bullets(tuple(lines))]
