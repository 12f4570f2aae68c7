"""Stance from explicit words only.

Neither embeddings nor sentiment models see a negation (docs/themes.md), so stance
comes from the form; for imported free text only a plain statement counts, and
everything else is ``not_stated`` for a person to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from comments.nlp.text import Comment

_AGAINST = (
    r"ไม่(?:ค่อย)?เห็นด้วย|ไม่เห็นชอบ|ไม่เห็นสมควร|ขอคัดค้าน|คัดค้าน|ขอค้าน"
    r"|ไม่(?:ขอ)?สนับสนุน|ไม่ยอมรับ|\bdisagree\b|\boppose\b"
    r"|\bdo(?: not|n't) (?:agree|support)\b"
)
_FOR = r"เห็นด้วย|เห็นชอบ|เห็นสมควร|ขอสนับสนุน|สนับสนุน|ไม่คัดค้าน|ไม่ขัดข้อง|\bagree\b|\bsupport\b"
_CUE = re.compile(
    f"(?P<no_claim>ไม่ได้(?:คัดค้าน|เห็นด้วย|สนับสนุน))|(?P<plus_not>ไม่คัดค้าน|ไม่ขัดข้อง)"
    f"|(?P<minus>{_AGAINST})|(?P<plus>{_FOR})",
    re.IGNORECASE,
)
#: A statement of one's own: at the start of a phrase, or right after such a word.
#: A Thai vowel or tone mark is no letter to ``re``, but no end of a phrase either.
_OWN = re.compile(
    r"(?:^|[^\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|_|ขอ|ผม|ฉัน|ดิฉัน|หนู|เรา|ข้าพเจ้า|กระผม|จึง|เลย|ก็|แต่|ส่วนตัว|โดยรวม|ทั้งนี้|และ)$"
)
#: The cue is somebody else's, or a condition, a question, a request or a noun.
_REPORTED = re.compile(
    r"(?:ผู้(?:ที่)?|คนที่|ฝ่ายที่|กลุ่มที่|คน|ฝ่าย|ใคร(?:ที่)?|หาก|ถ้า|เมื่อ|ว่าจะ|ทำไม(?:ถึง)?"
    r"|เหตุใด(?:จึง)?|ส่วนใหญ่|ประชาชน|ชาวบ้าน|มติ|ที่ประชุม|ความ|การ|ให้การ|เงิน|งบ|ได้รับการ|ช่วย"
    r"|มาตรการ|จะ|รัฐ(?:บาล)?(?:ต้อง|ควร)?|ควร(?:มีการ)?|ต้อง|ไม่)$"
)
#: A question put is no answer to it.
_ASKED = re.compile(r"\s*(?:หรือ(?:ไม่|เปล่า|ยัง|ป่าว)|หรอ|ไหม|มั้ย|\?)")
_BUT = re.compile(r"แต่|แค่ขอให้|โดยมีเงื่อนไข|โดยมีข้อ(?:สังเกต|เสนอ|แก้ไข)|ทั้งนี้ควร|\bbut\b")


@dataclass(frozen=True, slots=True)
class Stance:
    """``value`` as in text.STANCES; ``source`` form, cue or none; the cue's place."""

    value: str
    source: str
    start: int | None = None
    end: int | None = None


def stance_of(comment: Comment) -> Stance:
    """The stance given in the form, else the one stated in so many words."""
    if comment.stance is not None and comment.stance != "not_stated":
        return Stance(comment.stance, "form")
    return stated(comment.text)


def stated(text: str) -> Stance:
    """Explicit-cue rule; both sides stated, a quoted or conditional cue: not_stated."""
    found = []
    for match in _CUE.finditer(text[:5000]):
        if match.lastgroup == "no_claim":
            continue
        before = text[max(0, match.start() - 14) : match.start()]
        if not _OWN.search(before) or _REPORTED.search(before.rstrip()):
            continue
        if _ASKED.match(text, match.end()):
            continue
        sign = "-" if match.lastgroup == "minus" else "+"
        found.append((sign, match.start(), match.end()))
    signs = {sign for sign, _, _ in found}
    if signs == {"+"}:
        _, start, end = found[0]
        after = _BUT.search(text, end, end + 200)
        return Stance("agree_with_changes" if after else "agree", "cue", start, end)
    if signs == {"-"}:
        _, start, end = found[0]
        return Stance("disagree", "cue", start, end)
    return Stance("not_stated", "none")
