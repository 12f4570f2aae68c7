"""The pipeline as a process: its input, its bounds, its progress, its end.

Input are the published (redacted) words of every countable comment, in id order.
*Countable* is what arrived in time, was neither withdrawn by its author nor hidden by a
moderator, and is not the same submission received twice; texts that their author wants
kept from the public are analysed too (their redacted form), but never quoted
(``quotes``).  A comment without words of its own that proposes new wording is read by
that wording.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from comments.models import Comment, Status, ThemeRun
from comments.themes.errors import PipelineError
from drafts.models import Provision

CONFINED = Path(__file__).with_name("confined.py")
CHUNK = 2000
#: How often the caller hears that the process still lives, in seconds.
TICK = 1.0
#: Default bound of one process's memory.  1,000,000 comments peaked at 2 GB in
#: de-duplication and were projected to 4–6 GB (docs/themes.md).
MEMORY_MB = 6144

COUNTABLE = Q(
    late=False,
    duplicate_of__isnull=True,
    status__in=[Status.RECEIVED, Status.PUBLISHED, Status.WITHHELD],
)
#: “คำ” หมายความว่า: the law's own terms, kept whole by the segmenter.
_DEFINED = re.compile('[“"]([^”"\n]{2,60})[”"]\\s*หมายความ(?:ว่า|รวมถึง)')

Progress = Callable[[str, int, int], None]


def countable(round_id: int) -> QuerySet[Comment]:
    """Return the comments of a round that a run must account for, each once."""
    return Comment.objects.filter(COUNTABLE, round_id=round_id)


def text_of(comment: Comment) -> str:
    """Return the words by which a comment is read."""
    return comment.public_text or comment.public_suggestion


def section_of(comment: Comment) -> str:
    """Return the code of what a comment is about: eId, ``q<number>`` or ``whole``."""
    if comment.provision_id:
        return comment.provision.eid
    return f"q{comment.question_id}" if comment.question_id else "whole"


def _rows(round_id: int) -> Iterator[dict[str, object]]:
    rows = (
        countable(round_id)
        .select_related("provision", "submission")
        .only(
            "public_text",
            "public_suggestion",
            "stance",
            "question_id",
            "received_at",
            "provision__eid",
            "submission__group",
        )
        .order_by("pk")
    )
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        for comment in chunk:
            yield {
                "id": comment.pk,
                "text": text_of(comment),
                "stance": comment.stance,
                "section": section_of(comment),
                "group": comment.submission.group,
                "created": comment.received_at.isoformat(),
            }


def _terms(version_id: int | None) -> str:
    texts = Provision.objects.filter(
        version_id=version_id, text__contains="หมายความ"
    ).values_list("text", flat=True)
    found = {term.strip() for text in texts for term in _DEFINED.findall(text)}
    return "".join(f"{term}\n" for term in sorted(found))


def work_dir(run: ThemeRun) -> Path:
    """Return the folder of a run's input, checkpoints and output."""
    return Path(settings.THEME_WORK_DIR) / str(run.pk)


def work_dirs() -> list[Path]:
    """Return the folders of all runs that have one."""
    folders = Path(settings.THEME_WORK_DIR).glob("*/")
    return [folder for folder in folders if folder.name.isdecimal()]


def texts_erase(run: ThemeRun) -> None:
    """End what still reads a run's texts; erase all but the arrays of checkpoints."""
    end_leftover(run)
    for path in work_dir(run).iterdir():
        if path.name == "checkpoints":
            continue
        if path.is_dir():  # the process's temporary files
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def input_write(run: ThemeRun) -> tuple[str, int]:
    """Write the run's input; return its SHA-256 (terms included) and its row count."""
    folder = work_dir(run)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, count = hashlib.sha256(), 0
    part = folder / "in.jsonl.part"
    with part.open("wb") as file:
        for row in _rows(run.round_id):
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            data = f"{line}\n".encode()
            file.write(data)
            digest.update(data)
            count += 1
    part.replace(folder / "in.jsonl")
    terms = _terms(run.round.version_id)
    (folder / "terms.txt").write_text(terms)
    digest.update(terms.encode())
    return digest.hexdigest(), count


