"""Headings 0 to 7: what the report is about and how the hearing was held."""

from __future__ import annotations

from consultations import statute
from consultations.report.document.blocks import (
    Block,
    Bullets,
    Inline,
    Number,
    Paragraph,
    Section,
    Table,
)
from consultations.report.document.inputs import ReportInput, RoundIn, ThemeIn
from consultations.report.document.members import facet
from consultations.report.document.parts import (
    DECISIONS,
    Counter,
    day,
    facts,
    or_none,
    section,
    text_lines,
)
from consultations.report.document.small_cells import left_out
from consultations.report.document.who import LEFT_OUT
from consultations.statute import MethodFact

#: Themes told in the one-minute summary; the rest are under heading 12.
IN_SUMMARY = 10


def report_number(given: ReportInput) -> str:
    """Return the number by which a report is cited."""
    return f"{given.slug}/{given.round_number}/{given.number}"


def control(given: ReportInput, digest: str) -> Section:
    taken = given.taken_at
    rows = [
        ("เลขที่รายงาน", (report_number(given),)),
        ("รุ่น", (f"ฉบับที่ {given.number}",)),
        ("หน่วยงาน", (given.agency,)),
        ("กระทรวงต้นสังกัด", (given.ministry or "–",)),
        (
            "ข้อมูล ณ",
            (f"{day(given.taken_on)} เวลา {taken:%H.%M} น. (เวลาประเทศไทย)",),
        ),
        ("ผู้รับรอง", (given.signer_name or "–",)),
        ("ตำแหน่ง", (given.signer_position or "–",)),
        ("ร่างที่รับฟัง", (f"{given.draft_title} ฉบับที่ {given.draft_version}",)),
        ("ค่าแฮช SHA-256 ของร่าง", (given.draft_sha256,)),
        ("ค่าแฮช SHA-256 ของรายการความเห็นที่นับ", (digest,)),
    ]
    note = (
        "ค่าแฮชของรายงานฉบับนี้พิมพ์ไว้ที่หน้าประกาศผล ทุกตัวเลขในรายงานนับจากรายการความเห็นชุดเดียวกัน"
    )
    alone = ", ".join(str(t.number) for t in given.themes if t.signed_by_writer)
    told = (
        f"คำชี้แจงต่อประเด็นที่ {alone} ลงนามโดยผู้ที่เขียนหรือแก้คำชี้แจงนั้นเอง "
        "ตามข้อยกเว้นสำหรับหน่วยงานที่มีผู้จัดทำและผู้อนุมัติเพียงสองคน"
    )
    return section(
        "0",
        "ข้อมูลเอกสาร",
        [
            facts("ข้อมูลเอกสาร", rows),
            *([Paragraph((told,))] if alone else []),
            Paragraph((note,), "note"),
        ],
        title_en="Document control",
    )


def summary(given: ReportInput, count: Counter) -> Section:
    received = count.number("received")
    told: list[Inline] = [
        "ได้รับความเห็น ",
        received,
        " ความเห็น จากผู้แสดงความคิดเห็น ",
        count.people("received"),
        " ราย นับในผลการรับฟัง ",
        count.counted(),
        " ความเห็น",
    ]
    blocks: list[Block] = [*text_lines(given.summary), Paragraph(tuple(told))]
    if count.counted().value:
        blocks.append(Paragraph(count.stances_in_words()))
    if given.themes:
        largest = sorted(
            given.themes, key=lambda t: -count.counted(facet("theme", t.number)).value
        )
        rows = tuple(
            (
                (f"{t.number}. {t.title}",),
                (count.counted(facet("theme", t.number)),),
                count.stances_in_words(facet("theme", t.number)),
                (_done(t),),
            )
            for t in largest[:IN_SUMMARY]
        )
        blocks.append(
            Table(
                "ประเด็นที่มีความเห็นมากที่สุด จุดยืนของผู้ให้ความเห็น และสิ่งที่หน่วยงานทำ",
                ("ประเด็น", "ความเห็น", "จุดยืน", "ผลการพิจารณา"),
                rows,
                (1,),
            )
        )
    more = len(given.themes) - IN_SUMMARY
    if more > 0:
        blocks.append(Paragraph((f"และอีก {more} ประเด็น อยู่ในหัวข้อ 12",), "note"))
    changed = [t for t in given.themes if t.after.strip()]
    if changed:
        told_changes = ", ".join(dict.fromkeys(t.provision for t in changed))
        blocks.append(Paragraph((f"ร่างที่แก้ไขตามความเห็น: {told_changes}",)))
    return section("1", "บทสรุปสำหรับประชาชน", blocks, title_en="Summary for the public")


