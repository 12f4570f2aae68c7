"""Frozen versions as files, written once and kept on disk.

What a file says depends on the version and on how it is written, nothing else: the two
make its ETag and its place on disk.  Text, Word and Akoma Ntoso of the longest code
take a fifth of a second and are written when first asked for; PDF takes ten seconds and
is made by a task, never inside a request.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from celery import current_app
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.errors import ExportUnavailable
from consultations.paper import write_pdf
from drafts import clock
from drafts.export.docx import write_docx
from drafts.export.paper import write_paper
from drafts.export.text import write_text
from drafts.export.version import identity_of_version, law_of_version
from drafts.law.akoma_ntoso import export_law
from drafts.law.numerals import thai_date, thai_digits
from drafts.models import DraftVersion

log = logging.getLogger(__name__)
TASK = "consultations.prepare_download"
#: Raise this when a writer changes what it writes: old files are then left alone.
RENDERER = 1
STYLE = "css/draft-print.css"
#: Nobody asks again for a file being made before this many seconds have passed.
PATIENCE = 600
#: After a failure the next reader may start it again this soon.
RETRY = 120


class State(StrEnum):
    """How far a file is that a task makes."""

    READY = "ready"
    PREPARING = "preparing"
    UNAVAILABLE = (
        "unavailable"  # this machine cannot make it, or the task system is away
    )


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: its extension, its media type and who it is for."""

    name: str
    content_type: str
    write: Callable[[DraftVersion], bytes]
    by_task: bool = False


def _edition(version: DraftVersion) -> str:
    """Say which text a sheet of paper has, so that it can be told from another."""
    day = thai_date(clock.local_date(version.frozen_at), digits="thai")
    return (
        f"ฉบับที่ {thai_digits(version.number)} "
        f"ตรึงข้อความเมื่อ {day} "
        f"รหัส {version.sha256[:12]}"
    )


def _text(version: DraftVersion) -> bytes:
    return write_text(law_of_version(version))


def _docx(version: DraftVersion) -> bytes:
    return write_docx(law_of_version(version), edition=_edition(version))


def _xml(version: DraftVersion) -> bytes:
    return export_law(law_of_version(version), identity_of_version(version))


def _pdf(version: DraftVersion) -> bytes:
    html = write_paper(law_of_version(version), edition=_edition(version))
    return write_pdf(html, style=STYLE, text=html)


FORMATS = {
    found.name: found
    for found in (
        Format("pdf", "application/pdf", _pdf, by_task=True),
        Format(
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            _docx,
        ),
        Format("xml", "application/akn+xml", _xml),
        Format("txt", "text/plain; charset=utf-8", _text),
    )
}


def etag_of(version: DraftVersion, fmt: str) -> str:
    """Return the ETag of a file; it needs no file."""
    return f'"{_mark(version, fmt)}"'


def _mark(version: DraftVersion, fmt: str) -> str:
    seed = f"{version.pk}:{version.sha256}:{RENDERER}:{fmt}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def path_of(version: DraftVersion, fmt: str) -> str:
    """Return where a file is kept; the name changes with the text and the writer."""
    return f"versions/{version.pk}/{_mark(version, fmt)}.{fmt}"


@dataclass(frozen=True, slots=True)
class FileLink:
    """A link to one format; ``size`` is 0 until the file has been made."""

    fmt: str
    name: str
    url: str
    size: int


def file_links(*, slug: str, version: DraftVersion) -> list[FileLink]:
    """Return the links to a version's files, in the page's language."""
    names = {
        "pdf": "PDF",
        "docx": "Word (DOCX)",
        "txt": _("ข้อความล้วน (TXT)"),
        "xml": "Akoma Ntoso (XML)",
    }
    sizes = _sizes(version)
    return [
        FileLink(
            fmt,
            name,
            reverse(
                "consultations:draft_version_file", args=[slug, version.number, fmt]
            ),
            sizes.get(fmt, 0),
        )
        for fmt, name in names.items()
    ]


def _sizes(version: DraftVersion) -> dict[str, int]:
    sizes = {}
    for fmt in FORMATS:
        try:
            sizes[fmt] = default_storage.size(path_of(version, fmt))
        except OSError:
            continue
    return sizes


def read_stored(version: DraftVersion, fmt: str) -> bytes | None:
    """Return a file that was made before, None where there is none."""
    try:
        with default_storage.open(path_of(version, fmt)) as file:
            return file.read()
    except FileNotFoundError:
        return None


def download_write(*, version: DraftVersion, fmt: str) -> bytes:
    """Make a file and keep it; two at once make the same file.

    Raises ExportUnavailable where this machine lacks what the format needs.
    """
    data = FORMATS[fmt].write(version)
    path = path_of(version, fmt)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(data))
    return data


# --- files made by a task ---------------------------------------------------


def _key(version: DraftVersion, fmt: str) -> str:
    return f"download:{_mark(version, fmt)}"


def download_request(*, version: DraftVersion, fmt: str) -> State:
    """Have a file made by a worker; one reader's demand starts it, however many ask."""
    if default_storage.exists(path_of(version, fmt)):
        return State.READY
    try:
        if cache.add(_key(version, fmt), State.PREPARING.value, PATIENCE):
            current_app.send_task(TASK, args=[version.pk, fmt])
            return State.PREPARING
        return State(cache.get(_key(version, fmt)) or State.PREPARING)
    except Exception as error:  # noqa: BLE001 - a cache or broker of any kind may be away
        log.warning("no file of a version can be queued: %s", type(error).__name__)
        return State.UNAVAILABLE


def download_prepare(*, version_id: int, fmt: str) -> None:
    """Make a file in a worker; done twice it is made once.

    A machine without Pango is no fault of the task: readers are told for a while.
    """
    version = DraftVersion.objects.filter(pk=version_id, sealed=True).first()
    if version is None or default_storage.exists(path_of(version, fmt)):
        return
    try:
        download_write(version=version, fmt=fmt)
    except ExportUnavailable as error:
        log.warning("%s", error)
        cache.set(_key(version, fmt), State.UNAVAILABLE.value, RETRY)
    except Exception:
        # Else every reader who waits would start it again at once.
        cache.set(_key(version, fmt), State.UNAVAILABLE.value, RETRY)
        raise
    else:
        cache.delete(_key(version, fmt))
