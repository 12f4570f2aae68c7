"""Counts kept beside the comments, so that no page ever counts them.

A comment is in exactly one of ``total`` (and its stance), ``late`` and ``withdrawn``;
``hidden`` says how many of ``total`` are hidden.  So received = total + late +
withdrawn.  ``submissions`` counts the on-time submissions that spoke on the subject.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import connection, transaction

from comments import ledger
from comments.models import Comment, Stance, Status, Tally

ROUND = "round"
STANCES = tuple(Stance.values)
COLUMNS = (*STANCES, "total", "submissions", "late", "hidden", "withdrawn")

Change = dict[str, Counter[str]]  # subject -> column -> how many more (or fewer)


def subject_of(comment: Comment) -> str:
    """Return the code of what a comment is about: "p12", "q3" or "whole"."""
    if comment.provision_id:
        return f"p{comment.provision_id}"
    return f"q{comment.question_id}" if comment.question_id else "whole"


def columns_of(*, stance: str, status: str, late: bool) -> list[str]:
    """Return the columns in which one comment is counted."""
    if status == Status.WITHDRAWN:
        return ["withdrawn"]
    if late:
        return ["late"]
    return [stance, "total", *(["hidden"] if status == Status.HIDDEN else [])]


def received(comments: Iterable[Comment], *, late: bool) -> Change:
    """Return what one submission's comments add to the counts."""
    change: Change = defaultdict(Counter)
    for comment in comments:
        columns = columns_of(
            stance=comment.stance, status=comment.status, late=comment.late
        )
        for subject in (subject_of(comment), ROUND):
            change[subject].update(columns)
            if not late:
                change[subject]["submissions"] = 1
    return change


def changed(comment: Comment, before: str) -> Change:
    """Return what a comment's new status changes; ``before`` is the old one."""
    counts: Counter[str] = Counter(
        columns_of(stance=comment.stance, status=comment.status, late=comment.late)
    )
    counts.subtract(columns_of(stance=comment.stance, status=before, late=comment.late))
    return {subject_of(comment): counts, ROUND: Counter(counts)}


def apply(round_id: int, change: Change) -> None:
    """Add a change to the tallies: one query, two more for subjects seen first.

    Call it inside a transaction, after ``ledger.round_lock``.
    """
    change = {s: c for s, c in change.items() if any(c.values())}
    if not change:
        return
    if _add(round_id, change) < len(change):
        rows = Tally.objects.filter(round_id=round_id, subject__in=change)
        known = set(rows.values_list("subject", flat=True))
        Tally.objects.bulk_create(
            _row(round_id, subject, counts)
            for subject, counts in change.items()
            if subject not in known
        )


def prepare(round_id: int, subjects: Iterable[str]) -> None:
    """Make empty tallies of everything that can be spoken about; known ones stay.

    A round that is announced has its tallies, so that sending need not make any.
    """
    Tally.objects.bulk_create(
        (_row(round_id, subject, Counter()) for subject in (ROUND, *subjects)),
        batch_size=50,
        ignore_conflicts=True,
    )


def _add(round_id: int, change: Change) -> int:
    """Add to the rows that are there, in one statement; return how many were.

    Written as SQL: the same expression built by the ORM takes longer than all else in
    a submission together.
    """
    sets, values = [], []
    for name in COLUMNS:
        cases = [(s, counts[name]) for s, counts in change.items() if counts[name]]
        if cases:
            whens = " ".join(["WHEN %s THEN %s"] * len(cases))
            sets.append(f'"{name}" = "{name}" + CASE subject {whens} ELSE 0 END')
            values += [value for case in cases for value in case]
    marks = ", ".join(["%s"] * len(change))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Tally._meta.db_table} SET {', '.join(sets)} "  # noqa: S608
            f"WHERE round_id = %s AND subject IN ({marks})",
            [*values, round_id, *change],
        )
        return cursor.rowcount


def _row(round_id: int, subject: str, counts: Counter[str]) -> Tally:
    kind, pk = subject[0], subject[1:]
    return Tally(
        round_id=round_id,
        subject=subject,
        provision_id=int(pk) if kind == "p" else None,
        question_id=int(pk) if kind == "q" else None,
        whole_draft=subject == "whole",
        **{name: counts[name] for name in COLUMNS},
    )


def counted(round_id: int) -> dict[str, Counter[str]]:
    """Count a round's comments anew, from the comments themselves."""
    found: Change = defaultdict(Counter)
    spoke: dict[str, set[int]] = defaultdict(set)
    rows = Comment.objects.filter(round_id=round_id).values_list(
        "submission_id",
        "submission__late",
        "provision_id",
        "question_id",
        "stance",
        "status",
        "late",
    )
    for (
        submission,
        late_whole,
        provision,
        question,
        stance,
        status,
        late,
    ) in rows.iterator():
        subject = (
            f"p{provision}" if provision else f"q{question}" if question else "whole"
        )
        columns = columns_of(stance=stance, status=status, late=late)
        found[subject].update(columns)
        found[ROUND].update(columns)
        if not late_whole:
            spoke[subject].add(submission)
            spoke[ROUND].add(submission)
    for subject, submissions in spoke.items():
        found[subject]["submissions"] = len(submissions)
    return found


def check(round_id: int) -> list[str]:
    """Compare the kept counts with the comments; return what differs, none if all is
    right."""
    truth = counted(round_id)
    kept = {tally.subject: tally for tally in Tally.objects.filter(round_id=round_id)}
    wrong = []
    for subject in sorted({*truth, *kept}):
        for name in COLUMNS:
            has = getattr(kept[subject], name) if subject in kept else 0
            if has != truth[subject][name]:
                wrong.append(
                    f"{subject}.{name}: {has} kept, {truth[subject][name]} counted"
                )
    return wrong


@transaction.atomic
def rebuild(round_id: int) -> None:
    """Make a round's tallies anew (after an import, or when ``check`` complains)."""
    ledger.round_lock(round_id)
    Tally.objects.filter(round_id=round_id).delete()
    Tally.objects.bulk_create(
        _row(round_id, subject, counts) for subject, counts in counted(round_id).items()
    )
