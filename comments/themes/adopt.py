"""Take a finished run into the round's themes.

The first run, and any run that comes while nobody has touched anything, is taken by
itself; after that an official sees what would change (``adoption_preview``) and
decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from comments.models import (
    CandidateAssignment,
    CandidateTheme,
    Theme,
    ThemeAssignment,
    ThemeEvent,
    ThemeRun,
)
from comments.themes import events, store
from comments.themes.errors import ConflictError, ThemeError
from comments.themes.state import EMPTY_THEME, MACHINE, Changes, State, adoption
from drafts import audit
from drafts.jobs import Lease


def adopted_run_id(round: Any) -> int | None:
    """Return the id of the run that the round's themes were last taken from."""
    rows = ThemeEvent.objects.filter(round=round, kind=events.ADOPTED)
    event = rows.order_by("-number").first()
    return event.data["run"] if event else None


def _details(run: ThemeRun, ids: list[int] | None = None) -> dict[int, dict[str, Any]]:
    """Return what a run adds to a place: similarity, margin, its argument.

    The *argument* of a comment is the id of the first comment of its group of copies,
    or its own: distinct arguments are counted by it.
    """
    rows = CandidateAssignment.objects.filter(run=run)
    firsts = dict(
        rows.filter(duplicates__isnull=False)
        .values_list("duplicates")
        .annotate(first=Min("comment_id"))
    )
    if ids is not None:
        rows = rows.filter(comment_id__in=ids)
    values = rows.values_list("comment_id", "similarity", "margin", "duplicates_id")
    return {
        pk: {
            "similarity": similarity,
            "margin": margin,
            "argument": firsts.get(group, pk),
        }
        for pk, similarity, margin, group in values.iterator(chunk_size=5000)
    }


def _chunks(rows: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(rows), store.BATCH):
        yield rows[start : start + store.BATCH]


def run_adopt_first(run: ThemeRun, lease: Lease, output: Any, *, now: Any) -> None:
    """Fill an empty round from a run, in short transactions, under the run's lease.

    A worker that dies in the middle leaves a part that the next one completes: numbers
    and places are functions of the output alone.  Until the event is written, nobody
    can work on the themes (``themes_ready``).
    """
    round = run.round
    changes = adoption(State(), store.result_of(output))
    have = set(Theme.objects.filter(round=round).values_list("number", flat=True))
    origins = dict(CandidateTheme.objects.filter(run=run).values_list("number", "pk"))
    with transaction.atomic():
        lease.beat()
        Theme.objects.bulk_create(
            Theme(
                round=round,
                number=n,
                origin_id=origins.get(n),
                **{**EMPTY_THEME, **after},
            )
            for n, (_before, after) in sorted(changes.themes.items())
            if n not in have
        )
    themes = dict(Theme.objects.filter(round=round).values_list("number", "pk"))
    details = _details(run)
    for (_before, after), ids in changes.places.items():
        placed = set(
            ThemeAssignment.objects.filter(
                round=round,
                theme_id=themes[after.theme] if after.theme else None,
                bucket=after.bucket,
            ).values_list("comment_id", flat=True)
        )
        for chunk in _chunks([pk for pk in ids if pk not in placed]):
            with transaction.atomic():
                lease.beat()
                ThemeAssignment.objects.bulk_create(
                    ThemeAssignment(
                        round=round,
                        comment_id=pk,
                        theme_id=themes[after.theme] if after.theme else None,
                        bucket=after.bucket,
                        source=MACHINE,
                        run=run,
                        assigned_at=now,
                        **details[pk],
                    )
                    for pk in chunk
                )
    with transaction.atomic():
        lease.beat()
        events.round_lock(round)
        ThemeEvent.objects.create(
            round=round,
            number=events.next_number(round),
            kind=events.ADOPTED,
            data=_event_data(run, changes, only_new=False),
            created_at=now,
        )
        audit.record(round, events.ADOPTED, run=run.pk, moved=changes.moved)


def first_adoption_drop(round: Any) -> None:
    """Take back what an abandoned first adoption left; nobody has seen it yet."""
    rows = ThemeAssignment.objects.filter(round=round).order_by("pk")
    while ids := list(rows.values_list("pk", flat=True)[: store.BATCH]):
        ThemeAssignment.objects.filter(pk__in=ids).delete()
    Theme.objects.filter(round=round).delete()


def _event_data(run: ThemeRun, changes: Changes, *, only_new: bool) -> dict[str, Any]:
    return {
        "run": run.pk,
        "output_sha256": run.output_sha256,
        "only_new": only_new,
        "moved": changes.moved,
        "themes": {str(number): [] for number in sorted(changes.themes)},
    }


@dataclass(frozen=True, slots=True)
class AdoptionPreview:
    """What taking a run would change, for the page that asks."""

    run: ThemeRun
    event_number: int
    new_themes: list[tuple[int, str, int]]  # number, title, comments
    renamed: list[tuple[int, str, str]]
    retired: list[tuple[int, str, int | None]]
    arriving: list[tuple[int, str, int]]  # new comments: theme number, place, how many
    moving: list[tuple[str, str, int]]  # from, to, how many
    kept: int  # comments that stay where people or approval put them
    total: int


