"""Errors that a person can act on.  One family for all floors."""

from __future__ import annotations


class RapfangError(Exception):
    """Something a person asked for cannot be done.

    ``message`` is in the user's language and says what happened, what is kept and
    what to do; ``code`` is stable, for tests and clients; ``status`` is how a page
    answers that shows it.
    """

    status = 422

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code


class DraftError(RapfangError):
    """A draft cannot be read, changed or frozen."""
