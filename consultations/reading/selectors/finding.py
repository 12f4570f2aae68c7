"""Search inside one version of a draft: go to a number, or list where words stand.

Words are those of ``drafts.law.words``, the one segmenter, so that ตา is not found in
มาตรา, but ที่ดิน is in ภาษีที่ดิน.  There is no index: the longest code has a million
letters, of which only the sections that contain the letters asked for are segmented (a
third of a second at most).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from consultations.reading.selectors.linking import SECTIONS, Tree
from consultations.reading.selectors.names import called, lang_of, name_of
from consultations.reading.selectors.rounds import RoundHead
from drafts.law import numerals, words
from drafts.law.printed import printed_lines
from drafts.law.references import LABEL_GROUPS, eids_of, find_references, resolve
from drafts.models import Provision, ProvisionKind
from drafts.trees import paragraphs_of

PAGE_SIZE = 30
#: A query longer than this is cut; nobody types it.
MAX_QUERY = 100
MAX_WORDS = 12
#: Letters shown before and after the first place that was found.
BEFORE, AFTER = 60, 160
_NUMBERED = re.compile(
    r"(?:(?P<word>มาตรา|ม\.?|section|sec\.?|ข้อ|clause|cl\.?)\s*)?(?P<rest>[0-9๐-๙].*)",
    re.IGNORECASE,
)
_CLAUSE = ("ข้อ", "cl")


@dataclass(frozen=True, slots=True)
class Hit:
    """One provision that has all the words, with the first place marked."""

    name: str
    called: str
    lang: str
    heading: str
    url: str
    snippet: SafeString
    places: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found; ``is_number`` where a number was asked for."""

    query: str
    is_number: bool
    total: int
    hits: tuple[Hit, ...]
    number: int
    pages: int

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1 if self.number < self.pages else 0


def clean_query(text: str) -> str:
    """Return what was typed, tidied: no control characters, single spaces."""
    printable = "".join(c if c.isprintable() else " " for c in words.tidy(text))
    return " ".join(printable.split())[:MAX_QUERY]


def numbered(query: str) -> str | None:
    """Return the eId that a typed number means, in the main instrument, or None.

    “12”, “ม.๑๒”, “มาตรา 5/1 วรรคสอง (๓)”, “ข้อ ๓”, “Section 12”; the whole must be one.
    """
    typed = _NUMBERED.fullmatch(query)
    if typed is None:
        return None
    is_clause = (typed["word"] or "").lower().startswith(_CLAUSE)
    text = f"{'ข้อ' if is_clause else 'มาตรา'} {typed['rest']}".rstrip()
    references = find_references(text, here="cl_0" if is_clause else "sec_0")
    if len(references) != 1 or references[0].text != text or references[0].law:
        return None
    return references[0].eid


def find_place(version_id: int, query: str) -> tuple[str, str] | None:
    """Return (eid of the provision, eid of the place in it) of a typed number; a query.

    Also the number of a division: หมวด ๒.
    """
    wanted = numbered(query)
    rows = Provision.objects.filter(version_id=version_id).order_by("order")
    if wanted is None:
        labels = {query, numerals.thai_digits(query), numerals.arabic_digits(query)}
        rows = rows.filter(kind=ProvisionKind.DIVISION, label__in=labels)
        eid = rows.values_list("eid", flat=True).first()
        return (eid, eid) if eid else None
    inside = wanted.partition("__")[2]
    number = LABEL_GROUPS.search(query)
    if number is None:
        return None
    row = (
        rows.filter(
            kind__in=SECTIONS, number=list(numerals.number_of(*number.groups()))
        )
        .only("eid", "paragraphs")
        .first()
    )
    if row is None:
        return None
    known = eids_of([Tree(row.eid, paragraphs_of(row.paragraphs))])
    place = resolve(f"{row.eid}__{inside}", known) if inside else None
    return row.eid, place or row.eid


def _folded(text: str) -> str:
    return words.fold_digits(text).lower()


