"""Show what changed between two texts, word by word.

Words are those of ``drafts.law.words``; a Thai difference by characters would cut
words in half.  The alignment is patience diff (B. Cohen, 2003): words that occur once
on both sides are anchors, and only the gaps between anchors are compared closely.  The
time is close to linear in the length; a gap too large to compare closely is shown as
replaced, which is always true, if not always shortest.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from drafts.law.sequences import SequenceMatcher
from drafts.law.words import tokens

Op = Literal["same", "insert", "delete"]
#: Largest gap (words × words) that is compared closely.
MAX_GAP = 20_000
_MAX_DEPTH = 60
_Block = tuple[int, int, int]  # start in old, start in new, length


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text: ``same`` and ``delete`` give the old text back, ``same`` and
    ``insert`` the new."""

    op: Op
    text: str


def redline(old: str, new: str) -> tuple[Span, ...]:
    """Compare two texts by words; deletions stand before insertions."""
    if old == new:
        return (Span("same", old),) if old else ()
    before, after = tokens(old), tokens(new)
    blocks: list[_Block] = []
    _align(before, after, 0, len(before), 0, len(after), blocks, 0)
    return _spans(before, after, _without_crumbs(before, after, blocks))


def _align(  # noqa: PLR0917 - two ranges
    a, b, a0, a1, b0, b1, blocks, depth
) -> None:
    """Append the matching blocks of ``a[a0:a1]`` and ``b[b0:b1]``, in order."""
    head = 0
    while a0 + head < a1 and b0 + head < b1 and a[a0 + head] == b[b0 + head]:
        head += 1
    if head:
        blocks.append((a0, b0, head))
    a0, b0 = a0 + head, b0 + head
    foot = 0
    while a1 - foot > a0 and b1 - foot > b0 and a[a1 - foot - 1] == b[b1 - foot - 1]:
        foot += 1
    a1, b1 = a1 - foot, b1 - foot
    if a0 < a1 and b0 < b1:
        anchors = _anchors(a, b, a0, a1, b0, b1) if depth < _MAX_DEPTH else []
        if anchors:
            for i, j in [*anchors, (a1, b1)]:
                _align(a, b, a0, i, b0, j, blocks, depth + 1)
                if i < a1:
                    blocks.append((i, j, 1))
                a0, b0 = i + 1, j + 1
        elif (a1 - a0) * (b1 - b0) <= MAX_GAP:
            matcher = SequenceMatcher(None, a[a0:a1], b[b0:b1], autojunk=False)
            for block in matcher.get_matching_blocks():
                if block.size:
                    blocks.append((a0 + block.a, b0 + block.b, block.size))
    if foot:
        blocks.append((a1, b1, foot))


def _anchors(  # noqa: PLR0917 - two ranges
    a, b, a0, a1, b0, b1
) -> list[tuple[int, int]]:
    """Give the longest rising series of words that occur once on both sides."""
    first: dict[str, int] = {}
    for i in range(a0, a1):
        first[a[i]] = -1 if a[i] in first else i
    second: dict[str, int] = {}
    for j in range(b0, b1):
        second[b[j]] = -1 if b[j] in second else j
    pairs = [
        (i, second[word])
        for word, i in first.items()
        if i >= 0 and second.get(word, -1) >= 0 and not word.isspace()
    ]
    pairs.sort()
    return [pairs[k] for k in rising([j for _, j in pairs])]


def rising(values: list[int]) -> list[int]:
    """Give the positions of a longest strictly increasing subsequence."""
    tails: list[int] = []
    at: list[int] = []
    back = [-1] * len(values)
    for position, value in enumerate(values):
        place = bisect_left(tails, value)
        back[position] = at[place - 1] if place else -1
        if place == len(tails):
            tails.append(value)
            at.append(position)
        else:
            tails[place] = value
            at[place] = position
    chain: list[int] = []
    position = at[-1] if at else -1
    while position >= 0:
        chain.append(position)
        position = back[position]
    return chain[::-1]


def _without_crumbs(a: list[str], b: list[str], blocks: list[_Block]) -> list[_Block]:
    """Drop matches of white space alone between two changes: they only confuse."""
    merged: list[_Block] = []
    for block in blocks:
        i, j, size = block
        if merged:
            last_i, last_j, last_size = merged[-1]
            if last_i + last_size == i and last_j + last_size == j:
                merged[-1] = (last_i, last_j, last_size + size)
                continue
        merged.append(block)
    kept = []
    for i, j, size in merged:
        inside = i > 0 and j > 0 and i + size < len(a) and j + size < len(b)
        if inside and not "".join(a[i : i + size]).strip():
            continue
        kept.append((i, j, size))
    return kept


def _spans(a: list[str], b: list[str], blocks: list[_Block]) -> tuple[Span, ...]:
    spans: list[Span] = []
    i = j = 0
    for start_a, start_b, size in [*blocks, (len(a), len(b), 0)]:
        if i < start_a:
            spans.append(Span("delete", "".join(a[i:start_a])))
        if j < start_b:
            spans.append(Span("insert", "".join(b[j:start_b])))
        if size:
            spans.append(Span("same", "".join(a[start_a : start_a + size])))
        i, j = start_a + size, start_b + size
    return tuple(spans)


def carry_anchor(
    spans: tuple[Span, ...], start: int, end: int
) -> tuple[int, int, bool]:
    """Carry the place ``[start, end)`` of the old text over to the new text.

    Gives the place in the new text and whether every character of it is unchanged;
    a place whose words were all deleted becomes an empty one, and not exact.
    """
    old = new = 0
    found: list[tuple[int, int]] = []
    exact = True
    for span in spans:
        length = len(span.text)
        if span.op == "insert":
            if start < old < end:
                exact = False
            new += length
            continue
        low, high = max(start, old), min(end, old + length)
        if low < high or (start == end and old <= start <= old + length):
            if span.op == "same":
                found.append((new + low - old, new + max(low, high) - old))
            else:
                exact = False
                found.append((new, new))
        old += length
        if span.op == "same":
            new += length
    if not found:
        return new, new, False
    return min(low for low, _ in found), max(high for _, high in found), exact
