"""What officials do with themes: each act one transaction, one event, one audit row.

Optimistic locking: an act on a theme names the revision that the official saw, an act
on a comment the theme or bucket in which it was seen.  If a colleague was first, the
act raises ConflictError, which says who did what and when, and changes nothing.
What a person places is the person's from then on: no run moves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from comments.models import (
    Bucket,
    Comment,
    Theme,
    ThemeAssignment,
    ThemeEvent,
)
from comments.themes import adopt, events
from comments.themes.errors import ThemeError
from comments.themes.parts import SplitRule, fingerprint, split_rows
from comments.themes.pipeline import countable
from comments.themes.state import (
    APPROVED,
    EMPTY_THEME,
    MERGED,
    PERSON,
    PROPOSED,
    REJECTED,
    Changes,
    Place,
)

TITLE_LENGTH = 300
#: Acts that an official may take back.
UNDOABLE = set(events.VERBS) - {events.ADOPTED, events.UNDONE}


def theme_values(theme: Theme) -> dict[str, str]:
    """Return what people write about a theme, as its form shows it."""
    return {name: getattr(theme, name) for name in ("title", "title_en", "note")}


def _begin(round: Any) -> None:
    events.round_lock(round)
    if not adopt.themes_ready(round):
        raise ThemeError(_("ยังไม่มีผลวิเคราะห์ของรอบนี้ เริ่มวิเคราะห์ก่อน"), code="no_themes_yet")


def _theme(round: Any, number: int, revision: int | None = None) -> Theme:
    theme = (
        Theme.objects.select_related("merged_into")
        .filter(round=round, number=number)
        .first()
    )
    if theme is None:
        raise ThemeError(_("ไม่พบประเด็นนี้"), code="no_such_theme")
    if revision is not None and theme.revision != revision:
        error = events.conflict(round, theme=number)
        error.current, error.revision = theme_values(theme), str(theme.revision)
        raise error
    return theme


def _open_theme(round: Any, number: int, revision: int | None = None) -> Theme:
    theme = _theme(round, number, revision)
    if theme.status in {REJECTED, MERGED}:
        raise ThemeError(
            _("ประเด็น “%s” ไม่ได้ใช้แล้ว เลือกประเด็นอื่น") % theme.title,
            code="theme_not_in_use",
        )
    return theme


def _clean_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise ThemeError(_("กรอกชื่อประเด็น"), code="title_missing")
    if len(title) > TITLE_LENGTH:
        raise ThemeError(
            _("ชื่อประเด็นยาวเกิน %(limit)s ตัวอักษร (ที่กรอก %(length)s)")
            % {"limit": TITLE_LENGTH, "length": len(title)},
            code="title_too_long",
        )
    return title


def _next_theme(round: Any) -> int:
    rows = Theme.objects.filter(round=round)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _move_all(
    changes: Changes, rows: QuerySet[ThemeAssignment], theme: int, bucket: str = ""
) -> None:
    places = rows.values_list("comment_id", F("theme__number"), "bucket", "source")
    for comment, number, old, source in places.order_by("comment_id"):
        before = Place(number or 0, old, source)
        changes.move(comment, before, Place(theme, bucket, PERSON))


@transaction.atomic
def theme_rename(
    *,
    theme: Theme,
    revision: int,
    title: str,
    title_en: str,
    note: str,
    by: Any,
    now: dt.datetime,
) -> ThemeEvent | None:
    """Give a theme its title and note; None if nothing differs from before."""
    _begin(theme.round)
    theme = _theme(theme.round, theme.number, revision)
    before = events.fields_of(theme)
    after = {
        **before,
        "title": _clean_title(title),
        "title_en": " ".join(title_en.split()),
        "note": note.strip(),
        "title_source": PERSON,
    }
    if {**before, "title_source": PERSON} == after:
        return None
    changes = Changes(themes={theme.number: (before, after)})
    return events.changes_apply(theme.round, "theme.renamed", changes, by=by, now=now)


@transaction.atomic
def theme_merge(
    *,
    theme: Theme,
    revision: int,
    into: Theme,
    into_revision: int,
    title: str | None = None,
    by: Any,
    now: dt.datetime,
) -> ThemeEvent:
    """Move all of a theme's comments into another one; the emptied one says where.

    ``title`` is what both are called from then on; None leaves it as it is.
    """
    round = theme.round
    _begin(round)
    if theme.pk == into.pk or theme.round_id != into.round_id:
        raise ThemeError(_("เลือกประเด็นอื่นที่จะรวมเข้า"), code="merge_with_itself")
    theme = _open_theme(round, theme.number, revision)
    into = _open_theme(round, into.number, into_revision)
    if theme.status == APPROVED:
        raise ThemeError(
            _("ประเด็น “%s” รับรองแล้ว เปิดแก้ไขก่อนจึงรวมได้") % theme.title,
            code="theme_approved",
        )
    before, kept = events.fields_of(theme), events.fields_of(into)
    changes = Changes()
    gone = {**before, "status": MERGED, "merged_into": into.number}
    changes.themes[theme.number] = (before, gone)
    called = kept["title"] if title is None else _clean_title(title)
    if called == kept["title"]:
        changes.themes[into.number] = (kept, dict(kept))
    elif into.status == APPROVED:
        raise ThemeError(
            _("ประเด็น “%s” รับรองแล้ว เปิดแก้ไขก่อนจึงเปลี่ยนชื่อได้") % into.title,
            code="theme_approved",
        )
    else:
        # English words for another Thai title would say something else.
        english = before["title_en"] if called == before["title"] else ""
        renamed = {"title": called, "title_en": english, "title_source": PERSON}
        changes.themes[into.number] = (kept, {**kept, **renamed})
    _move_all(changes, theme.assignments.all(), into.number)
    return events.changes_apply(round, "theme.merged", changes, by=by, now=now)


@transaction.atomic
def theme_split(
    *,
    theme: Theme,
    revision: int,
    rule: SplitRule,
    title: str,
    expected: int,
    seen: str = "",
    by: Any,
    now: dt.datetime,
) -> Theme:
    """Move what a rule takes into a new theme and return it.

    ``expected`` is the number of comments that the preview showed, ``seen``, where it
    is given, their ``parts.fingerprint``; if either differs now, ConflictError, so that
    nobody splits what they have not seen.
    """
    round = theme.round
    _begin(round)
    theme = _open_theme(round, theme.number, revision)
    if theme.status == APPROVED:
        raise ThemeError(_("ประเด็นนี้รับรองแล้ว เปิดแก้ไขก่อนจึงแยกได้"), code="theme_approved")
    rows = split_rows(theme, rule)
    ids = list(rows.values_list("comment_id", flat=True))
    taken = len(ids)
    if taken != expected or (seen and seen != fingerprint(ids)):
        raise events.conflict(round, theme=theme.number)
    if not taken or taken == theme.assignments.count():
        raise ThemeError(
            _("เกณฑ์นี้ไม่แบ่งประเด็นเป็นสองส่วน เลือกเกณฑ์อื่น"), code="split_is_no_split"
        )
    number = _next_theme(round)
    before = events.fields_of(theme)
    made = {**EMPTY_THEME, "title": _clean_title(title), "title_source": PERSON}
    changes = Changes()
    changes.themes[theme.number] = (before, dict(before))
    changes.themes[number] = (None, made)
    _move_all(changes, rows, number)
    events.changes_apply(round, "theme.split", changes, by=by, now=now)
    return Theme.objects.get(round=round, number=number)


@transaction.atomic
def comment_move(
    *,
    round: Any,
    comments: Sequence[int],
    seen_in: tuple[int, str],
    seen_source: str = "",
    theme: int = 0,
    bucket: str = "",
    by: Any,
    now: dt.datetime,
) -> ThemeEvent | None:
    """Move comments to a theme (its number) or a bucket; None if nothing changes.

    ``seen_in`` is the theme number (0: none) and bucket in which they were seen,
    ``seen_source``, where it is given, who had placed them there: what a colleague has
    confirmed meanwhile is not moved by somebody who saw it unread.  To
    move them where they are confirms what the machine did: the place is the person's
    from then on.
    """
    _begin(round)
    if bool(theme) == bool(bucket) or (bucket and bucket not in Bucket.values):
        raise ThemeError(_("เลือกประเด็นหรือกลุ่มที่จะย้ายไป"), code="no_target")
    if theme:
        theme = _open_theme(round, theme).number
    rows = ThemeAssignment.objects.filter(round=round, comment_id__in=comments)
    places = rows.values_list("comment_id", F("theme__number"), "bucket", "source")
    wanted = set(comments)
    if not wanted:
        raise ThemeError(_("เลือกความเห็นอย่างน้อยหนึ่งรายการ"), code="no_comments")
    moved = {
        pk
        for pk, number, old, source in places
        if (number or 0, old) != seen_in or seen_source not in {"", source}
    }
    if moved or len(places) != len(wanted):
        raise events.conflict(round, comments=moved or wanted)
    changes = Changes()
    _move_all(changes, rows, theme, bucket)
    if changes.empty:
        return None
    kind = "comments.confirmed" if (theme, bucket) == seen_in else "comments.moved"
    return events.changes_apply(round, kind, changes, by=by, now=now)


def _place_seen(place: ThemeAssignment, seen_in: tuple[int, str] | None) -> Place:
    """Return where a comment is; ConflictError if that is not where it was seen."""
    here = Place(place.theme.number if place.theme else 0, place.bucket, place.source)
    if seen_in not in {None, (here.theme, here.bucket)}:
        raise events.conflict(place.round, comments={place.comment_id})
    return here


@transaction.atomic
def theme_create_from_comment(
    *,
    comment: Comment,
    title: str,
    seen_in: tuple[int, str] | None = None,
    by: Any,
    now: dt.datetime,
) -> Theme:
    """Make a theme of one comment and return it: a lone argument is worth an answer.

    ``seen_in`` is where the comment was seen, as in ``comment_move``: it is not taken
    out of a theme that a colleague has made of it meanwhile.  Without a title the
    beginning of the comment's published words stands in.
    """
    round = comment.round
    _begin(round)
    place = (
        ThemeAssignment.objects.filter(comment=comment).select_related("theme").first()
    )
    if place is None or not countable(round.pk).filter(pk=comment.pk).exists():
        raise ThemeError(
            _("ความเห็นนี้ไม่อยู่ในการวิเคราะห์ (ส่งช้า ถอน ซ่อน หรือซ้ำ)"), code="not_counted"
        )
    before = _place_seen(place, seen_in)
    number = _next_theme(round)
    if not title.strip():
        words = comment.public_text or comment.public_suggestion
        if comment.status == "withheld" or not words.strip():
            raise ThemeError(_("กรอกชื่อประเด็น"), code="title_missing")
        title = " ".join(words.split())
        title = title if len(title) <= 120 else title[:119] + "…"
    made = {**EMPTY_THEME, "title": _clean_title(title), "title_source": PERSON}
    changes = Changes(themes={number: (None, made)})
    changes.move(comment.pk, before, Place(number, "", PERSON))
    events.changes_apply(round, "theme.created", changes, by=by, now=now)
    return Theme.objects.get(round=round, number=number)


def _set_status(
    theme: Theme, revision: int, status: str, kind: str, *, by: Any, now: dt.datetime
) -> ThemeEvent:
    before = events.fields_of(theme)
    changes = Changes(themes={theme.number: (before, {**before, "status": status})})
    if status == REJECTED:
        _move_all(changes, theme.assignments.all(), 0, Bucket.OTHER)
    return events.changes_apply(theme.round, kind, changes, by=by, now=now)


@transaction.atomic
def theme_approve(
    *, theme: Theme, revision: int, by: Any, now: dt.datetime
) -> ThemeEvent | None:
    """Sign for a theme: from now on no run moves its members; None if it was."""
    _begin(theme.round)
    theme = _open_theme(theme.round, theme.number, revision)
    if theme.status == APPROVED:
        return None
    if not theme.assignments.exists():
        raise ThemeError(_("ประเด็นนี้ไม่มีความเห็นแล้ว จึงรับรองไม่ได้"), code="theme_empty")
    return _set_status(theme, revision, APPROVED, "theme.approved", by=by, now=now)


@transaction.atomic
def theme_reopen(
    *, theme: Theme, revision: int, by: Any, now: dt.datetime
) -> ThemeEvent | None:
    """Take an approval back, or use a rejected theme again (empty)."""
    _begin(theme.round)
    theme = _theme(theme.round, theme.number, revision)
    if theme.status not in {APPROVED, REJECTED}:
        return None
    return _set_status(theme, revision, PROPOSED, "theme.reopened", by=by, now=now)


@transaction.atomic
def theme_reject(
    *, theme: Theme, revision: int, by: Any, now: dt.datetime
) -> ThemeEvent:
    """Drop a theme; its comments go to the bucket "other", none is lost."""
    _begin(theme.round)
    theme = _open_theme(theme.round, theme.number, revision)
    if theme.status == APPROVED:
        raise ThemeError(
            _("ประเด็นนี้รับรองแล้ว เปิดแก้ไขก่อนจึงเลิกใช้ได้"), code="theme_approved"
        )
    return _set_status(theme, revision, REJECTED, "theme.rejected", by=by, now=now)


@transaction.atomic
def evidence_toggle(
    *,
    comment: Comment,
    on: bool,
    seen_in: tuple[int, str] | None = None,
    by: Any,
    now: dt.datetime,
) -> ThemeEvent | None:
    """Mark a comment as evidence for its theme, or not; None if it was so.

    ``seen_in`` as in ``comment_move``: it becomes evidence for no other theme.
    """
    _begin(comment.round)
    place = (
        ThemeAssignment.objects.filter(comment=comment).select_related("theme").first()
    )
    if place is None:
        raise ThemeError(_("ความเห็นนี้ไม่อยู่ในการวิเคราะห์"), code="not_counted")
    _place_seen(place, seen_in)
    if place.evidence == on:
        return None
    changes = Changes(evidence=[(comment.pk, place.evidence, on)])
    return events.changes_apply(comment.round, "evidence.set", changes, by=by, now=now)


def undoable(round: Any, by: Any) -> ThemeEvent | None:
    """Return the newest act of this official that is not undone yet."""
    rows = ThemeEvent.objects.filter(round=round, actor=by).order_by("-number")
    undone: set[int] = set()
    for event in rows.iterator(chunk_size=50):
        if event.kind == events.UNDONE:
            undone.add(event.data["undoes"])
        elif event.kind in UNDOABLE and event.number not in undone:
            return event
        elif event.kind == events.ADOPTED:
            return None
    return None


@transaction.atomic
def undo(*, round: Any, event: ThemeEvent, by: Any, now: dt.datetime) -> ThemeEvent:
    """Undo one's own newest act; ConflictError if somebody has built on it since."""
    _begin(round)
    newest = undoable(round, by)
    if newest is None or newest.pk != event.pk:
        raise ThemeError(_("เลิกทำได้เฉพาะการกระทำล่าสุดของคุณเอง"), code="nothing_to_undo")
    changes = Changes.from_json(event.data).reversed()
    data = {**changes.as_json(), "undoes": event.number}
    return events.changes_apply(
        round, events.UNDONE, changes, by=by, now=now, data=data
    )
