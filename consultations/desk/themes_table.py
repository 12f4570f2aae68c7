"""The workbench's table as XLSX: themes and buckets, then every comment placed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from comments.models import Bucket, Channel, Stance, Status, ThemeAssignment
from comments.themes import selectors
from consultations.models import Round
from consultations.tables import Sheet, xlsx_response


def response(round: Round) -> FileResponse:
    """Return the workbook."""
    name = f"themes-{round.consultation.slug}-{round.number}.xlsx"
    return xlsx_response(name, [_themes_sheet(round), _comments_sheet(round)])


def _themes_sheet(round: Round) -> Sheet:
    themes, buckets, _retired = selectors.piles_of(round)
    stances = [str(label) for _code, label in Stance.choices]
    head = [_("ที่"), _("ประเด็น"), _("สถานะ"), _("ทั้งหมด"), _("ไม่นับซ้ำ"), *stances,
            _("รับรองโดย")]  # fmt: skip
    rows = [
        (
            row.number or None,
            row.title,
            str(row.theme.get_status_display()) if row.theme else "",
            row.size,
            row.distinct,
            *(stance.count for stance in row.stances),
            str((row.theme and row.theme.approved_by) or ""),
        )
        for row in (*themes, *buckets)
    ]
    return Sheet(_("ประเด็น"), rows, head, {1: 50})


def _comments_sheet(round: Round) -> Sheet:
    head = [_("รหัสความเห็น"), _("ประเด็นที่"), _("ประเด็น"), _("กลุ่ม"), _("มาตรา"),
            _("จุดยืน"), _("ข้อความ"), _("ถ้อยคำที่เสนอ"), _("ช่องทาง"), _("ผู้จัด"),
            _("ความใกล้เคียง"), _("ระยะห่างจากอันดับสอง"), _("หลักฐาน")]  # fmt: skip
    return Sheet(_("ความคิดเห็น"), _comment_rows(round), head)


def _comment_rows(round: Round) -> Iterator[tuple[Any, ...]]:
    stances, channels = dict(Stance.choices), dict(Channel.choices)
    buckets = dict(Bucket.choices)
    sources = {"machine": _("ระบบ"), "person": _("เจ้าหน้าที่")}
    rows = (
        ThemeAssignment.objects.filter(selectors.COUNTED, round=round)
        .order_by("comment_id")
        .values_list(
            "comment__public_id", "theme__number", "theme__title", "bucket",
            "comment__provision__label", "comment__stance", "comment__public_text",
            "comment__public_suggestion", "comment__submission__channel", "source",
            "similarity", "margin", "evidence", "comment__status",
        )
    )  # fmt: skip
    for values in rows.iterator(chunk_size=2000):
        (public_id, number, title, bucket, label, stance, text, suggestion, channel,
         source, similarity, margin, evidence, status) = values  # fmt: skip
        if status == Status.WITHHELD:
            text = suggestion = _("(ผู้แสดงความคิดเห็นขอไม่เผยแพร่)")
        yield (
            public_id,
            number,
            title or "",
            str(buckets.get(bucket, "")),
            label or "",
            str(stances[stance]),
            text,
            suggestion,
            str(channels[channel]),
            sources[source],
            similarity,
            margin,
            _("ใช่") if evidence else "",
        )
