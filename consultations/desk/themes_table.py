"""The workbench's table as XLSX, written row by row to a file on disk."""

from __future__ import annotations

import tempfile
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext as _

from comments.models import Bucket, Channel, Stance, Status, Theme, ThemeAssignment
from comments.themes import selectors
from consultations.models import Round

#: Excel holds 1,048,576 rows a sheet.
SHEET_ROWS = 1_000_000
#: A cell holds 32,767 characters; what is longer is cut here and says so.
CELL = 32_700
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cell_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, in at most one cell."""
    if text[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        text = f"'{text}"
    return text if len(text) <= CELL else f"{text[:CELL]}… ({_('ตัดให้พอดีเซลล์')})"


def _write(sheet: Any, row: int, values: list[Any]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, column, cell_text(value))
        elif value is not None:
            sheet.write_number(row, column, value)


def response(round: Round) -> FileResponse:
    """Return the workbook: themes and buckets, then every comment placed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False}
    )
    _themes_sheet(book, round)
    _comments_sheets(book, round)
    book.close()
    file.seek(0)
    name = f"themes-{round.consultation.slug}-{round.number}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _themes_sheet(book: Any, round: Round) -> None:
    themes, buckets, _retired = selectors.piles_of(round)
    sheet = book.add_worksheet(_("ประเด็น"))
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, 1, 50)
    stances = [str(label) for _code, label in Stance.choices]
    head = [_("ที่"), _("ประเด็น"), _("สถานะ"), _("ทั้งหมด"), _("ไม่นับซ้ำ"), *stances,
            _("รับรองโดย")]  # fmt: skip
    _write(sheet, 0, head)
    for n, row in enumerate((*themes, *buckets), start=1):
        theme: Theme | None = row.theme
        who = str(theme.approved_by) if theme and theme.approved_by else ""
        state = str(theme.get_status_display()) if theme else ""
        counts = [stance.count for stance in row.stances]
        _write(
            sheet,
            n,
            [
                row.number or None,
                row.title,
                state,
                row.size,
                row.distinct,
                *counts,
                who,
            ],
        )


def _comments_sheets(book: Any, round: Round) -> None:
    head = [_("รหัสความเห็น"), _("ประเด็นที่"), _("ประเด็น"), _("กลุ่ม"), _("มาตรา"),
            _("จุดยืน"), _("ข้อความ"), _("ถ้อยคำที่เสนอ"), _("ช่องทาง"), _("ผู้จัด"),
            _("ความใกล้เคียง"), _("ระยะห่างจากอันดับสอง"), _("หลักฐาน")]  # fmt: skip
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
    sheet, at = None, 0
    for values in rows.iterator(chunk_size=2000):
        (public_id, number, title, bucket, label, stance, text, suggestion, channel,
         source, similarity, margin, evidence, status) = values  # fmt: skip
        if sheet is None or at >= SHEET_ROWS:
            sheet, at = book.add_worksheet(), 0
            sheet.freeze_panes(1, 0)
            _write(sheet, 0, head)
        at += 1
        if status == Status.WITHHELD:
            text = suggestion = _("(ผู้แสดงความคิดเห็นขอไม่เผยแพร่)")
        _write(
            sheet,
            at,
            [
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
            ],
        )
