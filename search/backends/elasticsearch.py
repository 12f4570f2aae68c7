"""Search in Elasticsearch 8 through ``elasticsearch.dsl``.

Fields hold the tokens of ``search.analysis`` and use the built-in ``whitespace``
analyzer, which the server's core has; nothing here needs a plug-in, a script or an
ingest node, so it runs on any 8.x cluster.  A rebuild fills a new index and swaps the
alias, so readers never see half an index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Index, Mapping, Q, Search
from elasticsearch.helpers import bulk

from drafts import clock
from search.analysis import Clause, Query, index_parts, index_tokens
from search.backends.base import (
    MAX_HITS,
    Document,
    DocumentsRefusedError,
    Filters,
    Hits,
    SearchUnavailableError,
)

CHUNK = 500
PAGE = 2000
#: Answers for one document that say nothing against it: too many at once.
BUSY = {429}
#: Elasticsearch refuses deeper windows than this by default; ours end earlier.
assert MAX_HITS < 10_000
_STORED = [field.name for field in fields(Document)]
_KEYWORDS = (
    "key", "kind", "consultation", "agency", "view", "digest", "language", "section",
    "fold",
)  # fmt: skip
#: Up to here the number of hits without their copies is exact, beyond it is near.
EXACT = 40_000


def _mapping() -> Mapping:
    mapping = Mapping()
    mapping.meta("dynamic", "strict")
    for name in _KEYWORDS:
        mapping.field(name, "keyword")
    mapping.field("date", "date")
    mapping.field("title", "text", index=False)
    mapping.field("body", "text", index=False)
    mapping.field("arguments", "object", enabled=False)
    for name in ("title_tokens", "body_tokens", "parts"):
        mapping.field(name, "text", analyzer="whitespace")
    return mapping


def _source(document: Document) -> dict[str, Any]:
    title, body = index_tokens(document.title), index_tokens(document.body)
    return {
        **{name: getattr(document, name) for name in _STORED},
        "fold": document.fold or document.key,
        "title_tokens": " ".join(title),
        "body_tokens": " ".join(body),
        "parts": " ".join(index_parts([*title, *body])),
    }


def _document(source: dict[str, Any]) -> Document:
    date = source["date"]
    return Document(
        **{
            **{name: source[name] for name in _STORED},
            "date": dt.date.fromisoformat(date[:10]) if date else None,
            "arguments": dict(source["arguments"]),
            "fold": "" if source["fold"] == source["key"] else source["fold"],
        }
    )


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (TransportError, ApiError) as error:
        raise SearchUnavailableError(type(error).__name__) from error


class ElasticsearchBackend:
    """The engine for large installations; ``settings.ELASTICSEARCH_URL`` names it."""

    def __init__(self, *, alias: str = "") -> None:
        self.alias = alias or getattr(settings, "ELASTICSEARCH_ALIAS", "rapfang")
        self.client = Elasticsearch(
            settings.ELASTICSEARCH_URL,
            request_timeout=10,
            max_retries=1,
            retry_on_timeout=False,
        )

    def _create(self) -> Index:
        stamp = clock.now().strftime("%Y%m%d%H%M%S%f")
        index = Index(f"{self.alias}-{stamp}", using=self.client)
        index.settings(number_of_shards=1, number_of_replicas=0)
        index.mapping(_mapping())
        index.create()
        return index

    def _ensure(self) -> None:
        if not self.client.indices.exists_alias(name=self.alias):
            index = self._create()
            self.client.indices.put_alias(index=index._name, name=self.alias)

    def _bulk(self, index: str, documents: Iterable[Document]) -> int:
        """Index documents; one that is refused stops no other."""
        done, errors = bulk(
            self.client,
            (
                {"_index": index, "_id": one.key, "_source": _source(one)}
                for one in documents
            ),
            chunk_size=CHUNK,
            raise_on_error=False,
        )
        items = [item["index"] for item in errors]
        if any(item["status"] in BUSY or item["status"] >= 500 for item in items):
            raise SearchUnavailableError("busy")
        if items:
            raise DocumentsRefusedError(
                {item["_id"]: item["error"]["type"] for item in items}
            )
        return done

    def index(self, documents: Iterable[Document]) -> int:
        with _answering():
            self._ensure()
            try:
                return self._bulk(self.alias, documents)
            finally:
                self.client.indices.refresh(index=self.alias)

    def delete(self, keys: Iterable[str]) -> None:
        with _answering():
            self._ensure()
            bulk(
                self.client,
                (
                    {"_op_type": "delete", "_index": self.alias, "_id": key}
                    for key in keys
                ),
                raise_on_error=False,  # a key that is not there is no error
            )
            self.client.indices.refresh(index=self.alias)

    def rebuild(self, documents: Iterable[Document]) -> int:
        with _answering():
            new = self._create()
            refused = None
            try:
                done = self._bulk(new._name, documents)
            except DocumentsRefusedError as error:  # the others are found all the same
                refused = error
            self.client.indices.refresh(index=new._name)
            try:
                old = list(self.client.indices.get_alias(name=self.alias))
            except NotFoundError:
                old = []
            self.client.indices.update_aliases(
                actions=[
                    {"add": {"index": new._name, "alias": self.alias}},
                    *({"remove": {"index": name, "alias": self.alias}} for name in old),
                ]
            )
            for name in old:
                self.client.indices.delete(index=name)
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
        # More than any text can score: the section asked for comes first.
        named = Q("term", section=query.section or "-")
        request = Search(using=self.client, index=self.alias).query(
            "bool",
            must=[self._clause(one) for one in query.clauses],
            should=[Q("constant_score", filter=named, boost=1e6)],
        )
        if filters.kinds:
            request = request.filter("terms", kind=list(filters.kinds))
        if filters.consultation:
            request = request.filter("term", consultation=filters.consultation)
        if filters.agency:
            request = request.filter("term", agency=filters.agency)
        if filters.fold:
            request = request.filter("term", fold=filters.fold)
        request = request.sort("_score", "key").source(_STORED)
        if not filters.fold:
            one = {"field": "fold", "inner_hits": {"name": "copies", "size": 0}}
            request = request.extra(collapse=one)
            request.aggs.metric(
                "folds", "cardinality", field="fold", precision_threshold=EXACT
            )
        request = request.extra(track_total_hits=True)[offset : offset + size]
        with _answering():
            self._ensure()
            answer = request.execute()
        hits = answer.to_dict()["hits"]
        total, copies = hits["total"]["value"], [1] * len(hits["hits"])
        if not filters.fold:
            total = answer.aggregations.folds.value
            inner = [hit["inner_hits"]["copies"]["hits"] for hit in hits["hits"]]
            copies = [one["total"]["value"] for one in inner]
        found = tuple(_document(hit["_source"]) for hit in hits["hits"])
        return Hits(total, found, tuple(copies))

    def _clause(self, clause: Clause) -> Q:
        return Q(
            "bool",
            minimum_should_match=1,
            should=[self._phrase(tokens) for tokens in clause.phrases],
        )

    def _phrase(self, tokens: tuple[str, ...]) -> Q:
        if len(tokens) == 1:
            fields = ["title_tokens^8", "body_tokens", "parts^0.5"]
            return Q("multi_match", query=tokens[0], fields=fields)
        fields = ["title_tokens^8", "body_tokens"]
        return Q("multi_match", query=" ".join(tokens), fields=fields, type="phrase")

    def digests(self, kind: str) -> Iterator[tuple[str, str]]:
        after: list[Any] = []
        while True:
            request = (
                Search(using=self.client, index=self.alias)
                .filter("term", kind=kind)
                .sort("key")
                .source(["key", "digest"])
                .extra(size=PAGE)
            )
            if after:
                request = request.extra(search_after=after)
            with _answering():
                self._ensure()
                hits = request.execute().hits
            for hit in hits:
                yield hit.key, hit.digest
            if len(hits) < PAGE:
                return
            after = [hits[-1].key]
