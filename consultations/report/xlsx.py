"""All comments as a workbook."""

from __future__ import annotations

from typing import BinaryIO

from consultations import tables
from consultations.report.exporter import Exporter, Source
from consultations.report.rows import HEAD

WIDTHS = {6: 18, 9: 30, 10: 70, 11: 50}


class XlsxExporter(Exporter):
    name = "xlsx"
    content_type = tables.XLSX
    extension = "xlsx"

    def write(self, source: Source, file: BinaryIO) -> None:
        sheets = (
            tables.Sheet("ความเห็น", source.rows(), HEAD, WIDTHS, frozen=2),
            tables.Sheet("คำอธิบาย", source.about, widths={0: 30, 1: 100}),
        )
        tables.write_xlsx(file, sheets, created=source.taken_at)
