"""Odd and empty requests to every address: refused or read leniently, never a fault.

Each parameter that the code reads is found in the code, and gets each odd value.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client, RequestFactory

from cms.wsgi import application
from consultations.models import Role
from drafts.requests import read_number
from tests.addresses import Address, every_address
from tests.factories import make_agency, make_member
from tests.walls.world import World

ROOT = Path(__file__).parents[2]
FLOORS = ("drafts", "comments", "consultations", "search", "cms")
#: What people, programs and guessers send where a number or a word is expected.
ODD = [
    "",
    "9" * 25,
    "9223372036854775808",
    "2147483648",
    "9" * 5000,
    "-1",
    "0",
    "๑๒",
    "²",
    "1.5",
    "[]",
    "x" * 3000,
    "'\"<>%_\\",
    "http://[",
    "p" + "9" * 30,
    "00000000-0000-4000-8000-000000000000",
    "\ud800",
    "NaN",
    "31/02/2569",
]
#: Wagtail's form of redirects fails by itself on a body without its first field.
WAGTAILS_OWN = {"wagtailredirects:add", "wagtailredirects:edit"}
MULTIPART = "multipart/form-data; boundary=x"
FORM = "application/x-www-form-urlencoded"
#: (content type, body) of requests that are no forms.
BODIES = [
    (FORM, b""),
    ("application/json", b"[1"),
    ("text/plain", b"x"),
    ("multipart/form-data", b"x"),
    (MULTIPART, b"--x\r\nbroken"),
    (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n',
    ),
    (f"{FORM}; charset=utf-16", b"text=x"),
    (FORM, b"text=%ff%fe&subject=%00&number=%00&q=%00"),
    (FORM, b"&&&=&=x"),
]
HEADERS = [
    {"HTTP_ACCEPT_LANGUAGE": "x" * 3000},
    {"HTTP_ACCEPT_LANGUAGE": "th;q=nan,*;q=9,\x00"},
    {"HTTP_COOKIE": "sessionid=" + "x" * 3000 + "; csrftoken=\x7f; messages=W10="},
    {"HTTP_COOKIE": "prepared-1=x; django_language=../../x; =; ;;"},
    {"HTTP_RANGE": "bytes=9-1"},
    {"HTTP_RANGE": "bytes=-,--1"},
    {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
    {"HTTP_IF_NONE_MATCH": '"'},
    {"HTTP_REFERER": "http://["},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://["},
    {"HTTP_HX_REQUEST": "true", "HTTP_TRIGGERING_EVENT": "{"},
    {"HTTP_ACCEPT": "x" * 3000},
    {"HTTP_HOST": "[bad"},
    {"HTTP_X_FORWARDED_FOR": "x" * 3000, "HTTP_X_FORWARDED_PROTO": "ftp"},
    {"CONTENT_LENGTH": "x"},
]


def names_read() -> list[str]:
    """Every parameter that our code or a form of ours reads from a request."""
    read = re.compile(r'(?:GET|POST|data|post)\.(?:get|getlist)\(\s*f?"([\w-]+)"')
    field = re.compile(r"^    (\w+) = forms\.\w*Field", re.MULTILINE)
    texts = [p.read_text() for f in FLOORS for p in (ROOT / f).rglob("*.py")]
    found = {
        name for text in texts for name in read.findall(text) + field.findall(text)
    }
    wagtails = {
        "p",
        "id",
        "q",
        "next",
        "page_type",
        "ordering",
        "order",
        "collection_id",
    }
    assert {"page", "from", "section", "subject", "revision"} <= found
    return sorted(found | wagtails)


class Walker:
    """Sends requests that change nothing, and keeps those answered 500."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.wrong: list[str] = []
        self.sent = 0
        self._error = ""
        got_request_exception.connect(self._note)

    def _note(self, **_signal: Any) -> None:
        import sys

        kind, error, _trace = sys.exc_info()
        self._error = f"{kind.__name__ if kind else ''}: {error!s:.200}"

    def send(self, method: str, url: str, **how: Any) -> None:
        self.sent += 1
        with transaction.atomic():
            answer = self.client.generic(method, url, **how)
            if not answer.streaming:
                answer.content  # noqa: B018 - rendered lazily by some
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            said = how.get("data", b"")[:60]
            self.wrong.append(f"{method} {url[:160]} {said} {self._error}")


@pytest.fixture
def walker() -> Iterator[Walker]:
    walker = Walker()
    yield walker
    got_request_exception.disconnect(walker._note)


def _odd(names: list[str], turn: int) -> list[tuple[str, str]]:
    return [(name, ODD[(at + turn) % len(ODD)]) for at, name in enumerate(names)]


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def _longer(address: Address) -> Iterator[str]:
    """The same address with other numbers and words in its place."""
    for name, value in address.arguments.items():
        for odd in ("0", "9" * 25) if str(value).isdigit() else ("x" * 300, "-"):
            yield (
                re.sub(
                    rf"(?<![\w-]){re.escape(quote(str(value)))}(?![\w-])",
                    odd,
                    address.url,
                    count=1,
                ),
                name,
            )


