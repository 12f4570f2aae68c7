"""Put a whole document together: instruments, their provisions, and the rest.

A file may hold more than one instrument: an act that puts a code into force, with the
code after its countersignature.  Each has a numbering of its own.  What follows the
last one (countersignature, schedules, reasons, leftovers of amending acts, footnotes)
goes to parts, so that no leftover section is ever taken for one of the act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from drafts.law.amendment import find_amendments
from drafts.law.numerals import eid_number, follows, format_label
from drafts.law.parse import body, tail
from drafts.law.parse.divisions import FoundDivision, find_divisions
from drafts.law.parse.heads import (
    Candidate,
    choose_chain,
    find_candidates,
    is_repealed_range,
)
from drafts.law.parse.lines import (
    DIVISION,
    OPEN_ENDED,
    Layout,
    Line,
    find_layout,
    mark_quotations,
    read_lines,
)
from drafts.law.parse.normalise import normalise_fully
from drafts.law.parse.titles import find_kind, find_title
from drafts.law.structure import (
    Division,
    LawText,
    Node,
    Number,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
    Severity,
    Warning,
)

#: Sections an attached code must have to be told from a leftover.
MIN_CODE_SECTIONS = 3
#: A number may repeat across instruments; this names all but the longest.
_COMPONENT = "cmp_{}"


@dataclass(slots=True)
class _Instrument:
    start: int  # first line
    stop: int  # line after the last
    chain: list[Candidate]
    prefix: str = ""
    divisions: list[FoundDivision] = field(default_factory=list)
    repealed: list[int] = field(default_factory=list)  # lines of repealed ranges

    @property
    def opens(self) -> int:
        """The first line of the first division or provision."""
        first = self.chain[0].index
        return min([first, *(found.index for found in self.divisions)])


def parse(text: str) -> LawText:
    """Read a Thai legal text; never refuses one, but warns with line numbers."""
    clean = normalise_fully(text)
    warnings = list(clean.warnings)
    lines = read_lines(clean.text)
    layout = find_layout(lines)
    candidates = find_candidates(lines, layout)
    unclosed = mark_quotations(lines, {c.index: c.number for c in candidates})
    candidates = [c for c in candidates if not lines[c.index].quoted]
    instruments = _find_instruments(lines, candidates, layout.spaced)
    _name_components(instruments)
    for instrument in instruments:
        heads = {candidate.index for candidate in instrument.chain}
        first = instrument.chain[0].index
        instrument.repealed = [
            index
            for index in range(first, instrument.stop)
            if index not in heads and is_repealed_range(lines[index])
        ]
        heads.update(instrument.repealed)
        instrument.divisions = find_divisions(
            lines, instrument.start, instrument.stop, heads, instrument.prefix
        )
    nodes = _build_nodes(lines, instruments, layout)
    main = max(instruments, key=lambda item: len(item.chain), default=None)
    title = find_title(nodes, main.prefix if main else "")
    warnings += _warn_about_heads(lines, candidates, instruments)
    warnings += _warn_about_quotes(unclosed)
    warnings += _warn_about_layout(layout, instruments, lines)
    warnings.sort(key=lambda warning: warning.line)
    return LawText(
        title,
        find_kind(title),
        tuple(nodes),
        amendments=find_amendments(n for n in nodes if isinstance(n, Provision)),
        warnings=tuple(warnings),
        marks=clean.marks,
    )


def _name_components(instruments: list[_Instrument]) -> None:
    if len(instruments) < 2:  # noqa: PLR2004 - one instrument needs no names
        return
    main = max(instruments, key=lambda item: len(item.chain))
    for order, instrument in enumerate(instruments, start=1):
        if instrument is not main:
            instrument.prefix = _COMPONENT.format(order)


def _find_instruments(lines, candidates, spaced) -> list[_Instrument]:
    """Cut the text where an act ends, and keep the pieces that are instruments."""
    cuts = _find_cuts(lines, candidates)
    instruments: list[_Instrument] = []
    start = 0
    for cut in [*cuts, len(lines)]:
        within = [c for c in candidates if start <= c.index < cut]
        if not instruments:
            if not within and cut != len(lines):
                continue
            chain = _best_chain(within)
            if not chain:
                continue
        else:
            chain = _attached_chain(lines, start, within)
            if not chain:
                start = cut
                continue
        stop = _body_end(lines, chain[-1].index + 1, cut, spaced)
        begin = start if not instruments else _title_before(lines, start, chain[0])
        instruments.append(_Instrument(begin, stop, chain))
        start = cut
    return instruments


def _find_cuts(lines: list[Line], candidates: list[Candidate]) -> list[int]:
    """List the lines at which an act has certainly ended."""
    cuts = []
    first = candidates[0].index if candidates else 0
    position = 0
    for index, line in enumerate(lines):
        while position < len(candidates) and candidates[position].index <= index:
            position += 1
        if index <= first or line.quoted:
            continue
        text = line.text
        if (
            (text.startswith(("ผู้รับสนอง", "รับสนอง")) and tail.COUNTERSIGNATURE.match(text))
            or tail.is_reason_note(lines, index)
            or tail.FOOTNOTES.match(text)
            or _restarts(lines, candidates, position, index)
        ):
            cuts.append(index)
    return cuts


def _restarts(lines, candidates, position, index) -> bool:
    """Say whether a title on this line begins a text that numbers from the start."""
    text = lines[index].text
    code = tail.CODE_TITLE.match(text)
    if not (code or tail.TITLE_LINE.match(text)):
        return False
    if not 0 < position < len(candidates):
        return False
    before, after = candidates[position - 1].number, candidates[position].number
    if code:
        return after[0] == 1 and before[0] > 1 and len(text) <= 60  # noqa: PLR2004
    if lines[index].quoted or OPEN_ENDED.search(lines[index - 1].text[-60:]):
        return False
    return after <= before and (after[0] <= 3 or lines[index].blank_before)  # noqa: PLR2004


def _best_chain(candidates: list[Candidate]) -> list[Candidate]:
    chains = [
        choose_chain([c for c in candidates if c.word == word])
        for word in ("มาตรา", "ข้อ")
    ]
    return max(chains, key=lambda chain: sum(max(c.score, 0.5) for c in chain))


def _attached_chain(lines, start, candidates) -> list[Candidate]:
    """Give the chain of a code that stands after a countersignature, else nothing."""
    chain = _best_chain(candidates)
    if len(chain) < MIN_CODE_SECTIONS or chain[0].number[0] > 1:
        return []
    for line in lines[start : chain[0].index]:
        if tail.TITLE_LINE.match(line.text) or tail.NOTE.match(line.text):
            return []
    for line in lines[start : chain[0].index]:
        if tail.CODE_TITLE.match(line.text) or DIVISION.match(line.text):
            return chain
    return []


def _title_before(lines: list[Line], start: int, first: Candidate) -> int:
    """Find where an attached code begins: its title, else its first division."""
    for pattern in (tail.CODE_TITLE, DIVISION):
        for index in range(start, first.index):
            if pattern.match(lines[index].text):
                return index
    return first.index


def _body_end(lines: list[Line], start: int, stop: int, spaced: bool) -> int:
    """Find where the text of the last section ends before ``stop``."""
    for index in range(start, stop):
        line = lines[index]
        if line.quoted:
            continue
        text = line.text
        stands_free = line.blank_before or not spaced
        if (
            tail.COUNTERSIGNATURE.match(text)
            or (stands_free and tail.is_schedule_in_body(line))
            or (stands_free and tail.TITLE_LINE.match(text))
            or tail.MEMORANDUM.match(text)
            or tail.FOOTNOTE.match(text)
            or (len(text) < 60 and tail.EDITOR.match(text))  # noqa: PLR2004
        ):
            return index
    return stop


def _build_nodes(lines, instruments, layout) -> list[Node]:
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
                nodes.append(
                    tail.make_part(
                        PartKind.TITLE, lines[instrument.start : instrument.opens]
                    )
                )
        nodes += _build_instrument(lines, instrument, layout)
        position = instrument.stop
    nodes += tail.name_tail(lines, position, len(lines))
    return nodes


def _build_instrument(lines, instrument: _Instrument, layout: Layout) -> list[Node]:
    starts: dict[int, Candidate | FoundDivision | None] = dict.fromkeys(
        instrument.repealed
    )
    starts.update({candidate.index: candidate for candidate in instrument.chain})
    starts.update({found.index: found for found in instrument.divisions})
    order = sorted(starts)
    nodes: list[Node] = []
    path: list[Division] = []
    used: dict[str, int] = {}
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
        nodes.append(
            _build_provision(item, lines[index + 1 : end], lines, path, layout, used,
                             instrument.prefix)
        )
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


def _build_provision(candidate, rest, lines, path, layout, used, prefix) -> Provision:
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


def _warn_about_heads(lines, candidates, instruments) -> list[Warning]:
    warnings: list[Warning] = []
    taken = {c.index for item in instruments for c in item.chain}
    spans = [(item.chain[0].index, item.stop) for item in instruments]
    for candidate in candidates:
        inside = any(start <= candidate.index < stop for start, stop in spans)
        if inside and candidate.index not in taken:
            name = f"{candidate.word} {candidate.label}"
            warnings.append(
                Warning(
                    lines[candidate.index].number,
                    "reference_at_line_start",
                    f"บรรทัดนี้ขึ้นต้นด้วย “{name}” แต่เลขไม่ต่อเนื่องกับ{candidate.word}ก่อนหน้า "
                    f"จึงอ่านเป็นการอ้างถึง หากเป็น{candidate.word}ใหม่ ให้เว้นบรรทัดก่อนหน้าและตรวจเลข",
                )
            )
    for instrument in instruments:
        warnings += _warn_about_order(lines, instrument.chain)
    if not instruments:
        warnings.append(
            Warning(
                1,
                "no_sections",
                "ไม่พบมาตราหรือข้อในเอกสารนี้ โปรดตรวจว่าแต่ละมาตราขึ้นบรรทัดใหม่ด้วยคำว่า “มาตรา” "
                "หรือ “ข้อ” ตามด้วยเลข",
            )
        )
    return warnings


def _warn_about_order(lines, chain: list[Candidate]) -> list[Warning]:
    warnings = []
    previous: Number | None = None
    for candidate in chain:
        line = lines[candidate.index].number
        name = f"{candidate.word} {candidate.label}"
        if previous is not None and candidate.number <= previous:
            same = candidate.number == previous
            warnings.append(
                Warning(
                    line,
                    "duplicate_number" if same else "number_out_of_order",
                    f"{name} มีเลข{'ซ้ำกับ' if same else 'น้อยกว่า'}{candidate.word}ก่อนหน้า "
                    "โปรดตรวจและแก้เลขให้เรียงต่อกัน",
                )
            )
        elif previous is not None and not follows(previous, candidate.number):
            warnings.append(
                Warning(
                    line,
                    "number_gap",
                    f"เลขข้ามจาก {candidate.word} {format_label(previous)} ไปเป็น {name} "
                    f"โปรดตรวจว่ามี{candidate.word}ใดขาดหายหรือพิมพ์เลขผิด",
                    Severity.INFO,
                )
            )
        previous = candidate.number
    return warnings


def _warn_about_quotes(unclosed: list[int]) -> list[Warning]:
    return [
        Warning(
            line,
            "quote_not_closed",
            "เครื่องหมายอัญประกาศเปิดของข้อความที่แก้ไขไม่มีเครื่องหมายปิด "
            "โปรดเติม ” เมื่อจบข้อความที่ให้ใช้แทนหรือเพิ่ม",
        )
        for line in unclosed
    ]


def _warn_about_layout(layout: Layout, instruments, lines) -> list[Warning]:
    warnings = []
    if layout.wrapped and instruments:
        first = instruments[0].chain[0].index
        warnings.append(
            Warning(
                lines[first].number,
                "wrapped_lines",
                "บรรทัดในเอกสารถูกตัดกลางประโยค การแบ่งวรรคจึงเป็นการประมาณ "
                "โปรดตรวจการย่อหน้าของแต่ละมาตรา",
            )
        )
    return warnings


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
