"""Headings 8 to 13: who took part, what they said, what was answered, what changed."""

from __future__ import annotations

from collections.abc import Sequence

from consultations.report.document.blocks import (
    Block,
    Bullets,
    Change,
    Inline,
    Number,
    Paragraph,
    Quote,
    Ref,
    Section,
    Table,
)
from consultations.report.document.inputs import ReportInput, ThemeIn
from consultations.report.document.members import STATES, facet, rolled_up
from consultations.report.document.parts import (
    ALL_OF,
    DECISIONS,
    ONLY,
    SUGGESTED,
    Counter,
    day,
    or_none,
    section,
    share,
    text_lines,
)
from consultations.report.document.who import LEFT_OUT, WHERE_IDENTITY, People, voice

NO_COMMENTS = "ไม่มีความเห็นที่นับในการรับฟังครั้งนี้"
WHO_TH = {
    "public": "(ก) ประชาชน",
    "stakeholder": "(ข) ผู้มีส่วนได้เสีย",
    "agency": "(ค) หน่วยงาน",
}
FOR = ("agree", "agree_with_changes")


def participants(given: ReportInput, count: Counter) -> Section:
    reconcile = Table(
        "กระทบยอดความเห็น",
        ("สถานะ", "ความเห็น", "ราย"),
        tuple(
            (
                (given.label[facet("state", state)],),
                (count.number(state),),
                (count.people(state),),
            )
            for state in STATES
        ),
        (1, 2),
        foot=(("ได้รับทั้งหมด",), (count.number("received"),), (count.people("received"),)),
    )
    blocks: list[Block] = [
        reconcile,
        Paragraph(
            ("ได้รับ = นับ + ส่งหลังปิดรับ + ซ่อน + ถอน + ซ้ำ ความเห็นหนึ่งอยู่ในสถานะเดียว",),
            "note",
        ),
    ]
    if not count.counted().value:
        blocks.append(Paragraph((NO_COMMENTS,), "empty"))
        return section(
            "8", "ผู้แสดงความคิดเห็นและกระทบยอด", blocks, title_en="Participants"
        )
    grounds = count.members.facets("ground")
    if grounds:
        blocks.append(
            _breakdown(
                "ความเห็นที่ซ่อน แยกตามเหตุ",
                [(given.label.get(g, g), g) for g in grounds],
                count,
                base="hidden",
            )
        )
    blocks += [
        _breakdown("แยกตามช่องทาง", _values(given, count, "channel"), count),
        *_by_people(given, count),
    ]
    return section("8", "ผู้แสดงความคิดเห็นและกระทบยอด", blocks, title_en="Participants")


def _values(given: ReportInput, count: Counter, kind: str) -> list[tuple[str, str]]:
    rows = [
        (given.label.get(name, name.partition("-")[2]), name)
        for name in count.members.facets(kind)
        if count.counted(name).value
    ]
    return sorted(rows, key=lambda r: (-count.counted(r[1]).value, r[1]))


def _breakdown(
    caption: str, rows: Sequence[tuple[str, str]], count: Counter, base: str = "counted"
) -> Table:
    whole = count.number(base)
    return Table(
        f"{caption} (n = {whole.value:,})",
        ("รายการ", "ความเห็น", "ราย"),
        tuple(
            (
                (label,),
                (n := count.number(base, own), *share(n.value, whole.value)),
                (count.people(base, own),),
            )
            for label, own in rows
        ),
        (1, 2),
        foot=(("รวม",), (whole,), (count.people(base),)),
    )


def _by_people(given: ReportInput, count: Counter) -> list[Block]:
    """Make the tables by who people are, without the numbers that tell of somebody."""
    people = count.who
    if people.are_few:
        told = "ผู้แสดงความคิดเห็นมีน้อยราย จึงไม่แสดงตารางแยกตามฐานะ กลุ่ม จังหวัด และตัวตน"
        return [Paragraph((told,), "note")]
    whole = count.counted()
    tables: list[Block] = [
        Table(
            f"{caption} (n = {whole.value:,})",
            ("รายการ", "ความเห็น", "ราย"),
            tuple(
                (
                    (given.label.get(name, name.partition("-")[2]),),
                    _with_share(people.number(name), whole),
                    (people.number(name, people.people),),
                )
                for name in people.values(kind)
            ),
            (1, 2),
            foot=(("รวม",), (whole,), (count.people("counted"),)),
        )
        for kind, caption in (
            ("capacity", "แยกตามฐานะผู้แสดงความคิดเห็น"),
            ("group", "แยกตามกลุ่มผู้ได้รับผลกระทบ"),
            ("province", "แยกตามจังหวัด"),
            ("identity", "แยกตามระดับการยืนยันตัวตน"),
        )
    ]
    return [*tables, Paragraph((people.note,), "note")]


