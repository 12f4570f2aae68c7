"""The one Thai word segmenter: search, comparison of laws and themes all use it.

Words come from nlpo3 (newmm: longest match over a dictionary) with a dictionary that
is pinned by hash: the word list inside the pinned pythainlp and our own
``dictionary/legal_terms.txt``.  A text is tidied before it is cut (zero-width
characters out, misplaced tone marks put right) and every token is mapped back to the
text as it was written, so offsets are always those of the original.

Everything here takes any ``str`` (lone surrogates, control characters, 50,000
characters without a space) and does not raise; all functions are thread-safe.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import nlpo3

#: SHA-256 of the pinned pythainlp's ``words_th.txt`` (CC0) and of our own terms.
GENERAL_WORDS_SHA256 = (
    "35f65d43ea83b5b981134d5edc3b9afcb64b4ba96146900fc4d312f2940c3265"
)
LEGAL_TERMS_SHA256 = "ba216f4429d61752a5c1c86d3bceec2825bbbe214b74b9558a558ca61dfddae8"
#: What an index or a run writes down: same id, same words.
DICTIONARY_ID = (
    "words-1:"
    + hashlib.sha256((GENERAL_WORDS_SHA256 + LEGAL_TERMS_SHA256).encode()).hexdigest()[
        :16
    ]
)

#: Longer runs are cut into pieces of at most this many characters before segmenting,
#: at white space where there is some: keeps time linear in the length.
PIECE_LENGTH = 2000

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TONE = "\u0e48-\u0e4b"
_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_ZERO_WIDTH = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
#: Anything that makes the tidied text differ from the original; most texts have none.
_UNTIDY = re.compile(
    f"[{_ZERO_WIDTH}\ud800-\udfff\u0300-\u036f]"
    f"|เเ|\u0e4d[{_TONE}]?า|ำ[{_TONE}]"
    f"|[{_TONE}\u0e4c][\u0e31\u0e34-\u0e39]|([{_MARK}])\\1"
)
#: One stretch whose tidying may change its length: a letter and what hangs on it.
_STRETCH = re.compile(
    f"เเ|[^{_MARK}{_ZERO_WIDTH}\u0300-\u036f]"
    f"(?:[{_MARK}{_ZERO_WIDTH}\u0300-\u036f]+[าำ]?[{_TONE}]*|ำ[{_TONE}]+)"
    f"|[{_ZERO_WIDTH}{_MARK}\u0300-\u036f]+|[\ud800-\udfff]"
)
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}]")
_NIKHAHIT_AA = re.compile(f"\u0e4d([{_TONE}]?)า")
_AM_TONE = re.compile(f"ำ([{_TONE}])")
_TONE_VOWEL = re.compile(f"([{_TONE}\u0e4c])([\u0e31\u0e34-\u0e39])")
_REPEATED_MARK = re.compile(f"([{_MARK}])\\1+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_THAI_WORD = re.compile("[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e]+")
#: Content inside a token that is not pure Thai: letters, digits and marks, joined by
#: a point, comma, apostrophe or hyphen between them (12,000.50; covid-19).
_CONTENT = re.compile(
    f"(?:[^\\W_]|[{_MARK}\u0300-\u036f])+"
    f"(?:[.,'’-](?:[^\\W_]|[{_MARK}\u0300-\u036f])+)*"
)
_AND_SO_ON = "ฯลฯ"
_REPEAT_SIGNS = str.maketrans("", "", "ๆฯ")
_BREAK = re.compile(r"\s")


class DictionaryError(RuntimeError):
    """The word lists on this machine are not the pinned ones."""


def fold_digits(text: str) -> str:
    """Write Thai digits as Arabic digits; the length does not change."""
    return text.translate(_DIGITS)


def tidy(text: str) -> str:
    """Return ``text`` as it was meant to be typed: NFC, nothing invisible, tone marks
    after vowels, ``ํ`` + ``า`` as ``ำ``, ``เเ`` as ``แ``, no mark twice."""
    if _UNTIDY.search(text):
        text = _INVISIBLE.sub("", text)
        text = text.replace("เเ", "แ")
        text = _REPEATED_MARK.sub(r"\1", text)
        text = _NIKHAHIT_AA.sub(r"\1ำ", text)
        text = _AM_TONE.sub(r"\1ำ", text)
        text = _TONE_VOWEL.sub(r"\2\1", text)
        text = _SURROGATE.sub("\ufffd", text)
    return unicodedata.normalize("NFC", text)


def _tidy_with_origins(text: str) -> tuple[str, list[int]]:
    """Tidy ``text``; origins[i] is where tidied character i begins in ``text``.

    ``origins`` has one entry more than the tidied text: the length of ``text``.
    """
    out: list[str] = []
    origins: list[int] = []
    at = 0

    def keep(start: int, end: int) -> None:
        for position in range(start, end):
            piece = unicodedata.normalize("NFC", text[position])
            out.append(piece)
            origins.extend([position] * len(piece))

    for found in _STRETCH.finditer(text):
        keep(at, found.start())
        piece = tidy(found.group())
        out.append(piece)
        last = found.end() - 1
        origins.extend(min(found.start() + i, last) for i in range(len(piece)))
        at = found.end()
    keep(at, len(text))
    origins.append(len(text))
    return "".join(out), origins


def _pieces(text: str) -> list[str]:
    """Cut a very long text into pieces, at white space or at least not in a cluster."""
    if len(text) <= PIECE_LENGTH:
        return [text]
    pieces = []
    at = 0
    while len(text) - at > PIECE_LENGTH:
        end = at + PIECE_LENGTH
        window = text[at + PIECE_LENGTH // 2 : end]
        breaks = [found.end() for found in _BREAK.finditer(window)]
        if breaks:
            end = at + PIECE_LENGTH // 2 + breaks[-1]
        else:
            floor = at + PIECE_LENGTH // 2
            while end > floor and (
                unicodedata.category(text[end]) == "Mn" or text[end] in "าำะๆ"
            ):
                end -= 1
        pieces.append(text[at:end])
        at = end
    pieces.append(text[at:])
    return pieces


def _read_word_list(data: bytes) -> list[str]:
    lines = (line.strip() for line in data.decode("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _pinned_words() -> list[str]:
    """Read both word lists and compare them with their pins.

    Raises DictionaryError when a file differs: words would silently change and an
    index built earlier would no longer match.
    """
    general = (
        importlib.resources.files("pythainlp") / "corpus" / "words_th.txt"
    ).read_bytes()
    legal = (Path(__file__).with_name("dictionary") / "legal_terms.txt").read_bytes()
    for name, data, pin in (
        ("pythainlp's words_th.txt", general, GENERAL_WORDS_SHA256),
        ("dictionary/legal_terms.txt", legal, LEGAL_TERMS_SHA256),
    ):
        found = hashlib.sha256(data).hexdigest()
        if found != pin:
            raise DictionaryError(
                f"{name} has SHA-256 {found}, pinned is {pin}; install the pinned "
                "requirements, or change the pin and rebuild the search index"
            )
    return _read_word_list(general) + _read_word_list(legal)


def _is_tidy(text: str) -> bool:
    return text.isascii() or (
        not _UNTIDY.search(text) and unicodedata.is_normalized("NFC", text)
    )


def _content(token: str) -> tuple[tuple[str, int, int], ...]:
    """Content words of one tidied token, with their start and end in it."""
    # A text has few different tokens; one of thousands of letters is not kept.
    return _known_content(token) if len(token) <= 40 else _read_content(token)


def _read_content(token: str) -> tuple[tuple[str, int, int], ...]:
    if _THAI_WORD.fullmatch(token):
        return ((token, 0, len(token)),)
    if token == _AND_SO_ON:
        return ()
    found = []
    for part in _CONTENT.finditer(token):
        word = fold_digits(part.group()).translate(_REPEAT_SIGNS).lower()
        if word and any(c.isalnum() for c in word):
            found.append((word, part.start(), part.end()))
    return tuple(found)


_known_content = lru_cache(maxsize=1 << 16)(_read_content)


_loading = threading.Lock()
_dictionaries: dict[str, frozenset[str]] = {}


def _loaded(name: str, terms: tuple[str, ...]) -> frozenset[str]:
    """Words of the dictionary ``name`` (the pinned ones and ``terms``), which is given
    to the segmenter the first time that this process asks for it."""
    if name not in _dictionaries:
        with _loading:
            if name not in _dictionaries:
                words = frozenset(_pinned_words()).union(terms)
                with tempfile.NamedTemporaryFile(
                    "w", encoding="utf-8", errors="replace", suffix=".txt"
                ) as file:
                    file.write("\n".join(sorted(words)))
                    file.flush()
                    nlpo3.load_dict(file.name, name)
                _dictionaries[name] = words
    return _dictionaries[name]


class Segmenter:
    """Cuts text into words with the pinned dictionary and, if given, further terms.

    ``terms``: words that one text needs beside the pinned ones (a draft law's own
    defined terms).  Search and comparison use the module's functions, which have none.
    """

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self._terms = tuple(
            sorted({t for t in (tidy(t).strip() for t in terms) if len(t) > 1})
        )

    @cached_property
    def id(self) -> str:
        """Name of the dictionary in use: the pinned id and a hash of further terms."""
        if not self._terms:
            return DICTIONARY_ID
        extra = hashlib.sha256("\n".join(self._terms).encode("utf-8", "replace"))
        return f"{DICTIONARY_ID}+{extra.hexdigest()[:12]}"

    def known(self) -> frozenset[str]:
        """Every word of the dictionary."""
        return _loaded(self.id, self._terms)

    def _cut(self, clean: str) -> list[str]:
        name = self.id
        _loaded(name, self._terms)
        out: list[str] = []
        for piece in _pieces(clean):
            cut = nlpo3.segment(piece, name)
            # nlpo3 has kept every character in all our trials; if it ever does not,
            # the piece stays whole rather than lose or move text.
            out.extend(cut if "".join(cut) == piece else [piece])
        return out

    def _located(self, text: str) -> list[tuple[str, int, int]]:
        """Tidied tokens with their start and end in ``text``; they tile it."""
        if _is_tidy(text):
            cut = self._cut(text)
            located, at = [], 0
            for token in cut:
                located.append((token, at, at + len(token)))
                at += len(token)
            return located
        clean, origins = _tidy_with_origins(text)
        cut = self._cut(clean)
        bounds, at = [0], 0
        for token in cut:
            at += len(token)
            bounds.append(max(bounds[-1], origins[at]))
        if cut:
            bounds[-1] = len(text)
        elif text:
            return [("", 0, len(text))]
        return [
            (token, start, end)
            for token, (start, end) in zip(cut, pairwise(bounds), strict=True)
        ]

    def tokens(self, text: str) -> list[str]:
        """Cut ``text`` as written, spaces and punctuation kept: joined again the
        tokens are ``text`` itself, character for character."""
        return [text[start:end] for _, start, end in self._located(text) if end > start]

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        """Content words with the characters [start, end) of ``text`` they come from.

        The words are those of :func:`words`; spaces and punctuation have no span.
        """
        found: list[tuple[str, int, int]] = []
        for token, start, end in self._located(text):
            whole = end - start == len(token)
            for word, first, last in _content(token):
                if whole:
                    found.append((word, start + first, start + last))
                else:
                    found.append((word, start, end))
        return found

    def words(self, text: str) -> list[str]:
        """Content words of ``text``, normalised for counting and searching.

        Tidied, Thai digits as Arabic ones, lower case; no spaces, punctuation, ๆ or
        emoji.
        """
        if _is_tidy(text):
            cut: Iterable[str] = self._cut(text)
        else:
            cut = (token for token, _, _ in self._located(text))
        return [word for token in cut for word, _, _ in _content(token)]


_default = Segmenter()


def tokens(text: str) -> list[str]:
    """Lossless tokens of ``text``: ``"".join(tokens(text)) == text``."""
    return _default.tokens(text)


def words(text: str) -> list[str]:
    """Content words of ``text``, normalised (see :meth:`Segmenter.words`)."""
    return _default.words(text)


def spans(text: str) -> list[tuple[str, int, int]]:
    """Content words of ``text`` with their place in it (for highlighting)."""
    return _default.spans(text)


@lru_cache(maxsize=65536)
def _parts(word: str) -> tuple[str, ...]:
    known = _default.known()
    n = len(word)
    #: reach[i]: dictionary words tile word[i:] exactly
    reach = [False] * n + [True]
    steps: list[list[int]] = [[] for _ in range(n)]
    for i in range(n - 2, -1, -1):
        for j in range(i + 2, n + 1):
            if reach[j] and (i, j) != (0, n) and word[i:j] in known:
                steps[i].append(j)
        reach[i] = bool(steps[i])
    seen: dict[str, None] = {}
    alive = {0}
    for i in range(n):
        if i in alive:
            for j in steps[i]:
                alive.add(j)
                seen[word[i:j]] = None
    return tuple(seen)


def compound_parts(word: str) -> list[str]:
    """Dictionary words inside ``word`` that tile it exactly, in order of place.

    ``ภาษีที่ดิน`` gives ``ภาษี``, ``ที่ดิน``, ``ที่`` and ``ดิน``; a word that cannot be
    tiled by two or more dictionary words gives nothing.  Parts have at least two
    characters.  For search, in a field of their own.
    """
    if not 4 <= len(word) <= 120:
        return []
    return list(_parts(word))
