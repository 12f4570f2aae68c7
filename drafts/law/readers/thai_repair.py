"""Repair Thai text that a PDF's text layer has damaged, where it can be known.

Known: า or a mark after a space (no Thai word begins with one), and ํ + า.  Where a
font lost ำ without a trace (``กระทา`` for กระทำ), a word is put right only if the
damaged form is in no dictionary and one word with ำ explains it; the rest is warned
about and never guessed at.
"""

from __future__ import annotations

import re

from drafts.law.structure import Warning
from drafts.law.words import Segmenter, tokens

_SPACE_AA = re.compile(r"([ก-ฮ][่-๋]?) +า")
_SPACE_MARK = re.compile(r"(?<=[ก-๎]) +(?=[ัิ-ฺ็-๎])")
_TONE_THEN_SPACE_AA = re.compile(r"([ก-ฮ]) +([่-๋]) *า")
_LOST = re.compile("[ก-๎]*า[ก-๎]*")
#: In Thai legal text about one letter in 120 is ำ; none in this many means it was lost.
_LETTERS_WITHOUT_AM = 1500
_SHORTEST = 4
_LONG = 6


def repair_thai(text: str) -> tuple[str, list[Warning]]:
    """Give the repaired text and what was repaired or is doubtful."""
    warnings: list[Warning] = []
    count = 0
    first = None
    for pattern, replacement in (
        (_TONE_THEN_SPACE_AA, r"\1\2ำ"),
        (_SPACE_AA, r"\1ำ"),
        (_SPACE_MARK, ""),
    ):
        match = pattern.search(text)
        if match:
            line = text.count("\n", 0, match.start()) + 1
            first = line if first is None else min(first, line)
            text, done = pattern.subn(replacement, text)
            count += done
    if count:
        warnings.append(
            Warning(
                first or 1,
                "thai_marks_repaired",
                f"ซ่อมสระอำหรือวรรณยุกต์ที่ PDF แยกออกจากพยัญชนะ {count} แห่ง "
                f"เริ่มที่บรรทัด {first} โปรดตรวจกับต้นฉบับ",
            )
        )
    thai = len(re.findall("[ก-๎]", text))
    if thai >= _LETTERS_WITHOUT_AM and "ำ" not in text.replace("ํา", "ำ"):
        text, repaired, line = _restore_lost(text)
        warnings.append(
            Warning(
                line,
                "sara_am_lost",
                f"PDF นี้ทำสระอำหายทั้งฉบับ ซ่อมคำที่แน่ใจได้ {repaired} แห่ง คำอื่นอาจยังขาดสระอำ "
                "โปรดนำเข้าไฟล์ Word ต้นฉบับ หรือตรวจทุกมาตรากับต้นฉบับ",
            )
        )
    return text, warnings


def _restore_lost(text: str) -> tuple[str, int, int]:
    """Put ำ back in words that only exist with it."""
    words = Segmenter().known()
    damaged: dict[str, str | None] = {}
    for word in words:
        if "ำ" not in word or len(word) < _SHORTEST:
            continue
        form = word.replace("ำ", "า")
        if form in words or _tiles(form, words):
            continue
        damaged[form] = None if form in damaged else word
    sure = {form: word for form, word in damaged.items() if word}
    by_start: dict[str, list[str]] = {}
    for form in sorted(sure, key=len, reverse=True):
        by_start.setdefault(form[:3], []).append(form)
    count = 0
    first = 1
    out: list[str] = []
    position = 0
    while position < len(text):
        for form in by_start.get(text[position : position + 3], ()):
            if text.startswith(form, position):
                if not count:
                    first = text.count("\n", 0, position) + 1
                out.append(sure[form])
                position += len(form)
                count += 1
                break
        else:
            out.append(text[position])
            position += 1
    return "".join(out), count, first


def _tiles(form: str, words: frozenset[str]) -> bool:
    """Say whether the damaged form reads as ordinary words in a row.

    In a long form, words of two letters (ดา, คา) are taken for the damage: ดาเนินการ.
    """
    shortest = 3 if len(form) >= _LONG else 2
    cut = tokens(form)
    return len(cut) > 1 and all(
        piece in words and len(piece) >= shortest for piece in cut
    )
