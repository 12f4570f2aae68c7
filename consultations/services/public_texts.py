"""What the public has read of a consultation never changes unseen.

From the announcement on each text that changes is written down with its old and its
new words; readers see the day and both (reading/selectors/edits.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.log_actions import get_active_log_context

from consultations.models import Consultation, ConsultationPage, StageChoices
from drafts import audit, outbox

#: Texts of the page that the public reads and the desk's form writes.
PAGE_FIELDS = (
    "headline",
    "headline_en",
    "summary",
    "summary_en",
    "affected",
    "changes_from_today",
    "contact",
)
#: The audit entry; its ``texts`` are {name: [old words, new words]}.
ACTION = "consultation.texts_changed"


def is_announced(consultation: Consultation) -> bool:
    """Tell whether the public has seen any round of a consultation."""
    return consultation.rounds.exclude(stage=StageChoices.DRAFT).exists()


def texts_record(
    consultation: Consultation, changed: dict[str, tuple[Any, Any]], *, by: Any
) -> None:
    """Write down the words of an announced consultation that changed.

    ``changed`` is {field: (old, new)}; a mapping of texts is told item by item, as
    ``information.<item>``.  Call it inside the change's transaction.
    """
    texts = dict(_words(changed))
    if texts:
        audit.record(consultation, ACTION, by=by, texts=texts)
        outbox.emit("consultation", [consultation.pk])


def _words(changed: dict[str, tuple[Any, Any]]) -> Iterable[tuple[str, list[str]]]:
    for name, (old, new) in changed.items():
        if isinstance(new, dict):
            pairs = {
                key: (old.get(key, ""), new.get(key, "")) for key in {**old, **new}
            }
            yield from _words({f"{name}.{key}": pair for key, pair in pairs.items()})
        elif isinstance(new, list):
            yield name, ["\n".join(map(str, old)), "\n".join(map(str, new))]
        elif old != new:
            yield name, [str(old), str(new)]


def follow_page(
    *,
    instance: ConsultationPage,
    update_fields: Iterable[str] | None = None,
    **_signal: Any,
) -> None:
    """Receive a page that is about to be saved, whichever door the change came by.

    The desk, Wagtail's form, a revision taken back, its API and publishing at a set
    time all end in the page's row.
    """
    if update_fields is not None and not set(update_fields) & set(PAGE_FIELDS):
        return
    consultation = Consultation.objects.filter(page_id=instance.pk).first()
    if consultation is None or not is_announced(consultation):
        return
    row = ConsultationPage.objects.filter(pk=instance.pk).values(*PAGE_FIELDS).get()
    changed = {name: (old, getattr(instance, name)) for name, old in row.items()}
    texts_record(consultation, changed, by=get_active_log_context().user)
