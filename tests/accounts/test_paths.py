"""A guard looks at the address below the site's root, wherever that stands.

Some servers take the root (``SCRIPT_NAME``) from a header of the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls.base import set_script_prefix

from consultations.models import Role
from tests.accounts.test_doors import staff, with_totp
from tests.addresses import every_pattern
from tests.factories import make_round

ROOT = Path(__file__).parents[2]
STAFF = ("/admin/", "/documents/", "/media/")
#: What somebody who is to enrol must still reach.
OPEN = ("/admin/login/", "/admin/logout/", "/admin/password_reset/")
#: How the root may come: not at all, from a header, from the server's own settings.
ROOTS = [
    pytest.param("", None, id="none"),
    pytest.param("/x", None, id="header believed"),
    pytest.param("/x", "", id="header, not believed"),
    pytest.param("/x", "/rapfang", id="honest, and header"),
]


@pytest.fixture(autouse=True)
def _root_again() -> Iterator[None]:
    yield
    set_script_prefix("/")


def staff_addresses() -> list[str]:
    """Every address that begins like one of the staff's, filled with something."""
    found = []
    for pattern in every_pattern():
        nobody = "00000000-0000-4000-8000-000000000000"
        path = re.sub(r"<uuid:\w+>", nobody, pattern.route)
        path = re.sub(r"<(?:\w+:)?\w+>|\(\?P?.*\)|\.\+", "1", path)
        found.append("/" + path.replace("^", "").replace("$", "").replace("\\", ""))
    found = [path for path in found if path.startswith(STAFF)]
    assert len(found) > 200
    return [path for path in found if not path.startswith(OPEN)]


@pytest.mark.django_db
@pytest.mark.parametrize(("header", "root"), ROOTS)
def test_a_password_alone_opens_no_staff_address(
    client: Client, settings: Any, header: str, root: str | None
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    settings.FORCE_SCRIPT_NAME = root
    set_script_prefix(f"{header if root is None else root}/")
    extra = {"SCRIPT_NAME": header} if header else {}
    client.force_login(staff(Role.APPROVER))
    opened = []
    for path in staff_addresses():
        answer = client.get(path, **extra)
        if answer.status_code != 302 or not answer.url.endswith("/accounts/2fa/"):
            opened.append((path, answer.status_code))
    assert opened == []


@pytest.mark.django_db
@pytest.mark.parametrize(("header", "root"), ROOTS)
def test_the_admins_own_rules_hold_below_any_root(
    client: Client, settings: Any, header: str, root: str | None
) -> None:
    settings.FORCE_SCRIPT_NAME = root
    set_script_prefix(f"{header if root is None else root}/")
    extra = {"SCRIPT_NAME": header} if header else {}
    user = staff(Role.EDITOR)
    other = make_round(title="เรื่องของกรมอื่น").consultation.page
    client.force_login(user)
    page = f"/admin/pages/{other.pk}/edit/"
    assert client.get(page, **extra).status_code == 404
    assert client.get("/admin/reports/site-history/", **extra).status_code != 200
    framed = client.get("/admin/", **extra)
    assert framed.status_code == 200
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "'unsafe-inline'" in framed["Content-Security-Policy"]
    public = client.get("/consultations/", **extra)
    assert "'unsafe-inline'" not in public["Content-Security-Policy"]
    assert public["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_everything_works_below_a_path(client: Client, settings: Any) -> None:
    settings.FORCE_SCRIPT_NAME = "/rapfang"
    set_script_prefix("/rapfang/")  # the server does it, the test client does not
    round = make_round(title="เรื่องเปิดรับฟัง")
    user = staff()
    with_totp(user)
    for path in ("/", "/en/", "/consultations/", "/accounts/login/", "/nowhere/"):
        page = client.get(path).content.decode()
        local = re.findall(r'(?:href|src|action|hx-\w+)="(/[^"]*)"', page)
        assert local
        astray = [link for link in local if not link.startswith("/rapfang/")]
        # Static files are named when the process starts, below the root of that moment.
        assert [link for link in astray if not link.startswith("/static/")] == [], path
        assert not any(link.startswith("/rapfang/rapfang/") for link in local)
    listed = client.get("/consultations/").content.decode()
    assert f'href="/rapfang/consultations/{round.consultation.slug}/"' in listed
    assert 'href="/rapfang/en/consultations/"' in listed
    english = client.get("/en/consultations/").content.decode()
    assert 'href="/rapfang/consultations/"' in english
    done = client.post(
        "/accounts/login/", {"login": user.email, "password": "correct horse"}
    )
    assert done.url.startswith("/rapfang/accounts/2fa/")
    client.force_login(user)
    left = client.post("/accounts/logout/")
    assert left.url == "/rapfang/"


def test_no_product_code_looks_at_the_whole_path() -> None:
    """``request.path`` holds the root: compare ``path_info``, link with ``reverse``."""
    found = [
        str(path.relative_to(ROOT))
        for floor in ("drafts", "comments", "consultations", "search", "cms")
        for path in (ROOT / floor).rglob("*.py")
        if re.search(r"request\.path\b(?!_info)", path.read_text())
    ]
    found += [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"request\.path\b(?!_info)", path.read_text())
    ]
    assert found == []
