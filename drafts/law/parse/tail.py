"""Name the text that stands round the provisions: front matter and what follows."""

from __future__ import annotations

import re
from itertools import groupby

from drafts.law.numerals import DIGITS
from drafts.law.parse.lines import HEAD, WORD, Line
from drafts.law.structure import Part, PartKind

INSTRUMENTS = (
    "พระราชบัญญัติ|พระราชกำหนด|พระราชกฤษฎีกา|รัฐธรรมนูญ|กฎกระทรวง|ระเบียบ|ข้อบังคับ|ประกาศ|"
    "คำสั่ง|ข้อกำหนด|ข้อบัญญัติ|เทศบัญญัติ|กฎ ก"
)
COUNTERSIGNATURE = re.compile(
    r"(?:ผู้)?(?:ลงนาม)?รับสนองพระ(?:บรม)?ราชโองการ(?!.{80})|"
    r"(?:ให้ไว้|ตราไว้|ประกาศ(?:มา)?|สั่ง)\s*ณ\s*วันที่.{0,100}$"
)
NOTE = re.compile(r"หมายเหตุ\s*(?::\s*-?|;|\s-|เหตุผล|\s{2,}เหตุผล|$)")
REASON = re.compile(r"เหตุผลในการประกาศใช้|โดยที่|เนื่องจาก")
FOOTNOTES = re.compile(r"\[เชิงอรรถ\]|เชิงอรรถ$")
FOOTNOTE = re.compile(rf"\[{DIGITS}{{1,4}}\]\s*\S")
#: The two headings of the memorandum, alone on a line or before their text.
_PRINCIPLE = re.compile(r"(?:๑\.\s*|1\.\s*)?หลักการ\s*(?:$|[:：]|\s{2})")
_REASONS = re.compile(r"(?:๒\.\s*|2\.\s*)?เหตุผล\s*(?:$|[:：]|\s{2})")
MEMORANDUM = re.compile(r"บันทึก(?:หลักการ|วิเคราะห์|ประกอบ|สรุป)")
EDITOR = re.compile(
    r"\S{2,30}\s?/\s?(?:ผู้จัดทำ|จัดทำ|ตรวจ|ปรับปรุง|พิมพ์|แก้ไข|เพิ่มเติม|ผู้ตรวจ|ผู้ปรับปรุง)"
)
#: The title of an (amending) instrument standing on a line of its own.
TITLE_LINE = re.compile(
    rf"\*?\s?(?:{INSTRUMENTS})(?!.*(?:ที่ออกตาม|ที่ใช้บังคับ|ซึ่ง|ตามมาตรา|นี้))"
    rf".{{2,400}}(?:พ\.ศ\.|พุทธศักราช|ร\.ศ\.)\s*(?:{DIGITS}{{3,4}}|\.{{2,}})\s*$"
)
SCHEDULE = re.compile(
    rf"(?:บัญชี(?:ต่อท้าย|ท้าย|แนบท้าย|หมายเลข|อัตรา|(?:ที่)?\s?(?:{DIGITS}|{WORD}))|บัญชี\s?[ก-ฮ]\.?$|"
    rf"อัตราค่า|อัตราภาษี|อัตราเงิน|ตาราง(?:ที่|แนบท้าย|ท้าย|หมายเลข|\s?{DIGITS})|แผนที่(?:ท้าย|แนบท้าย)|"
    rf"ภาคผนวก|เอกสารแนบท้าย|แบบ(?:ท้าย|แนบท้าย)|บัญชีรายชื่อ|พิกัดอัตรา)[^”]{{0,140}}$"
)
_OPENS_TITLE = re.compile(rf"\*?\s?(?:{INSTRUMENTS})")
_EDITORS_MARK = re.compile(
    r"\*?\[(?=[^\]]*(?:แก้ไข|เพิ่มเติม|เพิ่มโดย|ยกเลิก|ความเดิม|คำว่า))[^\[\]]{8,600}\]$"
)
#: What the heading of a schedule has not, and a sentence that begins like one has.
_SAYS = re.compile(r"ตามวรรค|ตามมาตรา|ให้|ต้อง|ย่อม|ไม่|(?<!เงิน)ได้|เป็น|จะ|หมายความ|ซึ่ง")
CODE_TITLE = re.compile(r"(?:ประมวล|พระธรรมนูญ|ธรรมนูญ)\S[^“”]{0,120}$")
PREAMBLE = re.compile(
    r"(?:สมเด็จพระ|พระบาทสมเด็จ|ภูมิพล|ในพระปรมาภิไธย|(?:ให้ไว้|ตราไว้)\s*ณ|ประกาศ ณ วันที่|"
    r"โดยที่|โดยเหตุที่|ตามที่|พระราชปรารภ|"
    r"อาศัยอำนาจ|มีพระบรมราชโองการ|มีพระราชโองการ|ด้วย|เนื่องจาก|วชิราลงกรณ|อานันทมหิดล|ประชาธิปก|มหาวชิ|"
    r"คณะผู้สำเร็จราชการ|ศุภมัสดุ|จึงทรง|เพื่อ|เป็นปีที่|ตราไว้)"
)
DRAFT_START = re.compile(
    rf"ร่าง$|ร่าง\s*(?:{INSTRUMENTS}|ประมวล)|(?:{INSTRUMENTS})(?!นี้)[^“”]{{0,160}}$"
)


