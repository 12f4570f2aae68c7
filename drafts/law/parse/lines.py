"""Lines of a normalised text, what they look like and how the text is laid out.

Two habits decide how lines are read.  A text is *spaced* when a blank line stands
between sections; it is *wrapped* when a paragraph runs over several lines, as in files
saved from web pages, where even ``มาตรา`` and its number part company.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafts.law.item_labels import item_label
from drafts.law.numerals import DIGITS, LABEL_PATTERN, ORDINAL_PATTERN
from drafts.law.numerals import WORD_NUMBER_PATTERN as WORD
from drafts.law.parse.running_heads import PAGE_BREAK

OPEN_QUOTES = "“„"
CLOSE_QUOTES = "”"

HEAD = re.compile(
    rf"(?P<word>มาตรา|ข้อ)(?P<before>[ \t]*){LABEL_PATTERN}(?P<dot>\.(?=[ \t]|$))?"
    rf"(?P<gap>[ \t]*)(?P<rest>(?![.,/:;)\]”\"']|{DIGITS}).*)$"
)
DIVISION_WORDS = "บรรพ|ภาค|ลักษณะ|หมวด|ส่วน|ตอน"
DIVISION = re.compile(
    rf"(?P<word>{DIVISION_WORDS})(?P<that>ที่)?[ \t]*"
    rf"(?:{LABEL_PATTERN}(?![.,/)]|{DIGITS})|(?P<spelt>{WORD})(?![ก-๎]))"
    rf"(?P<gap>[ \t]*)(?P<rest>.*)$"
)
UNNUMBERED = re.compile(
    r"(?:(?:บท(?:ทั่วไป|บัญญัติทั่วไป|บัญญัติเฉพาะกาล|นิยาม|กำหนดโทษ|ลงโทษ|เฉพาะกาล|เบ็ดเตล็ด|"
    r"เบ็ดเสร็จทั่วไป|เบื้องต้น|สุดท้าย|วิเคราะห์ศัพท์)|โทษทางปกครอง|โทษทางอาญา|มาตรการบังคับทางปกครอง)"
    r"(?:และ[ก-๎]{2,40})?"
    r"|(?:ข้อ)?ความทั่วไป|(?:ข้อ)?ความเบื้องต้น|ข้อบังคับทั่วไป|เบ็ดเตล็ด|โทษ)$"
)
_LONE_WORD = re.compile(rf"(?:มาตรา|ข้อ|(?:{DIVISION_WORDS})(?:ที่)?)$")
_STARTS_WITH_LABEL = re.compile(rf"{LABEL_PATTERN}")
#: What a wrap cuts in two, by its halves: ``ประกาศ⏎ณ วันที่``, ``มาตรา ๖⏎ทวิ``.
_HALVES = (
    (re.compile(r"(?:ประกาศ(?:มา)?|ให้ไว้|ตราไว้|สั่ง)$"), re.compile(r"ณ\s*วันที่")),
    (re.compile(r"(?:ประกาศ(?:มา)?|ให้ไว้|ตราไว้|สั่ง)\s*ณ$"), re.compile("วันที่")),
    (
        re.compile(rf"(?:มาตรา|ข้อ)[ \t]*{DIGITS}+(?:/{DIGITS}+)?$"),
        re.compile(
            rf"{ORDINAL_PATTERN}(?=[\s/]|$)|ถึง\s*(?:มาตรา|ข้อ)?\s*{DIGITS}.{{0,90}}ยกเลิก"
        ),
    ),
)
#: A line that ends so goes on in the next one.
OPEN_ENDED = re.compile(
    r"(?:(?<!ก็)(?<!ติด)ตาม|และ|หรือ|ความใน|บังคับแห่ง|ภายใต้บังคับ|นอกจาก|บทบัญญัติ(?:แห่ง|ใน|ของ)?|"
    r"(?<!แต่ละ)(?<!ทุก)(?<!หลาย)แห่ง|มาตรา|ตั้งแต่|ยกเว้น|เว้นแต่|ระหว่าง|ดังกล่าวใน|วรรค|"
    rf"ตามข้อ|และข้อ|หรือข้อ|มาตรา[ ]?{DIGITS}+(?:/{DIGITS}+)?[ ]?(?:ถึง|และ|หรือ)|"
    r"พ\.ศ\.|พุทธศักราช|คำว่า|เป็น)$"
)


@dataclass(slots=True)
class Line:
    """One line, or two that a wrap had cut after มาตรา or after an item label."""

    number: int  # 1-based, of the source
    text: str  # stripped
    blank_before: bool
    quoted: bool = False
    broken: bool = False  # the break stood between มาตรา and its number
    contents: bool = False  # belongs to a table of contents


@dataclass(frozen=True, slots=True)
class Layout:
    spaced: bool
    wrapped: bool
    two_spaces: bool
    width: int  # of a wrapped line, in characters


def read_lines(text: str) -> list[Line]:
    """Split a normalised text on ``\\n`` only, drop blank lines, mend cut heads."""
    lines: list[Line] = []
    blank = True
    pending: Line | None = None
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped:
            blank = blank or raw != PAGE_BREAK
            continue
        if lines and not blank and _is_second_half(lines[-1].text, stripped):
            lines[-1].broken |= lines[-1].text[0] in "มข"
            lines[-1].text = f"{lines[-1].text} {stripped}"
            pending = None
            continue
        if pending is not None:
            lone_item = pending.text[0] in "(" or pending.text[-1] in ").ฯ"
            if (lone_item and not blank and _continues_item(stripped)) or (
                not lone_item and _STARTS_WITH_LABEL.match(stripped)
            ):
                pending.text = f"{pending.text} {stripped}"
                pending.broken = not lone_item
                blank = False
                pending = None
                continue
        line = Line(number, stripped, blank)
        lines.append(line)
        blank = False
        label = item_label(stripped)
        lone = _LONE_WORD.match(stripped) or (label and label[1] == stripped)
        pending = line if lone else None
    return lines


def _is_second_half(before: str, text: str) -> bool:
    return any(a.match(before) and b.match(text) for a, b in _HALVES)


def _continues_item(text: str) -> bool:
    return not (item_label(text) or HEAD.match(text) or DIVISION.match(text))


#: So no paragraph begins; many lines that do show that the text is wrapped.
_GOES_ON = re.compile(r"และ|หรือ(?!ไม่)|ซึ่ง|แห่ง|ของ|โดย|ต้อง|แต่(?!ละ|ง)|ตาม|ที่(?!ดิน|ประชุม)")
_FEW_HEADS = 2
_FEW_LINES = 8


def find_layout(lines: list[Line]) -> Layout:
    """Measure the habits of the text from its own heads."""
    heads = spaced = broken = wide = 0
    for line in lines:
        match = HEAD.match(line.text)
        if not match:
            continue
        heads += 1
        spaced += line.blank_before
        broken += line.broken
        wide += len(match["gap"]) >= 2 or "\t" in match["gap"]
    plain = going_on = 0
    for line in lines:
        if line.blank_before or item_label(line.text) or HEAD.match(line.text):
            continue
        plain += 1
        going_on += bool(_GOES_ON.match(line.text))
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    return Layout(
        spaced=heads >= 2 and spaced >= 0.55 * heads,
        wrapped=(broken >= _FEW_HEADS and broken >= 0.1 * heads)
        or (going_on >= _FEW_LINES and going_on >= 0.08 * plain),
        two_spaces=heads >= 2 and wide >= 0.5 * heads,
        width=width,
    )


#: Lines of the longest quotation; less where a text has already left some open, so
#: that a text full of lone quotation marks is still read in linear time.
MAX_BLOCK = 6000
_AMENDS = re.compile(
    r"ต่อไปนี้|แทน\s*$|ให้เพิ่ม|แก้ไขเพิ่มเติม|ให้ยกเลิก|เป็นมาตรา|เป็นข้อ|เป็นวรรค|เป็นหมวด|เป็นส่วน|เป็น\s*\("
)
_QUOTED_OPENING = re.compile(
    rf"[“„\"]\s*(?:มาตรา|ข้อ|{DIVISION_WORDS}|\(|บท(?:ทั่วไป|กำหนดโทษ|เฉพาะกาล))"
)


def _balance(text: str) -> int:
    opens = sum(text.count(quote) for quote in OPEN_QUOTES)
    closes = sum(text.count(quote) for quote in CLOSE_QUOTES)
    straight = text.count('"')
    if straight % 2:
        return opens - closes + (1 if text.startswith('"') else -1)
    return opens - closes


def mark_quotations(lines: list[Line], numbers: dict[int, tuple]) -> list[int]:
    """Mark the lines inside a quotation of new text; give the lines left open.

    ``numbers`` has the number of each line that looks like a head, by index.  A block
    opens where an amending phrase is followed by an opening quotation mark and closes
    where the marks balance.  A block that never closes ends before the line that
    continues the numbering outside it.
    """
    unclosed: list[int] = []
    index = 0
    outer: tuple | None = None
    while index < len(lines):
        line = lines[index]
        if index in numbers:
            outer = numbers[index]
        if not _opens_block(lines, index):
            index += 1
            continue
        limit = MAX_BLOCK // (1 + len(unclosed))
        end, closed = _block_end(lines[: index + limit], index, numbers, outer)
        if not closed:
            unclosed.append(line.number)
        for inner in range(index + 1, end + 1):
            lines[inner].quoted = True
        if line.text[0] in OPEN_QUOTES + '"':
            line.quoted = True
        index = end + 1
    return unclosed


def _opens_block(lines: list[Line], index: int) -> bool:
    text = lines[index].text
    if not any(quote in text for quote in OPEN_QUOTES + '"') or _balance(text) <= 0:
        return False
    if text[0] in OPEN_QUOTES + '"':
        if _QUOTED_OPENING.match(text):
            return True
        context = " ".join(
            line.text[-400:] for line in lines[max(0, index - 2) : index]
        )
        return bool(_AMENDS.search(context))
    quote = max(text.rfind(mark) for mark in OPEN_QUOTES + '"')
    return bool(
        _QUOTED_OPENING.match(text[quote:]) and _AMENDS.search(text[:quote][-400:])
    )


def _block_end(lines, start, numbers, outer) -> tuple[int, bool]:
    depth = _balance(lines[start].text)
    resume = None
    for index in range(start + 1, len(lines)):
        text = lines[index].text
        if outer and resume is None and _resumes(numbers.get(index), outer):
            resume = index
            before = lines[index - 1].text
            if before[-1:] in CLOSE_QUOTES + '"' and index - 1 > start:
                return index - 1, False
        depth += _balance(text)
        if depth <= 0:
            return index, True
    return (resume - 1 if resume else start), False


def _resumes(number, outer) -> bool:
    return number is not None and number[0] == outer[0] + 1 and not any(number[1:])
