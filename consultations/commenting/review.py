"""The page on which a person reads everything once more and sends it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField

from comments.errors import CommentError
from comments.models import PreparedComment, PreparedResponse, Publication, Stance
from comments.preparing import AnotherTab, Said, seen_of
from consultations.commenting import subjects
from consultations.commenting.forms import (
    OFFERED,
    AboutForm,
    field_of,
    problem_of,
    said_from,
)
from consultations.commenting.subjects import Spoken
from consultations.models import Round
from consultations.reading.selectors.rounds import RoundHead
from drafts.law.redline import Span, redline


@dataclass(slots=True)
class Asked:
    """A question, or the whole draft, with what was answered so far."""

    spoken: Spoken
    stance: str = ""
    text: str = ""
    problem: CommentError | None = None
    seen: str = ""

    @property
    def kept(self) -> Said | None:
        """What another tab kept of the same subject, to be shown beside this."""
        return getattr(self.problem, "kept", None)

    @property
    def field(self) -> str:
        return field_of(self.problem, self.spoken.code) if self.problem else ""

    @property
    def is_answered(self) -> bool:
        return bool(self.stance or self.text.strip())


@dataclass(frozen=True, slots=True)
class Spoke:
    """One thing said about one provision."""

    spoken: Spoken
    stance: str
    stance_label: str
    text: str
    suggestion: str
    changes: tuple[Span, ...]


@dataclass(slots=True)
class Review:
    head: RoundHead
    round: Round
    token: uuid.UUID
    prepared: PreparedResponse | None
    asked: list[Asked]
    spoke: list[Spoke]
    about: AboutForm
    problems: list[tuple[str, str]] = field(default_factory=list)  # (field id, words)

    stances = tuple(OFFERED)
    publications = tuple(Publication.choices)

    @property
    def publication(self) -> str:
        return self.about["publication"].value()

    @property
    def group_field(self) -> BoundField | None:
        return self.about["group"] if "group" in self.about.fields else None

    @property
    def is_empty(self) -> bool:
        return not self.spoke and not any(one.is_answered for one in self.asked)

    @property
    def answers(self) -> list[Said]:
        """What was answered in this form, ready to be sent."""
        return [
            Said(one.spoken.subject, one.stance, one.text, seen=one.seen)
            for one in self.asked
            if one.is_answered
        ]

    def refuse(self, error: CommentError) -> None:
        """Say what stands against sending, at the answer that it is about."""
        where = "said"
        if isinstance(error, AnotherTab):
            code = error.kept.subject.code
            one = next(one for one in self.asked if one.spoken.code == code)
            one.problem, one.seen = error, seen_of(error.kept)
            where = one.field
        self.problems.append((where, error.message))

    @property
    def all_text(self) -> str:
        """Everything said, to be shown back where it cannot be received."""
        parts = []
        for one in [*self.asked, *self.spoke]:
            words = "\n".join(
                part for part in (one.text, getattr(one, "suggestion", "")) if part
            )
            if words.strip() or one.stance:
                stance = str(dict(Stance.choices).get(one.stance, ""))
                parts.append(f"{one.spoken.name} – {stance}\n{words}".strip())
        return "\n\n".join(parts)


def read_review(
    head: RoundHead,
    round_: Round,
    *,
    prepared: PreparedResponse | None,
    token: uuid.UUID,
    posted: Mapping[str, Any] | None = None,
    only_posted: bool = False,
) -> Review:
    """Read everything said so far, in the draft's order; four queries.

    ``posted`` stands in place of what was kept for the questions, the whole draft and
    "about me"; ``only_posted`` leaves out what was kept, enough for sending.
    """
    rows: dict[str, PreparedComment] = {}
    if prepared is not None and not only_posted:
        kept = PreparedComment.objects.filter(response=prepared).select_related(
            "provision"
        )
        rows = {row.subject: row for row in kept}
    questions = [
        subjects.of_question(head.slug, question) for question in round_.questions.all()
    ]
    asked = []
    for spoken in [*questions, subjects.of_whole(head.slug)]:
        row, prefix = rows.get(spoken.code), f"{spoken.code}-"
        if posted is not None and {f"{prefix}text", f"{prefix}stance"} & set(posted):
            said = said_from(posted, spoken.subject, prefix=prefix)
            asked.append(Asked(spoken, said.stance, said.text, seen=said.seen or ""))
        elif row is not None:
            asked.append(Asked(spoken, row.stance, row.text, seen=seen_of(row)))
        else:
            asked.append(Asked(spoken))
    labels = dict(Stance.choices)
    spoke = [
        Spoke(
            spoken,
            row.stance,
            str(labels.get(row.stance, "")),
            row.text,
            row.suggestion,
            redline(spoken.original, row.suggestion) if row.suggestion else (),
        )
        for row, spoken in sorted(
            (
                (row, subjects.of_provision(head.slug, row.provision))
                for row in rows.values()
                if row.provision_id
            ),
            key=lambda pair: pair[1].order,
        )
    ]
    groups = round_.consultation.affected_groups
    if posted is not None:
        about = AboutForm(posted, groups=groups)
    else:
        about = AboutForm(initial=prepared.about if prepared else {}, groups=groups)
    return Review(head, round_, token, prepared, asked, spoke, about)


def check(review: Review) -> bool:
    """Find what must be put right before sending; fill ``problems``, in page order."""
    for one in review.asked:
        if one.is_answered:
            one.problem = problem_of(Said(one.spoken.subject, one.stance, one.text))
            if one.problem:
                where = f"{one.spoken.name}: {one.problem.message}"
                review.problems.append((one.field, where))
    for name, errors in review.about.errors.items():
        label = review.about.fields[name].label if name in review.about.fields else ""
        review.problems += [(f"id_{name}", f"{label}: {error}") for error in errors]
    return not review.problems