def is_title(lines: list[Line], index: int) -> bool:
    """Say whether an instrument's title stands here, on one line or cut into three."""
    text = lines[index].text
    if not _OPENS_TITLE.match(text):
        return False
    if TITLE_LINE.match(text):
        return True
    if not lines[index].blank_before:
        return False
    for after in lines[index + 1 : index + 3]:
        if after.blank_before or HEAD.match(after.text):
            return False
        text = f"{text} {after.text}"
        if TITLE_LINE.match(text):
            return True
    return False


def is_schedule_in_body(line: Line) -> bool:
    """Say whether a line of the body heads a schedule; stricter than in the tail."""
    text = line.text
    return len(text) <= 80 and bool(SCHEDULE.match(text)) and not _SAYS.search(text)


def is_editors_mark(line: Line) -> bool:
    """Say whether a whole line is an editor's note: ``[มาตรา ๕ แก้ไขเพิ่มเติมโดย…]``."""
    return not line.quoted and bool(_EDITORS_MARK.match(line.text))


def name_tail(lines: list[Line], start: int, stop: int) -> list[Part]:
    """Cut ``lines[start:stop]``, the text after the last provision, into parts."""
    parts: list[Part] = []
    kind = PartKind.UNKNOWN
    held: list[Line] = []

    def close() -> None:
        if held:
            parts.append(make_part(kind, held))
            held.clear()

    for index in range(start, stop):
        line = lines[index]
        opened = _opens(lines, index, kind, bool(parts or held))
        if opened is not None:
            close()
            kind = opened
        held.append(line)
    close()
    return parts


def _opens(lines, index, kind, seen) -> PartKind | None:  # noqa: PLR0911 - one per kind
    """Give the kind of part that begins at a line, or None where the last goes on."""
    text = lines[index].text
    if kind is PartKind.ANNOTATION and FOOTNOTE.match(text):
        return None
    if FOOTNOTES.match(text) or FOOTNOTE.match(text):
        return PartKind.ANNOTATION
    if len(text) < 60 and EDITOR.match(text):
        return None if kind is PartKind.ANNOTATION else PartKind.ANNOTATION
    if COUNTERSIGNATURE.match(text) and kind is not PartKind.AMENDMENT_REMNANT:
        return PartKind.COUNTERSIGNATURE
    if NOTE.match(text) and (kind is not PartKind.SCHEDULE or _is_reason(lines, index)):
        return PartKind.NOTE
    if MEMORANDUM.match(text):
        return PartKind.MEMORANDUM
    if (
        is_title(lines, index)
        and kind is not PartKind.MEMORANDUM
        and not (kind is PartKind.ANNOTATION and not lines[index].blank_before)
    ):
        if kind is PartKind.SCHEDULE and "ท้าย" in lines[index - 1].text:
            return None
        return PartKind.AMENDMENT_REMNANT
    if kind is PartKind.COUNTERSIGNATURE and re.match("ค่าธรรมเนียม", text):
        return PartKind.SCHEDULE
    if SCHEDULE.match(text) and kind in _MAY_HOLD_SCHEDULE:
        return PartKind.SCHEDULE
    if HEAD.match(text) and kind in _ENDS_AT_HEAD and lines[index].text[0] == "ม":
        return PartKind.AMENDMENT_REMNANT
    return None if seen else PartKind.UNKNOWN


