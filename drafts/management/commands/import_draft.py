"""Import a draft from a file, or put a corrected file into one, from a shell."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Page, Site

from drafts import clock
from drafts.correction_rows import Row
from drafts.corrections import Correction, correction_plan, correction_save
from drafts.errors import DraftError
from drafts.law.outline import outline
from drafts.law.redline import Span
from drafts.law.structure import LawText
from drafts.models import DraftPage
from drafts.selectors import Said, said_of
from drafts.services import draft_import, draft_read, version_freeze
from drafts.uploads import file_keep

#: Exit status: the file or the text cannot be used; the agency is not clear.
BAD_INPUT = 2
BAD_AGENCY = 3
_MARKS = {"insert": "[+{}+]", "delete": "[-{}-]", "same": "{}"}


class Command(BaseCommand):
    """Print what the parser found, then store the draft."""

    help = "นำเข้าร่างกฎหมายจากไฟล์ TXT DOCX ODT PDF HTML หรือ Akoma Ntoso"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ไฟล์ร่าง")
        parser.add_argument(
            "--agency", default="", help="slug ของหน่วยงาน (ไม่ต้องระบุถ้ามีหน่วยงานเดียว)"
        )
        parser.add_argument("--freeze", action="store_true", help="ตรึงเป็นฉบับเพื่อรับฟังทันที")
        parser.add_argument(
            "--into",
            type=int,
            metavar="DRAFT_ID",
            help="นำไฟล์ที่แก้แล้วเข้าร่างหมายเลขนี้ ส่วนเดิมเก็บรหัสและคำอธิบาย",
        )
        parser.add_argument("--dry-run", action="store_true", help="พิมพ์สิ่งที่จะเกิด ไม่บันทึก")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"เปิดไฟล์ {path} ไม่ได้: {error.strerror}"
            raise CommandError(message, returncode=BAD_INPUT) from error
        if options["into"] is not None:
            self._correct(path, data, options)
            return
        if options["dry_run"]:
            self.stdout.write(outline(self._read(path, data)))
            return
        agency = self._agency(options["agency"])
        try:
            result = draft_import(
                agency=agency,
                data=data,
                filename=path.name,
                source=file_keep(name=path.name, data=data),
            )
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

    def _read(self, path: Path, data: bytes) -> LawText:
        try:
            return draft_read(data=data, filename=path.name)
        except DraftError as error:
            message = f"{path.name}: {error.message} ({error.code})"
            raise CommandError(message, returncode=BAD_INPUT) from error

    def _correct(self, path: Path, data: bytes, options: dict[str, Any]) -> None:
        """Say what a corrected file changes in a draft; store it unless told not to."""
        draft = DraftPage.objects.filter(pk=options["into"]).first()
        if draft is None:
            message = f"ไม่มีร่างหมายเลข {options['into']}"
            raise CommandError(message, returncode=BAD_INPUT)
        law = self._read(path, data)
        correction = correction_plan(draft=draft, law=law)
        for line in _report(draft, correction):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("ยังไม่ได้บันทึก (--dry-run)")
            return
        try:
            correction_save(
                draft=draft,
                law=law,
                revision=correction.revision,
                mark=correction.mark,
                filename=path.name,
                sha256=hashlib.sha256(data).hexdigest(),
                source=file_keep(name=path.name, data=data),
            )
            draft.refresh_from_db()
        except DraftError as error:
            raise CommandError(error.message, returncode=BAD_INPUT) from error
        self.stdout.write(f"บันทึกลงในร่างหมายเลข {draft.pk} แล้ว")
        if options["freeze"]:
            self._freeze(draft)

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


def _report(draft: DraftPage, correction: Correction) -> Iterator[str]:
    """Write the preview of the admin's page as lines of text."""
    if correction.is_empty:
        yield "ไฟล์ตรงกับร่างทุกส่วน ไม่มีอะไรจะเปลี่ยน"
        return
    yield correction.summary
    for text in (*correction.alarms, *correction.hints):
        yield f"! {text}"
    for warning in correction.law.warnings:
        yield f"! บรรทัด {warning.line}: {warning.message} ({warning.code})"
    if correction.title_spans:
        yield f"ชื่อร่าง: {_plain(correction.title_spans)}"
    said = said_of(draft, [row.old.block["id"] for row in correction.leaving])
    for row in correction.rows:
        yield f"{row.title}  {', '.join(row.change_names)}{_asked(row)}"
        if row.leaves:
            one = said.get(row.old.block["id"], Said())
            yield f"    มี {one.comments} ความคิดเห็นในฉบับที่ตรึงไว้ ซึ่งยังอยู่ครบ"
        elif row.change in {"changed", "added", "split"}:
            yield f"    {_plain(row.spans)}".replace("\n", "\n    ")


def _asked(row: Row) -> str:
    if not row.asked:
        return ""
    taken = "ถือเป็นส่วนเดิม" if row.keeps else "ถือเป็นส่วนใหม่"
    return f"  (ไม่แน่ใจ {taken} เลือกเองได้ในหน้าจัดการ)"


def _plain(spans: Iterable[Span]) -> str:
    return "".join(_MARKS[span.op].format(span.text) for span in spans)
