"""Search in the project's own database: FTS5 on SQLite, tsvector on PostgreSQL.

Neither engine is allowed to analyse: both get the tokens of ``search.analysis``.
FTS5 would split a token at "/" or ".", so such characters are mapped to private-use
ones; PostgreSQL gets a finished ``tsvector`` literal, so its parser never runs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import lru_cache

from django.db import (
    DatabaseError,
    DataError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from search.analysis import Clause, Query, index_parts, index_tokens
from search.backends.base import (
    MAX_HITS,
    Document,
    DocumentsRefusedError,
    Filters,
    Hits,
    SearchUnavailableError,
)
from search.batches import batched
from search.models import IndexedDocument

BATCH = 500
#: A tsvector holds positions up to 16,383 and at most 1 MB of terms.
MAX_POSITION = 16_383
MAX_TSVECTOR_TOKENS = 40_000
#: What a row keeps of a document as it is; ``fold`` is never empty in a row.
_STORED = [field.name for field in fields(Document) if field.name != "fold"]


@lru_cache(maxsize=100_000)
def _safe(token: str) -> str:
    """Make every character of a token a letter to FTS5, one for one."""
    return "".join(
        char
        if unicodedata.category(char)[0] in "LN"
        or unicodedata.category(char) in {"Mn", "Mc", "Co"}
        else chr(0xE000 + ord(char) % 0x1900)
        for char in token
    )


def _row(document: Document) -> IndexedDocument:
    title, body = index_tokens(document.title), index_tokens(document.body)
    return IndexedDocument(
        **{name: getattr(document, name) for name in _STORED},
        fold=document.fold or document.key,
        title_tokens=" ".join(map(_safe, title)),
        body_tokens=" ".join(map(_safe, body)),
        parts=" ".join(map(_safe, index_parts([*title, *body]))),
    )


def _document(row: IndexedDocument) -> Document:
    return Document(
        **{name: getattr(row, name) for name in _STORED},
        fold="" if row.fold == row.key else row.fold,
    )


def _lexeme(token: str) -> str:
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _tsvector(row: IndexedDocument) -> str:
    """Write a row's tokens as a tsvector literal: A title, B body, D parts."""
    places: dict[str, list[str]] = {}
    position = 0
    for weight, tokens in (("A", row.title_tokens), ("B", row.body_tokens)):
        for token in tokens.split(" ")[:MAX_TSVECTOR_TOKENS]:
            if not token:
                continue
            position += 1
            seen = places.setdefault(token, [])
            # PostgreSQL keeps at most 255 positions of a lexeme.
            if len(seen) < 255:
                seen.append(f"{min(position, MAX_POSITION)}{weight}")
        position += 10  # no phrase across title and body
    for token in row.parts.split(" "):
        if token and token not in places:
            places[token] = [f"{MAX_POSITION}D"]
    return " ".join(f"{_lexeme(t)}:{','.join(p)}" for t, p in places.items())


def _fts5(query: Query) -> str:
    def phrase(tokens: tuple[str, ...]) -> str:
        quoted = '"' + " ".join(_safe(token) for token in tokens) + '"'
        if len(tokens) > 1:
            return "{title_tokens body_tokens} : " + quoted
        return quoted

    def clause(one: Clause) -> str:
        return "(" + " OR ".join(phrase(tokens) for tokens in one.phrases) + ")"

    return " AND ".join(clause(one) for one in query.clauses)


def _tsquery(query: Query) -> str:
    def phrase(tokens: tuple[str, ...]) -> str:
        weight = ":AB" if len(tokens) > 1 else ""
        return (
            "(" + " <-> ".join(_lexeme(_safe(token)) + weight for token in tokens) + ")"
        )

    def clause(one: Clause) -> str:
        return "(" + " | ".join(phrase(tokens) for tokens in one.phrases) + ")"

    return " & ".join(clause(one) for one in query.clauses)