def _with_share(number: Inline, whole: Number) -> tuple[Inline, ...]:
    shown = isinstance(number, Number)
    return (number, *(share(number.value, whole.value) if shown else ()))


def issues(given: ReportInput, count: Counter) -> Section:
    blocks: list[Block] = []
    if given.questions:
        blocks.append(
            Table(
                "คำถามที่หน่วยงานขอรับฟัง",
                ("คำถาม", "มาตราที่เกี่ยวข้อง", "ความเห็น"),
                tuple(
                    (
                        (f"{q.number}. {q.text}",),
                        (", ".join(q.provisions) or "–",),
                        (count.counted(f"q-{q.number}"),),
                    )
                    for q in given.questions
                ),
                (2,),
            )
        )
    rows = [
        (
            (f"{t.number}. {t.title}",),
            (", ".join(t.subjects) or "–",),
            (count.counted(facet("theme", t.number)),),
            (count.counted(facet("theme", t.number), "distinct"),),
        )
        for t in given.themes
    ]
    rows += [
        (
            (given.label[facet("bucket", b)],),
            ("–",),
            (count.counted(facet("bucket", b)),),
            (count.counted(facet("bucket", b), "distinct"),),
        )
        for b in ("few", "no_reason", "other")
    ]
    if count.counted("unplaced").value:
        rows.append(
            (
                ("ยังไม่ได้จัดเข้าประเด็น",),
                ("–",),
                (count.counted("unplaced"),),
                (count.counted("unplaced", "distinct"),),
            )
        )
    if count.counted().value:
        blocks.append(
            Table(
                "ประเด็นความเห็น",
                ("ประเด็น", "มาตราที่กล่าวถึง", "ความเห็นทั้งหมด", "ไม่ซ้ำกัน"),
                tuple(rows),
                (2, 3),
                foot=(
                    ("รวม",),
                    ("",),
                    (count.counted(),),
                    (count.counted("distinct"),),
                ),
            )
        )
        blocks.append(
            Paragraph(
                ("“ไม่ซ้ำกัน” นับข้อความที่คัดลอกต่อกันเป็นหนึ่ง ความเห็นทั้งหมดยังนับครบทุกความเห็น",),
                "note",
            )
        )
    return section(
        "9",
        "ประเด็นที่มีการแสดงความคิดเห็น",
        or_none(blocks, NO_COMMENTS),
        title_en="Issues raised",
    )


def outcome(given: ReportInput, count: Counter) -> Section:
    inner: list[Section] = []
    title = "ผลรายประเด็น: เห็นด้วย ไม่เห็นด้วย ไม่แสดงความคิดเห็น"
    if not count.counted().value:
        empty = [Paragraph((NO_COMMENTS,), "empty")]
        return section("10", title, empty, title_en="Result per issue")

    def add(number: str, name: str, rows: list[tuple[str, str]]) -> None:
        used = [row for row in rows if count.counted(row[1]).value]
        blocks = count.stances(name, used) if used else []
        left = len(rows) - len(used)
        if left:
            blocks.append(Paragraph((f"อีก {left:,} รายการไม่มีความเห็น",), "note"))
        inner.append(section(number, name, or_none(blocks, NO_COMMENTS)))

    if given.questions:
        add(
            "10.1",
            "รายคำถาม",
            [(f"{q.number}. {q.text}", f"q-{q.number}") for q in given.questions],
        )
    add(
        "10.2",
        "รายมาตรา",
        _by_provision(given, count),
    )
    add("10.3", "ร่างทั้งฉบับ", [("ร่างทั้งฉบับ", "whole")])
    if given.themes:
        add(
            "10.4",
            "รายประเด็นความเห็น",
            [
                (f"{t.number}. {t.title}", facet("theme", t.number))
                for t in given.themes
            ],
        )
    told = "ทุกร้อยละคิดจากความเห็นที่นับในแถวนั้น"
    if not count.who.are_few:
        told += f" {WHERE_IDENTITY}"
    note = Paragraph((told,), "note")
    return section("10", title, [note], inner, title_en="Result per issue")


