"""Beside a text stands what its author chose, and the day, wherever it is printed."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid

import openpyxl
import pytest
from django.urls import reverse

from comments.intake import About
from comments.models import Capacity, Comment
from comments.moderation import comment_withdraw
from consultations.report import files, services
from consultations.report.collect import collect
from search import documents
from search.services import index_rebuild
from tests import factories as make
from tests.promises.conftest import SECRET_EMAIL, SECRET_GROUP, SECRET_PROVINCE, send
from tests.report import builders

pytestmark = pytest.mark.django_db
#: 10:17 in Bangkok and 03:17 in London, however written.
MINUTES = re.compile(r"\b(?:10|03)[:.]17\b|17:43")
PERSONS = [str(Capacity.ACADEMIC.label), str(Capacity.INDIVIDUAL.label)]
HREF = re.compile(r'href="(/[^"#]*)')


def crawl(client, start: str) -> dict[str, str]:
    """Return the public pages that links lead to, each once, as far as they go."""
    waiting, seen = [start], {}
    while waiting:
        url = waiting.pop()
        if url in seen or url.startswith(("/static", "/admin", "/accounts", "/media")):
            continue
        answer = client.get(url)
        kind = answer.headers.get("Content-Type", "")
        seen[url] = answer.content.decode() if kind.startswith("text/html") else ""
        waiting += HREF.findall(seen[url])
    return seen


def test_no_public_page_tells_of_a_person_what_is_only_counted(client, told):
    index_rebuild()
    base = reverse("consultations:overview", args=[told.consultation.slug])
    pages = crawl(client, base) | {
        url: client.get(url).content.decode()
        for url in ("/search/?q=ถ้อยคำ", "/en" + base, f"{base}comments/")
    }
    said = [url for url, text in pages.items() if "ถ้อยคำของ" in text]
    assert len(said) >= 4  # the list of the section, two pages of one, the search
    for url, text in pages.items():
        for mark in (SECRET_EMAIL, SECRET_GROUP, SECRET_PROVINCE, *PERSONS):
            assert mark not in text, url
        assert not MINUTES.search(text), url


def test_an_organisation_that_is_named_has_its_kind_beside_its_text(client, told):
    for comment in Comment.objects.select_related("submission"):
        page = client.get(f"/comments/{comment.public_id}/").content.decode()
        named = comment.submission.capacity == "association"
        assert ("สมาคมเรือหางยาว" in page) == named
        assert (str(Capacity.ASSOCIATION.label) in page) == named
        assert ("ปราณี" in page) != named
    comment_withdraw(comment=comment, receipt=comment.submission.receipt, now=make.NOW)
    comment.refresh_from_db()
    assert (comment.public_name, comment.public_kind) == ("", "")


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ({"organisation": "ก", "capacity": "agency", "publication": "full"}, "agency"),
        (
            {"organisation": "ก", "capacity": "business", "publication": "full"},
            "business",
        ),
        ({"organisation": "ก", "capacity": "agency"}, ""),  # chose not to be named
        ({"name": "ก", "capacity": "business", "publication": "full"}, ""),  # a person
        ({"organisation": "ก", "capacity": "academic", "publication": "full"}, ""),
        ({"organisation": "ก", "publication": "full"}, ""),
    ],
)
def test_a_kind_is_told_of_named_organisations_only(about, kind):
    assert About(**about).public_kind == kind


def test_who_chose_no_name_has_none(client):
    round_ = make.make_round()
    about = {"name": "ปราณี", "organisation": "สมาคมเรือหางยาว"}
    send(round_, capacity="association", publication="name_withheld", **about)
    page = client.get(f"/comments/{Comment.objects.get().public_id}/").content.decode()
    assert "เพราะภาระมาก" in page
    assert not any(word in page for word in (*about.values(), "สมาคมหรือเครือข่าย"))


def test_a_withheld_text_is_shown_to_nobody(client):
    round_ = builders.closed_round()
    send(round_, text="ถ้อยคำที่ขอไม่เผยแพร่", publication="text_withheld", name="ปราณี")
    comment = Comment.objects.get()
    report = builders.draft_report(round_)
    source = services.source_of(collect(report, now=builders.NOW), round_)
    told = [
        client.get(f"/comments/{comment.public_id}/").content.decode(),
        *(files.EXPORTERS[name].render(source).decode() for name in ("csv", "json")),
        *crawl(client, f"/consultations/{round_.consultation.slug}/").values(),
    ]
    assert comment.public_id in told[1]
    for text in told:
        assert "ถ้อยคำที่ขอไม่เผยแพร่" not in text
        assert "ปราณี" not in text


def rows_of(name: str, data: bytes) -> list[list[str]]:
    if name == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [[str(c or "") for c in row] for row in sheet.iter_rows(values_only=True)]


def test_no_file_of_comments_tells_it_either(told):
    report = builders.draft_report(told)
    source = services.source_of(collect(report, now=builders.NOW), told)
    for name in ("xlsx", "csv"):
        rows = rows_of(name, files.EXPORTERS[name].render(source))
        assert len(rows) == 3
        everything = json.dumps(rows, ensure_ascii=False)
        for mark in (SECRET_EMAIL, SECRET_GROUP, SECRET_PROVINCE, *PERSONS):
            assert mark not in everything
        assert not MINUTES.search(everything)
        association = next(row for row in rows if "ถ้อยคำของสมาคม" in row)
        assert str(Capacity.ASSOCIATION.label) in association
        assert "2026-11-23" in association
    # The report itself: the appendix of comments, whatever format it is printed in.
    document = json.loads(files.EXPORTERS["json"].render(source))
    appendix = json.dumps(
        next(s for s in document["sections"] if s["anchor"] == "s-a1"),
        ensure_ascii=False,
    )
    assert "สมาคมเรือหางยาว (สมาคมหรือเครือข่าย)" in appendix
    for mark in (SECRET_EMAIL, SECRET_GROUP, SECRET_PROVINCE, *PERSONS):
        assert mark not in appendix
    assert not MINUTES.search(json.dumps(document, ensure_ascii=False))


def test_midnight_belongs_to_the_day_in_bangkok(client, told):
    late_evening = make.NOW.replace(hour=17, minute=30)  # 00:30 of the 24th in Bangkok
    old = Comment.objects.first()
    submission = make.Submission.objects.create(
        round=told,
        receipt="RF-X",
        client_token=uuid.uuid4(),
        received_at=late_evening,
        sha256="0" * 64,
    )
    Comment.objects.create(
        submission=submission,
        round=told,
        provision=old.provision,
        stance="agree",
        status="published",
        public_id="midnight",
        public_text="เที่ยงคืน",
        received_at=late_evening,
    )
    assert 'datetime="2026-11-24"' in client.get("/comments/midnight/").content.decode()
    found = [d.date for d in documents.of("comment") if "เที่ยงคืน" in d.body]
    assert [day.isoformat() for day in found] == ["2026-11-24"]
