"""Damage a clean text the way real files are damaged (docs/thai-law.md).

Each function takes a text with one paragraph a line and gives the same words with one
hazard more.  Tests parse both and compare: the sections must be the same.
"""

from __future__ import annotations

import re

_HEAD = re.compile(r"(มาตรา|ข้อ|หมวด|ลักษณะ|ภาค|ส่วนที่|บรรพ)[ ]")
_SECTION = re.compile(r"มาตรา [๐-๙/]+")


def wrap(text: str, width: int = 70) -> str:
    """Break lines at spaces as a saved web page has them, มาตรา⏎n included."""
    out: list[str] = []
    for line in text.split("\n"):
        if _SECTION.match(line) or line.startswith(("หมวด", "ส่วนที่", "ลักษณะ")):
            out.append("")
        current = ""
        for number, word in enumerate(line.split(" ")):
            limit = width - 62 if number <= 1 and _SECTION.match(line) else width
            if current and len(current) + 1 + len(word) > limit:
                out.append(current)
                current = word
            else:
                current = f"{current} {word}" if current else word
        out.append(current)
    return "\n".join(out)


def decode_quotes_wrongly(text: str) -> str:
    return text.replace("“", "\x93").replace("”", "\x94")


def split_sara_am(text: str) -> str:
    return text.replace("ำ", "ํา")


def use_private_glyphs(text: str) -> str:
    return text.replace("้", "\uf70b").replace("่", "\uf70a")


def use_special_spaces(text: str) -> str:
    return text.replace(" ", "\u00a0")


def use_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def use_arabic_digits(text: str) -> str:
    return text.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))


def add_footnote_marks(text: str) -> str:
    count = 0

    def mark(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{match.group()}[{count}]" if count % 3 == 0 else match.group()

    return re.sub(r"(?m)^มาตรา [๐-๙/]+(?= )", mark, text)


HAZARDS = (
    wrap,
    decode_quotes_wrongly,
    split_sara_am,
    use_private_glyphs,
    use_special_spaces,
    use_crlf,
    use_arabic_digits,
    add_footnote_marks,
)
