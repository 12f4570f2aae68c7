"""Near-copies and campaigns: found, counted, shown; never removed.

Exact copies are those with one key (see ``text.key``).  For the rest MinHash (Broder
1997) over 5-character shingles of the key proposes pairs, the exact shingle sets
decide (Jaccard or containment), and ``opposites.conflict`` refuses pairs that say
opposite things or cite different sections.  Groups are stars around their earliest
comment: a chain a-b-c does not join a and c.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from comments.nlp.opposites import LONG_EDIT, conflict, meaning_of, rewritten
from comments.nlp.text import Comment, order_key
from comments.nlp.work import shared

SHINGLE = 5
BANDS, ROWS = 26, 3
#: Keys shorter than this are copies only when equal.
FUZZY_LENGTH = 30
ACCEPT_JACCARD = 0.56
ACCEPT_CONTAINMENT = 0.78
#: A key contained in another counts only if it is at least this share of it: a stock
#: phrase inside a long argument is not a copy of the argument.
CONTAINED_SHARE = 0.5
#: Of shingles this share survives greetings, cuts and added sentences; where fewer
#: do, slips of typing are told from another text in the same frame: slips replace
#: next to nothing, another text replaces more than REWRITTEN_SHARE of the shorter.
SURE_CONTAINMENT = 0.88
REWRITTEN_SHARE = 0.1
#: Earliest members of one LSH bucket that a later text is compared with.
BUCKET_HEADS = 3
#: Groups that a text is compared with at the most.
MOST_TRIED = 24
#: Different additions to one text that a further one is compared with.
MOST_ADDITIONS = 48
#: Bits of an outline: most of a comment's shingles have one of their own.
OUTLINE = 2048
_SEED = 20250101
_CHUNK = 2000
#: Pairs whose outlines are compared at once: 256 bytes each, twice.
_PAIRS = 50_000

SignatureMap = Callable[[Callable, Iterable], Iterator]


@dataclass(frozen=True, slots=True)
class Groups:
    """``leader[i]`` is the position of the earliest copy of comment i (itself when
    it has none); positions are in the order of the comments given."""

    leader: np.ndarray

    def members(self) -> dict[int, list[int]]:
        """Leader position → positions of the whole group, leader first, for groups
        of two and more."""
        found: dict[int, list[int]] = {}
        for position in np.flatnonzero(self.leader != np.arange(len(self.leader))):
            found.setdefault(int(self.leader[position]), []).append(int(position))
        return {lead: [lead, *found[lead]] for lead in sorted(found)}


def _coefficients() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(_SEED)
    a = rng.integers(1, 2**32, BANDS * ROWS, dtype=np.uint64).astype(np.uint32) | 1
    b = rng.integers(0, 2**32, BANDS * ROWS, dtype=np.uint64).astype(np.uint32)
    return a, b


def windows(texts: Sequence[str], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of every run of ``size`` characters in each text, flat, and how many
    each text has.  A text shorter than ``size`` has none."""
    lengths = np.fromiter((len(t) for t in texts), np.int64, len(texts))
    codes = np.frombuffer(
        "".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32
    )
    counts = np.maximum(lengths - size + 1, 0)
    if codes.size < size or not counts.any():
        return np.zeros(0, np.uint32), counts
    hashed = np.zeros(codes.size - size + 1, np.uint32)
    for offset in range(size):
        hashed *= np.uint32(0x01000193)
        hashed ^= codes[offset : offset + hashed.size] * np.uint32(0x9E3779B1)
    hashed ^= hashed >> np.uint32(15)
    hashed *= np.uint32(0x85EBCA6B)
    hashed ^= hashed >> np.uint32(13)
    starts = np.cumsum(lengths) - lengths
    index = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    return hashed[index + np.arange(index.size)], counts


