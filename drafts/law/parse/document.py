"""Put a whole document together: instruments, their provisions, and the rest.

A file may hold more than one instrument: an act that puts a code into force, with the
code after its countersignature.  Each has a numbering of its own.  What follows the
last one (countersignature, schedules, reasons, leftovers of amending acts, footnotes)
goes to parts, so that no leftover section is ever taken for one of the act.
"""

from __future__ import annotations

import re

from drafts.law.amendment import find_amendments
from drafts.law.numerals import eid_number
from drafts.law.parse import body, tail
from drafts.law.parse.contents import mark_contents
from drafts.law.parse.divisions import (
    FoundDivision,
    find_divisions,
    find_marginal_headings,
)
from drafts.law.parse.heads import (
    Candidate,
    find_candidates,
    is_repealed_range,
)
from drafts.law.parse.instruments import (
    Instrument,
    find_instruments,
    main_instrument,
)
from drafts.law.parse.lines import (
    Layout,
    Line,
    find_layout,
    mark_quotations,
    read_lines,
)
from drafts.law.parse.normalise import normalise_fully
from drafts.law.parse.titles import find_kind, find_title
from drafts.law.parse.warnings import (
    warn_about_amendments,
    warn_about_heads,
    warn_about_layout,
    warn_about_marks,
    warn_about_quotes,
    warn_about_remnants,
)
from drafts.law.structure import (
    Division,
    LawText,
    Node,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
)


def parse(text: str) -> LawText:
    """Read a Thai legal text; never refuses one, but warns with line numbers."""
    clean = normalise_fully(text)
    warnings = list(clean.warnings)
    lines = read_lines(clean.text)
    mark_contents(lines)
    layout = find_layout(lines)
    candidates = find_candidates(lines, layout)
    unclosed = mark_quotations(lines, {c.index: c.number for c in candidates})
    candidates = [c for c in candidates if not lines[c.index].quoted]
    instruments = find_instruments(lines, candidates, spaced=layout.spaced)
    used: dict[str, int] = {}
    for instrument in instruments:
        heads = {candidate.index for candidate in instrument.chain}
        first = instrument.chain[0].index
        instrument.repealed = [
            index
            for index in range(first, instrument.stop)
            if index not in heads and is_repealed_range(lines[index])
        ]
        heads.update(instrument.repealed)
        span = (lines, instrument.start, instrument.stop, heads)
        marginal = find_marginal_headings(*span) if layout.spaced else {}
        instrument.divisions = find_divisions(*span, instrument.prefix, used, marginal)
    nodes = _build_nodes(lines, instruments, layout, used)
    main = main_instrument(instruments)
    provisions = [node for node in nodes if isinstance(node, Provision)]
    parts = [node for node in nodes if isinstance(node, Part)]
    amendments = find_amendments(provisions, parts)
    title = find_title(nodes, main.prefix if main else "")
    warnings += warn_about_heads(lines, candidates, instruments)
    warnings += warn_about_quotes(unclosed)
    warnings += warn_about_amendments(provisions, amendments)
    warnings += warn_about_layout(layout, instruments, lines)
    warnings += warn_about_remnants(nodes)
    warnings += warn_about_marks(clean.marks)
    warnings.sort(key=lambda warning: warning.line)
    return LawText(
        title,
        find_kind(title),
        tuple(nodes),
        amendments=amendments,
        warnings=tuple(warnings),
        marks=clean.marks,
    )


def _build_nodes(lines, instruments, layout, used) -> list[Node]:
    if not instruments:
        return list(tail.name_front(lines, len(lines)))
    nodes: list[Node] = []
    position = 0
    for order, instrument in enumerate(instruments):
        if order == 0:
            nodes += tail.name_front(lines, instrument.opens)
        else:
            nodes += tail.name_tail(lines, position, instrument.start)
            if instrument.opens > instrument.start:
                nodes += tail.make_parts(
                    PartKind.TITLE, lines[instrument.start : instrument.opens]
                )
        nodes += _build_instrument(lines, instrument, layout, used)
        position = instrument.stop
    nodes += tail.name_tail(lines, position, len(lines))
    return nodes


