"""Guessing is slowed down, and no stranger's guesses shut the owner out."""

from __future__ import annotations

import logging
import re
import smtplib
import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse

from cms import mail as beside
from comments import promises
from tests.accounts.test_doors import PASSWORD, is_signed_in, staff, with_totp
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DOOR = "/accounts/login/"


def attempt(email: str, password: str, address: str) -> tuple[Client, str]:
    client = Client(REMOTE_ADDR=address)
    answer = client.post(DOOR, {"login": email, "password": password})
    return client, answer.content.decode()


def test_a_strangers_wrong_passwords_shut_nobody_out() -> None:
    user = staff()
    for _time in range(20):
        _client, page = attempt(user.email, "wrong", "127.0.0.5")
    assert re.search(r"ลองใหม่ได้ในอีก \d+ นาที", page)
    guessed, _page = attempt(user.email, PASSWORD, "127.0.0.5")
    assert not is_signed_in(guessed)
    for owner in ("127.0.0.7", "127.0.0.9"):
        client, _page = attempt(user.email, PASSWORD, owner)
        assert is_signed_in(client)
    # The stranger's other doors: another spelling, another account from there is free.
    guessed, _page = attempt(user.email.upper(), PASSWORD, "127.0.0.5")
    assert not is_signed_in(guessed)


def test_from_many_addresses_guessing_is_slow_but_the_owner_comes_in(
    settings: Any,
) -> None:
    settings.LIMITS = settings.LIMITS | {"login_account": "30/h"}
    user = staff()
    client, _page = attempt(user.email, PASSWORD, "127.0.0.7")
    assert is_signed_in(client)
    for last in range(1, 41):
        attempt(user.email, "wrong", f"127.0.1.{last}")
    _client, page = attempt(user.email, "wrong", "127.0.2.1")
    assert "นาที" not in page
    guessed, page = attempt(user.email, PASSWORD, "127.0.2.1")
    assert not is_signed_in(guessed), "one try, then a wait"
    assert re.search(r"ลองใหม่ได้ในอีก \d+ นาที", page)
    for _time in range(3):  # an address that has been the owner's: mistyping is allowed
        attempt(user.email, "wrong", "127.0.0.7")
    assert is_signed_in(attempt(user.email, PASSWORD, "127.0.0.7")[0])
    assert is_signed_in(attempt(user.email, PASSWORD, "127.0.0.8")[0])


def test_signing_in_uses_nothing_up(settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"login_pair": "2/10m", "login_account": "2/h"}
    user = staff()
    for _time in range(5):
        assert is_signed_in(attempt(user.email, PASSWORD, "127.0.0.7")[0])


def test_what_is_counted_does_not_name_anybody() -> None:
    user = staff()
    attempt(user.email, "wrong", "203.0.113.77")
    attempt(user.email, PASSWORD, "203.0.113.77")
    store = cache._cache  # a dict, or the client of Redis
    keys = store if isinstance(store, dict) else store.get_client().keys()
    ours = [str(key) for key in keys if "allauth" not in str(key)]
    assert ours
    assert not [key for key in ours if "203.0" in key or user.email in key]


def test_where_an_account_was_opened_from_is_known_as_long_as_said(
    monkeypatch: Any,
) -> None:
    kept, put = {}, cache.set
    monkeypatch.setattr(
        cache, "set", lambda key, value, timeout=None: (
            kept.update({key: timeout}), put(key, value, timeout)
        ),
    )  # fmt: skip
    attempt(staff().email, PASSWORD, "127.0.0.7")
    (days,) = [kept[key] / 86_400 for key in kept if key.startswith("known:")]
    assert days == 90
    assert "90 วัน" in promises.kept("opened_from")


def test_wrong_codes_say_when_to_come_back() -> None:
    user = staff()
    with_totp(user)
    client, _page = attempt(user.email, PASSWORD, "127.0.0.7")
    for _time in range(7):
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "ลองใหม่ได้ในอีก 5 นาที" in page.content.decode()
    assert not is_signed_in(client)


def test_a_stolen_password_and_wrong_codes_shut_no_owner_out() -> None:
    user = staff()
    secret = with_totp(user)
    thief, _page = attempt(user.email, PASSWORD, "127.0.0.5")
    for _time in range(50):
        page = thief.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "ลองใหม่ได้ในอีก 5 นาที" in page.content.decode()
    owner, _page = attempt(user.email, PASSWORD, "127.0.0.7")
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    owner.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(owner)
    # From many addresses guessing is bounded for the account.
    for last in range(1, 8):
        thief, _page = attempt(user.email, PASSWORD, f"127.0.4.{last}")
        for _time in range(5):
            page = thief.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "ลองใหม่ได้ในอีก 5 นาที" in page.content.decode()


