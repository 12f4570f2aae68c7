"""Labelled Thai sets for the themes bench, read from ``../shared`` when it is there.

Nothing of them is copied into the project.  Each set is a list of ``(text, label)``
in a fixed order, cut to at most ``cap`` texts by hash so that a run is repeatable.
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
_SECTION = re.compile(r"^\s*มาตรา\s+[๐-๙0-9][^\s]*\s+(.{60,})$")

Rows = list[tuple[str, str]]


def _rank(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _csv_rows(name: str, column: str) -> Rows:
    with (SHARED / "comments" / name).open(encoding="utf-8", newline="") as file:
        return [
            (row["text"].strip(), row[column])
            for row in csv.DictReader(file)
            if row.get("dup", "False") == "False" and row["text"].strip()
        ]


def _sections() -> Rows:
    """Sections of the acts as comments, the act as label: legal language."""
    rows = []
    for path in sorted((SHARED / "laws").glob("act_*.txt")):
        if "hazard" in path.name:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            found = _SECTION.match(line)
            if found:
                rows.append((found.group(1)[:400], path.stem))
    return rows


def _polis() -> Rows:
    """Comments of English deliberations, the deliberation as label."""
    rows = _csv_rows_polis()
    sizes: dict[str, int] = {}
    for _, label in rows:
        sizes[label] = sizes.get(label, 0) + 1
    return [(t, label) for t, label in rows if sizes[label] >= 30]


def _csv_rows_polis() -> Rows:
    path = SHARED / "comments" / "polis_opendata_comments_ccby.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["text"].strip(), row["conversation"])
            for row in csv.DictReader(file)
            if len(row["text"].strip()) > 10
        ]


def cut(rows: Rows, cap: int) -> Rows:
    """The ``cap`` rows whose texts hash lowest, one row a text."""
    seen: dict[str, str] = {}
    for text, label in rows:
        seen.setdefault(text, label)
    return sorted(seen.items(), key=lambda row: _rank(row[0]))[:cap]


SETS = {
    "sib": lambda: _csv_rows("sib200_tha_1004.csv", "label"),
    "tv_object": lambda: _csv_rows("truevoice_intent_16k.csv", "object"),
    "tv_label": lambda: _csv_rows("truevoice_intent_16k.csv", "label"),
    "sections": _sections,
    "polis": _polis,
}


def labelled(name: str, cap: int = 3000) -> Rows:
    """One labelled set; raises FileNotFoundError where ``../shared`` is absent."""
    return cut(SETS[name](), cap)


def texts_of(name: str) -> list[str]:
    """The bare texts of a comments file, repeated ones once, in file order."""
    files = {
        "truevoice": "truevoice_intent_16k.csv",
        "wisesight": "wisesight_sentiment_26k.csv",
        "sib": "sib200_tha_1004.csv",
    }
    with (SHARED / "comments" / files[name]).open(encoding="utf-8", newline="") as f:
        return list(dict.fromkeys(row["text"].strip() for row in csv.DictReader(f)))
