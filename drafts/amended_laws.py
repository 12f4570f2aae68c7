"""Which act in force a law is that a draft amends.

An amending section names a law by its title.  The act is the one that an officer chose
for this draft, else the one in the field ``amends``, else the newest with that title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from drafts import audit
from drafts.errors import DraftError
from drafts.law.numerals import arabic_digits
from drafts.law.structure import (
    Amendment,
    Division,
    DivisionKind,
    LawKind,
    LawText,
    Node,
    Part,
    PartKind,
)
from drafts.law.structure import Provision as LawProvision
from drafts.law.structure import ProvisionKind as LawProvisionKind
from drafts.law.words import tidy
from drafts.models import Act, ActProvision, AmendedLaw, DraftPage, ProvisionKind
from drafts.revisions import check_revision
from drafts.trees import paragraphs_of

#: Choices of an act beside the acts themselves.
BY_TITLE, NONE = "title", "none"
#: Letters of a key; two laws whose titles agree for so long do not exist.
KEY_LENGTH = 500
_ERA = re.compile(r"พุทธศักราช|พ\.ศ\.")


def law_key(title: str) -> str:
    """Return a title as it is compared: no spaces, one kind of digits, one era word."""
    plain = arabic_digits("".join(tidy(title).split()))
    return _ERA.sub("พ.ศ.", plain)[:KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class LawUsed:
    """A law that a draft amends and the act it is compared with.

    ``how``: ``chosen`` by an officer, ``field`` of the draft, ``title`` that is the
    same, or ``none``.  ``unasked`` is what it would be if no officer had chosen.
    """

    title: str
    key: str
    operations: int
    act: Act | None
    how: str
    unasked: str


def is_amending(amendments: Sequence[Amendment]) -> bool:
    """Tell whether a draft amends: one that only repeals whole laws is a new law."""
    return any(one.path or one.op != "repeal" for one in amendments)


def laws_used(
    draft: DraftPage | None,
    amendments: Sequence[Amendment],
    *,
    amends: int | None = None,
) -> tuple[LawUsed, ...]:
    """Say which act each law is that the operations change; at most four queries.

    In the order in which they are named, without those that are only repealed as a
    whole: nothing of them is compared.  ``amends`` is the field's value in the revision
    that is looked at, else the draft's own.  Without a draft, for a text that is not
    stored yet, only titles are compared.
    """
    counts: dict[str, int] = {}
    titles: dict[str, str] = {}
    for one in amendments:
        if one.target_law and (one.path or one.op != "repeal"):
            key = law_key(one.target_law)
            titles.setdefault(key, one.target_law)
            counts[key] = counts.get(key, 0) + 1
    if not counts or not is_amending(amendments):
        return ()
    choices = {
        row.key: row.act
        for row in AmendedLaw.objects.filter(draft=draft).select_related("act")
    }
    chosen = amends or (draft.amends_id if draft else None)
    field = Act.objects.filter(pk=chosen, sealed=True).first() if chosen else None
    titled = acts_titled(counts)
    used = []
    for key, title in titles.items():
        act = titled.get(key)
        how = "title" if act else "none"
        if field and (field.key == key or (len(titles) == 1 and act is None)):
            act, how = field, "field"
        unasked = how
        if key in choices:
            act = choices[key]
            how = "chosen" if act else "none"
        used.append(LawUsed(title, key, counts[key], act, how, unasked))
    return tuple(used)


def acts_titled(keys: Iterable[str]) -> dict[str, Act]:
    """Return the newest act of each key that there is; one query."""
    rows = Act.objects.filter(key__in=list(keys), sealed=True)
    return {act.key: act for act in rows.order_by("as_of", "pk")}


def law_choices(draft: DraftPage) -> dict[str, str]:
    """Return what officers chose, by a law's key: an act's number, or ``NONE``."""
    rows = AmendedLaw.objects.filter(draft=draft).values_list("key", "act")
    return {key: str(act or NONE) for key, act in rows}


@transaction.atomic
def amended_law_choose(
    *,
    draft: DraftPage,
    title: str,
    act: Act | None,
    by_title: bool = False,
    revision: str | None = None,
    by: Any = None,
) -> None:
    """Say which act a law is that the draft names; None: none of those there are.

    ``by_title`` lets its act be found by its title again.  Raises DraftError for an act
    that is not complete yet, Outdated where a colleague chose meanwhile.
    """
    Page.objects.select_for_update().get(pk=draft.pk)
    key = law_key(title)
    check_revision(revision, {"act": law_choices(draft).get(key, BY_TITLE)})
    if by_title:
        AmendedLaw.objects.filter(draft=draft, key=key).delete()
        audit.record(draft, "draft.law_released", by=by, law=title)
        return
    if act and not act.sealed:
        raise DraftError(_("กฎหมายนี้ยังบันทึกไม่ครบ โปรดเลือกฉบับอื่น"), code="not_sealed")
    AmendedLaw.objects.update_or_create(draft=draft, key=key, defaults={"act": act})
    audit.record(
        draft, "draft.law_chosen", by=by, law=title, act=act.pk if act else None
    )


# --- an act as a law --------------------------------------------------------


_COLUMNS = (
    "order",
    "kind",
    "subkind",
    "eid",
    "parent_eid",
    "label",
    "heading",
    "number",
    "text",
    "paragraphs",
)


def law_of_act(act: Act) -> LawText:
    """Return a stored act in the structure that ``drafts.law`` works on; one query."""
    headings: dict[str, tuple[str, ...]] = {"": ()}
    nodes: list[Node] = []
    # Rows, not objects: to make these costs as much as all else on a page.
    rows = ActProvision.objects.filter(act=act).order_by("order")
    for row in rows.values_list(*_COLUMNS, named=True):
        inside = headings.get(row.parent_eid, ())
        node = _node(row, inside)
        if isinstance(node, Division):
            headings[row.eid] = (*inside, node.heading)
        nodes.append(node)
    return LawText(act.title, LawKind(act.kind), tuple(nodes))


def _node(row: Any, inside: tuple[str, ...]) -> Node:
    main, slash, ordinal, sub = [*row.number, 0, 0, 0, 0][:4]
    number = (main, slash, ordinal, sub)
    if row.kind == ProvisionKind.DIVISION:
        kind = DivisionKind(row.subkind)
        return Division(
            kind, row.label, row.heading, number, row.eid, row.order, row.parent_eid
        )
    if row.kind == ProvisionKind.PART:
        part = PartKind(row.subkind)
        return Part(part, row.text, row.order, row.heading, row.eid)
    return LawProvision(
        LawProvisionKind(row.kind),
        row.label.partition(" ")[2],
        number,
        row.eid,
        row.order,
        row.text,
        paragraphs_of(row.paragraphs),
        inside,
        row.parent_eid,
    )
