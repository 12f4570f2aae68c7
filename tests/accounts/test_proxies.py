"""Whose request is it: the client's address behind proxies, and who may name it."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from allauth.core.internal.ratelimit import get_ip
from django.core.checks import run_checks
from django.test import Client, RequestFactory

from consultations.commenting.limits import minutes_to_wait
from drafts.requests import client_address

ROOT = Path(__file__).parents[2]
PROXY, OTHER = "10.0.0.5", "10.1.0.9"
#: (remote address, X-Forwarded-For, the client's address); PROXY and 10.1/16 trusted.
CASES = [
    ("203.0.113.7", None, "203.0.113.7"),
    ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: not believed
    (PROXY, "198.51.100.1", "198.51.100.1"),
    (PROXY, "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # the client wrote the first
    (PROXY, f"1.1.1.1, 198.51.100.1, {OTHER}", "198.51.100.1"),
    (PROXY, f"{OTHER}, 198.51.100.1", "198.51.100.1"),
    (PROXY, f"{OTHER}", OTHER),  # a request of the proxy itself
    (PROXY, "", PROXY),
    (PROXY, "unknown", PROXY),
    (PROXY, "198.51.100.1, nonsense", PROXY),
    (PROXY, "198.51.100.1,", PROXY),
    (PROXY, "<script>, 198.51.100.1", "198.51.100.1"),
    (PROXY, "198.51.100.1:4711", "198.51.100.1"),
    (PROXY, "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::"),
    (PROXY, "2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
    (PROXY, "2001:db8:1:3::1", "2001:db8:1:3::"),
    (PROXY, "::ffff:198.51.100.1", "198.51.100.1"),
    (f"::ffff:{PROXY}", "198.51.100.1", "198.51.100.1"),
    ("2001:db8:1:2::9", "198.51.100.1", "2001:db8:1:2::"),
    (PROXY, "99999999999999999999, 300.1.1.1", PROXY),
    (PROXY, ",".join(["198.51.100.1"] * 3000), "198.51.100.1"),
    ("", "198.51.100.1", ""),
]


def ask(remote: str, forwarded: str | None) -> Any:
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().post("/", REMOTE_ADDR=remote, **extra)


@pytest.mark.parametrize(("remote", "forwarded", "client"), CASES)
def test_the_clients_address(
    settings: Any, remote: str, forwarded: str | None, client: str
) -> None:
    settings.TRUSTED_PROXIES = [PROXY, "10.1.0.0/16"]
    request = ask(remote, forwarded)
    assert client_address(request) == client
    assert get_ip(request) == client


def test_a_socket_is_trusted_by_its_name_alone(settings: Any) -> None:
    request = ask("", "198.51.100.1")
    settings.TRUSTED_PROXIES = ["unix"]
    assert client_address(request) == "198.51.100.1"
    assert client_address(ask("203.0.113.7", "198.51.100.1")) == "203.0.113.7"


@pytest.mark.parametrize("trusted", [None, []])
def test_without_the_setting_no_header_is_believed(settings: Any, trusted: Any) -> None:
    settings.TRUSTED_PROXIES = trusted
    assert client_address(ask("127.0.0.1", "198.51.100.1")) == "127.0.0.1"


def test_a_limit_counts_the_client_not_the_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [PROXY]
    settings.LIMITS = settings.LIMITS | {"send_address": "1/h"}
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "proxies",
        }
    }
    waits = [
        minutes_to_wait(ask(PROXY, f"{forged}, 198.51.100.{last}"), "send")
        for forged, last in (("1.1.1.1", 1), ("2.2.2.2", 2), ("3.3.3.3", 1))
    ]
    assert [bool(wait) for wait in waits] == [False, False, True]


@pytest.mark.django_db
def test_only_a_trusted_proxy_says_that_a_request_came_by_https(
    client: Client, settings: Any, caplog: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = [PROXY]
    said = {"x-forwarded-proto": "https", "x-forwarded-for": "1.1.1.1"}
    assert client.get("/", REMOTE_ADDR=PROXY, headers=said).status_code == 200
    assert not caplog.records
    with caplog.at_level(logging.WARNING):
        for _time in range(2):
            refused = client.get("/", REMOTE_ADDR="203.0.113.7", headers=said)
            assert refused.status_code == 301
    (once,) = caplog.records
    assert "TRUSTED_PROXIES" in once.message
    assert "203.0" not in once.getMessage()


@pytest.mark.parametrize(
    ("trusted", "redirect", "found"),
    [
        (None, True, ["rapfang.W001"]),
        (None, False, []),
        ([], True, []),
        ([PROXY, "fd00::/8", "unix"], True, []),
        (["1"], True, ["rapfang.E001"]),
        (["proxy.local"], False, ["rapfang.E001"]),
    ],
)
def test_a_check_at_start_asks_for_the_proxies(
    settings: Any, trusted: Any, redirect: bool, found: list[str]
) -> None:
    settings.TRUSTED_PROXIES, settings.SECURE_SSL_REDIRECT = trusted, redirect
    said = [m.id for m in run_checks() if str(m.id).startswith("rapfang")]
    assert said == found


def test_nobody_else_reads_the_address() -> None:
    reads = re.compile(r"REMOTE_ADDR|X[-_]FORWARDED[-_]FOR", re.IGNORECASE)
    found = {
        str(path.relative_to(ROOT))
        for floor in ("drafts", "comments", "consultations", "search", "cms")
        for path in (ROOT / floor).rglob("*.py")
        if reads.search(path.read_text())
    }
    assert found == {"drafts/requests.py", "cms/middleware.py"}
