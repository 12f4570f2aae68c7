"""Name a place in a law and give the words that stand there.

A place is a path as ``targets`` gives it: ``sec_10__para_2`` is มาตรา ๑๐ วรรคสอง.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafts.law.item_labels import item_label
from drafts.law.numerals import (
    ITEM_LETTERS,
    format_label,
    number_from_eid,
    parse_label,
    read_number,
    word_number,
)
from drafts.law.printed import printed_lines
from drafts.law.references import eids_of, resolve
from drafts.law.schedules import find_part
from drafts.law.structure import (
    Division,
    LawText,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
)

_WORDS = {
    "sec": "มาตรา",
    "cl": "ข้อ",
    "book": "บรรพ",
    "part": "ภาค",
    "title": "ลักษณะ",
    "chp": "หมวด",
    "div": "ส่วนที่",
    "subdiv": "ตอนที่",
}
_SCHEDULE = "schedule_"
_HEADING = "__heading"


def place_name(path: str, new_text: str = "") -> str:
    """Say in Thai which place a path is: มาตรา ๑๐ วรรคสอง (๓); "" for a whole law.

    ``new_text``, the words that are put there, tells (๓) from (ค), which a path does
    not.
    """
    if path.startswith(_SCHEDULE):
        name, _, entry = path.removeprefix(_SCHEDULE).partition("__point_")
        number = number_from_eid(entry) if entry else None
        name = name.replace("-", " ")
        return f"{name} ({format_label(number)})" if number else name
    steps = [step for step in path.split("__") if step]
    if not steps:
        return ""
    named = [_step(step, depth) for step, depth in _with_depth(steps)]
    if steps[-1] == "heading":
        return f"ชื่อ{' '.join(named[:-1])}"
    printed = item_label(new_text)
    if printed and steps[-1].startswith("point_"):
        named[-1] = printed[1].strip()
    if len(steps) > 2 and steps[1] == "para_1" and steps[2].startswith("point_"):
        del named[1]  # an item named without its วรรค is taken to be in the first
    return " ".join(filter(None, named))


def _with_depth(steps: list[str]) -> Iterator[tuple[str, int]]:
    depth = 0
    for step in steps:
        depth += step.startswith("point_")
        yield step, depth


def _step(step: str, depth: int) -> str:
    kind, _, rest = step.partition("_")
    if kind == "def":
        return f"บทนิยามคำว่า “{rest}”"
    if kind == "para":
        return "วรรคท้าย" if rest == "last" else f"วรรค{word_number(read_number(rest))}"
    number = number_from_eid(rest)
    if number is None:
        return ""
    if kind != "point":
        return f"{_WORDS.get(kind, kind)} {format_label(number)}"
    if depth > 1 and number[0] <= len(ITEM_LETTERS):
        return f"({ITEM_LETTERS[number[0] - 1]})"
    return f"({format_label(number)})"


def node_at(law: LawText, path: str) -> Provision | Division | Part | None:
    """Return the section, division or schedule in which a place is; None if none."""
    if path.startswith(_SCHEDULE):
        name = path.removeprefix(_SCHEDULE).partition("__point_")[0]
        schedules = [part for part in law.parts if part.kind is PartKind.SCHEDULE]
        return find_part(schedules, name.replace("-", " "))
    if path.startswith(("sec_", "cl_")):
        head = path.partition("__")[0]
        return next((one for one in law.provisions if one.eid == head), None)
    wanted = path.removesuffix(_HEADING)
    if not wanted:
        return None
    return next(
        (d for d in law.divisions if d.eid == wanted or d.eid.endswith(f"__{wanted}")),
        None,
    )


def words_at(law: LawText, path: str) -> str:
    """Return the words that stand at a place, byte for byte; "" where there is none."""
    node = node_at(law, path)
    if isinstance(node, Provision):
        inside = path.partition("__")[2]
        return _inside(node, path) if inside else node.text
    if isinstance(node, Division):
        heading = node.heading
        return heading if path.endswith(_HEADING) else _division(law, node)
    if isinstance(node, Part):
        entry = path.partition("__point_")[2]
        return _entry(node.text, entry) if entry else node.text
    return ""


def _inside(provision: Provision, path: str) -> str:
    lines = printed_lines(provision.paragraphs, provision.text)
    wanted = path.partition("__")[2]
    if wanted.startswith("def_"):
        term = re.compile(rf"[“\"]{re.escape(wanted[4:])}[”\"]")
        found = next((line.eid for line in lines if term.match(line.text)), None)
    else:
        found = resolve(path, eids_of([provision]))
        if found and (path == found or path.startswith(f"{found}__")):
            found = found if found == path else None  # only what stands above it
    if not found:
        return ""
    return "\n".join(
        line.text
        for line in lines
        if line.eid == found or line.eid.startswith(f"{found}__")
    )


def _division(law: LawText, division: Division) -> str:
    inside = f"{division.eid}__"
    lines = []
    for node in law:
        if isinstance(node, Division):
            if node.eid == division.eid or node.eid.startswith(inside):
                lines.append(node.heading)
        elif isinstance(node, Provision) and (
            node.division_eid == division.eid or node.division_eid.startswith(inside)
        ):
            word = "ข้อ" if node.kind is ProvisionKind.CLAUSE else "มาตรา"
            lines.append(f"{word} {node.label}  {node.text}")
    return "\n".join(lines)


def _entry(text: str, number: str) -> str:
    """Return the numbered entry of a schedule with the lines that belong to it."""
    wanted, taken, style = number_from_eid(number), [], None
    for line in text.split("\n"):
        label = item_label(line)
        if label and style in {None, label[0]}:
            if taken:
                break
            style = label[0]
            if parse_label(label[1].strip("(). ")) == wanted:
                taken.append(line)
        elif taken:
            taken.append(line)
    return "\n".join(taken)
