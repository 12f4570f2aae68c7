"""Import a draft from a file: what the admin's import page does, from a shell."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Page, Site

from drafts import clock
from drafts.errors import DraftError
from drafts.services import draft_import, version_freeze

#: Exit status: the file or the text cannot be used; the agency is not clear.
BAD_INPUT = 2
BAD_AGENCY = 3


class Command(BaseCommand):
    """Print what the parser found, then store the draft."""

    help = "นำเข้าร่างกฎหมายจากไฟล์ TXT DOCX ODT PDF HTML หรือ Akoma Ntoso"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ไฟล์ร่าง")
        parser.add_argument(
            "--agency", default="", help="slug ของหน่วยงาน (ไม่ต้องระบุถ้ามีหน่วยงานเดียว)"
        )
        parser.add_argument("--freeze", action="store_true", help="ตรึงเป็นฉบับเพื่อรับฟังทันที")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"เปิดไฟล์ {path} ไม่ได้: {error.strerror}"
            raise CommandError(message, returncode=BAD_INPUT) from error
        agency = self._agency(options["agency"])
        try:
            result = draft_import(agency=agency, data=data, filename=path.name)
        except DraftError as error:
            message = f"{path.name}: {error.message} ({error.code})"
            raise CommandError(message, returncode=BAD_INPUT) from error
        self.stdout.write(result.outline)
        self.stdout.write(
            f"บันทึกร่างหมายเลข {result.draft.pk} ของ {agency.title} แล้ว "
            f"(คำเตือน {len(result.warnings)} รายการ)"
        )
        if options["freeze"]:
            self._freeze(result.draft)

    def _agency(self, slug: str) -> Page:
        """Find the agency; make one only where there is none at all, and say so."""
        model = apps.get_model("consultations", "AgencyPage")
        agencies = model.objects.order_by("title")
        if slug:
            found = agencies.filter(slug=slug).first()
            if found:
                return found
            known = ", ".join(agencies.values_list("slug", flat=True)) or "ยังไม่มีเลย"
            message = f"ไม่มีหน่วยงานที่ slug เป็น {slug} (ที่มีอยู่: {known})"
            raise CommandError(message, returncode=BAD_AGENCY)
        if agencies.count() > 1:
            known = ", ".join(agencies.values_list("slug", flat=True))
            message = f"มีหลายหน่วยงาน โปรดระบุ --agency เป็นหนึ่งใน: {known}"
            raise CommandError(message, returncode=BAD_AGENCY)
        found = agencies.first()
        if found:
            return found
        home = Site.objects.get(is_default_site=True).root_page
        agency = model(title="หน่วยงานของฉัน", slug=f"agency-{uuid.uuid4().hex[:6]}")
        home.add_child(instance=agency)
        self.stdout.write(
            f"ยังไม่มีหน่วยงาน จึงสร้าง “{agency.title}” (slug {agency.slug}) ให้ก่อน "
            "แก้ชื่อได้ในหน้าจัดการ\n"
        )
        return agency

    def _freeze(self, draft: Any) -> None:
        try:
            version = version_freeze(
                draft=draft,
                revision=draft.latest_revision,
                reason="ตรึงจากคำสั่ง import_draft",
                now=clock.now(),
            )
        except DraftError as error:
            message = f"นำเข้าแล้ว แต่ตรึงไม่ได้: {error.message}"
            raise CommandError(message, returncode=BAD_INPUT) from error
        self.stdout.write(
            f"ตรึงเป็นฉบับที่ {version.number} จำนวน {version.provisions.count()} ส่วน "
            f"SHA-256 {version.sha256}"
        )
