"""Every comment of a round as the report counts it: four queries, whatever the size."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.functions import Coalesce, Length, NullIf

from comments.models import (
    CandidateAssignment,
    Comment,
    Stance,
    Status,
    ThemeAssignment,
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
    "length",
)


@dataclass(frozen=True, slots=True)
class Placed:
    """The members, and what is needed to choose quotations from them."""

    members: Members
    lengths: dict[int, int]  # of published texts; a suggestion's if that is all
    evidence: dict[int, list[int]]  # theme -> comments an official marked
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
        comment: (approved.get(theme, 0), bucket, evidence, source)
        for comment, theme, bucket, evidence, source in ThemeAssignment.objects.filter(
            round=round
        ).values_list("comment_id", "theme_id", "bucket", "evidence", "source")
    }
    copies = dict(
        CandidateAssignment.objects.filter(
            run__round=round, run__is_current=True, duplicates__isnull=False
        ).values_list("comment_id", "duplicates__number")
    )
    rows: list[Member] = []
    lengths: dict[int, int] = {}
    evidence: dict[int, list[int]] = {}
    seen: set[int] = set()
    sources = {"machine": 0, "person": 0}
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
        length,
    ) in (
        Comment.objects.filter(round=round)
        .annotate(
            length=Coalesce(
                NullIf(Length("public_text"), 0), Length("public_suggestion")
            )
        )
        .order_by("pk")
        .values_list(*_COLUMNS)
    ):
        state = state_of(status, late=late, duplicate=duplicate_of is not None)
        theme, bucket, marked, source = places.get(pk, (0, "", False, ""))
        counted = state == "counted"
        # Numbers of groups start at 0 in a run; 0 means "no group" here.
        group_number = copies[pk] + 1 if pk in copies else 0
        first = counted and group_number not in seen
        if first and group_number:
            seen.add(group_number)
        if counted and source:
            sources[source] += 1
        if status == Status.PUBLISHED and length:
            lengths[pk] = length
        if marked and theme:
            evidence.setdefault(theme, []).append(pk)
        rows.append(
            Member(
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
                redacted=bool(redactions),
                said="none" if stance == Stance.NOT_STATED else stance_source,
            )
        )
    return Placed(
        Members(rows),
        lengths,
        evidence,
        sources["machine"],
        sources["person"],
        approved,
    )


def _subject(eid: str | None, question: int | None) -> str:
    if eid is not None:
        return f"at-{eid}"
    return f"q-{question}" if question is not None else "whole"
