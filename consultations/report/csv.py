"""All comments as CSV."""

from __future__ import annotations

from itertools import chain
from typing import BinaryIO

from consultations import tables
from consultations.report.exporter import Exporter, Source
from consultations.report.rows import HEAD


class CsvExporter(Exporter):
    name = "csv"
    content_type = tables.CSV
    extension = "csv"

    def write(self, source: Source, file: BinaryIO) -> None:
        tables.write_csv(file, chain([HEAD], source.rows()))
