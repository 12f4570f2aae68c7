"""Tables to take away: one writer of XLSX, one of CSV, one guard against formulas.

Rows are written as they come, so that a table of any length takes little memory.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from typing import Any, BinaryIO

import xlsxwriter
from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
#: A cell holds 32,767 UTF-16 units; every character counts as two here, to be safe.
CELL = 16_000
#: Excel holds 1,048,576 rows a sheet.
SHEET_ROWS = 1_000_000
WIDTH = 16
Row = Iterable[Any]
_FORMULA = frozenset("=+-@＝＋－＠")
_CONTROL = frozenset("\t\r\n")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; ``widths`` are of columns that are not as wide as the others."""

    name: str
    rows: Iterable[Row]
    head: Sequence[str] = ()
    widths: dict[int, int] = field(default_factory=dict)
    frozen: int = 0  # columns that stay when the others are moved


def safe_cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula when it reads a CSV.

    The words stay as they were; an apostrophe before them is what spreadsheets
    themselves put before text (OWASP, CSV injection).  In a workbook each text is
    marked as one and needs none.
    """
    if isinstance(value, str) and (
        value.lstrip(" \ufeff\u200b")[:1] in _FORMULA or value[:1] in _CONTROL
    ):
        return f"'{value}"
    return value


def write_csv(file: BinaryIO, rows: Iterable[Row]) -> None:
    """Write rows as UTF-8 with a byte order mark, so that Excel reads the Thai."""
    file.write(codecs.BOM_UTF8)
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows(map(safe_cell, row) for row in rows)
    text.detach()  # the file is the caller's to close


def write_xlsx(
    file: BinaryIO, sheets: Iterable[Sheet], *, created: dt.datetime | None = None
) -> None:
    """Write sheets one after another; nothing is cut and nothing is a formula.

    A text too long for a cell goes on to the right of its row, and rows too many for a
    sheet in one more of them.
    """
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    if created:
        book.set_properties({"created": created.replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "bg_color": "#EEF1ED"})
    for sheet in sheets:
        rows, part = iter(sheet.rows), 1
        while _write_sheet(book, sheet, rows, part, bold):
            part += 1
    book.close()


def _write_sheet(book: Any, sheet: Sheet, rows: Any, part: int, bold: Any) -> bool:
    """Write what one sheet holds; tell whether it is full and more may follow."""
    paper = book.add_worksheet(sheet.name if part == 1 else f"{sheet.name} {part}")
    width = len(sheet.head)
    for column in range(max(width, *sheet.widths, 0) + 1):
        paper.set_column(column, column, sheet.widths.get(column, WIDTH))
    for column, name in enumerate(sheet.head):
        paper.write_string(0, column, name, bold)
    first = line = 1 if sheet.head else 0
    for row in rows:
        _write_row(paper, line, list(row), sheet.head)
        line += 1
        if line >= SHEET_ROWS:
            break
    if sheet.head:
        paper.freeze_panes(1, sheet.frozen)
        paper.autofilter(0, 0, max(line - 1, first), width - 1)
    return line >= SHEET_ROWS


def _write_row(paper: Any, line: int, row: list[Any], head: Sequence[str]) -> None:
    over: list[str] = []
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                paper.write_string(line, column, value[:CELL])
            name = head[column] if column < len(head) else ""
            over += [
                f"[{name} ต่อ] {value[at : at + CELL]}"
                for at in range(CELL, len(value), CELL)
            ]
        elif value is not None:
            paper.write_number(line, column, value)
    for offset, piece in enumerate(over, max(len(head), len(row))):
        paper.write_string(line, offset, piece)


def xlsx_response(name: str, sheets: Iterable[Sheet], **more: Any) -> FileResponse:
    """Answer with a workbook, written to a file on disk and sent from there."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write_xlsx(file, sheets, **more)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
