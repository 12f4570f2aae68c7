"""Checkpoints of a run, so that a killed one goes on where it was.

A checkpoint directory belongs to one input and one set of parameters; another run's
directory is emptied of our files first.  Files are written aside and renamed, so a
file that is there is whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np

_MANIFEST = "run.json"


class Checkpoints:
    """Named arrays in a directory; without a directory nothing is kept."""

    def __init__(self, directory: Path | None, identity: dict) -> None:
        self._directory = directory
        if directory is None:
            return
        directory.mkdir(parents=True, exist_ok=True)
        manifest = directory / _MANIFEST
        wanted = json.dumps(identity, sort_keys=True, ensure_ascii=True)
        if not manifest.is_file() or manifest.read_text("utf-8") != wanted:
            for old in directory.glob("*.npy"):
                old.unlink()
            write_whole(manifest, lambda file: file.write(wanted.encode()))

    def load(self, name: str) -> np.ndarray | None:
        """An array kept earlier, or None."""
        if self._directory is None:
            return None
        path = self._directory / f"{name}.npy"
        if not path.is_file():
            return None
        try:
            return np.load(path, allow_pickle=False)
        except (ValueError, OSError, EOFError):
            path.unlink()
            return None

    def keep(self, name: str, array: np.ndarray) -> None:
        if self._directory is None:
            return
        path = self._directory / f"{name}.npy"
        aside = path.with_suffix(f".{os.getpid()}.tmp")
        with aside.open("wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Have ``write`` fill a file that is then there whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with aside.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
