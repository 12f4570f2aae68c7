"""What is done to a comment after it was received; nothing is ever taken away.

Acts of people name the ``revision`` of ``comment_values`` that they had seen and raise
Outdated when a colleague was first.  Each act locks the row, changes the status once,
and writes the event, the audit entry, the tally, the link in the hash chain and the
outbox in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comments import ledger, tallies
from comments.errors import CommentError
from comments.intake import words_sha256
from comments.models import (
    Comment,
    CommentText,
    Ground,
    ModerationEvent,
    Publication,
    Status,
)
from comments.preparing import one_line_ends
from comments.privacy import Span, cover
from drafts import audit, outbox
from drafts.revisions import check_revision

Kind = ModerationEvent.Kind
#: What a moderator writes where words are taken out by hand.
BY_HAND = "[ปกปิดโดยเจ้าหน้าที่]"


@transaction.atomic
def comment_publish(
    *,
    comment: Comment,
    note: str = "",
    by: Any,
    now: dt.datetime,
    revision: str | None = None,
) -> Comment:
    """Publish a comment that was waiting to be looked at."""
    row = _locked(comment, revision)
    if row.status != Status.RECEIVED:
        raise _wrong_state(row)
    return _change(row, Status.PUBLISHED, Kind.PUBLISHED, by=by, now=now, note=note)


@transaction.atomic
def comment_hide(
    *,
    comment: Comment,
    ground: str,
    note: str = "",
    by: Any,
    now: dt.datetime,
    revision: str | None = None,
) -> Comment:
    """Hide a comment on a listed ground, which readers see; it stays counted."""
    if ground not in Ground.values:
        raise CommentError(_("เลือกเหตุที่ซ่อนจากรายการ"), code="ground_missing")
    row = _locked(comment, revision)
    if row.status not in {Status.PUBLISHED, Status.RECEIVED, Status.WITHHELD}:
        raise _wrong_state(row)
    row.hidden_ground = ground
    return _change(
        row, Status.HIDDEN, Kind.HIDDEN, by=by, now=now, ground=ground, note=note
    )


@transaction.atomic
def comment_restore(
    *,
    comment: Comment,
    note: str = "",
    by: Any,
    now: dt.datetime,
    revision: str | None = None,
) -> Comment:
    """Show a hidden comment again, as its author chose when sending it."""
    row = _locked(comment, revision)
    if row.status != Status.HIDDEN:
        raise _wrong_state(row)
    row.hidden_ground = ""
    withheld = row.submission.publication == Publication.TEXT_WITHHELD
    status = Status.WITHHELD if withheld else Status.PUBLISHED
    return _change(row, status, Kind.RESTORED, by=by, now=now, note=note)


def comment_redact(
    *,
    comment: Comment,
    text: str,
    suggestion: str,
    reason: str,
    by: Any,
    now: dt.datetime,
    revision: str | None = None,
    rules: list[dict[str, object]] | None = None,
) -> Comment:
    """Publish a comment in other words: a new version; the typed text stays sealed.

    ``text`` and ``suggestion`` are the whole new published words: the old ones with
    marks in place of some of them.  Raises CommentError without a reason, if nothing
    changed, or if anything but covering was done.
    """
    if not reason.strip():
        raise CommentError(_("ระบุเหตุผลที่ปกปิด"), code="reason_missing")
    text, suggestion = one_line_ends(text), one_line_ends(suggestion)
    # Compared before the round is locked: finding long words in long texts takes time.
    old = Comment.objects.only("public_text", "public_suggestion").get(pk=comment.pk)
    if (text, suggestion) == (old.public_text, old.public_suggestion):
        raise CommentError(_("ข้อความที่เผยแพร่ยังเหมือนเดิม"), code="nothing_changed")
    covers = is_covering(old.public_text, text) and is_covering(
        old.public_suggestion, suggestion
    )
    digest = ledger.text_digest(text, suggestion)
    with transaction.atomic():
        row = _locked(comment, revision)
        if row.status == Status.WITHDRAWN:
            raise _wrong_state(row)
        same = (row.public_text, row.public_suggestion) == (
            old.public_text,
            old.public_suggestion,
        )
        if not (covers and same):
            message = _("ปกปิดได้เท่านั้น เปลี่ยนถ้อยคำของผู้แสดงความคิดเห็นไม่ได้")
            raise CommentError(message, code="words_changed")
        texts = CommentText.objects.filter(comment=row, kind=CommentText.Kind.REDACTED)
        last = texts.order_by("-number").values_list("number", flat=True).first() or 0
        CommentText.objects.create(
            comment=row,
            kind=CommentText.Kind.REDACTED,
            number=last + 1,
            text=text,
            suggestion=suggestion,
            sha256=digest,
            rules=rules or [],
            reason=reason[:300],
            created_at=now,
            created_by=by,
        )
        row.public_text, row.public_suggestion = text, suggestion
        row.public_sha256 = words_sha256(text)
        row.redactions = max(row.redactions + 1, text.count("[ปกปิด"))
        return _change(
            row, row.status, Kind.REDACTED, by=by, now=now, note=reason, digest=digest
        )


_MARK = re.compile(r"\[ปกปิด[^\[\]\n]*\]")


def is_covering(old: str, new: str) -> bool:
    """Tell whether ``new`` is ``old`` with marks in place of some of its words."""
    pieces = _MARK.split(new)
    if len(pieces) == 1:
        return old == new
    if not old.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        found = old.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(old) - at >= len(pieces[-1]) and old.endswith(pieces[-1])


def words_cover(text: str, words: Iterable[str]) -> str:
    """Cover every place where one of ``words`` stands in a published text."""
    places = []
    for word in {word.strip() for word in words} - {""}:
        at = text.find(word)
        while at >= 0:
            places.append((at, at + len(word)))
            at = text.find(word, at + len(word))
    return spans_cover(text, places)


def spans_cover(text: str, places: list[tuple[int, int]]) -> str:
    """Cover places of a published text chosen by hand; overlapping ones are joined."""
    joined: list[list[int]] = []
    for start, end in sorted((max(0, a), min(len(text), b)) for a, b in places):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return cover(text, [Span("by_hand", a, b, BY_HAND) for a, b in joined])


@transaction.atomic
def comment_withdraw(*, comment: Comment, receipt: str, now: dt.datetime) -> Comment:
    """Take a comment back, for whoever holds its receipt.

    The words are no longer public; the row, its place in the counts and the sealed
    text stay.  Raises CommentError if the receipt is another's or it was withdrawn.
    """
    row = _locked(comment)
    if row.submission.receipt != receipt:
        raise CommentError(_("เลขรับนี้ไม่ใช่ของความคิดเห็นนี้"), code="other_receipt")
    if row.status == Status.WITHDRAWN:
        raise CommentError(_("ถอนความคิดเห็นนี้ไปแล้ว"), code="already_withdrawn")
    row.public_text = row.public_suggestion = ""
    row.public_name = row.public_kind = ""
    row.public_sha256 = words_sha256("")
    return _change(row, Status.WITHDRAWN, Kind.WITHDRAWN, by=None, now=now)


@transaction.atomic
def comment_mark_duplicate(
    *,
    comment: Comment,
    of: Comment | None,
    by: Any,
    now: dt.datetime,
    revision: str | None = None,
) -> Comment:
    """Say that a comment is a second copy of another from the same round; None undoes.

    It stays readable and is counted apart in the report.
    """
    row = _locked(comment, revision)
    if of is not None:
        of = Comment.objects.get(pk=of.duplicate_of_id or of.pk)
        if of.pk == row.pk or of.round_id != row.round_id or not _is_counted(of):
            message = _("เลือกความคิดเห็นอื่นในรอบเดียวกัน")
            raise CommentError(message, code="not_a_duplicate")
        if row.duplicates.exists():
            message = _("มีความคิดเห็นอื่นที่ซ้ำกับข้อนี้อยู่แล้ว")
            raise CommentError(message, code="has_duplicates")
    row.duplicate_of = of
    row.save(update_fields=["duplicate_of"])
    kind = "comment.duplicate" if of else "comment.not_duplicate"
    ledger.ledger_append(
        round_id=row.round_id,
        entries=[
            (kind, str(row.pk), ledger.content_digest([of.public_id if of else ""]))
        ],
        now=now,
    )
    audit.record(row, kind, by=by, of=of.public_id if of else None)
    outbox.emit("comment", [row.pk])
    return row


def _is_counted(comment: Comment) -> bool:
    return not comment.late and comment.status not in {Status.HIDDEN, Status.WITHDRAWN}


def _release_copies(row: Comment, *, by: Any, now: dt.datetime) -> None:
    """Let the earliest copy of a comment that is counted no more stand in its place.

    Else an argument that several people made would be counted for none of them.
    """
    copies = list(row.duplicates.order_by("pk"))
    for copy in copies:
        comment_mark_duplicate(comment=copy, of=None, by=by, now=now)
    heir = next((copy for copy in copies if _is_counted(copy)), None)
    if heir is None:
        return
    heir.refresh_from_db()
    for copy in copies:
        if copy.pk != heir.pk:
            comment_mark_duplicate(comment=copy, of=heir, by=by, now=now)


def comment_values(comment: Comment) -> dict[str, Any]:
    """Return what moderators decide about, as their page shows it."""
    names = ("status", "hidden_ground", "public_text", "public_suggestion")
    values = {name: getattr(comment, name) for name in names}
    return values | {"duplicate_of": comment.duplicate_of_id}


def _locked(comment: Comment, revision: str | None = None) -> Comment:
    ledger.round_lock(comment.round_id)
    row = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("submission")
        .get(pk=comment.pk)
    )
    check_revision(revision, comment_values(row))
    return row


def _change(
    row: Comment,
    status: str,
    kind: str,
    *,
    by: Any,
    now: dt.datetime,
    ground: str = "",
    note: str = "",
    digest: str = "",
) -> Comment:
    before, row.status = row.status, status
    row.save(
        update_fields=[
            "status",
            "hidden_ground",
            "public_text",
            "public_suggestion",
            "public_name",
            "public_kind",
            "public_sha256",
            "redactions",
        ]
    )
    ModerationEvent.objects.create(
        comment=row, kind=kind, ground=ground, note=note, actor=by, created_at=now
    )
    tallies.apply(row.round_id, tallies.changed(row, before))
    ledger.ledger_append(
        round_id=row.round_id,
        entries=[
            (
                f"comment.{kind}",
                str(row.pk),
                digest or ledger.content_digest([status, ground]),
            )
        ],
        now=now,
    )
    data = {"ground": ground} if ground else {}
    audit.record(row, f"comment.{kind}", by=by, **data)
    outbox.emit("comment", [row.pk])
    if not _is_counted(row):
        _release_copies(row, by=by, now=now)
    return row


def _wrong_state(row: Comment) -> CommentError:
    message = _("ทำรายการนี้ไม่ได้ ความคิดเห็นอยู่ในสถานะ “%(status)s” แล้ว") % {
        "status": row.get_status_display()
    }
    return CommentError(message, code="wrong_state")
