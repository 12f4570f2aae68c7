"""Production: everything from the environment; refuses to start on what is weak.

PostgreSQL, Redis and, if given, Elasticsearch.  All problems are told at once, each
with the name of its variable (docs/operations.md lists them).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms.settings.base import *
from cms.settings.env import BASE_DIR, env
from drafts.requests import parse_networks, parse_rates

#: Characters and distinct characters that a secret must have at least.
SECRET_LENGTH, SECRET_VARIETY = 50, 12
_WEAK = ("insecure", "secret", "change", "example", "password", "not-a-secret")
_problems: list[str] = []


def _read(name: str, why: str) -> str:
    value = env.str(name, "").strip()
    if not value:
        _problems.append(f"{name} is missing: {why}")
    return value


def _url(name: str, schemes: tuple[str, ...], why: str, *, needed: bool = True) -> str:
    value = _read(name, why) if needed else env.str(name, "").strip()
    if value and (
        urlsplit(value).scheme not in schemes or not urlsplit(value).hostname
    ):
        _problems.append(
            f"{name} is not an address beginning with {' or '.join(schemes)}://"
        )
        return ""
    return value


SECRET_KEY = _read("SECRET_KEY", "50 random characters or more")
if SECRET_KEY and (
    len(SECRET_KEY) < SECRET_LENGTH
    or len(set(SECRET_KEY)) < SECRET_VARIETY
    or any(word in SECRET_KEY.lower() for word in _WEAK)
):
    _problems.append("SECRET_KEY is weak: use 50 random characters or more")

ALLOWED_HOSTS = [
    host.strip()
    for host in _read("ALLOWED_HOSTS", "host names, separated by commas").split(",")
    if host.strip()
]
if "*" in ALLOWED_HOSTS:
    _problems.append("ALLOWED_HOSTS must name the hosts, * lets any name in")

WAGTAILADMIN_BASE_URL = _url(
    "BASE_URL", ("https",), "the public address, https://…"
).rstrip("/")

_database = _url("DATABASE_URL", ("postgres", "postgresql"), "postgresql://…")
if _database and not urlsplit(_database).password:
    _problems.append("DATABASE_URL has no password")
DATABASES = {
    "default": {
        **(env.db_url_config(_database) if _database else {}),
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
    }
}

REDIS_URL = _url("REDIS_URL", ("redis", "rediss"), "redis://… without a number").rstrip(
    "/"
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"{REDIS_URL}/1",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
}
CELERY_BROKER_URL = f"{REDIS_URL}/0"

#: Left out: PostgreSQL searches.
ELASTICSEARCH_URL = _url("ELASTICSEARCH_URL", ("http", "https"), "", needed=False)
if ELASTICSEARCH_URL:
    SEARCH_BACKEND = "search.backends.elasticsearch.ElasticsearchBackend"

_mail = _url(
    "EMAIL_URL", ("smtp", "smtp+tls", "smtp+ssl"), "smtp+tls://user:…@host:587"
)
if _mail:
    vars().update(env.email_url_config(_mail) | {"EMAIL_BACKEND": EMAIL_BACKEND})
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _read("DEFAULT_FROM_EMAIL", "the sender of mail")
if DEFAULT_FROM_EMAIL and "@" not in DEFAULT_FROM_EMAIL:
    _problems.append("DEFAULT_FROM_EMAIL is not an e-mail address")

# --- files --------------------------------------------------------------------
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
MEDIA_ROOT = _read("MEDIA_ROOT", "the folder of uploaded files")
if MEDIA_ROOT and not MEDIA_ROOT.startswith("/"):
    _problems.append("MEDIA_ROOT must be an absolute path")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
THEME_WORK_DIR = env.str("THEME_WORK_DIR", str(BASE_DIR / "var" / "theme-runs"))
THEME_PROCESSES = env.int("THEME_PROCESSES", 1)

# --- the outside world --------------------------------------------------------
SECURE_SSL_REDIRECT = True
#: A year; told to browsers for all names below this one, and for their own lists.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SAMESITE = "Lax"
#: Seconds: an official's working day.
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", 12 * 3600)
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
if SECURE_HSTS_SECONDS < 3600:
    _problems.append("HSTS_SECONDS must be 3600 or more")
try:
    parse_networks(tuple(TRUSTED_PROXIES or ()))
except ValueError as error:
    _problems.append(
        f"TRUSTED_PROXIES: {error}; give addresses or networks such as 10.0.0.0/24"
    )
for _limit, _rates in LIMITS.items():
    try:
        parse_rates(_rates)
    except ValueError as error:
        _problems.append(f"LIMIT_{_limit.upper()}: {error}")
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL] if WAGTAILADMIN_BASE_URL else []
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
STAFF_MFA_REQUIRED = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "cms.json_logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Wagtail's line for each page holds titles and users: the audit has them.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
    },
}

if _problems:
    raise ImproperlyConfigured(
        "production cannot start:\n" + "\n".join(f"- {item}" for item in _problems)
    )
