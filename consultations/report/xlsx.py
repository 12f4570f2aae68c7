"""All comments as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

from django.utils import timezone

from comments.models import Theme
from consultations import tables
from consultations.models import Round
from consultations.report.exporter import Exporter, Source
from consultations.report.membership import members_of
from consultations.report.rows import HEAD, comment_rows
from consultations.report.snapshot import snapshot
from drafts import clock

WIDTHS = {6: 18, 9: 30, 10: 70, 11: 50}


def _sheets(
    rows: Iterable[list[Any]], about: Iterable[tuple[str, str]]
) -> Iterator[tables.Sheet]:
    yield tables.Sheet("ความเห็น", rows, HEAD, WIDTHS, frozen=2)
    yield tables.Sheet("คำอธิบาย", about, widths={0: 30, 1: 100})


class XlsxExporter(Exporter):
    name = "xlsx"
    content_type = tables.XLSX
    extension = "xlsx"

    def write(self, source: Source, file: BinaryIO) -> None:
        sheets = _sheets(source.rows(), source.about)
        tables.write_xlsx(file, sheets, created=source.taken_at)


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
        sheets = _sheets(
            comment_rows(round, members, titles),
            (
                ("เรื่อง", round.consultation.title),
                ("ข้อมูล ณ", f"{now:%Y-%m-%d %H:%M}"),
                ("จำนวนความเห็นที่ได้รับ", f"{len(members):,}"),
                ("ข้อมูลส่วนบุคคล", "ปกปิดแล้ว"),
            ),
        )
        file = BytesIO()
        tables.write_xlsx(file, sheets, created=now)
        return file.getvalue()
