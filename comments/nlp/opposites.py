"""The guard that keeps opposites apart: near-copies that do not say the same thing.

Neither shingles nor embeddings see a negation (docs/themes.md), so two near-copies are
compared edit by edit: an edit that touches a word on which the meaning turns (a
negation, a duty, more or less, a number, a citation) makes them two opinions, unless
it is a single letter lost in typing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from drafts.law.sequences import SequenceMatcher

#: Words that turn a sentence round.  Longest first where one begins another; keys
#: have no spaces, so some are also found inside other words: that only makes the
#: guard stricter where such a word is edited.
_NEGATION = (
    "ไม่|(?<!ภู)มิ(?=ใช่|ได้|ให้|ควร|อาจ|พึง|ชอบ|ต้อง|เคย|มี|สามารถ|จำเป็น|รับ|ยอม|เห็น|ถูก|ทำ)"
    "|หาใช่|ปราศจาก|อย่า|ห้าม|งด|ยกเลิก|เลิก"
)
_DEGREE = (
    "เพิ่ม|ลด|ขยาย|ยกเว้น|เว้น|มากกว่า|น้อยกว่า|มาก|น้อย|เกิน|ก่อน|หลัง|ทุก|บาง|เฉพาะ|ทั้งหมด|สูง|ต่ำ"
    "|เข้มงวด|ผ่อนปรน|ขึ้น|ลง|เร็ว|ช้า|ใหญ่|เล็ก|แพง|ถูก|อย่างน้อย|อย่างมาก"
)
_DUTY = (
    "ควร|ต้อง|อาจ|พึง|อนุญาต|บังคับ|สมัครใจ|คงไว้|ตัดออก|แก้ไข|จำคุก|ปรับ|คัดค้าน|ค้าน|สนับสนุน"
    "|เห็นด้วย|เห็นชอบ|เห็นต่าง|เห็นแย้ง|เห็นสมควร|ยอมรับ|รับได้"
)
_ENGLISH = (
    "cannot|not|never|without|no(?![a-z])|(?<=do|es|id|ld|st|ed|ca|wo|is|re|as)nt|against"
    "|oppose|disagree|agree|support"
    "|increase|decrease|more|less"
)
_COUNT = (
    "หนึ่ง|สอง|สามารถ|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|เอ็ด|ยี่|ร้อย|พัน|หมื่น|แสน|ล้าน|ครึ่ง|กึ่ง"
    "|[0-9]+(?:[./(-][0-9]+)*|[¼½¾]|(?<=[0-9])(?:บาท|วัน|เดือน|ปี|เมตร|ชั่วโมง|นาที|คน)"
)
_LABEL = "มาตรา|หมวด|ลักษณะ|วรรค|อนุ|ข้อ|ทวิ|ตรี|จัตวา|เบญจ"
_TURN = re.compile("|".join((_NEGATION, _DEGREE, _DUTY, _ENGLISH, _COUNT, _LABEL)))
_NEGATIVE = re.compile(f"{_NEGATION}|cannot|not|never|without|nt")
#: A negation that is the last thing put in (or taken out) before words that stay.
_NEGATES_WHAT_FOLLOWS = re.compile(
    "(?<!หรือ)(?:ไม่(?:ได้|ค่อย|ต้อง|ควร|อยาก|อยากให้)?|มิ|มิได้|ห้าม(?:มิ)?|อย่า|งด|เลิก|ยกเลิก"
    "|(?:do|does|did|should|would|could|must|need|will|is|are|was)(?:not|nt)|cannot|never"
    "|without)$"
)
_CITED = re.compile(
    r"(มาตรา|ม(?=[0-9])|ข้อ|วรรค|อนุ|หมวด|section|article)"
    r"((?:[0-9]+(?:[./(-][0-9]+)*(?:ทวิ|ตรี|จัตวา|เบญจ|ฉ(?![ก-๙])|สัตต|อัฏฐ|นว|ทศ)?"
    r"|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|แรก|ท้าย)+)"
)
_NUMBER = re.compile("[0-9./(¼½¾-]")
#: With the digit before or after it a mark between digits is lost.
_MARK = re.compile("[./(-]")
#: A side taken; group 1 says no.  ไม่ may have lost a letter to a slip of typing.
_SIDE = re.compile(
    "(?:(ไม่(?:ได้|ค่อย)?|ไม|ม่|ไ่)?(?:เห็นด้วย|เห็นชอบ|สนับสนุน))"
    "|(คัดค้าน|disagree|oppose)|agree|support"
)

#: An insertion or deletion of at least this many key characters is a sentence added
#: or cut; a shorter one is an edit of the sentence.
LONG_EDIT = 14


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the guard compares of one key: the turning words in order with their
    places, the citations, the sides taken (True: against)."""

    turns: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    cited: frozenset[tuple[str, str]]
    sides: frozenset[bool]
    denied: tuple[str, ...]  # the letters that follow each negation

    def touched(self, start: int, end: int) -> tuple[str, ...]:
        """Turning words of which a character lies in start..end."""
        return tuple(
            word
            for word, (first, last) in zip(self.turns, self.spans, strict=True)
            if first < end and last > start
        )


