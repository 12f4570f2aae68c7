"""What a theme is called and which comments speak for it.

Labels are phrases that people wrote: one to four words in a row inside one stretch
between spaces, so that nothing is cut inside a word; no function word, place or
stock phrase at either end.  They are keywords until an official confirms a title: a
whole sentence would carry one side's stance.  Quotations are characters of the input
text, at least one for each stance present, never two copies of one text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comments.nlp.text import Comment, text_rank
from comments.nlp.tokens import (
    BOILERPLATE,
    PLACE_BEFORE,
    STANCE_WORDS,
    VAGUE,
    place_names,
    stop_words,
    word_set,
)
from drafts.law.words import Segmenter

LONGEST_PHRASE = 4
PHRASES = 3
QUOTES = 6
QUOTE_LENGTH = (25, 220)
#: Balance of closeness to the theme and difference from quotes already chosen
#: (maximal marginal relevance, Carbonell & Goldstein 1998).
MMR = 0.6
#: Comments read for the label of one theme.
LABEL_SAMPLE = 400

_CLAUSE = re.compile(r"[^\n.!?ฯ]+(?:[.!?ฯ]+|\n|$)|[^\n]+")
_WORD = re.compile(r"[ก-๙a-z][ก-๙a-z'’.-]+")
#: A number alone names nothing.
_NUMBER = re.compile(
    "(?:หนึ่ง|เอ็ด|สอง|ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน|ครึ่ง|ละ|บาท|คน)+"
)
#: Words that may stand inside a phrase but not at its ends.
_LINKS = word_set("ของ ใน กับ และ หรือ ที่ เพื่อ ให้ จาก ต่อ ตาม การ ความ ไม่ ได้ เป็น มี")


@dataclass(frozen=True, slots=True)
class Quote:
    comment: int  # position
    start: int
    end: int


def _end_ok(word: str) -> bool:
    return (
        len(word) > 1
        and bool(_WORD.fullmatch(word))
        and word not in stop_words()
        and word not in BOILERPLATE
        and word not in STANCE_WORDS
        and word not in place_names()
        and word not in PLACE_BEFORE
    )


def _inside_ok(word: str) -> bool:
    return word in _LINKS or (
        bool(_WORD.fullmatch(word))
        and word not in place_names()
        and word not in PLACE_BEFORE
    )


def phrases_of(text: str, segmenter: Segmenter) -> dict[str, int]:
    """Candidate phrases of one comment, each with its number of words."""
    found: dict[str, int] = {}
    stretch: list[str] = []
    last = -1
    spans = segmenter.spans(text[:1500])
    for word, start, end in [*spans, ("", -9, -9)]:
        if start != last:
            _collect(stretch, found)
            stretch = []
        stretch.append(word)
        last = end
    return found


def _collect(words: list[str], found: dict[str, int]) -> None:
    ends = [_end_ok(word) for word in words]
    for start, ok in enumerate(ends):
        if not ok:
            continue
        for stop in range(start + 1, min(start + LONGEST_PHRASE, len(words)) + 1):
            if not _inside_ok(words[stop - 1]):
                break
            if ends[stop - 1]:
                phrase = words[start:stop]
                if len(phrase) == 1 and phrase[0] in VAGUE:
                    continue
                ascii_only = all(word.isascii() for word in phrase)
                joined = (" " if ascii_only else "").join(phrase)
                if not _NUMBER.fullmatch(joined):
                    found[joined] = len(phrase)


def _overlap(a: str, b: str) -> bool:
    if a in b or b in a:
        return True
    grams_a = {a[i : i + 3] for i in range(len(a) - 2)}
    grams_b = {b[i : i + 3] for i in range(len(b) - 2)}
    return len(grams_a & grams_b) > 0.5 * max(1, min(len(grams_a), len(grams_b)))


def name_themes(samples: Sequence[Sequence[dict[str, int]]]) -> list[list[str]]:
    """Phrases of each theme, best first; ``samples[t]`` are the candidate phrases of
    texts of theme t (see :func:`phrases_of`, which gives phrase → number of words).

    Score: root of the share of the theme's comments that have the phrase, times how
    much likelier it is there than elsewhere (log), times a preference for phrases of
    more than one word.  A small theme's shares are smoothed by a quarter of a comment:
    a phrase of two comments out of twenty says less than a word of eight.
    """
    counted: list[Counter[str]] = []
    lengths: dict[str, int] = {}
    for texts in samples:
        counter: Counter[str] = Counter()
        for phrases in texts:
            counter.update(phrases.keys())
            lengths.update(phrases)
        counted.append(counter)
    sizes = np.array([max(1, len(texts)) for texts in samples], float)
    shares: dict[str, float] = {}
    for counter, size in zip(counted, sizes, strict=True):
        for phrase, df in counter.items():
            shares[phrase] = shares.get(phrase, 0.0) + df / size
    named = []
    for counter, size in zip(counted, sizes, strict=True):
        least = 1 if size < 6 else max(2, 0.02 * size)
        smooth = max(0.002, 0.25 / size)
        scored = []
        for phrase, df in counter.items():
            if df < least or len(phrase) < 3:
                continue
            share = df / size
            elsewhere = (shares[phrase] - share) / max(1, len(samples) - 1)
            lift = np.log((share + smooth) / (elsewhere + smooth))
            if len(samples) > 1 and lift <= 0:
                continue
            length = lengths[phrase]
            weight = max(lift, 0.3) * np.sqrt(share)
            bonus = 1 + 0.5 * (min(length, 3) - 1) + 0.1 * min(len(phrase), 12) / 12
            scored.append((-round(float(weight * bonus), 6), phrase))
        scored.sort()
        named.append(_pick(scored, counter))
    return named


def _pick(scored: list[tuple[float, str]], counter: Counter[str]) -> list[str]:
    chosen: list[str] = []
    for _, phrase in scored[:60]:
        longer = [
            other
            for _, other in scored[:60]
            if phrase in other
            and phrase != other
            and counter[other] >= 0.6 * counter[phrase]
        ]
        candidate = max(longer, key=lambda p: (counter[p], len(p), p), default=phrase)
        if not any(_overlap(candidate, have) for have in chosen):
            chosen.append(candidate)
        if len(chosen) == PHRASES:
            break
    return chosen


def fallback_phrase(text: str, segmenter: Segmenter) -> str:
    """A label for a theme of one comment that yields no phrase: its first words."""
    spans = segmenter.spans(text[:400])
    if not spans:
        return ""
    start = spans[0][1]
    end = next((e for _, _, e in reversed(spans) if e - start <= 40), spans[0][2])
    return text[start:end].strip()


def clause(text: str) -> tuple[int, int]:
    """The stretch of ``text`` to quote: all of a short text, else the first clauses
    up to the longest quotation, cut at a space."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    most = QUOTE_LENGTH[1]
    if end - start <= most:
        return start, end
    stop = start
    for found in _CLAUSE.finditer(text, start, end):
        if found.end() - start > most:
            break
        stop = found.end()
    if stop - start < QUOTE_LENGTH[0]:
        space = max(
            text.rfind(" ", start + QUOTE_LENGTH[0], start + most),
            text.rfind("\n", start + QUOTE_LENGTH[0], start + most),
        )
        stop = space if space > start else _cluster_end(text, start + most)
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def _cluster_end(text: str, at: int) -> int:
    """Step back so that no Thai vowel or tone mark is parted from its letter."""
    while at > 1 and (
        "\u0e30" <= text[at] <= "\u0e3a" or "\u0e45" <= text[at] <= "\u0e4e"
    ):
        at -= 1
    return at


