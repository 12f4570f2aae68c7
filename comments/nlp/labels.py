"""What a theme is called and which comments speak for it.

Labels are phrases that people wrote: one to four words in a row inside one stretch
between spaces, so that nothing is cut inside a word; no function word, place or
stock phrase at either end, no name of a person, no address.  They are keywords until
an official confirms a title: a whole sentence would carry one side's stance.
Quotations are characters of the input text, at least one for each stance present,
never two copies of one text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comments.nlp.duplicates import same_wording
from comments.nlp.text import Comment, key, text_rank, uncovered
from comments.nlp.tokens import (
    ABBREVIATED,
    BOILERPLATE,
    NAMED_AFTER,
    PERSON_BEFORE,
    PLACE_BEFORE,
    STANCE_WORDS,
    VAGUE,
    place_names,
    stop_words,
    word_set,
)
from drafts.law.words import Segmenter, tokens

LONGEST_PHRASE = 4
PHRASES = 3
SHORTEST_PHRASE = 3  # letters
QUOTES = 6
QUOTE_LENGTH = (25, 220)
#: A label made of a comment's first words: its length, and what is long enough.
FALLBACK_LENGTH, FALLBACK_ENOUGH = 40, 6
#: Balance of closeness to the theme and difference from quotes already chosen
#: (maximal marginal relevance, Carbonell & Goldstein 1998).
MMR = 0.6
#: Comments read for the label of one theme.
LABEL_SAMPLE = 400

#: A sentence ends here: not at the points of พ.ร.บ. or 1.5, not in ฯลฯ.
_SENTENCE_END = re.compile(
    r"\n|[!?]+(?=\s|$)|(?<!\.[^\W\d_])(?<!\s[^\W\d_])(?<=[^\s.]{2})\.+(?=\s|$)"
)
_WORD = re.compile(r"[ก-ฮเ-ไa-z][ก-๙a-z'’.-]+")
#: Addresses of e-mail and of the web.
_ADDRESS = re.compile(
    r"[a-z0-9._%+-]*@[a-z0-9._-]+|(?:https?://|www\.)\S+"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|info|th|io|me)(?![a-z])(?:/\S*)?",
    re.IGNORECASE,
)
#: Names hide at most so many words: of a person's own name, of the surname after it.
_GIVEN, _SURNAME = 4, 3
_SPACE = re.compile(r"\s")
#: A number alone names nothing.
_NUMBER = re.compile(
    "(?:หนึ่ง|เอ็ด|สอง|ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน|ครึ่ง|นึง|ละ|บาท|คน|ตัว)+"
)
#: Words that may stand inside a phrase but not at its ends.
_LINKS = word_set("ของ ใน กับ และ หรือ ที่ เพื่อ ให้ จาก ต่อ ตาม การ ความ ไม่ ได้ เป็น มี")
#: Function words that the list of stop words lacks: at neither end of a phrase.
_NEVER_AT_AN_END = word_set(
    """สำหรับ แด่ ให้กับ โดยเฉพาะ โดยที่ โดยไม่ ปราศจาก แทนที่ เกินกว่า เนื่องด้วย เว้นแต่ ดังนั้น
    อีกทั้ง อีกด้วย อย่างไรก็ตาม ดังนี้ ดังต่อไปนี้ ต่อไปนี้ อาทิ ควรจะ ต้องการ ไม่ควร ไม่ต้อง สักที
    โน้น ใด หลายๆ"""
)
#: They close a phrase well (สูงเกินไป) and open it badly (เกินไปสำหรับผู้ค้า).
_NEVER_FIRST = word_set("เกินไป มากขึ้น น้อยลง ตัวเอง โดยตรง แทน")


#: A word with its place in the text.
Span = tuple[str, int, int]


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
        and word not in _NEVER_AT_AN_END
    )


def _inside_ok(word: str) -> bool:
    return word in _LINKS or (
        bool(_WORD.fullmatch(word))
        and word not in place_names()
        and word not in PLACE_BEFORE
    )


def _stretches(text: str, segmenter: Segmenter) -> list[list[Span]]:
    """Words with their places in ``text``, in runs that nothing interrupts; without
    what redaction covered, addresses, and the names that follow นาย or ตำบล."""
    shown = _ADDRESS.sub(lambda found: " " * len(found.group()), uncovered(text))
    runs: list[list[Span]] = []
    last = -1
    for word, start, end in segmenter.spans(shown):
        if start != last:
            runs.append([])
        last = end
        while last < len(text) and unicodedata.category(text[last])[0] == "M":
            last += 1  # marks of other scripts belong to the letter before
        runs[-1].append((word, start, last))
    return _without_names(runs)


def _without_names(runs: list[list[Span]]) -> list[list[Span]]:
    kept: list[list[Span]] = []
    hidden = 0  # words still to leave out
    surname = False  # a short run that comes next is one
    for run in runs:
        kept.append([])
        if surname and not hidden and len(run) <= _SURNAME:
            surname = False
            continue
        for word, start, end in run:
            if hidden:
                hidden -= 1
                continue
            if word in PERSON_BEFORE:
                hidden, surname = _GIVEN, True
            else:
                hidden = NAMED_AFTER.get(word, 0)
            if hidden:
                kept.append([])  # what follows a name does not join what precedes it
            else:
                kept[-1].append((word, start, end))
        if run[-1][0] not in ABBREVIATED:
            hidden = 0
    return [run for run in kept if run]


def phrases_of(text: str, segmenter: Segmenter) -> dict[str, int]:
    """Candidate phrases of one comment, each with its number of words."""
    found: dict[str, int] = {}
    for run in _stretches(text[:1500], segmenter):
        _collect([word for word, _start, _end in run], found)
    return found


def _collect(words: list[str], found: dict[str, int]) -> None:
    ends = [_end_ok(word) for word in words]
    for start, ok in enumerate(ends):
        if not ok or words[start] in _NEVER_FIRST:
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
    """Tell whether two phrases repeat each other, or are cut from one stretch."""
    if a in b or b in a or _runs_into(a, b) or _runs_into(b, a):
        return True
    grams_a = {a[i : i + 3] for i in range(len(a) - 2)}
    grams_b = {b[i : i + 3] for i in range(len(b) - 2)}
    return len(grams_a & grams_b) > 0.5 * max(1, min(len(grams_a), len(grams_b)))


def _runs_into(a: str, b: str) -> bool:
    """Tell whether ``b`` begins with a word's letters that ``a`` ends with."""
    return any(a.endswith(b[:n]) for n in range(3, min(len(a), len(b))))


