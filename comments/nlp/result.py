"""What a run gives back: frozen dataclasses and their canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from comments.nlp.text import CommentId

OTHER, NO_REASON, FEW = "other", "no_reason", "few"
BUCKETS = (OTHER, NO_REASON, FEW)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything a person may choose; stored with the run.

    ``terms``: the draft law's own terms for the dictionary.  ``processes`` changes
    the time a run takes, never its outcome, and is not part of the output.
    """

    detail: str = "normal"
    encoder: str = "use"
    seed: int = 0
    terms: tuple[str, ...] = ()
    processes: int = 1


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    id: int
    members: tuple[CommentId, ...]  # earliest first
    template: str  # text of the earliest, as it came in


@dataclass(frozen=True, slots=True)
class QuoteSpan:
    comment: CommentId
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ThemeProposal:
    """``size`` counts comments, ``distinct`` counts copies once; ``stances`` are of
    all comments; ``separation`` and ``cohesion`` feed the quality rules."""

    id: int
    label: str
    phrases: tuple[str, ...]
    size: int
    distinct: int
    stances: dict[str, int]
    quotes: tuple[QuoteSpan, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """``source``: auto, dup (inherits from its group), rule (no reason given) or
    single (a distinct argument of a small consultation)."""

    id: CommentId
    theme: int | None
    bucket: str | None
    also: tuple[int, ...]
    similarity: float | None
    margin: float | None
    runner_up: int | None
    source: str
    stance: str
    stance_source: str


@dataclass(frozen=True, slots=True)
class Result:
    run: dict
    duplicates: tuple[DuplicateGroup, ...]
    themes: tuple[ThemeProposal, ...]
    assignments: tuple[Assignment, ...]
    timings: dict[str, float] = field(default_factory=dict, compare=False)

    def json_parts(self) -> Iterator[str]:
        """The canonical JSON text in pieces: the same result, the same bytes."""
        yield '{"run":' + _dump(self.run)
        for name in ("duplicates", "themes", "assignments"):
            yield f',\n"{name}":['
            rows = getattr(self, name)
            for at in range(0, len(rows), 1000):
                yield (",\n" if at else "\n") + _lines(rows[at : at + 1000])
            yield "]"
        yield "}\n"

    def write(self, stream: IO[bytes]) -> None:
        for part in self.json_parts():
            stream.write(part.encode("utf-8"))


def _fields(row: Any) -> dict:
    return {name: getattr(row, name) for name in row.__slots__}


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_fields
)
_ESCAPING = json.JSONEncoder(separators=(",", ":"), sort_keys=True, default=_fields)


def _dump(value: object) -> str:
    # Lone surrogates cannot be UTF-8: fall back to escapes for a row that has one.
    text = _ENCODER.encode(value)
    return text if _is_unicode(text) else _ESCAPING.encode(value)


def _lines(rows: Sequence[object]) -> str:
    text = ",\n".join(map(_ENCODER.encode, rows))
    return text if _is_unicode(text) else ",\n".join(map(_dump, rows))


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
