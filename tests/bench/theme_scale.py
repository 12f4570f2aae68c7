"""Hundreds of thousands of comments through the command line, killed and resumed.

Half of the comments are copies out of 200 campaigns (greeted, cut, mistyped, spaced),
the other half are distinct: sentences of the sets in ``../shared`` put together anew.
Memory is the sum over the process and its children (proportional set size), so pages
shared after a fork count once.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import theme_sets

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGNS = 200
#: Seconds between two looks at the memory.
_LOOK = 0.5


def _sentences() -> list[str]:
    social = theme_sets.texts_of("wisesight") + theme_sets.texts_of("truevoice")
    legal = [text for text, _ in theme_sets.SETS["sections"]()]
    return [t for t in social + legal if 20 <= len(t) <= 160]


def _copy(text: str, rng: random.Random) -> str:
    kind = rng.randrange(5)
    if kind == 0:
        return text
    if kind == 1:
        return f"เรียนท่าน {text} ขอบคุณครับ"
    if kind == 2:
        return "".join(c for c in text if rng.random() > 0.02)
    if kind == 3:
        return text.replace(" ", "")
    return text[: int(len(text) * 0.8)]


def write_comments(path: Path, count: int, seed: int = 1) -> None:
    """``count`` comments of mean some 120 characters as JSON Lines."""
    rng = random.Random(seed)
    pool = _sentences()
    campaigns = [" ".join(rng.sample(pool, 2)) for _ in range(CAMPAIGNS)]
    weights = [1 / (n + 3) for n in range(CAMPAIGNS)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            if number % 2:
                text = _copy(rng.choices(campaigns, weights)[0], rng)
            else:
                text = " ".join(rng.sample(pool, 2))
            row = {"id": number, "text": text, "stance": rng.choice(_STANCES)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


_STANCES = ("agree", None, None)


def _family(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in path.read_text().split()]
            except OSError:
                continue
    return found


def _memory_mb(pid: int) -> int:
    total = 0
    for one in _family(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(x.split()[1]) for x in lines if x.startswith("Pss:"))
    return total // 1024


def _run(source: Path, target: Path, workdir: Path, *, kill: bool) -> dict:
    """One run; with ``kill`` it is ended, with its children, half-way in encoding."""
    log = target.with_suffix(".log")
    before = os.times()
    started = time.perf_counter()
    peak, killed = 0, False
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "comments.nlp", str(source), "--progress"),
                *("--processes", "2", "--workdir", str(workdir)),
                *("--output", str(target)),
            ],
            cwd=ROOT,
            stderr=errors,
            start_new_session=True,
        )
        while process.poll() is None:
            peak = max(peak, _memory_mb(process.pid))
            if kill and _share_encoded(log) > 0.5:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                killed = True
                break
            time.sleep(_LOOK)
    after = os.times()
    return {
        "killed": killed,
        "seconds": time.perf_counter() - started,
        "cpu": sum(after[2:4]) - sum(before[2:4]),
        "peak_mb": peak,
        "last": json.loads(log.read_text("utf-8").splitlines()[-1]),
    }


def _share_encoded(log: Path) -> float:
    lines = log.read_bytes().splitlines()
    try:
        row = json.loads(lines[-1]) if lines else {}
    except json.JSONDecodeError:
        return 0.0
    return row["done"] / row["total"] if row.get("stage") == "encode" else 0.0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure(count: int, *, kill: bool = True) -> None:
    """Time, memory and the hash after being killed, for ``count`` comments."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        source = folder / "in.jsonl"
        write_comments(source, count)
        whole = _run(source, folder / "a.json", folder / "a", kill=False)
        timings = whole["last"]["timings"]
        total, encoding = sum(timings.values()), timings["encode"]
        print(
            f"scale: {count} comments in {whole['seconds']:.0f} s (CPU "
            f"{whole['cpu']:.0f} s); {total / encoding:.2f} x encoding ({timings}); "
            f"peak memory with children {whole['peak_mb']} MB; "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        if kill:
            first = _run(source, folder / "b.json", folder / "b", kill=True)
            second = _run(source, folder / "b.json", folder / "b", kill=False)
            same = _digest(folder / "a.json") == _digest(folder / "b.json")
            print(
                f"scale: killed {first['killed']} after {first['seconds']:.0f} s, "
                f"resumed in {second['seconds']:.0f} s, same bytes {same}; peak "
                f"memory {max(first['peak_mb'], second['peak_mb'])} MB"
            )
