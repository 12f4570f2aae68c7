"""Errors of this floor."""

from drafts.errors import RapfangError


class ConsultationError(RapfangError):
    """The process does not allow what was asked."""


class ExportUnavailable(ConsultationError):
    """This machine lacks what a format needs; every other format still works."""
