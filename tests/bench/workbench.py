"""Times of the officials' pages with many comments: ``make bench``; not a test.

20,000 comments in 24 themes and the buckets, as a run left them, SQLite, one process.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
from unittest import mock

import django

THEMES = 24
#: Share of comments in each bucket.
BUCKETS = {"no_reason": 0.04, "other": 0.02, "few": 0.01}


def make_reviewed_round(comments: int, *, seed: int = 0):
    """Make a closed round whose comments a run has placed; nobody has worked on it."""
    from comments.models import (
        CandidateAssignment,
        CandidateTheme,
        Comment,
        Theme,
        ThemeAssignment,
        ThemeEvent,
        ThemeRun,
    )
    from comments.themes.events import ADOPTED
    from tests.bench.load import make_loaded_round
    from tests.factories import NOW

    chance = random.Random(seed)
    round_ = make_loaded_round(sections=60, comments=comments)
    points = {str(n): [chance.random(), chance.random()] for n in range(1, THEMES + 1)}
    run = ThemeRun.objects.create(
        round=round_,
        status=ThemeRun.Status.COMPLETE,
        purpose=ThemeRun.Purpose.FINAL,
        parameters={"detail": "normal"},
        encoder="use",
        seed=0,
        is_current=True,
        comment_count=comments,
        metrics={"run": {"metrics": {"map": {"themes": points}, "rules": []}}},
        created_at=NOW,
        finished_at=NOW,
    )
    candidates = CandidateTheme.objects.bulk_create(
        CandidateTheme(run=run, number=n, label=f"ประเด็นที่ {n}", size=0, distinct=0)
        for n in range(1, THEMES + 1)
    )
    themes = Theme.objects.bulk_create(
        Theme(round=round_, number=c.number, title=c.label, origin=c)
        for c in candidates
    )
    weights = [1 / (n + 2) for n in range(THEMES)]
    codes = [*BUCKETS, ""]
    shares = [*BUCKETS.values(), 1 - sum(BUCKETS.values())]
    placed, said = [], []
    first: dict[int, int] = {}
    for pk in Comment.objects.filter(round=round_).values_list("pk", flat=True):
        bucket = chance.choices(codes, shares)[0]
        at = None if bucket else chance.choices(range(THEMES), weights)[0]
        margin = None if at is None else round(chance.random() * 0.5, 4)
        # One in three is a copy out of one of fifty campaigns.
        group = chance.randrange(150)
        argument = first.setdefault(group, pk) if group < 50 else pk
        placed.append(
            ThemeAssignment(
                round=round_,
                comment_id=pk,
                theme=None if at is None else themes[at],
                bucket=bucket,
                source="machine",
                run=run,
                margin=margin,
                argument=argument,
                assigned_at=NOW,
            )
        )
        said.append(
            CandidateAssignment(
                run=run,
                comment_id=pk,
                theme=None if at is None else candidates[at],
                bucket=bucket,
                margin=margin,
                runner_up=chance.randrange(1, THEMES + 1),
                also=[chance.randrange(1, THEMES + 1)] if chance.random() < 0.1 else [],
            )
        )
    ThemeAssignment.objects.bulk_create(placed, batch_size=2_000)
    CandidateAssignment.objects.bulk_create(said, batch_size=2_000)
    ThemeEvent.objects.create(
        round=round_,
        number=1,
        kind=ADOPTED,
        data={"run": run.pk, "moved": comments, "only_new": False},
        created_at=NOW,
    )
    return round_


def run(comments: int) -> None:
    from django.contrib.auth.models import Permission
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from consultations.models import Role
    from tests.bench.site import measure, page
    from tests.factories import make_member

    round_ = make_reviewed_round(comments)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    user = make_member(round_.consultation.agency, Role.EDITOR)
    user.user_permissions.add(
        Permission.objects.get(
            codename="access_admin", content_type__app_label="wagtailadmin"
        )
    )
    client = Client()
    client.force_login(user)

    def at(name: str, *args: object, query: str = "") -> str:
        return reverse(name, args=[round_.pk, *args]) + query

    section = round_.version.provisions.filter(kind="section").first().pk
    pages = {
        "workbench": at("desk_themes"),
        "workbench, one section": at("desk_themes", query=f"?section={section}"),
        "largest theme": at("desk_theme", 1),
        "largest theme, a word searched": at("desk_theme", 1, query="?q=ทำไม่ทัน"),
        "largest theme, filtered": at("desk_theme", 1, query="?stance=disagree"),
        "largest theme, last page": at("desk_theme", 1, query="?page=9999"),
        "bucket": at("desk_bucket", "few"),
        "reading queue": at("desk_themes_queue"),
        "map": at("desk_themes_map"),
        "rules": at("desk_themes_rules"),
        "themes by section": at("desk_themes_parts"),
        "merge side by side": at("desk_theme_merge", 1, query="?into=2"),
        "answers": at("desk_answers"),
    }
    print(f"{comments:,} comments in {THEMES} themes")
    for name, address in pages.items():
        measure(name, lambda address=address: page(client, address), limit=300, runs=7)
    measure(
        "table as XLSX", lambda: page(client, at("desk_themes_table")), limit=15_000,
        runs=1,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=20_000)
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
            run(options.comments)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