def places_of(text: str, wanted: list[str]) -> list[tuple[int, int]] | None:
    """Return where each wanted word stands in a text, in order; None if one is missing.

    A word stands where words of the text begin and end, or inside a compound that it
    is a part of (ที่ดิน in ภาษีที่ดิน).
    """
    folded = _folded(text)
    if len(folded) != len(text) or not all(word in folded for word in wanted):
        return None
    spans = words.spans(text)
    starts, ends = {s for _, s, _ in spans}, {e for _, _, e in spans}
    places: set[tuple[int, int]] = set()
    for word in wanted:
        found = {
            (match.start(), match.end())
            for match in re.finditer(re.escape(word), folded)
            if match.start() in starts and match.end() in ends
        }
        for whole, start, end in spans:
            if len(whole) > len(word) and word in whole:
                at = folded.find(word, start, end)
                if at >= 0 and word in words.compound_parts(whole):
                    found.add((at, at + len(word)))
        if not found:
            return None
        places |= found
    return _apart(sorted(places))


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join places that overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _letters(text: str, phrase: str) -> list[tuple[int, int]]:
    """Return where the letters themselves stand, words or not."""
    found = re.finditer(re.escape(phrase), _folded(text)) if phrase else ()
    return [(match.start(), match.end()) for match in found]


def _snippet(text: str, places: list[tuple[int, int]]) -> SafeString:
    """Cut the line of the first place to its surroundings and mark what was found."""
    first, last = places[0]
    line_start = text.rfind("\n", 0, first) + 1
    line_end = text.find("\n", last)
    line_end = len(text) if line_end < 0 else line_end
    start, end = max(line_start, first - BEFORE), min(line_end, last + AFTER)
    edges = [s for _, s, _ in words.spans(text[line_start:line_end])]
    start = min(
        (line_start + s for s in edges if line_start + s >= start), default=start
    )
    end = max((line_start + s for s in edges if line_start + s <= end), default=end)
    start, end = min(start, first), line_end if end < last else end
    if line_end - end < AFTER // 4:
        end = line_end
    pieces, done = ["… " if start > line_start else ""], start
    for a, b in places:
        if a >= start and b <= end:
            pieces += [escape(text[done:a]), f"<mark>{escape(text[a:b])}</mark>"]
            done = b
    pieces += [escape(text[done:end]), " …" if end < line_end else ""]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped


def find(head: RoundHead, query: str, *, page: str = "1") -> Found:
    """Find provisions with all the words of a query, in the order of the draft.

    Two queries.  Where no provision has the words, those with the same letters are
    found: a part of a word, or a name that no dictionary knows.
    """
    wanted = list(dict.fromkeys(words.words(query)))[:MAX_WORDS]
    rows = list(
        Provision.objects.filter(version_id=head.version_id)
        # What an amending section carries is found in the section itself.
        .exclude(kind__in=[ProvisionKind.DIVISION, ProvisionKind.TARGET_CLAUSE])
        .order_by("order")
        .values_list("pk", "text")
    )
    found: list[tuple[int, list[tuple[int, int]]]] = []
    if wanted:
        found = [(pk, at) for pk, text in rows if (at := places_of(text, wanted))]
    if not found:
        phrase = _folded(query)
        found = [(pk, at) for pk, text in rows if (at := _letters(text, phrase))]
    shown = Paginator(found, PAGE_SIZE).get_page(page)
    places = dict(shown.object_list)
    hits = [
        _hit(row, places[row.pk], head.draft_url)
        for row in Provision.objects.filter(pk__in=places).order_by("order")
    ]
    return Found(
        query,
        numbered(query) is not None,
        len(found),
        tuple(hits),
        shown.number,
        shown.paginator.num_pages,
    )


def _hit(row: Provision, places: list[tuple[int, int]], base: str) -> Hit:
    lines = printed_lines(paragraphs_of(row.paragraphs), row.text)
    index = row.text.count("\n", 0, places[0][0])
    place = lines[index].eid if index < len(lines) else ""
    names = (row.kind, row.subkind, row.label, row.heading, row.eid)
    return Hit(
        name=name_of(*names),
        called=called(*names),
        lang=lang_of(row.kind, row.label, name_of(*names)),
        heading=row.heading if row.label else "",
        url=f"{base}?division={row.eid}#{place or row.eid}",
        snippet=_snippet(row.text, places),
        places=len(places),
    )
