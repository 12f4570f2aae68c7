"""Cut amending instructions out of a section: one sentence and the text it quotes.

``ให้ยกเลิกความในมาตรา ๕ แห่ง… และให้ใช้ความต่อไปนี้แทน “มาตรา ๕ …”`` is one instruction,
whatever the line breaks in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafts.law.item_labels import item_label
from drafts.law.new_text import QUOTES, first_block, quoted_end
from drafts.law.targets import SCHEDULE_NAME, SECTION, find_segments
from drafts.law.word_changes import AMENDS_WORDS, is_word_order

_NAMED_FIRST = (
    r"(?:บรรดา)?(?:ถ้อย)?คำว่า\s*[“\"][^“”\"\n]{1,200}[”\"][^“”\"\n]{0,300}?ให้(?:แก้|เปลี่ยน|ใช้คำว่า)"
    r"|(?:ความใน|มาตรา|ข้อ|วรรค)[^\n“]{0,300}?ให้ยกเลิก\s*(?:เสีย)?และ(?:ให้)?ใช้ความ"
)
_OPENING = re.compile(
    r"(?:(?:ตั้งแต่|นับแต่|เมื่อ|ใน)[^\n“]{0,300}?)?"
    r"ให้(?:ยกเลิก|เพิ่ม|เติมความ|แก้ไข|แก้คำ|เปลี่ยนคำ|แทน(?:ที่)?คำว่า|ตัดคำว่า|ตัดความใน|ใช้คำว่า|"
    rf"ใช้ความต่อไปนี้|ใช้(?={SCHEDULE_NAME}[^\n]{{0,120}}นี้แทน))|{_NAMED_FIRST}"
)
REPLACED_BY = re.compile(
    r"และ(?:ให้)?ใช้(?:ความ)?(?:ดัง|ดั่ง)?(?:ต่อไปนี้)?(?:[^\n“]{0,120}?)แทน"
)
INSERTS = re.compile(
    r"ให้(?:เพิ่ม(?:เติม)?|เติม)(?:ความ)?(?:ดัง|ดั่ง)?(?:ต่อไปนี้)?\s*(?:ลงใน|(?:เข้า)?เป็น)?"
)
_AMENDS_WORDS = re.compile(rf"(?:[^\n“]{{0,300}}?){AMENDS_WORDS}")
_INSERTS_SECTION = re.compile(r"ให้เพิ่มความต่อไปนี้เป็น\s*(?:มาตรา|ข้อ|หมวด|ส่วน)")
_SCHEDULE_REPLACED = re.compile(rf"และให้ใช้\s*{SCHEDULE_NAME}[^\n]{{0,200}}แทน")
#: Lines over which one instruction may run.
_MOST_LINES = 5
#: Characters between an instruction and new text on the same line.
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Order:
    """One instruction: its sentence on one line, and where it ends in the text.

    A list (๑) (๒) of places that belongs to it follows, a line each.
    """

    text: str
    block: tuple[int, int] | None  # the new text, in the section's text
    end: int


def opening_at(text: str, start: int) -> int | None:
    """Say where an instruction begins on a line, be it behind an item label."""
    if _OPENING.match(text, start):
        return start
    line = text[start : start + 80]
    label = item_label(line)
    if label is None:
        return None
    begin = start + len(label[1])
    begin += len(text[begin:]) - len(text[begin:].lstrip(" \t"))
    return begin if _OPENING.match(text, begin) else None


def cut_order(text: str, start: int) -> Order:
    """Cut the instruction at ``start``: up to the new text, else one line."""
    sentence, block = _quoting_order(text, start)
    if block is not None:
        return Order(sentence.strip(), block, block[1])
    first, _, rest = text[start:].partition("\n")
    if rest and (
        (REPLACED_BY.search(first) and not _SCHEDULE_REPLACED.search(first))
        or (_INSERTS_SECTION.search(first) and _is_head(rest))
    ):  # new text without quotation marks
        return Order(first, (start + len(first) + 1, len(text)), len(text))
    if _AMENDS_WORDS.match(sentence) and is_word_order(sentence):
        first = sentence
    end = start + len(first)
    listed = [first]
    for line in text[end + 1 :].split("\n"):
        if not item_label(line) or opening_at(line, 0) is not None:
            break
        listed.append(line)
    whole = "\n".join(listed)
    return Order(whole, None, start + len(whole))


def _quoting_order(text: str, start: int) -> tuple[str, tuple[int, int] | None]:
    """Join the lines of an instruction until a quotation of new text begins."""
    lines = text[start:].split("\n")
    end = start + len(lines[0])
    sentence = lines[0]
    for count in range(1, _MOST_LINES + 1):
        sentence = text[start:end].replace("\n", " ")  # offsets stay the same
        inline = _inline_block(sentence)
        if inline is not None:
            begin = start + inline
            return sentence[:inline], (begin, quoted_end(text, begin))
        words = _AMENDS_WORDS.match(sentence)
        if count == len(lines) or (words and is_word_order(sentence)):
            break
        line = lines[count]
        if line[:1] in QUOTES and not words:
            return sentence, (end + 1, quoted_end(text, end + 1))
        if opening_at(line, 0) is not None or item_label(line):
            break
        end += 1 + len(line)
    return sentence, None


def _is_head(line: str) -> bool:
    return bool(SECTION.match(line) or re.match(r"(?:หมวด|ส่วน)", line))


def _inline_block(line: str) -> int | None:
    """Find new text that begins on the line of its instruction."""
    if is_word_order(line):
        return None
    replaced = REPLACED_BY.search(line)
    begin = replaced.end() if replaced else 0
    if not replaced:
        segments = find_segments(line)
        if not segments or not INSERTS.search(line):
            return None
        begin = segments[-1][1].end
    block = first_block(line, begin)
    return block[0] if block and block[0] - begin < _NEAR else None
