"""Check the hash chain and the tallies of every round against the comments."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments import ledger, tallies
from comments.models import LedgerEntry, Submission


class Command(BaseCommand):
    help = "Check that no received comment is missing, altered or miscounted"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rounds", nargs="*", type=int, help="ids; all if none")
        parser.add_argument(
            "--rebuild", action="store_true", help="make wrong tallies anew"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["rounds"] or sorted(
            {
                *Submission.objects.values_list("round_id", flat=True).distinct(),
                *LedgerEntry.objects.values_list("round_id", flat=True).distinct(),
            }
        )
        bad = 0
        for round_id in wanted:
            faults = ledger.verify(round_id)
            wrong = tallies.check(round_id)
            for fault in faults:
                self.stdout.write(f"round {round_id}: {fault.number}: {fault.what}")
            for line in wrong:
                self.stdout.write(f"round {round_id}: {line}")
            if wrong and options["rebuild"]:
                tallies.rebuild(round_id)
                self.stdout.write(f"round {round_id}: tallies made anew")
                wrong = []
            bad += bool(faults or wrong)
        if bad:
            message = f"{bad} of {len(wanted)} rounds do not hold"
            raise CommandError(message)
        self.stdout.write(f"{len(wanted)} rounds checked, all hold")
