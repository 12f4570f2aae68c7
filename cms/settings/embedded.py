"""One machine, one command: SQLite, a Valkey from its wheel, four processes.

Differs from production in settings only, never in code paths.
"""

from __future__ import annotations

import secrets

from cms.settings.base import *
from cms.settings.env import BASE_DIR, env

VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)


def _kept_secret() -> str:
    """Return this installation's own key, made on first use; never in the source."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def _valkey_port() -> int:
    """Return the port that the running demo wrote down, else the usual one."""
    path = VAR_DIR / "valkey.port"
    return int(path.read_text()) if path.exists() else 16379


SECRET_KEY = _kept_secret()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{env.int('PORT', 8000)}"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "db.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;"
            ),
        },
    }
}
VALKEY_URL = env.str("VALKEY_URL", f"redis://127.0.0.1:{_valkey_port()}")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"{VALKEY_URL}/1",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
}
CELERY_BROKER_URL = f"{VALKEY_URL}/0"

MEDIA_ROOT = VAR_DIR / "media"
# Static files straight from where they stand: nothing to collect at the first start.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MAIL_THROUGH = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
ACCOUNT_EMAIL_VERIFICATION = "optional"
STAFF_MFA_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost; browsers allow it too
DEMO_CLOCK_FILE = VAR_DIR / "clock_offset"
TEST_NOW = env.str("RAPFANG_TEST_NOW", "")
THEME_WORK_DIR = VAR_DIR / "theme-runs"

# The demo's terminal shows what a person should see, not every page that Wagtail saves.
LOGGING["root"]["level"] = "WARNING"
