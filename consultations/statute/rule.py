"""What a rule is, and what looking at one yields.

A rule has a level per moment.  What can still be put right blocks; what is past can
only be told: a notice that hung too short must not also keep the results from the
public, so at publication it is a line of the compliance table, not a wall.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consultations.statute.facts import Facts
from consultations.statute.profiles import Profile, Source


class Level(StrEnum):
    """What a broken rule does."""

    BLOCK = "block"
    WARN = "warn"
    REPORT = "report"


class Moment(StrEnum):
    """When rules are looked at."""

    ANNOUNCE = "announce"  # before a round is made public
    PUBLISH = "publish"  # before its report is published
    WATCH = "watch"  # any day after closing: overdue flags


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    #: nobody can say yet: the time it asks about is not over.
    NOT_YET = "not_yet"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found; the details are put behind the rule's message."""

    outcome: Outcome
    th: str = ""
    en: str = ""


Check = Callable[[Facts, Profile], Verdict]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it wants, in words, and the function that decides it.

    ``levels`` maps each moment at which the rule is looked at to what breaking it does.
    ``place`` names where an official puts it right: a desk ("themes", "answers",
    "report"), a page of the round ("consultation", "dates", "freeze") or the kind of
    row that settles it.  ``needs_dates``: nothing can be done before there are dates.
    """

    id: str
    number: int
    th: str
    en: str
    source: Source
    levels: Mapping[Moment, Level]
    check: Check
    profiles: frozenset[str] = field(default_factory=frozenset)
    place: str = "consultation"
    needs_dates: bool = False

    def applies_to(self, profile: str) -> bool:
        return not self.profiles or profile in self.profiles


@dataclass(frozen=True, slots=True)
class Assessment:
    """One rule applied to one round at one moment."""

    rule: Rule
    level: Level
    outcome: Outcome
    detail_th: str = ""
    detail_en: str = ""

    @property
    def message_th(self) -> str:
        """Say in Thai what holds, or what is wanted and does not hold yet."""
        return self._message("ยังไม่ผ่าน", self.rule.th, self.detail_th)

    @property
    def message_en(self) -> str:
        return self._message("Not met", self.rule.en, self.detail_en)

    def _message(self, failed: str, wanted: str, detail: str) -> str:
        start = f"{failed}: " if self.outcome is Outcome.FAILED else ""
        return f"{start}{wanted}" + (f" ({detail})" if detail else "")

    @property
    def blocks(self) -> bool:
        return self.level is Level.BLOCK and self.outcome is Outcome.FAILED


#: A finding is an assessment that failed.
Finding = Assessment
