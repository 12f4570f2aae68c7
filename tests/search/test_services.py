"""The index follows the truth, whatever happens to the engine in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from comments.models import Comment, Status
from consultations.models import Round, StageChoices
from drafts import outbox
from drafts.models import OutboxEntry
from search import documents, selectors, services
from search.analysis import parse_query
from search.backends.base import (
    Document,
    DocumentsRefusedError,
    Filters,
    SearchUnavailableError,
)
from search.backends.database import DatabaseBackend
from tests.factories import make_comments, make_round

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    hits = DatabaseBackend().search(parse_query(text), filters=Filters(), size=100)
    return [one.key for one in hits.documents]


class AwayBackend(DatabaseBackend):
    def index(self, documents: Iterable[Document]) -> int:
        raise SearchUnavailableError("away")


def test_only_public_things_have_documents() -> None:
    round_ = make_round()
    make_comments(round_, ["สุนัขจรจัด"])
    make_comments(round_, ["ลับ"], status=Status.WITHHELD)
    make_comments(round_, ["หยาบ"], status=Status.HIDDEN)
    make_round(stage=StageChoices.DRAFT)
    assert len(list(documents.of("consultation"))) == 1
    assert len(list(documents.of("provision"))) == 5
    assert [one.body for one in documents.of("comment")] == ["สุนัขจรจัด"]


def test_the_outbox_brings_changes_into_the_index() -> None:
    round_ = make_round()
    (comment,) = make_comments(round_, ["สุนัขจรจัดเยอะมาก"])
    outbox.emit("comment", [comment.pk])
    outbox.emit("consultation", [round_.consultation_id])
    services.outbox_drain()
    assert found("สุนัข") == [f"comment:{comment.pk}"]
    assert found("นายทะเบียน") != []
    assert outbox.waiting("search") == 0

    Comment.objects.filter(pk=comment.pk).update(status=Status.HIDDEN)
    outbox.emit("comment", [comment.pk])
    services.outbox_drain()
    assert found("สุนัข") == []


def test_an_engine_that_was_away_catches_up() -> None:
    round_ = make_round()
    (comment,) = make_comments(round_, ["สุนัขจรจัด"])
    outbox.emit("comment", [comment.pk])
    with pytest.raises(SearchUnavailableError):
        services.outbox_drain(backend=AwayBackend())
    assert outbox.waiting("search") == 1
    services.outbox_drain()
    assert found("สุนัข") == [f"comment:{comment.pk}"]


def test_the_sweep_heals_what_no_outbox_row_told_of() -> None:
    round_ = make_round()
    kept, changed, gone, new = make_comments(
        round_, ["แมวหนึ่ง", "แมวสอง", "แมวสาม", "แมวสี่"]
    )
    services.index_rebuild()
    Comment.objects.filter(pk=changed.pk).update(public_text="กระต่าย")
    Comment.objects.filter(pk=gone.pk).update(status=Status.WITHDRAWN)
    DatabaseBackend().delete([f"comment:{new.pk}"])
    assert services.index_sweep() == {"healed": 2, "removed": 1}
    assert sorted(found("แมว")) == sorted(f"comment:{one.pk}" for one in (kept, new))
    assert found("กระต่าย") == [f"comment:{changed.pk}"]
    assert services.index_sweep() == {"healed": 0, "removed": 0}


def test_a_rebuild_forgets_what_waited_before_it_and_nothing_else() -> None:
    round_ = make_round()
    (comment,) = make_comments(round_, ["แมว"])
    outbox.emit("comment", [comment.pk])
    services.index_rebuild()
    assert OutboxEntry.objects.count() == 0
    assert found("แมว") == [f"comment:{comment.pk}"]


def test_a_hidden_comment_is_not_shown_even_while_the_index_lags() -> None:
    round_ = make_round()
    (comment,) = make_comments(round_, ["ข้อความหยาบคาย"])
    services.index_rebuild()
    Comment.objects.filter(pk=comment.pk).update(status=Status.HIDDEN)
    assert found("หยาบคาย") != []
    assert selectors.results("หยาบคาย", filters=Filters()).hits == ()


def test_a_round_that_is_announced_again_keeps_its_provisions_once() -> None:
    round_ = make_round()
    Round.objects.create(
        consultation=round_.consultation,
        number=2,
        version=round_.version,
        stage=StageChoices.ANNOUNCED,
        opens_on=dt.date(2027, 1, 1),
        closes_on=dt.date(2027, 1, 20),
    )
    assert len(list(documents.of("provision"))) == 5


def test_snippets_mark_the_find_and_keep_thai_clusters_whole() -> None:
    query = parse_query("สุนัข")
    text = "เทศบาลได้จัดประชุมเรื่องนี้มาแล้วหลายครั้ง " * 20 + "ปัญหาสุนัขจรจัดต้องแก้ที่ต้นเหตุ"
    segments = selectors.highlight(text, query)
    assert [part.text for part in segments if part.found] == ["สุนัข"]
    joined = "".join(part.text for part in segments)
    assert joined.startswith("… ")
    assert joined.removeprefix("… ").removesuffix(" …") in text


@pytest.mark.parametrize("path", ["/search/", "/en/search/"])
def test_the_page(client: object, path: str) -> None:
    round_ = make_round()
    make_comments(round_, ["<b>สุนัข</b>จรจัด"])
    services.index_rebuild()
    answer = client.get(path, {"q": "สุนัข"})
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "<mark>สุนัข</mark>" in body.replace("</mark><mark>", "")
    assert "<b>" not in body
    assert client.get(path, {"q": "ไม่มีแน่นอน", "page": "x"}).status_code == 200
    assert client.get(path).status_code == 200


def test_the_page_when_the_engine_is_away(client: object, settings: object) -> None:
    settings.SEARCH_BACKEND = "search.backends.elasticsearch.ElasticsearchBackend"
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    answer = client.get("/search/", {"q": "สุนัข"})
    assert answer.status_code == 503
    assert "สุนัข" in answer.content.decode()


class RefusingBackend(DatabaseBackend):
    """Takes every document but those whose words are poison."""

    def index(self, documents: Iterable[Document]) -> int:
        documents = list(documents)
        bad = {one.key: "mapper" for one in documents if "พิษ" in one.body}
        done = super().index(one for one in documents if one.key not in bad)
        if bad:
            raise DocumentsRefusedError(bad)
        return done


def test_one_bad_document_is_not_an_engine_that_is_away() -> None:
    round_ = make_round()
    rows = make_comments(round_, [f"แมว {n}" for n in range(9)] + ["พิษ ของ 0812345678"])
    outbox.emit("comment", [row.pk for row in rows])
    outbox.emit("comments_of_round", [round_.pk])
    services.outbox_drain(backend=RefusingBackend())
    assert len(found("แมว")) == 9
    left = {row.object_id: row for row in OutboxEntry.objects.all()}
    assert set(left) == {str(rows[-1].pk), str(round_.pk)}
    assert {row.attempts for row in left.values()} == {1}
    told = left[str(rows[-1].pk)].last_error
    assert f"comment:{rows[-1].pk} mapper" in told
    assert "0812345678" not in told


def test_a_rebuild_takes_the_others_and_a_sweep_says_what_is_lacking(caplog) -> None:
    round_ = make_round()
    rows = make_comments(round_, ["แมว", "พิษ", "แมวสอง"])
    outbox.emit("comment", [rows[1].pk])
    with pytest.raises(DocumentsRefusedError):
        services.index_rebuild(backend=RefusingBackend())
    assert len(found("แมว")) == 2
    assert outbox.waiting("search") == 1, "what the rebuild lacks still waits"
    DatabaseBackend().delete([f"comment:{rows[2].pk}"])
    assert services.index_sweep(backend=RefusingBackend())["healed"] == 1
    assert f"comment:{rows[1].pk}" in caplog.text


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ([{"index": {"_id": "comment:1", "status": 400,
                     "error": {"type": "mapper_parsing_exception",
                               "reason": "Preview: 'secret'"}}}],
         DocumentsRefusedError),
        ([{"index": {"_id": "comment:1", "status": 429,
                     "error": {"type": "es_rejected_execution_exception"}}}],
         SearchUnavailableError),
        ([{"index": {"_id": "comment:1", "status": 503,
                     "error": {"type": "unavailable_shards_exception"}}}],
         SearchUnavailableError),
    ],
    ids=["its own fault", "too many at once", "no shard"],
)  # fmt: skip
def test_elasticsearch_tells_a_document_from_the_engine(
    monkeypatch, settings, items, error
) -> None:
    settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL or "http://127.0.0.1:9"
    from search.backends import elasticsearch

    monkeypatch.setattr(elasticsearch, "bulk", lambda *a, **k: (3, items))
    engine = elasticsearch.ElasticsearchBackend(alias="none")
    with pytest.raises(error) as raised:
        engine._bulk("none", [])
    assert "secret" not in str(raised.value)
    if error is DocumentsRefusedError:
        assert raised.value.refused == {"comment:1": "mapper_parsing_exception"}
