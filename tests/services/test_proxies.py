"""Behind nginx and behind HAProxy, as deploy/ sets them up, with production settings.

``make test-services`` gives PostgreSQL, Redis and the proxies; gunicorn has the
test's own database.  Visitors are addresses of the loopback network.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection
from django.test import Client

from comments.models import PreparedResponse
from consultations.models import Role
from drafts import clock
from tests.accounts.test_doors import staff
from tests.accounts.test_production import GOOD
from tests.factories import make_round

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
HOST = "hearing.go.th"
#: Production settings, but what needs time and no proxy: hashed names of static files.
SETTINGS = """
from cms.settings.production import *
STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
WHITENOISE_USE_FINDERS = True
TEST_NOW = env.str("RAPFANG_TEST_NOW", "")  # the moment of the round that is made here
"""
UNTRUSTED = ssl._create_unverified_context()
#: What might lead past a guard, or make a request another's.
HEADERS = [
    {"SCRIPT_NAME": "/x"},
    {"Script-Name": "/x"},
    {"SCRIPT_NAME": "/x", "PATH_INFO": "/"},
    {"X-Script-Name": "/x"},
    {"X-Forwarded-Prefix": "/x"},
    {"X-Original-URL": "/consultations/"},
    {"X-Rewrite-URL": "/consultations/"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "http"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "off"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=evil.example;proto=http"},
    {"X-HTTP-Method-Override": "GET"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"Accept": "application/json"},
]


def needed(name: str) -> str:
    if not (found := os.environ.get(name)):
        pytest.fail(f"{name} is not set: run make test-services")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Answer:
    status: int
    headers: Any
    text: str


@dataclass
class Door:
    """One way in: a proxy, or the server itself (``is_tls`` False)."""

    port: int
    is_tls: bool = True

    def connect(self, address: str) -> http.client.HTTPConnection:
        how: dict[str, Any] = {"timeout": 60, "source_address": (address, 0)}
        if self.is_tls:
            return http.client.HTTPSConnection(
                "127.0.0.1", self.port, context=UNTRUSTED, **how
            )
        return http.client.HTTPConnection("127.0.0.1", self.port, **how)

    def ask(
        self,
        method: str,
        path: str,
        *,
        address: str = "127.0.0.1",
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        line = self.connect(address)
        body = urlencode(form).encode() if form is not None else None
        sent = {"Host": HOST, "Referer": f"https://{HOST}/", "Accept": "text/html"}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, body=body, headers=sent | (headers or {}))
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
            return Answer(answer.status, answer.headers, text)
        finally:
            line.close()


@dataclass
class Site:
    doors: dict[str, Door]
    slug: str
    section: int
    session: str


def certificate(folder: Path) -> Path:
    """Make a key and a certificate that signs itself, both in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    both.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return both


def nginx(folder: Path, port: int, server: int, pem: Path) -> list[str]:
    ours = (ROOT / "deploy" / "nginx.conf").read_text()
    ours = re.sub(r"listen 80;", f"listen 127.0.0.1:{free_port()};", ours)
    ours = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;", ours)
    ours = re.sub(r"/etc/ssl/rapfang/\w+\.pem", str(pem), ours)
    ours = ours.replace("127.0.0.1:8000", f"127.0.0.1:{server}")
    ours = ours.replace("hearing.example.go.th", HOST)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr;\n"
        f"worker_processes 1; events {{ worker_connections 512; }}\n"
        f"http {{ access_log off; {paths}\n{ours}\n}}\n"
    )
    program = needed("RAPFANG_TEST_NGINX")
    return [
        program,
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        "stderr",
    ]


def haproxy(folder: Path, port: int, server: int, pem: Path) -> list[str]:
    ours = (ROOT / "deploy" / "haproxy.cfg").read_text()
    ours = ours.replace("bind :80\n", f"bind 127.0.0.1:{free_port()}\n")
    ours = ours.replace("bind :443", f"bind 127.0.0.1:{port}")
    ours = ours.replace("/etc/ssl/rapfang/both.pem", str(pem))
    ours = ours.replace("127.0.0.1:8000", f"127.0.0.1:{server}")
    (folder / "haproxy.cfg").write_text(ours)
    return [needed("RAPFANG_TEST_HAPROXY"), "-db", "-f", str(folder / "haproxy.cfg")]