def name_themes(samples: Sequence[Sequence[dict[str, int]]]) -> list[list[str]]:
    """Phrases of each theme, best first; ``samples[t]`` are the candidate phrases of
    texts of theme t (see :func:`phrases_of`, which gives phrase → number of words).

    Score: how much likelier a phrase is there than elsewhere (log), times a preference
    for phrases of more than one word, times the root of the share of the theme's
    comments that have it; comments that a phrase chosen before already names count
    half.  A small theme's shares are smoothed by a quarter of a comment: a phrase of
    two comments out of twenty says less than a word of eight.  What one comment alone
    says names a theme only where no two share a phrase.
    """
    counted: list[Counter[str]] = []
    lengths: dict[str, int] = {}
    for texts in samples:
        counter: Counter[str] = Counter()
        for phrases in texts:
            counter.update(phrases.keys())
            lengths.update(phrases)
        counted.append(counter)
    sizes = [max(1, len(texts)) for texts in samples]
    shares: dict[str, float] = {}
    for counter, size in zip(counted, sizes, strict=True):
        for phrase, df in counter.items():
            shares[phrase] = shares.get(phrase, 0.0) + df / size
    named = []
    for texts, counter, size in zip(samples, counted, sizes, strict=True):
        candidates = [phrase for phrase in counter if len(phrase) >= SHORTEST_PHRASE]
        least = max(2, 0.02 * size)
        if all(counter[phrase] < least for phrase in candidates):
            least = 1
        smooth = max(0.002, 0.25 / size)
        weights: dict[str, float] = {}
        for phrase in candidates:
            share = counter[phrase] / size
            elsewhere = (shares[phrase] - share) / max(1, len(samples) - 1)
            lift = math.log((share + smooth) / (elsewhere + smooth))
            if counter[phrase] < least or (len(samples) > 1 and lift <= 0):
                continue
            bonus = 1 + 0.5 * (min(lengths[phrase], 3) - 1)
            weights[phrase] = max(lift, 0.3) * (bonus + min(len(phrase), 12) / 120)
        named.append(_pick(weights, counter, texts))
    return named


