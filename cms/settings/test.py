"""The embedded mode without its servers, for ``make test``.

``make test-services`` sets RAPFANG_TEST_POSTGRES, RAPFANG_TEST_REDIS and
RAPFANG_TEST_ELASTICSEARCH and runs the same settings against real servers.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from cms.settings.base import *
from cms.settings.env import BASE_DIR, env

SECRET_KEY = "not-a-secret-only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
STAFF_MFA_REQUIRED = False
ACCOUNT_EMAIL_VERIFICATION = "optional"

_var = BASE_DIR / "var" / "test"
_var.mkdir(parents=True, exist_ok=True)
if env.str("RAPFANG_TEST_POSTGRES", ""):
    DATABASES = {"default": env.db_url("RAPFANG_TEST_POSTGRES")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _var / "db.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
                    "PRAGMA cache_size=-32000;"
                ),
            },
            "TEST": {"NAME": _var / f"{env.str('RAPFANG_TEST_NAME', 'test')}.sqlite3"},
        }
    }
# Each process of a run has files, a cache and an index of its own, like its database.
_worker = env.str("PYTEST_XDIST_WORKER", "")
# Databases 0 and 1 of Redis are those of servers that a test starts as in production.
_number = int(_worker.removeprefix("gw") or 0)
REDIS_URL = env.str("RAPFANG_TEST_REDIS", "")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{REDIS_URL}/{2 * _number + 5}",
        }
    }
    CELERY_BROKER_URL = f"{REDIS_URL}/{2 * _number + 4}"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    # Nothing eats from this broker: tasks run where a test runs them.
    CELERY_BROKER_URL = "memory://"
ELASTICSEARCH_URL = env.str("RAPFANG_TEST_ELASTICSEARCH", "")
ELASTICSEARCH_ALIAS = f"rapfang{_worker}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
_files = Path(tempfile.gettempdir()) / f"rapfang-test-files{_worker}"
MEDIA_ROOT = _files / "media"
STATIC_ROOT = _files / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
THEME_WORK_DIR = _files / "theme-runs"
THEME_ENCODER = "hashing"
DEMO_CLOCK_FILE = None
TEST_NOW = env.str("RAPFANG_TEST_NOW", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
