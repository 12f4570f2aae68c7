"""Numbers by who people are: province, group, capacity, identity, and the three voices.

They are printed only where they tell of nobody (``small_cells``), all tables of a
report taken together, and open no list of texts.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from itertools import product

from consultations.report.document.blocks import Inline, Number
from consultations.report.document.inputs import ReportInput
from consultations.report.document.members import (
    COUNTED,
    STANCES,
    WHO,
    Member,
    Members,
    facet,
    joined,
)
from consultations.report.document.small_cells import Sum, left_out

KINDS = ("capacity", "group", "province", "identity")
#: Stances of which heading 11 tells; the others are in its sums.
TOLD = STANCES[:3]
LEFT_OUT = "ไม่แสดง"
#: Said only where heading 8 has that table.
WHERE_IDENTITY = "ผู้แสดงความคิดเห็นยืนยันตัวตนหรือไม่ อยู่ในหัวข้อ 8"


def voice(theme: str, stance: str, who: str) -> str:
    """Name a number of heading 11: of all themes, or of all stances too, with "".

    The agencies' total is the number of the capacity of the same name.
    """
    if who == "agency" and not theme and not stance:
        return facet("capacity", "agency")
    return joined(theme, stance, facet("who", who))


def _sizes(behind: dict[str, list[list[int]]]) -> Tally[str]:
    return Tally({name: sum(map(len, groups)) for name, groups in behind.items()})


class People:
    """What of these numbers one report prints."""

    def __init__(self, given: ReportInput) -> None:
        self.smallest = dict(given.smallest)
        self.themes = [facet("theme", t.number) for t in given.themes]
        behind = self._behind(given.members)
        self.comments = _sizes(behind)
        self.people = Tally({n: len(set().union(*g)) for n, g in behind.items()})
        former = given.former
        before = _sizes(self._behind(former)) if former else self.comments
        floor = max(self.smallest.values())
        small = {
            name
            for name, number in self.people.items()
            if self._is_printed(name)
            and (
                number < self.smallest.get(name.partition("-")[0], floor)
                # Two reports of a round tell of whoever was taken out between them.
                or 0 < abs(self.comments[name] - before[name]) < floor
            )
        }
        sums = [*self._tables(), *self._voices()]
        never = {n for s in sums for n in s[1] if not self._is_printed(n)}
        gone = left_out(self.comments, sums, small=small, never=never)
        # Beside comments, these tables print people: of both nothing may be worked out.
        own = small & {n for _whole, parts in self._tables() for n in parts}
        self.gone = left_out(self.people, self._tables(), small=own, already=gone)

    @property
    def are_few(self) -> bool:
        """Tell that a table could not help telling of somebody."""
        return 0 < self.people[COUNTED] < max(self.smallest.values())

    @property
    def note(self) -> str:
        return (
            f"“{LEFT_OUT}” คือตัวเลขของคนน้อยกว่า {max(self.smallest.values())} ราย "
            "และตัวเลขอื่นเท่าที่จำเป็นเพื่อไม่ให้คำนวณตัวเลขนั้นได้ "
            "ตัวเลขในตารางนี้ไม่เปิดรายการข้อความ"
        )

    def number(self, name: str, of: Tally[str] | None = None) -> Inline:
        """Print a number, or that it is left out."""
        return LEFT_OUT if name in self.gone else Number((of or self.comments)[name])

    def values(self, kind: str) -> list[str]:
        """Return the values of a kind that occur, the most frequent first."""
        found = self._all(kind)
        # The order of those left out must not tell which is larger.
        return sorted(
            found,
            key=lambda n: (n in self.gone, n in self.gone or -self.comments[n], n),
        )

    def _is_printed(self, name: str) -> bool:
        kind, *rest = name.split("~")
        if not rest:
            return kind.partition("-")[0] in {*KINDS, "who"}
        return (
            rest[-1].startswith("who-")
            and not name.startswith("rest")
            and ("other" not in {kind, *rest})
        )

    def _behind(self, members: Members) -> dict[str, list[list[int]]]:
        """Return the submissions of the counted comments behind each number.

        In groups: comments alike in all that is asked here are named once.
        """
        groups: dict[tuple[object, ...], tuple[Member, list[int]]] = {}
        about = ("capacity", "identity", "group", "province", "theme", "stance")
        rows = members.each("state", "submission", *about)
        for n, (state, submission, *values) in enumerate(rows):
            if state == COUNTED:
                key = tuple(values)
                if key not in groups:
                    groups[key] = members.member(n), []
                groups[key][1].append(submission)
        found: dict[str, list[list[int]]] = defaultdict(list)
        for one, submissions in groups.values():
            for name in self._names(one):
                found[name].append(submissions)
        return found

    def _names(self, row: Member) -> set[str]:
        theme = facet("theme", row.theme)
        theme = theme if theme in self.themes else "rest"
        stance = facet("stance", row.stance)
        stance = stance if row.stance in TOLD else "other"
        return {
            COUNTED,
            facet("capacity", row.capacity),
            facet("identity", row.identity),
            facet("group", row.group or "none"),
            facet("province", row.province or "none"),
            joined(facet("capacity", row.capacity), "in" if row.group else "out"),
            voice(theme, stance, row.who),
            voice("", stance, row.who),
            voice("", "", row.who),
        }

    def _tables(self) -> list[Sum]:
        return [("", self._all(kind)) for kind in KINDS]

    def _all(self, kind: str) -> list[str]:
        return [n for n in self.comments if n.startswith(f"{kind}-") and "~" not in n]

    def _voices(self) -> list[Sum]:
        """Return how heading 11 hangs together, and with capacity and group."""
        stances = [*(facet("stance", s) for s in TOLD), "other"]
        rows = [*self.themes, "rest"]
        sums: list[Sum] = [("", [voice("", "", who) for who in WHO])]
        for row, stance in product((*rows, ""), stances):
            if row and stance == "other":
                continue
            sums.append(("", [voice(row, stance, who) for who in WHO]))
        for who in WHO:
            parts = [voice("", stance, who) for stance in stances]
            sums.append((voice("", "", who), parts))
            for stance in stances[:-1]:
                parts = [voice(row, stance, who) for row in rows]
                sums.append((voice("", stance, who), parts))
        capacities = self._all("capacity")
        sums += [(c, [joined(c, "in"), joined(c, "out")]) for c in capacities]
        sums.append((facet("group", "none"), [joined(c, "out") for c in capacities]))
        persons = [c for c in capacities if c.endswith(("-individual", "-academic"))]
        sums.append((voice("", "", "public"), [joined(c, "out") for c in persons]))
        return sums
