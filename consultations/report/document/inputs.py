"""What the collector hands to the builder: one consistent view of a round."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from consultations.report.document.members import Members
from consultations.statute import Assessment, MethodFact, Profile


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a published text with the hash of the whole of it.

    ``of``: "text", or "suggestion" where they are wording proposed for the draft.
    """

    public_id: str
    stance: str
    text: str
    start: int
    end: int
    sha256: str
    whole: bool
    of: str = "text"


@dataclass(frozen=True, slots=True)
class ThemeIn:
    """An approved theme and the answer to it; ``number`` is the report's own."""

    id: int
    number: int
    title: str
    title_en: str
    note: str
    reply: str
    decision: str
    reason: str
    provision: str  # label of the provision that changes
    before: str
    after: str
    signed_by: str
    signed_on: dt.date | None
    signed_by_writer: bool = False  # allowed in an office of two only
    quotes: tuple[Span, ...] = ()
    subjects: tuple[str, ...] = ()  # labels of the provisions talked about


@dataclass(frozen=True, slots=True)
class PointIn:
    """A point raised by few: one comment, listed on its own."""

    public_id: str
    subject: str
    stance: str
    text: str  # "" where its text is not published
    copies: int
    of: str = "text"


@dataclass(frozen=True, slots=True)
class QuestionIn:
    number: int
    text: str
    text_en: str
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProvisionIn:
    eid: str
    label: str
    heading: str
    name: str = ""  # where it stands alone: a clause with its law and its section
    is_clause: bool = False  # of another law, below the section before it


@dataclass(frozen=True, slots=True)
class RoundIn:
    number: int
    version: int
    announced_on: dt.date | None
    opens_on: dt.date | None
    closes_on: dt.date | None
    completed_on: dt.date | None
    comments: int
    current: bool


@dataclass(frozen=True, slots=True)
class SessionIn:
    held_on: dt.date
    time: str
    place: str
    host: str
    method: str
    heads: tuple[tuple[str, int], ...]
    minutes: str


@dataclass(frozen=True, slots=True)
class PostingIn:
    subject: str
    channel: str
    posted_on: dt.date
    evidence: str


@dataclass(frozen=True, slots=True)
class DocumentIn:
    kind: str
    title: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CommentIn:
    """One comment as published, for the appendix of all comments."""

    public_id: str
    state: str
    subject: str
    stance: str
    name: str
    text: str
    suggestion: str
    ground: str
    received_on: dt.date
    status: str


@dataclass(frozen=True, slots=True)
class RunIn:
    """How the machine grouped the comments, and how well, as far as it is known."""

    encoder: str
    seed: int
    input_sha256: str
    output_sha256: str
    parameters: tuple[tuple[str, str], ...]
    metrics: tuple[tuple[str, str], ...]
    moved_by_people: int
    placed_by_machine: int


@dataclass(frozen=True, slots=True)
class PairIn:
    """How far two codings agree; the coefficients are printed with their intervals."""

    who: str
    same: int
    of: int
    interval: str
    kappa: str
    ac1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditIn:
    """A blind audit; figures only where ``finished_on`` says that both people are done.

    ``wrong`` of ``agreed``: the comments on which both people agree and the machine
    does not.  ``confusion``: what people said, what the machine said, how often.
    """

    number: int
    drawn_on: dt.date
    reason: str  # why it was drawn although there was one before
    finished_on: dt.date | None = None
    seed: int = 0
    population: int = 0
    drawn: int = 0
    coded: int = 0
    left_out: int = 0
    wrong: int = 0
    agreed: int = 0
    wrong_interval: str = ""
    pairs: tuple[PairIn, ...] = ()
    confusion: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    title: str
    title_en: str
    slug: str
    agency: str
    ministry: str
    profile: Profile
    number: int
    round_number: int
    taken_at: dt.datetime  # when the snapshot was taken, Asia/Bangkok
    taken_on: dt.date
    draft_title: str
    draft_version: int
    draft_sha256: str
    information: tuple[tuple[str, str], ...]
    waiver: str
    affected_groups: tuple[str, ...]
    contact: str
    summary: str
    summary_en: str
    next_steps: str
    limitations: str
    harms: str
    signer_name: str
    signer_position: str
    members: Members
    former: Members | None  # those of the last report of the round, if there is one
    smallest: tuple[tuple[str, int], ...]  # kind of people -> least number told
    rounds: tuple[RoundIn, ...]
    methods: tuple[MethodFact, ...]
    extensions: tuple[tuple[dt.date, dt.date, dt.date, str], ...]
    sessions: tuple[SessionIn, ...]
    postings: tuple[PostingIn, ...]
    documents: tuple[DocumentIn, ...]
    told: tuple[tuple[str, str, dt.date], ...]
    milestones: tuple[tuple[str, dt.date | None, dt.date | None], ...]
    questions: tuple[QuestionIn, ...]
    provisions: tuple[ProvisionIn, ...]
    themes: tuple[ThemeIn, ...]
    points: tuple[PointIn, ...]
    comments: tuple[CommentIn, ...]
    comments_left_out: int  # comments that the appendix only counts
    run: RunIn | None
    audits: tuple[AuditIn, ...]  # the one that counts first
    compliance: tuple[Assessment, ...]
    due_on: dt.date | None
    labels: tuple[tuple[str, str], ...]  # code -> Thai of stances, channels, …

    @property
    def label(self) -> dict[str, str]:
        return dict(self.labels)
