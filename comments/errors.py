"""Errors of this floor."""

from drafts.errors import RapfangError


class CommentError(RapfangError):
    """A comment cannot be received, changed or shown."""
