"""All comments as a workbook: streamed, no formulas, nothing cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from io import BytesIO

import xlsxwriter
from django.utils import timezone

from comments.models import Theme
from consultations.models import Round
from consultations.report.exporter import Source
from consultations.report.membership import members_of
from consultations.report.rows import HEAD, TEXTS, comment_rows
from consultations.report.snapshot import snapshot
from drafts import clock

#: A cell holds 32,767 UTF-16 units; every character counts as two here, to be safe.
CELL = 16_000
WIDTHS = {6: 18, 9: 30, 10: 70, 11: 50}


def write_workbook(
    rows: Iterable[list[str | int]],
    *,
    about: Iterable[tuple[str, str]],
    created: dt.datetime,
) -> bytes:
    """Write rows of ``rows.HEAD``; a text too long for a cell goes on to its right.

    Every text is written as a text: no cell is ever a formula or a link.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "in_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": created.replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "bg_color": "#EEF1ED"})
    sheet = book.add_worksheet("ความเห็น")
    for column in range(len(HEAD)):
        sheet.set_column(column, column, WIDTHS.get(column, 16))
    for column, name in enumerate(HEAD):
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 2)
    last = 0
    for line, row in enumerate(rows, 1):
        over: list[str] = []
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, column, value)
            elif column in TEXTS and len(value) > CELL:
                sheet.write_string(line, column, value[:CELL])
                over += [
                    f"[{HEAD[column]} ต่อ] {value[i : i + CELL]}"
                    for i in range(CELL, len(value), CELL)
                ]
            elif value:
                sheet.write_string(line, column, value)
        for offset, piece in enumerate(over):
            sheet.write_string(line, len(HEAD) + offset, piece)
        last = line
    sheet.autofilter(0, 0, max(last, 1), len(HEAD) - 1)
    notes = book.add_worksheet("คำอธิบาย")
    notes.set_column(0, 0, 30)
    notes.set_column(1, 1, 100)
    for line, (name, value) in enumerate(about):
        notes.write_string(line, 0, name)
        notes.write_string(line, 1, value)
    book.close()
    return out.getvalue()


class XlsxExporter:
    name = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    extension = "xlsx"

    def render(self, source: Source) -> bytes:
        return write_workbook(
            source.rows(), about=source.about, created=source.taken_at
        )


def comments_workbook(round: Round, *, now: dt.datetime | None = None) -> bytes:
    """Write all comments of a round as they stand now, before any report."""
    now = timezone.localtime(now or clock.now())
    with snapshot():
        members = members_of(round).members
        titles = {
            number: f"{number}. {title}"
            for number, title in Theme.objects.filter(
                round=round, status=Theme.Status.APPROVED
            ).values_list("number", "title")
        }
        return write_workbook(
            comment_rows(round, members, titles),
            about=(
                ("เรื่อง", round.consultation.title),
                ("ข้อมูล ณ", f"{now:%Y-%m-%d %H:%M}"),
                ("จำนวนความเห็นที่ได้รับ", f"{len(members):,}"),
                ("ข้อมูลส่วนบุคคล", "ปกปิดแล้ว"),
            ),
            created=now,
        )
