"""A migrated database that is made once and copied for each run of the tests.

Migrating an empty database takes Wagtail half a minute; copying the file takes none.
The copy is known by a digest of everything that decides what an empty database looks
like, so a changed model or migration makes a new one by itself.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

_DECIDES = (
    "*/migrations/*.py", "*/models.py", "*/models/*.py", "*/*/models.py",
    "*/frozen*.py", "*/apps.py", "*/*/apps.py", "cms/settings/*.py",
    "requirements.txt", "search/backends/database.py", "cms/standing_pages.py",
)  # fmt: skip


def _digest() -> str:
    digest = hashlib.sha256()
    for pattern in _DECIDES:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _folder() -> Path:
    return settings.BASE_DIR / "var" / "test"


def kept() -> Path:
    """Return where the migrated database of this state of the code is or would be."""
    return _folder() / f"kept-{_digest()}.sqlite3"


def take() -> bool:
    """Put a copy of the kept database in place of the test's; False if none is kept."""
    source = kept()
    if connection.vendor != "sqlite" or not source.exists():
        return False
    name = Path(connection.settings_dict["TEST"]["NAME"])
    connection.close()
    for old in _parts(name):
        old.unlink(missing_ok=True)
    shutil.copyfile(source, name)
    settings.DATABASES["default"]["NAME"] = str(name)
    connection.settings_dict["NAME"] = str(name)
    return True


def keep() -> None:
    """Keep the database that was just migrated, and forget those of older code."""
    if connection.vendor != "sqlite":
        return
    target = kept()
    # Two processes may come here at once: each writes its own file, the name is one.
    draft = target.with_suffix(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(draft)])
    draft.replace(target)
    for old in _folder().glob("kept-*.sqlite3"):
        if old != target:
            old.unlink(missing_ok=True)


def drop() -> None:
    """Close and remove the copy."""
    name = Path(connection.settings_dict["NAME"])
    connection.close()
    for old in _parts(name):
        old.unlink(missing_ok=True)


def _parts(name: Path) -> Iterator[Path]:
    for suffix in ("", "-wal", "-shm", "-journal"):
        yield name.with_name(name.name + suffix)
