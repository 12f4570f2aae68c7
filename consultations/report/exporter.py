"""The one contract of all formats: a document and its comments in, a file out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from consultations.errors import ExportUnavailable
from consultations.models import Round
from consultations.report.document import Document, Members
from consultations.report.html import Links
from consultations.report.rows import comment_rows


@dataclass(frozen=True, slots=True)
class Source:
    """What a format is made of.  ``links`` are absolute: files travel."""

    document: Document
    members: Members
    round: Round
    links: Links
    themes: dict[int, str]
    told: list[dict[str, Any]]  # kept beside the report (numbering.py)

    @property
    def taken_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.document.value("taken_at"))

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        """Return what a file of comments says about itself."""
        document = self.document
        return (
            ("เรื่อง", document.subtitle),
            ("หน่วยงาน", document.value("agency")),
            ("รายงาน", document.value("number")),
            ("ข้อมูล ณ", document.value("taken_on")),
            ("จำนวนความเห็นที่ได้รับ", f"{len(self.members):,}"),
            ("ค่าแฮชรายการความเห็น", document.value("members_sha256")),
            ("ข้อมูลส่วนบุคคล", "ปกปิดแล้ว ไม่มีข้อความที่ผู้แสดงความคิดเห็นขอไม่เผยแพร่"),
        )

    def rows(self) -> Iterator[list[str | int]]:
        """Yield the rows of all comments (rows.py)."""
        return comment_rows(self.round, self.members, self.themes)


class Exporter:
    """A format has ``render`` or, where it grows with the comments, ``write``.

    Both may raise ExportUnavailable and nothing else on purpose.
    """

    name: str
    content_type: str
    extension: str

    def render(self, source: Source) -> bytes:
        """Return a whole file."""
        file = BytesIO()
        self.write(source, file)
        return file.getvalue()

    def write(self, source: Source, file: BinaryIO) -> None:
        """Write a file as it is made."""
        file.write(self.render(source))


__all__ = ["ExportUnavailable", "Exporter", "Source"]
