"""A walk through every address as one person: what is answered, written and read."""

from __future__ import annotations

import json
import time
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
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from tests.addresses import Address
from tests.walls.world import picture

#: Writes that say nothing: who is here, not what was done.
_IDLE = (
    "django_session",
    "wagtailadmin_editingsession",
    "SAVEPOINT",
    "mfa_authenticator",
    "wagtailadmin_formstate",
    "wagtailimages_rendition",
)
#: Where somebody who may not come in is sent.
_AWAY = (
    "/_util/login/",
    "/accounts/login/",
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
    "/admin/login/",
)
_EDITORS = {
    f"wagtailadmin_pages:{name}" for name in ("add", "edit", "revisions_revert")
}
#: Left alone: a trap for programs, exact words of a draft, what there is but one of.
_LEFT = {"website", "before_text", "after_text", "is_default_site"}
LAW = "มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติทดสอบ พ.ศ. ....”\n"
#: What to type into a required field that is empty, by the end of its name.
TYPED = {
    "email": "somebody@example.org",
    "opens_on": "31 ธ.ค. 2569",
    "closes_on": "31 ม.ค. 2570",
    "hostname": "other.example.org",
    "_on": "23 พ.ย. 2569",
    "as_of": "1 ม.ค. 2569",
    "slug": "a-new-address",
    "label": "๙๑",
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
    def led_to(self) -> str:
        """Where the answer sends one; empty where it sends nobody anywhere."""
        return self.location if self.status in {301, 302, 303} else ""

    @property
    def is_refused(self) -> bool:
        """Tell whether the person was turned away from here."""
        path = urlsplit(self.led_to).path
        home = path == "/admin/" and self.address.url != "/admin/"
        return self.status in {403, 404, 405, 410} or home or path.startswith(_AWAY)

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
            session = self.client.session
            # As after typing the password just now; some doors ask for that.
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}
            ]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
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
    html = answer.text
    if html.startswith("{"):  # a chooser's window
        html = json.loads(html).get("html") or "<p>"
    more_fields = {}
    if answer.address.name in _EDITORS:
        number = answer.address.arguments.get("page_id")
        more_fields = body_fields(Page.objects.filter(pk=number).first())
    page = lxml.html.fromstring(html)
    for form in page.forms:
        if form.method != "POST":
            continue
        path = urlsplit(urljoin(answer.address.url, form.action or "")).path
        path = path if form.action else urlsplit(answer.address.url).path
        filled = _filled(form) | more_fields
        buttons = form.xpath(".//button[@name]|.//input[@type='submit'][@name]")
        for button in buttons or [None]:
            more = (
                {button.get("name"): button.get("value", "")}
                if button is not None
                else {}
            )
            found.setdefault(path, []).append(filled | more)
    return found


def body_fields(page: Page | None) -> dict[str, Any]:
    """Return the fields of a page's body, which the editor's scripts would write.

    None is a page that is being added: its body is empty.
    """
    values: list[Any] = []
    if page is not None:
        body = getattr(page.specific.get_latest_revision_as_object(), "body", None)
        if not isinstance(body, StreamValue):
            return {}
        values = [
            (block.block_type, {name: text or "" for name, text in block.value.items()})
            for block in body
        ]
    return nested_form_data({"body": streamfield(values)})


def _filled(form: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for element in form.inputs:
        name, kind = element.get("name"), element.get("type", element.tag)
        if not name or kind in {"submit", "button", "image"} or element.tag == "button":
            continue
        if name.rpartition("-")[2] in _LEFT:
            values |= {} if kind == "checkbox" else {name: ""}
            continue
        if element.tag == "select":
            options = [
                one.get("value", one.text or "") for one in element.iter("option")
            ]
            chosen = element.value if not element.multiple else ""
            filled = [one for one in options if one]
            # Two coders are two people; five things said are said of five subjects.
            place = 1 if name == "second" else int(name[0]) if name[0].isdigit() else 0
            chosen = chosen or next(iter(filled[place:] or filled), "")
            values[name] = chosen
        elif kind == "file":
            values[name] = _file(element.get("accept", ""))
        elif kind == "checkbox":
            values.setdefault(name, element.get("value", "on"))
        elif kind == "radio":
            if element.get("value"):
                values[name] = element.get("value")
        else:
            given = element.value if element.tag == "textarea" else element.get("value")
            given = "" if name.endswith("closes_on") else given  # later than it is
            values[name] = (given or "").strip() or _typed(name, kind)
    return values


def _file(accepted: str) -> SimpleUploadedFile:
    if "image" not in accepted:
        return SimpleUploadedFile("a.txt", LAW.encode(), "text/plain")
    return SimpleUploadedFile("a.png", picture().read(), "image/png")


def _typed(name: str, kind: str) -> str:
    if kind == "hidden":
        return ""
    for end, text in TYPED.items():
        if name.endswith(end):
            return text
    return "1" if kind == "number" else "ข้อความทดสอบ"
