"""Executable quality rules of a run, each with its reason, shown to the officer.

A rule never stops a run and never changes it: it says where to look first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from comments.nlp.placing import Placed
from comments.nlp.result import BUCKETS, Assignment, ThemeProposal
from comments.nlp.text import Comment

TWIN_SIMILARITY = 0.8
BIG_SHARE = 0.4
LOW_MARGIN = 0.03
LOW_MARGIN_SHARE = 0.25
BUCKET_SHARE = 0.08
LONG_TEXT_SHARE = 0.5


def check(
    comments: Sequence[Comment],
    assignments: Sequence[Assignment],
    themes: Sequence[ThemeProposal],
    placed: Placed,
) -> list[dict]:
    """All rules: ``{"id", "ok", "value", "limit", "themes", "why"}`` each."""
    return [
        _accounted(comments, assignments),
        _quotes(comments, themes),
        _twins(placed, themes),
        _biggest(comments, themes),
        _buckets(comments, assignments),
        _uncertain(assignments, themes),
        _labels_differ(themes),
    ]


def _rule(rule_id, ok, value, limit, why, *, themes=()) -> dict:
    return {
        "id": rule_id,
        "ok": bool(ok),
        "value": value,
        "limit": limit,
        "themes": [list(t) if isinstance(t, tuple) else t for t in themes],
        "why": why,
    }


def _accounted(comments, assignments) -> dict:
    right = [c.id for c in comments] == [a.id for a in assignments] and all(
        (a.theme is None) != (a.bucket is None) for a in assignments
    )
    return _rule(
        "accounted",
        right,
        len(assignments),
        len(comments),
        "ทุกความเห็นต้องอยู่ในประเด็นหรือกลุ่มพักเพียงแห่งเดียว ไม่มีความเห็นใดหายไป",
    )


def _quotes(comments, themes) -> dict:
    text = {c.id: c.text for c in comments}
    wrong = [
        theme.id
        for theme in themes
        if not theme.quotes
        or any(not 0 <= q.start < q.end <= len(text[q.comment]) for q in theme.quotes)
    ]
    return _rule(
        "quoted",
        not wrong,
        len(wrong),
        0,
        "ทุกประเด็นต้องมีข้อความจริงจากความเห็นเป็นหลักฐาน",
        themes=wrong,
    )


def _twins(placed, themes) -> dict:
    if len(themes) < 2 or placed.source == "single":
        return _rule("twins", True, 0.0, TWIN_SIMILARITY, _WHY_TWINS)
    sims = np.round(placed.centroids @ placed.centroids.T, 4)
    np.fill_diagonal(sims, -1)
    pairs = [
        (int(a) + 1, int(b) + 1)
        for a, b in np.argwhere(sims >= TWIN_SIMILARITY)
        if a < b
    ]
    return _rule(
        "twins", not pairs, float(sims.max()), TWIN_SIMILARITY, _WHY_TWINS, themes=pairs
    )


_WHY_TWINS = "ประเด็นคู่ที่ใกล้กันมากอาจเป็นเรื่องเดียวกัน ควรพิจารณารวม"


def _biggest(comments, themes) -> dict:
    share = max((t.size for t in themes), default=0) / max(1, len(comments))
    many = [
        t.id
        for t in themes
        if len(comments) > 50 and t.size > BIG_SHARE * len(comments)
    ]
    return _rule(
        "biggest",
        not many,
        round(share, 4),
        BIG_SHARE,
        "ประเด็นที่ใหญ่เกินไปมักรวมหลายเรื่องไว้ด้วยกัน ควรพิจารณาแยก",
        themes=many,
    )


def _buckets(comments, assignments) -> dict:
    inside = sum(a.bucket in BUCKETS for a in assignments)
    share = inside / max(1, len(comments))
    return _rule(
        "buckets",
        share <= BUCKET_SHARE,
        round(share, 4),
        BUCKET_SHARE,
        "ความเห็นที่ยังไม่เข้าประเด็นมีมาก ควรอ่านทีละรายการหรือเลือกจำนวนประเด็นมากขึ้น",
    )


def _uncertain(assignments, themes) -> dict:
    total: dict[int, int] = {}
    low: dict[int, int] = {}
    for a in assignments:
        if a.theme is not None and a.margin is not None:
            total[a.theme] = total.get(a.theme, 0) + 1
            low[a.theme] = low.get(a.theme, 0) + (a.margin < LOW_MARGIN)
    weak = [t for t in sorted(total) if low[t] > LOW_MARGIN_SHARE * total[t]]
    share = sum(low.values()) / max(1, sum(total.values()))
    return _rule(
        "uncertain",
        not weak,
        round(share, 4),
        LOW_MARGIN_SHARE,
        "ประเด็นที่ความเห็นจำนวนมากอยู่ก้ำกึ่งกับประเด็นอื่น ควรตรวจตามลำดับความไม่แน่ใจ",
        themes=weak,
    )


def _labels_differ(themes) -> dict:
    seen: dict[str, int] = {}
    same = []
    for theme in themes:
        if theme.label in seen:
            same.append((seen[theme.label], theme.id))
        seen.setdefault(theme.label, theme.id)
    return _rule(
        "labels",
        not same,
        len(same),
        0,
        "ชื่อประเด็นซ้ำกันทำให้ผู้อ่านแยกไม่ออก ควรตั้งชื่อใหม่",
        themes=same,
    )
