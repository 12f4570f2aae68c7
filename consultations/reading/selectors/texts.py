"""The text of a frozen version: whole, by division, one provision."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Length
from django.utils.safestring import SafeString

from comments.models import Tally
from consultations.reading.selectors import leaves, linking
from consultations.reading.selectors.clauses import (
    Amends,
    comparison_url,
    read_amends,
)
from consultations.reading.selectors.lawtext import law_html
from consultations.reading.selectors.names import called, lang_of, name_of
from consultations.reading.selectors.overview import counts_of
from consultations.reading.selectors.rounds import NO_COUNTS, Counts, RoundHead
from consultations.reading.selectors.said import Said, said
from drafts.law.printed import printed_lines
from drafts.law.references import eids_of, resolve
from drafts.models import Provision, ProvisionKind, ProvisionNote
from drafts.trees import paragraphs_of

#: Up to this many sections the outline names each; above it, divisions only.
NAMED_SECTIONS = 60
#: Sections behind one line of the outline where a draft has no divisions.
RANGE = 20
SECTIONS = linking.SECTIONS
#: Letters of definitions that a page of the draft carries; above it, their links only.
TERM_LETTERS = 8_000


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One provision without its text."""

    order: int
    eid: str
    kind: str
    subkind: str
    label: str
    heading: str
    letters: int
    depth: int | None

    @property
    def is_section(self) -> bool:
        return self.kind in SECTIONS

    @property
    def name(self) -> str:
        return name_of(self.kind, self.subkind, self.label, self.heading, self.eid)

    @property
    def called(self) -> str:
        return called(self.kind, self.subkind, self.label, self.heading, self.eid)

    def entry(self, url: str, depth: int, *, is_here: bool = False) -> OutlineEntry:
        lang = lang_of(self.kind, self.label, self.name)
        return OutlineEntry(self.name, lang, url, min(depth, 3), is_here)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the outline."""

    name: str
    lang: str
    url: str
    depth: int
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """A provision as the reading page shows it."""

    id: int
    order: int
    eid: str
    kind: str
    subkind: str
    name: str
    lang: str  # of the name: "th" on English pages, "" for a part named by us
    called: str  # what links call it, in the page's language: "มาตรา ๕", "Section 5"
    heading: str
    depth: int
    level: int  # of its heading: 3 below a division of the same page, else 2
    body: SafeString  # the text as HTML, with permalinks and cross-references
    text: str
    counts: Counts
    plain: Said
    current_law: Said
    url: str
    can_be_commented: bool

    @property
    def is_division(self) -> bool:
        return self.kind == ProvisionKind.DIVISION


@dataclass(frozen=True, slots=True)
class Neighbour:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """One page of a draft."""

    head: RoundHead
    title: Said
    provisions: tuple[ProvisionView, ...]
    terms: tuple[linking.Term, ...]
    outline: tuple[OutlineEntry, ...]
    section_count: int
    is_whole: bool
    number: int
    pages: int
    previous: Neighbour | None
    next: Neighbour | None
    comparison_url: str  # "" where the draft changes no other law

    @property
    def has_short_terms(self) -> bool:
        """Tell whether the definitions themselves fit beside the text."""
        return sum(len(term.meaning) for term in self.terms) <= TERM_LETTERS


@dataclass(frozen=True, slots=True)
class ProvisionPage:
    head: RoundHead
    provision: ProvisionView
    terms: tuple[linking.Term, ...]
    division: str
    previous: Neighbour | None
    next: Neighbour | None
    amends: Amends | None


def read_outline(version_id: int) -> list[OutlineRow]:
    """Read every provision of a version without its text, in order; one query."""
    depth_of: dict[int, int] = {}
    rows = []
    names = ("order", "eid", "kind", "subkind", "label", "heading")
    for pk, parent, *row in (
        Provision.objects.filter(version_id=version_id)
        .order_by("order")
        .values_list("pk", "parent_id", *names, Length("text"))
    ):
        depth = None
        if row[2] == ProvisionKind.DIVISION:
            depth = depth_of[pk] = depth_of.get(parent, -1) + 1
        rows.append(OutlineRow(*row, depth))
    return rows


def _notes(version_id: int, first: int, last: int) -> dict[tuple[int, str], Said]:
    """Read the newest note of each kind of the provisions in a range; one query."""
    rows = (
        ProvisionNote.objects.filter(
            provision__version_id=version_id, provision__order__range=(first, last)
        )
        .order_by("number")
        .values_list("provision_id", "kind", "text", "text_en")
    )
    return {(pk, kind): said(text, english) for pk, kind, text, english in rows}


_NOTHING = Said("")


def _view(
    row: Provision,
    *,
    base: str,
    depth: int,
    level: int,
    counts: Counts,
    notes: dict[tuple[int, str], Said],
    targets: linking.Targets,
    in_force: str = "",
) -> ProvisionView:
    lines = printed_lines(paragraphs_of(row.paragraphs), row.text)
    name = called(row.kind, row.subkind, row.label, row.heading, row.eid)
    printed = name_of(row.kind, row.subkind, row.label, row.heading, row.eid)
    if row.kind == ProvisionKind.PART and lines and lines[0].text.strip() == printed:
        lines = lines[1:]  # its heading says it
    words = "\n".join(line.text for line in lines)
    return ProvisionView(
        id=row.pk,
        order=row.order,
        eid=row.eid,
        kind=row.kind,
        subkind=row.subkind,
        name=printed,
        lang=lang_of(row.kind, row.label, name),
        called=name,
        heading=row.heading if row.label else "",
        depth=depth,
        level=level,
        body=law_html(
            lines,
            eid=row.eid,
            called=name,
            references=linking.references_in(row.kind, row.eid, words),
            targets=targets,
        ),
        text=row.text,
        counts=counts,
        plain=notes.get((row.pk, ProvisionNote.Kind.PLAIN), _NOTHING),
        current_law=notes.get((row.pk, ProvisionNote.Kind.CURRENT_LAW))
        or said(in_force),
        url=f"{base}{row.eid}/",
        can_be_commented=row.can_be_commented,
    )


def _tree(row: Provision) -> linking.Tree:
    return linking.Tree(row.eid, paragraphs_of(row.paragraphs))


def _outline(
    rows: list[OutlineRow], pages: list[list[OutlineRow]], here: int, base: str
) -> tuple[OutlineEntry, ...]:
    page_of = {row.eid: index for index, page in enumerate(pages) for row in page}

    def url(row: OutlineRow) -> str:
        page = page_of[row.eid]
        if page == here:
            return f"#{row.eid}"
        return f"{base}?division={pages[page][0].eid}#{row.eid}"

    sections = sum(row.is_section for row in rows)
    divided = any(row.depth is not None for row in rows)
    entries: list[OutlineEntry] = []
    depth = 0
    counter = 0
    for row in rows:
        is_here = len(pages) > 1 and page_of[row.eid] == here
        if row.depth is not None:
            depth = row.depth + 1
            entries.append(row.entry(url(row), row.depth, is_here=is_here))
        elif not row.is_section:
            if row.kind == ProvisionKind.PART:
                entries.append(row.entry(url(row), 0))
        elif sections <= NAMED_SECTIONS:
            entries.append(row.entry(url(row), depth))
        else:
            if not divided and counter % RANGE == 0:
                entries.append(row.entry(url(row), 0, is_here=is_here))
            counter += 1
    return tuple(entries)


def _page_title(page: list[OutlineRow]) -> str:
    named = next((row for row in page if row.depth is not None), None)
    sections = [row.called for row in page if row.is_section]
    span = f"{sections[0]} – {sections[-1]}" if len(sections) > 1 else ""
    return named.called if named else span or page[0].called


def read_draft(head: RoundHead, *, title: Said, division: str = "") -> DraftView:
    """Read one page of a version's text with counts, notes and terms; five queries.

    ``division`` is the eid of any row of the page asked for; an unknown one means the
    first page.
    """
    rows = read_outline(head.version_id)
    pages = leaves.cut(rows) if rows else [[]]
    here = next(
        (i for i, page in enumerate(pages) if any(r.eid == division for r in page)), 0
    )
    page = pages[here]
    shown: list[ProvisionView] = []
    if page:
        first, last = page[0].order, page[-1].order
        tallies = {
            tally.provision_id: counts_of(tally)
            for tally in Tally.objects.filter(round_id=head.id, provision__isnull=False)
        }
        notes = _notes(head.version_id, first, last)
        depths = {row.order: row.depth or 0 for row in page}
        divided = min(
            (row.order for row in page if row.depth is not None), default=last + 1
        )
        texts = list(
            Provision.objects.filter(
                version_id=head.version_id, order__range=(first, last)
            ).defer("number", "sha256", "key")
        )
        trees = [_tree(row) for row in texts]
        targets = linking.targets_of(
            head.draft_url,
            trees,
            here=trees,
            sections=(row.eid for row in rows if row.is_section),
        )
        shown = [
            _view(
                row,
                base=head.draft_url,
                depth=depths[row.order],
                level=3 if row.order > divided else 2,
                counts=tallies.get(row.pk, NO_COUNTS),
                notes=notes,
                targets=targets,
            )
            for row in texts
        ]

    def neighbour(index: int) -> Neighbour | None:
        if not 0 <= index < len(pages) or index == here:
            return None
        return Neighbour(
            _page_title(pages[index]),
            f"{head.draft_url}?division={pages[index][0].eid}",
        )

    return DraftView(
        head=head,
        title=title,
        provisions=tuple(shown),
        terms=linking.read_definitions(head.version_id, head.draft_url),
        outline=_outline(rows, pages, here, head.draft_url),
        section_count=sum(row.is_section for row in rows),
        is_whole=len(pages) == 1,
        number=here + 1,
        pages=len(pages),
        previous=neighbour(here - 1),
        next=neighbour(here + 1),
        comparison_url=(
            comparison_url(head)
            if any(row.kind == ProvisionKind.TARGET_CLAUSE for row in rows)
            else ""
        ),
    )


def section_with(version_id: int, eid: str) -> tuple[str, str] | None:
    """Return (provision, place in it) of the eid of a paragraph or item; one query.

    A place that does not exist leads to what stands above it: laws refer to paragraphs
    that are not there.  None where the provision itself does not exist.
    """
    section = linking.section_of(eid)
    if section == eid:
        return None
    row = Provision.objects.filter(version_id=version_id, eid=section).first()
    if row is None:
        return None
    return section, resolve(eid, eids_of([_tree(row)])) or section


def read_provision(head: RoundHead, eid: str) -> ProvisionPage | None:
    """Read one provision with its neighbours, notes, counts and links; four queries."""
    near = Provision.objects.filter(version=OuterRef("version")).exclude(
        kind=ProvisionKind.DIVISION
    )
    before = near.filter(order__lt=OuterRef("order")).order_by("-order")
    after = near.filter(order__gt=OuterRef("order")).order_by("order")
    row = (
        Provision.objects.filter(version_id=head.version_id, eid=eid)
        .select_related("parent", "target")
        .annotate(
            before_eid=Subquery(before.values("eid")[:1]),
            before_label=Subquery(before.values("label")[:1]),
            before_kind=Subquery(before.values("kind")[:1]),
            before_subkind=Subquery(before.values("subkind")[:1]),
            after_eid=Subquery(after.values("eid")[:1]),
            after_label=Subquery(after.values("label")[:1]),
            after_kind=Subquery(after.values("kind")[:1]),
            after_subkind=Subquery(after.values("subkind")[:1]),
            has_clauses=Exists(
                Provision.objects.filter(
                    parent=OuterRef("pk"), kind=ProvisionKind.TARGET_CLAUSE
                )
            ),
        )
        .first()
    )
    if row is None:
        return None
    tally = Tally.objects.filter(round_id=head.id, subject=f"p{row.pk}").first()
    targets, terms = linking.read_links(
        version_id=head.version_id,
        kind=row.kind,
        text=row.text,
        base=head.draft_url,
        own=_tree(row),
    )

    def neighbour(eid: str | None, label: str, kind: str, sub: str) -> Neighbour | None:
        if not eid:
            return None
        return Neighbour(called(kind, sub, label, "", eid), f"{head.draft_url}{eid}/")

    return ProvisionPage(
        head=head,
        provision=_view(
            row,
            base=head.draft_url,
            depth=0,
            level=1,
            counts=counts_of(tally),
            notes=_notes(head.version_id, row.order, row.order),
            targets=targets,
            in_force=row.target.current_text if hasattr(row, "target") else "",
        ),
        terms=terms,
        division=str(row.parent) if row.parent else "",
        previous=neighbour(
            row.before_eid, row.before_label, row.before_kind, row.before_subkind
        ),
        next=neighbour(
            row.after_eid, row.after_label, row.after_kind, row.after_subkind
        ),
        amends=read_amends(head, row, changes=row.has_clauses),
    )
