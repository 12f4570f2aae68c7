"""Agreement and its intervals against published and hand-computed values."""

from __future__ import annotations

import random
import subprocess
import sys
from math import sqrt
from statistics import stdev

import pytest

from comments.blind_audit.statistics import (
    Coefficient,
    Z,
    cohen_kappa,
    compare,
    findings,
    gwet_ac1,
    wilson,
)


def table(rows: list[list[int]], names: str = "abcdef") -> list[tuple[str, str]]:
    """Return the pairs of a table of counts: rows are the first coder's codes."""
    return [
        (names[i], names[j])
        for i, row in enumerate(rows)
        for j, count in enumerate(row)
        for _ in range(count)
    ]


#: J. L. Fleiss, Statistical Methods for Rates and Proportions, table 18.1: diagnoses of
#: 100 subjects (psychotic, neurotic, organic) by two raters; he prints kappa 0.68 and
#: its standard error 0.087.
FLEISS = table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
#: Two codes, 50 comments: po = 35/50, pe = .5·.6 + .5·.4 = .5, kappa = .4.
FIFTY = table([[20, 5], [10, 15]])


def standard_error(found) -> float:
    return (found.high - found.low) / 2 / Z


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe (1998), table I, method 3 (Wilson's score without correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0000),
    ],
)
def test_wilson_is_as_published(part, whole, low, high):
    found = wilson(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.low <= found.value <= found.high


def test_wilson_of_nothing_knows_nothing():
    assert (wilson(0, 0).low, wilson(0, 0).high, wilson(0, 0).value) == (0, 1, 0)
    with pytest.raises(ValueError, match="no proportion"):
        wilson(3, 2)


def test_kappa_is_as_published():
    found = cohen_kappa(FLEISS)
    assert round(found.value, 2) == 0.68
    assert 0.087 <= standard_error(found) < 0.088
    # His own form of the variance, (A + B - C) / n(1 - pe)², written out.
    cells = [[0.75, 0.01, 0.04], [0.05, 0.04, 0.01], [0.0, 0.0, 0.1]]
    rows, columns = [0.8, 0.1, 0.1], [0.8, 0.05, 0.15]
    pe, rest = 0.66, 1 - found.value
    three = range(3)
    a = sum(cells[i][i] * (1 - (rows[i] + columns[i]) * rest) ** 2 for i in three)
    b = rest**2 * sum(
        cells[i][j] * (columns[i] + rows[j]) ** 2
        for i in three
        for j in three
        if i != j
    )
    c = (found.value - pe * rest) ** 2
    variance = (a + b - c) / (100 * (1 - pe) ** 2)
    assert standard_error(found) == pytest.approx(sqrt(variance))


def test_kappa_by_hand():
    found = cohen_kappa(FIFTY)
    assert found.value == pytest.approx(0.4)
    # po .7, pe .5; diagonal .4(.5 - 1.1·.3)² + .3(.5 - .9·.3)² = .02743;
    # off it .3²(.1·(.6+.5)² + .2·(.4+.5)²) = .02547; less (.35 - 1 + .7)² = .0025.
    variance = (0.02743 + 0.02547 - 0.0025) / (50 * 0.5**4)
    assert standard_error(found) == pytest.approx(sqrt(variance), rel=1e-3)


def test_ac1_by_hand():
    found = gwet_ac1(FIFTY, 2)
    # shares .55 and .45: pe = 2·.55·.45 = .495; (.7 - .495) / .505
    assert found.value == pytest.approx(0.205 / 0.505)
    diagonal = 0.4 * 0.45 + 0.3 * 0.55
    square = 0.4 * 0.45**2 + 0.3 * 0.55**2 + 0.3 * 0.5**2
    rest = 1 - 0.205 / 0.505
    variance = (
        0.7 * 0.3
        - 4 * rest * (diagonal - 0.7 * 0.495)
        + 4 * rest**2 * (square - 0.495**2)
    ) / (50 * 0.505**2)
    assert standard_error(found) == pytest.approx(sqrt(variance))


def test_ac1_stays_where_kappa_falls():
    """The paradox of Feinstein and Cicchetti: 94 % agree, kappa is below zero."""
    pairs = table([[118, 5], [2, 0]])
    assert cohen_kappa(pairs).value < 0
    assert gwet_ac1(pairs, 2).value == pytest.approx(0.94, abs=0.005)


@pytest.mark.parametrize("coefficient", [cohen_kappa, lambda p: gwet_ac1(p, 3)])
def test_the_variances_agree_with_a_bootstrap(coefficient):
    rng = random.Random(1969)
    pairs = FLEISS * 3
    draws = [coefficient(rng.choices(pairs, k=len(pairs))).value for _ in range(600)]
    assert standard_error(coefficient(pairs)) == pytest.approx(stdev(draws), rel=0.12)


def test_perfect_agreement_is_not_certainty():
    pairs = table([[6, 0], [0, 4]])
    found = compare(pairs, 5)
    assert found.observed.value == found.kappa.value == found.ac1.value == 1
    assert found.kappa.high == 1
    # Wilson's lower end of 10 in 10 is .7225, pe = .6² + .4² = .52
    assert found.kappa.low == pytest.approx((0.7225 - 0.52) / 0.48, abs=1e-3)
    assert 0 < found.ac1.low < 1


def test_one_code_throughout_has_no_kappa():
    found = compare(table([[9]]), 6)
    assert found.kappa.value is None
    assert found.ac1.value == 1
    assert gwet_ac1(table([[9]]), 1).value is None
    assert cohen_kappa([]).value is None


def test_findings_count_what_they_say():
    rows = [
        *[("t1", "t1", "t1")] * 6,  # all three agree
        *[("t1", "t1", "t2")] * 2,  # the machine is wrong
        ("t1", "t2", "t2"),  # the people differ, the machine is with one
        ("t1", "few", "other"),  # with neither
        ("t1", "t1", ""),  # the machine was not asked
    ]
    found = findings(rows, 6)
    assert found.coded == 11
    assert (found.people.observed.part, found.people.observed.whole) == (9, 11)
    first, second = found.machine
    assert (first.observed.part, first.observed.whole) == (6, 10)
    assert (second.observed.part, second.observed.whole) == (7, 10)
    assert (found.consensus.observed.part, found.consensus.observed.whole) == (6, 8)
    assert (found.wrong.part, found.wrong.whole) == (2, 8)
    assert (found.alone.part, found.alone.whole) == (3, 10)


def test_it_needs_no_django():
    code = (
        "import sys; from comments.blind_audit import codes, statistics;"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_kappa_says_nothing_where_a_coder_used_one_code():
    pairs = [("a", "a"), ("a", "a"), ("a", "a"), ("a", "b")]
    assert cohen_kappa(pairs).value is None
    assert cohen_kappa([(b, a) for a, b in pairs]).text == "–"
    assert gwet_ac1(pairs, 2).value > 0


def test_no_zero_is_printed_as_less_than_nothing():
    assert Coefficient(-0.001, -0.2, 0.001).text == "0.00 (-0.20, 0.00)"
