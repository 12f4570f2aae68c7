"""Spreading blocks of work over processes; the outcome is the same on one or many.

Blocks are cut by the caller, never by the number of processes, and come back in
order.  Workers are forked, so they see what ``shared`` holds without copying; they end
with their parent, even when it is killed.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from threadpoolctl import threadpool_limits

_PR_SET_PDEATHSIG = 1

#: What workers of the present stage may read; set before the stage begins.
shared: dict[str, Any] = {}


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux), and end at
    once when the parent is no longer ``parent``."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _begin_worker(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent(parent)


def spread(
    function: Callable[[Any], Any], blocks: Iterable[Any], *, processes: int
) -> Iterator[Any]:
    """``map(function, blocks)`` over ``processes``, at most a few blocks ahead.

    A worker that dies (out of memory, killed) is replaced twice; its blocks are done
    again.  A third time raises BrokenProcessPool.
    """
    blocks = list(blocks)
    if processes <= 1 or len(blocks) <= 1:
        yield from map(function, blocks)
        return
    at = 0
    for attempt in range(3):
        pool = ProcessPoolExecutor(
            max_workers=min(processes, len(blocks)),
            mp_context=multiprocessing.get_context("fork"),
            initializer=_begin_worker,
            initargs=(os.getpid(),),
        )
        try:
            for result in _in_order(pool, function, blocks[at:], 3 * processes):
                yield result
                at += 1
        except BrokenProcessPool:
            if attempt == 2:
                raise
        else:
            return


def spread_arrays(
    function: Callable[[Any], Any], blocks: Iterable[Any], *, processes: int
) -> Iterator[Any]:
    """:func:`spread` for work that numpy does: in threads, which need no copy of what
    comes back.  Numpy lets go of the interpreter while it works."""
    blocks = list(blocks)
    if processes <= 1 or len(blocks) <= 1:
        yield from map(function, blocks)
        return
    pool = ThreadPoolExecutor(min(processes, len(blocks)))
    # Held here: what one thread ends must not give the others more BLAS threads.
    with threadpool_limits(1):
        yield from _in_order(pool, function, blocks, 3 * processes)


def _in_order(
    pool: Executor, function: Callable[[Any], Any], blocks: list[Any], ahead: int
) -> Iterator[Any]:
    """Results in the order of the blocks, at most ``ahead`` waiting; ends the pool."""
    try:
        waiting: deque = deque()
        rest = iter(blocks)
        for block in rest:
            waiting.append(pool.submit(function, block))
            if len(waiting) >= ahead:
                break
        while waiting:
            result = waiting.popleft().result()
            following = next(rest, None)
            if following is not None:
                waiting.append(pool.submit(function, following))
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