@lru_cache(maxsize=8192)
def meaning_of(key: str) -> Meaning:
    found = [m for m in _TURN.finditer(key) if m.group() != "สามารถ"]
    return Meaning(
        turns=tuple(m.group() for m in found),
        spans=tuple(m.span() for m in found),
        cited=frozenset(
            ("มาตรา" if m.group(1) == "ม" else m.group(1), m.group(2))
            for m in _CITED.finditer(key)
        ),
        sides=frozenset(m.lastindex is not None for m in _SIDE.finditer(key)),
        denied=tuple(
            key[m.end() : m.end() + 3] for m in found if _NEGATIVE.fullmatch(m.group())
        ),
    )


@dataclass(frozen=True, slots=True)
class _Edit:
    """a[i1:i2] stands where b[j1:j2] does; ``joined`` are its parts when it is several
    neighbouring ones taken together."""

    i1: int
    i2: int
    j1: int
    j2: int
    joined: tuple[_Edit, ...] = ()

    @property
    def steps(self) -> tuple[_Edit, ...]:
        return self.joined or (self,)

    @property
    def gone(self) -> int:
        return self.i2 - self.i1

    @property
    def come(self) -> int:
        return self.j2 - self.j1


def _alike_at_start(a: str, b: str) -> int:
    """How many letters two keys share at their start, found by halves."""
    least, most = 0, min(len(a), len(b)) + 1  # share so many; do not share so many
    while most - least > 1:
        middle = (least + most) // 2
        if a[least:middle] == b[least:middle]:
            least = middle
        else:
            most = middle
    return least


@lru_cache(maxsize=1)  # conflict() and rewritten() ask of one pair in turn
def _edits(a: str, b: str) -> tuple[_Edit, ...]:
    """What differs between two keys, neighbouring changes joined."""
    left = _alike_at_start(a, b)
    right = _alike_at_start(a[left:][::-1], b[left:][::-1])
    a_end, b_end = len(a) - right, len(b) - right
    if left in (a_end, b_end):
        return (_Edit(left, a_end, left, b_end),)
    joined: list[_Edit] = []
    matcher = SequenceMatcher(None, a[left:a_end], b[left:b_end], autojunk=False)
    for tag, *place in matcher.get_opcodes():
        if tag == "equal":
            continue
        edit = _Edit(*(at + left for at in place))
        if joined and edit.i1 - joined[-1].i2 <= 2 and edit.j1 - joined[-1].j2 <= 2:
            last = joined.pop()
            steps = (*last.steps, edit)
            edit = _Edit(last.i1, edit.i2, last.j1, edit.j2, steps)
        joined.append(edit)
    return tuple(joined)


def rewritten(a: str, b: str) -> int:
    """Characters of one key that stand where the other has different ones."""
    return sum(min(edit.gone, edit.come) for edit in _edits(a, b))


