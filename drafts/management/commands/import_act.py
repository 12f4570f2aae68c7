"""Import a law in force from a file, to be compared with the drafts that amend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from drafts.acts import act_import
from drafts.errors import DraftError
from drafts.law.numerals import thai_date
from drafts.thai_dates import read_date
from drafts.uploads import file_keep

#: Exit status: the file, the date or the text cannot be used.
BAD_INPUT = 2


class Command(BaseCommand):
    """Print what the parser found, then store the act; it never changes after that."""

    help = "นำเข้ากฎหมายที่ใช้บังคับจากไฟล์ TXT DOCX ODT PDF HTML หรือ Akoma Ntoso"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ไฟล์ตัวบท")
        parser.add_argument("--title", default="", help="ชื่อกฎหมาย ถ้าไม่ใช้ชื่อในไฟล์")
        parser.add_argument(
            "--as-of", required=True, help="ฉบับ ณ วันที่ เช่น 2026-06-30 หรือ 30/06/2569"
        )
        parser.add_argument("--source", default="", help="ที่มาของตัวบท")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        as_of = read_date(options["as_of"])
        if as_of is None:
            message = (
                f"อ่านวันที่ {options['as_of']} ไม่ได้ เขียนเช่น 2026-06-30 หรือ 30/06/2569"
            )
            raise CommandError(message, returncode=BAD_INPUT)
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"เปิดไฟล์ {path} ไม่ได้: {error.strerror}"
            raise CommandError(message, returncode=BAD_INPUT) from error
        try:
            result = act_import(
                data=data,
                filename=path.name,
                title=options["title"],
                as_of=as_of,
                source_note=options["source"],
                source=file_keep(name=path.name, data=data),
            )
        except DraftError as error:
            message = f"{path.name}: {error.message} ({error.code})"
            raise CommandError(message, returncode=BAD_INPUT) from error
        self.stdout.write(result.outline)
        self.stdout.write(
            f"บันทึก {result.act.title} ฉบับ ณ วันที่ {thai_date(as_of)} "
            f"หมายเลข {result.act.pk} แล้ว (คำเตือน {len(result.warnings)} รายการ)"
        )
