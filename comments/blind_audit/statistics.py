"""How far two codings of the same comments agree, and how sure that is.  No Django.

Proportions carry Wilson's score interval (E. B. Wilson, "Probable inference, the law of
succession, and statistical inference", JASA 22, 1927; recommended over the usual one by
R. G. Newcombe, Statistics in Medicine 17, 1998), because agreement lies near 1, where
p ± 1.96·SE leaves [0, 1].

Agreement beyond chance is given twice.  Cohen's kappa (J. Cohen, Educational and
Psychological Measurement 20, 1960) is what readers know, with the large-sample variance
of J. L. Fleiss, J. Cohen and B. S. Everitt (Psychological Bulletin 72, 1969).  It falls
though people agree when nearly all comments have one answer (A. R. Feinstein and D. V.
Cicchetti, J. Clinical Epidemiology 43, 1990), so Gwet's AC1 with its variance stands
beside it (K. L. Gwet, British J. Mathematical and Statistical Psychology 61, 2008).

Both variances are 0 when everything agrees, which would claim certainty from ten
comments; there the lower end is what the coefficient would be at the lower end of
Wilson's interval, chance agreement unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

#: 97.5th percentile of the normal distribution: intervals of 95 %.
Z = 1.959963984540054

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Proportion:
    """``part`` of ``whole`` with a 95 % interval; 0 to 1 where there is nothing."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Return the share; 0 of nothing is 0."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def percent(self) -> str:
        """Print the share with one decimal; a dash where there is nothing."""
        return f"{100 * self.value:.1f}%" if self.whole else "–"

    @property
    def interval(self) -> str:
        """Print the interval: ``75.4–88.6%``."""
        return f"{100 * self.low:.1f}–{100 * self.high:.1f}%" if self.whole else "–"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Agreement beyond chance with a 95 % interval.

    ``value`` is None where it has no meaning: no pairs, or one code throughout.
    """

    value: float | None
    low: float = -1.0
    high: float = 1.0

    @property
    def text(self) -> str:
        """Print it with its interval: ``0.68 (0.50, 0.85)``; a dash for None."""
        if self.value is None:
            return "–"
        # z: no "-0.00".
        return f"{self.value:z.2f} ({self.low:z.2f}, {self.high:z.2f})"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two codings compared."""

    observed: Proportion
    kappa: Coefficient
    ac1: Coefficient


@dataclass(frozen=True, slots=True)
class Findings:
    """What an audit found.  ``people``: the two persons; ``machine``: each of them and
    the machine; ``consensus``: what both persons said, where they agree, and the
    machine.

    ``wrong`` is how often the machine differs from that consensus: its error rate.
    ``alone`` is how often, of all comments coded, it agrees with neither person.
    """

    coded: int
    people: Agreement
    machine: tuple[Agreement, Agreement]
    consensus: Agreement
    wrong: Proportion
    alone: Proportion


def wilson(part: int, whole: int) -> Proportion:
    """Return a proportion with Wilson's score interval.

    ValueError unless 0 <= part <= whole.
    """
    if not 0 <= part <= whole:
        message = f"{part} of {whole} is no proportion"
        raise ValueError(message)
    if not whole:
        return Proportion(0, 0, 0.0, 1.0)
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = (Z / (1 + square / whole)) * sqrt(
        share * (1 - share) / whole + square / (4 * whole * whole)
    )
    # At the ends rounding must not leave [0, 1] nor exclude the share itself.
    low = 0.0 if part == 0 else max(0.0, middle - half)
    high = 1.0 if part == whole else min(1.0, middle + half)
    return Proportion(part, whole, low, high)


def _interval(
    value: float, variance: float, observed: Proportion, chance: float
) -> Coefficient:
    if observed.part == observed.whole:
        low = (observed.low - chance) / (1 - chance)
        return Coefficient(value, max(-1.0, low), 1.0)
    half = Z * sqrt(max(0.0, variance))
    return Coefficient(value, max(-1.0, value - half), min(1.0, value + half))


