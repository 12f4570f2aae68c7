"""The hash chain of a round: proof that nothing received is missing or altered.

Each link is SHA-256 of the link before, its number, its kind, the object and a digest
of the object's content.  A submission's digest covers every typed word in it, so
``verify`` notices a changed text, a removed row and a link taken out, and says where.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from comments.models import Comment, CommentText, LedgerEntry, Submission

FIRST = "0" * 64
RECEIVED = "submission.received"
_LOCK_SPACE = 0x52465F4C  # "RF_L": keeps our advisory locks apart from others'


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a round's chain does not hold."""

    number: int
    what: str


def content_digest(data: object) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def text_digest(text: str, suggestion: str) -> str:
    """Return the SHA-256 of a comment's words."""
    return content_digest([text, suggestion])


def submission_digest(
    submission: Submission, comments: Iterable[tuple[Comment, str]]
) -> str:
    """Return the digest of a submission; ``comments`` with their typed digests."""
    return content_digest(
        {
            "round": submission.round_id,
            "receipt": hashlib.sha256(submission.receipt.encode()).hexdigest(),
            "channel": submission.channel,
            "late": submission.late,
            "received_at": submission.received_at.astimezone(dt.UTC).isoformat(),
            "comments": sorted(
                [c.public_id, c.provision_id, c.question_id, c.stance, typed]
                for c, typed in comments
            ),
        }
    )


def round_lock(round_id: int) -> None:
    """Make writers of one round wait for each other until their transaction ends.

    SQLite's transactions are IMMEDIATE and wait already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, round_id]
            )


def _hash(previous: str, number: int, kind: str, object_id: str, digest: str) -> str:
    return hashlib.sha256(
        "\n".join([previous, str(number), kind, object_id, digest]).encode()
    ).hexdigest()


def ledger_append(
    *, round_id: int, entries: Iterable[tuple[str, str, str]], now: dt.datetime
) -> list[LedgerEntry]:
    """Add links ``(kind, object id, digest)`` to a round's chain; two queries.

    Call it inside a transaction, after ``round_lock``.
    """
    last = (
        LedgerEntry.objects.filter(round_id=round_id)
        .order_by("-number")
        .values_list("number", "hash")
        .first()
    )
    number, previous = last or (0, FIRST)
    rows = []
    for kind, object_id, digest in entries:
        number += 1
        link = _hash(previous, number, kind, object_id, digest)
        rows.append(
            LedgerEntry(
                round_id=round_id,
                number=number,
                kind=kind,
                object_id=object_id,
                digest=digest,
                previous=previous,
                hash=link,
                created_at=now,
            )
        )
        previous = link
    return LedgerEntry.objects.bulk_create(rows)


def verify(round_id: int) -> list[Fault]:
    """Check a round's chain and everything received against it.

    Returns the faults, none if all holds: links out of order or altered, submissions
    altered, missing, or received without a link.
    """
    faults: list[Fault] = []
    previous = FIRST
    received: dict[str, tuple[int, str]] = {}
    entries = LedgerEntry.objects.filter(round_id=round_id).order_by("number")
    for expected, entry in enumerate(entries.iterator(), start=1):
        if entry.number != expected:
            faults.append(Fault(entry.number, "missing link before this one"))
            break
        link = _hash(previous, entry.number, entry.kind, entry.object_id, entry.digest)
        if entry.previous != previous or entry.hash != link:
            faults.append(Fault(entry.number, "altered link"))
        previous = entry.hash
        if entry.kind == RECEIVED:
            received[entry.object_id] = (entry.number, entry.digest)
    digests = _submission_digests(round_id)
    for object_id, (number, digest) in received.items():
        found = digests.pop(object_id, None)
        if found is None:
            faults.append(Fault(number, "submission missing"))
        elif found != digest:
            faults.append(Fault(number, "submission altered"))
    faults += [Fault(0, f"submission {key} has no link") for key in sorted(digests)]
    return faults


def _submission_digests(round_id: int) -> dict[str, str]:
    """Recompute the digest of every submission of a round from what is stored."""
    typed = {
        row.comment_id: text_digest(row.text, row.suggestion)
        for row in CommentText.objects.filter(
            comment__round_id=round_id, kind=CommentText.Kind.TYPED
        ).iterator()
    }
    said: dict[int, list[tuple[Comment, str]]] = {}
    comments = Comment.objects.filter(round_id=round_id).only(
        "submission_id", "public_id", "provision_id", "question_id", "stance"
    )
    for comment in comments.iterator():
        said.setdefault(comment.submission_id, []).append(
            (comment, typed.get(comment.pk, ""))
        )
    return {
        str(row.pk): submission_digest(row, said.get(row.pk, []))
        for row in Submission.objects.filter(round_id=round_id).iterator()
    }
