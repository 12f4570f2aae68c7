"""Decide which lines are heads of sections.

Every line that begins like a head gets a score from what stands round it (docs/
thai-law.md: blank line before, division before, two spaces after the label, the way the
text goes on).  The heads are then the chain of increasing numbers with the highest
total, found by dynamic programming.  A cross-reference at the start of a line breaks
the numbering on both sides of it, so a chain through it scores less than the chain
that leaves it out; no single line can derail the rest, as it would if each head were
only compared with the one before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafts.law.numerals import LABEL_PATTERN, follows, number_of
from drafts.law.parse.lines import (
    DIVISION,
    HEAD,
    OPEN_ENDED,
    UNNUMBERED,
    Layout,
    Line,
)
from drafts.law.structure import Number

#: How many candidates back a chain may jump: false heads come in ones and twos.
LOOK_BACK = 60
#: A candidate this well supported may repeat or undercut the number before it.
STRONG = 4.5
_OUT_OF_ORDER_COST = 4.0
#: What numbers that are left out cost at most; whole chapters are repealed in one.
_LARGEST_GAP_COST = 8.0
_CERTAIN = 3.9
_STRONG_GAP_COST = 3.5

_GOES_ON_AS_REFERENCE = re.compile(
    r"(?:วรรค|และ|หรือ|ถึง|แห่ง|ของ|ด้วย|ก็|แล้ว|นี้|มาใช้|ข้างต้น|ดังกล่าว|ตาม|หมวด|ลักษณะ|"
    r"\([๐-๙0-9ก-ฮ])"
)
_INSTEAD = re.compile(r"ความต่อไปนี้แทน\s*:?$")
_INSERTED = re.compile(r".{0,40}ให้เพิ่มความต่อไปนี้เป็น\s*(?:มาตรา|ข้อ|หมวด|ส่วน)[^“\"]*$")
#: ``มาตรา ๙๔ ถึงมาตรา ๑๐๒ (ยกเลิก)``: a range that was repealed, no section of its own.
REPEALED_RANGE = re.compile(
    rf"(?:มาตรา|ข้อ)[ \t]*{LABEL_PATTERN}[ \t]*(?:ถึง|-|–)[ \t]*(?:มาตรา|ข้อ)?[ \t]*"
    rf"{LABEL_PATTERN}.{{0,80}}\(?ยกเลิก\)?$"
)
_REPEALED = re.compile(r"\(?(?:ยกเลิก|ความว่างเปล่า)\)?\s*$")


@dataclass(slots=True)
class Candidate:
    index: int  # of the line
    word: str
    label: str
    number: Number
    rest: str
    score: float


def find_candidates(lines: list[Line], layout: Layout) -> list[Candidate]:
    """List the lines that begin like a head, each with its score."""
    found = []
    for index, line in enumerate(lines):
        if line.text[0] not in "มข" or line.contents:
            continue
        match = HEAD.match(line.text)
        if not match or is_repealed_range(line):
            continue
        number = number_of(*match.groups()[2:6])
        if not 0 < number[0] < 5000:
            continue
        label = line.text[match.end("before") : match.start("gap")]
        found.append(
            Candidate(
                index,
                match["word"],
                " ".join(label.split()),
                number,
                match["rest"],
                _score(lines, index, match, layout),
            )
        )
    return found


def is_repealed_range(line: Line) -> bool:
    """Say whether a line says that a range of sections was repealed."""
    return not line.quoted and bool(REPEALED_RANGE.match(line.text))


def _score(lines: list[Line], index: int, match: re.Match, layout: Layout) -> float:
    line, rest = lines[index], match["rest"]
    previous = lines[index - 1].text if index else ""
    score = 1.0
    wide = len(match["gap"]) >= 2 or "\t" in match["gap"]
    if wide:
        score += 2.0
    elif layout.two_spaces and rest:
        score -= 1.0
    after_division = bool(DIVISION.match(previous) or UNNUMBERED.match(previous))
    if index > 1 and DIVISION.match(lines[index - 2].text) and len(previous) < 120:
        after_division = True
    if after_division:
        score += 2.5
    if not rest and line.blank_before:
        score += 1.0  # the head stands on a line of its own
    if layout.spaced:
        score += 2.0 if line.blank_before or after_division else -2.5
    if _REPEALED.match(rest):
        score += 3.0
    elif _GOES_ON_AS_REFERENCE.match(rest) and not (wide and rest[0] == "("):
        score -= 3.0
    if not line.blank_before and OPEN_ENDED.search(previous[-60:]):
        score -= 4.5
    if _is_new_text(previous, match):
        score -= 5.0
    if not after_division and previous.count("(") > previous.count(")"):
        score -= 1.0
    return score


def _is_new_text(previous: str, match: re.Match) -> bool:
    """Say whether a head begins new text that an amending act forgot to quote."""
    if _INSTEAD.search(previous[-30:]):
        return True
    if not _INSERTED.match(previous):
        return False
    wanted = number_of(*match.groups()[2:6])
    named = re.finditer(rf"(?:มาตรา|ข้อ)\s*{LABEL_PATTERN}", previous)
    return any(number_of(*one.groups()) == wanted for one in named)


def is_quoted_head(text: str) -> bool:
    """Say whether a line of quoted new text is the head of a section, no reference."""
    match = HEAD.match(text)
    return bool(match) and not _GOES_ON_AS_REFERENCE.match(match["rest"])


def choose_chain(candidates: list[Candidate]) -> list[Candidate]:
    """Pick the best chain of heads among candidates of one kind, in text order."""
    best: list[float] = []
    back: list[int] = []
    for position, candidate in enumerate(candidates):
        top = candidate.score + (1.5 if candidate.number == (1, 0, 0, 0) else 0.0)
        link = -1
        if candidate.number[0] > 3:
            top -= min(6.0, 0.5 * candidate.number[0])
        for earlier in range(max(0, position - LOOK_BACK), position):
            gain = best[earlier] + _step(candidates[earlier], candidate)
            if gain > top:
                top, link = gain, earlier
        best.append(top)
        back.append(link)
    if not best:
        return []
    # Of equal chains the later one: a table of contents stands before the text.
    position = max(range(len(best)), key=lambda place: (best[place], place))
    chain = []
    while position >= 0:
        chain.append(candidates[position])
        position = back[position]
    return chain[::-1]


def _step(before: Candidate, candidate: Candidate) -> float:
    """Gain of ``candidate`` standing directly after ``before`` in the chain."""
    previous, number = before.number, candidate.number
    if number <= previous:
        if candidate.score >= STRONG and previous[0] - number[0] <= 2:
            return candidate.score - _OUT_OF_ORDER_COST
        return -100.0
    if follows(previous, number):
        return candidate.score + 2.0
    gap = number[0] - previous[0]
    most = _LARGEST_GAP_COST if candidate.score < _CERTAIN else _STRONG_GAP_COST
    return candidate.score - min(most, 0.5 + 0.75 * gap)
