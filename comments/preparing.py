"""What a person is still writing: kept until sent, theirs to change."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from comments import promises
from comments.errors import CommentError
from comments.models import PreparedComment, PreparedResponse, Stance, Submission
from drafts.revisions import revision_of

#: What a database or a hash cannot take: NUL, and halves of a UTF-16 pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is said about: a provision, a question, or the whole draft."""

    provision_id: int | None = None
    question_id: int | None = None

    @property
    def code(self) -> str:
        if self.provision_id:
            return f"p{self.provision_id}"
        return f"q{self.question_id}" if self.question_id else "whole"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said about one subject.

    ``original`` is the wording that the suggestion started from: a suggestion equal to
    it proposes nothing and is dropped.  ``seen`` is ``seen_of`` what the form showed
    (None: no form); of two tabs the older never wins in silence.
    """

    subject: Subject
    stance: str
    text: str = ""
    suggestion: str = ""
    original: str = ""
    stance_source: str = "form"  # form | cue
    seen: str | None = None


class AnotherTab(CommentError):
    """The same subject was written on in another tab; ``kept`` is what stands."""

    def __init__(self, kept: Said) -> None:
        message = _(
            "เรื่องนี้ถูกบันทึกจากอีกแท็บหรืออุปกรณ์หนึ่งหลังจากคุณเปิดหน้านี้ ยังไม่มีอะไรถูกเขียนทับ "
            "เทียบข้อความทั้งสอง แล้วบันทึกอีกครั้ง"
        )
        super().__init__(message, code="another_tab")
        self.kept = kept


def one_line_ends(text: str) -> str:
    """Make CRLF and CR one LF: the only change ever made to what was typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def said_check(said: Said) -> Said:
    """Return what may be stored; raise CommentError for what must be refused."""
    text = one_line_ends(said.text)
    suggestion = one_line_ends(said.suggestion)
    original = one_line_ends(said.original)
    if suggestion == original or not suggestion.strip():
        suggestion = ""
    if said.stance not in Stance.values or said.stance == Stance.NOT_STATED:
        message = _("เลือกก่อนว่าเห็นด้วยหรือไม่ เลือก “ไม่แสดงความคิดเห็น” ก็ได้")
        raise CommentError(message, code="stance_missing")
    longest = settings.RESPONSE_LIMITS["text"]
    limit = max(longest, 2 * len(original))
    for value, most in ((text, longest), (suggestion, limit)):
        if len(value) > most:
            message = _(
                "ข้อความยาว %(n)s ตัวอักษร เกิน %(most)s ตัวอักษร "
                "ข้อความที่พิมพ์ยังอยู่ครบ ย่อลงหรือแบ่งไปไว้ที่มาตราอื่น"
            ) % {"n": f"{len(value):,}", "most": f"{most:,}"}
            raise CommentError(message, code="too_long")
        if _UNSTORABLE.search(value):
            message = _("ข้อความมีอักขระที่บันทึกไม่ได้ ลบออกแล้วลองอีกครั้ง")
            raise CommentError(message, code="bad_character")
    return replace(said, text=text, suggestion=suggestion, original="")


def seen_of(said: Said | PreparedComment | None) -> str:
    """Return the mark of what a form shows of one subject; "" where nothing is kept."""
    if said is None:
        return ""
    typed = (one_line_ends(said.text), one_line_ends(said.suggestion))
    return revision_of({"stance": said.stance, "typed": typed})


def seen_check(kept: Mapping[str, Said], checked: Iterable[Said]) -> None:
    """Raise AnotherTab where a form did not show what it would write over."""
    for one in checked:
        stands = kept.get(one.subject.code)
        if stands is None or one.seen is None:
            continue
        if seen_of(stands) not in {one.seen, seen_of(one)}:
            raise AnotherTab(stands)


def response_check(*, comments: int, characters: int) -> None:
    """Raise CommentError where a response holds more than one person may send at once.

    ``settings.RESPONSE_LIMITS`` says how much; the rest goes into a second response.
    """
    limits = settings.RESPONSE_LIMITS
    if comments > limits["comments"] or characters > limits["characters"]:
        message = _(
            "ส่งครั้งหนึ่งได้ไม่เกิน %(comments)s เรื่อง รวม %(most)s ตัวอักษร "
            "ครั้งนี้มี %(n)s เรื่อง รวม %(characters)s ตัวอักษร "
            "ข้อความที่พิมพ์ยังอยู่ครบ ส่งส่วนที่บันทึกไว้แล้วก่อน แล้วเริ่มส่งครั้งใหม่"
        ) % {
            "comments": f"{limits['comments']:,}",
            "most": f"{limits['characters']:,}",
            "n": f"{comments:,}",
            "characters": f"{characters:,}",
        }
        raise CommentError(message, code="response_full")


def characters_of(said: Iterable[Said]) -> int:
    """Return how many characters were typed in all."""
    return sum(len(one.text) + len(one.suggestion) for one in said)


