"""Keep the index true: drain the outbox, rebuild, sweep.

The order of things makes losses harmless: the outbox row is written with the change
itself, is deleted only after the engine took it, and the sweep compares everything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from django.db.models import Model

from comments.models import Comment
from consultations.models import ResponseReport, Round
from drafts import outbox
from drafts.models import Provision
from search import documents
from search.backends.base import (
    DocumentsRefusedError,
    SearchBackend,
    SearchUnavailableError,
    load_backend,
)
from search.batches import batched

logger = logging.getLogger(__name__)
CONSUMER = "search"
CHUNK = 500


def objects_index(*, backend: SearchBackend, kind: str, ids: Iterable[int]) -> None:
    """Bring the given objects of a kind up to date: add, replace or remove.

    Raises DocumentsRefusedError once all that the engine takes are in.
    """
    refused: dict[str, str] = {}
    for chunk in batched(ids, CHUNK):
        found = list(documents.of(kind, chunk))
        try:
            if found:
                backend.index(found)
        except DocumentsRefusedError as error:
            refused |= error.refused
        keys = {f"{kind}:{pk}" for pk in chunk} - {one.key for one in found}
        if keys:
            backend.delete(sorted(keys))
    if refused:
        raise DocumentsRefusedError(refused)


def change_handle(topic: str, ids: list[str], *, backend: SearchBackend) -> None:
    """Bring into the index what one topic of the outbox is about.

    Raises DocumentsRefusedError once all that the engine takes are in.
    """
    refused: dict[str, str] = {}
    for kind, objects in _objects_of(topic, [int(pk) for pk in ids]):
        try:
            objects_index(backend=backend, kind=kind, ids=objects)
        except DocumentsRefusedError as error:
            refused |= error.refused
    if refused:
        raise DocumentsRefusedError(refused)


def _objects_of(topic: str, ids: list[int]) -> Iterator[tuple[str, Iterable[int]]]:
    """Yield the kinds of documents that a change touches, with the objects' ids."""
    match topic:
        case "comment" | "report":
            yield topic, ids
        case "version":
            yield "provision", _pks(Provision, version__in=ids)
        case "comments_of_round":
            yield "comment", _pks(Comment, round__in=ids)
        case "consultation":
            yield "consultation", ids
            rounds = Round.objects.filter(consultation__in=ids)
            yield "provision", _pks(Provision, version__in=rounds.values("version"))
            yield "report", _pks(ResponseReport, round__in=rounds)
        case _:
            logger.warning("search: unknown topic %s", topic)


def _pks(model: type[Model], **where: object) -> Iterator[int]:
    rows = model.objects.filter(**where).order_by("pk")
    return rows.values_list("pk", flat=True).iterator()


def outbox_drain(*, backend: SearchBackend | None = None) -> int:
    """Bring all waiting changes into the index; return how many.

    Raises SearchUnavailableError when the engine is away: the changes keep waiting.
    """
    engine = backend or load_backend()
    return outbox.drain(
        CONSUMER,
        lambda topic, ids: change_handle(topic, ids, backend=engine),
        away=(SearchUnavailableError,),
    )


def index_rebuild(*, backend: SearchBackend | None = None) -> int:
    """Build the whole index anew; readers keep the old one until it is whole.

    Raises DocumentsRefusedError where it lacks some; what waits is kept then.
    """
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
                    healed["healed"] += _heal(engine, wrong)
                    wrong = []
        if wrong:
            healed["healed"] += _heal(engine, wrong)
        if present:
            engine.delete(sorted(present))
            healed["removed"] += len(present)
    return healed


def _heal(engine: SearchBackend, wrong: list[documents.Document]) -> int:
    try:
        return engine.index(wrong)
    except DocumentsRefusedError as error:  # the next sweep says so again
        logger.error("search sweep: %s", error)
        return len(wrong) - len(error.refused)