def gunicorn(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "cms.wsgi",
        "--config", str(ROOT / "deploy" / "gunicorn.conf.py"),
        "--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "warning",
        "--no-control-socket",
    ]  # fmt: skip


@pytest.fixture
def start(
    settings: Any, tmp_path: Path
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    settings.SECRET_KEY = GOOD["SECRET_KEY"]  # sessions made here are good there
    real = connection.settings_dict
    (tmp_path / "behind_proxies.py").write_text(SETTINGS)
    env = os.environ | GOOD | {
        "DJANGO_SETTINGS_MODULE": "behind_proxies",
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
        "DATABASE_URL": f"postgresql://{real['USER']}:any@{real['HOST']}:{real['PORT']}"
        f"/{real['NAME']}",
        "REDIS_URL": needed("RAPFANG_TEST_REDIS"),
        "MEDIA_ROOT": str(tmp_path / "media"),
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",  # nobody listens
        "TRUSTED_PROXIES": "127.0.0.1",
        "LIMIT_SAVE_ADDRESS": "20/h",  # so that a slow machine floods too
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
    }  # fmt: skip
    running = []

    def run(command: list[str], port: int, **more: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"{port}.log").open("wb")
        process = subprocess.Popen(
            command, env=env | more, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
        running.append(process)
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process
            time.sleep(0.1)
        pytest.fail((tmp_path / f"{port}.log").read_text()[-3000:])

    yield run
    for process in reversed(running):
        process.terminate()
    for process in running:
        process.wait(20)


@pytest.fixture
def site(start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    today, day = clock.now().date(), dt.timedelta(days=1)
    round_ = make_round(opens_on=today - 5 * day, closes_on=today + 5 * day)
    client = Client()
    client.force_login(staff(Role.APPROVER))
    server, pem = free_port(), certificate(tmp_path)
    start(gunicorn(server), server)
    doors = {"direct": Door(server, is_tls=False)}
    for name, command in (("nginx", nginx), ("haproxy", haproxy)):
        port = free_port()
        start(command(tmp_path, port, server, pem), port)
        doors[name] = Door(port)
    section = round_.version.provisions.filter(kind="section").first()
    session = client.cookies["sessionid"].value
    return Site(doors, round_.consultation.slug, section.pk, session)


def _save(site: Site, door: Door) -> Callable[..., Answer]:
    """Read the form once; return what saves a comment from an address with no past."""
    section = f"/consultations/{site.slug}/draft/"
    page = door.ask("GET", f"{section}sec_1/")
    assert page.status == 200, page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    cookie = page.headers["Set-Cookie"].split(";")[0]

    def save(address: str, **headers: str) -> Answer:
        form = {
            "csrfmiddlewaretoken": token,
            "subject": f"p{site.section}",
            "stance": "agree",
            "text": f"จาก {address}",
        }
        path = f"/consultations/{site.slug}/respond/save/"
        sent = {"Cookie": cookie, **headers}
        return door.ask("POST", path, address=address, form=form, headers=sent)

    return save


def test_behind_proxies(site: Site) -> None:
    """One test, since the start takes longer than all that follows."""
    for name in ("nginx", "haproxy"):
        door = site.doors[name]
        save = _save(site, door)
        _everybody_comes_in(save, 1 if name == "nginx" else 2)
        _one_who_floods_does_not(save, f"127.8.0.{len(name)}")
    assert PreparedResponse.objects.count() > 600
    for door in site.doors.values():
        _the_second_factor_holds(site, door)
    _slow_bodies_stop_nobody(site.doors["nginx"])
    _slow_bodies_stop_nobody(site.doors["haproxy"])
    _mail_that_cannot_go_tells_nothing(site.doors["nginx"])


def _everybody_comes_in(save: Any, net: int) -> None:
    """300 addresses, as fast as the machine allows: far more than five a second."""
    addresses = [f"127.{net}.{n // 100}.{n % 100 + 1}" for n in range(300)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(save, addresses))
    assert {answer.status for answer in answers} == {302}


def _one_who_floods_does_not(save: Any, address: str) -> None:
    answers = [
        save(address, **{"X-Forwarded-For": f"203.0.113.{n}, 127.0.0.1"})
        for n in range(60)
    ]
    refused = [answer for answer in answers if answer.status == 429]
    assert len(refused) >= 20, "a forged header helps nobody"
    assert int(refused[-1].headers["Retry-After"]) > 0
    assert f"จาก {address}" in refused[-1].text
    assert save("127.7.7.7").status == 302


def _the_second_factor_holds(site: Site, door: Door) -> None:
    cookie = {"Cookie": f"__Host-session={site.session}"}
    tls = {} if door.is_tls else {"X-Forwarded-Proto": "https"}
    enrol = door.ask("GET", "/admin/", headers=cookie | tls)
    assert enrol.status == 302, enrol
    assert enrol.headers["Location"] == "/accounts/2fa/"
    opened = []
    for path in (
        "/admin/", "/x/admin/", "/x/admin/desk/rounds/", "/admin/pages/",
        "/admin/api/main/pages/", "/x/admin/reports/site-history/", "//admin/",
        "/x/media/documents/2026/x.pdf", "/consultations/../admin/", "/%61dmin/",
    ):  # fmt: skip
        for headers in HEADERS:
            answer = door.ask("GET", path, headers=cookie | tls | headers)
            place = urlsplit(answer.headers.get("Location", "")).path
            to_https = answer.headers.get("Location") == f"https://{HOST}{path}"
            sent_away = answer.status in {301, 302} and "desk" not in place
            sent_away = sent_away or (answer.status == 301 and to_https)
            if not (sent_away or answer.status in {400, 403, 404}):
                opened.append((path, headers, answer.status))
            assert "evil.example" not in str(answer.headers)
    assert opened == []


def _slow_bodies_stop_nobody(door: Door) -> None:
    """Forty forms that never end, and a page that opens all the same."""
    slow = []
    for n in range(40):
        line = door.connect(f"127.6.0.{n + 1}")
        line.putrequest("POST", "/receipts/", skip_host=True)
        line.putheader("Host", HOST)
        line.putheader("Content-Type", "application/x-www-form-urlencoded")
        line.putheader("Content-Length", "1000")
        line.endheaders(b"number=")
        slow.append(line)
    try:
        time.sleep(0.5)
        assert door.ask("GET", "/consultations/").status == 200
    finally:
        for line in slow:
            line.close()


def _mail_that_cannot_go_tells_nothing(door: Door) -> None:
    page = door.ask("GET", "/accounts/password/reset/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    cookie = {"Cookie": page.headers["Set-Cookie"].split(";")[0]}
    answers = {
        (answer.status, answer.headers["Location"])
        for email in ("editor@rapfang.example", "stranger@example.org")
        for answer in [
            door.ask(
                "POST",
                "/accounts/password/reset/",
                form={"csrfmiddlewaretoken": token, "email": email},
                headers=cookie,
            )
        ]
    }
    assert answers == {(302, "/accounts/password/reset/done/")}


def test_below_a_path(start: Any, site: Site) -> None:
    port = free_port()
    start(gunicorn(port), port, SCRIPT_NAME="/rapfang")
    door = Door(port, is_tls=False)
    tls = {"X-Forwarded-Proto": "https"}
    page = door.ask("GET", "/rapfang/consultations/", headers=tls)
    assert page.status == 200
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
    assert links
    assert [link for link in links if not link.startswith("/rapfang/")] == []
    sheet = next(link for link in links if link.endswith(".css"))
    assert door.ask("GET", sheet, headers=tls).status == 200
    cookie = {"Cookie": f"__Host-session={site.session}"}
    for headers in ({}, {"SCRIPT_NAME": "/rapfang/admin"}):
        shut = door.ask("GET", "/rapfang/admin/", headers=cookie | tls | headers)
        assert (shut.status, shut.headers["Location"]) == (
            302,
            "/rapfang/accounts/2fa/",
        )
