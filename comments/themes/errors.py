"""What can go wrong with runs and themes, in words for officials."""

from __future__ import annotations

from comments.errors import CommentError
from drafts.revisions import Outdated


class ThemeError(CommentError):
    """Something asked of a run or a theme cannot be done."""


class ConflictError(Outdated, ThemeError):
    """A colleague changed the same thing first; nothing was overwritten."""


class PipelineError(Exception):
    """The pipeline's process ended with an error; the message is its last line."""

    def __init__(self, message: str, *, killed: bool = False) -> None:
        super().__init__(message)
        self.killed = killed
