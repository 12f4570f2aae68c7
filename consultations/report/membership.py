"""Every comment of a round as the report counts it: four queries, whatever the size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count

from comments.models import (
    CandidateAssignment,
    Comment,
    LedgerEntry,
    Stance,
    Status,
    ThemeAssignment,
    ThemeEvent,
    ThemeRun,
)
from consultations.models import Round
from consultations.report.document import Member, Members
from consultations.report.numbering import theme_numbers

_COLUMNS = (
    "pk",
    "public_id",
    "submission_id",
    "status",
    "late",
    "duplicate_of_id",
    "provision__eid",
    "question__number",
    "stance",
    "stance_source",
    "submission__channel",
    "submission__capacity",
    "submission__identity",
    "submission__group",
    "submission__province",
    "hidden_ground",
    "redactions",
)


@dataclass(frozen=True, slots=True)
class Placed:
    """The members, and who put those that are counted where they stand."""

    members: Members
    by_machine: int
    by_people: int
    numbers: dict[int, int]  # approved theme -> its number in the report


def state_of(status: str, *, late: bool, duplicate: bool) -> str:
    """Return the one state in which a comment is counted.

    What a person or a moderator did weighs more than when it came.
    """
    if status == Status.WITHDRAWN:
        return "withdrawn"
    if status == Status.HIDDEN:
        return "hidden"
    if late:
        return "late"
    return "duplicate" if duplicate else "counted"


def members_of(round: Round) -> Placed:
    """Read all comments of a round, in the order in which they were received."""
    approved = theme_numbers(round)
    places = {
        comment: (approved.get(theme, 0), bucket, source)
        for comment, theme, bucket, source in ThemeAssignment.objects.filter(
            round=round
        ).values_list("comment_id", "theme_id", "bucket", "source")
    }
    copies = dict(
        CandidateAssignment.objects.filter(
            run__round=round, run__is_current=True, duplicates__isnull=False
        ).values_list("comment_id", "duplicates__number")
    )
    sources = {"machine": 0, "person": 0}
    members = Members(_members(round, places, copies, sources))
    return Placed(members, sources["machine"], sources["person"], approved)


def members_kept(round: Round) -> Placed:
    """Return what ``members_of`` would, read anew only where something changed.

    For pages that are looked at again and again; what is published is always read.
    """
    rows = Comment.objects.filter(round=round)
    states = rows.order_by().values_list("status", "late").annotate(n=Count("pk"))
    links = LedgerEntry.objects.filter(round=round).order_by("-number")
    acts = ThemeEvent.objects.filter(round=round).order_by("-number")
    runs = ThemeRun.objects.filter(round=round, is_current=True)
    return _kept(
        round.pk,
        (
            rows.order_by("-pk").values_list("pk", "public_id").first(),
            *sorted(states),
            links.values_list("hash", flat=True).first(),
            acts.values_list("pk", flat=True).first(),
            runs.values_list("pk", flat=True).first(),
            *theme_numbers(round).items(),
        ),
    )


@lru_cache(maxsize=4)
def _kept(round_id: int, _marks: tuple[object, ...]) -> Placed:
    return members_of(Round.objects.get(pk=round_id))


def _members(
    round: Round,
    places: Mapping[int, tuple[int, str, str]],
    copies: Mapping[int, int],
    sources: dict[str, int],
) -> Iterator[Member]:
    """Yield the comments in order of receipt; count who placed them in ``sources``."""
    seen: set[int] = set()
    for (
        pk,
        public_id,
        submission,
        status,
        late,
        duplicate_of,
        eid,
        question,
        stance,
        stance_source,
        channel,
        capacity,
        identity,
        group,
        province,
        ground,
        redactions,
    ) in (
        Comment.objects.filter(round=round)
        .order_by("pk")
        .values_list(*_COLUMNS)
        .iterator(chunk_size=2_000)
    ):
        state = state_of(status, late=late, duplicate=duplicate_of is not None)
        theme, bucket, source = places.get(pk, (0, "", ""))
        counted = state == "counted"
        # Numbers of groups start at 0 in a run; 0 means "no group" here.
        group_number = copies[pk] + 1 if pk in copies else 0
        first = counted and group_number not in seen
        if first and group_number:
            seen.add(group_number)
        if counted and source:
            sources[source] += 1
        yield Member(
            pk=pk,
            public_id=public_id,
            submission=submission,
            state=state,
            subject=_subject(eid, question),
            stance=stance,
            channel=channel,
            capacity=capacity,
            identity=identity,
            group=group,
            province=province,
            theme=theme,
            bucket="" if theme else bucket,
            copies=group_number,
            first=first,
            ground=ground if state == "hidden" else "",
            redacted=bool(redactions) and state not in {"hidden", "withdrawn"},
            said="none" if stance == Stance.NOT_STATED else stance_source,
        )


def _subject(eid: str | None, question: int | None) -> str:
    if eid is not None:
        return f"at-{eid}"
    return f"q-{question}" if question is not None else "whole"
