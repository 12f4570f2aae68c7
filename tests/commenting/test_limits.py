"""Limits of what stores something: by person, by address, by how much is stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from comments.models import PreparedComment, PreparedResponse
from consultations.commenting.limits import seconds_to_wait
from drafts.requests import parse_rates
from tests.accounts.test_doors import staff
from tests.commenting.test_public import BASE, save

pytestmark = pytest.mark.django_db


def test_one_person_who_saves_on_and_on_is_told_when(
    client: Client, round_: Any, sections: Any
) -> None:
    answers = [save(client, sections[0], text=f"ครั้งที่ {n}") for n in range(40)]
    kept = [answer for answer in answers if answer.status_code == 302]
    refused = answers[len(kept) :]
    assert len(kept) == 31  # the first came before there was a person to count
    assert {answer.status_code for answer in refused} == {429}
    assert int(refused[0]["Retry-After"]) > 0
    assert "ครั้งที่ 39" in refused[-1].content.decode()
    assert PreparedComment.objects.get().text == "ครั้งที่ 30"
    # Somebody else behind the same address goes on.
    assert save(Client(), sections[0]).status_code == 302


def test_one_address_that_floods_is_refused_and_the_others_are_not(
    round_: Any, sections: Any
) -> None:
    flood = [save(Client(REMOTE_ADDR="127.0.9.1"), sections[0]) for _n in range(120)]
    assert [a.status_code for a in flood].count(429) == 30
    assert PreparedResponse.objects.count() == 90
    steady = [
        save(Client(REMOTE_ADDR=f"127.0.{n // 250}.{n % 250}"), sections[0])
        for n in range(1, 101)
    ]
    assert {answer.status_code for answer in steady} == {302}


def test_long_texts_count_for_more(round_: Any, sections: Any) -> None:
    long = "ก" * 20_000
    answers = [
        save(Client(REMOTE_ADDR="127.0.9.2"), sections[0], text=long)
        for _n in range(30)
    ]
    assert [a.status_code for a in answers].count(302) == 15
    assert long in answers[-1].content.decode()


def test_saving_over_ones_own_words_does_not_grow(
    client: Client, round_: Any, sections: Any, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"save_person": "", "save_address": ""}

    def pages() -> int:
        if connection.vendor != "sqlite":
            return 0  # PostgreSQL gives room back by itself, later
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            return cursor.fetchone()[0]

    for n in range(3):
        save(client, sections[0], text=f"{n}" * 20_000)
    before = pages()
    for n in range(50):
        save(client, sections[0], text=f"{n % 10}" * 20_000)
    assert pages() <= before + 10
    assert PreparedComment.objects.count() == 1


def test_keeping_the_whole_page_is_limited_too(
    client: Client, round_: Any, sections: Any, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"save_address": "1/h"}
    form = {"do": "keep", "whole-stance": "agree", "whole-text": "ทั้งฉบับ"}
    assert client.post(f"{BASE}respond/", form).status_code == 302
    refused = client.post(f"{BASE}respond/", form)
    assert refused.status_code == 429
    assert "ทั้งฉบับ" in refused.content.decode()


def test_nobody_tries_receipt_numbers_by_the_million(
    client: Client, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"find_address": "2/h"}
    tries = [
        lambda: client.post("/receipts/", {"number": "RF-AAAA-BBBB-CCCC"}),
        lambda: client.get("/receipts/RF-AAAA-BBBB-CCCC/"),
        lambda: client.post("/receipts/withdraw/", {"number": "RF-AAAA-BBBB-CCCC"}),
        lambda: client.post("/receipts/erase/", {"number": "RF-AAAA-BBBB-CCCC"}),
    ]
    for one in tries:
        cache.clear()
        assert [one().status_code for _n in range(3)] == [404, 404, 429]


@pytest.mark.parametrize(("path", "said"), [("", "นาที"), ("/en", "minute")])
def test_searching_is_limited_by_person_and_by_address(
    settings: Any, path: str, said: str
) -> None:
    settings.LIMITS = settings.LIMITS | {
        "search_person": "2/h",
        "search_address": "4/h",
    }
    official, visitor = Client(), Client()
    official.force_login(staff())
    page = f"{path}/search/"
    asked = [official.get(page, {"q": "ถนน"}) for _n in range(3)]
    assert [a.status_code for a in asked] == [200, 200, 429]
    refused = asked[-1].content.decode()
    assert said in refused
    assert "ถนน" in refused
    asked = [visitor.get(page, {"q": "ถนน"}) for _n in range(3)]
    assert [a.status_code for a in asked] == [200, 200, 429]
    assert visitor.get(page).status_code == 200  # the empty form asks nothing
    elsewhere = Client(REMOTE_ADDR="127.0.0.9")
    assert elsewhere.get(page, {"q": "ถนน"}).status_code == 200


def test_files_are_limited_by_account(settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"upload_person": "2/h"}
    client = Client()
    client.force_login(staff())

    def upload() -> int:
        file = SimpleUploadedFile("a.txt", b"x")
        return client.post("/admin/drafts/import/", {"file": file}).status_code

    answers = [upload() for _n in range(4)]
    assert answers[:2] != [429, 429]
    assert answers[2:] == [429, 429]
    other = Client()
    other.force_login(staff())
    file = SimpleUploadedFile("a.txt", b"x")
    assert other.post("/admin/drafts/import/", {"file": file}).status_code != 429


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("30/m", ((30, 60),)),
        ("5/10m, 600/h", ((5, 600), (600, 3600))),
        ("1/s", ((1, 1),)),
        ("", ()),
        ("0/h", ((0, 3600),)),
    ],
)
def test_how_limits_are_written(text: str, rates: Any, settings: Any) -> None:
    assert parse_rates(text) == rates
    settings.LIMITS = {"one": text}
    assert bool(seconds_to_wait("one", "somebody")) is (text == "0/h")


@pytest.mark.parametrize("text", ["30", "m", "30/d", "-1/m", "3/0m", "3/m;4/h"])
def test_what_is_no_limit_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not like"):
        parse_rates(text)
