"""What the rules look at: plain data, filled from the database by the collector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PostingFact:
    """A notice or a report that hung on one channel from a day on."""

    channel: str
    posted_on: dt.date
    evidence: bool
    taken_down_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class MethodFact:
    """A method of hearing by its code of ข้อ 9, with what shows that it was used.

    ``held`` the days of its meetings, ``channels`` those by which comments came, and
    ``opened`` the first and last day on which this website took comments.
    """

    code: str
    detail: str = ""
    held: tuple[dt.date, ...] = ()
    channels: tuple[str, ...] = ()
    opened: tuple[dt.date, dt.date] | None = None

    @property
    def done(self) -> bool:
        """Tell whether there is evidence; a method merely planned has none."""
        return bool(self.held or self.channels or self.opened)


@dataclass(frozen=True, slots=True)
class SessionFact:
    """One meeting: what the report must be able to say about it."""

    held_on: dt.date
    place: str
    time: str = ""
    host: str = ""
    heads: int = 0
    minutes: bool = False


@dataclass(frozen=True, slots=True)
class ThemeFact:
    """One approved theme and the answer to it."""

    number: int
    title: str
    comments: int
    reply: str = ""
    decision: str = ""
    reason: str = ""
    signed: bool = False
    change_named: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The counted comments by one dimension, to be reconciled with the total."""

    dimension: str
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Where every comment that was received stands; each comment stands once."""

    received: int = 0
    counted: int = 0
    late: int = 0
    hidden: int = 0
    withdrawn: int = 0
    duplicate: int = 0
    breakdowns: tuple[Breakdown, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFact:
    """What people wrote into the report, and when it was published."""

    summary: str = ""
    next_steps: str = ""
    limitations: str = ""
    harms: str = ""
    signer_name: str = ""
    signer_position: str = ""
    published_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One round of one consultation as the rules see it.

    Only ``profile`` and ``today`` are needed: what is left out counts as absent.
    """

    profile: str
    today: dt.date
    information: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    affected_groups: int = 0
    announced_on: dt.date | None = None
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None
    #: the day an official recorded, with a reason; ``completed_on`` is what counts.
    recorded_completion: dt.date | None = None
    waiver: str = ""
    notice_postings: tuple[PostingFact, ...] = ()
    report_postings: tuple[PostingFact, ...] = ()
    methods: tuple[MethodFact, ...] = ()
    sessions: tuple[SessionFact, ...] = ()
    questions: int = 0
    #: rows of the frozen draft by kind; only "section" and "clause" are มาตรา and ข้อ.
    provisions: Mapping[str, int] = field(default_factory=dict)
    version_sha256: str = ""
    #: terms found in the draft (terms.py): permit, committee, criminal, discretion.
    draft_terms: frozenset[str] = frozenset()
    amending: bool = False
    documents: frozenset[str] = frozenset()
    stakeholders_told: int = 0
    milestones: int = 0
    themes: tuple[ThemeFact, ...] = ()
    #: comments that a theme or a bucket should hold and none does.
    unplaced: int = 0
    #: themes of the machine that nobody has approved or rejected.
    unreviewed_themes: int = 0
    #: comments with reasons that stand in no theme and so have no answer of their own.
    alone: int = 0
    totals: Totals = field(default_factory=Totals)
    report: ReportFact | None = None

    @property
    def methods_that_count(self) -> tuple[MethodFact, ...]:
        """Return the methods planned, and once the window is over those used."""
        over = self.closes_on is not None and self.closes_on < self.today
        return tuple(m for m in self.methods if m.done or not over)

    @property
    def held(self) -> tuple[SessionFact, ...]:
        """Return the meetings that have taken place; one to come proves nothing."""
        return tuple(s for s in self.sessions if s.held_on <= self.today)

    @property
    def completed_on(self) -> dt.date | None:
        """Return the day the hearing was, or as things stand will be, completed.

        As recorded; else its last act: the later of the last day of the window and the
        last meeting held.
        """
        acts = [s.held_on for s in self.held]
        acts += [self.closes_on] if self.closes_on else []
        return self.recorded_completion or max(acts, default=None)
