"""The process: consultations are made, rounds announced, extended, withdrawn, advanced.

What is prepared beforehand (questions, methods, documents) is in
``consultations/preparing.py``.  Who may act is asked by the views (policies.py); what
the stage allows is decided here, from the clock, never from the stored stage alone.
"""

from consultations.services.announcing import (
    AnnounceError,
    round_announce,
)
from consultations.services.consultations import (
    LOCKED_FIELDS,
    consultation_change,
    consultation_create,
    consultation_values,
)
from consultations.services.offices import office_of_two_set, office_values
from consultations.services.public_texts import PAGE_FIELDS, is_announced
from consultations.services.rounds import (
    extension_reason,
    round_advance_all,
    round_complete,
    round_extend,
    round_lock,
    round_new,
    round_prepare,
    round_values,
    round_withdraw,
)

__all__ = [
    "LOCKED_FIELDS",
    "PAGE_FIELDS",
    "AnnounceError",
    "consultation_change",
    "consultation_create",
    "consultation_values",
    "extension_reason",
    "is_announced",
    "office_of_two_set",
    "office_values",
    "round_advance_all",
    "round_announce",
    "round_complete",
    "round_extend",
    "round_lock",
    "round_new",
    "round_prepare",
    "round_values",
    "round_withdraw",
]
