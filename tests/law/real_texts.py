"""Real acts for reading and testing, beside the project and never part of it."""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
LAWS = sorted((SHARED / "laws").glob("*.txt")) if SHARED.is_dir() else []
BILLS = sorted((SHARED / "bills").glob("bill_*.txt")) if SHARED.is_dir() else []
ABSENT = "the real acts of ../shared are not beside this checkout"
