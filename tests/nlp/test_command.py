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

import pytest

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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"nope", "not JSON"),
        (b'{"text": "a"}', "'id' is missing"),
        (b'{"id": 0, "text": "b"}', "id 0 occurs twice, first on line 1"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "not usable JSON"),
        (b"[" * 200_000, "not usable JSON"),
        (b'{"id": 2, "text": "a", "text": "b"}', "'text' is given twice"),
        (b'{"id": 2, "text": "\xa1\xa2"}', "not UTF-8"),
        (b'{"id": 2, "text": "a", "stance": "' + b"x" * 10**5 + b'"}', "stance"),
    ],
)
def test_the_line_at_fault_is_named_in_one_line(given, said):
    first = b'\xef\xbb\xbf{"id": 0, "text": "a"}\r\n\r\n'
    done = command("-", "--encoder", "hashing", stdin=first + given + b"\n")
    assert done.returncode == 3
    assert not done.stdout
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("comments.nlp: line 3: ")
    assert said in line
    assert len(line) < 300


def test_nothing_but_a_byte_order_mark_is_an_empty_input():
    done = command("-", "--encoder", "hashing", stdin=b"\xef\xbb\xbf\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["assignments"] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "-1"], "--seed: must be a whole number"),
        (["--seed", "x"], "--seed: must be a whole number"),
        (["--processes", "0"], "--processes: must be a whole number"),
        (["--detail", "most"], "--detail"),
        (["another"], "another"),
    ],
)
def test_wrong_usage_is_said_in_one_line(options, said):
    done = command("-", *options)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert said in line


def test_closed_and_full_streams_are_no_traceback():
    program = f"{sys.executable} -m comments.nlp - --encoder hashing"
    for redirection in ("<&-", "</dev/null >&-", "</dev/null >/dev/full"):
        done = subprocess.run(
            ["bash", "-c", f"{program} {redirection}"],
            capture_output=True,
            cwd=ROOT,
            check=False,
            timeout=60,
        )
        assert done.returncode == 5, redirection
        assert len(done.stderr.splitlines()) == 1, done.stderr


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
