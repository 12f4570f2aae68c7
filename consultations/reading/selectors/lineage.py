"""What happened to provisions from one public version to another, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.reading.selectors.names import called, lang_of, name_of
from consultations.reading.selectors.reasons import Reason
from consultations.reading.selectors.rounds import RoundHead, RoundsOf
from drafts.law.compare import Change, Span, redline, similarity
from drafts.lineage import Happening, chain_of
from drafts.matching import By, words_of
from drafts.models import Provision, ProvisionKind


@dataclass(frozen=True, slots=True)
class Place:
    """A provision of one version: its name, and where it is read."""

    id: int
    eid: str
    name: str
    called: str  # in the page's language
    lang: str  # of the name, "" where it is the page's own
    url: str
    version: int  # its number


@dataclass(frozen=True, slots=True)
class ProvisionChange:
    """What became of one provision, or of several where split or merged.

    ``percent`` is how much alike the words are, None for a certain match; ``is_exact``
    that no word changed; ``reasons`` the agency's answers that said so beforehand.
    """

    change: Change
    before: tuple[Place, ...]
    after: tuple[Place, ...]
    spans: tuple[Span, ...]
    by: str
    percent: int | None
    is_exact: bool
    is_renumbered: bool
    is_moved: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def kind(self) -> str:
        return self.change.value

    @property
    def label(self) -> str:
        return change_name(self.change)

    @property
    def places(self) -> tuple[Place, ...]:
        """The provisions as they are called now, or were when they were removed."""
        return self.after or self.before

    @property
    def name(self) -> str:
        return _names(self.places)

    @property
    def is_whole(self) -> bool:
        """Tell whether the whole of it was added or removed."""
        return not (self.before and self.after)

    @property
    def is_certain(self) -> bool:
        return self.by == By.IDENTITY

    @property
    def sentence(self) -> str:
        """Say in one sentence what happened, "" where only words changed."""
        form = _sentence(
            self.change, renumbered=self.is_renumbered, moved=self.is_moved
        )
        return form % {"old": _names(self.before), "new": _names(self.after)}

    @property
    def matched(self) -> str:
        """Say how the old and the new were found to belong together."""
        return how_matched(self.by, self.percent, is_exact=self.is_exact)


def change_name(change: Change) -> str:
    """Return what a change is called, on its tag and in the filter."""
    return {
        Change.SAME: _("คงเดิม"),
        Change.MOVED: _("ย้ายที่"),
        Change.RENUMBERED: _("เปลี่ยนเลข"),
        Change.CHANGED: _("แก้ถ้อยคำ"),
        Change.SPLIT: _("แยกออก"),
        Change.MERGED: _("รวมกัน"),
        Change.ADDED: _("เพิ่มใหม่"),
        Change.REMOVED: _("ตัดออก"),
    }[change]


def how_matched(by: str, percent: int | None, *, is_exact: bool) -> str:
    """Say how an old and a new provision were found to belong together."""
    named = {"n": percent}
    match by, is_exact:
        case By.IDENTITY, _exact:
            return _("จับคู่ด้วยรหัสเดิม")
        case By.LABEL, True:
            return _("จับคู่ด้วยเลขเดิมและถ้อยคำเดิม")
        case By.LABEL, False:
            return _("จับคู่ด้วยเลขเดิม ถ้อยคำคล้ายกัน %(n)s%%") % named
        case By.SIMILARITY, True:
            return _("จับคู่ด้วยถ้อยคำที่ตรงกันทุกคำ")
        case By.SIMILARITY, False:
            return _("จับคู่ด้วยความคล้าย %(n)s%%") % named
    return ""


def percent_of(alike: float, *, is_exact: bool) -> int:
    """Return a resemblance in percent; 100 only where no word differs."""
    return 100 if is_exact else max(1, min(99, round(alike * 100)))


def _sentence(change: Change, *, renumbered: bool, moved: bool) -> str:
    numbered = {
        Change.MOVED: _("%(old)s ย้ายไปเป็น %(new)s ถ้อยคำไม่เปลี่ยน"),
        Change.CHANGED: _("%(old)s เปลี่ยนเลขเป็น %(new)s และแก้ถ้อยคำ"),
    }
    if renumbered and change in numbered:
        return numbered[change]
    if moved and change is Change.CHANGED:
        return _("%(new)s ย้ายที่และแก้ถ้อยคำ")
    return {
        Change.SAME: _("%(new)s คงเดิม ไม่มีคำใดเปลี่ยน"),
        Change.MOVED: _("%(new)s ย้ายที่ ถ้อยคำไม่เปลี่ยน"),
        Change.RENUMBERED: _("%(old)s เปลี่ยนเลขเป็น %(new)s ถ้อยคำไม่เปลี่ยน"),
        Change.CHANGED: "",
        Change.SPLIT: _("%(old)s แยกเป็น %(new)s"),
        Change.MERGED: _("%(old)s รวมเป็น %(new)s"),
        Change.ADDED: _("%(new)s เพิ่มขึ้นใหม่ ไม่มีในฉบับก่อน"),
        Change.REMOVED: _("%(old)s ถูกตัดออกทั้งหมด"),
    }[change]


def _names(places: Sequence[Place]) -> str:
    names = [place.called for place in places]
    if len(names) < 2:
        return "".join(names)
    return _("%(most)s และ%(last)s") % {
        "most": ", ".join(names[:-1]),
        "last": names[-1],
    }


def versions_of(found: RoundsOf) -> tuple[RoundHead, ...]:
    """Return the public versions from the oldest, each by its newest round."""
    heads = {head.version_id: head for head in found.all}.values()
    return tuple(sorted(heads, key=lambda head: head.version_number))


def version_before(found: RoundsOf) -> RoundHead | None:
    """Return the public version before the one that is read, None for the first."""
    earlier = [
        head
        for head in versions_of(found)
        if head.version_number < found.head.version_number
    ]
    return earlier[-1] if earlier else None


def last_with(found: RoundsOf, eid: str) -> RoundHead | None:
    """Return the newest public version that has a provision; one query."""
    heads = {head.version_id: head for head in versions_of(found)}
    rows = Provision.objects.filter(version__in=heads, eid=eid)
    version_id = (
        rows.order_by("-version__number").values_list("version_id", flat=True).first()
    )
    return heads.get(version_id)


def chain_between(older: RoundHead, newer: RoundHead) -> list[int]:
    """Return the versions from one to a later one; one query unless they are next."""
    ends = [older.version_id, newer.version_id]
    if older.version_number + 1 == newer.version_number:
        return ends
    return chain_of(*ends)


def read_provisions(ids: Iterable[int]) -> dict[int, Provision]:
    """Read what is needed to name and to compare some provisions; one query."""
    return {
        row.pk: row
        for row in Provision.objects.filter(pk__in=list(ids)).only(
            "version_id", "kind", "subkind", "eid", "label", "heading", "text", "order"
        )
    }


def place_of(row: Provision, head: RoundHead) -> Place:
    """Name a provision of the version of ``head``; a heading is read in its draft."""
    facts = (row.kind, row.subkind, row.label, row.heading, row.eid)
    in_text = row.kind == ProvisionKind.DIVISION
    return Place(
        row.pk,
        row.eid,
        name_of(*facts),
        called(*facts),
        lang_of(row.kind, row.label),
        head.draft_url
        + (f"?division={row.eid}#{row.eid}" if in_text else f"{row.eid}/"),
        head.version_number,
    )


def tell(
    happening: Happening,
    rows: Mapping[int, Provision],
    *,
    older: RoundHead,
    newer: RoundHead,
    reasons: Mapping[int, tuple[Reason, ...]] | None = None,
) -> ProvisionChange:
    """Compare the words of what belongs together; no query."""
    before = [rows[pk] for pk in happening.old]
    after = [rows[pk] for pk in happening.new]
    old, new = ("\n".join(map(words_of, side)) for side in (before, after))
    spans = redline(old, new)
    is_exact = happening.exact or all(span.op == "same" for span in spans)
    percent = None
    if happening.by not in {"", By.IDENTITY}:
        alike = happening.similarity
        alike = similarity(old, new) if alike is None else alike
        percent = percent_of(alike, is_exact=is_exact)
    return ProvisionChange(
        change=happening.change,
        before=tuple(place_of(row, older) for row in before),
        after=tuple(place_of(row, newer) for row in after),
        spans=spans,
        by=happening.by,
        percent=percent,
        is_exact=is_exact,
        is_renumbered=happening.renumbered,
        is_moved=happening.moved,
        reasons=tuple(
            reason for pk in happening.old for reason in (reasons or {}).get(pk, ())
        ),
    )