def _done(theme: ThemeIn) -> str:
    """Say what was decided on a theme, and where the draft changed if it did."""
    decision = DECISIONS[theme.decision]
    changed = theme.after.strip() and theme.provision
    return f"{decision} แก้ {theme.provision}" if changed else decision


def basis(given: ReportInput) -> Section:
    profile = given.profile
    rows = [
        ("ฐานกฎหมาย", (profile.th,)),
        ("ที่มา", (profile.source.clause,)),
        ("ลักษณะการรับฟัง", ("รับฟังความคิดเห็นรายมาตราและรายประเด็นต่อร่างที่ตรึงไว้",)),
        ("ครั้งที่", (str(given.round_number),)),
    ]
    if given.waiver.strip():
        rows.append(("เหตุที่กำหนดเวลาสั้นกว่าเกณฑ์", (given.waiver.strip(),)))
    return section(
        "2",
        "ฐานกฎหมายและลักษณะการรับฟัง",
        [facts("ฐานกฎหมาย", rows)],
        title_en="Legal basis and type",
    )


def information(given: ReportInput) -> Section:
    profile = given.profile
    written = dict(given.information)
    rows = []
    for item in profile.items:
        text = written.get(item.id, "").strip()
        if item.choices:
            text = {choice.id: choice.th for choice in item.choices}.get(text, text)
        if text or item.required:
            rows.append((item.th, (text or "ไม่ได้ระบุ",)))
    if profile.is_law:
        rows.append(("ร่าง (รุ่น)", (f"{given.draft_title} ฉบับที่ {given.draft_version}",)))
        title = "สภาพปัญหา ความจำเป็น หลักการ ผู้ได้รับผลกระทบ และร่าง"
    else:
        title = "ข้อมูลโครงการที่เผยแพร่"
    return section(
        profile.heading,
        title,
        [facts(title, rows)],
        title_en="Published information",
    )


def notice(given: ReportInput, current: RoundIn) -> Section:
    rows = tuple(
        (
            (given.label[facet("posting", p.channel)],),
            (day(p.posted_on),),
            (_days_before(p.posted_on, current),),
            (p.evidence or "–",),
        )
        for p in given.postings
        if p.subject == "notice"
    )
    blocks: list[Block] = [
        Paragraph((f"วันประกาศรับฟัง: {day(current.announced_on)}",)),
    ]
    if rows:
        blocks.append(
            Table(
                "การประกาศแต่ละช่องทาง",
                ("ช่องทาง", "วันที่ประกาศ", "ล่วงหน้าก่อนเปิดรับฟัง", "หลักฐาน"),
                rows,
            )
        )
    return section(
        "4",
        "การประกาศ: วันที่ ช่องทาง หลักฐาน จำนวนวันล่วงหน้า",
        blocks,
        title_en="Notice",
    )


def _days_before(posted, current: RoundIn) -> str:
    if current.opens_on is None:
        return "–"
    days = statute.notice_days(posted, current.opens_on)
    return f"{days} วัน" if days >= 0 else "หลังเปิดรับฟัง"


def methods(given: ReportInput) -> Section:
    rows = tuple(
        (
            (given.label[facet("method", m.code)],),
            (m.detail or "–",),
            (_used(given, m),),
        )
        for m in given.methods
    )
    head = ("วิธีการ", "รายละเอียด", "ได้ดำเนินการ")
    blocks = [Table("วิธีการรับฟัง", head, rows)] if rows else []
    return section(
        "5",
        "วิธีการรับฟังความคิดเห็น",
        or_none(blocks, "ไม่มีการบันทึกวิธีการรับฟัง"),
        title_en="Methods",
    )