def cohen_kappa(pairs: Pairs) -> Coefficient:
    """Return Cohen's kappa: (po - pe) / (1 - pe), pe from each coder's own shares.

    The interval uses equation 13 of Fleiss, Cohen and Everitt (1969).  None where a
    coder used one code throughout: it is 0 then with no variance, however often the
    two agree, which would be printed as certainty.
    """
    n = len(pairs)
    first = {c: k / n for c, k in Counter(a for a, _ in pairs).items()}
    second = {c: k / n for c, k in Counter(b for _, b in pairs).items()}
    if min(len(first), len(second)) < 2:
        return Coefficient(None)
    observed = wilson(sum(a == b for a, b in pairs), n)
    po = observed.value
    pe = sum(share * second.get(c, 0.0) for c, share in first.items())
    kappa = (po - pe) / (1 - pe)
    same = apart = 0.0
    for (a, b), count in Counter(pairs).items():
        share = count / n
        # first[a] is the row of the cell, second[b] its column.
        if a == b:
            same += share * ((1 - pe) - (second[a] + first[a]) * (1 - po)) ** 2
        else:
            apart += share * (second.get(a, 0.0) + first.get(b, 0.0)) ** 2
    spread = same + (1 - po) ** 2 * apart - (po * pe - 2 * pe + po) ** 2
    return _interval(kappa, spread / (n * (1 - pe) ** 4), observed, pe)


def gwet_ac1(pairs: Pairs, categories: int) -> Coefficient:
    """Return Gwet's AC1: chance agreement from the mean shares of ``categories`` codes.

    ``categories`` is how many codes there were to choose from, used or not.  The
    interval uses the variance of Gwet (2008) for two coders, no finite population.
    None where there is one category only.
    """
    n = len(pairs)
    if not n or categories < 2:
        return Coefficient(None)
    both = Counter(a for a, _ in pairs) + Counter(b for _, b in pairs)
    share = {code: count / (2 * n) for code, count in both.items()}
    observed = wilson(sum(a == b for a, b in pairs), n)
    po = observed.value
    pe = sum(p * (1 - p) for p in share.values()) / (categories - 1)
    value = (po - pe) / (1 - pe)
    diagonal = square = 0.0
    for (a, b), count in Counter(pairs).items():
        p = count / n
        if a == b:
            diagonal += p * (1 - share[a]) / (categories - 1)
        square += p * ((1 - (share[a] + share[b]) / 2) / (categories - 1)) ** 2
    variance = (
        po * (1 - po)
        - 4 * (1 - value) * (diagonal - po * pe)
        + 4 * (1 - value) ** 2 * (square - pe**2)
    ) / (n * (1 - pe) ** 2)
    return _interval(value, variance, observed, pe)


def compare(pairs: Pairs, categories: int) -> Agreement:
    """Compare two codings of the same comments, given pair by pair."""
    return Agreement(
        observed=wilson(sum(a == b for a, b in pairs), len(pairs)),
        kappa=cohen_kappa(pairs),
        ac1=gwet_ac1(pairs, categories),
    )


def findings(rows: Sequence[tuple[str, str, str]], categories: int) -> Findings:
    """Return what an audit found in ``(first person, second person, machine)`` rows.

    A row whose machine is "" has no answer of the machine and says nothing about it.
    """
    answered = [row for row in rows if row[2]]
    agreed = [(a, machine) for a, b, machine in answered if a == b]
    return Findings(
        coded=len(rows),
        people=compare([(a, b) for a, b, _ in rows], categories),
        machine=(
            compare([(a, machine) for a, _, machine in answered], categories),
            compare([(b, machine) for _, b, machine in answered], categories),
        ),
        consensus=compare(agreed, categories),
        wrong=wilson(sum(a != machine for a, machine in agreed), len(agreed)),
        alone=wilson(sum(m not in {a, b} for a, b, m in answered), len(answered)),
    )
