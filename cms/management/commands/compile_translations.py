"""Compile the message catalogues with Babel: no gettext tools are needed."""

from __future__ import annotations

from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile cms/locale/*/<language>/LC_MESSAGES/*.po"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for path in settings.LOCALE_PATHS:
            for source in path.glob("*/LC_MESSAGES/*.po"):
                with source.open("rb") as file:
                    catalogue = read_po(file, locale=source.parent.parent.name)
                with source.with_suffix(".mo").open("wb") as file:
                    write_mo(file, catalogue)
                count += 1
        self.stdout.write(f"{count} catalogues compiled")
