"""What the search page shows."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.urls import reverse

from search import documents
from search.analysis import Query, Segment, highlight, parse_query
from search.backends.base import (
    MAX_HITS,
    Document,
    Filters,
    SearchUnavailableError,
    load_backend,
)

logger = logging.getLogger(__name__)
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the result list."""

    document: Document
    url: str
    title: list[Segment]
    snippet: list[Segment]
    #: how many more comments say the same, and the fold that lists them
    copies: int = 0
    fold: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results.  ``away`` means that the engine did not answer."""

    query: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    number: int = 1
    away: bool = False

    @property
    def pages(self) -> int:
        reachable = min(self.total, MAX_HITS)
        return max(1, -(-reachable // PAGE_SIZE))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1


def _hit(document: Document, query: Query, copies: int) -> Hit:
    return Hit(
        document=document,
        url=reverse(document.view, kwargs=document.arguments),
        title=highlight(document.title, query, around=400),
        snippet=highlight(document.body, query),
        copies=copies - 1,
        fold=document.fold,
    )


def results(text: str, *, filters: Filters, number: int = 1) -> Page:
    """Search and prepare one page; an engine that is away gives an ``away`` page."""
    query = parse_query(text)
    number = max(1, min(number, MAX_HITS // PAGE_SIZE))
    if not query:
        return Page(query)
    try:
        hits = load_backend().search(
            query, filters=filters, offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE
        )
    except SearchUnavailableError as error:
        logger.warning("search engine is away: %s", error)
        return Page(query, away=True)
    shown = {document.key for document in documents.still_public(hits.documents)}
    return Page(
        query,
        hits=tuple(
            _hit(document, query, copies)
            for document, copies in zip(hits.documents, hits.copies, strict=True)
            if document.key in shown
        ),
        total=hits.total,
        number=number,
    )