def sketch(keys: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of keys of at least SHINGLE characters: band hashes [n, BANDS] (uint64), outlines
    [n, OUTLINE // 64] (uint64: a bit for each shingle) and numbers of shingles [n]."""
    shingles, counts = windows(keys, SHINGLE)
    flags = np.zeros((len(keys), OUTLINE), bool)
    flags[np.repeat(np.arange(len(keys)), counts), shingles % np.uint32(OUTLINE)] = True
    outlines = np.packbits(flags, axis=1).view(np.uint64)
    return _bands(shingles, counts), outlines, counts


def _bands(shingles: np.ndarray, counts: np.ndarray) -> np.ndarray:
    starts = np.cumsum(counts) - counts
    a, b = _coefficients()
    bands = np.zeros((len(counts), BANDS), np.uint64)
    for band in range(BANDS):
        for row in range(ROWS):
            j = band * ROWS + row
            mixed = shingles * a[j] + b[j]
            mixed ^= mixed >> np.uint32(16)
            least = np.minimum.reduceat(mixed, starts).astype(np.uint64)
            bands[:, band] = bands[:, band] * np.uint64(0x9E3779B97F4A7C15) + least
    return bands


@dataclass(frozen=True, slots=True)
class Outlines:
    """Bits of the shingles of each key: enough to say that two keys are not near."""

    bits: np.ndarray  # [n, OUTLINE // 64]
    set_bits: np.ndarray  # [n] bits that are set
    lost: np.ndarray  # [n] shingles whose bit another one had taken, at the most

    @classmethod
    def of(cls, bits: np.ndarray, counts: np.ndarray) -> Outlines:
        set_bits = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
        return cls(bits, set_bits, counts - set_bits)

    def may_be_near(self, rows: np.ndarray, heads: np.ndarray) -> np.ndarray:
        """False only where :func:`near` would not find enough common shingles: every
        common shingle sets a bit in both, but for those whose bit was taken."""
        answers = np.empty(len(rows), bool)
        for at in range(0, len(rows), _PAIRS):
            a, b = rows[at : at + _PAIRS], heads[at : at + _PAIRS]
            both = np.bitwise_count(self.bits[a] & self.bits[b]).sum(
                axis=1, dtype=np.int64
            )
            most = both + np.minimum(self.lost[a], self.lost[b])
            first, second = self.set_bits[a], self.set_bits[b]
            close = ACCEPT_JACCARD / (1 + ACCEPT_JACCARD) * (first + second)
            inside = ACCEPT_CONTAINMENT * np.minimum(first, second)
            answers[at : at + _PAIRS] = most >= np.minimum(close, inside) - 1e-6
        return answers


def _fields_of(comments: Sequence[Comment]) -> np.ndarray:
    """A number for each stance and section: copies agree in both."""
    numbers: dict[tuple, int] = {}
    found = (numbers.setdefault((c.stance, c.section), len(numbers)) for c in comments)
    return np.fromiter(found, np.int64, len(comments))


def _pairs(bands: np.ndarray, fields: np.ndarray) -> np.ndarray:
    """Pairs (later, earlier) of rows sharing a band and their field, most shared bands
    first for each later row, then the earliest; [m, 2]."""
    n = len(bands)
    # One bucket holds one field only: else its heads could all be of another stance.
    bands = bands + (fields.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))[:, None]
    found = []
    for band in range(bands.shape[1]):
        order = np.argsort(bands[:, band], kind="stable")
        ranked = bands[order, band]
        first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        size = np.diff(np.r_[first, n])
        place = np.arange(n) - np.repeat(first, size)
        head = np.repeat(first, size)
        for step in range(BUCKET_HEADS):
            later = np.flatnonzero(place > step)
            found.append(
                order[later].astype(np.uint64) * np.uint64(n)
                + order[head[later] + step].astype(np.uint64)
            )
    codes, shared = np.unique(np.concatenate(found), return_counts=True)
    later, earlier = (
        (codes // np.uint64(n)).astype(np.int64),
        (codes % np.uint64(n)).astype(np.int64),
    )
    order = np.lexsort((earlier, -shared, later))
    pairs = np.stack([later[order], earlier[order]], axis=1)
    return pairs[fields[pairs[:, 0]] == fields[pairs[:, 1]]]


@lru_cache(maxsize=4096)  # the template of a campaign is compared with every copy
def _shingles(key: str) -> Set[str]:
    return {key[i : i + SHINGLE] for i in range(len(key) - SHINGLE + 1)}


def near(a: str, b: str) -> bool:
    """Are two keys near-copies by their shingles and without a conflict?"""
    first, second = _shingles(a), _shingles(b)
    common = len(first & second)
    if not _alike(first, second, common) or conflict(a, b):
        return False
    if common >= SURE_CONTAINMENT * min(len(first), len(second)):
        return True
    return rewritten(a, b) <= REWRITTEN_SHARE * min(len(a), len(b))


def _alike(first: Set[str], second: Set[str], common: int) -> bool:
    least, most = sorted((len(first), len(second)))
    close = common >= ACCEPT_JACCARD * (least + most - common)
    inside = common >= ACCEPT_CONTAINMENT * least and least >= CONTAINED_SHARE * most
    return close or inside


def same_wording(a: str, b: str) -> bool:
    """Have two keys been written after one template, whether or not they mean the same?

    Copies that the guard keeps apart are still of one campaign to a reader.
    """
    if min(len(a), len(b)) < FUZZY_LENGTH:
        return a == b
    first, second = _shingles(a), _shingles(b)
    return _alike(first, second, len(first & second))


def first_near(rows: Sequence[tuple[int, list[int]]]) -> list[list[bool]]:
    """For each row and its heads, in order, whether they are near, until one is;
    positions in ``shared["fuzzy_keys"]``."""
    keys = shared["fuzzy_keys"]
    found = []
    for row, heads in rows:
        answers: list[bool] = []
        for head in heads:
            answers.append(near(keys[row], keys[head]))
            if answers[-1]:
                break
        found.append(answers)
    return found


def _answers(
    asked: list[tuple[int, list[int]]], spread: SignatureMap
) -> dict[tuple[int, int], bool]:
    """What :func:`near` says of (row, head), as far as :func:`first_near` goes."""
    parts = [asked[at : at + _CHUNK] for at in range(0, len(asked), _CHUNK)]
    known = {}
    for part, found in zip(parts, spread(first_near, parts), strict=True):
        for (row, heads), answers in zip(part, found, strict=True):
            known.update(zip(((row, head) for head in heads), answers, strict=False))
    return known


class _Additions:
    """What copies add to the text that leads them, group by group.

    To a text that takes no side one copy may add a sentence for it and another the
    same sentence against it: each is near the first, but they are two opinions.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys
        #: Leader → turning words → the first copy that added words like these.
        self._added: dict[int, dict[tuple[str, ...], int]] = {}

    def admit(self, row: int, head: int) -> bool:
        """May ``row`` join the group of ``head``, to which it is near?  Notes what it
        adds if it may."""
        key = self._keys[row]
        if len(key) < len(self._keys[head]) + LONG_EDIT:
            return True  # a shorter addition that turns the sentence is not near
        turns = meaning_of(key).turns
        added = self._added.setdefault(head, {})
        others = [added[turns]] if turns in added else added.values()
        if any(conflict(key, self._keys[other]) for other in others):
            return False
        if len(added) < MOST_ADDITIONS:
            added.setdefault(turns, row)
        return True


def _resolve(
    pairs: np.ndarray, keys: Sequence[str], outlines: Outlines, spread: SignatureMap
) -> np.ndarray:
    """Star groups over the proposed pairs; rows are in order of time.

    Which pairs are asked depends on the groups found before, the answers do not: for
    ever more rows at a time they are found beforehand on all processes, with the
    groups known by then; the few others when they are asked.
    """
    leader = np.arange(len(keys))
    rows, starts = np.unique(pairs[:, 0], return_index=True)
    proposed = np.split(pairs[:, 1], starts[1:])
    shared["fuzzy_keys"] = keys
    additions = _Additions(keys)
    at, size = 0, _CHUNK
    while at < len(rows):
        block = list(
            zip(rows[at : at + size].tolist(), proposed[at : at + size], strict=True)
        )
        known = _answers_ahead(block, leader, outlines, spread)
        for row, earlier in block:
            for head in _heads(leader, earlier):
                answer = known.get((row, head))
                if answer is None:
                    answer = near(keys[row], keys[head])
                if answer and additions.admit(row, head):
                    leader[row] = head
                    break
        at, size = at + size, 2 * size
    del shared["fuzzy_keys"]
    return leader


def _heads(leader: np.ndarray, earlier: np.ndarray) -> list[int]:
    """The groups that a row is compared with, in order."""
    return list(dict.fromkeys(leader[earlier].tolist()))[:MOST_TRIED]


def _answers_ahead(
    block: Sequence[tuple[int, np.ndarray]],
    leader: np.ndarray,
    outlines: Outlines,
    spread: SignatureMap,
) -> dict[tuple[int, int], bool]:
    """Answers for the pairs of a block as the groups are now."""
    heads = [_heads(leader, earlier) for _row, earlier in block]
    lengths = [len(some) for some in heads]
    flat = np.array([head for some in heads for head in some], np.int64)
    rows = np.repeat(np.array([row for row, _earlier in block], np.int64), lengths)
    possible = outlines.may_be_near(rows, flat).tolist()
    known: dict[tuple[int, int], bool] = {}
    asked, at = [], 0
    for (row, _earlier), some in zip(block, heads, strict=True):
        wanted = []
        for head in some:
            if possible[at]:
                wanted.append(head)
            else:
                known[row, head] = False
            at += 1
        if wanted:
            asked.append((row, wanted))
    known.update(_answers(asked, spread))
    return known


def find_groups(
    comments: Sequence[Comment],
    keys: Sequence[str],
    *,
    spread: SignatureMap = map,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Groups:
    """Group copies.  ``keys[i]`` is the key of ``comments[i]``; ``spread`` is a map
    over processes.  The outcome does not depend on the order of the comments."""
    n = len(comments)
    order = sorted(
        range(n), key=lambda i: (comments[i].created or "", order_key(comments[i].id))
    )
    first_with: dict[tuple, int] = {}
    leader = np.arange(n)
    unique: list[int] = []
    for i in order:
        c = comments[i]
        identity = (keys[i] or "\0" + c.text.strip(), c.stance, c.section)
        head = first_with.setdefault(identity, i)
        if head == i:
            unique.append(i)
        leader[i] = head
    fuzzy = [i for i in unique if len(keys[i]) >= FUZZY_LENGTH]
    del first_with
    if len(fuzzy) > 1:
        chunks = [fuzzy[at : at + _CHUNK] for at in range(0, len(fuzzy), _CHUNK)]
        bands = np.empty((len(fuzzy), BANDS), np.uint64)
        bits = np.empty((len(fuzzy), OUTLINE // 64), np.uint64)
        counts = np.empty(len(fuzzy), np.int64)
        done = 0
        for part in spread(sketch, ([keys[i] for i in c] for c in chunks)):
            to = done + len(part[0])
            bands[done:to], bits[done:to], counts[done:to] = part
            done = to
            progress(done, len(fuzzy))
        pairs = _pairs(bands, _fields_of([comments[i] for i in fuzzy]))
        del bands
        near_leader = _resolve(
            pairs, [keys[i] for i in fuzzy], Outlines.of(bits, counts), spread
        )
        for row, head in enumerate(near_leader):
            if head != row:
                leader[fuzzy[row]] = fuzzy[int(head)]
        leader = leader[leader]
    return Groups(leader)
