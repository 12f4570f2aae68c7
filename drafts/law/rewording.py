"""Change a word in text without changing words that only contain it.

Thai writes no spaces: กรม stands in กรมธรรม์ and ชาย in ชายแดน, which an instruction to
change กรม or ชาย does not mean.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from drafts.law.words import compound_parts, spans


class Rewording:
    """Change ``old`` to ``new`` where it stands as words of its own.

    ``left``: longer words that hold the old one and were left as they are.  With
    ``in_compounds`` it is changed in those as well that are made up of it and others:
    กรม in กรมประมง, but not in กรมธรรม์.
    """

    def __init__(self, old: str, new: str, *, in_compounds: bool = False) -> None:
        self._old = re.compile(re.escape(old))
        self._new = new
        self._in_compounds = in_compounds
        self.left: dict[str, None] = {}

    def __call__(self, text: str) -> str:
        """Give ``text`` with the words changed."""
        found = list(self._old.finditer(text))
        if not found:
            return text
        words = spans(text)
        starts = [start for _, start, _ in words]
        ends = [end for _, _, end in words]

        def changed(match: re.Match[str]) -> str:
            holders = [
                word
                for word, start, end in words[
                    bisect_right(ends, match.start()) : bisect_left(starts, match.end())
                ]
                if start < match.start() or match.end() < end
            ]
            if not holders or (
                self._in_compounds
                and all(match.group() in compound_parts(word) for word in holders)
            ):
                return self._new
            self.left.update(dict.fromkeys(holders))
            return match.group()

        return self._old.sub(changed, text)
