"""Speed of the law package: ``python -m tests.bench.law``.

Prints the figures beside their limits; exit status 1 where one is passed.  The real
acts of ../shared are measured where they stand beside the checkout, else it says so.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date

from drafts.law.akoma_ntoso import export_law, identity_of
from drafts.law.compare import Unit, match_provisions, redline, units_of
from drafts.law.parse import parse
from drafts.law.readers import read_law
from tests.law import files
from tests.law.real_texts import ABSENT, LAWS
from tests.law.synthetic import make_act

ROUNDS = 3


def best_of(work: Callable[[], object]) -> float:
    """Give the seconds of the fastest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def compare_versions() -> None:
    old = units_of(parse(make_act(200, seed=2)))
    new = [
        Unit("", (n + 2, 0, 0, 0), unit.text.replace("ให้", "สมควรให้", 1))
        for n, unit in enumerate(old)
    ]
    for match in match_provisions(old, new):
        for i, j in zip(match.old, match.new, strict=False):
            redline(old[i].text, new[j].text)


def main() -> int:
    rows: list[tuple[str, float, str, float]] = []
    long_act = make_act(1755)
    texts = [("a made-up act of 1,755 sections", long_act)]
    longest = sorted(LAWS, key=lambda path: -path.stat().st_size)[:3]
    texts += [(path.name, path.read_text(encoding="utf-8")) for path in longest]
    for name, text in texts:
        megabytes = len(text.encode()) / 1e6
        seconds = best_of(lambda text=text: parse(text)) / megabytes
        rows.append((f"parse {name} ({megabytes:.2f} MB)", seconds, "s/MB", 1.0))
    redline("ให้เริ่ม", "ให้เริ่มงาน")
    rows.append(
        (
            "compare and redline two versions of 200 sections",
            best_of(compare_versions),
            "s",
            1.0,
        )
    )
    law = parse(long_act)
    identity = identity_of(law, expression_date=date(2026, 11, 23))
    rows.append(
        (
            "Akoma Ntoso of 1,755 sections",
            best_of(lambda: export_law(law, identity)),
            "s",
            2.0,
        )
    )
    docx = files.make_docx(files.docx_paragraphs(long_act))
    rows.append(
        (
            "read DOCX of 1,755 sections",
            best_of(lambda: read_law(docx, "a.docx")),
            "s",
            5.0,
        )
    )
    for name, seconds, unit, limit in rows:
        verdict = "" if seconds <= limit else "  TOO SLOW"
        sys.stdout.write(
            f"{name:<60}{seconds:>9.3f} {unit:<5} limit {limit:g}{verdict}\n"
        )
    if not LAWS:
        sys.stdout.write(f"not measured: {ABSENT}\n")
    return int(any(seconds > limit for _, seconds, _, limit in rows))


if __name__ == "__main__":
    raise SystemExit(main())
