"""The whole document, heading by heading, in the order the law's practice gives."""

from __future__ import annotations

from consultations.report.document import audit, closing, opening, results
from consultations.report.document.blocks import Document, Section
from consultations.report.document.inputs import ReportInput
from consultations.report.document.parts import Counter, day

#: Raised when the shape of the JSON changes.
SCHEMA = 2


def build(given: ReportInput) -> Document:
    """Make the document of an input.  The same input always gives the same document."""
    count, digest = Counter(given), given.members.sha256()
    current = next(r for r in given.rounds if r.current)
    sections: list[Section | None] = [
        opening.control(given, digest),
        opening.summary(given, count),
        opening.basis(given),
        opening.information(given),
        opening.notice(given, current),
        opening.methods(given),
        opening.periods(given),
        opening.targets(given),
        results.participants(given, count),
        results.issues(given, count),
        results.outcome(given, count),
        results.views(given, count),
        results.answers(given, count),
        results.changes(given, count),
        closing.harms(given),
        closing.impact(given),
        closing.compliance(given),
        closing.publication(given),
        closing.next_steps(given),
        closing.limits(given, count),
        closing.all_comments(given, count),
        closing.evidence(given),
        closing.method(given, count),
        audit.blind_audit(given),
    ]
    return Document(
        schema=SCHEMA,
        title=given.profile.report_title_th,
        subtitle=given.title,
        language="th",
        meta=(
            ("number", opening.report_number(given)),
            ("slug", given.slug),
            ("agency", given.agency),
            ("title_en", given.title_en),
            ("summary_en", given.summary_en),
            ("profile", given.profile.key),
            ("taken_at", given.taken_at.isoformat()),
            ("taken_on", day(given.taken_on)),
            ("members_sha256", digest),
            ("signer", given.signer_name),
            ("signer_position", given.signer_position),
        ),
        sections=tuple(s for s in sections if s is not None),
    )
