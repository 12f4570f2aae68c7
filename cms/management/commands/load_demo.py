from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.demo.loading import Loader
from search import services as search


class Command(BaseCommand):
    help = "Load the demo's consultations; what is there already is kept"

    def handle(self, *args: Any, **options: Any) -> None:
        if Loader(self.stdout.write).load():
            search.index_rebuild()
