"""Production settings start on good values and name each bad one."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cms.json_logs import JsonFormatter, mask

ROOT = Path(__file__).parents[2]
GOOD = {
    "SECRET_KEY": "k3v9Qw7zX1pLm5RtYb8NcHs2Jd6Fg4Ua0EoIiTyWqZxPlMnBvCrDs",
    "ALLOWED_HOSTS": "hearing.go.th",
    "BASE_URL": "https://hearing.go.th",
    "DATABASE_URL": "postgresql://rapfang:pw@db:5432/rapfang",
    "REDIS_URL": "redis://cache:6379",
    "EMAIL_URL": "smtp+tls://mailer:pw@mail:587",
    "DEFAULT_FROM_EMAIL": "hearing@hearing.go.th",
    "MEDIA_ROOT": "/srv/media",
}
PROXY = {"TRUSTED_PROXIES": "10.0.0.5, 10.1.0.0/24"}
BAD = [
    *((name, "") for name in GOOD),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 60),
    ("SECRET_KEY", "django-insecure-" + GOOD["SECRET_KEY"]),
    ("ALLOWED_HOSTS", "*"),
    ("BASE_URL", "http://hearing.go.th"),
    ("DATABASE_URL", "sqlite:///db.sqlite3"),
    ("DATABASE_URL", "postgresql://rapfang@db/rapfang"),
    ("REDIS_URL", "localhost:6379"),
    ("EMAIL_URL", "console://"),
    ("DEFAULT_FROM_EMAIL", "nobody"),
    ("MEDIA_ROOT", "media"),
    ("ELASTICSEARCH_URL", "elastic:9200"),
    ("HSTS_SECONDS", "0"),
    ("TRUSTED_PROXIES", "1"),
    ("LIMIT_SAVE_PERSON", "30 a minute"),
    ("LIMIT_LOGIN_PAIR", "10/0m"),
    ("TRUSTED_PROXIES", "10.0.0.5, proxy.local"),
]


def run(code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    }
    env |= GOOD | changes
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip


SHOW = """
import json
from django.conf import settings as s
print(json.dumps({
    "engine": s.DATABASES["default"]["ENGINE"],
    "cache": s.CACHES["default"]["LOCATION"],
    "broker": s.CELERY_BROKER_URL, "search": s.SEARCH_BACKEND,
    "mfa": s.STAFF_MFA_REQUIRED, "debug": s.DEBUG, "mail": s.EMAIL_HOST,
    "proxies": s.TRUSTED_PROXIES,
}))
"""


def test_good_values_start_and_postgresql_searches_by_default() -> None:
    done = run(SHOW, **PROXY)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "engine": "django.db.backends.postgresql",
        "cache": "redis://cache:6379/1",
        "broker": "redis://cache:6379/0",
        "search": "search.backends.database.DatabaseBackend",
        "mfa": True,
        "debug": False,
        "mail": "mail",
        "proxies": ["10.0.0.5", "10.1.0.0/24"],
    }
    with_elastic = run(SHOW, ELASTICSEARCH_URL="http://elastic:9200")
    assert "ElasticsearchBackend" in with_elastic.stdout


def test_check_deploy_is_clean() -> None:
    code = (
        "import django; django.setup();"
        "from django.core.management import call_command;"
        "call_command('check', deploy=True, fail_level='DEBUG')"
    )
    done = run(code, **PROXY)
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout
    unnamed = run(code)
    assert unnamed.returncode != 0
    assert unnamed.stderr.count("TRUSTED_PROXIES is not set") == 1


def test_each_bad_value_is_named() -> None:
    """One process reads them all in turn: a process each would take a minute."""
    code = f"""
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
bad, good = {BAD!r}, {GOOD!r}
missed = []
for name, value in bad:
    os.environ[name] = value
    try:
        for read_again in ("cms.settings.base", "cms.settings.production"):
            sys.modules.pop(read_again, None)
        importlib.import_module("cms.settings.production")
        missed.append([name, value, "started"])
    except ImproperlyConfigured as error:
        if name not in str(error) or str(error).count("\\n- ") != 1:
            missed.append([name, value, str(error)])
    if name in good:
        os.environ[name] = good[name]
    else:
        del os.environ[name]
print(json.dumps(missed))
"""
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_all_problems_are_told_in_one_message() -> None:
    done = run(
        "from django.conf import settings; settings.DEBUG", **dict.fromkeys(GOOD, "")
    )
    assert done.returncode != 0
    for name in GOOD:
        assert f"- {name} is missing" in done.stderr
    assert "k3v9Qw" not in done.stderr


def test_a_bad_environment_stops_the_command_line_too() -> None:
    done = run("import django; django.setup()", SECRET_KEY="short")
    assert done.returncode != 0
    assert "SECRET_KEY is weak" in done.stderr
    assert "short" not in done.stderr.rpartition("production cannot start")[2]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("mail to somchai@example.org failed", "somchai"),
        ("GET /receipts/RF-ABCD-1234-EFGH/ 200", "ABCD"),
        ("id 1-2345-67890-12-1 refused", "67890"),
        ("call 081-234-5678", "5678"),
        ("from 203.0.113.7", "203.0"),
        ("GET /search/?q=สมชาย 200", "สมชาย"),
    ],
)
def test_logs_name_nobody(text: str, gone: str) -> None:
    assert gone not in mask(text)


def test_an_error_is_logged_without_what_was_typed() -> None:
    try:
        raise ValueError("สมชาย 0812345678")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "failed %s", ("a@b.co",), sys.exc_info()
        )
    line = json.loads(JsonFormatter().format(record))
    assert line["error"] == "ValueError"
    assert line["message"] == "failed [e-mail]"
    assert "สมชาย" not in json.dumps(line, ensure_ascii=False)
