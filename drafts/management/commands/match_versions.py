"""``manage.py match_versions``: match versions frozen before matches were stored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from drafts.matching import matches_record_missing


class Command(BaseCommand):
    help = "Store what became of each provision, for versions that lack it (idempotent)"

    def handle(self, *args: Any, **options: Any) -> None:
        done = matches_record_missing()
        self.stdout.write(f"matched {done} versions with the one before")