_MAY_HOLD_SCHEDULE = {
    PartKind.UNKNOWN,
    PartKind.COUNTERSIGNATURE,
    PartKind.SCHEDULE,
    PartKind.AMENDMENT_REMNANT,
}
_ENDS_AT_HEAD = {PartKind.NOTE, PartKind.COUNTERSIGNATURE}


def _is_reason(lines: list[Line], index: int) -> bool:
    """Say whether a หมายเหตุ gives reasons for a law and is no remark of a table."""
    text = lines[index].text
    if REASON.search(text[:120]) or re.match(r"หมายเหตุ\s*:\s*-", text):
        return True
    if index + 1 >= len(lines):
        return False
    return bool(REASON.match(lines[index + 1].text.lstrip(":- \t")))


def is_reason_note(lines: list[Line], index: int) -> bool:
    """Say whether the หมายเหตุ that ends an act begins at this line."""
    return bool(NOTE.match(lines[index].text)) and _is_reason(lines, index)


def make_part(kind: PartKind, lines: list[Line]) -> Part:
    """Make one part of whole lines; ``heading`` repeats its first line if short."""
    first = lines[0].text
    return Part(
        kind,
        "\n".join(line.text for line in lines),
        lines[0].number,
        heading=first if len(first) <= 120 else "",
    )


def make_parts(kind: PartKind, lines: list[Line]) -> list[Part]:
    """Make parts of whole lines: tables of contents apart from the rest."""
    parts = []
    for contents, group in groupby(lines, key=lambda line: line.contents):
        parts.append(make_part(PartKind.ANNOTATION if contents else kind, list(group)))
    return parts


def name_front(lines: list[Line], stop: int) -> list[Part]:
    """Cut what stands before the first provision or division into parts."""
    parts: list[Part] = []
    index = 0
    comments = []
    while index < stop and lines[index].text.startswith("#"):
        comments.append(lines[index])
        index += 1
    if comments:
        parts.append(make_part(PartKind.ANNOTATION, comments))
    memorandum = _memorandum_start(lines, index, stop)
    if memorandum is not None:
        parts += make_parts(PartKind.TITLE, lines[index:memorandum])
        index = _memorandum_end(lines, memorandum, stop)
        parts += make_parts(PartKind.MEMORANDUM, lines[memorandum:index])
    end = index
    while end < stop and not PREAMBLE.match(lines[end].text):
        end += 1
    if end == stop:  # no preamble: the title is the first lines, while they are short
        end = index
        while end < stop and len(lines[end].text) <= 200:
            end += 1
    parts += make_parts(PartKind.TITLE, lines[index:end])
    parts += make_parts(PartKind.PREAMBLE, lines[end:stop])
    return parts


def _memorandum_start(lines: list[Line], start: int, stop: int) -> int | None:
    """Find the memorandum of principle and reasons, with its heading or without.

    Without: a line หลักการ and after it a line เหตุผล, both before the draft.
    """
    principle = None
    for index in range(start, stop):
        text = lines[index].text
        if MEMORANDUM.match(text):
            return index
        if principle is None and _PRINCIPLE.match(text):
            principle = index
        elif principle is not None and _REASONS.match(text):
            return principle
    return None


def _memorandum_end(lines: list[Line], start: int, stop: int) -> int:
    """Find where the memorandum ends and the title of the draft begins."""
    reasons = start
    for index in range(start + 1, stop):
        text = lines[index].text
        if _REASONS.match(text):
            reasons = index
    for index in range(reasons + 1, stop):
        text = lines[index].text
        if reasons > start and index > reasons + 1 and DRAFT_START.match(text):
            return index
    for index in range(reasons + 1, stop):
        if index > reasons + 1 and PREAMBLE.match(lines[index].text):
            return index
    return stop
