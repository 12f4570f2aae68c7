"""Every comment of a round, and keys that name sets of them.

A number in the report and the list behind it come from the same place, so that they
cannot differ: a key such as ``counted~at-sec_12~stance-disagree`` names the comments
that have all of its facets, ``count`` gives the number and ``pick`` the list.

Kept are columns, not rows: a code for each comment and the few values that the codes
mean, so that a hundred thousand comments take a few megabytes.  A facet is one big
integer with a byte of 0 or 1 per comment, made when it is first asked for; a set is an
``&`` of them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from itertools import compress
from typing import Any

COUNTED = "counted"
#: The states of which each comment has exactly one; their sum is ``received``.
STATES = (COUNTED, "late", "hidden", "withdrawn", "duplicate")
STANCES = ("agree", "agree_with_changes", "disagree", "no_opinion", "not_stated")
WHO = ("public", "stakeholder", "agency")
#: Facets that tell who people are.
PEOPLE = ("capacity-", "group-", "province-", "identity-", "who-")
_BEHIND = re.compile(r"[\s~/?#%+&\\]+")


@dataclass(frozen=True, slots=True)
class Member:
    """One comment as the report counts it.  No text and nothing personal.

    ``subject`` is ``at-<eid>``, ``q-<number>`` or ``whole``; ``theme`` the number of
    an approved theme or 0; ``bucket`` where a comment is that is in no theme;
    ``copies`` the number of its group of near copies or 0; ``first`` whether it stands
    for its group; ``ground`` why it is hidden; ``said`` how the stance is known:
    chosen on a ``form``, an explicit ``cue`` of an imported text, or ``none``.
    """

    pk: int
    public_id: str
    submission: int
    state: str
    subject: str
    stance: str
    channel: str
    capacity: str
    identity: str
    group: str = ""
    province: str = ""
    theme: int = 0
    bucket: str = ""
    copies: int = 0
    first: bool = True
    ground: str = ""
    redacted: bool = False
    said: str = ""

    @property
    def who(self) -> str:
        return voice(self.capacity, self.group)


def voice(capacity: str, group: str) -> str:
    """Tell which of the three voices of heading 11 somebody is."""
    if capacity == "agency":
        return "agency"
    if group or capacity in {"business", "association"}:
        return "stakeholder"
    return "public"


@lru_cache(maxsize=4096, typed=True)
def facet(name: str, value: object) -> str:
    """Write one facet of a key; what an address cannot carry becomes ``_``."""
    return f"{name}-{_BEHIND.sub('_', str(value))}"


def rolled_up(subject: str) -> str:
    """Return the facet of a section with the clauses that it changes: ``in-sec_3``.

    ``subject`` is ``at-<eid>`` of the section or of one of its clauses.
    """
    return "in-" + subject.removeprefix("at-").partition("__mod_")[0]


def joined(*facets: str) -> str:
    """Write a key that names the comments having all of the facets."""
    return "~".join(part for part in facets if part)


def _is(name: str, empty: str = "") -> Callable[[Any], tuple[str, ...]]:
    """Return what facets a value of a column has: its own, or none if it is empty."""
    return lambda value: (facet(name, value or empty),) if value or empty else ()


def _subject(value: str) -> tuple[str, ...]:
    if value.startswith("at-"):
        return value, "sections", rolled_up(value)
    return value, "anywhere"


def _place(value: tuple[int, str]) -> tuple[str, ...]:
    theme, bucket = value
    if theme:
        return facet("theme", theme), "themed"
    return (facet("bucket", bucket) if bucket else "unplaced",)


#: A column, or two joined -> the facets that one of its values has.
_FACETS: dict[str, Callable[[Any], tuple[str, ...]]] = {
    "state": lambda value: (value,),
    "subject": _subject,
    "stance": _is("stance"),
    "channel": _is("channel"),
    "capacity": _is("capacity"),
    "identity": _is("identity"),
    "group": _is("group", "none"),
    "province": _is("province", "none"),
    "ground": _is("ground"),
    "copies": _is("copies"),
    "first": lambda value: ("distinct",) if value else (),
    "redacted": lambda value: ("redacted",) if value else (),
    "said": _is("said"),
    "theme+bucket": _place,
    "capacity+group": lambda value: (facet("who", voice(*value)),),
}
#: Columns of numbers that differ from comment to comment.
_NUMBERS = ("pk", "submission")


class UnknownKey(LookupError):
    """A key that names no set of this round's comments."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One field of all comments: ``values[codes[n]]`` is that of the n-th."""

    values: list[Any]
    codes: bytes | array[int]

    @classmethod
    def of(cls, items: Iterable[Hashable]) -> _Column:
        known: dict[Any, int] = {}
        codes = array("I", [known.setdefault(item, len(known)) for item in items])
        small = len(known) <= 256
        return cls(list(known), bytes(codes.tolist()) if small else codes)

    @classmethod
    def read(cls, values: list[Any], text: str) -> _Column:
        """Read what ``write`` wrote."""
        small = len(values) <= 256
        return cls(values, b64decode(text) if small else _unpacked(text, "I"))

    def write(self) -> list[Any]:
        small = isinstance(self.codes, bytes)
        return [
            self.values,
            b64encode(self.codes).decode() if small else _packed(self.codes),
        ]

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.codes)

    def mask(self, wanted: set[int]) -> bytes:
        """Return a byte per comment: 1 where its code is wanted."""
        if isinstance(self.codes, bytes):
            return self.codes.translate(bytes(n in wanted for n in range(256)))
        return bytes(map(wanted.__contains__, self.codes))


