"""The report as data: the document and the state of every comment, canonical JSON."""

from __future__ import annotations

from consultations.report.document import canonical_json
from consultations.report.exporter import Exporter, Source


class JsonExporter(Exporter):
    name = "json"
    content_type = "application/json"
    extension = "json"

    def render(self, source: Source) -> bytes:
        """Write the canonical JSON itself: its SHA-256 is the report's."""
        return canonical_json(source.document).encode()