def prepared_open(
    *, round_id: int, token: uuid.UUID, now: dt.datetime
) -> PreparedResponse:
    """Return the response being prepared under a token, made if it is not there.

    Raises CommentError if the token belongs to another round.
    """
    prepared, _made = PreparedResponse.objects.get_or_create(
        token=token,
        defaults={"round_id": round_id, "created_at": now, "changed_at": now},
    )
    if prepared.round_id != round_id:
        message = _("แบบความคิดเห็นนี้เป็นของการรับฟังรอบอื่น เปิดหน้าใหม่แล้วลองอีกครั้ง")
        raise CommentError(message, code="other_round")
    return prepared


def prepared_comments_save(
    *, prepared: PreparedResponse, said: Iterable[Said], now: dt.datetime
) -> None:
    """Keep several things said, each in place of what was said there before.

    Raises CommentError where one cannot be kept, or all would be more than a response
    may hold; then none is kept and what was kept before stands.
    """
    checked = [said_check(one) for one in said]
    with transaction.atomic():
        PreparedResponse.objects.select_for_update().get(pk=prepared.pk)
        seen_check(prepared_said(prepared), checked)
        _comments_store(prepared, checked, now)


def _comments_store(
    prepared: PreparedResponse, checked: list[Said], now: dt.datetime
) -> None:
    others = PreparedComment.objects.filter(response=prepared).exclude(
        subject__in=[one.subject.code for one in checked]
    )
    there = others.aggregate(
        n=Count("pk"), text=Sum(Length("text")), suggestion=Sum(Length("suggestion"))
    )
    response_check(
        comments=there["n"] + len(checked),
        characters=(there["text"] or 0)
        + (there["suggestion"] or 0)
        + characters_of(checked),
    )
    PreparedComment.objects.bulk_create(
        (prepared_row(prepared, one, now) for one in checked),
        update_conflicts=True,
        unique_fields=["response", "subject"],
        update_fields=["stance", "text", "suggestion", "changed_at"],
    )
    PreparedResponse.objects.filter(pk=prepared.pk).update(changed_at=now)


def prepared_comment_save(
    *, prepared: PreparedResponse, said: Said, now: dt.datetime
) -> None:
    """Keep one thing said.  Raises CommentError where it cannot be kept."""
    prepared_comments_save(prepared=prepared, said=[said], now=now)


def prepared_row(
    prepared: PreparedResponse, said: Said, now: dt.datetime
) -> PreparedComment:
    """Make the row of one thing said, not saved."""
    return PreparedComment(
        response=prepared,
        provision_id=said.subject.provision_id,
        question_id=said.subject.question_id,
        whole_draft=said.subject.code == "whole",
        subject=said.subject.code,
        stance=said.stance,
        text=said.text,
        suggestion=said.suggestion,
        changed_at=now,
    )


def prepared_comment_delete(*, prepared: PreparedResponse, subject: str) -> None:
    """Forget what was said about a subject."""
    PreparedComment.objects.filter(response=prepared, subject=subject).delete()


def prepared_about_save(
    *, prepared: PreparedResponse, about: dict[str, Any], now: dt.datetime
) -> None:
    """Keep the "about me" form as typed, so that leaving the page loses nothing."""
    if prepared.about != about:
        prepared.about = about
        prepared.changed_at = now
        prepared.save(update_fields=["about", "changed_at"])


def prepared_said(prepared: PreparedResponse) -> dict[str, Said]:
    """Read what is kept in a prepared response, by subject."""
    return _said(PreparedComment.objects.filter(response=prepared))


def prepared_take(prepared: PreparedResponse) -> dict[str, Said]:
    """Take the comments out of a prepared response; a second taker gets none.

    One statement, so that two sends at once cannot both have them.  Call it inside the
    transaction that stores them.
    """
    table = PreparedComment._meta.db_table
    return _said(
        PreparedComment.objects.raw(
            f"DELETE FROM {table} WHERE response_id = %s RETURNING *",  # noqa: S608
            [prepared.pk],
        )
    )


def _said(rows: Iterable[PreparedComment]) -> dict[str, Said]:
    return {
        row.subject: Said(
            Subject(row.provision_id, row.question_id),
            row.stance,
            row.text,
            row.suggestion,
        )
        for row in rows
    }


def prepared_erase_old(*, now: dt.datetime) -> int:
    """Erase what was sent or left alone for too long (promises); return how many."""
    sent = Submission.objects.filter(client_token=OuterRef("token"))
    long_ago = now - dt.timedelta(days=promises.TABLE["prepared"].keep.days)
    old = PreparedResponse.objects.filter(changed_at__lt=long_ago)
    done = PreparedResponse.objects.filter(
        Exists(sent), changed_at__lt=now - dt.timedelta(days=1)
    )
    pks = list((old | done).values_list("pk", flat=True)[:500])
    PreparedResponse.objects.filter(pk__in=pks).delete()
    return len(pks)
