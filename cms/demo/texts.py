"""The demo's texts, as written in ``cms/demo/content``; all invented.

The comments carry their true theme, so the same files are a quality test of the
themes pipeline (tests/test_demo_quality.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"
NAMES = ("announced", "open", "amending", "closed")


@dataclass(frozen=True)
class Content:
    """The files of one consultation."""

    name: str

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    def _json(self, name: str) -> Any:
        path = self.folder / name
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    @property
    def draft(self) -> bytes:
        return (self.folder / "draft.txt").read_bytes()

    @property
    def revised(self) -> bytes:
        """Return the draft after the answers, empty where there is none."""
        path = self.folder / "draft_v2.txt"
        return path.read_bytes() if path.exists() else b""

    @property
    def act(self) -> bytes:
        """Return the law in force that the draft amends, empty where there is none."""
        path = self.folder / "act.txt"
        return path.read_bytes() if path.exists() else b""

    @cached_property
    def consultation(self) -> dict[str, Any]:
        return self._json("consultation.json")

    @cached_property
    def comments(self) -> list[dict[str, Any]]:
        """Return the comments in the order of their keys."""
        return self._rows("comments*.jsonl")

    @cached_property
    def second_round(self) -> list[dict[str, Any]]:
        """Return the comments on the revised draft."""
        return self._rows("round2.jsonl")

    def _rows(self, pattern: str) -> list[dict[str, Any]]:
        rows = [
            json.loads(line)
            for path in sorted(self.folder.glob(pattern))
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip()
        ]
        return sorted(rows, key=lambda row: row["key"])

    @cached_property
    def themes(self) -> dict[str, Any]:
        return self._json("themes.json")

    @cached_property
    def responses(self) -> dict[str, Any]:
        return self._json("responses.json")

    @cached_property
    def report(self) -> dict[str, Any]:
        return self._json("report.json")
