"""Read plain text: UTF-8, UTF-16, TIS-620 and CP874."""

from __future__ import annotations

import codecs
import re

from drafts.law.messages import _
from drafts.law.readers.result import (
    MAX_CHARACTERS,
    TOO_LONG,
    ReaderError,
    ReadResult,
)
from drafts.law.structure import Severity, Warning

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
#: More control characters than this share: the file is no text.
_BINARY_SHARE = 0.02
#: A UTF-8 file may have this share of broken bytes and still be UTF-8.
_BROKEN_SHARE = 0.01


def decode(data: bytes) -> tuple[str, str, list[Warning]]:
    """Decode text; give it with the name of the encoding and warnings."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _lenient(data[len(bom) :], name)
    guessed = _utf16_without_bom(data)
    if guessed:
        return _lenient(data, guessed)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        pass
    loose = data.decode("utf-8", errors="replace")
    broken = loose.count("\ufffd")
    thai = len(re.findall("[ก-๛]", loose))
    if thai > broken and broken <= max(2, _BROKEN_SHARE * len(loose)):
        return _lenient(data, "utf-8")
    text = data.decode("cp874", errors="replace")
    note = Warning(
        1,
        "legacy_encoding",
        "ไฟล์นี้เข้ารหัสแบบ TIS-620/CP874 แปลงเป็น UTF-8 แล้ว โปรดตรวจว่าอ่านเป็นภาษาไทยถูกต้อง",
        Severity.INFO,
    )
    return text, "cp874", [note]


def _lenient(data: bytes, name: str) -> tuple[str, str, list[Warning]]:
    # Broken bytes become U+FFFD; normalisation warns where they stand.
    return data.decode(name, errors="replace"), name, []


def _utf16_without_bom(data: bytes) -> str | None:
    sample = data[:4096]
    if len(sample) < 8:
        return None
    half = len(sample) // 2
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[offset::2]
        if sum(byte in {0x00, 0x0E, 0x20} for byte in high) > 0.9 * half:
            low = sample[1 - offset :: 2]
            if high.count(0x0E) + high.count(0) > 0.5 * half and low != high:
                return name
    return None


def refuse_binary(text: str) -> None:
    """Raise ``ReaderError`` where control characters say that this is no text."""
    if len(_CONTROL.findall(text)) > max(3, _BINARY_SHARE * len(text)):
        raise ReaderError(
            _("ไฟล์นี้ไม่ใช่ไฟล์ข้อความ โปรดนำเข้าไฟล์ TXT DOCX ODT PDF HTML หรือ XML"),
            "not_text",
        )


def read_plain(data: bytes) -> ReadResult:
    """Read a text file; refuse what is clearly not text."""
    text, _, warnings = decode(data)
    if len(text) > MAX_CHARACTERS:
        raise ReaderError(TOO_LONG, "too_long", most=f"{MAX_CHARACTERS:,}")
    refuse_binary(text)
    if not text.strip():
        raise ReaderError(_("ไฟล์นี้ว่างเปล่า โปรดเลือกไฟล์ใหม่"), "no_text")
    return ReadResult(text, tuple(warnings), "txt")