def _pick(
    weights: dict[str, float], counter: Counter[str], texts: Sequence[dict[str, int]]
) -> list[str]:
    chosen: list[str] = []
    unnamed = counter.copy()  # of each phrase, the comments that nothing chosen names
    left = list(texts)
    while len(chosen) < PHRASES:
        scored = sorted(
            (-round(weight * math.sqrt(unnamed[phrase] + counter[phrase]), 6), phrase)
            for phrase, weight in weights.items()
        )[:60]
        for _, phrase in scored:
            longer = [
                other
                for _, other in scored
                if phrase in other
                and phrase != other
                and counter[other] >= 0.6 * counter[phrase]
            ]
            best = max(longer, key=lambda p: (counter[p], len(p), p), default=phrase)
            if not any(_overlap(best, have) for have in chosen):
                break
        else:
            break
        chosen.append(best)
        for text in left:
            if phrase in text:
                unnamed.subtract(text.keys())
        left = [text for text in left if phrase not in text]
    return chosen


def fallback_phrase(text: str, segmenter: Segmenter) -> str:
    """A label for a theme of one comment that yields no phrase: its first words, as
    they are written, without numbers, names and addresses."""
    best = ""
    for run in _stretches(text[:400], segmenter):
        for found in _named(run):
            words = [i for i, (word, _, _) in enumerate(found) if _end_ok(word)]
            if words:
                found = found[words[0] : words[-1] + 1]  # noqa: PLW2901
            start = found[0][1]
            end = max(
                e
                for _, _, e in found
                if e - start <= FALLBACK_LENGTH or e == found[0][2]
            )
            if end - start > len(best):
                best = text[start:end]
        if len(best) >= FALLBACK_ENOUGH:
            break
    return best


def _named(run: list[Span]) -> list[list[Span]]:
    """A run without what begins with a digit and without places."""
    parts: list[list[Span]] = [[]]
    for span in run:
        if span[0][0].isalpha() and span[0] not in place_names():
            parts[-1].append(span)
        else:
            parts.append([])
    return [part for part in parts if part]


def clause(text: str) -> tuple[int, int]:
    """The stretch of ``text`` to quote: all of a short text, else as many first
    sentences as fit into the longest quotation; where none does, up to the last white
    space, the last word, at the least the last whole letter with its marks."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    least, most = start + QUOTE_LENGTH[0], start + QUOTE_LENGTH[1]
    if end <= most:
        return start, end
    stop = max((m.end() for m in _SENTENCE_END.finditer(text, least, most)), default=0)
    if not stop:
        stop = max((m.end() for m in _SPACE.finditer(text, least, most)), default=0)
    if not stop:
        stop = _word_end(text, start, least, most)
    return start, start + len(text[start:stop].rstrip())


def _word_end(text: str, start: int, least: int, most: int) -> int:
    """The last end of a word in least..most that parts no letter from its marks."""
    ends = [start]
    for token in tokens(text[start : most + 40]):
        ends.append(ends[-1] + len(token))
    words = [at for at in ends if least <= at <= most and _whole(text, at)]
    letters = (at for at in range(most, least, -1) if _whole(text, at))
    return words[-1] if words else next(letters, most)


def _whole(text: str, at: int) -> bool:
    """Does no letter, sign or picture stand on both sides of ``at``?"""
    before, after = text[at - 1], text[at]
    return not (
        unicodedata.category(after) in ("Mn", "Mc", "Me")
        or after in "ะาำๅ\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or before in "เแโใไ\u200d\u1039\u17d2"
        or "\ud800" <= before <= "\udbff"
    )


def choose_quotes(
    positions: Sequence[int],
    vectors: np.ndarray,
    centre: np.ndarray,
    stances: Sequence[str],
    comments: Sequence[Comment],
) -> list[Quote]:
    """Quotations for one theme: ``positions`` are distinct comments (leaders of their
    copies), ``vectors`` and ``stances`` theirs.

    One for each stance, then others as long as none is worded like one before.
    """
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

    keys = [key(comments[p].text) for p in positions]

    def best_new(candidates: list[int]) -> int | None:
        left = list(candidates)
        while (pick := best(left)) is not None:
            if not any(same_wording(keys[pick], keys[j]) for j in chosen):
                break
            left.remove(pick)
        return pick

    present = Counter(stances[i] for i in usable)
    for stance, _ in sorted(present.items(), key=lambda item: (-item[1], item[0])):
        own = [i for i in usable if stances[i] == stance]
        pick = best_new([i for i in own if i in good])
        if pick is None:
            pick = best_new(own)
        # A stance is heard even where all who have it use the words of another.
        chosen.append(best(own) if pick is None else pick)
    while len(chosen) < QUOTES:
        pick = best_new(good)
        if pick is None:
            break
        chosen.append(pick)
    return [Quote(positions[i], *spans[i]) for i in chosen]
