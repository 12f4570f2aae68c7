"""What a report counts for the rules of the law, and how its changes are noticed."""

from __future__ import annotations

from django.db.models import Count, Max, Sum

from comments.models import (
    Comment,
    CommentText,
    LedgerEntry,
    ModerationEvent,
    ThemeEvent,
)
from consultations import statute
from consultations.compliance import Counted
from consultations.models import Round, ThemeResponse
from consultations.report.document import Members
from consultations.report.document.members import facet
from consultations.report.membership import Placed

#: The breakdowns of the counted comments that must each add up to the whole.
DIMENSIONS = ("channel", "capacity", "group", "province", "identity", "stance", "who")


def totals_of(members: Members) -> statute.Totals:
    """Return where the comments stand, each breakdown counted on its own."""
    return statute.Totals(
        received=members.count("received"),
        counted=members.count("counted"),
        late=members.count("late"),
        hidden=members.count("hidden"),
        withdrawn=members.count("withdrawn"),
        duplicate=members.count("duplicate"),
        breakdowns=tuple(
            statute.Breakdown(
                name,
                sum(members.count(f"counted~{own}") for own in members.facets(name)),
            )
            for name in DIMENSIONS
        ),
    )


def counted_of(placed: Placed) -> Counted:
    """Return what the rules want counted, from the rows that the report counts."""
    members = placed.members
    return Counted(
        totals=totals_of(members),
        themes={
            pk: (number, members.count(f"counted~{facet('theme', number)}"))
            for pk, number in placed.numbers.items()
        },
        unplaced=members.count("counted~unplaced"),
        alone=members.count("counted~bucket-few")
        + members.count("counted~bucket-other"),
    )


def contents_marks(round: Round) -> tuple[object, ...]:
    """Return what tells that something a report is made of changed; seven queries.

    Comments are only added; every change of words adds a ``CommentText``, every act of
    a moderator a ``ModerationEvent``, each of these and every mark of a copy a link of
    the ledger, every change of themes a ``ThemeEvent``, and a saved or signed answer a
    revision.  Equal marks mean that nothing came or went.
    """
    rows = Comment.objects.filter(round=round)
    states = rows.order_by().values_list("status", "late").annotate(n=Count("pk"))
    own = {"comment__round": round}
    answers = ThemeResponse.objects.filter(theme__round=round)
    return (
        rows.aggregate(last=Max("pk"))["last"],
        *sorted(states),
        CommentText.objects.filter(**own).aggregate(last=Max("pk"))["last"],
        ModerationEvent.objects.filter(**own).aggregate(last=Max("pk"))["last"],
        LedgerEntry.objects.filter(round=round).aggregate(last=Max("number"))["last"],
        ThemeEvent.objects.filter(round=round).aggregate(last=Max("number"))["last"],
        tuple(answers.aggregate(n=Count("pk"), saved=Sum("revision")).values()),
    )
