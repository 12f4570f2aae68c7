"""Errors of this floor."""

from drafts.errors import RapfangError
from drafts.revisions import Outdated


class ConsultationError(RapfangError):
    """The process does not allow what was asked."""


class TooLateError(ConsultationError, Outdated):
    """A colleague was faster, or what was seen has changed; nothing was done."""


class ExportUnavailable(ConsultationError):
    """This machine lacks what a format needs; every other format still works."""
