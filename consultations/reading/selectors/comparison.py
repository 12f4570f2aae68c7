"""What an amending bill changes, clause by clause: words in force, new words, reason.

Everything was frozen with the version (``TargetClause``): the words in force are those
that stood in the act on that day, whatever is imported later.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min

from comments.models import Tally
from consultations.reading.selectors.clauses import (
    clauses_of,
    comparison_url,
    new_words,
)
from consultations.reading.selectors.names import called, lang_of
from consultations.reading.selectors.overview import counts_of
from consultations.reading.selectors.rounds import NO_COUNTS, Counts, RoundHead
from consultations.reading.selectors.said import Said, said
from drafts.law.numerals import LABEL_PATTERN, number_of
from drafts.law.redline import Span, redline
from drafts.models import Provision, ProvisionKind, ProvisionNote, TargetClause

#: Clauses on one page.
PAGE_SIZE = 25
_NUMBER = re.compile(rf"(?:มาตรา|ข้อ)\s*{LABEL_PATTERN}")
_IN_BRACKETS = re.compile(r"\(([^()]*(?:มาตรา|ข้อ)[^()]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class LawOfBill:
    """A law that a bill changes; without ``act_id`` it is not in the system."""

    title: str
    operations: int
    act_id: int | None
    as_of: dt.date | None
    source: str
    #: Operations whose place was not found in the act.
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One row of the table.  ``before`` and ``after`` are the redline's two sides."""

    id: int
    eid: str
    name: str
    called: str
    lang: str
    url: str
    op: str
    op_name: str
    law: str
    section: str  # the amending section, in the page's language
    section_url: str
    has_act: bool
    current: str
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    problem: str  # Thai; why it cannot be applied to the act
    reason: Said
    is_from_memorandum: bool
    counts: Counts


@dataclass(frozen=True, slots=True)
class ComparisonView:
    laws: tuple[LawOfBill, ...]
    page: Page
    rows: tuple[ClauseView, ...]
    memorandum_url: str  # "" where the draft has none
    whole_reason: Said  # of the whole bill, from its memorandum
    consolidated_url: str  # "" where no act is in the system


def laws_of(version_id: int) -> tuple[LawOfBill, ...]:
    """Return the laws that a version changes, in the order of the bill; one query."""
    rows = (
        TargetClause.objects.filter(version_id=version_id)
        .values("target_law", "act", "act__as_of", "act__source_note", "applied")
        .annotate(count=Count("pk"), first=Min("provision__order"))
        .order_by("first")
    )
    found: dict[tuple[str, int | None], LawOfBill] = {}
    for row in rows:
        key = (row["target_law"], row["act"])
        known = found.get(key)
        wrong = row["count"] if row["act"] and not row["applied"] else 0
        found[key] = LawOfBill(
            row["target_law"],
            row["count"] + (known.operations if known else 0),
            row["act"],
            row["act__as_of"],
            row["act__source_note"] or "",
            wrong + (known.unplaced if known else 0),
        )
    return tuple(found.values())


def read_comparison(
    head: RoundHead, *, page: str | int = 1, at: str = ""
) -> ComparisonView:
    """Read one page of the comparison; six queries, one more with ``at``.

    ``at`` is the eId of a clause: the page that it stands on is read.
    """
    laws = laws_of(head.version_id)
    rows = clauses_of(head.version_id).select_related("provision__parent")
    if at:
        own = Provision.objects.filter(version_id=head.version_id, eid=at)
        before = rows.filter(provision__order__lt=own.values("order")[:1]).count()
        page = before // PAGE_SIZE + 1
    here = Paginator(rows, PAGE_SIZE).get_page(page)
    targets = list(here.object_list)
    notes = _notes(targets)
    memorandum = (
        Provision.objects.filter(
            version_id=head.version_id, kind=ProvisionKind.PART, subkind="memorandum"
        )
        .only("eid", "text")
        .first()
    )
    from_memorandum = memorandum_reasons(memorandum.text) if memorandum else {}
    tallies = {
        tally.provision_id: counts_of(tally)
        for tally in Tally.objects.filter(
            round_id=head.id, provision__in=[one.provision_id for one in targets]
        )
    }
    return ComparisonView(
        laws=laws,
        page=here,
        rows=tuple(
            _clause(one, head.draft_url, notes, from_memorandum, tallies)
            for one in targets
        ),
        whole_reason=said(whole_reason(memorandum.text) if memorandum else ""),
        memorandum_url=f"{head.draft_url}{memorandum.eid}/" if memorandum else "",
        consolidated_url=(
            comparison_url(head, "consolidated")
            if any(law.act_id for law in laws)
            else ""
        ),
    )


def _notes(targets: Sequence[TargetClause]) -> dict[int, Said]:
    """Read the newest plain note of each clause and amending section; one query."""
    ids = {pk for one in targets for pk in (one.provision_id, one.provision.parent_id)}
    rows = ProvisionNote.objects.filter(
        provision__in=ids, kind=ProvisionNote.Kind.PLAIN
    ).order_by("number")
    return {row.provision_id: said(row.text, row.text_en) for row in rows}


def whole_reason(text: str) -> str:
    """Return what a memorandum has below its heading เหตุผล, "" without the heading."""
    lines = [line.strip() for line in text.split("\n")]
    if "เหตุผล" not in lines:
        return ""
    return "\n".join(filter(None, lines[lines.index("เหตุผล") + 1 :]))


def memorandum_reasons(text: str) -> dict[tuple[int, ...], str]:
    """Return the lines of a memorandum that say which section they are about.

    As the drafting manual has it: “(๑) ลดเวลา… (แก้ไขเพิ่มเติมมาตรา ๕)”.
    """
    found: dict[tuple[int, ...], str] = {}
    for line in text.split("\n"):
        named = _IN_BRACKETS.search(line.strip())
        for number in _NUMBER.finditer(named[1]) if named else ():
            found.setdefault(tuple(number_of(*number.groups())), line.strip())
    return found


def _clause(
    target: TargetClause,
    base: str,
    notes: dict[int, Said],
    from_memorandum: dict[tuple[int, ...], str],
    tallies: dict[int, Counts],
) -> ClauseView:
    row = target.provision
    section = row.parent
    facts = (row.kind, row.subkind, row.label, row.heading, row.eid)
    reason = notes.get(row.pk) or notes.get(section.pk) or Said("")
    line = ""
    number = _NUMBER.match(row.label)
    if not reason and number:
        line = from_memorandum.get(tuple(number_of(*number.groups())), "")
    before, after = sides(target, row.text)
    return ClauseView(
        id=row.pk,
        eid=row.eid,
        name=row.label,
        called=called(*facts),
        lang=lang_of(row.kind, row.label),
        url=f"{base}{row.eid}/",
        op=target.op,
        op_name=str(target.get_op_display()),
        law=target.target_law,
        section=called(section.kind, "", section.label, "", section.eid),
        section_url=f"{base}{section.eid}/",
        has_act=target.act_id is not None,
        current=target.current_text,
        before=before,
        after=after,
        problem=target.reason,
        reason=reason or said(line),
        is_from_memorandum=bool(line),
        counts=tallies.get(row.pk, NO_COUNTS),
    )


def sides(target: TargetClause, text: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the words in force with what goes, and the new words with what comes.

    Where there is nothing to compare with, the new words are given unmarked.
    """
    new = new_words(target, text)
    if not target.current_text:
        return (), (Span("same", new),) if new else ()
    spans = redline(target.current_text, new)
    return (
        tuple(span for span in spans if span.op != "insert"),
        tuple(span for span in spans if span.op != "delete"),
    )
