"""Find what sound Thai text never has, and a damaged text layer of a PDF does.

Nothing is put right here: where one of these stands the letters round it cannot be
trusted either, since a PDF that gets ู wrong in one place has got it wrong in others
where nobody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from drafts.law.parse.normalise import normalise

_TONES = "่-๋"
_VOWELS = "ัิ-ู็"  # above and below a consonant; ํ and ฺ stand beside them in Pali
_MARKS = f"{_VOWELS}ฺ{_TONES}์-๎"
#: Fewer ำ than this say nothing of the whole (a page may read คำนำ and no more).
_FEW_AM = 4
#: More control characters than these, and than this share: it is no text.
_FEW_STRANGE = 3
_STRANGE_SHARE = 0.02
_STRANGE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
#: One on a Thai letter is a mark that was lost: one is too many.
_LOST_MARK = re.compile(f"[ก-๎]{_STRANGE.pattern}")
#: Letters shown on each side of a fault.
_AROUND = 8


class FaultKind(StrEnum):
    """What is wrong with the letters; the value is stable."""

    UNREADABLE = "unreadable"  # characters that are no letters at all
    AM_AA = "am_aa"  # ำา
    TWO_TONES = "two_tones"  # two tone marks, or two vowel signs, on one consonant
    BARE_MARK = "bare_mark"  # a tone mark or a vowel sign on nothing
    AM_FOR_AA = "am_for_aa"  # more ำ than า: กำร for การ


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault in a text: how often, and the first place as it reads."""

    kind: FaultKind
    count: int
    example: str


_PATTERNS = {
    FaultKind.AM_AA: re.compile(f"ำ[{_MARKS}]*า"),
    FaultKind.TWO_TONES: re.compile(
        f"[{_TONES}][{_VOWELS}]?[{_TONES}]|[{_VOWELS}][{_TONES}]?[{_VOWELS}]"
    ),
    FaultKind.BARE_MARK: re.compile(f"(?<![ก-ฮํ{_MARKS}])[{_MARKS}]"),
}
#: Of most fonts มาตรา stands in bold: its letters may be right and all others wrong.
_HEAD = re.compile("มาตรา")
_SPACES = re.compile(r"\s+")


def thai_faults(text: str) -> tuple[Fault, ...]:
    """Return the faults in a text, one for each kind, the most telling first.

    What has one meaning only is no fault: a ำ of two characters, a tone typed before
    its vowel, signs from old fonts (``drafts.law.parse.normalise``).
    """
    strange = _STRANGE.findall(text)
    most = max(_FEW_STRANGE, _STRANGE_SHARE * len(text))
    if len(strange) > most or _LOST_MARK.search(text):
        return (Fault(FaultKind.UNREADABLE, len(strange), ""),)
    return tuple(_faults(normalise(text)[0]))


def _faults(text: str) -> Iterator[Fault]:
    for kind, pattern in _PATTERNS.items():
        places = [match.start() for match in pattern.finditer(text)]
        if places:
            yield Fault(kind, len(places), _around(text, places[0]))
    am, aa = text.count("ำ"), _HEAD.sub("", text).count("า")
    if am >= _FEW_AM and am > aa:
        yield Fault(FaultKind.AM_FOR_AA, am, _around(text, text.index("ำ")))


def _around(text: str, place: int) -> str:
    piece = text[max(0, place - _AROUND) : place + _AROUND]
    return _SPACES.sub(" ", piece).strip()
