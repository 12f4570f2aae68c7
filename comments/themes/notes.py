"""Notes of officials for each other, and who looks after which theme."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, Theme, WorkNote
from comments.themes import events
from comments.themes.errors import ThemeError
from drafts import audit
from drafts.revisions import check_revision

NOTE_LENGTH = 2_000


@transaction.atomic
def note_add(
    *,
    round: Any,
    text: str,
    theme: Theme | None = None,
    comment: Comment | None = None,
    by: Any,
    now: dt.datetime,
) -> WorkNote:
    """Write a note on a theme or on a comment of the round; it is never changed.

    Raises ThemeError for an empty or too long text or a comment of another round.
    """
    text = text.strip()
    if not text:
        raise ThemeError(_("เขียนบันทึกก่อน"), code="note_missing")
    if len(text) > NOTE_LENGTH:
        raise ThemeError(
            _("บันทึกยาวเกิน %(limit)s ตัวอักษร (ที่กรอก %(length)s)")
            % {"limit": NOTE_LENGTH, "length": len(text)},
            code="note_too_long",
        )
    about = theme or comment
    if about is None or about.round_id != round.pk:
        raise ThemeError(_("ไม่พบความเห็นนี้"), code="no_such_comment")
    note = WorkNote.objects.create(
        round=round, theme=theme, comment=comment, text=text, author=by, created_at=now
    )
    # The audit log says that there is a note, never what it says.
    audit.record(about, "note.added", by=by, note=note.pk)
    return note


def notes_on(
    *, theme: Theme | None = None, comments: Iterable[int] = ()
) -> tuple[list[WorkNote], dict[int, list[WorkNote]]]:
    """Return the notes on a theme, and those on comments by comment id; two queries."""
    rows = WorkNote.objects.select_related("author")
    on_theme = list(rows.filter(theme=theme)) if theme else []
    on_comments: dict[int, list[WorkNote]] = defaultdict(list)
    for note in rows.filter(comment__in=list(comments)):
        on_comments[note.comment_id].append(note)
    return on_theme, dict(on_comments)


def assigned_values(theme: Theme) -> dict[str, Any]:
    """Return who looks after a theme, as its form shows it."""
    return {"assigned_to": theme.assigned_to_id}


@transaction.atomic
def theme_assign(
    *, theme: Theme, to: Any, by: Any, revision: str | None = None
) -> bool:
    """Give a theme to a colleague (None: to nobody); False if it was so already.

    Who looks after a theme is no part of what the log replays: it changes nothing that
    is published.  Raises Outdated where a colleague was first; ``revision``
    is that of ``assigned_values``.
    """
    events.round_lock(theme.round)
    fresh = Theme.objects.get(pk=theme.pk)
    if fresh.assigned_to_id == (to.pk if to else None):
        return False
    check_revision(revision, assigned_values(fresh))
    Theme.objects.filter(pk=theme.pk).update(assigned_to=to)
    audit.record(fresh, "theme.assigned", by=by, to=to.pk if to else None)
    return True
