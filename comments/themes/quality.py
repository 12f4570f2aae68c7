"""Executable quality rules of a round's themes as people have left them.

The run checks its own output (``comments/nlp/rules.py``); these look at the themes as
they stand now, so a merge or a move shows at once.  A rule never stops anybody: it
says where to look first, why, and leads there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from comments.models import (
    CandidateAssignment,
    Source,
    Stance,
    Status,
    Theme,
    ThemeAssignment,
)
from comments.nlp.rules import BIG_SHARE, LOW_MARGIN, LOW_MARGIN_SHARE
from comments.themes.candidates import Candidates
from comments.themes.selectors import COUNTED, PileRow, Workbench

#: "Other" and "few" together: above this share a reader of the report finds too much
#: that no theme speaks of (the limit the pipeline is measured by, docs/themes.md).
BUCKET_SHARE = 0.08
#: Below so many comments shares say nothing: one comment is two per cent.
ENOUGH = 50
#: A theme of so few comments in a large round is rather a lone argument.
SMALL_THEME = 3
#: Share of the smaller theme's comments that also speak of the other one.
OVERLAP_SHARE = 0.3
OVERLAP_LEAST = 5
#: Rows with secondary themes that are read; beyond it the overlap is a sample.
OVERLAP_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule found: themes (one or a pair) and a figure in words."""

    themes: tuple[PileRow, ...] = ()
    bucket: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its reason and what it found; nothing found is good."""

    code: str
    title: str
    why: str
    found: list[Found] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.found


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def rules_of(round: Any, bench: Workbench, candidates: Candidates) -> list[Rule]:
    """Check all rules, those that found something first; four more queries."""
    rules = [
        _accounted(bench),
        _buckets(bench),
        _biggest(bench),
        _twins(bench, candidates),
        _overlaps(bench, candidates),
        _uncertain(round, bench),
        _quotable(round, bench),
        _small(bench),
        _titles(bench),
        _unsigned(bench),
    ]
    return sorted(rules, key=lambda rule: rule.ok)


def _accounted(bench: Workbench) -> Rule:
    lacking = bench.received - bench.accounted + bench.accounting["waiting"]
    return Rule(
        "accounted",
        _("ทุกความเห็นมีที่อยู่"),
        _("ความเห็นที่ไม่อยู่ที่ใดเลยจะไม่ได้คำตอบ วิเคราะห์อีกครั้งเพื่อจัดความเห็นที่เหลือ"),
        [Found(figure=str(lacking))] if lacking else [],
    )


def _counted(bench: Workbench) -> int:
    return sum(row.size for row in (*bench.themes, *bench.buckets))


def _buckets(bench: Workbench) -> Rule:
    total = _counted(bench)
    open_ = [row for row in bench.buckets if row.bucket in {"other", "few"}]
    share = sum(row.size for row in open_) / max(1, total)
    many = total > ENOUGH and share > BUCKET_SHARE
    return Rule(
        "buckets",
        _("ความเห็นนอกประเด็นมีน้อย"),
        _("ถ้ามีมาก รายงานจะพูดไม่ถึงหลายเรื่อง อ่านแล้วตั้งเป็นประเด็น หรือวิเคราะห์ใหม่ให้ละเอียด"),
        [
            Found(bucket=row.bucket, figure=_percent(row.size / total))
            for row in open_
            if many and row.size
        ],
    )


def _biggest(bench: Workbench) -> Rule:
    total = _counted(bench)
    return Rule(
        "biggest",
        _("ไม่มีประเด็นใดใหญ่เกินไป"),
        _("ประเด็นที่ใหญ่เกินไปมักรวมหลายเรื่องไว้ด้วยกัน คำตอบเดียวจึงไม่พอ ลองแยก"),
        [
            Found((row,), figure=_percent(row.size / total))
            for row in bench.themes
            if total > ENOUGH and row.size > BIG_SHARE * total
        ],
    )


def _twins(bench: Workbench, candidates: Candidates) -> Rule:
    """Compare all pairs: by meaning as the run measured it, and by title."""
    rows = {row.number: row for row in bench.themes}
    homes = candidates.homes()
    pairs: set[tuple[int, int]] = set()
    for rule in candidates.metrics.get("rules", []):
        if rule.get("id") == "twins":
            for pair in rule.get("themes", []):
                homed = sorted({homes[n] for n in pair if n in homes})
                if len(homed) == 2:
                    pairs.add((homed[0], homed[1]))
    titles: dict[str, int] = {}
    for row in sorted(bench.themes, key=lambda one: one.number):
        first = titles.setdefault(" ".join(row.title.split()).lower(), row.number)
        if first != row.number:
            pairs.add((first, row.number))
    return Rule(
        "twins",
        _("ไม่มีสองประเด็นที่เป็นเรื่องเดียวกัน"),
        _("ประเด็นคู่ที่ใกล้กันมากหรือชื่อเหมือนกันอาจเป็นเรื่องเดียวกัน ดูคู่กันแล้วรวมถ้าใช่"),
        [
            Found((rows[a], rows[b]))
            for a, b in sorted(pairs)
            if a in rows and b in rows
        ],
    )


def _overlaps(bench: Workbench, candidates: Candidates) -> Rule:
    """Count long comments of one theme that also speak of another, for all pairs."""
    rows = {row.number: row for row in bench.themes}
    homes = candidates.homes()
    shared: Counter[tuple[int, int]] = Counter()
    if candidates.run is not None:
        values = CandidateAssignment.objects.filter(
            run=candidates.run, comment__assignment__theme__isnull=False
        ).exclude(also=[])
        for theme, also in values.values_list(
            "comment__assignment__theme__number", "also"
        )[:OVERLAP_ROWS]:
            for other in {homes.get(n) for n in also} - {None, theme}:
                shared[min(theme, other), max(theme, other)] += 1
    found = []
    for (a, b), n in shared.items():
        if a in rows and b in rows and n >= OVERLAP_LEAST:
            share = n / max(1, min(rows[a].size, rows[b].size))
            if share > OVERLAP_SHARE:
                found.append((share, Found((rows[a], rows[b]), figure=_percent(share))))
    found.sort(key=lambda one: -one[0])
    return Rule(
        "overlap",
        _("ประเด็นไม่เหลื่อมกันมาก"),
        _("ความเห็นยาวจำนวนมากพูดถึงทั้งสองประเด็น คำตอบควรไปด้วยกันหรือควรรวม"),
        [one for _share, one in found],
    )


def _uncertain(round: Any, bench: Workbench) -> Rule:
    rows = {row.theme.pk: row for row in bench.themes if row.theme}
    counts = (
        ThemeAssignment.objects.filter(
            COUNTED,
            round=round,
            source=Source.MACHINE,
            margin__isnull=False,
            theme__status=Theme.Status.PROPOSED,
        )
        .order_by()
        .values_list("theme")
        .annotate(n=Count("pk"), low=Count("pk", filter=Q(margin__lt=LOW_MARGIN)))
    )
    weak = [
        (low / n, rows[theme])
        for theme, n, low in counts
        if theme in rows and low > LOW_MARGIN_SHARE * n
    ]
    weak.sort(key=lambda one: (-one[0], one[1].number))
    return Rule(
        "uncertain",
        _("ระบบมั่นใจพอในทุกประเด็น"),
        _("ความเห็นจำนวนมากก้ำกึ่งกับประเด็นอื่น อ่านตามลำดับความไม่แน่ใจแล้วยืนยันหรือย้าย"),
        [Found((row,), figure=_percent(share)) for share, row in weak],
    )


def _quotable(round: Any, bench: Workbench) -> Rule:
    """Find stances in a theme that no published words can be quoted for.

    No threshold: a side of which the report can show not one sentence is not heard.
    """
    rows = {row.theme.pk: row for row in bench.themes if row.theme}
    words = Q(comment__status=Status.PUBLISHED) & ~(
        Q(comment__public_text="") & Q(comment__public_suggestion="")
    )
    counts = (
        ThemeAssignment.objects.filter(COUNTED, round=round, theme__in=list(rows))
        .order_by()
        .values_list("theme", "comment__stance")
        .annotate(n=Count("pk"), quotable=Count("pk", filter=words))
        .filter(quotable=0)
    )
    labels = dict(Stance.choices)
    mute = [
        (rows[theme].number, stance, Found((rows[theme],), figure=f"{label}: {n}"))
        for theme, stance, n, _quotable in counts
        for label in [labels[Stance(stance)]]
    ]
    mute.sort(key=lambda one: one[:2])
    return Rule(
        "quotable",
        _("ทุกจุดยืนในทุกประเด็นมีข้อความให้อ้าง"),
        _("ถ้าไม่มีข้อความที่เผยแพร่ได้ รายงานจะบอกได้แค่จำนวน ตรวจว่าปกปิดเกินจำเป็นหรือไม่"),
        [found for _number, _stance, found in mute],
    )


def _small(bench: Workbench) -> Rule:
    small = [row for row in bench.themes if row.size < SMALL_THEME]
    large_round = _counted(bench) > ENOUGH
    return Rule(
        "small",
        _("ไม่มีประเด็นที่เล็กเกินไป"),
        _("ประเด็นที่มีไม่กี่ความเห็นในรอบใหญ่ อาจรวมกับประเด็นใกล้เคียง หรือคงไว้ถ้าเป็นเหตุผลใหม่"),
        [
            Found((row,), figure=str(row.size))
            for row in small
            # What a person made of a lone argument is meant to be small.
            if large_round and row.theme and row.theme.created_by_id is None
        ],
    )


def _titles(bench: Workbench) -> Rule:
    return Rule(
        "titles",
        _("ทุกประเด็นมีชื่อที่คนตั้ง"),
        _("คำสำคัญจากระบบไม่ใช่ชื่อ ผู้อ่านรายงานต้องเข้าใจได้โดยไม่เปิดอ่านความเห็น"),
        [
            Found((row,))
            for row in bench.themes
            if row.theme and row.theme.title_source == Source.MACHINE
        ],
    )


def _unsigned(bench: Workbench) -> Rule:
    return Rule(
        "unsigned",
        _("รับรองครบทุกประเด็น"),
        _("ระบบเสนอ คนลงนาม ประเด็นที่ยังไม่รับรองยังตอบและพิมพ์ในรายงานไม่ได้"),
        [Found((row,)) for row in bench.themes if not row.is_approved],
    )