def _holds_turn(key: str, start: int, end: int) -> bool:
    """Is a whole turning word among what was put in at start..end?  Where the letters
    around it allow it, the same insertion may also have been made further left."""
    meaning = meaning_of(key)
    while True:
        if any(start <= first and last <= end for first, last in meaning.spans):
            return True
        if start == 0 or key[start - 1] != key[end - 1]:
            return False
        start, end = start - 1, end - 1


def _slip(a: str, b: str, edit: _Edit, *, careless: bool) -> bool:
    """Letters lost in typing: only one of the two keys has more, by one or two letters
    at each place, and no whole turning word among them; nor a digit, except a single
    one by the ``careless``."""
    steps = edit.steps
    if any((step.gone and step.come) or step.gone + step.come > 2 for step in steps):
        return False
    if any(step.gone for step in steps) and any(step.come for step in steps):
        return False
    numbers = [step for step in steps if _NUMBER.search(_differing(a, b, step))]
    if numbers:
        return careless and all(
            len(_MARK.sub("", _differing(a, b, step))) <= 1 for step in steps
        )
    return not any(
        _holds_turn(a, step.i1, step.i2)
        if step.gone
        else _holds_turn(b, step.j1, step.j2)
        for step in steps
    )


def _differing(a: str, b: str, edit: _Edit) -> str:
    return a[edit.i1 : edit.i2] + b[edit.j1 : edit.j2]


def _denies_what_follows(key: str, start: int, end: int) -> bool:
    """Does key[start:end] end in a negation of the words after it?  Where the letters
    around it allow it, the same words may also have stood further left."""
    if end == len(key):
        return False
    while start < end:
        if _NEGATES_WHAT_FOLLOWS.search(key, start, end):
            return True
        if start == 0 or key[start - 1] != key[end - 1]:
            return False
        start, end = start - 1, end - 1
    return False


def _denied(a: str, b: str, edit: _Edit) -> bool:
    """Is what follows the edit, or a part of it, denied in only one of the two?"""
    return any(
        _denies_what_follows(a, step.i1, step.i2)
        != _denies_what_follows(b, step.j1, step.j2)
        for step in (*edit.steps, edit)
    )


def _turned(a: str, b: str, edit: _Edit, *, careless: bool) -> bool:
    """Does this edit turn the sentence or change a number?  ``careless``: there are
    slips of typing elsewhere, so a digit may be lost by one as well."""
    least, most = sorted((edit.gone, edit.come))
    if most <= 1 and _NUMBER.search(_differing(a, b, edit)):
        return least > 0 or not careless
    if most <= 1 or _slip(a, b, edit, careless=careless):
        return False
    before = meaning_of(a).touched(edit.i1, edit.i2)
    after = meaning_of(b).touched(edit.j1, edit.j2)
    if most < LONG_EDIT:
        return before != after
    if _denied(a, b, edit):
        return True
    if least == 0 or least >= LONG_EDIT:
        return False
    short, long = sorted((before, after), key=len)
    return not (
        not short or short == long[: len(short)] or short == long[-len(short) :]
    )


def conflict(a: str, b: str) -> bool:
    """Do two near-copies (as keys) say opposite things or cite different sections?

    Copies whose turning words and citations are the same in the same order do not.
    Otherwise the differences themselves are looked at: a letter lost inside ไม่ is a
    slip, ไม่ put in is another opinion; a sentence added or cut may bring or take a
    citation, but not the other side of the question.
    """
    first, second = meaning_of(a), meaning_of(b)
    same = first.turns == second.turns and first.cited == second.cited
    if same and first.denied == second.denied:
        return False
    if first.sides != second.sides and first.sides and second.sides:
        return True
    if not (first.cited <= second.cited or second.cited <= first.cited):
        return True
    edits = _edits(a, b)
    slips = [
        step
        for edit in edits
        for step in edit.steps
        if step.gone + step.come <= 2 and not _NUMBER.search(_differing(a, b, step))
    ]
    # Who loses letters may lose a digit; who does not has written another number.
    lost = any(step.gone for step in slips), any(step.come for step in slips)
    return any(
        _turned(a, b, edit, careless=lost[any(step.come for step in edit.steps)])
        for edit in edits
    )
