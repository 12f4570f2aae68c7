"""Reading comments and normalising their text for comparison.

The text of a comment is never changed: keys and tidy forms are made beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from reprlib import repr as shortened
from typing import IO

from drafts.law.words import fold_digits, tidy

CommentId = str | int

STANCES = ("agree", "agree_with_changes", "disagree", "no_opinion", "not_stated")

#: Politeness at the end of a phrase; dropped from the key wherever a space, the end
#: or punctuation follows, so that คะแนน keeps its คะ.  บังคับ, ชนะ and ทัศนะ keep theirs.
_POLITE = re.compile(
    r"(?:นะ)?(?:ครับผม|ครับ|(?<!บัง)คับ|ค่ะ|คะ|ค้ะ|(?<=ขอบคุณ)ค่า|จ้า|จ้ะ|ฮะ|(?<!ช)(?<!ทัศ)นะ)"
    r"(?=[\s\W_]|$)"
)
#: What is left out of a key: everything but letters, digits and combining marks.
_NOT_KEY = re.compile(
    "[^-0-9./(a-z\u00bc-\u00be\u00df-\u024f\u0e01-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e"
    "\u0370-\u0dff\u0e80-\u1fff\u3040-\u9fff\uac00-\ud7a3]+"
)
#: A comma that only groups digits (12,000) is left out; any other mark between two
#: digits stays: section 5/1 is not 51, 5(1) is not 5/1, and 1.5 is not 15.
_GROUPING = re.compile("([0-9]) ?, ?(?=[0-9]{3}(?![0-9]))")
_BETWEEN_DIGITS = re.compile(r"([0-9])\W*?([^\w\s])\W*(?=[0-9])")
_LONE_MARK = re.compile("[-./(](?:(?<![0-9].)|(?![0-9]))")
#: มากกกก is มาก; an abbreviation such as สสส stays.
_DRAWN_OUT = re.compile("([กงดนบมยลวอะา])(?<=[\u0e01-\u0e4e].)\\1{2,}")
#: Thai laughter, ha ha ha: as long as it may be; not an amount.
_LAUGHTER = re.compile(
    r"(?<![0-9.,/])5{4,}(?![0-9.,/])(?!\s*(?:บาท|คน|ล้าน|แสน|หมื่น|พัน|วัน|ปี))"
)
_FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_WIDE = re.compile("[\uff01-\uff5e]")


class InputError(ValueError):
    """The input cannot be used; the message names the line and says what to do."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as it came in.

    ``stance`` is the answer given in the form (one of ``STANCES``) or None;
    ``section``, ``group`` and ``created`` are opaque to the pipeline: comments of
    different sections are never copies of each other, ``created`` decides which of
    several copies is the first.
    """

    id: CommentId
    text: str
    stance: str | None = None
    section: str | None = None
    group: str | None = None
    created: str | None = None


def order_key(comment_id: CommentId) -> tuple[int, int, str]:
    """Sort ids: numbers by value first, then strings."""
    if isinstance(comment_id, int):
        return (0, comment_id, "")
    return (1, 0, comment_id)


def _optional(row: dict, name: str, where: str) -> str | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"{where}: {name!r} must be a string, a whole number or null")
    return str(value)


def comment_of(row: object, where: str) -> Comment:
    """Check one input row; raises InputError naming ``where``."""
    if not isinstance(row, dict):
        raise InputError(f"{where}: expected an object with 'id' and 'text'")
    for name in ("id", "text"):
        if name not in row:
            raise InputError(f"{where}: {name!r} is missing")
    comment_id, text = row["id"], row["text"]
    if isinstance(comment_id, bool) or not isinstance(comment_id, str | int):
        raise InputError(f"{where}: 'id' must be a string or a whole number")
    if not isinstance(text, str):
        raise InputError(f"{where}: 'text' must be a string")
    stance = _optional(row, "stance", where)
    if stance is not None and stance not in STANCES:
        raise InputError(
            f"{where}: stance {shortened(stance)} is not one of {', '.join(STANCES)}"
        )
    return Comment(
        id=comment_id,
        text=text,
        stance=stance,
        section=_optional(row, "section", where),
        group=_optional(row, "group", where),
        created=_optional(row, "created", where),
    )


def _object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object; a name given twice would silently lose what stood first."""
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"{shortened(twice)} is given twice")
    return row


_JSON = json.JSONDecoder(object_pairs_hook=_object_of)


def _row_of(line: str, where: str) -> object:
    try:
        return _JSON.decode(line)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    except json.JSONDecodeError as error:
        reason = f"{error.msg.removesuffix(' at')}, character {error.pos + 1}"
        raise InputError(f"{where}: not JSON ({reason})") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: not usable JSON ({error})") from error


def read_comments(stream: IO[bytes]) -> list[Comment]:
    """Read JSON Lines; blank lines are skipped.

    Raises InputError, which names the line, for bytes that are not UTF-8, lines that
    are not JSON objects, fields of the wrong kind and an id that was there before.
    """
    comments = []
    line_of: dict[CommentId, int] = {}
    for number, line in enumerate(stream, 1):
        where = f"line {number}"
        try:
            read = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{where}: not UTF-8 ({error.reason})") from error
        if not read.strip():
            continue
        comment = comment_of(_row_of(read, where), where)
        first = line_of.setdefault(comment.id, number)
        if first != number:
            raise InputError(
                f"{where}: id {shortened(comment.id)} occurs twice, "
                f"first on line {first}"
            )
        comments.append(comment)
    return comments


def in_order(comments: Iterable[Comment]) -> list[Comment]:
    """Comments by id, the one order everything else works in.

    Raises InputError when an id occurs twice (1 and "1" are two ids).
    """
    ordered = sorted(comments, key=lambda c: order_key(c.id))
    for before, after in pairwise(ordered):
        if before.id == after.id and type(before.id) is type(after.id):
            raise InputError(f"id {shortened(after.id)} occurs twice")
    return ordered


def input_hash(ordered: Iterable[Comment]) -> str:
    """SHA-256 over every field of every comment, in order of id."""
    digest = hashlib.sha256()
    for c in ordered:
        row = [c.id, c.text, c.stance, c.section, c.group, c.created]
        digest.update(json.dumps(row, ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()


def text_rank(text: str) -> bytes:
    """A fixed pseudo-random rank of a text: samples do not depend on order."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


#: What redaction puts in place of personal data (comments/privacy.py).
_COVER = re.compile(r"\[ปกปิด[^\]\n]{0,60}\]")


def uncovered(text: str) -> str:
    """Blank out marks of redaction, length kept: they are not the person's words."""
    if "[ปกปิด" not in text:
        return text
    return _COVER.sub(lambda mark: " " * len(mark.group()), text)


def _mark_of(found: re.Match[str]) -> str:
    return found[1] + (found[2] if found[2] in "/(-" else ".")


def key(text: str) -> str:
    """What two copies of a text share: letters and digits only, tidied, lower case,
    Arabic digits, without politeness, punctuation, spaces, ๆ, emoji and letters drawn
    out.  Between two digits "/", "(" and "-" stay, and any other mark is "."."""
    clean = fold_digits(tidy(uncovered(text)))
    if _WIDE.search(clean):
        clean = clean.translate(_FULL_WIDTH)
    clean = _POLITE.sub("", _DRAWN_OUT.sub(r"\1", clean.lower()))
    clean = _GROUPING.sub(r"\1", _LAUGHTER.sub("555", clean))
    clean = _BETWEEN_DIGITS.sub(_mark_of, clean)
    return _LONE_MARK.sub("", _NOT_KEY.sub("", clean))
