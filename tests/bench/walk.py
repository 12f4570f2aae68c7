"""Every desk page and public list with many comments: time, queries, memory.

``python -m tests.bench.walk --comments 20000``; nothing here is a test.  The addresses
come from the URL patterns themselves, so that a new page is walked without being named
here; what the patterns' arguments mean is in ``reported``.  Times are of the processor:
what else the machine does is not counted.  Memory is what the process
holds at most while it answers, above what it held before (resident, read from Linux).
A file to take away may take longer than a page: it is written to disk as it is made, so
what is judged of it is the memory.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import django

LIMIT_MS, LIMIT_MB = 300, 50
RUNS = 3


def addresses() -> Iterator[tuple[str, str]]:
    """Yield (name with namespace, route) of every desk and public pattern of ours."""
    from django.urls import URLPattern, get_resolver

    def walk(patterns, prefix="", space=""):
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLPattern):
                module = getattr(one.callback, "__module__", "")
                real = getattr(one.callback, "__wrapped__", one.callback)
                module = getattr(real, "__module__", module)
                if one.name and module.split(".")[0] in {
                    "consultations", "search", "drafts", "comments",
                }:  # fmt: skip
                    yield space + one.name, route
            else:
                inner = f"{one.namespace}:" if one.namespace else ""
                yield from walk(one.url_patterns, route, space + inner)

    yield from walk(get_resolver().url_patterns)


class Peak:
    """The most memory held while a block runs, in megabytes above the beginning."""

    def __enter__(self) -> Peak:
        gc.collect()
        self.before = self.most = self.now()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    @staticmethod
    def now() -> float:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def watch(self) -> None:
        while not self.ended.wait(0.005):
            self.most = max(self.most, self.now())

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self.thread.join()
        self.most = max(self.most, self.now())
        self.megabytes = self.most - self.before


def visit(client: object, name: str, path: str, *, limit: int = LIMIT_MS) -> bool:
    """Ask for a page a few times and print what it took; tell whether it was over."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    with Peak() as peak:
        first = time.perf_counter()
        answer = client.get(path)
        size = sum(map(len, answer)) if answer.streaming else len(answer.content)
        answer.close()
        first = (time.perf_counter() - first) * 1000
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        answer = client.get(path)
        if answer.streaming:
            for _part in answer:
                pass
        times.append((time.process_time() - start) * 1000)
        if times[-1] > 3_000:
            break
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        if answer.streaming:
            for _part in answer:
                pass
    took = min(times)
    is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
    slow = took > limit and not is_file
    over = slow or peak.megabytes > LIMIT_MB or answer.status_code >= 500
    print(
        f"{'OVER' if over else 'ok':4} {took:8.0f} ms  first {first:8.0f}"
        f"  {len(queries):4} queries  {peak.megabytes:6.1f} MB"
        f"  {size:10,} bytes  {answer.status_code}  {name}  {path}",
        flush=True,
    )
    return over


def run(comments: int, only: str) -> int:
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from tests.bench.reported import make_reported_round

    start = time.perf_counter()
    made = make_reported_round(comments)
    print(f"{comments:,} comments, made in {time.perf_counter() - start:.0f} s")
    gc.collect()
    gc.freeze()  # what made the comments lives on here, and in no server
    client = Client(raise_request_exception=False)
    client.force_login(made.user)
    over = skipped = 0
    seen = set()
    for name, route in addresses():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        for n, arguments in enumerate(made.arguments(name, names)):
            try:
                path = reverse(name, kwargs=arguments)
            except NoReverseMatch:
                skipped += 1
                print(f"skip  {name}  {route}")
                break
            for query in made.queries(name) if n == 0 else [""]:
                if only and only not in name and only not in path:
                    continue
                if path + query in seen:
                    continue
                seen.add(path + query)
                over += visit(client, name, path + query)
    print(f"{len(seen)} pages, {over} over, {skipped} without arguments")
    return over


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    os.environ["RAPFANG_TEST_NAME"] = "bench"
    django.setup()
    from django.db import connection
    from django.test.utils import override_settings, setup_test_environment

    from tests.factories import NOW

    logging.disable(logging.CRITICAL)
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with (
            tempfile.TemporaryDirectory() as media,
            override_settings(MEDIA_ROOT=media),
            mock.patch("drafts.clock.now", lambda: NOW),
        ):
            over = run(options.comments, options.only)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], 0)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
