"""Receive what people send: once, whole, and accounted for in one transaction.

The typed text is stored as typed and sealed; what may be published is covered by
``comments.privacy``.  Tallies, the hash chain and the outbox are written with it, or
nothing is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comments import ledger, tallies
from comments.errors import CommentError
from comments.models import (
    Capacity,
    Channel,
    Comment,
    CommentText,
    IdentityLevel,
    PreparedResponse,
    Publication,
    Respondent,
    Status,
    Submission,
)
from comments.preparing import Said, Subject, prepared_take, said_check
from comments.privacy import Redaction, redact
from comments.receipts import receipt_number
from drafts import outbox

#: How long identity is kept after receipt: results, then two years (LEGAL.md 6.1).
RETAIN_DAYS = 3 * 365
OPEN, LATE = "open", "late"  # the values of consultations.policies.Window


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of themselves; every part may be left out."""

    capacity: str = Capacity.INDIVIDUAL
    group: str = ""
    province: str = ""
    name: str = ""
    organisation: str = ""
    email: str = ""
    publication: str = Publication.NAME_WITHHELD
    language: str = "th"
    user: Any = None

    @property
    def identity(self) -> str:
        declared = self.name or self.organisation
        return IdentityLevel.DECLARED if declared else IdentityLevel.ANONYMOUS

    @property
    def public_name(self) -> str:
        """The name that readers see, covered where it holds personal data."""
        if self.publication != Publication.FULL:
            return ""
        name = redact(self.name).text
        organisation = redact(self.organisation).text
        both = f"{name} ({organisation})" if name and organisation else ""
        return (both or name or organisation)[:200]


def submission_send(
    *,
    prepared: PreparedResponse,
    about: About,
    now: dt.datetime,
    window: str,
    answers: Iterable[Said] = (),
) -> Submission:
    """Send a prepared response; sent twice, the first submission is returned.

    ``window`` is "open" or "late" (consultations.policies); ``answers`` were given in
    the same form and stand in place of what was prepared on the same subject.  Raises
    CommentError: ``refused`` outside the window, ``empty`` with nothing said, or what
    ``preparing.said_check`` refuses; nothing prepared is lost then.
    """
    if window not in {OPEN, LATE}:
        raise CommentError(_("ขณะนี้ยังรับความคิดเห็นไม่ได้"), code="refused")
    checked = {one.subject.code: said_check(one) for one in answers}
    try:
        with transaction.atomic():
            kept = {
                row.subject: Said(
                    Subject(row.provision_id, row.question_id),
                    row.stance,
                    row.text,
                    row.suggestion,
                )
                for row in prepared_take(prepared)
            }
            said = list({**kept, **checked}.values())
            if not said:
                raise CommentError(_("ยังไม่มีความคิดเห็นให้ส่ง"), code="empty")
            submission = _receive(
                round_id=prepared.round_id,
                said=said,
                about=about,
                token=prepared.token,
                now=now,
                late=window == LATE,
                channel=Channel.WEB,
            )
            if prepared.about:
                PreparedResponse.objects.filter(pk=prepared.pk).update(about={})
            return submission
    except (IntegrityError, CommentError):
        # The same response was sent twice; the other one came first.
        first = Submission.objects.filter(client_token=prepared.token).first()
        if first is None:
            raise
        return first


def submission_receive(
    *,
    round_id: int,
    said: Sequence[Said],
    about: About,
    now: dt.datetime,
    late: bool = False,
    token: uuid.UUID | None = None,
    channel: str = Channel.WEB,
) -> Submission:
    """Store one person's whole response, from any channel.

    ``said`` must have passed ``said_check`` or come from a trusted import.  Raises
    IntegrityError if ``token`` was used before.
    """
    with transaction.atomic():
        return _receive(
            round_id=round_id,
            said=said,
            about=about,
            now=now,
            late=late,
            token=token or uuid.uuid4(),
            channel=channel,
        )


