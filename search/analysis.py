"""One chain from text to index terms, the same for every engine and every query.

Words come from ``drafts.law.words`` (the one tokenizer).  An engine gets them as one
string of tokens between spaces and must not analyse any further; that is what makes
the engines testable against each other.

Two columns per text.  *Tokens* are the words in order, so that phrases can be found.
*Parts* are the words hidden in compounds (ที่ดิน inside ภาษีที่ดิน): in a column of
their own, because they would break the positions of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafts.law import words
from drafts.law.numerals import LABEL_PATTERN, eid_number, number_of
from search.abbreviations import Expanded, expand

#: A query longer than this is cut; nobody types it, and it would only cost time.
MAX_QUERY = 300
#: More clauses than this make a query slower, not better.
MAX_CLAUSES = 16

_QUOTED = re.compile(r'["“”]([^"“”]*)["“”]?')
_WHITE = re.compile(r"\s+")
_SECTION = re.compile(rf"มาตรา\s*{LABEL_PATTERN}")


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that a document must contain: any of the phrases (lists of tokens)."""

    phrases: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked, ready for any engine; all clauses must hold."""

    text: str
    clauses: tuple[Clause, ...]
    #: eId of the section that is asked for by number ("sec_5-1"), or "".
    section: str = ""

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset(
            token
            for clause in self.clauses
            for phrase in clause.phrases
            for token in phrase
        )

    def __bool__(self) -> bool:
        return bool(self.clauses)


def index_tokens(text: str) -> list[str]:
    """Return the index terms of a text in order; no term contains white space."""
    expanded, _ = expand(text)
    return [_WHITE.sub("", word) for word in words.words(expanded) if word.strip()]


def _spans(text: str) -> list[tuple[str, int, int]]:
    """Return the index terms of a text with the characters that they come from."""
    expanded = Expanded(text)
    return [
        (word, *expanded.origin(start, end))
        for word, start, end in words.spans(expanded.text)
    ]


@lru_cache(maxsize=50_000)
def _parts(token: str) -> tuple[str, ...]:
    """Return the words inside a compound, longest first."""
    parts = {part for part in words.compound_parts(token) if part != token}
    return tuple(sorted(parts, key=lambda part: (-len(part), part)))


@lru_cache(maxsize=5_000)
def _tiling(token: str) -> tuple[str, ...]:
    """Return the fewest parts that make up the compound side by side, or ()."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(token)
    for end in range(1, len(token) + 1):
        for part in _parts(token):
            before = best[end - len(part)] if len(part) <= end else None
            if before is None or not token.startswith(part, end - len(part)):
                continue
            if best[end] is None or len(before) + 1 < len(best[end]):
                best[end] = (*before, part)
    return best[-1] or ()


def index_parts(tokens: Iterable[str]) -> list[str]:
    """Return the words hidden in the compounds among ``tokens``, each once."""
    return list(dict.fromkeys(part for token in tokens for part in _parts(token)))


def parse_query(text: str) -> Query:
    """Turn what a person typed into clauses; quotation marks make a phrase.

    An unquoted compound also matches its parts side by side, since the same letters
    may have been segmented another way in another sentence.
    """
    text = text[:MAX_QUERY].strip()
    clauses: list[Clause] = []
    for quoted in _QUOTED.findall(text):
        if phrase := tuple(index_tokens(quoted)):
            clauses.append(Clause((phrase,)))
    for token in dict.fromkeys(index_tokens(_QUOTED.sub(" ", text))):
        tiling = _tiling(token)
        clauses.append(Clause(((token,), tiling) if tiling else ((token,),)))
    named = _SECTION.search(expand(text)[0])
    section = f"sec_{eid_number(number_of(*named.groups()))}" if named else ""
    return Query(text, tuple(clauses[:MAX_CLAUSES]), section)


def _finds(
    text: str, spans: Iterable[tuple[str, int, int]], wanted: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Yield the places of wanted words; inside a compound only the part itself."""
    for word, start, end in spans:
        if word in wanted:
            yield start, end
            continue
        for part in _parts(word):
            if part in wanted:
                at = text.find(part, start, end)
                # Normalising may have changed the letters: then mark the whole.
                yield (at, at + len(part)) if at >= 0 else (start, end)
                break


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a snippet, found or not."""

    text: str
    found: bool


def highlight(text: str, query: Query, *, around: int = 180) -> list[Segment]:
    """Cut a snippet of about ``around`` characters at the first find and mark finds.

    Cuts fall between words, never inside one, so no Thai vowel loses its letter.
    """
    wanted = query.tokens
    spans = _spans(text)
    finds = list(_finds(text, spans, wanted))
    first = finds[0][0] if finds else 0
    begin = max((s for _, s, _ in spans if s <= max(0, first - around // 3)), default=0)
    if first <= around // 3:
        begin = 0
    stop = min((e for _, _, e in spans if e >= begin + around), default=len(text))
    segments: list[Segment] = []

    def add(piece: str, *, found: bool) -> None:
        if not piece:
            return
        if segments and segments[-1].found == found:
            piece = segments.pop().text + piece
        segments.append(Segment(piece, found))

    if begin:
        add("… ", found=False)
    at = begin
    for start, end in finds:
        if start < begin or end > stop:
            continue
        add(text[at:start], found=False)
        add(text[start:end], found=True)
        at = end
    add(text[at:stop], found=False)
    if stop < len(text):
        add(" …", found=False)
    return segments
