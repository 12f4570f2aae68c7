from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import services
from search.backends.base import SearchUnavailableError


class Command(BaseCommand):
    help = "Build the search index anew, or with --sweep only heal what differs"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--sweep", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["sweep"]:
                self.stdout.write(str(services.index_sweep()))
            else:
                self.stdout.write(f"{services.index_rebuild()} documents indexed")
        except SearchUnavailableError as error:
            message = f"the search engine does not answer: {error}"
            raise CommandError(message) from error