def command_of(run: ThemeRun) -> list[str]:
    """Return the command line of a run; the program is a setting only for tests."""
    folder = work_dir(run)
    program = getattr(
        settings, "THEME_PIPELINE", [sys.executable, "-m", "comments.nlp"]
    )
    return [
        *program,
        str(folder / "in.jsonl"),
        "--detail", run.parameters["detail"],
        "--encoder", run.encoder,
        "--seed", str(run.seed),
        "--processes", str(settings.THEME_PROCESSES),
        "--terms", str(folder / "terms.txt"),
        "--workdir", str(folder / "checkpoints"),
        "--output", str(folder / "out.json"),
        "--progress",
    ]  # fmt: skip


def _environment(folder: Path) -> dict[str, str]:
    """Return what the process may know: nothing of ours but where the code is."""
    kept = ("PATH", "PYTHONPYCACHEPREFIX", "LD_LIBRARY_PATH")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _end_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def end_leftover(run: ThemeRun) -> None:
    """End a process of this run that outlived its worker (kernels without pdeathsig).

    A pid may have been given to somebody else since, so its command line is looked at.
    """
    path = work_dir(run) / "pid"
    with suppress(FileNotFoundError, ValueError):
        pid = int(path.read_text())
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        if os.fsencode(str(work_dir(run) / "in.jsonl")) in line:
            _end_group(pid)
            time.sleep(0.2)
    path.unlink(missing_ok=True)


def run_pipeline(run: ThemeRun, *, progress: Progress) -> Path:
    """Run the process to its end and return the file it wrote.

    ``progress(stage, done, total)`` is called at least every ``TICK`` seconds; what it
    raises ends the process and comes out.  Raises PipelineError with the last line of
    what the process said, ``killed`` if a signal ended it.
    """
    folder = work_dir(run)
    (folder / "checkpoints").mkdir(exist_ok=True)
    end_leftover(run)
    memory = getattr(settings, "THEME_MEMORY_MB", MEMORY_MB) << 20
    process = subprocess.Popen(
        [sys.executable, str(CONFINED), str(memory), str(os.getpid()), "--",
         *command_of(run)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )  # fmt: skip
    (folder / "pid").write_text(str(process.pid))
    try:
        last = _follow(process, progress)
        code = process.wait()
    finally:
        _end_group(process.pid)
        process.wait()
        process.stderr.close()
        (folder / "pid").unlink(missing_ok=True)
    if code:
        raise PipelineError(last or f"exit code {code}", killed=code < 0)
    return folder / "out.json"


def _follow(process: subprocess.Popen[bytes], progress: Progress) -> str:
    """Pass progress on until the process closes its stderr; return its last words."""
    said: deque[str] = deque(maxlen=1)
    told = ("", 0, 0)
    waiting = b""
    with selectors.DefaultSelector() as ready:
        ready.register(process.stderr, selectors.EVENT_READ)
        heard = 0.0
        while True:
            if time.monotonic() - heard >= TICK:
                progress(*told)
                heard = time.monotonic()
            if not ready.select(TICK):
                if process.poll() is not None:
                    break
                continue
            block = os.read(process.stderr.fileno(), 65536)
            if not block:
                break
            *lines, waiting = (waiting + block).split(b"\n")
            for line in lines:
                told = _read_line(line, told, said)
    _read_line(waiting, told, said)
    return said[0][:500] if said else ""


def _read_line(
    line: bytes, told: tuple[str, int, int], said: deque[str]
) -> tuple[str, int, int]:
    text = line.decode(errors="replace").strip()
    if not text:
        return told
    try:
        row = json.loads(text)
        return str(row["stage"])[:30], int(row["done"]), int(row["total"])
    except (ValueError, KeyError, TypeError):
        said.append(text)
        return told
