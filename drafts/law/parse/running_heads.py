"""Find what the Royal Gazette prints at the head of each page.

``เล่ม ๑๓๗ ตอนพิเศษ ๒๒๐ ง   หน้า ๒๑   ราชกิจจานุเบกษา   ๒๒ กันยายน ๒๕๖๓`` stands, in
one line or in up to four, in the middle of whatever section the page break falls in.
It belongs to no section; it is taken out of the text and kept as a mark.
"""

from __future__ import annotations

import re

from drafts.law.numerals import DIGITS, MONTH_PATTERN

#: What stands for a line that was taken out: white space, yet no blank line, so that
#: the sentence that the page break cut goes on.
PAGE_BREAK = "\f"

_NAME = "ราชกิจจานุเบกษา"
_PLACE = re.compile(rf"เล่ม|ตอน|หน้า\s*{DIGITS}")
_PIECE = re.compile(
    rf"(?:{_NAME}"
    rf"|หน้า(?:ที่)?\s*{DIGITS}{{1,4}}(?!{DIGITS})"
    rf"|เล่ม(?:ที่)?(?:\s*{DIGITS}{{1,3}}(?!{DIGITS}))?"
    rf"|(?:{DIGITS}{{1,3}}\s*)?ตอน(?:ที่|พิเศษ)?\s*(?:ที่\s*)?{DIGITS}{{1,4}}(?:\s*[กขคง](?![ก-๎]))?"
    rf"|{DIGITS}{{1,2}}\s*(?:{MONTH_PATTERN})\s*(?:พ\.ศ\.\s*)?{DIGITS}{{4}}"
    r")[ \t]*"
)
_LONGEST = 120
#: Lines of one running head, and blank lines that may stand between them.
_MOST_LINES = 5


def find_running_heads(lines: list[str]) -> set[int]:
    """Give the indexes of the lines that are running heads of the Gazette.

    A run of such lines counts only when it names the Gazette and a volume or page; a
    date, or ``หน้า ๕`` alone, is text.
    """
    found: set[int] = set()
    run: list[int] = []
    for index, line in enumerate(lines):
        text = line.strip()
        if text and _is_piece(text) and len(run) < _MOST_LINES:
            run.append(index)
        elif text:
            found.update(_whole(lines, run))
            run = [index] if _is_piece(text) else []
    found.update(_whole(lines, run))
    return found


def _is_piece(text: str) -> bool:
    if len(text) > _LONGEST or text[0] not in "ราชเล่มตอนหน้า0123456789๐๑๒๓๔๕๖๗๘๙":
        return False
    position = 0
    while match := _PIECE.match(text, position):
        position = match.end()
    return position == len(text)


def _whole(lines: list[str], run: list[int]) -> list[int]:
    text = " ".join(lines[index] for index in run)
    return run if _NAME in text and _PLACE.search(text) else []
