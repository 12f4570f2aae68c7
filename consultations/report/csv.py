"""All comments as CSV: UTF-8 with a byte order mark, so that Excel reads the Thai."""

from __future__ import annotations

import csv
from io import StringIO

from consultations.report.exporter import Source, safe_cell
from consultations.report.rows import HEAD


class CsvExporter:
    name = "csv"
    content_type = "text/csv; charset=utf-8"
    extension = "csv"

    def render(self, source: Source) -> bytes:
        out = StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(HEAD)
        for row in source.rows():
            writer.writerow(
                [safe_cell(cell) if isinstance(cell, str) else cell for cell in row]
            )
        return out.getvalue().encode("utf-8-sig")
