"""One clock, and local dates at the moments at which they go wrong."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from consultations.models import ResponseReport
from consultations.stages import Stage, days_left, stage_at
from drafts import clock, thai_dates
from tests.factories import make_round

#: ISO in Bangkok -> its day in พ.ศ.; each is another day, or year, in UTC.
MOMENTS = {
    "2026-11-23T10:00+07:00": "23 พ.ย. 2569",
    "2028-02-29T00:30+07:00": "29 ก.พ. 2571",
    "2028-03-01T06:59+07:00": "1 มี.ค. 2571",
    "2026-12-31T23:30+07:00": "31 ธ.ค. 2569",
    "2027-01-01T00:30+07:00": "1 ม.ค. 2570",
}
moments = pytest.mark.parametrize(("moment", "shown"), MOMENTS.items())


def utc(moment: str) -> dt.datetime:
    """Return a moment as the database gives it."""
    return dt.datetime.fromisoformat(moment).astimezone(dt.UTC)


@moments
def test_a_moment_is_shown_on_its_day_in_bangkok(moment: str, shown: str) -> None:
    assert clock.local_date(utc(moment)).isoformat() == moment[:10]
    assert thai_dates.thai_date(utc(moment)) == shown
    assert thai_dates.thai_datetime(utc(moment)).startswith(shown)
    assert thai_dates.iso_date(utc(moment)) == moment[:10]


@moments
def test_windows_turn_at_midnight_in_bangkok(moment: str, shown: str) -> None:
    now = utc(moment)
    day = clock.local_date(now)
    before, after = day - dt.timedelta(days=1), day + dt.timedelta(days=1)

    def at(opens: dt.date, closes: dt.date) -> Stage:
        return stage_at("announced", opens_on=opens, closes_on=closes, now=now)

    assert at(day, day) is Stage.OPEN
    assert at(before, before) is Stage.CLOSED
    assert at(after, after) is Stage.ANNOUNCED
    assert days_left(day, today=day) == 1


@moments
@pytest.mark.django_db
def test_results_are_shown_on_the_day_they_were_published(
    client: Client, moment: str, shown: str
) -> None:
    day = clock.local_date(utc(moment))
    round = make_round(
        stage="reported",
        opens_on=day - dt.timedelta(days=40),
        closes_on=day - dt.timedelta(days=10),
    )
    ResponseReport.objects.create(
        round=round,
        number=1,
        status="published",
        published_at=utc(moment),
        created_at=utc(moment),
    )
    page = client.get(f"/consultations/{round.consultation.slug}/").content.decode()
    assert shown in page
    assert MOMENTS[moment] == shown


_TELL = """
import subprocess, sys, django
from django.conf import settings
django.setup()
settings.DEMO_CLOCK_FILE = None
from drafts import clock
print(clock.now().isoformat(), flush=True)
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "child"], check=True)
"""


@pytest.mark.parametrize(
    ("settings", "moment"),
    [("test", "2028-02-29T00:30+07:00"), ("embedded", "2026-12-31T23:30+07:00")],
)
def test_a_run_set_to_a_moment_is_followed_by_what_it_starts(
    settings: str, moment: str, tmp_path: Path
) -> None:
    """Tests, the servers and workers they start, and the demo live at one moment."""
    (tmp_path / "tell.py").write_text(_TELL)
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "DJANGO_SETTINGS_MODULE": f"cms.settings.{settings}",
        "RAPFANG_TEST_NOW": moment,
    }
    environment.pop("_RAPFANG_TEST_BEGAN", None)
    told = subprocess.run(
        [sys.executable, tmp_path / "tell.py"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    first, second = (dt.datetime.fromisoformat(line) for line in told)
    assert dt.datetime.fromisoformat(moment) <= first < second
    assert second - first < dt.timedelta(hours=1)
