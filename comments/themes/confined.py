"""Start the pipeline inside bounds: ``python confined.py BYTES PARENT -- COMMAND…``.

A program of its own, without Django, because limits must be set in the new process and
``preexec_fn`` is unsafe beside threads.  Memory is bounded (RLIMIT_DATA); no core file;
the process dies with the worker that started it, so that a killed worker leaves nothing
behind that still writes; where the kernel lets us, it has no network at all.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main(arguments: list[str]) -> None:
    memory, parent = int(arguments[0]), int(arguments[1])
    command = arguments[3:]
    libc = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(AttributeError):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # the worker died before the line above
        sys.exit("the worker is gone")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with contextlib.suppress(AttributeError):
        if libc.unshare(CLONE_NEWNET):
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    os.execv(command[0], command)  # noqa: S606  no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