def adoption_preview(*, round: Any, run: ThemeRun, only_new: bool) -> AdoptionPreview:
    """Compute what ``run_adopt`` would do; changes nothing."""
    state = events.state_of(round)
    result = store.result_of(store.output_of(run))
    changes = adoption(state, result, only_new=only_new)
    titles = {n: f["title"] for n, f in state.themes.items()}
    titles |= {n: after["title"] for n, (_b, after) in changes.themes.items()}

    def name(theme: int, bucket: str) -> str:
        return f"{theme}. {titles[theme]}" if theme else _bucket_name(bucket)

    new = [n for n, (before, _a) in changes.themes.items() if before is None]
    arriving, moving = [], []
    sizes = dict.fromkeys(new, 0)
    for (before, after), ids in changes.places.items():
        if after.theme in sizes:
            sizes[after.theme] += len(ids)
        if before is None:
            arriving.append((after.theme, name(after.theme, after.bucket), len(ids)))
        else:
            moving.append(
                (
                    name(before.theme, before.bucket),
                    name(after.theme, after.bucket),
                    len(ids),
                )
            )
    changed = [(n, b, a) for n, (b, a) in changes.themes.items() if b is not None]
    return AdoptionPreview(
        run=run,
        event_number=events.next_number(round) - 1,
        new_themes=[(n, titles[n], sizes[n]) for n in sorted(new)],
        renamed=[(n, b["title"], a["title"]) for n, b, a in changed
                 if b["title"] != a["title"]],
        retired=[(n, b["title"], a["merged_into"]) for n, b, a in changed
                 if b["status"] != a["status"]],
        arriving=sorted(arriving),
        moving=sorted(moving, key=lambda row: -row[2]),
        kept=len(result.places) - changes.moved,
        total=len(result.places),
    )  # fmt: skip


def _bucket_name(bucket: str) -> str:
    field = ThemeAssignment._meta.get_field("bucket")
    return str(dict(field.flatchoices).get(bucket, bucket))


@transaction.atomic
def run_adopt(
    *,
    round: Any,
    run: ThemeRun,
    by: Any,
    now: dt.datetime,
    only_new: bool = False,
    after_event: int | None = None,
) -> ThemeEvent:
    """Take a complete run into the round's themes.

    ``after_event`` is the number of the last event that the official saw; if there is a
    later one, ConflictError: what was shown is no longer what would happen.
    """
    events.round_lock(round)
    run = ThemeRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not run.is_current or run.status != ThemeRun.Status.COMPLETE:
        raise ThemeError(
            _("มีผลวิเคราะห์ใหม่กว่านี้แล้ว เปิดหน้าเปรียบเทียบใหม่อีกครั้ง"), code="run_not_current"
        )
    if after_event is not None and after_event != events.next_number(round) - 1:
        raise ConflictError(
            _(
                "มีผู้แก้ไขประเด็นหลังจากคุณเปิดหน้านี้ ยังไม่มีอะไรเปลี่ยน "
                "ดูการเปลี่ยนแปลงล่าสุดด้านล่างแล้วยืนยันอีกครั้ง"
            ),
            code="conflict",
        )
    return adopt_locked(round, run, by=by, now=now, only_new=only_new)


def adopt_locked(
    round: Any, run: ThemeRun, *, by: Any, now: dt.datetime, only_new: bool
) -> ThemeEvent:
    """Do what ``run_adopt`` does, for callers that hold the round's lock."""
    result = store.result_of(store.output_of(run))
    changes = adoption(events.state_of(round), result, only_new=only_new)
    details = _details(run)
    event = events.changes_apply(
        round,
        events.ADOPTED,
        changes,
        by=by,
        now=now,
        run=run,
        details=details,
        data=_event_data(run, changes, only_new=only_new),
    )
    _refresh_details(round, details)
    return event


def _refresh_details(round: Any, details: dict[int, dict[str, Any]]) -> None:
    """Bring similarity, margin and groups of copies up to the run that was taken."""
    for chunk in _chunks(sorted(details)):
        rows = ThemeAssignment.objects.filter(round=round, comment_id__in=chunk).only(
            "similarity", "margin", "argument", "comment_id"
        )
        stale = []
        for row in rows:
            new = details[row.comment_id]
            if any(getattr(row, name) != value for name, value in new.items()):
                for name, value in new.items():
                    setattr(row, name, value)
                stale.append(row)
        ThemeAssignment.objects.bulk_update(
            stale, ["similarity", "margin", "argument"], batch_size=300
        )


def themes_ready(round: Any) -> bool:
    """Tell whether a run was taken whole, so that people may work on the themes."""
    return ThemeEvent.objects.filter(round=round, kind=events.ADOPTED).exists()
