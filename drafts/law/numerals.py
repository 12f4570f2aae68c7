"""Numbers as Thai legislation writes them: digits, Pali ordinals, words and years.

A section label such as ``๙๐/๔๒ ทวิ`` becomes ``Number`` ``(90, 42, 2, 0)``: main
number, number after the slash, Pali ordinal, number after the ordinal's slash; 0 means
"none", so that plain tuple comparison is the legal order
(90/42 < 90/42 ทวิ < 90/42 ตรี < 90/43).  Forms are those of docs/thai-law.md.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from drafts.law.structure import Number

ZERO: Number = (0, 0, 0, 0)

#: Years between the Buddhist and the Common era since 1 January 1941.
BUDDHIST_ERA_OFFSET = 543

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

#: Spellings of each ordinal; the first is the one we print.  Some acts spell ฏ as ฎ
#: or drop a doubled consonant; every variant here is a spelling, not a guess.
PALI_ORDINALS: dict[int, tuple[str, ...]] = {
    2: ("ทวิ",),
    3: ("ตรี",),
    4: ("จัตวา",),
    5: ("เบญจ", "ปัญจ", "เบ็ญจ"),
    6: ("ฉ",),
    7: ("สัตต", "สัตตะ"),
    8: ("อัฏฐ", "อัฐ", "อัฎฐ", "อัฏฐะ", "อัฎฐะ"),
    9: ("นว", "นวะ"),
    10: ("ทศ",),
    11: ("เอกาทศ",),
    12: ("ทวาทศ", "ทวาทส"),
    13: ("เตรส", "เตรศ"),
    14: ("จตุทศ", "จตุททศ", "จตุทส"),
    15: ("ปัณรส", "ปัณณรส", "เบญจทศ"),
    16: ("โสฬส", "โสฬศ", "โสฬัส"),
    17: ("สัตตรส", "สัตรส", "สัตตทศ"),
    18: ("อัฏฐารส", "อัฎฐารส", "อัฏฐรส", "อัฎฐรส", "อัฐารส"),
    19: ("เอกูนวีสติ", "เอกูนวีส"),
    20: ("วีสติ", "วีสะ"),
    21: ("เอกวีสติ",),
    22: ("ทวาวีสติ", "ทวาวิสติ", "พาวีสติ"),
    23: ("เตวีสติ",),
    24: ("จตุวีสติ", "จตุพพีสติ", "จตุพีสติ"),
    25: ("ปัญจวีสติ", "เบญจวีสติ", "ปัณณวีสติ"),
    26: ("ฉัพพีสติ", "ฉัพพิสติ", "ฉวีสติ"),
    27: ("สัตตวีสติ", "สัตวีสติ"),
    28: ("อัฏฐวีสติ", "อัฎฐวีสติ", "อัฐวีสติ"),
    29: ("เอกูนติงสติ", "เอกูนตึสติ", "เอกูนติงส"),
    30: ("ติงสติ", "ตึสติ"),
    31: ("เอกติงสติ", "เอกัตติงสติ", "เอกตึสติ"),
    32: ("ทวัตติงสติ", "ทวาติงสติ", "ทวตึสติ"),
    33: ("เตตติงสติ", "เตติงสติ", "เตตึสติ"),
    34: ("จตุตติงสติ", "จตุติงสติ", "จตุตึสติ"),
    35: ("ปัญจติงสติ", "ปัญจตึสติ"),
    36: ("ฉัตติงสติ", "ฉตึสติ"),
    37: ("สัตตติงสติ", "สัตตตึสติ"),
    38: ("อัฏฐติงสติ", "อัฎฐติงสติ", "อัฏฐตึสติ"),
    39: ("เอกูนจัตตาลีสติ", "เอกูนจัตตาฬีสติ"),
    40: ("จัตตาลีสติ", "จัตตาฬีสติ", "จัตตาฬีส"),
}
_ORDINAL_VALUE = {
    spelling: value
    for value, spellings in PALI_ORDINALS.items()
    for spelling in spellings
}

DIGITS = "[0-9๐-๙]"
#: A Thai letter, vowel or mark: what may not follow a complete ordinal.
THAI_LETTER = "[ก-ฺเ-๎]"
ORDINAL_PATTERN = (
    "(?:"
    # ฉ is a letter as well: after two spaces it begins the text, not the label.
    + "|".join(
        rf"(?<![ \t][ \t]){word}" if word == "ฉ" else word
        for word in sorted(_ORDINAL_VALUE, key=len, reverse=True)
    )
    + rf")(?!{THAI_LETTER})"
)
#: ``D+(/D+)?( ORD(/D+)?)?``; four groups, in the order of ``Number``.
LABEL_PATTERN = (
    rf"({DIGITS}{{1,5}})(?:[ \t]?/[ \t]?({DIGITS}{{1,4}}))?"
    rf"(?:[ \t]*({ORDINAL_PATTERN})(?:[ \t]?/[ \t]?({DIGITS}{{1,4}}))?)?"
)
_LABEL = re.compile(LABEL_PATTERN)

_WORD_UNITS = {
    "หนึ่ง": 1,
    "เอ็ด": 1,
    "สอง": 2,
    "สาม": 3,
    "สี่": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "แปด": 8,
    "เก้า": 9,
}
_UNIT_WORDS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_UNIT_PATTERN = "หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า"
#: 1–99 in words, longest form first.
WORD_NUMBER_PATTERN = (
    rf"(?:(?:ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)?สิบ(?:เอ็ด|{_UNIT_PATTERN})?|{_UNIT_PATTERN})"
)
_WORD_NUMBER = re.compile(
    rf"(?:(?P<tens>ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)?(?P<ten>สิบ))?"
    rf"(?P<unit>เอ็ด|{_UNIT_PATTERN})?"
)

#: Letters of (ก) (ข) …: ฃ and ฅ are obsolete and skipped (docs/thai-law.md).
ITEM_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"

_MONTHS = (
    ("มกราคม", "ม.ค."),
    ("กุมภาพันธ์", "ก.พ."),
    ("มีนาคม", "มี.ค."),
    ("เมษายน", "เม.ย."),
    ("พฤษภาคม", "พ.ค."),
    ("มิถุนายน", "มิ.ย."),
    ("กรกฎาคม", "ก.ค."),
    ("สิงหาคม", "ส.ค."),
    ("กันยายน", "ก.ย."),
    ("ตุลาคม", "ต.ค."),
    ("พฤศจิกายน", "พ.ย."),
    ("ธันวาคม", "ธ.ค."),
)


def arabic_digits(text: str) -> str:
    """Fold Thai digits to 0-9; everything else is left as it is."""
    return text.translate(_TO_ARABIC)


def read_number(text: str | None, default: int = 0, most: int = 9_999_999) -> int:
    """Read a number that a file gives, in any digits; ``default`` where it is none.

    Never more than ``most``, however many digits there are.
    """
    text = (text or "").strip()
    if not text.isdecimal():
        return default
    # Leading zeros are counted as digits: nobody writes ten of them.
    return most if len(text) > len(str(most)) + 10 else min(int(text), most)


def thai_digits(value: int | str) -> str:
    """Print a number, or the digits in a text, in Thai digits."""
    return str(value).translate(_TO_THAI)


def number_of(main: str, slash: str | None, ordinal: str | None, sub: str | None):
    """Build a ``Number`` from the four groups of ``LABEL_PATTERN``."""
    return (
        int(arabic_digits(main)),
        int(arabic_digits(slash)) if slash else 0,
        _ORDINAL_VALUE[ordinal] if ordinal else 0,
        int(arabic_digits(sub)) if sub else 0,
    )


def parse_label(label: str) -> Number | None:
    """Read a printed label (``๖๕ อัฏฐ/๑``); None when it is not one."""
    match = _LABEL.fullmatch(label.strip())
    return number_of(*match.groups()) if match else None


def clean_label(label: str) -> str:
    """Give the label as one would print it: single spaces, none round the slash."""
    return re.sub(r"\s*/\s*", "/", re.sub(r"\s+", " ", label.strip()))


def format_label(number: Number, *, digits: Literal["thai", "arabic"] = "thai") -> str:
    """Print a number as a label.  Ordinals beyond the table print as ``(ลำดับ n)``."""
    main, slash, ordinal, sub = number
    text = str(main) + (f"/{slash}" if slash else "")
    if ordinal:
        text += f" {ordinal_word(ordinal)}" + (f"/{sub}" if sub else "")
    return thai_digits(text) if digits == "thai" else text


def ordinal_word(value: int) -> str:
    """Print a Pali ordinal: 2 → ทวิ."""
    spellings = PALI_ORDINALS.get(value)
    return spellings[0] if spellings else f"(ลำดับ {value})"


def ordinal_value(word: str) -> int | None:
    """Read a Pali ordinal: ทวิ → 2; None when the word is not one."""
    return _ORDINAL_VALUE.get(word.strip())


def sort_key(label: str) -> Number:
    """Sort printed labels in legal order; what is not a label sorts first."""
    return parse_label(label) or ZERO


def eid_number(number: Number) -> str:
    """Write a number as the number part of an Akoma Ntoso eId.

    ``5/1`` → ``5-1`` (AKN-NC 1.0 §5.3: separators become hyphens).  The naming
    convention leaves ordinals open; we write ทวิ as ``ord2`` and not as *bis*, because
    Thai series run past the Latin words in use, and because the number can be read
    back without a dictionary: ``65-ord8-1`` is ๖๕ อัฏฐ/๑.
    """
    main, slash, ordinal, sub = number
    parts = [str(main)]
    if slash:
        parts.append(str(slash))
    if ordinal:
        parts.append(f"ord{ordinal}")
        if sub:
            parts.append(str(sub))
    return "-".join(parts)


_EID_NUMBER = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?(?:-ord(\d{1,6})(?:-(\d{1,6}))?)?")


def number_from_eid(part: str) -> Number | None:
    """Read back what ``eid_number`` wrote; None for anything else."""
    match = _EID_NUMBER.fullmatch(part)
    if not match:
        return None
    main, slash, ordinal, sub = (int(group or 0) for group in match.groups())
    return (main, slash, ordinal, sub)


def follows(previous: Number, number: Number) -> bool:
    """Say whether ``number`` can stand directly after ``previous`` with none missing.

    ๕ → ๖, ๕/๑, ๕ ทวิ;  ๕/๑ → ๕/๒, ๖, ๕/๑ ทวิ;  ๕ ทวิ → ๕ ตรี, ๕ ทวิ/๑, ๖, ๕/๑.
    """
    if number <= previous:
        return False
    main, slash, ordinal, sub = previous
    candidates = {
        (main + 1, 0, 0, 0),
        (main, slash + 1, 0, 0),
        (main, slash, 2 if ordinal == 0 else ordinal + 1, 0),
    }
    if ordinal:
        candidates.add((main, slash, ordinal, sub + 1))
    return number in candidates


def parse_word_number(word: str) -> int | None:
    """Read 1–99 written in words (สิบเอ็ด → 11); None when it is not such a word."""
    match = _WORD_NUMBER.fullmatch(word.strip())
    if not match or not match.group(0):
        return None
    value = 0
    if match["ten"]:
        tens = match["tens"]
        value = 10 * (1 if not tens else 2 if tens == "ยี่" else _WORD_UNITS[tens])
    return value + (_WORD_UNITS[match["unit"]] if match["unit"] else 0)


def word_number(value: int) -> str:
    """Write 1–99 in words, as in วรรคสอง; other numbers in Thai digits."""
    if not 1 <= value <= 99:
        return thai_digits(value)
    tens, unit = divmod(value, 10)
    if not tens:
        return _UNIT_WORDS[unit]
    head = ("", "สิบ", "ยี่สิบ")[tens] if tens < 3 else _UNIT_WORDS[tens] + "สิบ"
    return head + ("เอ็ด" if unit == 1 else _UNIT_WORDS[unit])


def buddhist_year(day: date | int) -> int:
    """Give the พ.ศ. year of a date or of a Common-era year."""
    return (day if isinstance(day, int) else day.year) + BUDDHIST_ERA_OFFSET


def common_year(buddhist: int) -> int:
    """Give the Common-era year of a พ.ศ. year (from 2484 on)."""
    return buddhist - BUDDHIST_ERA_OFFSET


def thai_date(
    day: date, *, short: bool = False, digits: Literal["arabic", "thai"] = "arabic"
) -> str:
    """Print a date the Thai way: ``7 ธันวาคม 2569``, short ``7 ธ.ค. 2569``."""
    month = _MONTHS[day.month - 1][1 if short else 0]
    text = f"{day.day} {month} {buddhist_year(day)}"
    return thai_digits(text) if digits == "thai" else text


MONTH_PATTERN = "|".join(re.escape(name) for pair in _MONTHS for name in pair)
_DATE = re.compile(
    rf"({DIGITS}{{1,2}})\s*({MONTH_PATTERN})"
    rf"\s*(?:พ\.?ศ\.?|พุทธศักราช)?\s*({DIGITS}{{4}})"
)
_MONTH_NUMBER = {
    name: index for index, pair in enumerate(_MONTHS, start=1) for name in pair
}


def parse_thai_date(text: str) -> date | None:
    """Find the first Thai date in a text; None when there is none or it is no day."""
    match = _DATE.search(text)
    if not match:
        return None
    day, month, year = match.groups()
    try:
        return date(
            common_year(int(arabic_digits(year))),
            _MONTH_NUMBER[month],
            int(arabic_digits(day)),
        )
    except ValueError:
        return None
