"""The append-only log of a round's themes: written with each change, played back.

Every service writes one event that holds the whole change (``state.Changes``), except
the adoption of a run, which names the run and is computed again from its kept output by
the same pure rule.  ``replay`` plays the log from nothing; ``state_of`` reads the rows;
the two are equal, or somebody changed rows behind the log's back.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import Theme, ThemeAssignment, ThemeEvent, ThemeRun
from comments.themes import store
from comments.themes.errors import ConflictError
from comments.themes.state import (
    APPROVED,
    EMPTY_THEME,
    PERSON,
    Changes,
    Place,
    State,
    adoption,
    themes_in,
)
from drafts import audit
from drafts.thai_dates import thai_datetime

ADOPTED = "run.adopted"
UNDONE = "undone"
#: Groups of ids are cut to this, well under the variables a statement may have.
CHUNK = 1000
#: How far back a conflict looks for whose work it is.
RECENT = 200

#: What each event is called where a colleague reads it.
VERBS = {
    "theme.renamed": gettext_lazy("แก้ชื่อหรือบันทึก"),
    "theme.merged": gettext_lazy("รวมประเด็น"),
    "theme.split": gettext_lazy("แยกประเด็น"),
    "theme.created": gettext_lazy("ตั้งประเด็นใหม่"),
    "theme.approved": gettext_lazy("รับรองประเด็น"),
    "theme.reopened": gettext_lazy("เปิดแก้ไขอีกครั้ง"),
    "theme.rejected": gettext_lazy("ไม่ใช้ประเด็น"),
    "comments.moved": gettext_lazy("ย้ายความเห็น"),
    "comments.confirmed": gettext_lazy("ยืนยันที่ระบบจัด"),
    "evidence.set": gettext_lazy("ทำเครื่องหมายหลักฐาน"),
    UNDONE: gettext_lazy("เลิกทำ"),
    ADOPTED: gettext_lazy("นำผลวิเคราะห์มาใช้"),
}


def round_lock(round: Any) -> None:
    """Let one change of a round's themes at a time through (inside a transaction)."""
    type(round).objects.select_for_update().only("pk").get(pk=round.pk)


def next_number(round: Any) -> int:
    events = ThemeEvent.objects.filter(round=round)
    return (events.aggregate(last=Max("number"))["last"] or 0) + 1


def fields_of(theme: Theme) -> dict[str, Any]:
    """Return the fields of a theme that events change."""
    return {
        "title": theme.title,
        "title_en": theme.title_en,
        "note": theme.note,
        "status": theme.status,
        "merged_into": theme.merged_into.number if theme.merged_into_id else None,
        "title_source": theme.title_source,
    }


def conflict(
    round: Any,
    *,
    theme: int | None = None,
    comment: int | None = None,
    comments: set[int] | None = None,
) -> ConflictError:
    """Return an error that says who changed a thing last, what and when."""
    wanted = comments or ({comment} if comment is not None else set())
    recent = ThemeEvent.objects.filter(round=round).select_related("actor")
    for event in recent.order_by("-number")[:RECENT]:
        touched = str(theme) in event.data.get("themes", {}) or any(
            wanted & set(row["comments"]) for row in event.data.get("places", [])
        )
        if touched or event.kind == ADOPTED:
            return ConflictError(
                _(
                    "%(who)s %(what)sไปก่อนแล้วเมื่อ %(when)s "
                    "ยังไม่มีอะไรถูกเขียนทับ สิ่งที่คุณกรอกยังอยู่ "
                    "ตรวจสภาพล่าสุดแล้วทำอีกครั้ง"
                )
                % {
                    "who": person_name(event.actor),
                    "what": f"{VERBS.get(event.kind, event.kind)}{_titles(event)}",
                    "when": thai_datetime(event.created_at),
                },
                code="conflict",
            )
    return ConflictError(
        _("ข้อมูลเปลี่ยนไปตั้งแต่คุณเปิดหน้านี้ สิ่งที่คุณกรอกยังอยู่ ตรวจแล้วทำอีกครั้ง"),
        code="conflict",
    )


def _titles(event: ThemeEvent) -> str:
    """Return the titles that an event gave, in quotation marks: what now stands."""
    pairs = event.data.get("themes", {}).values()
    given = [
        pair[1]["title"]
        for pair in pairs
        if pair and pair[1] and (not pair[0] or pair[0]["title"] != pair[1]["title"])
    ]
    return "".join(f" “{title}” " for title in given)


def person_name(user: Any) -> str:
    """Return how colleagues call somebody; the system where it was nobody."""
    if user is None:
        return _("ระบบ")
    return user.get_full_name() or user.get_username()