def _receive(
    *,
    round_id: int,
    said: Sequence[Said],
    about: About,
    now: dt.datetime,
    late: bool,
    token: uuid.UUID,
    channel: str,
) -> Submission:
    ledger.round_lock(round_id)
    submission = Submission(
        round_id=round_id,
        receipt=receipt_number(),
        client_token=token,
        channel=channel,
        capacity=about.capacity,
        identity=about.identity,
        publication=about.publication,
        group=about.group,
        province=about.province,
        language=about.language,
        late=late,
        received_at=now,
    )
    made = [_comment(one, submission, about) for one in said]
    digests = [ledger.text_digest(one.text, one.suggestion) for one in said]
    submission.sha256 = ledger.submission_digest(
        submission, zip((comment for comment, _covered in made), digests, strict=True)
    )
    submission.save(force_insert=True)
    if about.name or about.organisation or about.email or about.user:
        Respondent.objects.create(
            submission=submission,
            user=about.user,
            name=about.name,
            organisation=about.organisation,
            email=about.email,
            retain_until=(now + dt.timedelta(days=RETAIN_DAYS)).date(),
        )
    comments = Comment.objects.bulk_create(comment for comment, _covered in made)
    CommentText.objects.bulk_create(
        row
        for one, digest, comment, (_made, covered) in zip(
            said, digests, comments, made, strict=True
        )
        for row in _texts(one, digest, comment, covered, now)
    )
    tallies.apply(round_id, tallies.received(comments, late=late))
    ledger.ledger_append(
        round_id=round_id,
        entries=[(ledger.RECEIVED, str(submission.pk), submission.sha256)],
        now=now,
    )
    outbox.emit("comment", [comment.pk for comment in comments])
    return submission


def _status(about: About) -> str:
    if about.publication == Publication.TEXT_WITHHELD:
        return Status.WITHHELD
    if getattr(settings, "COMMENTS_CHECKED_FIRST", False):
        return Status.RECEIVED
    return Status.PUBLISHED


def _comment(
    said: Said, submission: Submission, about: About
) -> tuple[Comment, tuple[Redaction, Redaction]]:
    text, suggestion = redact(said.text), redact(said.suggestion)
    comment = Comment(
        submission=submission,
        round_id=submission.round_id,
        provision_id=said.subject.provision_id,
        question_id=said.subject.question_id,
        whole_draft=said.subject.code == "whole",
        stance=said.stance,
        stance_source=said.stance_source,
        status=_status(about),
        late=submission.late,
        public_id=public_id(),
        public_name=about.public_name,
        public_text=text.text,
        public_suggestion=suggestion.text,
        public_sha256=words_sha256(text.text),
        redactions=len(text.spans) + len(suggestion.spans),
        received_at=submission.received_at,
    )
    return comment, (text, suggestion)


def words_sha256(text: str) -> str:
    """Return the SHA-256 of published words, as quotations carry it."""
    return hashlib.sha256(text.encode()).hexdigest()


def public_id() -> str:
    """Make the short public name of a comment: 60 random bits, 12 characters."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))


def _texts(
    said: Said,
    digest: str,
    comment: Comment,
    covered: tuple[Redaction, Redaction],
    now: dt.datetime,
) -> Iterable[CommentText]:
    yield CommentText(
        comment=comment,
        kind=CommentText.Kind.TYPED,
        text=said.text,
        suggestion=said.suggestion,
        sha256=digest,
        created_at=now,
    )
    text, suggestion = covered
    if text.spans or suggestion.spans:
        yield CommentText(
            comment=comment,
            kind=CommentText.Kind.REDACTED,
            text=text.text,
            suggestion=suggestion.text,
            sha256=comment.public_sha256,
            rules=[
                *({**rule, "of": "text"} for rule in text.rules),
                *({**rule, "of": "suggestion"} for rule in suggestion.rules),
            ],
            reason="automatic",
            created_at=now,
        )
