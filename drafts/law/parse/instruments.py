"""Find the instruments in a text: an act, and the code that it puts into force.

Each instrument has a numbering of its own.  A text is cut where an act has certainly
ended (countersignature, reasons, footnotes, a title after which numbers start again);
the first piece that has sections is an instrument, a later one only if it is a code or
goes on with the numbering.  Everything else is left to ``tail``: leftovers of amending
acts have sections too, and must not become sections of this one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from drafts.law.numerals import follows
from drafts.law.parse import tail
from drafts.law.parse.divisions import FoundDivision
from drafts.law.parse.heads import Candidate, choose_chain
from drafts.law.parse.lines import DIVISION, OPEN_ENDED, UNNUMBERED, Line
from drafts.law.structure import Number

#: Sections an attached code must have to be told from a leftover.
MIN_CODE_SECTIONS = 3
#: Sections that must go on with the numbering for a later piece to be the same act.
MIN_CONTINUED = 8
#: Sections that go on after a title line show that the title only stood in a sentence.
_GOES_ON = 3
#: A code's name stands on a short line.
_SHORT_TITLE = 60
_COMPONENT = "cmp_{}"


@dataclass(slots=True)
class Instrument:
    """A run of sections: its lines, its chain of heads, its divisions."""

    start: int  # first line
    stop: int  # line after the last
    chain: list[Candidate]
    prefix: str = ""
    divisions: list[FoundDivision] = field(default_factory=list)
    repealed: list[int] = field(default_factory=list)  # lines of repealed ranges
    continues: bool = False  # goes on with the numbering of the one before

    @property
    def opens(self) -> int:
        """The first line of the first division or provision."""
        first = self.chain[0].index
        return min([first, *(found.index for found in self.divisions)])


def find_instruments(
    lines: list[Line], candidates: list[Candidate], *, spaced: bool
) -> list[Instrument]:
    """Cut the text where an act ends, and keep the pieces that are instruments."""
    instruments: list[Instrument] = []
    start = 0
    for cut in [*_find_cuts(lines, candidates), len(lines)]:
        within = [c for c in candidates if start <= c.index < cut]
        if not instruments:
            chain = _best_chain(within)
            if not chain:
                continue
            begin, continues = start, False
        else:
            chain = _attached_chain(lines, start, within)
            continues = not chain
            chain = chain or _continued_chain(lines, instruments, start, within)
            if not chain:
                start = cut
                continue
            begin = _title_before(lines, start, chain[0])
        stop = _body_end(lines, chain[-1].index + 1, cut, spaced)
        instruments.append(Instrument(begin, stop, chain, continues=continues))
        start = cut
    _name_components(instruments)
    return instruments


def main_instrument(instruments: list[Instrument]) -> Instrument | None:
    """Give the instrument with the most sections: the one the text is about."""
    sizes: dict[int, int] = {}
    for index, instrument in enumerate(instruments):
        if instrument.continues:
            sizes[max(sizes)] += len(instrument.chain)
        else:
            sizes[index] = len(instrument.chain)
    return instruments[max(sizes, key=sizes.__getitem__)] if sizes else None


def _name_components(instruments: list[Instrument]) -> None:
    main = main_instrument(instruments)
    prefix = ""
    for order, instrument in enumerate(instruments, start=1):
        if not instrument.continues:
            prefix = "" if instrument is main else _COMPONENT.format(order)
        instrument.prefix = prefix


def _find_cuts(lines: list[Line], candidates: list[Candidate]) -> list[int]:
    """List the lines at which an act has certainly ended."""
    cuts = []
    first = candidates[0].index if candidates else 0
    places: dict[Number, list[int]] = defaultdict(list)
    for candidate in candidates:
        places[candidate.number].append(candidate.index)
    position = 0
    for index, line in enumerate(lines):
        while position < len(candidates) and candidates[position].index <= index:
            position += 1
        if index <= first or line.quoted:
            continue
        text = line.text
        if (
            (
                text.startswith(("ผู้รับสนอง", "รับสนอง"))
                and tail.COUNTERSIGNATURE.match(text)
            )
            or tail.is_reason_note(lines, index)
            or tail.FOOTNOTES.match(text)
            or _restarts(lines, candidates, position, places, index)
        ):
            cuts.append(index)
    return cuts


def _restarts(lines, candidates, position, places, index) -> bool:
    """Say whether a title on this line begins a text that numbers from the start."""
    text = lines[index].text
    code = tail.CODE_TITLE.match(text)
    if not (code or tail.is_title(lines, index)):
        return False
    if not 0 < position < len(candidates):
        return False
    if OPEN_ENDED.search(lines[index - 1].text[-60:]):
        return False
    before, after = candidates[position - 1].number, candidates[position].number
    if code:
        return after[0] == 1 and before[0] > 1 and len(text) <= _SHORT_TITLE
    if after > before or not (after[0] <= _GOES_ON or lines[index].blank_before):
        return False
    return not _numbering_goes_on(before, places, index)


def _numbering_goes_on(number: Number, places, index: int) -> bool:
    """Say whether the sections after ``number`` still follow somewhere below."""
    place = index
    for step in range(1, _GOES_ON + 1):
        below = [i for i in places.get((number[0] + step, 0, 0, 0), ()) if i > place]
        if not below:
            return False
        place = below[0]
    return True


def _best_chain(candidates: list[Candidate]) -> list[Candidate]:
    chains = [
        choose_chain([c for c in candidates if c.word == word])
        for word in ("มาตรา", "ข้อ")
    ]
    return max(chains, key=lambda chain: sum(max(c.score, 0.5) for c in chain))


def _continued_chain(lines, instruments, start, candidates) -> list[Candidate]:
    """Give the chain that goes on with an instrument already found, else nothing.

    An act that puts a further book of a code into force can stand in the middle of it.
    Leftovers of amending acts may carry on the numbers by chance, but not under a
    heading and not for long.
    """
    last = instruments[-1].chain[-1]
    chain = choose_chain(
        [c for c in candidates if c.word == last.word and c.number > last.number]
    )
    while chain and chain[0].score <= 0:
        chain = chain[1:]
    if len(chain) < MIN_CONTINUED or not follows(last.number, chain[0].number):
        return []
    before = lines[max(start, chain[0].index - 6) : chain[0].index]
    headed = any(DIVISION.match(line.text) for line in before)
    return chain if headed else []


def _attached_chain(lines, start, candidates) -> list[Candidate]:
    """Give the chain of a code that stands after a countersignature, else nothing."""
    chain = _best_chain(candidates)
    if not chain:
        return []
    code = _code_title(lines, start, chain[-1].index)
    if code is not None and code > chain[0].index:  # a leftover stands before the code
        chain = _best_chain([c for c in candidates if c.index > code])
    if len(chain) < MIN_CODE_SECTIONS or chain[0].number[0] > 1:
        return []
    if code is not None:
        return chain
    before = lines[start : chain[0].index]
    places = range(start, chain[0].index)
    if any(tail.is_title(lines, i) or tail.NOTE.match(lines[i].text) for i in places):
        return []
    return chain if any(DIVISION.match(line.text) for line in before) else []


def _code_title(lines: list[Line], start: int, stop: int) -> int | None:
    """Find the title of a code: a short line that leads to a head or a division."""
    for index in range(start, stop):
        line = lines[index]
        if len(line.text) > _SHORT_TITLE or not tail.CODE_TITLE.match(line.text):
            continue
        if index > start and OPEN_ENDED.search(lines[index - 1].text[-60:]):
            continue
        after = lines[index + 1 : index + 6]
        if any(DIVISION.match(x.text) or UNNUMBERED.match(x.text) for x in after) or (
            after and re.match(r"มาตรา\s*[๑1](?![๐-๙0-9/])", after[0].text)
        ):
            return index
    return None


def _title_before(lines: list[Line], start: int, first: Candidate) -> int:
    """Find where an attached code begins: its title, else its first division."""
    code = _code_title(lines, start, first.index)
    if code is not None:
        return code
    for index in range(start, first.index):
        if DIVISION.match(lines[index].text):
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
            or (stands_free and tail.is_title(lines, index))
            or tail.MEMORANDUM.match(text)
            or tail.FOOTNOTE.match(text)
            or (len(text) < _SHORT_TITLE and tail.EDITOR.match(text))
        ):
            return index
    return stop
