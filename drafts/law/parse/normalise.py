"""Clean a text before it is parsed: a listed set of substitutions and nothing else.

Every substitution undoes damage that real files carry (docs/thai-law.md): quotation
marks decoded as control characters, glyphs from a private font area, a split ำ, marks
typed in the wrong order, invisible characters.  Line breaks are never added or removed
(only written as ``\\n``), so that line numbers stay those of the source.  Words are
never changed, but for a head whose word is misspelt (``มาตร ๕``).  Footnote markers
such as ``[๑]`` and running heads of the Gazette leave the text and are kept as marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from drafts.law.numerals import DIGITS
from drafts.law.parse.running_heads import PAGE_BREAK, find_running_heads
from drafts.law.structure import Mark, Severity, Warning

#: Glyph variants of the old Windows Thai fonts (U+F700–F71F) and what they stand for.
_PUA = {
    0xF700: "ฐ",
    0xF701: "ิ",
    0xF702: "ี",
    0xF703: "ึ",
    0xF704: "ื",
    0xF705: "่",
    0xF706: "้",
    0xF707: "๊",
    0xF708: "๋",
    0xF709: "์",
    0xF70A: "่",
    0xF70B: "้",
    0xF70C: "๊",
    0xF70D: "๋",
    0xF70E: "์",
    0xF70F: "ญ",
    0xF710: "ั",
    0xF711: "ํ",
    0xF712: "็",
    0xF713: "่",
    0xF714: "้",
    0xF715: "๊",
    0xF716: "๋",
    0xF717: "์",
    0xF718: "ุ",
    0xF719: "ู",
    0xF71A: "ฺ",
}
#: CP1252 and CP874 punctuation that was decoded as C1 control characters.
_C1 = {
    0x80: "€",
    0x85: "…",
    0x91: "‘",
    0x92: "’",
    0x93: "“",
    0x94: "”",
    0x95: "•",
    0x96: "–",
    0x97: "—",
}
_SPACES = dict.fromkeys([0xA0, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)], " ")
_INVISIBLE: dict[int, str] = dict.fromkeys(
    [0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0xAD, 0x200E, 0x200F, 0xFFFE], ""
)
_CONTROL: dict[int, str] = {
    **dict.fromkeys(range(0x20), ""),
    0x7F: "",
    **dict.fromkeys(range(0x80, 0xA0), ""),
}
for _kept in (0x09, 0x0A, *_C1):
    _CONTROL.pop(_kept, None)
_CONTROL[0x0B] = " "
_CONTROL[0x0C] = " "


#: Spaces and tabs in a row that stay; a page has room for fewer.
LONGEST_GAP = 200
#: One substitution can make room for another (``ำ`` and two tone marks); a text that
#: is still changing after this many rounds is noise.
MAX_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Substitution:
    """One entry of the list: what is replaced, by what, and how it is reported."""

    code: str
    pattern: re.Pattern[str]
    replace: str | Callable[[re.Match[str]], str]
    message: str
    severity: Severity = Severity.INFO


def _table(code: str, table: dict[int, str], message: str, **more) -> Substitution:
    pattern = re.compile("[" + "".join(re.escape(chr(key)) for key in table) + "]")
    return Substitution(
        code, pattern, lambda match: table[ord(match.group())], message, **more
    )


_DOTTED = re.compile(
    rf"(?m)^([ \t]*(?:มาตรา|ข้อ)[ \t]*{DIGITS}+(?:/{DIGITS}+)?)[.:](?=[ \t]|$)"
)
#: ``## มาตรา ๕``, ``**หมวด ๑**``: what programs that write Markdown put round a head.
_HEADING = r"(?:มาตรา|ข้อ|บรรพ|ภาค|ลักษณะ|หมวด|ส่วน|ตอน|บท)"
_HASHES = re.compile(rf"(?m)^[ \t]*#{{1,6}}[ \t]+(?=(?:\*\*)?{_HEADING})")
_BOLD = re.compile(rf"(?m)^([ \t]*)\*\*({_HEADING}[^*\n]{{0,200}})\*\*[ \t]*(?=(.?))")
#: How มาตรา is misspelt before a number in texts that were typed in.
_MISSPELT = "มาตร(?!า)|มาตา|มารตรา|มาตตรา|มาตราา|มตรา"
_TONE = "[่-๋]"
_ABOVE_BELOW = "[ัิ-ฺ็]"

#: The whole list, applied in this order.
SUBSTITUTIONS: tuple[Substitution, ...] = (
    _table("c1_punctuation", _C1, "เครื่องหมายวรรคตอนที่ถอดรหัสผิด แก้เป็นเครื่องหมายที่ถูกต้องแล้ว"),
    _table("private_glyphs", _PUA, "อักขระเฉพาะแบบอักษรเก่า แปลงเป็นอักขระไทยมาตรฐานแล้ว"),
    _table("special_spaces", _SPACES, "ช่องว่างชนิดพิเศษ แปลงเป็นช่องว่างธรรมดาแล้ว"),
    _table("invisible_characters", _INVISIBLE, "อักขระที่มองไม่เห็น นำออกแล้ว"),
    _table("control_characters", _CONTROL, "อักขระควบคุม นำออกแล้ว"),
    Substitution(
        "line_separators",
        re.compile("[\u2028\u2029]"),
        " ",
        "ตัวแบ่งบรรทัดพิเศษกลางบรรทัด แปลงเป็นช่องว่างแล้ว",
    ),
    Substitution(
        "split_sara_am",
        re.compile(f"ํ({_TONE}*)า|({_TONE}+)ํา"),
        lambda match: (match[1] or match[2] or "") + "ำ",
        "สระอำที่พิมพ์แยกเป็นสองอักขระ รวมเป็น ำ แล้ว",
    ),
    Substitution(
        "tone_after_sara_am",
        re.compile(f"ำ({_TONE}+)"),
        r"\1ำ",
        "วรรณยุกต์ที่อยู่หลังสระอำ ย้ายมาไว้หน้าสระอำแล้ว",
    ),
    Substitution(
        "mark_order",
        re.compile(f"({_TONE}+)({_ABOVE_BELOW}+)"),
        r"\2\1",
        "วรรณยุกต์ที่พิมพ์ก่อนสระ เรียงลำดับใหม่แล้ว",
    ),
    Substitution(
        "long_gaps",
        re.compile(rf"([ \t]{{{LONGEST_GAP}}})[ \t]+"),
        r"\1",
        "ช่องว่างที่ยาวผิดปกติ ย่อให้สั้นลงแล้ว",
    ),
    Substitution(
        "dot_after_number",
        _DOTTED,
        r"\1",
        "จุดหรือทวิภาคหลังเลขมาตราหรือเลขข้อ นำออกแล้ว",
    ),
    Substitution(
        "markdown_heading", _HASHES, "", "เครื่องหมายหัวเรื่องแบบ Markdown นำออกแล้ว"
    ),
    Substitution(
        "markdown_bold",
        _BOLD,
        lambda match: match[1] + match[2].rstrip() + ("  " if match[3] else ""),
        "เครื่องหมายตัวหนาแบบ Markdown นำออกแล้ว",
    ),
    Substitution(
        "rule_lines",
        re.compile(r"(?m)^[ \t]*(?:[_\-–—=*~][ \t]*){3,}$"),
        "",
        "เส้นคั่น แปลงเป็นบรรทัดว่างแล้ว",
    ),
    Substitution(
        "misspelt_head",
        re.compile(rf"(?m)^([ \t]*)(?:{_MISSPELT})(?=[ \t]*{DIGITS})"),
        r"\1มาตรา",
        "คำว่า “มาตรา” ที่พิมพ์ผิดหน้าเลข แก้แล้ว",
        Severity.WARNING,
    ),
    Substitution(
        "double_sara_e", re.compile("เเ"), "แ", "สระเอสองตัวที่ใช้แทน แ แก้เป็น แ แล้ว"
    ),
)

#: Characters any of the substitutions can act on; a text without them is left alone.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000"
    f"\uf700-\uf71f\ufeff\ufffeํ]|[ \t]{{{LONGEST_GAP}}}[ \t]"
    f"|ำ{_TONE}|{_TONE}{_ABOVE_BELOW}|เเ"
    + rf"|(?m:^[ \t]*(?:มาตรา|ข้อ)[ \t]*{DIGITS}+(?:/{DIGITS}+)?[.:])"
    rf"|(?m:^[ \t]*(?:#{{1,6}}[ \t]+|\*\*)(?:\*\*)?{_HEADING})"
    r"|(?m:^[ \t]*(?:[_\-–—=*~][ \t]*){3,}$)"
    rf"|(?m:^[ \t]*(?:{_MISSPELT})[ \t]*{DIGITS})"
)
_MARK = re.compile(rf"\[({DIGITS}{{1,4}})\]")
_OPENING_MARK = re.compile(rf"\s*\[{DIGITS}{{1,4}}\]")
_STAR = re.compile(
    rf"[ \t]*\*+(?=[ \t]*(?:มาตรา|ข้อ|หมวด|ส่วนที่|ลักษณะ)[ \t]*{DIGITS})[ \t]*"
)


@dataclass(frozen=True, slots=True)
class Normalised:
    text: str
    marks: tuple[Mark, ...]
    warnings: tuple[Warning, ...]


def normalise(text: str) -> tuple[str, list[Warning]]:
    """Apply the substitutions; give the clean text and a warning for each kind used."""
    result = normalise_fully(text)
    return result.text, list(result.warnings)


def normalise_fully(text: str) -> Normalised:
    """Like ``normalise``, with the footnote markers that were taken out of the text."""
    warnings: list[Warning] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    separators = text.count("\u2028") + text.count("\u2029")
    if separators > text.count("\n"):  # the file has no other line breaks
        text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    seen: set[str] = set()
    for _ in range(MAX_ROUNDS):
        if not _SUSPECT.search(text):
            break
        before = text
        for substitution in SUBSTITUTIONS:
            first = substitution.pattern.search(text)
            if not first:
                continue
            line = text.count("\n", 0, first.start()) + 1
            text, count = substitution.pattern.subn(substitution.replace, text)
            if substitution.code in seen:
                continue
            seen.add(substitution.code)
            warnings.append(
                Warning(
                    line,
                    substitution.code,
                    f"พบ{substitution.message} ({count} แห่ง เริ่มที่บรรทัด {line}) "
                    "โปรดตรวจข้อความกับต้นฉบับ",
                    substitution.severity,
                )
            )
        if text == before:
            break
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        warnings.append(
            Warning(
                line,
                "unreadable_characters",
                f"มีอักขระที่อ่านไม่ได้ {text.count(chr(0xFFFD))} ตัว เริ่มที่บรรทัด {line} "
                "โปรดบันทึกไฟล์เป็น UTF-8 แล้วนำเข้าใหม่ หรือแก้ด้วยมือ",
            )
        )
    text, marks = _strip_marks(text)
    return Normalised(text, marks, tuple(warnings))


def _strip_marks(text: str) -> tuple[str, tuple[Mark, ...]]:
    """Take out footnote marks, running heads and the ``*`` of an amended section.

    A footnote mark that opens a line is the footnote itself and stays.
    """
    if "[" not in text and "*" not in text and "ราชกิจจานุเบกษา" not in text:
        return text, ()
    marks: list[Mark] = []
    lines = text.split("\n")
    heads = find_running_heads(lines)
    for index, line in enumerate(lines):
        if index in heads:
            marks.append(Mark(index + 1, 0, line.strip()))
            lines[index] = PAGE_BREAK
            continue
        if "[" not in line and "*" not in line:
            continue
        kept: list[str] = []
        start = 0
        star = _STAR.match(line)
        footnote = _OPENING_MARK.match(line)
        if star:
            start = star.end()
            marks.append(Mark(index + 1, 0, star.group().strip()))
        elif footnote:
            start = footnote.end()
            kept.append(line[:start])
        length = sum(map(len, kept))
        for match in _MARK.finditer(line, start):
            kept.append(line[start : match.start()])
            length += len(kept[-1])
            marks.append(Mark(index + 1, length, match.group()))
            start = match.end()
        kept.append(line[start:])
        lines[index] = "".join(kept)
    return "\n".join(lines), tuple(marks)
