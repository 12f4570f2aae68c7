"""Make what git does not hold: compiled translations and the web font."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile translations and cut the web font, all under var/"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compile_translations", stdout=self.stdout)
        call_command("subset_fonts", stdout=self.stdout)