def _build_instrument(
    lines: list[Line], instrument: Instrument, layout: Layout, used: dict[str, int]
) -> list[Node]:
    starts: dict[int, Candidate | FoundDivision | None] = dict.fromkeys(
        instrument.repealed
    )
    starts.update({candidate.index: candidate for candidate in instrument.chain})
    starts.update({found.index: found for found in instrument.divisions})
    order = sorted(starts)
    nodes: list[Node] = []
    path: list[Division] = []
    for position, index in enumerate(order):
        stop = order[position + 1] if position + 1 < len(order) else instrument.stop
        item = starts[index]
        if item is None:
            nodes.append(tail.make_part(PartKind.UNKNOWN, lines[index:stop]))
            continue
        if isinstance(item, FoundDivision):
            path = _path_to(item.division, path)
            nodes.append(item.division)
            index = item.end - 1  # noqa: PLW2901 - its name lines are taken
            if item.end < stop:
                nodes.append(tail.make_part(PartKind.UNKNOWN, lines[item.end : stop]))
            continue
        before_division = position + 1 < len(order) and isinstance(
            starts[order[position + 1]], FoundDivision
        )
        end = stop
        if before_division:
            end = _schedule_within(lines, index + 1, stop, layout.spaced)
        text_end = end
        while text_end > index + 1 and tail.is_editors_mark(lines[text_end - 1]):
            text_end -= 1
        nodes.append(
            _build_provision(
                item,
                lines[index + 1 : text_end],
                lines,
                path,
                layout,
                used,
                instrument.prefix,
            )
        )
        if text_end < end:
            nodes.append(tail.make_part(PartKind.ANNOTATION, lines[text_end:end]))
        if end < stop:
            nodes.append(tail.make_part(PartKind.SCHEDULE, lines[end:stop]))
    return nodes


def _path_to(division: Division, path: list[Division]) -> list[Division]:
    if not division.parent_eid:
        return [division]
    while path and path[-1].eid != division.parent_eid:
        path = path[:-1]
    return [*path, division]


def _schedule_within(lines: list[Line], start: int, stop: int, spaced: bool) -> int:
    """Find a table that stands between a section and the next division."""
    for index in range(start, stop):
        line = lines[index]
        stands_free = line.blank_before or not spaced
        if stands_free and not line.quoted and tail.is_schedule_in_body(line):
            return index
    return stop


def _build_provision(  # noqa: PLR0917 - everything a provision is made of
    candidate, rest, lines, path, layout, used, prefix
) -> Provision:
    clause = candidate.word == "ข้อ"
    eid = f"{'cl' if clause else 'sec'}_{eid_number(candidate.number)}"
    eid = f"{prefix}__{eid}" if prefix else eid
    used[eid] = used.get(eid, 0) + 1
    if used[eid] > 1:
        eid += f"-dup{used[eid]}"
    paragraphs = body.build_paragraphs(eid, candidate.rest, rest, layout)
    return Provision(
        ProvisionKind.CLAUSE if clause else ProvisionKind.SECTION,
        candidate.label,
        candidate.number,
        eid,
        lines[candidate.index].number,
        body.provision_text(paragraphs),
        paragraphs,
        tuple(division.heading for division in path),
        path[-1].eid if path else "",
    )


def letters(text: str) -> str:
    """Drop all white space: what must be the same before and after parsing."""
    return re.sub(r"\s+", "", text)


def text_of(law: LawText) -> str:
    """Give the whole text of a parsed law, every node in order, nothing twice."""
    pieces: list[str] = []
    for node in law.nodes:
        if isinstance(node, Division):
            pieces.append("\n".join(filter(None, (node.label, node.name))))
        elif isinstance(node, Part):
            pieces.append(node.text)
        else:
            word = "ข้อ" if node.kind is ProvisionKind.CLAUSE else "มาตรา"
            pieces.append(f"{word} {node.label}  {node.text}".rstrip())
    return "\n\n".join(pieces)


def to_text(law: LawText) -> str:
    """Print a law as plain text that ``parse`` reads back to the same structure."""
    return text_of(law) + "\n"
