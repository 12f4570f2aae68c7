"""Times of the public pages, printed: ``make bench``.  Nothing here is a test.

A draft of 200 sections with 5,000 comments, no page cache, SQLite, one process;
``--comments 700000`` fills the database of the largest consultation ever held.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from unittest import mock

import django

RUNS = 15


def measure(name: str, action: Callable[[], object], *, limit: float, runs: int = RUNS):
    """Run once to warm up, then time ``runs`` times; count the queries of one run."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    result = action()
    with CaptureQueriesContext(connection) as queries:
        action()
    count = len(queries)  # before the next request empties the log
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    median = statistics.median(times)
    verdict = "ok" if median <= limit else "OVER"
    print(
        f"{name:<46} {median:9.1f} ms  (min {min(times):.1f}, max {max(times):.1f})"
        f"  {count:4} queries   target {limit:.0f} ms  {verdict}",
        flush=True,
    )
    return result


def page(client: object, path: str, **headers: str) -> object:
    answer = client.get(path, **headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return b"".join(answer) if answer.streaming else answer.content


def run(sections: int, comments: int) -> None:
    from django.test import Client

    from consultations.report import files, services
    from consultations.report.collect import collect
    from drafts import clock
    from tests.bench.load import make_loaded_round
    from tests.bench.sending import prepare_one, send_prepared

    start = time.perf_counter()
    round_ = make_loaded_round(sections=sections, comments=comments)
    print(f"filled with {comments:,} comments in {time.perf_counter() - start:.0f} s")
    client = Client()
    slug = round_.consultation.slug
    first = round_.version.provisions.exclude(kind="division").first()
    many = comments > 100_000
    html = measure(
        f"draft page, {sections} sections",
        lambda: page(client, f"/consultations/{slug}/draft/"),
        limit=150 if many else 60,
    )
    print(f"  {len(html):,} bytes, {len(gzip.compress(html, 6)):,} compressed")
    base = f"/consultations/{slug}/draft/{first.eid}/"
    measure("list of 20 comments", lambda: page(client, base), limit=25)
    measure(
        "list of 20 comments, least seen first",
        lambda: page(client, f"{base}?order=least_seen"),
        limit=25,
    )
    measure(
        "section fragment",
        lambda: page(client, base, HTTP_HX_REQUEST="true"),
        limit=25,
    )
    waiting = [prepare_one(round_) for _ in range(RUNS + 2)]
    measure(
        "one submission of three comments",
        lambda: send_prepared(waiting.pop()),
        limit=15,
    )

    def export() -> bytes:
        now = clock.now()
        report = services.report_draft_get_or_create(round=round_, now=now)
        source = services.source_of(collect(report, now=now), round_)
        return files.EXPORTERS["xlsx"].render(source)

    measure(
        "export of all comments to XLSX",
        export,
        limit=1500 if not many else 600_000,
        runs=3 if not many else 1,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=200)
    parser.add_argument("--comments", type=int, default=5_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    os.environ["RAPFANG_TEST_NAME"] = "bench"
    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    from tests.factories import NOW

    logging.disable(logging.INFO)
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with mock.patch("drafts.clock.now", lambda: NOW):
            run(options.sections, options.comments)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
