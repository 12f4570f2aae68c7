"""``python -m comments.nlp`` as another program meets it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.nlp.voices import rows

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "comments.nlp", *arguments],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=120,
    )


def lines(given: list[dict]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in given)


def test_file_in_object_out_with_progress(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.json"
    source.write_bytes(lines(rows()))
    done = command(str(source), "--encoder", "hashing", "--progress")
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == {
        "run",
        "duplicates",
        "themes",
        "assignments",
    }
    said = [json.loads(line) for line in done.stderr.splitlines()]
    assert {"duplicates", "words", "encode", "cluster", "describe"} <= {
        row["stage"] for row in said
    }
    assert all(row["done"] <= row["total"] for row in said if "total" in row)
    piped = command(
        "-",
        "--encoder",
        "hashing",
        "--processes",
        "1",
        "--output",
        str(target),
        stdin=lines(rows()[::-1]),
    )
    assert piped.returncode == 0, piped.stderr
    assert target.read_bytes() == done.stdout


def test_bad_input_has_its_own_exit_codes(tmp_path):
    assert command("-", stdin=b'{"id": 1}\n').returncode == 3
    broken = command("-", stdin=b'{"id": 1, "text": "a"}\nnot json\n')
    assert broken.returncode == 3
    assert b"line 2" in broken.stderr
    assert command("-", stdin=b"\xff\xfe\n").returncode == 3
    assert command(str(tmp_path / "absent.jsonl")).returncode == 5
    assert command("-", "--encoder", "nonesuch", stdin=b"").returncode == 4
    assert command("-", "--detail", "huge").returncode == 2
    assert b"Traceback" not in broken.stderr


def test_killed_with_its_workers_and_resumed(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.json"
    given = [{"id": n, "text": f"{n} {some_words(n)}"} for n in range(2200)]
    source.write_bytes(lines(given))
    base = [sys.executable, "-m", "comments.nlp", str(source), "--encoder", "use"]
    work = [*base, "--workdir", str(tmp_path / "work"), "--output", str(target)]
    process = subprocess.Popen(work, cwd=ROOT, start_new_session=True)
    for _ in range(600):
        if (
            list((tmp_path / "work").glob("encoded-*.npy"))
            or process.poll() is not None
        ):
            break
        time.sleep(0.1)
    children = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    for _ in range(100):
        if not any(alive(pid) for pid in children):
            break
        time.sleep(0.1)
    assert not any(alive(pid) for pid in children)
    kept = len(list((tmp_path / "work").glob("encoded-*.npy")))
    assert kept >= 1
    assert subprocess.run(work, cwd=ROOT, check=False).returncode == 0
    undisturbed = subprocess.run(
        [*base, "--processes", "1"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    assert target.read_bytes() == undisturbed


def some_words(n: int) -> str:
    words = ("ถนน", "น้ำ", "ไฟ", "ตลาด", "วัด", "สวน", "คลอง", "รถ")
    return " ".join(words[b % 8] for b in hashlib.sha256(str(n).encode()).digest()[:6])


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(p) for p in path.read_text().split()] if path.exists() else []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().split(") ")[1].startswith("Z"))
