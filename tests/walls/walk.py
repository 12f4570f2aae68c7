"""A walk through every address as one person: what is answered, written and read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from tests.addresses import Address

#: Writes that say nothing: who is here, not what was done.
_IDLE = (
    "django_session",
    "wagtailadmin_editingsession",
    "SAVEPOINT",
    "mfa_authenticator",
)
#: Where somebody who may not come in is sent.
_AWAY = (
    "/_util/login/",
    "/accounts/login/",
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
    "/admin/login/",
)
LAW = "มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติทดสอบ พ.ศ. ....”\n"
#: What to type into a required field that is empty, by the end of its name.
TYPED = {
    "email": "somebody@example.org",
    "_on": "23 พ.ย. 2569",
    "as_of": "1 ม.ค. 2569",
    "slug": "a-new-address",
    "heads": "ประชาชน 12",
    "size": "3",
    "evidence": "https://example.go.th/notice",
    "text": "มาตรา ๑ ให้ยื่นคำขอภายในสามสิบวัน",
}


@dataclass(slots=True)
class Answer:
    """What one request got, and what it changed."""

    address: Address
    method: str
    status: int
    location: str
    text: str
    writes: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Tell whether the person was turned away from here."""
        if self.status in {403, 404, 410}:
            return True
        if self.status not in {301, 302, 303}:
            return False
        path = urlsplit(self.location).path
        home = path == "/admin/" and self.address.url != "/admin/"
        return home or path.startswith(_AWAY)

    def __str__(self) -> str:
        return f"{self.method} {self.address}: {self.status} {self.location}"


class _Writes:
    """Count the statements that change something."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        word = sql.lstrip()[:6].upper()
        if word in {"INSERT", "UPDATE", "DELETE"} and not any(t in sql for t in _IDLE):
            self.seen.append(sql[:120])
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[_Writes]:
    """Take back all that is done inside."""
    writes = _Writes()
    with transaction.atomic(), connection.execute_wrapper(writes):
        yield writes
        transaction.set_rollback(True)


class Walker:
    """One person with a browser."""

    def __init__(self, who: str, user: Any) -> None:
        self.who, self.user = who, user
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
        self._cookies = dict(self.client.cookies)

    def go(self, address: Address, body: dict[str, Any] | None = None) -> Answer:
        """Ask for an address, or send a body to it; nothing of it stays."""
        cache.clear()
        method = self.client.get if body is None else self.client.post
        with undone() as writes:
            response = method(address.url, _fresh(body) if body else {})
        self.client.cookies.clear()
        self.client.cookies.update(self._cookies)
        return Answer(
            address,
            "GET" if body is None else "POST",
            response.status_code,
            response.headers.get("Location", ""),
            text_of(response),
            writes.seen,
        )


def _fresh(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body whose files can be read again."""
    for value in body.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    return body


def text_of(response: Any) -> str:
    """Return what a response says; JSON writes Thai as escapes, so read it first."""
    kind = response.headers.get("Content-Type", "")
    body = b"".join(response) if response.streaming else response.content
    if "json" in kind:
        return json.dumps(json.loads(body or b"null"), ensure_ascii=False)
    if not kind.startswith("text/"):
        return ""
    return body.decode(errors="replace")


def bodies_in(answer: Answer) -> dict[str, list[dict[str, Any]]]:
    """Return the bodies that the forms of a page would send, by path, filled in."""
    found: dict[str, list[dict[str, Any]]] = {}
    if answer.status not in {200, 422} or "<form" not in answer.text:
        return found
    page = lxml.html.fromstring(answer.text)
    for form in page.forms:
        if form.method != "POST":
            continue
        path = urlsplit(urljoin(answer.address.url, form.action or "")).path
        path = path if form.action else answer.address.url
        filled = _filled(form)
        buttons = form.xpath(".//button[@name]|.//input[@type='submit'][@name]")
        for button in buttons or [None]:
            more = (
                {button.get("name"): button.get("value", "")}
                if button is not None
                else {}
            )
            found.setdefault(path, []).append(filled | more)
    return found


def _filled(form: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for element in form.inputs:
        name, kind = element.get("name"), element.get("type", element.tag)
        if not name or kind in {"submit", "button", "image"} or element.tag == "button":
            continue
        if element.tag == "select":
            options = [
                one.get("value", one.text or "") for one in element.iter("option")
            ]
            chosen = element.value if not element.multiple else ""
            chosen = chosen or next((one for one in options if one), "")
            values[name] = chosen
        elif kind == "file":
            values[name] = SimpleUploadedFile("a.txt", LAW.encode(), "text/plain")
        elif kind == "checkbox":
            values.setdefault(name, element.get("value", "on"))
        elif kind == "radio":
            if element.get("value"):
                values[name] = element.get("value")
        else:
            given = element.value if element.tag == "textarea" else element.get("value")
            values[name] = (given or "").strip() or _typed(name, kind)
    return values


def _typed(name: str, kind: str) -> str:
    if kind == "hidden":
        return ""
    for end, text in TYPED.items():
        if name.endswith(end):
            return text
    return "1" if kind == "number" else "ข้อความทดสอบ"
