"""Compile the message catalogues with Babel: no gettext tools are needed."""

from __future__ import annotations

from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile cms/locale/*/<language>/LC_MESSAGES/*.po into var/locale"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        pairs = zip(settings.LOCALE_SOURCES, settings.LOCALE_PATHS, strict=True)
        for source, target in pairs:
            for path in source.glob("*/LC_MESSAGES/*.po"):
                with path.open("rb") as file:
                    catalogue = read_po(file, locale=path.parent.parent.name)
                compiled = (target / path.relative_to(source)).with_suffix(".mo")
                compiled.parent.mkdir(parents=True, exist_ok=True)
                with compiled.open("wb") as file:
                    write_mo(file, catalogue)
                count += 1
        self.stdout.write(f"{count} catalogues compiled")
