"""Read the blind audits of a round for its report."""

from __future__ import annotations

from django.utils import translation

from comments.blind_audit import codes, selectors, statistics
from comments.models import BlindAudit
from consultations.models import Round
from consultations.report.document import inputs
from drafts import clock


def audits_in(round: Round) -> tuple[inputs.AuditIn, ...]:
    """Return every audit of a round, the one that counts first, in Thai.

    The coders are not named: their agency stands by the audit.
    """
    with translation.override("th"):
        return tuple(_audit(audit) for audit in selectors.audits_of(round))


def _audit(audit: BlindAudit) -> inputs.AuditIn:
    drawn_on = clock.local_date(audit.drawn_at)
    found = selectors.results_of(audit)
    if found is None:
        return inputs.AuditIn(
            number=audit.number, drawn_on=drawn_on, reason=audit.reason
        )
    told = found.findings
    titles = selectors.titles_of(audit) | {
        codes.RETIRED: "ประเด็นที่เจ้าหน้าที่เลิกใช้",
    }
    return inputs.AuditIn(
        number=audit.number,
        drawn_on=drawn_on,
        reason=audit.reason,
        finished_on=clock.local_date(found.finished_at),
        seed=audit.seed,
        population=audit.population,
        drawn=found.drawn,
        coded=told.coded,
        left_out=found.left_out,
        wrong=told.wrong.part,
        agreed=told.wrong.whole,
        wrong_interval=told.wrong.interval,
        pairs=(
            _pair("คนที่ 1 กับคนที่ 2", told.people),
            _pair("คนที่ 1 กับระบบ", told.machine[0]),
            _pair("คนที่ 2 กับระบบ", told.machine[1]),
            _pair("ความเห็นร่วมของสองคนกับระบบ", told.consensus),
        ),
        confusion=tuple((titles[a], titles[m], n) for a, m, n in found.confusion),
    )


def _pair(who: str, agreement: statistics.Agreement) -> inputs.PairIn:
    seen = agreement.observed
    return inputs.PairIn(
        who,
        seen.part,
        seen.whole,
        seen.interval,
        agreement.kappa.text,
        agreement.ac1.text,
    )
