"""What a file beside a draft may be: its type is told by its content."""

from __future__ import annotations

import zipfile

from django.core.files.base import File
from django.utils.translation import gettext as _

from consultations.errors import ConsultationError

#: Bytes of one document.
MAX_DOCUMENT = 20 * 1024 * 1024
#: Extension -> a member that a zip of this kind must have; "" for other formats.
_PACKAGES = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
}
DOCUMENT_TYPES = ("pdf", *_PACKAGES, "txt", "csv")


def document_check(file: File) -> str:
    """Return the extension if the content is what it says; raise ConsultationError."""
    extension = (file.name or "").rpartition(".")[2].lower()
    if extension not in DOCUMENT_TYPES:
        raise ConsultationError(
            _("รับเฉพาะไฟล์ %(types)s")
            % {"types": ", ".join(kind.upper() for kind in DOCUMENT_TYPES)},
            code="type",
        )
    if file.size > MAX_DOCUMENT:
        raise ConsultationError(
            _("ไฟล์ใหญ่เกิน %(size)d เมกะไบต์") % {"size": MAX_DOCUMENT // 1024**2},
            code="too_big",
        )
    if file.size == 0:
        raise ConsultationError(_("ไฟล์นี้ว่างเปล่า"), code="empty")
    file.seek(0)
    if not _is_what_it_says(file, extension):
        raise ConsultationError(
            _("เนื้อไฟล์ไม่ตรงกับชนิด .%(type)s โปรดบันทึกไฟล์ใหม่แล้วส่งอีกครั้ง")
            % {"type": extension},
            code="content",
        )
    file.seek(0)
    return extension


def _is_what_it_says(file: File, extension: str) -> bool:
    if extension == "pdf":
        return b"%PDF-" in file.read(1024)
    if extension in _PACKAGES:
        try:
            with zipfile.ZipFile(file) as package:
                names = set(package.namelist())
        except (zipfile.BadZipFile, ValueError):
            return False
        macros = any(name.endswith("vbaProject.bin") for name in names)
        return _PACKAGES[extension] in names and not macros
    return b"\0" not in file.read(8192)
