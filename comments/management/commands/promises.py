"""Print every sentence about what is collected, shown and kept, with its proof."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from comments import promises


class Command(BaseCommand):
    help = "Print each promise: its row, its words, the test that proves it."

    def handle(self, *args: Any, **options: Any) -> None:
        for language in ("th", "en"):
            with translation.override(language):
                for one in promises.sentences():
                    self.stdout.write(f"{language} {one.key}.{one.aspect}: {one.text}")
                    self.stdout.write(f"    {one.proof}")