def changes_apply(
    round: Any,
    kind: str,
    changes: Changes,
    *,
    by: Any,
    now: dt.datetime,
    run: ThemeRun | None = None,
    details: dict[int, dict[str, Any]] | None = None,
    data: dict[str, Any] | None = None,
) -> ThemeEvent:
    """Make changes in the rows and write them down; call under ``round_lock``.

    Raises ConflictError (and the transaction must end) when a row does not stand where
    ``changes`` says it stood.  ``details`` are extra fields of places made by a run.
    ``data`` replaces the changes in the event (adoption alone).
    """
    numbers = set(changes.themes) | themes_in(changes.places)
    themes = {
        theme.number: theme
        for theme in Theme.objects.filter(round=round, number__in=numbers)
        .select_related("merged_into")
        .select_for_update(of=("self",))
    }
    _themes_write(round, changes, themes, by=by, now=now)
    _places_write(round, changes, themes, by=by, now=now, run=run, details=details)
    for comment, before, after in changes.evidence:
        rows = ThemeAssignment.objects.filter(comment_id=comment, evidence=before)
        if rows.update(evidence=after) != 1:
            raise conflict(round, comment=comment)
    event = ThemeEvent.objects.create(
        round=round,
        number=next_number(round),
        kind=kind,
        data=changes.as_json() if data is None else data,
        actor=by,
        created_at=now,
    )
    audit.record(round, kind, by=by, event=event.number, themes=sorted(changes.themes))
    return event


def _themes_write(
    round: Any,
    changes: Changes,
    themes: dict[int, Theme],
    *,
    by: Any,
    now: dt.datetime,
) -> None:
    made = [n for n, (before, _after) in changes.themes.items() if before is None]
    if made:
        Theme.objects.bulk_create(
            Theme(
                round=round,
                number=number,
                created_by=by if after["title_source"] == PERSON else None,
                **{**after, "merged_into": None},
            )
            for number in sorted(made)
            for after in [changes.themes[number][1]]
        )
        rows = Theme.objects.filter(round=round, number__in=made)
        themes.update({theme.number: theme for theme in rows})
    heirs = {after["merged_into"] for _b, after in changes.themes.values()} - {None}
    others = Theme.objects.filter(round=round, number__in=heirs - set(themes))
    known = {**themes, **{theme.number: theme for theme in others}}
    for number, (before, after) in changes.themes.items():
        if before is None:
            continue
        theme = themes[number]
        if fields_of(theme) != {**EMPTY_THEME, **before}:
            raise conflict(round, theme=number)
        heir = known[after["merged_into"]] if after["merged_into"] else None
        for name, value in after.items():
            setattr(theme, name, heir if name == "merged_into" else value)
        if (before["status"] == APPROVED) != (after["status"] == APPROVED):
            approved = after["status"] == APPROVED
            theme.approved_by = by if approved else None
            theme.approved_at = now if approved else None
        theme.revision += 1
        theme.save()


def _places_write(
    round: Any,
    changes: Changes,
    themes: dict[int, Theme],
    *,
    by: Any,
    now: dt.datetime,
    run: ThemeRun | None,
    details: dict[int, dict[str, Any]] | None,
) -> None:
    details = details or {}
    for (before, after), ids in changes.places.items():
        target = {
            "theme": themes[after.theme] if after.theme else None,
            "bucket": after.bucket,
            "source": after.source,
            "assigned_by": by if after.source == PERSON else None,
            "assigned_at": now,
            **({"run": run} if run else {}),
        }
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            if before is None:
                ThemeAssignment.objects.bulk_create(
                    ThemeAssignment(
                        round=round,
                        comment_id=pk,
                        **{"argument": pk, **target, **details.get(pk, {})},
                    )
                    for pk in chunk
                )
                continue
            rows = ThemeAssignment.objects.filter(
                round=round,
                comment_id__in=chunk,
                theme=themes[before.theme] if before.theme else None,
                bucket=before.bucket,
                source=before.source,
            )
            if rows.update(**target) != len(chunk):
                raise conflict(round, comments=set(chunk))


def state_of(round: Any) -> State:
    """Read the state of a round's themes and places from the rows."""
    themes = Theme.objects.filter(round=round).select_related("merged_into")
    state = State(themes={theme.number: fields_of(theme) for theme in themes})
    rows = ThemeAssignment.objects.filter(round=round).values_list(
        "comment_id", F("theme__number"), "bucket", "source", "evidence"
    )
    for comment, theme, bucket, source, evidence in rows.iterator(chunk_size=5000):
        state.places[comment] = Place(theme or 0, bucket, source)
        if evidence:
            state.evidence.add(comment)
    return state


def replay(round: Any) -> State:
    """Play the log of a round from nothing and return where it leads.

    Raises ThemeError if the kept output of an adopted run was altered.
    """
    state = State()
    events = ThemeEvent.objects.filter(round=round).order_by("number")
    for event in events.iterator(chunk_size=200):
        if event.kind == ADOPTED:
            run = ThemeRun.objects.get(pk=event.data["run"])
            result = store.result_of(store.output_of(run))
            changes = adoption(state, result, only_new=event.data["only_new"])
        else:
            changes = Changes.from_json(event.data)
        state.apply(changes)
    return state
