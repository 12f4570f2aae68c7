"""An act as it would read with a bill's changes, page by page of its divisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consultations.reading.selectors.clauses import clauses_of
from consultations.reading.selectors.comparison import LawOfBill, laws_of
from consultations.reading.selectors.lawtext import law_html
from consultations.reading.selectors.names import called, lang_of
from consultations.reading.selectors.rounds import RoundHead
from drafts.amended_laws import law_of_act
from drafts.law.consolidate import Consolidation, Row, ScheduleRow, consolidate
from drafts.law.printed import PrintedLine, printed_lines
from drafts.law.redline import Span, redline
from drafts.law.structure import Amendment, LawText, ProvisionKind
from drafts.models import Act, TargetClause
from drafts.requests import read_number

#: Sections on one page; a division that is longer is cut.
PAGE_SIZE = 60
#: Sections that change, up to which each is named with a link.
MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class AmendedBy:
    """A clause of the bill that changed a section: what it is called, where it is."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section as it would read; ``change`` is "" where nothing changed."""

    eid: str
    name: str
    called: str
    lang: str
    change: str
    change_name: str
    spans: tuple[Span, ...]
    body: str
    by: tuple[AmendedBy, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Sections in a row below the same headings."""

    headings: tuple[str, ...]
    sections: tuple[SectionView, ...]


@dataclass(frozen=True, slots=True)
class PageLink:
    number: int
    name: str
    changed: int


@dataclass(frozen=True, slots=True)
class Unapplied:
    """An operation that could not be applied, and why (Thai)."""

    name: str
    lang: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConsolidatedView:
    """``law`` is None where no act of the bill is in the system."""

    laws: tuple[LawOfBill, ...]
    law: LawOfBill | None = None
    groups: tuple[Group, ...] = ()
    schedules: tuple[SectionView, ...] = ()
    pages: tuple[PageLink, ...] = ()
    number: int = 1
    changed: tuple[tuple[str, str], ...] = ()  # (name, address); none of very many
    unapplied: tuple[Unapplied, ...] = ()

    @property
    def previous(self) -> PageLink | None:
        return self.pages[self.number - 2] if self.number > 1 else None

    @property
    def next(self) -> PageLink | None:
        return self.pages[self.number] if self.number < len(self.pages) else None


def amendment_of(target: TargetClause) -> Amendment:
    """Return a frozen clause as the operation it was; ``section`` is its own eId."""
    return Amendment(
        op=target.op,
        target_law=target.target_law,
        amended_by=tuple(target.amended_by),
        path=target.path,
        new_text=target.new_words,
        section=target.provision.eid,
        line=target.provision.order,
        old_text=target.old_words,
    )


def consolidate_act(act: Act, targets: Iterable[TargetClause]) -> Consolidation:
    """Apply frozen clauses to their act; one query."""
    law: LawText = law_of_act(act)
    return consolidate(law.provisions, map(amendment_of, targets), law.parts)


def read_consolidated(
    head: RoundHead, *, act: str = "", page: str = ""
) -> ConsolidatedView:
    """Read one page of an act with the bill's changes; five queries.

    ``act`` is the id of one of the acts that the bill changes, ``page`` a number; what
    does not exist means the first.
    """
    laws = laws_of(head.version_id)
    known = [law for law in laws if law.act_id]
    if not known:
        return ConsolidatedView(laws)
    law = next((one for one in known if str(one.act_id) == act), known[0])
    targets = list(
        clauses_of(head.version_id)
        .filter(act_id=law.act_id)
        .select_related("provision")
        .defer("current_text", "provision__text", "provision__paragraphs")
    )
    result = consolidate_act(Act.objects.get(pk=law.act_id), targets)
    clauses = {
        one.provision.eid: AmendedBy(
            one.provision.label, f"{head.draft_url}{one.provision.eid}/"
        )
        for one in targets
    }
    pages = _pages(result.rows)
    here = (read_number(page, most=len(pages)) or 1) - 1
    is_last = here == len(pages) - 1
    return ConsolidatedView(
        laws=laws,
        law=law,
        groups=_groups(pages[here], clauses),
        schedules=(
            tuple(_schedule(n, row, clauses) for n, row in enumerate(result.schedules))
            if is_last
            else ()
        ),
        pages=tuple(
            PageLink(n, _page_name(rows), sum(bool(row.change) for row in rows))
            for n, rows in enumerate(pages, start=1)
        ),
        number=here + 1,
        changed=_changed(law.act_id, pages),
        unapplied=tuple(
            Unapplied(
                one.provision.label,
                lang_of(one.provision.kind, one.provision.label),
                f"{head.draft_url}{one.provision.eid}/",
                one.reason,
            )
            for one in targets
            if not one.applied
        ),
    )


def _changed(
    act_id: int | None, pages: Sequence[Sequence[Row]]
) -> tuple[tuple[str, str], ...]:
    """Name the sections that change; of very many the list of pages says how many."""
    found = tuple(
        (_called(row), f"?act={act_id}&page={n}#{row.provision.eid}")
        for n, rows in enumerate(pages, start=1)
        for row in rows
        if row.change
    )
    return found if len(found) <= MOST_NAMED else ()


def _pages(rows: Sequence[Row]) -> list[list[Row]]:
    """Cut at the innermost divisions; small neighbours share a page."""
    blocks: list[list[Row]] = []
    for row in rows:
        same = blocks and blocks[-1][-1].provision.division == row.provision.division
        if same and len(blocks[-1]) < PAGE_SIZE:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    pages: list[list[Row]] = [[]]
    for block in blocks:
        if pages[-1] and len(pages[-1]) + len(block) > PAGE_SIZE:
            pages.append([])
        pages[-1].extend(block)
    return pages


def _label(row: Row) -> str:
    word = "ข้อ" if row.provision.kind is ProvisionKind.CLAUSE else "มาตรา"
    label = row.provision.label
    return label if label.startswith(word) else f"{word} {label}"


def _called(row: Row) -> str:
    return called(str(row.provision.kind), "", _label(row), "", row.provision.eid)


def _page_name(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    return _called(first) if first is last else f"{_called(first)} – {_called(last)}"


def _groups(rows: Sequence[Row], clauses: dict[str, AmendedBy]) -> tuple[Group, ...]:
    groups: list[Group] = []
    for row in rows:
        section = _section(row, clauses)
        headings = row.provision.division
        if groups and groups[-1].headings == headings:
            last = groups.pop()
            groups.append(Group(headings, (*last.sections, section)))
        else:
            groups.append(Group(headings, (section,)))
    return tuple(groups)


def _section(row: Row, clauses: dict[str, AmendedBy]) -> SectionView:
    provision = row.provision
    lines = printed_lines(provision.paragraphs, provision.text)
    return _view(
        provision.eid,
        _label(row),
        _called(row),
        row.change,
        redline(row.old_text, provision.text) if row.change else (),
        lines,
        [clauses[eid] for eid in row.sections],
    )


def _schedule(
    number: int, row: ScheduleRow, clauses: dict[str, AmendedBy]
) -> SectionView:
    lines = [PrintedLine("", 0, line) for line in row.text.split("\n")]
    return _view(
        f"att_{number + 1}",
        row.heading,
        row.heading,
        row.change,
        redline(row.old_text, row.text) if row.change else (),
        lines,
        [clauses[eid] for eid in row.sections],
    )


def _view(  # noqa: PLR0917 - what a section and a schedule have in common
    eid: str,
    name: str,
    called_: str,
    change: str,
    spans: tuple[Span, ...],
    lines: Sequence[PrintedLine],
    by: Sequence[AmendedBy],
) -> SectionView:
    plain = [PrintedLine("", line.level, line.text) for line in lines]
    return SectionView(
        eid=eid,
        name=name,
        called=called_,
        lang=lang_of("section", name),
        change=change,
        change_name=str(TargetClause.Op(change).label) if change else "",
        spans=spans,
        body=law_html(plain, eid=eid, called=called_),
        by=tuple(by),
    )
