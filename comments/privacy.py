"""Find personal data in what people type and cover it in what is published.

Legal basis: Official Information Act 2540 ss. 9 and 24, PDPA s. 22.  A false alarm
costs the reader a number that the sender meant to be read, so every rule asks for
proof: a check digit, a shape that nothing else has, or a word that says what follows.
Section numbers, amounts of money, dates and พ.ศ. years have none of these.

Pure functions over text; offsets are those of the typed text.  The typed text itself
is kept, sealed (comments/intake.py); what is logged is the rule and the place, never
the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

#: Thai and full-width digits.
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "0123456789" * 2)
#: What nobody sees and what would part a number all the same.
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
#: What stands between groups of digits: nothing, one space, or a dash or full stop.
_S = r"(?:[ \u00a0]?[-–—‑.][ \u00a0]?|[ \u00a0])?"
_MONEY = re.compile(r"\s*(?:\.\d+\s*)?(?:บาท|ล้าน|แสน|หมื่น|สตางค์|ดอลลาร์|baht|thb)", re.I)


@dataclass(frozen=True, slots=True)
class Span:
    """One covered place: ``start`` and ``end`` count characters of the typed text."""

    rule: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text as it may be published, and what was covered in it."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def rules(self) -> list[dict[str, object]]:
        """The spans as they are stored: no value in them."""
        return [{"rule": s.rule, "start": s.start, "end": s.end} for s in self.spans]


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    mark: str
    pattern: re.Pattern[str]
    proof: Callable[[str, re.Match[str]], bool] = lambda text, match: True


def check_digit(digits: str) -> int:
    """Return the check digit of the first twelve digits of a Thai national ID."""
    total = sum(int(digit) * (13 - n) for n, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10


def is_national_id(digits: str) -> bool:
    """Tell whether thirteen ASCII digits are a Thai national ID number."""
    return (
        len(digits) == 13
        and len(set(digits)) > 1
        and check_digit(digits) == int(digits[12])
    )


_GROUPS = re.compile(r"\d+")
_ID_WORD = re.compile(r"ประชาชน|บัตร|เลขประจำตัว|\bID\b|citizen", re.I)


def _proves_id(text: str, match: re.Match[str]) -> bool:
    found = match.group()
    groups = [len(group) for group in _GROUPS.findall(found)]
    if not is_national_id("".join(_GROUPS.findall(found))):
        return False
    if _MONEY.match(text, match.end()):
        return False
    if groups in ([13], [1, 4, 5, 2, 1]) or set(groups) == {1}:
        return True
    # Other groupings may be numbers of a list that happen to stand side by side.
    near = text[max(0, match.start() - 40) : match.start()]
    return "-" in found or bool(_ID_WORD.search(near))


def _is_not_money(text: str, match: re.Match[str]) -> bool:
    return not _MONEY.match(text, match.end("value"))


_MOBILE = (
    rf"0[689]\d{_S}\d{{3}}{_S}\d{{4}}",
    rf"0[689]\d{_S}\d{{4}}{_S}\d{{3}}",
    rf"0[689]{_S}\d{{4}}{_S}\d{{4}}",
    rf"0{_S}[689]\d{{3}}{_S}\d{{5}}",
    rf"0{_S}[689]\d{{4}}{_S}\d{{4}}",
    r"0[689](?P<pair>[ -])\d\d(?P=pair)\d\d(?P=pair)\d\d(?P=pair)\d\d",
    r"0(?P<one>[ -])[689](?:(?P=one)\d){8}",
    rf"\(0[689]\d\){_S}\d{{3}}{_S}\d{{4}}",
)
_LANDLINE = (
    rf"0{_S}2{_S}\d{{3}}{_S}\d{{4}}",
    rf"0{_S}[3457]\d{_S}\d{{3}}{_S}\d{{3}}",
    r"0-[2-57]\d{3}-\d{4}",
    r"0[3457]-\d{3}-\d{4}",
    rf"\(02\){_S}\d{{3}}{_S}\d{{4}}",
    rf"\(0[3457]\d\){_S}\d{{3}}{_S}\d{{3}}",
)
_ABROAD = (
    rf"(?:\+|\b00)66{_S}(?:\(0\)|0)?{_S}[689]\d{_S}\d{{3}}{_S}\d{{4}}",
    rf"(?:\+|\b00)66{_S}(?:\(0\)|0)?{_S}[689]{_S}\d{{4}}{_S}\d{{4}}",
    rf"(?:\+|\b00)66{_S}(?:\(0\)|0)?{_S}2{_S}\d{{3}}{_S}\d{{4}}",
    rf"(?:\+|\b00)66{_S}(?:\(0\)|0)?{_S}[3457]\d{_S}\d{{3}}{_S}\d{{3}}",
)
_BEFORE, _AFTER = r"(?<![\d๐-๙+])(?<!\d[,./-])", r"(?![,.]?\d)"
_NUMBER = r"(?P<value>\d(?:[ -]?\d){%s})(?!\d)"
#: From a word to the value it announces: no digit, no mark of ours, no new line.
_GAP = r"[^\d\[\n]{0,%d}?"

RULES: tuple[_Rule, ...] = (
    _Rule(
        "national_id",
        "[ปกปิด: เลขประจำตัวประชาชน]",
        re.compile(rf"(?<!\d)(?<!\d[-,.])\d(?:{_S}\d){{12}}(?!-?\d)"),
        _proves_id,
    ),
    _Rule(
        "email",
        "[ปกปิด: อีเมล]",
        re.compile(
            r"[A-Za-z0-9_%+-](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?"
            r"(?:@|\s?[(\[](?:at|แอท)[)\]]\s?)"
            r"(?:[A-Za-z0-9-]{1,63}\.){1,8}(?:[A-Za-z]{2,24}|ไทย)",
            re.I,
        ),
    ),
    # Thai letters before the sign: where a name begins in them nobody can tell, so all
    # of them up to a space are covered.
    _Rule(
        "email",
        "[ปกปิด: อีเมล]",
        re.compile(
            r"[A-Za-z0-9ก-ฺเ-๎_%+-](?:[A-Za-z0-9ก-ฺเ-๎._%+-]{0,62}[A-Za-z0-9ก-ฺเ-๎_%+-])?"
            r"@(?:[A-Za-z0-9ก-ฺเ-๎-]{1,63}\.){1,8}(?:[A-Za-z]{2,24}|ไทย)"
        ),
    ),
    _Rule(
        "bank_account",
        "[ปกปิด: เลขบัญชี]",
        re.compile(
            r"(?:เลข(?:ที่)?บัญชี|บัญชี(?:ธนาคาร|เลขที่|ออมทรัพย์|กระแสรายวัน)|พร้อมเพย์"
            r"|promptpay|account (?:no|number))" + _GAP % 40 + _NUMBER % "9,14",
            re.I,
        ),
        _is_not_money,
    ),
    _Rule(
        "bank_account",
        "[ปกปิด: เลขบัญชี]",
        re.compile(_BEFORE + r"(?P<value>\d{3}-\d-\d{5}-\d)(?![-\d])"),
    ),
    _Rule(
        "phone",
        "[ปกปิด: หมายเลขโทรศัพท์]",
        re.compile(
            f"(?:{'|'.join(_ABROAD)}|{_BEFORE}(?:{'|'.join([*_MOBILE, *_LANDLINE])}))"
            + _AFTER
        ),
    ),
    _Rule(
        "phone",
        "[ปกปิด: หมายเลขโทรศัพท์]",
        re.compile(
            r"(?:โทร(?:ศัพท์)?|เบอร์(?:โทร)?|มือถือ|\btel\b|\bphone\b|whatsapp)"
            r"[^\d\[\n]{0,12}?" + _NUMBER % "8,10",
            re.I,
        ),
        _is_not_money,
    ),
    _Rule(
        "line_id",
        "[ปกปิด: ไอดีไลน์]",
        re.compile(
            r"(?:(?:ไลน์|(?<![A-Za-z])line)\s*(?:ไอดี|id)\s*(?:[:=]|คือ|is)?\s*"
            r"|(?:ไลน์|(?<![A-Za-z])line)\s*[:=]\s*"
            r"|(?:แอด|\badd)\s*(?:ไลน์|line)\s*)"
            r"(?P<value>@?[a-z0-9][a-z0-9._-]{2,29}[a-z0-9])",
            re.I,
        ),
    ),
    _Rule(
        "passport",
        "[ปกปิด: เลขหนังสือเดินทาง]",
        re.compile(
            r"(?:หนังสือเดินทาง|พาสปอร์ต|passport)" + _GAP % 20 + r"(?<![A-Za-z])"
            r"(?P<value>[A-Z]{1,2}\d{6,7})(?!\d)",
            re.I,
        ),
    ),
    _Rule(
        "laser_code",
        "[ปกปิด: รหัสหลังบัตร]",
        re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d-?\d{7}-?\d{2}(?![\d-])"),
    ),
    _Rule(
        "address",
        "[ปกปิด: ที่อยู่]",
        re.compile(
            r"บ้านเลขที่\s*(?P<value>\d{1,5}(?:/\d{1,5})?"
            r"(?:\s*(?:ม\.|หมู่(?:ที่)?)\s*\d{1,3})?)"
        ),
    ),
)


def redact(text: str) -> Redaction:
    """Cover the personal data found in a text.

    Where two rules claim the same place, the one that stands first in ``RULES`` wins.
    The same text gives the same result; a covered text has nothing more to cover.
    """
    seen = [at for at, letter in enumerate(text) if letter not in _INVISIBLE]
    folded = "".join(text[at] for at in seen).translate(_DIGITS)
    spans: list[Span] = []
    taken = bytearray(len(text))  # 1 where a span covers: no list to go through
    for rule in RULES:
        for match in rule.pattern.finditer(folded):
            group = "value" if "value" in rule.pattern.groupindex else 0
            first, behind = match.span(group)
            start, end = seen[first], seen[behind - 1] + 1
            if taken.find(1, start, end) < 0 and rule.proof(folded, match):
                taken[start:end] = b"\1" * (end - start)
                spans.append(Span(rule.id, start, end, rule.mark))
    if not spans:
        return Redaction(text)
    spans.sort(key=lambda span: span.start)
    return Redaction(cover(text, spans), tuple(spans))


def cover(text: str, spans: list[Span] | tuple[Span, ...]) -> str:
    """Put each span's mark in its place; spans are in order and do not overlap."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], span.replacement]
        at = span.end
    return "".join([*parts, text[at:]])
