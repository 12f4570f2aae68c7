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

from comments import ledger, promises, tallies
from comments.errors import CommentError
from comments.models import (
    ORGANISATIONS,
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
from comments.preparing import (
    Said,
    characters_of,
    prepared_said,
    prepared_take,
    response_check,
    said_check,
    seen_check,
)
from comments.privacy import Redaction, redact
from comments.receipts import receipt_number
from drafts import audit, clock, outbox
from drafts.thai_dates import check_happened

#: How often sending begins anew where the response is written on at the same time.
TRIES = 3
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
        if not promises.is_shown("name", chosen=self.publication == Publication.FULL):
            return ""
        name = redact(self.name).text
        organisation = redact(self.organisation).text
        both = f"{name} ({organisation})" if name and organisation else ""
        return (both or name or organisation)[:200]

    @property
    def public_kind(self) -> str:
        """The kind of an organisation that is named; "" for everybody else."""
        chosen = self.publication == Publication.FULL and bool(self.organisation)
        named = promises.is_shown("kind", chosen=chosen)
        return self.capacity if named and self.capacity in ORGANISATIONS else ""


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
    ``preparing`` refuses; nothing prepared is lost then.
    """
    if window not in {OPEN, LATE}:
        raise CommentError(_("ขณะนี้ยังรับความคิดเห็นไม่ได้"), code="refused")
    checked = {one.subject.code: said_check(one) for one in answers}
    try:
        for _try in range(TRIES):
            kept = prepared_said(prepared)
            seen_check(kept, checked.values())
            ready = _ready([*{**kept, **checked}.values()], about)
            with transaction.atomic():
                if prepared_take(prepared) != kept:  # written on, or sent, meanwhile
                    transaction.set_rollback(True)
                    continue
                if not ready.words:
                    raise CommentError(_("ยังไม่มีความคิดเห็นให้ส่ง"), code="empty")
                submission = _receive(
                    ready,
                    round_id=prepared.round_id,
                    about=about,
                    token=prepared.token,
                    now=now,
                    late=window == LATE,
                    channel=Channel.WEB,
                )
                if prepared.about:
                    PreparedResponse.objects.filter(pk=prepared.pk).update(about={})
                return submission
        message = _("ความคิดเห็นเปลี่ยนระหว่างส่ง ยังไม่ได้ส่งและยังอยู่ครบ กดส่งอีกครั้ง")
        raise CommentError(message, code="changing")
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
    by: Any = None,
) -> Submission:
    """Store one person's whole response, from any channel.

    ``said`` must have passed ``said_check`` or come from a trusted import; ``by`` is
    the official who typed it in for somebody, and ``now`` then a moment of the day on
    which it came.  Raises CommentError for more than one response may hold and for a
    day that has not come (``future``), IntegrityError if ``token`` was used before.
    """
    if by is not None:
        check_happened(clock.local_date(now), error=CommentError)
        now = min(now, clock.now())
    ready = _ready(said, about)
    with transaction.atomic():
        submission = _receive(
            ready,
            round_id=round_id,
            about=about,
            now=now,
            late=late,
            token=token or uuid.uuid4(),
            channel=channel,
        )
        if by is not None:
            audit.record(
                submission,
                "submission.entered",
                by=by,
                channel=channel,
                comments=len(said),
            )
        return submission


@dataclass(frozen=True, slots=True)
class _Words:
    """One thing said, covered and hashed."""

    said: Said
    text: Redaction
    suggestion: Redaction
    digest: str


@dataclass(frozen=True, slots=True)
class _Ready:
    """A response as it will be stored: all that takes time is done."""

    words: tuple[_Words, ...]
    public_name: str


def _ready(said: Sequence[Said], about: About) -> _Ready:
    """Check a response's size and cover its words, before anybody has to wait for it.

    Everybody else who sends to the round waits while one response is stored (and on
    SQLite whoever writes anything): covering a long text there would stop them all.
    """
    response_check(comments=len(said), characters=characters_of(said))
    return _Ready(
        tuple(
            _Words(
                one,
                redact(one.text),
                redact(one.suggestion),
                ledger.text_digest(one.text, one.suggestion),
            )
            for one in said
        ),
        about.public_name,
    )


def _receive(
    ready: _Ready,
    *,
    round_id: int,
    about: About,
    now: dt.datetime,
    late: bool,
    token: uuid.UUID,
    channel: str,
) -> Submission:
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
    same = {
        "status": _status(about),
        "public_name": ready.public_name,
        "public_kind": about.public_kind,
    }
    made = [_comment(words, submission, same) for words in ready.words]
    submission.sha256 = ledger.submission_digest(
        submission, zip(made, (words.digest for words in ready.words), strict=True)
    )
    ledger.round_lock(round_id)
    submission.save(force_insert=True)
    if about.name or about.organisation or about.email or about.user:
        Respondent.objects.create(
            submission=submission,
            user=about.user,
            name=about.name,
            organisation=about.organisation,
            email=about.email,
        )
    comments = Comment.objects.bulk_create(made)
    CommentText.objects.bulk_create(
        row
        for words, comment in zip(ready.words, comments, strict=True)
        for row in _texts(words, comment, now)
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
    chosen = about.publication != Publication.TEXT_WITHHELD
    if not promises.is_shown("text", chosen=chosen):
        return Status.WITHHELD
    if getattr(settings, "COMMENTS_CHECKED_FIRST", False):
        return Status.RECEIVED
    return Status.PUBLISHED


def _comment(words: _Words, submission: Submission, same: dict[str, str]) -> Comment:
    said = words.said
    return Comment(
        submission=submission,
        round_id=submission.round_id,
        provision_id=said.subject.provision_id,
        question_id=said.subject.question_id,
        whole_draft=said.subject.code == "whole",
        stance=said.stance,
        stance_source=said.stance_source,
        late=submission.late,
        public_id=public_id(),
        public_text=words.text.text,
        public_suggestion=words.suggestion.text,
        public_sha256=words_sha256(words.text.text),
        redactions=len(words.text.spans) + len(words.suggestion.spans),
        received_at=submission.received_at,
        **same,
    )


def words_sha256(text: str) -> str:
    """Return the SHA-256 of published words, as quotations carry it."""
    return hashlib.sha256(text.encode()).hexdigest()


def public_id() -> str:
    """Make the short public name of a comment: 60 random bits, 12 characters."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))


def _texts(words: _Words, comment: Comment, now: dt.datetime) -> Iterable[CommentText]:
    yield CommentText(
        comment=comment,
        kind=CommentText.Kind.TYPED,
        text=words.said.text,
        suggestion=words.said.suggestion,
        sha256=words.digest,
        created_at=now,
    )
    text, suggestion = words.text, words.suggestion
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
