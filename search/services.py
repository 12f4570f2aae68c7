"""Keep the index true: drain the outbox, rebuild, sweep.

The order of things makes losses harmless: the outbox row is written with the change
itself, is deleted only after the engine took it, and the sweep compares everything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from comments.models import Comment
from consultations.models import ResponseReport, Round
from drafts import outbox
from drafts.models import Provision
from search import documents
from search.backends.base import SearchBackend, load_backend
from search.batches import batched

logger = logging.getLogger(__name__)
CONSUMER = "search"
CHUNK = 500


def objects_index(*, backend: SearchBackend, kind: str, ids: Iterable[int]) -> None:
    """Bring the given objects of a kind up to date: add, replace or remove."""
    for chunk in batched(ids, CHUNK):
        found = list(documents.of(kind, chunk))
        if found:
            backend.index(found)
        keys = {f"{kind}:{pk}" for pk in chunk} - {one.key for one in found}
        if keys:
            backend.delete(sorted(keys))


def change_handle(topic: str, ids: list[str], *, backend: SearchBackend) -> None:
    """Bring into the index what one topic of the outbox is about."""
    numbers = [int(pk) for pk in ids]
    match topic:
        case "comment":
            objects_index(backend=backend, kind="comment", ids=numbers)
        case "report":
            objects_index(backend=backend, kind="report", ids=numbers)
        case "version":
            _provisions_index(backend=backend, version_ids=numbers)
        case "comments_of_round":
            pks = Comment.objects.filter(round_id__in=numbers).order_by("pk")
            objects_index(
                backend=backend,
                kind="comment",
                ids=pks.values_list("pk", flat=True).iterator(),
            )
        case "consultation":
            objects_index(backend=backend, kind="consultation", ids=numbers)
            rounds = Round.objects.filter(consultation_id__in=numbers)
            versions = rounds.exclude(version=None).values_list("version", flat=True)
            _provisions_index(backend=backend, version_ids=list(versions))
            reports = ResponseReport.objects.filter(round__in=rounds)
            objects_index(
                backend=backend,
                kind="report",
                ids=list(reports.values_list("pk", flat=True)),
            )
        case _:
            logger.warning("search: unknown topic %s", topic)


def _provisions_index(*, backend: SearchBackend, version_ids: list[int]) -> None:
    pks = Provision.objects.filter(version_id__in=version_ids).order_by("pk")
    objects_index(
        backend=backend, kind="provision", ids=list(pks.values_list("pk", flat=True))
    )


def outbox_drain(*, backend: SearchBackend | None = None) -> int:
    """Bring all waiting changes into the index; return how many.

    Raises SearchUnavailableError when the engine is away: the changes keep waiting.
    """
    engine = backend or load_backend()
    return outbox.drain(
        CONSUMER, lambda topic, ids: change_handle(topic, ids, backend=engine)
    )


def index_rebuild(*, backend: SearchBackend | None = None) -> int:
    """Build the whole index anew; readers keep the old one until it is whole."""
    engine = backend or load_backend()
    waiting = outbox.newest(CONSUMER)
    done = engine.rebuild(
        document for kind in documents.KINDS for document in documents.of(kind)
    )
    # What waited before the rebuild began is in it; later changes stay in line.
    outbox.forget(CONSUMER, up_to=waiting)
    return done


def index_sweep(*, backend: SearchBackend | None = None) -> dict[str, int]:
    """Compare index and database document by document and heal what differs.

    Returns how many were added or replaced ("healed") and removed, by kind.
    """
    engine = backend or load_backend()
    healed = {"healed": 0, "removed": 0}
    for kind in documents.KINDS:
        present = dict(engine.digests(kind))
        wrong: list[documents.Document] = []
        for document in documents.of(kind):
            if present.pop(document.key, None) != document.digest:
                wrong.append(document)
                if len(wrong) >= CHUNK:
                    healed["healed"] += engine.index(wrong)
                    wrong = []
        if wrong:
            healed["healed"] += engine.index(wrong)
        if present:
            engine.delete(sorted(present))
            healed["removed"] += len(present)
    return healed
