"""Everyday short forms of legal words, read as what they stand for.

People type พ.ร.บ., พรบ and ม. ๕; acts print พระราชบัญญัติ and มาตรา ๕.  Both texts and
queries are expanded before they are cut into words, so each finds the other.  Places
are always those of the text as it was written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from drafts.law.numerals import DIGITS
from drafts.law.words import Segmenter

#: Short form, letters only -> what it stands for.
LEGAL = {
    "พรบ": "พระราชบัญญัติ",
    "พรก": "พระราชกำหนด",
    "พรฎ": "พระราชกฤษฎีกา",
    "รธน": "รัฐธรรมนูญ",
    "ครม": "คณะรัฐมนตรี",
    "กทม": "กรุงเทพมหานคร",
    "อปท": "องค์กรปกครองส่วนท้องถิ่น",
    "อบต": "องค์การบริหารส่วนตำบล",
    "อบจ": "องค์การบริหารส่วนจังหวัด",
    "ปพพ": "ประมวลกฎหมายแพ่งและพาณิชย์",
    "ปวิพ": "ประมวลกฎหมายวิธีพิจารณาความแพ่ง",
    "ปวิอ": "ประมวลกฎหมายวิธีพิจารณาความอาญา",
    "ปอ": "ประมวลกฎหมายอาญา",
}
_THAI = re.compile("[ก-ฺเ-๎]")
#: What makes the consonant before it part of a syllable: พรบ is not in พรบุญ.
_TAIL = re.compile("[ะ-ฺๅ็-๎]")
_POINT = r"\s?\.\s?"
_SHORT = re.compile(
    "|".join(
        _POINT.join(parts) + r"(?:\s?\.)?" + f"|{letters}\\.?"
        for letters in LEGAL
        for parts in [re.findall("วิ|.", letters)]
    )
    + rf"|(?<!{DIGITS})ม{_POINT}(?={DIGITS})"
)
#: Words that a short form may follow without a space.
_LEADS = (
    "ร่าง", "ตาม", "ใน", "ของ", "แห่ง", "ว่า", "ขัด", "ออก", "แก้", "แก้ไข", "และ", "หรือ",
    "กับ", "ใช้", "มี", "เป็น", "จาก", "ให้", "โดย", "ต่อ", "ถึง", "ชื่อ", "ยกเลิก", "คัดค้าน",
    "สนับสนุน", "เห็นด้วย", "ประกาศ", "บังคับ", "ฉบับ", "ที่", "ดู", "อ่าน",
)  # fmt: skip


@cache
def _known() -> frozenset[str]:
    return Segmenter().known()


def _begins_a_word(text: str, at: int) -> bool:
    """Tell whether a word of three letters or more begins here: บอก in พรบอก."""
    return any(
        text[at:end] in _known() and not _TAIL.match(text, end)
        for end in range(at + 3, min(len(text), at + 20) + 1)
    )


def _meant(text: str, found: re.Match[str], last: int) -> bool:
    """Tell a short form from letters that only look like one.

    With points between its letters it is one anywhere; without, and for ม., what
    stands before must end a word and its last letter must not begin the next.
    """
    short, start, end = found.group(), found.start(), found.end()
    letters = re.sub(r"[.\s]", "", short)
    before = text[max(0, start - 20) : start]
    if start != last and re.search(r"[ก-ฮ]\s?\.$", before):
        return False
    if letters != "ม" and "." in short.rstrip(". "):
        return True
    glued = start != last and _THAI.match(before[-1:])
    if (glued and not before.endswith(_LEADS)) or _TAIL.match(text, end):
        return False
    if letters == "ม" or short.endswith("."):
        return True
    return len(letters) > 2 and not _begins_a_word(text, end - 1)


def expand(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """Return ``text`` with short forms written out, and where each piece is from.

    A piece is (start in the result, start in ``text``, length in ``text`` of a short
    form, 0 for what is as it was).
    """
    out: list[str] = []
    pieces = [(0, 0, 0)]
    at = size = 0
    for found in _SHORT.finditer(text):
        if not _meant(text, found, at):
            continue
        short = re.sub(r"[.\s]", "", found.group())
        before, full = text[at : found.start()], LEGAL.get(short, "มาตรา ")
        out += [before, full]
        size += len(before)
        pieces.append((size, found.start(), found.end() - found.start()))
        size += len(full)
        pieces.append((size, found.end(), 0))
        at = found.end()
    out.append(text[at:])
    return "".join(out), pieces


class Expanded:
    """A text with its short forms written out, and the way back to the original."""

    def __init__(self, text: str) -> None:
        self.text, self._pieces = expand(text)
        self._starts = [piece[0] for piece in self._pieces]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters [start, end) of the expanded text stand in the
        original; inside a short form that is the whole of it."""
        return self._at(start)[0], self._at(end - 1)[1] if end > start else 0

    def _at(self, position: int) -> tuple[int, int]:
        """Return the original place of one character: [start, end)."""
        begin, origin, length = self._pieces[bisect_right(self._starts, position) - 1]
        if length:
            return origin, origin + length
        place = origin + position - begin
        return place, place + 1
