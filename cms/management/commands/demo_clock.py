"""Move the demo's one clock, so that a consultation can be walked in one sitting."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from drafts import clock

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class Command(BaseCommand):
    help = "Move the demo's clock: +16d, -2h, +30m, reset; without a word, show it"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("move", nargs="?", default="")

    def parse(self, text: str) -> dt.timedelta:
        found = re.fullmatch(r"([+-]?)(\d{1,5})([dhm])", text)
        if not found:
            message = f"cannot read {text!r}: write +16d, -2h, +30m or reset"
            raise CommandError(message)
        sign, number, unit = found.groups()
        by = dt.timedelta(**{_UNITS[unit]: int(number)})
        return -by if sign == "-" else by

    def handle(self, *args: Any, **options: Any) -> None:
        move = options["move"]
        try:
            if move == "reset":
                clock.move(-clock.offset())
            elif move:
                clock.move(self.parse(move))
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        now = timezone.localtime(clock.now())
        self.stdout.write(f"the clock shows {now:%Y-%m-%d %H:%M} ({clock.offset()})")

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        parser = super().create_parser(*args, **kwargs)
        # "-2d" is a move, not an option.
        parser._negative_number_matcher = re.compile(r"^-\d+[dhm]?$")
        return parser