def walk(walker: Walker, addresses: list[Address], *, turns: int) -> None:
    names = names_read()
    for at, address in enumerate(addresses):
        path = address.url.partition("?")[0]
        for turn in range(turns):
            query = _encoded(_odd(names, at + turn * 7))
            walker.send("GET", f"{path}?{query}")
            body = _encoded(_odd(names, at + turn * 5)).encode()
            walker.send("POST", path, data=body, content_type=FORM)
        kind, body = BODIES[at % len(BODIES)]
        walker.send("POST", path, data=body, content_type=kind)
        walker.send("POST", path, data=b"", content_type=FORM)
        walker.send("PUT" if at % 2 else "OPTIONS", path)
        for url, _name in _longer(address):
            walker.send("GET", url)
    told = sorted({f"{line[:60]} … {line[-90:]}" for line in walker.wrong})
    assert told == []
    assert walker.sent > 4 * len(addresses)


def of_kind(world: World, *kinds: str) -> list[Address]:
    found = [a for a in every_address(world) if a.kind in kinds]
    found = [a for a in found if a.name not in WAGTAILS_OWN]
    assert found
    return found


def test_public_addresses(world: World, walker: Walker) -> None:
    addresses = of_kind(world, "public", "accounts", "files")
    walk(walker, addresses, turns=3)


def test_every_odd_body_header_and_value_at_what_receives(
    world: World, walker: Walker
) -> None:
    slug = world.open.consultation.slug
    receivers = [
        f"/consultations/{slug}/respond/save/", f"/consultations/{slug}/respond/",
        f"/consultations/{slug}/", f"/consultations/{slug}/draft/", "/receipts/",
        "/receipts/withdraw/", "/search/", "/accounts/login/", "/consultations/", "/",
    ]  # fmt: skip
    for path in receivers:
        for kind, body in BODIES:
            walker.send("POST", path, data=body, content_type=kind)
        for headers in HEADERS:
            walker.send("GET", path, **headers)
        for query in (
            "q=%00",
            "%00=1",
            "page=%ff%fe",
            "page=1&page=x",
            "&&=",
            "%",
            "q",
        ):
            walker.send("GET", f"{path}?{query}")
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
            walker.send(method, path)
    for path in ("/%00", "/%ff%fe/", "/consultations/%00/", "//", "/" + "x/" * 500):
        walker.send("GET", path)
    for value in ODD:
        for name in ("page", "q", "from", "section", "division", "act", "to", "order"):
            for path in (
                f"/consultations/{slug}/draft/",
                "/search/",
                "/consultations/",
            ):
                walker.send("GET", f"{path}?{_encoded([(name, value)])}")
    assert "\n".join(walker.wrong) == ""
    refused = walker.client.get("/search/?q=%00")
    assert refused.status_code == 400
    assert "lang=" in refused.content.decode()


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "utf-16", "nonsense"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_encoding_that_is_none(db: None, method: str, charset: str) -> None:
    """Django makes the request before it asks any middleware: ask the whole server."""
    environ = RequestFactory().generic(method, "/search/", b"q=x").environ
    environ |= {"CONTENT_TYPE": f"{FORM}; charset={charset}", "QUERY_STRING": "q=%e0"}
    said: list[str] = []
    answer = application(environ, lambda status, _headers: said.append(status))
    assert b"".join(answer)
    assert said[0][0] in "24", said
    answer.close()


def test_a_fault_of_ours_below_a_view_of_wagtails_stays_a_fault(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of its error are those of an odd request."""

    def broken(*_: Any, **__: Any) -> None:
        return None.name  # type: ignore[attr-defined]

    # As if it stood in a module of ours; a test's own module is none of them.
    code = types.FunctionType(broken.__code__, {"__name__": "drafts.broken"})
    monkeypatch.setattr("wagtail.admin.views.home.HomeView.get_context_data", code)
    client = Client()
    client.force_login(make_member(make_agency(), Role.EDITOR))
    with pytest.raises(AttributeError):
        client.get("/admin/")
    monkeypatch.setattr("wagtail.admin.views.home.HomeView.get_context_data", broken)
    assert client.get("/admin/").status_code == 400


@pytest.mark.parametrize("kind", ["desk", "drafts", "wagtail"])
def test_addresses_of_the_staff(world: World, walker: Walker, kind: str) -> None:
    user = make_member(world.agency, Role.APPROVER)
    user.is_superuser = kind == "wagtail"
    user.save()
    walker.client.force_login(user)
    walk(walker, of_kind(world, kind), turns=1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("๑๒", 12), (" 7 ", 7), ("0", 0), ("", None), (None, None),
        ("-1", None), ("+1", None), ("1.5", None), ("1e3", None), ("²", None),
        ("x", None), ("9" * 18, int("9" * 18)), ("9" * 19, None), ("9" * 9999, None),
        ("1\x00", None), ("1_0", None),
    ],
)  # fmt: skip
def test_the_reader_of_numbers(text: str | None, number: int | None) -> None:
    assert read_number(text) == number
    assert read_number("8", most=7) is None
    assert read_number("7", most=7) == 7


def test_nobody_reads_numbers_by_hand() -> None:
    by_hand = re.compile(
        r"\.isdigit\(\)|int\((?:request|self\.request|data|post)\b|int\(.*(?:GET|POST)"
    )
    found = {
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if not path.is_relative_to(ROOT / "drafts" / "law")
        and by_hand.search(path.read_text())
    }
    assert found == set()