def choose_quotes(
    positions: Sequence[int],
    vectors: np.ndarray,
    centre: np.ndarray,
    stances: Sequence[str],
    comments: Sequence[Comment],
) -> list[Quote]:
    """Quotations for one theme: ``positions`` are distinct comments (leaders of their
    copies), ``vectors`` and ``stances`` theirs."""
    least, most = QUOTE_LENGTH
    spans = [clause(comments[p].text) for p in positions]
    usable = [i for i, (s, e) in enumerate(spans) if e > s]
    good = [i for i in usable if least <= spans[i][1] - spans[i][0] <= most] or usable
    closeness = np.round(vectors @ centre, 4)
    chosen: list[int] = []

    def best(candidates: list[int]) -> int | None:
        def score(i: int) -> tuple[float, bytes]:
            near = max(
                (float(np.round(vectors[i] @ vectors[j], 4)) for j in chosen),
                default=0.0,
            )
            value = MMR * float(closeness[i]) - (1 - MMR) * near
            return (-round(value, 6), text_rank(comments[positions[i]].text))

        rest = [i for i in candidates if i not in chosen]
        return min(rest, key=score, default=None)

    present = Counter(stances[i] for i in usable)
    for stance, _ in sorted(present.items(), key=lambda item: (-item[1], item[0])):
        pick = (
            best([i for i in good if stances[i] == stance])
            if any(stances[i] == stance for i in good)
            else best([i for i in usable if stances[i] == stance])
        )
        if pick is not None:
            chosen.append(pick)
    while len(chosen) < QUOTES:
        pick = best(good)
        if pick is None:
            break
        chosen.append(pick)
    return [Quote(positions[i], *spans[i]) for i in chosen]
