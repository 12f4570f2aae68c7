"""The date arithmetic of docs/thai-law.md, on the dates of real cabinet papers."""

import datetime as dt

import pytest

from consultations import statute

D = dt.date
OPENS = D(2026, 12, 20)


@pytest.mark.parametrize(
    ("opens", "closes", "days"),
    [
        (D(2025, 6, 10), D(2025, 6, 24), 15),
        (D(2025, 1, 20), D(2025, 2, 3), 15),
        (D(2025, 3, 26), D(2025, 4, 10), 16),
        (D(2024, 12, 25), D(2025, 1, 9), 16),
        (D(2024, 6, 19), D(2024, 6, 25), 7),
        # papers that leave the first day out call these two "15 days"
        (D(2021, 4, 2), D(2021, 4, 17), 16),
        (D(2025, 3, 12), D(2025, 3, 27), 16),
    ],
)
def test_a_window_counts_both_ends(opens, closes, days):
    assert statute.days_inclusive(opens, closes) == days


@pytest.mark.parametrize(
    ("days", "plain", "strict"),
    [(14, False, False), (15, True, False), (16, True, True)],
)
def test_fifteen_days_hold_plainly_and_sixteen_strictly(days, plain, strict):
    closes = OPENS + dt.timedelta(days=days - 1)
    window = statute.window(OPENS, closes, 15)
    assert (window.days, window.plain, window.strict) == (days, plain, strict)


def test_notice_days_leave_out_the_day_of_opening():
    assert statute.notice_days(D(2026, 12, 5), OPENS) == 15
    assert statute.notice_days(D(2026, 12, 21), OPENS) == -1


def test_a_gap_in_the_posting_starts_the_count_anew():
    first = (D(2026, 12, 1), D(2026, 12, 8))
    again = (D(2026, 12, 9), None)
    assert statute.posted_since([first, again], OPENS) == D(2026, 12, 9)
    touching = (D(2026, 12, 1), D(2026, 12, 9))
    assert statute.posted_since([touching, again], OPENS) == D(2026, 12, 1)
    taken_down_early = [(D(2026, 12, 1), D(2026, 12, 19))]
    assert statute.posted_since(taken_down_early, OPENS) is None
    until_the_day_before = [(D(2026, 12, 1), OPENS)]
    assert statute.posted_since(until_the_day_before, OPENS) == D(2026, 12, 1)
    assert statute.posted_since([(OPENS, None)], OPENS) is None


def test_the_latest_of_the_required_channels_counts():
    channels = ("board", "site", "opm_network")
    rows = [
        ("board", D(2026, 12, 1), None),
        ("site", D(2026, 12, 4), None),
        ("website", D(2026, 12, 10), None),
    ]
    assert statute.latest_posting(channels, rows, OPENS) is None
    rows.append(("opm_network", D(2026, 12, 2), None))
    assert statute.latest_posting(channels, rows, OPENS) == D(2026, 12, 4)


def test_results_are_due_fifteen_days_after_the_day_of_completion():
    profile = statute.PROFILES["project_2548"]
    assert statute.result_due(profile.result_days, D(2026, 11, 30)) == D(2026, 12, 15)
    assert statute.result_due(None, D(2026, 11, 30)) is None
    assert statute.result_due(15, None) is None


def test_a_holiday_is_shown_and_does_not_extend():
    saturday = D(2026, 12, 5)
    assert statute.next_working_day(saturday) == D(2026, 12, 7)
    assert statute.next_working_day(saturday, {D(2026, 12, 7)}) == D(2026, 12, 8)
    assert statute.next_working_day(D(2026, 12, 8)) == D(2026, 12, 8)


def test_years_end_on_the_same_day_or_the_last_of_the_month():
    assert statute.evaluation_due(D(2024, 2, 29)) == D(2029, 2, 28)
    assert statute.evaluation_due(D(2020, 5, 1)) == D(2025, 5, 1)
    assert statute.evaluation_reminders(D(2020, 5, 31)) == (
        D(2024, 5, 31),
        D(2024, 11, 30),
        D(2025, 2, 28),
    )
    assert statute.subordinate_due(D(2024, 2, 29)) == D(2026, 2, 28)
    assert statute.subordinate_due(D(2024, 2, 29), extended=True) == D(2027, 2, 28)


def test_logs_go_on_day_91_at_the_earliest():
    assert statute.log_purge_from(D(2026, 1, 1)) == D(2026, 4, 2)
