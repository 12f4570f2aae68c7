"""The law of hearings as data: profiles, rules and the arithmetic of their dates.

No Django here.  ``PROFILES`` says what each legal basis demands, ``RULES`` what can be
checked by a machine, ``check`` which of them a consultation breaks at a moment, and
``assess`` the whole table, passed or not.  Clauses and their verification labels are
those of the project's law notes; ``Source.verified`` tells whether a screen may print
a text as the wording of the law.
"""

from consultations.statute.dates import (
    CalendarWindow,
    as_days,
    days_inclusive,
    evaluation_due,
    evaluation_reminders,
    latest_posting,
    log_purge_from,
    next_working_day,
    notice_days,
    posted_since,
    result_due,
    subordinate_due,
    window,
)
from consultations.statute.facts import (
    Breakdown,
    Facts,
    MethodFact,
    PostingFact,
    ReportFact,
    SessionFact,
    ThemeFact,
    Totals,
)
from consultations.statute.profiles import (
    PROFILES,
    Choice,
    Item,
    Profile,
    Source,
    profile_of,
)
from consultations.statute.results import days_late, due_on, told_on
from consultations.statute.rule import (
    Assessment,
    Finding,
    Level,
    Moment,
    Outcome,
    Rule,
)
from consultations.statute.rules import RULES, assess, check, failed
from consultations.statute.terms import terms_in

__all__ = [
    "PROFILES",
    "RULES",
    "Assessment",
    "Breakdown",
    "CalendarWindow",
    "Choice",
    "Facts",
    "Finding",
    "Item",
    "Level",
    "MethodFact",
    "Moment",
    "Outcome",
    "PostingFact",
    "Profile",
    "ReportFact",
    "Rule",
    "SessionFact",
    "Source",
    "ThemeFact",
    "Totals",
    "as_days",
    "assess",
    "check",
    "days_inclusive",
    "days_late",
    "due_on",
    "evaluation_due",
    "evaluation_reminders",
    "failed",
    "latest_posting",
    "log_purge_from",
    "next_working_day",
    "notice_days",
    "posted_since",
    "profile_of",
    "result_due",
    "subordinate_due",
    "terms_in",
    "told_on",
    "window",
]