def _used(given: ReportInput, method: MethodFact) -> str:
    """Say what shows that a method was used, or that it was only planned."""
    told = []
    if method.opened:
        first, last = method.opened
        told.append(f"เปิดรับบนเว็บไซต์นี้ {day(first)} ถึง {day(last)}")
    if method.held:
        days = ", ".join(day(on) for on in method.held)
        told.append(f"ประชุม {len(method.held)} ครั้ง: {days}")
    if method.channels:
        came = ", ".join(given.label[facet("channel", c)] for c in method.channels)
        told.append(f"มีความเห็นทาง{came}")
    return " · ".join(told) or "วางแผนไว้ ไม่มีหลักฐานว่าได้ทำ"


def periods(given: ReportInput) -> Section:
    rows = []
    for r in given.rounds:
        length = "–"
        if r.opens_on and r.closes_on:
            length = f"{statute.days_inclusive(r.opens_on, r.closes_on)} วัน"
        counted = Number(r.comments, "received") if r.current else Number(r.comments)
        rows.append(
            (
                (f"ครั้งที่ {r.number} (ร่างฉบับที่ {r.version})",),
                (day(r.opens_on),),
                (day(r.closes_on),),
                (length,),
                (day(r.completed_on),),
                (counted,),
            )
        )
    blocks: list[Block] = [
        Table(
            "จำนวนครั้งและระยะเวลา (นับทั้งวันแรกและวันสุดท้าย)",
            ("ครั้ง", "วันแรก", "วันสุดท้าย", "รวม", "วันเสร็จสิ้น", "ความเห็นที่ได้รับ"),
            tuple(rows),
            (5,),
        )
    ]
    if given.extensions:
        blocks.append(
            Table(
                "การขยายเวลา",
                ("เมื่อ", "เดิมถึง", "ขยายถึง", "เหตุผล"),
                tuple(
                    ((day(on),), (day(before),), (day(last),), (reason,))
                    for on, before, last, reason in given.extensions
                ),
            )
        )
    if given.sessions:
        blocks.append(
            Table(
                "การประชุมรับฟัง",
                ("วันที่", "เวลา", "สถานที่", "ผู้จัด", "ผู้เข้าร่วม", "รายงานการประชุม"),
                tuple(
                    (
                        (day(s.held_on),),
                        (s.time or "–",),
                        (s.place,),
                        (s.host or "–",),
                        (_heads(s.heads, dict(given.smallest)["group"]),),
                        (s.minutes or "–",),
                    )
                    for s in given.sessions
                ),
            )
        )
    return section(
        "6", "จำนวนครั้งและระยะเวลาแต่ละครั้ง", blocks, title_en="Rounds and periods"
    )


def _heads(heads: tuple[tuple[str, int], ...], smallest: int) -> str:
    if not heads:
        return "–"
    values = dict(heads)
    small = {group for group, n in heads if 0 < n < smallest}
    gone = left_out(values, [("", list(values))], small=small)
    groups = ", ".join(
        f"{group} {LEFT_OUT if group in gone else format(n, ',')}" for group, n in heads
    )
    return f"{sum(values.values()):,} คน ({groups})"


def targets(given: ReportInput) -> Section:
    blocks: list[Block] = []
    if given.affected_groups:
        blocks.append(Paragraph(("กลุ่มเป้าหมาย",), "label"))
        blocks.append(Bullets(tuple((group,) for group in given.affected_groups)))
    if given.told:
        blocks.append(
            Table(
                "องค์กรที่ได้รับแจ้ง",
                ("องค์กร", "ช่องทาง", "วันที่แจ้ง"),
                tuple(
                    ((name,), (channel,), (day(on),))
                    for name, channel, on in given.told
                ),
            )
        )
    return section(
        "7",
        "พื้นที่และกลุ่มเป้าหมาย / การแจ้งผู้มีส่วนได้เสีย",
        or_none(blocks, "ไม่มีการบันทึกกลุ่มเป้าหมายหรือการแจ้งผู้มีส่วนได้เสีย"),
        title_en="Target groups and notifications",
    )
