"""What of this app the database refuses to change (see drafts/frozen.py)."""

from collections.abc import Iterator

from consultations.models import Evidence, Posting
from drafts.frozen import FrozenTable

#: What may still be added to a record: that it is struck, that a step was done.
_LATER = {"id", "struck_at", "struck_by_id", "struck_reason", "done_on"}
_ANNOUNCED = (
    "EXISTS (SELECT 1 FROM consultations_round r "
    "WHERE r.{ours} = OLD.{theirs} AND r.stage <> 'draft')"
)


def _evidence(model: type[Evidence]) -> Iterator[FrozenTable]:
    """A record says what it said, stays struck, and goes only before anyone saw it."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    relied = "OLD.struck_at IS NOT NULL"
    if model is Posting:
        relied = "OLD.id IS NOT NULL"
    elif "round_id" in columns:
        relied += " OR " + _ANNOUNCED.format(ours="id", theirs="round_id")
    else:
        both = "consultation_id"
        relied += " OR " + _ANNOUNCED.format(ours=both, theirs=both)
    said = tuple(column for column in columns if column not in _LATER)
    yield FrozenTable(table, columns=said, delete=relied)
    struck = "OLD.struck_at IS NOT NULL"
    yield FrozenTable(table, when=struck, delete=False, key="struck_")


FROZEN = [
    FrozenTable("consultations_responsereport", when="OLD.status = 'published'"),
    FrozenTable(
        "consultations_confirmationrequest",
        columns=("round_id", "act", "payload", "sha256", "asked_by_id", "asked_at"),
    ),
    FrozenTable(
        "consultations_confirmationrequest",
        when="OLD.outcome <> ''",
        delete=False,
        key="decided_",
    ),
    *(frozen for model in Evidence.__subclasses__() for frozen in _evidence(model)),
    FrozenTable(
        "consultations_milestone",
        columns=("done_on",),
        when="OLD.done_on IS NOT NULL",
        delete=False,
        key="done_",
    ),
]
