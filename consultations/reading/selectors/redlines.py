"""Show new words against old ones: what stays, what goes, what comes."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from drafts.law import words

KEEP, OUT, IN = "keep", "del", "ins"
#: Above this many words the comparison would cost more than it helps: show both whole.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Change:
    kind: str  # keep, del, ins
    text: str


def redline(old: str, new: str) -> tuple[Change, ...]:
    """Compare two texts word by word; joined, "keep" and "ins" give ``new`` exactly."""
    if old == new:
        return (Change(KEEP, new),)
    before, after = words.tokens(old), words.tokens(new)
    if len(before) + len(after) > LONGEST:
        return (Change(OUT, old), Change(IN, new))
    changes: list[Change] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            changes.append(Change(KEEP, "".join(before[i1:i2])))
            continue
        if i2 > i1:
            changes.append(Change(OUT, "".join(before[i1:i2])))
        if j2 > j1:
            changes.append(Change(IN, "".join(after[j1:j2])))
    return tuple(changes)
