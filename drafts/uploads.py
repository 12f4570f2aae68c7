"""Files as people upload them: kept byte for byte, and what was made of each.

A file is stored the moment it arrives and carried from step to step by a signed token
of the person who sent it, so that no mistake in another field loses it.  One that
nothing was made of is removed after a day by the clock's work.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import PurePath
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from drafts import clock, policies
from drafts.errors import DraftError
from drafts.law.readers import ReaderError, read
from drafts.models import Act, DraftPage, SourceFile

#: How long a file waits for something to be made of it, and how many of one person.
KEPT = dt.timedelta(days=1)
MOST_WAITING = 20
_SALT = "drafts.upload"


def file_keep(*, name: str, data: bytes, by: Any = None) -> SourceFile:
    """Store a file as it came; the oldest of too many waiting ones of a person go."""
    now = clock.now()
    source = SourceFile(
        name=PurePath(name).name[:255],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=now,
        created_by=by,
    )
    # The name on the disk says nothing and cannot be guessed.
    source.file.save(get_random_string(32), ContentFile(data), save=False)
    source.save()
    if by is not None:
        mine = _waiting().filter(created_by=by).order_by("-created_at", "-pk")
        _remove(mine[MOST_WAITING:])
    return source


def file_text(source: SourceFile) -> str:
    """Read a kept file into text; raise DraftError, which says why it cannot be."""
    try:
        found = read(file_bytes(source), source.name)
    except ReaderError as error:
        raise DraftError(error.in_language(_), code=error.code) from error
    text = found.text.replace("\x00", "")  # no form field takes it
    source.text_sha256 = _hash(text)
    source.save(update_fields=["text_sha256"])
    return text


def file_bytes(source: SourceFile) -> bytes:
    with source.file.open("rb") as file:
        return file.read()


def file_or_text(source: SourceFile | None, text: str) -> bytes | str:
    """Return the file itself where the text is the file's, else the text.

    So Akoma Ntoso keeps its structure, unless a person has changed its words.
    """
    is_same = source is not None and source.text_sha256 == _hash(text)
    return file_bytes(source) if is_same else text


def _hash(text: str) -> str:
    """Hash a text as a form sends it back: line ends and blank ends do not count."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def token_of(source: SourceFile) -> str:
    """Return what stands for a waiting file in its sender's form."""
    return signing.dumps([source.pk, source.created_by_id], salt=_SALT)


def file_of(token: str, user: Any) -> SourceFile | None:
    """Return the waiting file that a token of this user stands for; None when gone."""
    try:
        key, sender = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if sender != user.pk:
        return None
    after = clock.now() - KEPT
    return _waiting().filter(pk=key, created_by=user, created_at__gt=after).first()


def file_use(
    source: SourceFile | None,
    *,
    draft: DraftPage | None = None,
    act: Act | None = None,
) -> None:
    """Say what was made of a file, in the same transaction.

    Raises DraftError where something was made of it already: the form was sent twice.
    """
    if source is None:
        return
    if not _waiting().filter(pk=source.pk).update(draft=draft, act=act):
        raise DraftError(
            _("ไฟล์นี้บันทึกไปแล้ว หากต้องการบันทึกอีกครั้ง โปรดเลือกไฟล์ใหม่"), code="file_used"
        )


def files_for(user: Any) -> QuerySet[SourceFile]:
    """Return the files a user may take away: of own drafts, and of acts in force."""
    if not policies.branches(user).exists():
        return SourceFile.objects.none()
    mine = policies.drafts_of(user).order_by().values("pk")
    return SourceFile.objects.filter(Q(draft__in=mine) | Q(act__isnull=False))


@transaction.atomic
def files_sweep(*, now: dt.datetime | None = None) -> int:
    """Remove the files that nothing was made of for a day; say how many."""
    return _remove(_waiting().filter(created_at__lte=(now or clock.now()) - KEPT))


def _waiting() -> QuerySet[SourceFile]:
    return SourceFile.objects.filter(draft=None, act=None)


def _remove(files: QuerySet[SourceFile]) -> int:
    gone = list(files)
    for source in gone:
        source.delete()
        transaction.on_commit(lambda file=source.file: file.delete(save=False))
    return len(gone)
