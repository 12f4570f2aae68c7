"""The contract that every search engine fulfils.

``tests/search/test_backends.py`` is the contract's other half: one behavioural suite
that runs against each engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from drafts.errors import RapfangError
from search.analysis import Query

#: Deeper pages are refused: nobody reads the 1,001st hit, and engines pay for it.
MAX_HITS = 1000


class SearchUnavailableError(Exception):
    """The engine does not answer now.  Pages say so; nothing is lost."""


class DocumentsRefusedError(RapfangError):
    """The engine took all documents but some: ``refused`` is key -> kind of error."""

    def __init__(self, refused: dict[str, str]) -> None:
        told = ", ".join(f"{key} {why}" for key, why in sorted(refused.items())[:5])
        super().__init__(f"{len(refused)} refused: {told}", code="documents_refused")
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Document:
    """One public thing that can be found.

    ``key`` is ``kind:pk``.  ``view`` and ``arguments`` name the page that shows it,
    so that the address follows the reader's language.  ``digest`` changes with the
    content: the sweep compares it.  ``section`` is the eId of a provision.  Documents
    of one ``fold`` are copies of each other and make one hit; "" folds with nothing.
    """

    key: str
    kind: str
    title: str
    body: str
    consultation: str
    agency: str
    date: dt.date | None
    view: str
    arguments: dict[str, str]
    digest: str
    language: str = "th"
    section: str = ""
    fold: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    kinds: tuple[str, ...] = ()
    consultation: str = ""
    agency: str = ""
    #: only the copies of this fold, each a hit of its own
    fold: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """``total`` counts copies once; ``documents`` is the page asked for, best first.

    ``copies[n]`` is how many documents of the fold of ``documents[n]`` were found.
    """

    total: int
    documents: tuple[Document, ...]
    copies: tuple[int, ...] = ()


class SearchBackend(Protocol):
    """Index and find documents.  Every method may raise SearchUnavailableError.

    ``index`` and ``rebuild`` raise DocumentsRefusedError after all other documents are
    in.
    """

    def index(self, documents: Iterable[Document]) -> int:
        """Add or replace documents by key and make them findable; return how many."""

    def delete(self, keys: Iterable[str]) -> None:
        """Remove documents; unknown keys are no error."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Replace the whole index; readers see the old one until the new is whole."""

    def search(
        self, query: Query, *, filters: Filters = Filters(), offset: int = 0, size: int
    ) -> Hits:
        """Return documents that satisfy every clause, best first, ties by key.

        A section that the query names by its number comes before anything else.
        """

    def digests(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield (key, digest) of every document of a kind, in order of key."""


def load_backend() -> SearchBackend:
    """Return the engine that the settings name."""
    return import_string(settings.SEARCH_BACKEND)()