class DatabaseBackend:
    """The embedded engine, and production's where there is no Elasticsearch."""

    def index(self, documents: Iterable[Document]) -> int:
        done, refused = 0, {}
        for chunk in batched(documents, BATCH):
            try:
                done += self._replace(chunk)
            except DataError:  # one of them does not fit: find it, take the others
                for document in chunk:
                    try:
                        done += self._replace([document])
                    except DataError as error:
                        refused[document.key] = type(error).__name__
        if refused:
            raise DocumentsRefusedError(refused)
        return done

    def _replace(self, documents: list[Document]) -> int:
        rows = [_row(document) for document in documents]
        try:
            with transaction.atomic():
                # FTS5's external content needs the delete and insert triggers, so
                # replace rows instead of updating them.
                IndexedDocument.objects.filter(
                    key__in=[row.key for row in rows]
                ).delete()
                IndexedDocument.objects.bulk_create(rows)
                self._add_terms(rows)
        except (OperationalError, InterfaceError) as error:
            raise SearchUnavailableError(type(error).__name__) from error
        return len(rows)

    def _add_terms(self, rows: list[IndexedDocument]) -> None:
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE search_indexeddocument SET terms = %s::tsvector WHERE key = %s",
                [(_tsvector(row), row.key) for row in rows],
            )

    def delete(self, keys: Iterable[str]) -> None:
        for chunk in batched(keys, BATCH):
            IndexedDocument.objects.filter(key__in=chunk).delete()

    def rebuild(self, documents: Iterable[Document]) -> int:
        keys: set[str] = set()

        def noted() -> Iterator[Document]:
            for document in documents:
                keys.add(document.key)
                yield document

        refused = None
        try:
            done = self.index(noted())
        except DocumentsRefusedError as error:
            refused = error
        for chunk in batched(
            IndexedDocument.objects.values_list("key", flat=True).iterator(), 5000
        ):
            if gone := [key for key in chunk if key not in keys]:
                self.delete(gone)
        if refused:
            raise refused
        return done

    def search(
        self,
        query: Query,
        *,
        filters: Filters = Filters(),  # noqa: B008  frozen
        offset: int = 0,
        size: int,
    ) -> Hits:
        if not query or offset >= MAX_HITS:
            return Hits(0, ())
        where, parameters = self._where(filters)
        if connection.vendor == "sqlite":
            source = (
                "search_fts f JOIN search_indexeddocument d ON d.id = f.rowid "
                "WHERE search_fts MATCH %s"
            )
            match, score = _fts5(query), "bm25(search_fts, 8.0, 1.0, 0.5)"
            scoring: list[str] = []
        else:
            source = "search_indexeddocument d WHERE d.terms @@ %s::tsquery"
            match = _tsquery(query)
            score = "-ts_rank('{0.05, 0.1, 0.2, 1.0}', d.terms, %s::tsquery, 1)"
            scoring = [match]
        # Every name below is ours; values are parameters.
        # Copies fold here: a page of 20 hits could otherwise be one campaign.
        fold = "d.key" if filters.fold else "d.fold"
        columns = ", ".join(f"d.{name}" for name in ("id", "fold", *_STORED))
        order = "other, score, key"
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(DISTINCT {fold}) FROM {source}{where}",
                    [match, *parameters],
                )
                total = cursor.fetchone()[0]
            rows = IndexedDocument.objects.raw(
                f"WITH found AS (SELECT d.id, d.key, {fold} AS fold, "
                "CASE WHEN d.section = %s THEN 0 ELSE 1 END AS other, "
                f"{score} AS score FROM {source}{where}), "
                f"best AS (SELECT *, count(*) OVER (PARTITION BY fold) AS copies, "
                f"row_number() OVER (PARTITION BY fold ORDER BY {order}) AS place "
                "FROM found) "
                f"SELECT {columns}, best.copies FROM best "
                "JOIN search_indexeddocument d ON d.id = best.id WHERE place = 1 "
                "ORDER BY other, score, best.key LIMIT %s OFFSET %s",
                [query.section or "-", *scoring, match, *parameters, size, offset],
            )
            return Hits(
                total,
                tuple(_document(row) for row in rows),
                tuple(row.copies for row in rows),
            )
        except DatabaseError as error:
            raise SearchUnavailableError(str(error)) from error

    def _where(self, filters: Filters) -> tuple[str, list[str]]:
        where, parameters = "", []
        if filters.kinds:
            marks = ", ".join(["%s"] * len(filters.kinds))
            where += f" AND d.kind IN ({marks})"
            parameters += list(filters.kinds)
        if filters.consultation:
            where += " AND d.consultation = %s"
            parameters.append(filters.consultation)
        if filters.agency:
            where += " AND d.agency = %s"
            parameters.append(filters.agency)
        if filters.fold:
            where += " AND d.fold = %s"
            parameters.append(filters.fold)
        return where, parameters

    def digests(self, kind: str) -> Iterator[tuple[str, str]]:
        yield from (
            IndexedDocument.objects.filter(kind=kind)
            .order_by("key")
            .values_list("key", "digest")
            .iterator(chunk_size=5000)
        )
