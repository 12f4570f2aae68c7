"""Stance from explicit words only, and the guard that keeps opposites apart.

Neither embeddings nor sentiment models see a negation (THEMES.md §0, §6), so stance
comes from the form; for imported free text only a plain statement counts, and
everything else is ``not_stated`` for a person to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

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
_OWN = re.compile(
    r"(?:^|[\s\W_]|ขอ|ผม|ฉัน|ดิฉัน|หนู|เรา|ข้าพเจ้า|กระผม|จึง|เลย|ก็|แต่|ส่วนตัว|โดยรวม|ทั้งนี้|และ)$"
)
#: The cue is somebody else's, or a condition, a question, a request or a noun.
_REPORTED = re.compile(
    r"(?:ผู้(?:ที่)?|คนที่|ฝ่ายที่|กลุ่มที่|คน|ฝ่าย|ใคร(?:ที่)?|หาก|ถ้า|เมื่อ|ว่าจะ|ทำไม(?:ถึง)?"
    r"|เหตุใด(?:จึง)?|ส่วนใหญ่|ประชาชน|ชาวบ้าน|มติ|ที่ประชุม|ความ|การ|ให้การ|เงิน|งบ|ได้รับการ|ช่วย"
    r"|มาตรการ|จะ|รัฐ(?:บาล)?(?:ต้อง|ควร)?|ควร(?:มีการ)?|ต้อง|ไม่)$"
)
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


# --- the guard of near-duplicate groups ------------------------------------------

#: Words that turn a sentence round.  Longest first where one begins another.
_TURNS = re.compile(
    "ไม่|มิได้|มิให้|มิควร|มิ(?=ต้อง|อาจ|พึง|ชอบ)|อย่า|ห้าม|งด|เลิก|คัดค้าน|ค้าน|สนับสนุน|เห็นด้วย"
    "|เห็นชอบ|ควร|ต้อง|เพิ่ม|ลด|อนุญาต|ยกเลิก|คงไว้|ขยาย|เว้น|not|never|no(?![a-z])|n't"
    "|against|oppose|disagree|agree|support"
)
_CITED = re.compile(
    r"(?:มาตรา|ม(?=[0-9])|ข้อ|วรรค|อนุ|หมวด|section|article)"
    r"((?:[0-9]+(?:ทวิ|ตรี|จัตวา|เบญจ|ฉ(?![ก-๙])|สัตต|อัฏฐ|นว|ทศ)?"
    r"|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|แรก|ท้าย)+)"
)
_NUMBER = re.compile("[0-9]+")
#: A side taken; group 1 says no.  ไม่ may have lost a letter to a slip of typing.
_SIDE = re.compile(
    "(?:(ไม่|ไม|ม่|ไ่)?(?:เห็นด้วย|เห็นชอบ|สนับสนุน))|(คัดค้าน|disagree|oppose)|agree|support"
)

#: An insertion or deletion of at least this many key characters is a sentence added
#: or cut; a shorter one is an edit of the sentence.
LONG_EDIT = 14


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the guard compares of one key: the turns, citations and numbers in order."""

    turns: tuple[str, ...]
    cited: tuple[str, ...]
    numbers: tuple[str, ...]
    sides: frozenset[bool]


@lru_cache(maxsize=8192)
def meaning_of(key: str) -> Meaning:
    sides = frozenset(m.lastindex is not None for m in _SIDE.finditer(key))
    return Meaning(
        turns=tuple(_TURNS.findall(key)),
        cited=tuple(m.group(1) for m in _CITED.finditer(key)),
        numbers=tuple(_NUMBER.findall(key)),
        sides=sides,
    )


def _edits(a: str, b: str) -> list[tuple[str, str]]:
    """What differs between two keys, neighbouring changes joined."""
    left = 0
    while left < min(len(a), len(b)) and a[left] == b[left]:
        left += 1
    right = 0
    while right < min(len(a), len(b)) - left and a[-1 - right] == b[-1 - right]:
        right += 1
    a_mid, b_mid = a[left : len(a) - right], b[left : len(b) - right]
    if not a_mid or not b_mid:
        return [(a_mid, b_mid)]
    joined: list[list[int]] = []
    matcher = SequenceMatcher(None, a_mid, b_mid, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if joined and i1 - joined[-1][1] <= 2 and j1 - joined[-1][3] <= 2:
            joined[-1][1], joined[-1][3] = i2, j2
        else:
            joined.append([i1, i2, j1, j2])
    return [(a_mid[i1:i2], b_mid[j1:j2]) for i1, i2, j1, j2 in joined]


def rewritten(a: str, b: str) -> int:
    """Characters of one key that stand where the other has different ones."""
    return sum(min(len(gone), len(come)) for gone, come in _edits(a, b))


def _turned(gone: str, come: str) -> bool:
    """Does replacing ``gone`` by ``come`` turn the sentence or change a number?"""
    if _NUMBER.search(gone) and _NUMBER.search(come):
        return True
    if max(len(gone), len(come)) >= LONG_EDIT:
        return False
    return any(p.search(s) for p in (_TURNS, _NUMBER) for s in (gone, come))


def conflict(a: str, b: str) -> bool:
    """Do two near-copies (as keys) say opposite things or cite different sections?

    Copies whose turning words, citations and numbers are the same in the same order
    do not.  Otherwise the differences themselves are looked at: a letter lost inside
    ไม่ is a slip, ไม่ put in is another opinion; a sentence added or cut may bring or
    take a citation, but not the other side of the question.
    """
    first, second = meaning_of(a), meaning_of(b)
    if first == second:
        return False
    if first.sides != second.sides and first.sides and second.sides:
        return True
    if not (
        set(first.cited) <= set(second.cited) or set(second.cited) <= set(first.cited)
    ):
        return True
    return any(_turned(gone, come) for gone, come in _edits(a, b))
