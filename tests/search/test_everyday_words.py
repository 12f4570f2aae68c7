"""Short forms are marked where they stand, and copies fold by what a run found."""

from __future__ import annotations

import pytest
from django.test import Client

from comments.models import CandidateAssignment, DuplicateGroup, ThemeRun
from drafts import outbox
from search import services
from search.analysis import highlight, parse_query
from tests.factories import make_comments, make_round


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("ขอแก้ พ.ร.บ. นี้ ตามม. ๒๑ ด้วย", "พระราชบัญญัติ", ["พ.ร.บ."]),
        ("ขอแก้ พ.ร.บ. นี้ ตามม. ๒๑ ด้วย", "มาตรา 21", ["ม. ", "๒๑"]),
        ("ขอแก้พระราชบัญญัตินี้", "พรบ", ["พระราชบัญญัติ"]),
        ("\u200bพ.ร.บ.\u200b ที่ดิน", "ที่ดิน", ["ที่ดิน"]),
        ("รธน.ม.๒๖", "รัฐธรรมนูญ", ["รธน."]),
    ],
)
def test_finds_are_marked_as_they_are_written(text, asked, marked) -> None:
    segments = highlight(text, parse_query(asked), around=400)
    assert "".join(one.text for one in segments) == text
    found = "".join(f"<{one.text}>" if one.found else one.text for one in segments)
    assert found.replace("><", "") == _with_marks(text, marked)


def _with_marks(text: str, marked: list[str]) -> str:
    joined = "".join(marked)
    assert joined in text
    return text.replace(joined, f"<{joined}>", 1)


@pytest.mark.django_db
def test_near_copies_fold_as_the_current_run_found_them(client: Client) -> None:
    round_ = make_round()
    first, second, alone = make_comments(
        round_, ["ไม่เอาเขื่อนครับ", "ไม่เอาเขื่อนค่ะ บ้านทุ่ง", "เขื่อนจะทำให้น้ำท่วมนา"]
    )
    services.index_rebuild()
    page = client.get("/search/", {"q": "เขื่อน", "kind": "comment"})
    assert page.context["page"].total == 3

    run = ThemeRun.objects.create(
        round=round_, is_current=True, comment_count=3, created_at=first.received_at
    )
    group = DuplicateGroup.objects.create(run=run, number=1, size=2, template="เขื่อน")
    CandidateAssignment.objects.bulk_create(
        CandidateAssignment(run=run, comment=one, bucket="few", duplicates=group)
        for one in (first, second)
    )
    outbox.emit("comments_of_round", [round_.pk])
    services.outbox_drain()
    page = client.get("/search/", {"q": "เขื่อน", "kind": "comment"})
    assert page.context["page"].total == 2
    folded = next(hit for hit in page.context["page"].hits if hit.copies)
    assert folded.copies == 1
    assert "และอีก 1 ความเห็น" in page.content.decode()

    whole = client.get(
        "/search/", {"q": "เขื่อน", "kind": "comment", "fold": folded.fold}
    )
    shown = {hit.document.key for hit in whole.context["page"].hits}
    assert shown == {f"comment:{first.pk}", f"comment:{second.pk}"}
    assert f"comment:{alone.pk}" not in shown


@pytest.mark.django_db
def test_the_same_words_fold_before_any_run(client: Client) -> None:
    round_ = make_round()
    make_comments(round_, ["ค้านเขื่อน ๑ แห่ง", "ค้านเขื่อน  1 แห่ง", "ค้านเขื่อน 2 แห่ง"])
    services.index_rebuild()
    page = client.get("/search/", {"q": "เขื่อน", "kind": "comment"}).context["page"]
    assert page.total == 2
    assert sorted(hit.copies for hit in page.hits) == [0, 1]
