"""Tell the comment floor which comments were shown; a page never waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module


def record(ids: Sequence[int]) -> None:
    """Count comments as shown once more (the least seen come first elsewhere)."""
    if not ids:
        return
    try:
        exposure = import_module("comments.exposure")
    except ModuleNotFoundError:
        return
    exposure.record(list(ids))
