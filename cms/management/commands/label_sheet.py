"""A blind sheet of theme labels for two readers (``make label-sheet``).

Each line has a machine's label and comments of its theme, in an order that gives
nothing away; a reader writes whether the label could stand without a rename.  The
readers do not see each other's sheet, the size of a theme or what officials made of it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comments.models import CandidateAssignment, CandidateTheme, Status, ThemeRun
from consultations.models import Round
from consultations.tables import write_csv

COMMENTS = 4
LENGTH = 160  # characters of each comment: enough to see what it is about
_SAMPLES = [f"comment {n}" for n in range(1, COMMENTS + 1)]
HEAD = ["no", "label", *_SAMPLES, "usable (1/0)"]


class Command(BaseCommand):
    help = "Write two blind sheets of theme labels to var/"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", nargs="?", default="pets-and-strays")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        run = ThemeRun.objects.filter(
            round__in=Round.objects.filter(consultation__slug=slug), is_current=True
        ).first()
        if run is None:
            message = f"no theme run of {slug}: make demo loads one"
            raise CommandError(message)
        themes = list(CandidateTheme.objects.filter(run=run))
        for reader in ("a", "b"):
            path = Path(settings.VAR_DIR) / f"label-sheet-{slug}-{reader}.csv"
            themes.sort(key=lambda theme: self.order(theme.pk, reader))
            with path.open("wb") as file:
                write_csv(
                    file,
                    [
                        HEAD,
                        *(
                            [number, theme.label, *self.samples(theme, reader), ""]
                            for number, theme in enumerate(themes, start=1)
                        ),
                    ],
                )
            self.stdout.write(f"{len(themes)} labels for reader {reader}: {path}")

    def order(self, pk: int, reader: str) -> bytes:
        return hashlib.blake2b(f"{reader}{pk}".encode()).digest()

    def samples(self, theme: CandidateTheme, reader: str) -> list[str]:
        """Return comments of a theme, chosen by lot; only what is published."""
        rows = CandidateAssignment.objects.filter(
            theme=theme, comment__status=Status.PUBLISHED
        ).values_list("comment_id", "comment__public_text")
        chosen = sorted(rows, key=lambda row: self.order(row[0], reader))[:COMMENTS]
        texts = [" ".join(text.split())[:LENGTH] for _pk, text in chosen]
        return texts + [""] * (COMMENTS - len(texts))