class _Rows(Sequence):
    """Some of the comments, each made when it is looked at."""

    def __init__(self, members: Members, places: Sequence[int]) -> None:
        self.members, self.places = members, places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return _Rows(self.members, self.places[at])
        return self.members.member(self.places[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None


class Members:
    """All comments of a round in a fixed order, with their facets as sets."""

    def __init__(self, rows: Iterable[Member]) -> None:
        self._numbers = {name: array("Q") for name in _NUMBERS}
        self._ids: list[str] = []
        coded = _coded_fields()
        items: list[list[Any]] = []
        for row in rows:
            for name in _NUMBERS:
                self._numbers[name].append(getattr(row, name))
            self._ids.append(row.public_id)
            items.append([getattr(row, name) for name in coded])
        self._columns = {
            name: _Column.of(item[n] for item in items) for n, name in enumerate(coded)
        }
        self._index()

    def _index(self) -> None:
        """Note which codes of which column each facet is; make no set yet."""
        self._sha256 = ""
        self._where: dict[str, tuple[str, set[int]]] = {}
        for name, facets_of in _FACETS.items():
            if "+" in name:
                self._columns[name] = self._joined(*name.split("+"))
            for code, value in enumerate(self._columns[name].values):
                for own in facets_of(value):
                    self._where.setdefault(own, (name, set()))[1].add(code)
        self._sets = {"received": int.from_bytes(b"\1" * len(self), "little")}

    def _joined(self, one: str, two: str) -> _Column:
        """Make a column of the pairs of two: by codes, there are few values."""
        first, second = self._columns[one], self._columns[two]
        pairs = _Column.of(zip(first.codes, second.codes, strict=True))
        values = [(first.values[a], second.values[b]) for a, b in pairs.values]
        return _Column(values, pairs.codes)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def rows(self) -> Sequence[Member]:
        """Return the comments in order of receipt."""
        return _Rows(self, range(len(self)))

    def each(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield these fields of every comment, in order of receipt.

        For what goes over all of them: whole comments are made one by one.
        """
        columns = (self._numbers.get(n, self._columns.get(n)) for n in names)
        return zip(*columns, strict=True)

    def member(self, n: int) -> Member:
        """Return the n-th comment received."""
        return Member(
            public_id=self._ids[n],
            **{name: numbers[n] for name, numbers in self._numbers.items()},
            **{
                name: column.values[column.codes[n]]
                for name, column in self._columns.items()
                if "+" not in name
            },
        )

    def facets(self, name: str) -> list[str]:
        """Return the facets of one kind that occur, e.g. all ``channel-…``."""
        return sorted(key for key in self._where if key.startswith(f"{name}-"))

    def values(self, name: str) -> list[Any]:
        """Return the values that occur in a field, e.g. all groups as written."""
        return self._columns[name].values

    def _set(self, key: str) -> int:
        found = self._sets["received"]
        for part in key.split("~"):
            if part not in self._sets:
                name, codes = self._where.get(part, ("", set()))
                mask = self._columns[name].mask(codes) if name else b""
                self._sets[part] = int.from_bytes(mask, "little")
            found &= self._sets[part]
            if not found:
                return 0
        return found

    def count(self, key: str) -> int:
        """Return how many comments a key names; a set without members has 0."""
        return self._set(key).bit_count()

    def pick(self, key: str) -> Sequence[Member]:
        """Return the comments behind a key, newest first.

        Raises UnknownKey where the key is not made of known facets, so that a mistyped
        address is an error and not an empty list, and where it asks who people are:
        such numbers open no list.
        """
        for part in key.split("~"):
            if part.startswith(PEOPLE):
                raise UnknownKey(key)
            if part not in self._where and not _KNOWN.fullmatch(part):
                raise UnknownKey(key)
        places = array("I", self._chosen(key, range(len(self))))
        return _Rows(self, places[::-1])

    def people(self, key: str) -> int:
        """Return how many submissions the comments of a key are from."""
        return len(set(self._chosen(key, self._numbers["submission"])))

    def _chosen(self, key: str, of: Iterable[int]) -> Iterator[int]:
        return compress(of, self._set(key).to_bytes(len(self), "little"))

    # --- frozen with the report --------------------------------------------------
    def to_bytes(self) -> bytes:
        """Return all columns, compressed; the same rows give the same bytes."""
        data: dict[str, Any] = {"public_id": " ".join(self._ids)}
        data |= {name: _packed(numbers) for name, numbers in self._numbers.items()}
        data |= {
            name: column.write()
            for name, column in self._columns.items()
            if "+" not in name
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode(), compresslevel=6, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Members:
        """Read columns back.  What a report frozen before lacks has its default."""
        found = json.loads(gzip.decompress(data))
        made = cls(())
        made._ids = found["public_id"].split()
        made._numbers = {name: _unpacked(found[name], "Q") for name in _NUMBERS}
        for name, default in _coded_fields().items():
            column = found.get(name)
            made._columns[name] = (
                _Column.read(*column)
                if column
                else _Column([default], bytes(len(made)))
            )
        made._index()
        return made

    def sha256(self) -> str:
        """Return the hash of what was counted: the public fields, in order."""
        if self._sha256:  # nothing of it ever changes
            return self._sha256
        names = ("state", "subject", "stance", "theme", "bucket")
        columns = [self._columns[name] for name in names]
        digest = hashlib.sha256()
        for line in zip(self._ids, *columns, strict=True):
            digest.update(json.dumps(line).encode() + b"\n")
        self._sha256 = digest.hexdigest()
        return self._sha256


def _coded_fields() -> dict[str, Any]:
    """Return the fields that are columns of codes, each with its default."""
    return {
        field.name: "" if field.default is MISSING else field.default
        for field in fields(Member)
        if field.name not in {*_NUMBERS, "public_id"}
    }


def _packed(numbers: array[int]) -> str:
    """Write numbers as text; little-endian on every machine, as files travel."""
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return b64encode(numbers.tobytes()).decode()


def _unpacked(text: str, code: str) -> array[int]:
    numbers = array(code, b64decode(text))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


#: Facets that may be asked for although no comment has them (0 has its list too).
_KNOWN = re.compile(
    r"received|counted|late|hidden|withdrawn|duplicate|unplaced|distinct|redacted|"
    r"themed|anywhere|sections|whole|stance-(?:" + "|".join(STANCES) + r")|"
    r"bucket-(?:other|no_reason|few)|"
    r"said-(?:form|cue|none)|"
    r"theme-\d+|q-\d+|(?:at|in)-[\w-]+|"
    r"ground-\w+|channel-\w+|copies-\d+"
)
