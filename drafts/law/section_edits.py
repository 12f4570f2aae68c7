"""Edit one provision as an operation says: a วรรค, an item, a definition, a word.

Every function gives the provision's new paragraphs; ``DoesNotFit`` says why an
operation cannot be applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from drafts.law.numerals import number_from_eid, read_number
from drafts.law.parse.body import build_paragraphs
from drafts.law.parse.lines import HEAD, Layout, Line
from drafts.law.structure import Amendment, Item, Paragraph, Provision

REPEALED = "(ยกเลิก)"
_LAYOUT = Layout(spaced=False, wrapped=False, two_spaces=False, width=0)


class DoesNotFit(Exception):
    """An operation whose place is not in the provision; ``str()`` says why, in Thai."""


def body_of(text: str) -> str:
    """Drop the quoted head: “มาตรา ๘  ผู้ให้เช่า…” → ผู้ให้เช่า…"""
    match = HEAD.match(text.split("\n", 1)[0])
    if not match:
        return text
    rest = text.split("\n", 1)[1:]
    return "\n".join(filter(None, [match["rest"], *rest]))


def split_paragraphs(eid: str, text: str) -> tuple[Paragraph, ...]:
    lines = [
        Line(0, line.strip(), blank_before=False)
        for line in text.split("\n")
        if line.strip()
    ]
    if not lines:
        return ()
    return build_paragraphs(eid, lines[0].text, lines[1:], _LAYOUT)


def reword(
    provision: Provision, inside: str, change: Callable[[str], str]
) -> tuple[Paragraph, ...]:
    """Change words in one วรรค of a provision, in one item where one is named."""
    steps = inside.split("__")
    paragraphs = list(provision.paragraphs)
    last = steps[0] == "para_last"
    index = len(paragraphs) - 1 if last else read_number(steps[0][5:]) - 1
    if not 0 <= index < len(paragraphs):
        return provision.paragraphs
    places = [index]
    if len(steps) > 1:  # an item named without its วรรค may stand in a later one
        places += [place for place in range(len(paragraphs)) if place != index]
    for place in places:
        paragraph = paragraphs[place]
        items = _reword_items(paragraph.items, steps[1:], change)
        text = paragraph.text
        if len(steps) == 1:
            text = change(text)
        new = replace(paragraph, text=text, items=items)
        if new != paragraph:
            paragraphs[place] = new
            break
    return tuple(paragraphs)


def _reword_items(
    items: tuple[Item, ...], steps: list[str], change: Callable[[str], str]
) -> tuple[Item, ...]:
    changed = []
    for item in items:
        if steps and item.eid.rpartition("__")[2] != steps[0]:
            changed.append(item)
            continue
        text = item.text
        if len(steps) <= 1:
            text = change(text)
        inner = _reword_items(item.items, steps[1:], change)
        changed.append(replace(item, text=text, items=inner))
    return tuple(changed)


def change_inside(
    provision: Provision, inside: str, amendment: Amendment
) -> tuple[Paragraph, ...]:
    """Replace, add or repeal a part of a provision: ``inside`` is its path there."""
    steps = inside.split("__")
    paragraphs = list(provision.paragraphs)
    eid = provision.eid
    if steps[0].startswith("def_"):
        return _change_definition(provision, steps[0][4:], amendment)
    if not steps[0].startswith("para_"):
        raise DoesNotFit("ไม่เข้าใจตำแหน่งที่จะแก้ไขในมาตรานี้")
    last = steps[0] == "para_last"
    index = len(paragraphs) - 1 if last else read_number(steps[0][5:]) - 1
    if len(steps) > 1:
        return _change_item(provision, index, steps[1:], amendment)
    text = body_of(amendment.new_text)
    if amendment.op == "insert":
        if last:
            index = len(paragraphs)
        if index > len(paragraphs):
            raise DoesNotFit("ตำแหน่งวรรคที่จะเพิ่มอยู่เกินจำนวนวรรคที่มี")
        paragraphs[index:index] = split_paragraphs(eid, text)
    elif not 0 <= index < len(paragraphs):
        raise DoesNotFit("ไม่พบวรรคที่จะแก้ไขในมาตรานี้")
    elif amendment.op == "repeal":
        del paragraphs[index]
    else:
        paragraphs[index : index + 1] = split_paragraphs(eid, text)
    return _renumber(eid, paragraphs)


def _change_definition(
    provision: Provision, term: str, amendment: Amendment
) -> tuple[Paragraph, ...]:
    paragraphs = list(provision.paragraphs)
    new = split_paragraphs(provision.eid, amendment.new_text)
    place = next(
        (
            i
            for i, p in enumerate(paragraphs)
            if re.match(rf"[“\"]{re.escape(term)}[”\"]", p.text)
        ),
        None,
    )
    if amendment.op == "insert":
        if place is not None:
            raise DoesNotFit(f"บทนิยามคำว่า “{term}” มีอยู่แล้ว")
        quoted = [i for i, p in enumerate(paragraphs) if p.text.startswith(("“", '"'))]
        at = quoted[-1] + 1 if quoted else len(paragraphs)
        paragraphs[at:at] = new
    elif place is None:
        raise DoesNotFit(f"ไม่พบบทนิยามคำว่า “{term}” ในมาตรานี้")
    elif amendment.op == "repeal":
        del paragraphs[place]
    else:
        paragraphs[place : place + 1] = new
    return _renumber(provision.eid, paragraphs)


def _change_item(
    provision: Provision, index: int, steps: list[str], amendment: Amendment
) -> tuple[Paragraph, ...]:
    paragraphs = list(provision.paragraphs)
    order = [index, *(i for i in range(len(paragraphs)) if i != index)]
    for place in order:
        if not 0 <= place < len(paragraphs):
            continue
        items = _edit_items(paragraphs[place].items, steps, amendment)
        if items is not None:
            paragraphs[place] = replace(paragraphs[place], items=items)
            return _renumber(provision.eid, paragraphs)
    raise DoesNotFit("ไม่พบอนุมาตราที่จะแก้ไขในมาตรานี้")


def _edit_items(  # noqa: PLR0911 - one return for each operation
    items: tuple[Item, ...], steps: list[str], amendment: Amendment
) -> tuple[Item, ...] | None:
    """Change one item of a list; None when the list has no place for it."""
    name = [item.eid.rpartition("__")[2] for item in items]
    step = steps[0]
    if len(steps) > 1:
        if step not in name:
            return None
        place = name.index(step)
        inner = _edit_items(items[place].items, steps[1:], amendment)
        if inner is None:
            return None
        return (*items[:place], replace(items[place], items=inner), *items[place + 1 :])
    new = _new_items(amendment)
    if amendment.op == "insert":
        if not items or step in name:
            return None
        wanted = number_from_eid(step.partition("_")[2])
        numbers = [number_from_eid(n.partition("_")[2]) for n in name]
        place = sum(bool(n and wanted and n < wanted) for n in numbers)
        return (*items[:place], *new, *items[place:])
    if step not in name:
        return None
    place = name.index(step)
    if amendment.op == "repeal":
        new = (replace(items[place], text=REPEALED, items=()),)
    return (*items[:place], *new, *items[place + 1 :])


def _new_items(amendment: Amendment) -> tuple[Item, ...]:
    paragraphs = split_paragraphs("new", amendment.new_text)
    return tuple(item for paragraph in paragraphs for item in paragraph.items)


def _renumber(eid: str, paragraphs: list[Paragraph]) -> tuple[Paragraph, ...]:
    """Give paragraphs and items the eIds of their new places."""
    result = []
    for order, paragraph in enumerate(paragraphs, start=1):
        own = f"{eid}__para_{order}"
        result.append(Paragraph(own, paragraph.text, _rename(own, paragraph.items)))
    return tuple(result)


def _rename(parent: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    renamed = []
    for item in items:
        own = f"{parent}__{item.eid.rpartition('__')[2]}"
        renamed.append(Item(own, item.label, item.text, _rename(own, item.items)))
    return tuple(renamed)