def _by_provision(given: ReportInput, count: Counter) -> list[tuple[str, str]]:
    """Return (name, facet) of each provision.

    Before the clauses that a section changes stands the section with all of them; the
    section alone follows where it was spoken on too.
    """
    amending = {rolled_up(f"at-{p.eid}") for p in given.provisions if p.is_clause}
    rows = []
    for p in given.provisions:
        own, whole = f"at-{p.eid}", rolled_up(f"at-{p.eid}")
        if p.is_clause:
            rows.append((p.name, own))
            continue
        name = " ".join((p.label, p.heading)).strip()
        if whole in amending and count.counted(whole).value:
            rows.append((ALL_OF.format(name), whole))
            if not count.counted(own).value:
                continue
            name = ONLY.format(name)
        rows.append((name, own))
    return rows


def views(given: ReportInput, count: Counter) -> Section:
    title = "ความเห็น ข้อคัดค้าน ข้อเสนอแนะ ของประชาชน ผู้มีส่วนได้เสีย และหน่วยงาน"
    if not count.counted().value:
        empty = [Paragraph((NO_COMMENTS,), "empty")]
        return section("11", title, empty, title_en="Views by who")
    people = count.who
    blocks: list[Block]
    if people.are_few:
        blocks = [Paragraph(("ผู้แสดงความคิดเห็นมีน้อยราย จึงไม่แยกตามผู้ให้ความเห็น",), "note")]
    else:
        listed = [
            (f"{t.number}. {t.title}", facet("theme", t.number)) for t in given.themes
        ]
        rows = tuple(
            ((label,), *(_voice(people, own, who) for who in WHO_TH))
            for label, own in [*listed, ("ความเห็นทั้งหมด", "")]
        )
        head = ("ประเด็น", *WHO_TH.values())
        blocks = [
            Table("ความเห็นแยกตามผู้ให้ความเห็น", head, rows),
            Paragraph((people.note,), "note"),
        ]
    few = _few_points(given, count)
    return section("11", title, blocks, few, title_en="Views by who")


_TOLD = (("เห็นด้วย", "agree"), ("มีข้อแก้ไข", "agree_with_changes"), ("คัดค้าน", "disagree"))


def _voice(people: People, theme: str, who: str) -> tuple[Inline, ...]:
    """Print what one voice said of a theme; what nobody said is not listed."""
    told = [(name, voice(theme, facet("stance", code), who)) for name, code in _TOLD]
    if not theme:
        told.append(("รวม", voice("", "", who)))
    numbers = [(name, people.number(key)) for name, key in told]
    parts: list[Inline] = []
    for name, number in numbers:
        if number != Number(0):
            parts += [" · " if parts else "", f"{name} ", number]
    if not any(isinstance(part, Number) for part in parts):
        return (LEFT_OUT,) if parts else ("–",)
    return tuple(part for part in parts if part)


def _few_points(given: ReportInput, count: Counter) -> list[Section]:
    """List each point raised by few on its own: rare is not unimportant."""
    if not given.points:
        return []
    items = []
    for point in given.points:
        text = point.text or "ไม่เผยแพร่ข้อความ"
        if point.of == "suggestion":
            text = f"{SUGGESTED}: {text}"
        where = f" ({point.subject}, {given.label[facet('stance', point.stance)]}) "
        items.append((text, where, Ref(point.public_id)))
    intro = Paragraph(
        (
            "มีผู้เสนอน้อยราย ",
            count.counted("bucket-few"),
            " ความเห็น แสดงไว้ทีละความเห็น",
        )
    )
    return [section("11.1", "ความเห็นที่มีผู้เสนอน้อยราย", [intro, Bullets(tuple(items))])]


def _quotes(theme: ThemeIn, stances: tuple[str, ...] | None) -> list[Block]:
    return [
        Quote(q.text, q.public_id, q.start, q.end, q.sha256, q.stance, q.whole, q.of)
        for q in theme.quotes
        if stances is None or q.stance in stances
    ]