def test_a_stranger_asks_for_no_more_mails_than_a_person_can_read() -> None:
    user = staff()
    answers = {
        Client(REMOTE_ADDR=f"127.0.3.{last}")
        .post(reverse("account_reset_password"), {"email": user.email})
        .status_code
        for last in range(1, 25)
    }
    assert answers == {302}
    assert len(mail.outbox) == 10


def test_too_many_from_one_address_is_answered_with_the_time(client: Client) -> None:
    address = reverse("account_reset_password")
    for _time in range(40):
        answer = client.post(address, {"email": "a@example.org"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "ลองใหม่ได้ในอีก 1 นาที" in answer.content.decode()


def test_without_the_cache_passwords_stay_shut(monkeypatch: Any) -> None:
    from redis.exceptions import ConnectionError as Away

    def away(*_args: Any, **_how: Any) -> None:
        raise Away

    user = staff()
    monkeypatch.setattr(cache, "add", away)
    client = Client()
    answer = client.post(DOOR, {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert answer["Retry-After"]


# --- the mail server is away ----------------------------------------------------------


class AwayBackend(BaseEmailBackend):
    """A server that cannot be reached, or that refuses who is written to."""

    error: Exception = ConnectionRefusedError(111, "refused somchai@example.org")

    def send_messages(self, _messages: Any) -> int:
        raise self.error


AWAY = f"{__name__}.AwayBackend"
ERRORS = [
    ConnectionRefusedError(111, "refused"),
    TimeoutError(),
    smtplib.SMTPServerDisconnected("gone"),
    smtplib.SMTPRecipientsRefused({"somchai@example.org": (550, b"no")}),
    smtplib.SMTPAuthenticationError(535, b"no"),
]


def _forms(user: Any) -> list[tuple[str, dict[str, str]]]:
    long = "ยาวพอสมควร-2569"
    found = []
    for email in (user.email, "stranger@example.org"):
        found.append((reverse("account_reset_password"), {"email": email}))
        sign_up = {"email": email, "password1": long, "password2": long}
        found.append((reverse("account_signup"), sign_up))
    return found


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_mail_server_that_is_away_fails_no_page(
    settings: Any, monkeypatch: Any, caplog: Any, error: Exception
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.EMAIL_BACKEND = AWAY
    monkeypatch.setattr(AwayBackend, "error", error)
    user = staff()
    answers: dict[str, set[tuple[int, str]]] = {}
    for address, form in _forms(user):
        answer = Client().post(address, form)
        answers.setdefault(address, set()).add((answer.status_code, answer.url))
    assert all(len(same) == 1 for same in answers.values()), answers
    unverified = make_user()
    EmailAddress.objects.create(user=unverified, email=unverified.email, primary=True)
    entering = Client().post(DOOR, {"login": unverified.email, "password": PASSWORD})
    assert entering.status_code == 302
    client = Client()
    client.force_login(user)
    manage = reverse("account_email")
    for form in (
        {"action_add": "", "email": "new@example.org"},
        {"action_send": "", "email": "new@example.org"},
    ):
        assert client.post(manage, form).status_code in {200, 302}
    said = [record.getMessage() for record in caplog.records]
    assert any(type(error).__name__ in line for line in said)
    assert not any("@" in line for line in said)


def test_mail_goes_out_beside_the_request(settings: Any, monkeypatch: Any) -> None:
    """The answer waits for no mail server; what it refuses is tried again."""
    came, tries = threading.Event(), []

    class Slow(BaseEmailBackend):
        def send_messages(self, messages: Any) -> int:
            tries.append(messages)
            if len(tries) < 3:
                raise ConnectionRefusedError
            came.set()
            return 1

    monkeypatch.setattr(beside, "get_connection", lambda _through: Slow())
    monkeypatch.setattr(beside, "PAUSES", (0.01, 0.01))
    settings.EMAIL_BACKEND = "cms.mail.BesideBackend"
    assert EmailMessage("s", "b", "a@example.org", ["b@example.org"]).send() == 1
    assert came.wait(20)
    assert len(tries) == 3


def test_a_message_is_given_up_without_a_name(monkeypatch: Any, caplog: Any) -> None:
    monkeypatch.setattr(beside, "get_connection", lambda _through: AwayBackend())
    monkeypatch.setattr(beside, "PAUSES", ())
    with caplog.at_level(logging.WARNING):
        beside._deliver(EmailMessage("s", "b", "a@example.org", ["b@example.org"]))
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert not any("@" in record.getMessage() for record in caplog.records)
