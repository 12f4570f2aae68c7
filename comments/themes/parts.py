"""Which comments a split takes: by an official's rule, or as the machine proposes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from comments.finding import holds_words
from comments.models import Status, Theme, ThemeAssignment
from comments.nlp import parts as nlp_parts
from comments.themes.selectors import said_about

#: In how many parts a theme may be proposed to be cut.
COUNTS = (2, 3)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a proposal: its place from 1, its phrases, its comments (ids)."""

    number: int
    phrases: tuple[str, ...]
    comments: tuple[int, ...]


def parts_proposed(theme: Theme, count: int) -> list[Part]:
    """Return ``count`` parts of a theme, largest first; [] where it has no parts.

    Read are the published words; copies of one argument stay together, and comments
    without published words are in no part (they stay where they are).  The same
    members give the same parts, so what was shown is what is done.
    """
    if count not in COUNTS:
        return []
    rows = ThemeAssignment.objects.filter(theme=theme).order_by("comment_id")
    texts: dict[int, str] = {}
    members: dict[int, list[int]] = {}
    values = rows.values_list(
        "argument",
        "comment_id",
        "comment__status",
        "comment__public_text",
        "comment__public_suggestion",
    )
    for argument, pk, status, text, suggestion in values.iterator(chunk_size=2000):
        words = (text or suggestion).strip()
        if status == Status.PUBLISHED and words:
            texts.setdefault(argument or pk, words)
            members.setdefault(argument or pk, []).append(pk)
    arguments = sorted(texts)
    found = nlp_parts.parts_of([texts[argument] for argument in arguments], count)
    if found is None:
        return []
    comments: list[list[int]] = [[] for _ in range(count)]
    for argument, part in zip(arguments, found.part, strict=True):
        comments[part].extend(members[argument])
    return [
        Part(number, phrases, tuple(sorted(ids)))
        for number, (phrases, ids) in enumerate(
            zip(found.phrases, comments, strict=True), start=1
        )
    ]


def fingerprint(comments: Iterable[int]) -> str:
    """Return a mark of a set of comments: another set has another mark."""
    text = ",".join(str(pk) for pk in sorted(comments))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How a theme is cut in two: what the new theme takes.

    ``words`` comments whose published text holds them; ``stance`` those with it;
    ``section`` those about that provision (its id) or a clause below it; ``comments``
    those listed; ``part`` of ``parts`` a part that the machine proposes (from 1).
    Rules given together must all hold.
    """

    words: str = ""
    stance: str = ""
    section: int | None = None
    comments: tuple[int, ...] = ()
    part: int = 0
    parts: int = 0

    @property
    def empty(self) -> bool:
        one = self.words or self.stance or self.section or self.comments or self.part
        return not one


def split_rows(theme: Theme, rule: SplitRule) -> QuerySet[ThemeAssignment]:
    """Return the places that a split would move into the new theme."""
    rows = theme.assignments.all()
    if rule.empty:
        return rows.none()
    if rule.words:
        rows = rows.filter(holds_words(rule.words, "comment__"))
    if rule.stance:
        rows = rows.filter(comment__stance=rule.stance)
    if rule.section:
        rows = rows.filter(said_about(rule.section, "comment__"))
    if rule.comments:
        rows = rows.filter(comment_id__in=rule.comments)
    if rule.part:
        proposed = parts_proposed(theme, rule.parts)
        taken = {part.number: part.comments for part in proposed}.get(rule.part, ())
        rows = rows.filter(comment_id__in=taken)
    return rows
