"""The clauses of other laws that a version changes, and where they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from comments.models import Tally
from consultations.reading.selectors.names import called, lang_of
from consultations.reading.selectors.rounds import RoundHead
from drafts.law.redline import Span, redline
from drafts.models import Provision, ProvisionKind, TargetClause


@dataclass(frozen=True, slots=True)
class ClauseLink:
    """A clause that an amending section changes."""

    name: str
    called: str
    lang: str
    law: str
    url: str
    total: int


@dataclass(frozen=True, slots=True)
class Amends:
    """What the page of a section or of a clause says of the law that is changed.

    ``clauses`` and ``total`` (their comments) are a section's; the rest is a clause's.
    """

    clauses: tuple[ClauseLink, ...] = ()
    total: int = 0
    section: str = ""
    section_url: str = ""
    spans: tuple[Span, ...] = ()
    problem: str = ""  # Thai
    comparison_url: str = ""


def comparison_url(head: RoundHead, name: str = "comparison") -> str:
    """Return the address of the comparison (or ``consolidated``) of a version."""
    if head.is_current:
        return reverse(f"consultations:{name}", args=[head.slug])
    return reverse(
        f"consultations:{name}_version", args=[head.slug, head.version_number]
    )


def clauses_of(version_id: int) -> QuerySet[TargetClause]:
    """Return what a version changes, in the order of the bill."""
    return TargetClause.objects.filter(version_id=version_id).order_by(
        "provision__order"
    )


def is_amending(version_id: int) -> bool:
    """Tell whether a version changes other laws; one query."""
    return clauses_of(version_id).exists()


def new_words(target: TargetClause, text: str) -> str:
    """Return what the place would read; ``text`` is that of its provision."""
    if target.op == TargetClause.Op.REPEAL:
        return ""
    if target.op == TargetClause.Op.WORD and target.current_text:
        return target.current_text.replace(target.old_words, target.new_words)
    return text


def read_amends(head: RoundHead, row: Provision, *, changes: bool) -> Amends | None:
    """Say what a provision has to do with other laws; None: nothing.

    ``changes`` tells that ``row`` has clauses, which takes one query more.
    """
    if row.kind == ProvisionKind.TARGET_CLAUSE:
        target, section = row.target, row.parent
        before = target.current_text
        return Amends(
            section=called(section.kind, "", section.label, "", section.eid),
            section_url=f"{head.draft_url}{section.eid}/",
            spans=redline(before, new_words(target, row.text)) if before else (),
            problem=target.reason,
            comparison_url=f"{comparison_url(head)}?at={row.eid}#{row.eid}",
        )
    if not changes:
        return None
    tallies = Tally.objects.filter(round_id=head.id, provision=OuterRef("pk"))
    rows = (
        Provision.objects.filter(parent=row.pk, kind=ProvisionKind.TARGET_CLAUSE)
        .annotate(total=Subquery(tallies.values("total")[:1]))
        .order_by("order")
        .only("kind", "label", "heading", "eid")
    )
    links = tuple(
        ClauseLink(
            name=one.label,
            called=called(one.kind, "", one.label, one.heading, one.eid),
            lang=lang_of(one.kind, one.label),
            law=one.heading,
            url=f"{head.draft_url}{one.eid}/",
            total=one.total or 0,
        )
        for one in rows
    )
    first = links[0].url.removesuffix("/").rpartition("/")[2]
    return Amends(
        clauses=links,
        total=sum(link.total for link in links),
        comparison_url=f"{comparison_url(head)}?at={first}#{first}",
    )
