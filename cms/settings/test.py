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
REDIS_URL = env.str("RAPFANG_TEST_REDIS", "")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{REDIS_URL}/1",
        }
    }
    CELERY_BROKER_URL = f"{REDIS_URL}/0"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    # Nothing eats from this broker: tasks run where a test runs them, see STYLE 27.
    CELERY_BROKER_URL = "memory://"
ELASTICSEARCH_URL = env.str("RAPFANG_TEST_ELASTICSEARCH", "")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Each process of a run has files of its own, as it has a database.
_worker = env.str("PYTEST_XDIST_WORKER", "")
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
