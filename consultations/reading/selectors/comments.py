"""Lists of comments, twenty a page, by keyset: page 30,000 costs what page 1 costs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from comments import promises
from comments.models import (
    Comment,
    Ground,
    ModerationEvent,
    Stance,
    Status,
)
from consultations.reading.selectors.rounds import PAGE_SIZE
from drafts.languages import is_english
from drafts.law.redline import Span, redline
from drafts.requests import read_number
from drafts.target_clauses import full_name

_THAI = re.compile("[\u0e01-\u0e5b]")
NEWEST, LEAST_SEEN = "newest", "least_seen"
ORDERS = (NEWEST, LEAST_SEEN)


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as the public may see it; its words only where they may be read."""

    id: int
    public_id: str
    url: str
    stance: str
    stance_label: str
    status: str
    is_late: bool
    text: str
    suggestion: str
    changes: tuple[Span, ...]
    name: str
    kind: str
    received: dt.date | dt.datetime
    redactions: int
    ground: str
    changed_at: dt.datetime | None
    provision_id: int | None = None
    round_id: int = 0
    is_duplicate: bool = False

    @property
    def is_shown(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def lang(self) -> str:
        """The language of the words, "" where it is the page's own."""
        thai = bool(_THAI.search(self.text or self.suggestion))
        return "" if thai != is_english() else ("th" if thai else "en")


@dataclass(frozen=True, slots=True)
class CommentPage:
    comments: tuple[CommentView, ...]
    order: str
    older: str = ""  # query for the page of older (or more often seen) comments
    newer: str = ""
    is_first: bool = True

    @property
    def shown_ids(self) -> list[int]:
        return [comment.id for comment in self.comments if comment.is_shown]


#: The provision's text, or the texts of several by id.
BaseText = str | Mapping[int, str] | None


def _views(rows: Iterable[Comment], base_text: BaseText) -> tuple[CommentView, ...]:
    rows = list(rows)
    gone = [r.pk for r in rows if r.status in {Status.HIDDEN, Status.WITHDRAWN}]
    changed: dict[int, dt.datetime] = {}
    if gone:
        kinds = [ModerationEvent.Kind.HIDDEN, ModerationEvent.Kind.WITHDRAWN]
        changed = dict(
            ModerationEvent.objects.filter(comment__in=gone, kind__in=kinds)
            .order_by("id")
            .values_list("comment_id", "created_at")
        )
    base = reverse("consultations:comment", args=["x"]).removesuffix("x/")
    stances = dict(Stance.choices)
    grounds = dict(Ground.choices)
    views = []
    for row in rows:
        shown = row.status == Status.PUBLISHED
        suggestion = row.public_suggestion if shown else ""
        text = base_text
        if isinstance(text, Mapping):
            text = text.get(row.provision_id, "")
        if text is None and suggestion and row.provision_id:
            text = row.provision.text
        views.append(
            CommentView(
                id=row.pk,
                public_id=row.public_id,
                url=f"{base}{row.public_id}/",
                stance=row.stance,
                stance_label=str(stances.get(row.stance, "")),
                status=row.status,
                is_late=row.late,
                text=row.public_text if shown else "",
                suggestion=suggestion,
                changes=redline(text, suggestion) if suggestion and text else (),
                name=row.public_name if shown else "",
                kind=_beside(row) if shown else "",
                received=promises.moment_shown(row.received_at),
                redactions=row.redactions if shown else 0,
                ground=str(grounds.get(row.hidden_ground, "")),
                changed_at=changed.get(row.pk),
                provision_id=row.provision_id,
                round_id=row.round_id,
                is_duplicate=row.duplicate_of_id is not None,
            )
        )
    return tuple(views)


def _beside(row: Comment) -> str:
    def word_of(key: str) -> str:
        label = getattr(row.submission, f"get_{key}_display", None)
        return str(label() if label else getattr(row.submission, key))

    return promises.beside(row.get_public_kind_display(), word_of)


def _rows(subject: dict[str, Any], *, late: bool | None) -> QuerySet[Comment]:
    return (
        # IN, not =: Django writes "= false" as "NOT late", which no index serves.
        Comment.objects.filter(
            **subject, late__in=[False, True] if late is None else [late]
        )
        .only(
            "public_id", "stance", "status", "late", "public_text",
            "public_suggestion", "public_name", "public_kind", "redactions",
            "hidden_ground", "received_at", "times_shown", "provision_id", "round_id",
            "duplicate_of_id",
        )
    )  # fmt: skip


def _newest(rows: QuerySet[Comment], cursor: str) -> tuple[list[Comment], str, str]:
    """Newest first; ``cursor`` is "o<id>" (older than) or "n<id>" (newer than)."""
    pk = read_number(cursor[1:])
    if pk is not None and cursor[0] == "n":
        found = list(rows.filter(pk__gt=pk).order_by("pk")[: PAGE_SIZE + 1])
        more = len(found) > PAGE_SIZE
        found = found[:PAGE_SIZE][::-1]
        newer = f"n{found[0].pk}" if more else ""
        return found, (f"o{found[-1].pk}" if found else ""), newer
    if pk is not None and cursor[0] == "o":
        rows = rows.filter(pk__lt=pk)
    else:
        pk = None
    found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    older = f"o{found[PAGE_SIZE - 1].pk}" if len(found) > PAGE_SIZE else ""
    found = found[:PAGE_SIZE]
    return found, older, (f"n{found[0].pk}" if pk is not None and found else "")


def _least_seen(rows: QuerySet[Comment], cursor: str) -> tuple[list[Comment], str, str]:
    """Least often shown first; ``cursor`` is "<times shown>-<id>", going on from there.

    Two queries at most: an OR of both keys would make the database walk every row
    that has the same number of views.
    """
    times, _dash, pk = cursor.partition("-")
    seen, last = read_number(times), read_number(pk)
    wanted = PAGE_SIZE + 1
    ordered = rows.order_by("times_shown", "-pk")
    if seen is None or last is None:
        found = list(ordered[:wanted])
    else:
        found = list(ordered.filter(times_shown=seen, pk__lt=last)[:wanted])
        if len(found) < wanted:
            found += ordered.filter(times_shown__gt=seen)[: wanted - len(found)]
    more = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    older = f"{found[-1].times_shown}-{found[-1].pk}" if more else ""
    return found, older, ""


def read_comments(
    subject: dict[str, Any],
    *,
    late: bool | None = False,
    order: str = NEWEST,
    cursor: str = "",
    base_text: BaseText = None,
) -> CommentPage:
    """Read twenty comments on a subject; one query, two or three in rare cases.

    ``subject`` is a filter such as ``{"provision": 12}``; ``late`` None asks for both
    those in time and those after; ``base_text`` is the provision's text, or those of
    several, against which proposed wording is shown.  An order or cursor that makes no
    sense means the first page of the newest.
    """
    order = order if order in ORDERS else NEWEST
    rows = _rows(subject, late=late)
    page = _newest if order == NEWEST else _least_seen
    found, older, newer = page(rows, cursor)
    return CommentPage(
        _views(found, base_text), order, older, newer, is_first=not cursor
    )


@dataclass(frozen=True, slots=True)
class CommentAlone:
    """One comment on a page of its own."""

    comment: CommentView
    slug: str
    round_number: int
    eid: str
    provision_name: str
    provision_text: str
    question_number: int | None
    question_text: str
    question_text_en: str


def read_comment(public_id: str) -> CommentAlone | None:
    """Read one comment by its public id; one query, two if it was hidden."""
    row = (
        Comment.objects.filter(public_id=public_id)
        .exclude(round__stage="draft")
        .select_related(
            "provision",
            "question",
            "round__consultation",
        )
        .first()
    )
    if row is None:
        return None
    provision, question = row.provision, row.question
    return CommentAlone(
        _views([row], provision.text if provision else None)[0],
        row.round.consultation.slug,
        row.round.number,
        provision.eid if provision else "",
        full_name(provision.kind, provision.label, provision.heading, provision.eid)
        if provision
        else "",
        provision.text if provision else "",
        question.number if question else None,
        question.text if question else "",
        question.text_en if question else "",
    )


def comment_views(rows: Iterable[Comment]) -> tuple[CommentView, ...]:
    """Show comments that another room has read."""
    return _views(rows, None)