def answer(given: ReportInput, theme: ThemeIn, count: Counter) -> Section:
    """Make the part of one theme: what was said, for and against, and the answer."""
    own = facet("theme", theme.number)
    said: list[Inline] = ["ความเห็น ", count.counted(own), " ความเห็น"]
    distinct = count.counted(own, "distinct")
    if distinct.value != count.counted(own).value:
        said += [" (ไม่ซ้ำกัน ", distinct, ")"]
    blocks: list[Block] = [Paragraph(tuple(said))]
    if theme.note.strip():
        blocks += text_lines(theme.note)
    blocks += count.stances(f"จุดยืนในประเด็นที่ {theme.number}", [(theme.title, own)])
    others = tuple({q.stance for q in theme.quotes} - {*FOR, "disagree"})
    for name, stances in (
        ("ความเห็นสนับสนุน", FOR),
        ("ข้อคัดค้าน", ("disagree",)),
        ("ความเห็นอื่น", others),
    ):
        found = _quotes(theme, stances)
        if found:
            blocks += [Paragraph((name,), "label"), *found]
    blocks.append(Paragraph(("คำชี้แจงของหน่วยงาน",), "label"))
    blocks += or_none(text_lines(theme.reply), "ยังไม่มีคำชี้แจง")
    blocks.append(Paragraph((f"ผลการพิจารณา: {DECISIONS[theme.decision]}",), "decision"))
    if theme.reason.strip():
        blocks.append(Paragraph(("เหตุผล",), "label"))
        blocks += text_lines(theme.reason)
    if theme.provision:
        blocks.append(Paragraph((f"มาตราที่แก้ไข: {_changed(theme)}",)))
    if theme.signed_by:
        blocks.append(
            Paragraph(
                (f"ลงนามโดย {theme.signed_by} เมื่อ {day(theme.signed_on)}",), "note"
            )
        )
    return Section(
        f"12.{theme.number}",
        theme.title,
        tuple(blocks),
        f"theme-{theme.number}",
        (),
        theme.title_en,
    )


def answers(given: ReportInput, count: Counter) -> Section:
    inner = [answer(given, theme, count) for theme in given.themes]
    blocks: list[Block] = []
    if inner:
        tally = Bullets(
            tuple(
                (f"{name} {n} ประเด็น",)
                for code, name in DECISIONS.items()
                if (n := sum(t.decision == code for t in given.themes))
            )
        )
        blocks.append(tally)
    return section(
        "12",
        "คำชี้แจงเหตุผลรายประเด็นและผลการพิจารณา",
        blocks if inner else or_none([], "ไม่มีประเด็นความเห็น"),
        inner,
        title_en="Reasoned replies and decisions",
    )


def _changed(theme: ThemeIn) -> str:
    """Say what changed: a place without new words is named, not called changed."""
    if theme.after.strip():
        return theme.provision or "ไม่ได้ระบุมาตรา"
    if theme.provision:
        return f"{theme.provision} ยังไม่มีถ้อยคำใหม่"
    return "ไม่ได้แก้ถ้อยคำในร่าง"


def changes(given: ReportInput, count: Counter) -> Section:
    blocks: list[Block] = []
    places: dict[tuple[str, str, str], list[int]] = {}
    for t in given.themes:
        if t.after.strip() or t.before.strip():
            places.setdefault((t.provision, t.before, t.after), []).append(t.number)
    blocks += [
        Change(label, before, after, tuple(numbers))
        for (label, before, after), numbers in places.items()
    ]
    used = [t for t in given.themes if t.decision in {"accept", "accept_part"}]
    if used:
        blocks.append(
            Table(
                "ประเด็นที่รับ และสิ่งที่แก้",
                ("ประเด็น", "ความเห็น", "จุดยืน", "ผลการพิจารณา", "มาตราที่แก้"),
                tuple(
                    (
                        (f"{t.number}. {t.title}",),
                        (count.counted(facet("theme", t.number)),),
                        count.stances_in_words(facet("theme", t.number)),
                        (DECISIONS[t.decision],),
                        (_changed(t),),
                    )
                    for t in used
                ),
                (1,),
            )
        )
    return section(
        "13",
        "การนำผลมาประกอบการพิจารณา",
        or_none(blocks, "ไม่มีการแก้ไขร่างตามผลการรับฟังครั้งนี้"),
        title_en="What changed",
    )
