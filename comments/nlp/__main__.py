"""``python -m comments.nlp in.jsonl > out.json``: group comments into themes.

Exit codes: 0 done; 2 wrong usage; 3 the input cannot be used; 4 the encoder or the
dictionary is not there; 5 a file cannot be read or written; 6 the worker processes
were killed; 130 interrupted.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse  # noqa: E402 - the libraries below read the variables above
import json  # noqa: E402
import resource  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from concurrent.futures.process import BrokenProcessPool  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import NoReturn  # noqa: E402

from comments.nlp.checkpoint import write_whole  # noqa: E402
from comments.nlp.cluster import DETAIL  # noqa: E402
from comments.nlp.encoders import ENCODERS, EncoderError  # noqa: E402
from comments.nlp.pipeline import run  # noqa: E402
from comments.nlp.result import Parameters, Result  # noqa: E402
from comments.nlp.text import InputError, read_comments  # noqa: E402
from comments.nlp.work import end_with_parent  # noqa: E402
from drafts.law.words import DictionaryError  # noqa: E402

#: Seconds between two progress lines of one stage.
_PROGRESS_EVERY = 0.5


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the command."""

    def error(self, message: str) -> NoReturn:
        sys.exit(_fail(2, f"{message} (see --help)"))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m comments.nlp",
        description="Group comments (JSON Lines: id, text, and optionally stance, "
        "section, group, created) into proposed themes; one JSON object out.",
    )
    parser.add_argument("input", help="JSON Lines file, or - for standard input")
    parser.add_argument("--detail", choices=sorted(DETAIL), default="normal")
    parser.add_argument(
        "--encoder",
        default="use",
        help=f"{', '.join(ENCODERS)} or a local model directory",
    )
    parser.add_argument("--seed", type=_natural, default=0)
    parser.add_argument("--terms", type=Path, help="terms of the draft, one a line")
    parser.add_argument(
        "--processes", type=_positive, default=min(2, os.cpu_count() or 1)
    )
    parser.add_argument("--workdir", type=Path, help="checkpoints for resuming")
    parser.add_argument("--output", type=Path, help="written whole or not at all")
    parser.add_argument(
        "--progress", action="store_true", help="JSON lines on standard error"
    )
    parser.add_argument(
        "--with-parent",
        action="store_true",
        help="end when the process that started this one ends",
    )
    return parser.parse_args(argv)


def _whole_number(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or len(text) > 12 or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(
            f"must be a whole number between {least} and {most}"
        )
    return int(text)


def _natural(text: str) -> int:
    return _whole_number(text, 0, 2**24 - 1)


def _positive(text: str) -> int:
    return _whole_number(text, 1, 64)


class _Reporter:
    """Progress as JSON lines on standard error, not too many of them."""

    def __init__(self) -> None:
        self._last: tuple[str, float] = ("", 0.0)

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        before, at = self._last
        if stage == before and done < total and now - at < _PROGRESS_EVERY:
            return
        self._last = (stage, now)
        _say({"stage": stage, "done": done, "total": total})


def _say(row: dict) -> None:
    if sys.stderr is not None:  # the caller may have closed it
        sys.stderr.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stderr.flush()


def _fail(code: int, message: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"comments.nlp: {message}\n")
    return code


def _work(options: argparse.Namespace) -> Result:
    """Read, group and write; raises what ``_explained`` explains."""
    if options.input == "-" and sys.stdin is None:
        raise OSError("standard input is closed")
    if options.output is None and sys.stdout is None:
        raise OSError("standard output is closed")
    if options.input == "-":
        comments = read_comments(sys.stdin.buffer)
    else:
        with Path(options.input).open("rb") as file:
            comments = read_comments(file)
    terms = ()
    if options.terms:
        lines = options.terms.read_text("utf-8-sig").splitlines()
        terms = tuple(sorted({line.strip() for line in lines if line.strip()}))
    result = run(
        comments,
        parameters=Parameters(
            detail=options.detail,
            encoder=options.encoder,
            seed=options.seed,
            terms=terms,
            processes=options.processes,
        ),
        progress=_Reporter() if options.progress else None,
        workdir=options.workdir,
    )
    if options.output:
        write_whole(options.output, result.write)
    else:
        result.write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    return result


_EXPECTED = (
    InputError,
    EncoderError,
    DictionaryError,
    UnicodeDecodeError,
    OSError,
    BrokenProcessPool,
)


def _explained(error: Exception) -> tuple[int, str]:
    """Exit code and message of an error that a person can do something about."""
    match error:
        case InputError():
            return 3, str(error)
        case EncoderError() | DictionaryError():
            return 4, str(error)
        case UnicodeDecodeError():
            return 3, f"the terms file is not UTF-8 ({error.reason})"
        case OSError():
            where = f": {error.filename}" if error.filename else ""
            return 5, f"{error.strerror or error}{where}"
        case _:
            return 6, "worker processes were killed again and again (memory?)"


def main(argv: list[str] | None = None) -> int:
    options = _arguments(argv)
    if options.with_parent:
        end_with_parent(os.getppid())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        result = _work(options)
    except _EXPECTED as error:
        return _fail(*_explained(error))
    except KeyboardInterrupt:
        return 130
    if options.progress:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        _say({"stage": "done", "timings": result.timings, "peak_mb": peak})
    return 0


if __name__ == "__main__":
    sys.exit(main())
