"""Every comment of a round, and keys that name sets of them.

A number in the report and the list behind it come from the same place, so that they
cannot differ: a key such as ``counted~at-sec_12~stance-disagree`` names the comments
that have all of its facets, ``count`` gives the number and ``pick`` the list.  Each
facet is one big integer with a bit per comment; a set is an ``&`` of them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

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
        """Tell which of the three voices of heading 11 this is."""
        if self.capacity == "agency":
            return "agency"
        if self.group or self.capacity in {"business", "association"}:
            return "stakeholder"
        return "public"


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


def _facets(member: Member) -> Iterable[str]:
    yield "received"
    yield member.state
    yield member.subject
    yield facet("stance", member.stance)
    yield facet("channel", member.channel)
    yield facet("capacity", member.capacity)
    yield facet("identity", member.identity)
    yield facet("who", member.who)
    yield facet("group", member.group or "none")
    yield facet("province", member.province or "none")
    if member.subject.startswith("at-"):
        yield "sections"
        yield rolled_up(member.subject)
    else:
        yield "anywhere"
    if member.ground:
        yield facet("ground", member.ground)
    if member.copies:
        yield facet("copies", member.copies)
    if member.first:
        yield "distinct"
    if member.redacted:
        yield "redacted"
    if member.said:
        yield facet("said", member.said)
    if member.theme:
        yield facet("theme", member.theme)
        yield "themed"
    elif member.bucket:
        yield facet("bucket", member.bucket)
    else:
        yield "unplaced"


class UnknownKey(LookupError):
    """A key that names no set of this round's comments."""


class Members:
    """All comments of a round in a fixed order, with their facets as bit sets."""

    def __init__(self, rows: Iterable[Member]) -> None:
        self.rows: tuple[Member, ...] = tuple(rows)
        size = (len(self.rows) + 7) // 8
        bits: dict[str, bytearray] = {}
        for index, row in enumerate(self.rows):
            for name in _facets(row):
                own = bits.get(name)
                if own is None:
                    own = bits[name] = bytearray(size)
                own[index >> 3] |= 1 << (index & 7)
        self._bits = {name: int.from_bytes(b, "little") for name, b in bits.items()}

    def __len__(self) -> int:
        return len(self.rows)

    def facets(self, name: str) -> list[str]:
        """Return the facets of one kind that occur, e.g. all ``channel-…``."""
        return sorted(key for key in self._bits if key.startswith(f"{name}-"))

    def _set(self, key: str) -> int:
        found = -1
        for part in key.split("~"):
            found &= self._bits.get(part, 0)
            if not found:
                return 0
        return found

    def count(self, key: str) -> int:
        """Return how many comments a key names; a set without members has 0."""
        return self._set(key).bit_count()

    def pick(self, key: str) -> list[Member]:
        """Return the comments behind a key, newest first.

        Raises UnknownKey where the key is not made of known facets, so that a mistyped
        address is an error and not an empty list, and where it asks who people are:
        such numbers open no list.
        """
        for part in key.split("~"):
            if part.startswith(PEOPLE):
                raise UnknownKey(key)
            if part not in self._bits and not _KNOWN.fullmatch(part):
                raise UnknownKey(key)
        data = self._set(key).to_bytes((len(self.rows) + 7) // 8 or 1, "little")
        return [
            self.rows[index]
            for index in range(len(self.rows) - 1, -1, -1)
            if data[index >> 3] >> (index & 7) & 1
        ]

    def people(self, key: str) -> int:
        """Return how many submissions the comments of a key are from."""
        return len({row.submission for row in self.pick(key)})

    # --- frozen with the report --------------------------------------------------
    def to_bytes(self) -> bytes:
        """Return all rows as compressed columns; the same rows give the same bytes."""
        columns = {
            f.name: [getattr(row, f.name) for row in self.rows] for f in fields(Member)
        }
        text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode(), compresslevel=6, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Members:
        columns = json.loads(gzip.decompress(data))
        # Reports frozen before a field was added lack its column.
        names = [f.name for f in fields(Member) if f.name in columns]
        return cls(
            Member(**dict(zip(names, values, strict=True)))
            for values in zip(*(columns[name] for name in names), strict=True)
        )

    def sha256(self) -> str:
        """Return the hash of what was counted: the public fields, in order."""
        digest = hashlib.sha256()
        for row in self.rows:
            line = [row.public_id, row.state, row.subject, row.stance, row.theme]
            digest.update(json.dumps([*line, row.bucket]).encode() + b"\n")
        return digest.hexdigest()


#: Facets that may be asked for although no comment has them (0 has its list too).
_KNOWN = re.compile(
    r"received|counted|late|hidden|withdrawn|duplicate|unplaced|distinct|redacted|"
    r"themed|anywhere|sections|whole|stance-(?:" + "|".join(STANCES) + r")|"
    r"bucket-(?:other|no_reason|few)|"
    r"said-(?:form|cue|none)|"
    r"theme-\d+|q-\d+|(?:at|in)-[\w-]+|"
    r"ground-\w+|channel-\w+|copies-\d+"
)
