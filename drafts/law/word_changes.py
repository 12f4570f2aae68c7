"""Read instructions that change words: ให้แก้ไขคำว่า “ก” เป็น “ข” and its variants."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: All white space after a quotation belongs to it (``*+``): where each of many gaps
#: could be shared out in several ways, a sentence that does not fit took years.
_QUOTED = r"[“\"](?P<{}>[^”\"]+)[”\"]\s*+"
_OLD, _NEW = _QUOTED.format("old"), _QUOTED.format("new")
_BETWEEN = r"(?P<where>[^“\"]{0,600}?)"
_REST = r"(?P<where>[^“\"\n]{0,600})"
_WORD = r"(?:ถ้อย)?คำ(?:ว่า)?\s*+"
_FURTHER = rf"(?:(?:,|และ|หรือ)?\s*(?:{_WORD})?[“\"][^”\"]+[”\"]\s*+)"
#: “ก” และ “ข” … เป็น “ค”; more new words only where they are ตามลำดับ.
_PAIR = re.compile(
    rf"{_WORD}(?P<olds>{_OLD}{_FURTHER}*){_BETWEEN}เป็น\s*(?:{_WORD})?"
    rf"(?P<news>{_NEW}(?:{_FURTHER}+(?=ตามลำดับ))?)"
)
_IN_QUOTES = re.compile(r"[“\"]([^”\"]+)[”\"]")
_EXCHANGED = (
    re.compile(rf"ให้ยกเลิก{_WORD}{_OLD}{_BETWEEN}และให้ใช้{_WORD}{_NEW}แทน"),
    re.compile(rf"ให้ใช้{_WORD}{_NEW}แทน{_WORD}{_OLD}{_REST}"),
    re.compile(rf"ให้แทน(?:ที่)?{_WORD}{_OLD}{_BETWEEN}ด้วย{_WORD}{_NEW}"),
)
_RENAMED = re.compile(
    rf"{_WORD}{_OLD}{_BETWEEN}ให้(?:แก้(?:ไข)?(?:เพิ่มเติม)?|เปลี่ยน)?\s*(?:เป็น|ใช้)\s*"
    rf"(?:{_WORD})?{_NEW}"
)
_DROPPED = re.compile(rf"ให้(?:ตัด|ยกเลิก){_WORD}{_OLD}{_REST}")
_ADDED = re.compile(
    rf"ให้เพิ่ม{_WORD}{_NEW}(?P<side>ต่อจาก|ต่อท้าย|หลัง|ถัดจาก|ก่อน|หน้า){_WORD}{_OLD}{_REST}"
)
_ADDED_BETWEEN = re.compile(
    rf"ให้เพิ่ม{_WORD}{_NEW}ระหว่าง{_WORD}{_OLD}(?:และ|กับ)\s*(?:{_WORD})?"
    rf"{_QUOTED.format('after')}{_REST}"
)
AMENDS_WORDS = r"ให้(?:แก้(?:ไข)?(?:เพิ่มเติม)?|เปลี่ยน)(?:ถ้อย)?คำว่า"
_AMENDS = re.compile(AMENDS_WORDS)
_BEFORE = {"ก่อน", "หน้า"}


@dataclass(frozen=True, slots=True)
class WordChange:
    """Old words, new words ("" where they are cut), and the words that say where."""

    old: str
    new: str
    where: str


def is_word_order(line: str) -> bool:
    """Say whether an instruction changes words: its quotation marks hold no new text.

    ``ให้ยกเลิกความใน…`` and ``ให้เพิ่มบทนิยามคำว่า “ก”`` are other kinds.
    """
    return bool(find_word_changes(line))


def find_word_changes(sentence: str) -> list[WordChange]:
    """List what an instruction changes; one sentence may hold several pairs."""
    for pattern in _EXCHANGED:
        match = pattern.search(sentence)
        if match:
            return [WordChange(match["old"], match["new"], match["where"])]
    if _AMENDS.search(sentence):
        return [
            change for match in _PAIR.finditer(sentence) for change in _changes(match)
        ]
    renamed = _RENAMED.match(sentence) or _RENAMED.match(
        sentence.removeprefix("บรรดา").lstrip()
    )
    if renamed:
        return [WordChange(renamed["old"], renamed["new"], renamed["where"])]
    between = _ADDED_BETWEEN.search(sentence)
    if between:
        old, after = between["old"], between["after"]
        return [WordChange(old + after, old + between["new"] + after, between["where"])]
    added = _ADDED.search(sentence)
    if added:
        old, new = added["old"], added["new"]
        joined = new + old if added["side"] in _BEFORE else old + new
        return [WordChange(old, joined, added["where"])]
    dropped = _DROPPED.search(sentence)
    return [WordChange(dropped["old"], "", dropped["where"])] if dropped else []


def _changes(match: re.Match[str]) -> list[WordChange]:
    """Pair old words with new ones: all with the only one, or each with its own."""
    olds = _IN_QUOTES.findall(match["olds"])
    news = _IN_QUOTES.findall(match["news"])
    if len(news) == 1:
        news *= len(olds)
    if len(news) != len(olds):
        return []
    return [
        WordChange(old, new, match["where"])
        for old, new in zip(olds, news, strict=True)
    ]
