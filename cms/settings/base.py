"""What every mode shares.  Embedded, production and test add to it, nothing forks."""

from __future__ import annotations

from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from cms.settings.env import BASE_DIR, env, read_limits, read_proxies

DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "drafts",
    "comments",
    "consultations",
    "search",
    "cms",
    "cms.accounts",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "cms.middleware.ForwardedHeadersMiddleware",
    "cms.middleware.OddRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A draft of 200 sections must reach a phone on 3G; Django pads against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "cms.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.middleware.StaffSecondFactorMiddleware",
    "consultations.pages_guard.AgencyPagesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cms.middleware.UploadLimitMiddleware",
    "cms.middleware.CacheAwayMiddleware",
    "cms.middleware.ScriptedSaveMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context_processors.site",
            ],
        },
    }
]

# --- language and time: Thai is the source language of all messages -----------
LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
# One catalogue per room, so that people work side by side.  Sources stand in
# cms/locale; manage.py compile_translations writes what Django reads to var/locale.
LOCALE_SOURCES = sorted(
    path for path in (BASE_DIR / "cms" / "locale").iterdir() if path.is_dir()
)
LOCALE_PATHS = [BASE_DIR / "var" / "locale" / path.name for path in LOCALE_SOURCES]
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
USE_TZ = True

# --- people ---------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_ADAPTER = "cms.accounts.adapters.AccountAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "รับฟัง"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Sign-up and reset answer the same whether or not an address has an account, and a
# stranger's address typed into the reset form gets no mail.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
#: Counted in the shared cache by address of the network.  Nothing that a stranger may
#: do is counted by the account alone: see LIMITS and cms.accounts.adapters.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    # Wrong codes of the second step: from one address; for one account (key) from all,
    # so that nobody with a stolen password shuts its owner out from one address.
    "login_failed": "5/5m/ip,30/5m/key",
    "signup": "30/m/ip",
    "reset_password": "30/m/ip",
    "reset_password_from_key": "30/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
    "reauthenticate": "10/m/user",
}
# Mail goes out beside the request: neither its answer nor the time that it takes tells
# whether anything was sent, and a mail server that is away fails no page.
MAIL_THROUGH = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_BACKEND = "cms.mail.BesideBackend"
EMAIL_TIMEOUT = 20
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = reverse_lazy("wagtail_serve", args=[""])
#: Staff must hold a second factor before the admin opens.
STAFF_MFA_REQUIRED = True

# --- Wagtail --------------------------------------------------------------
WAGTAIL_SITE_NAME = "รับฟัง"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
# Not used: publishing has rules of its own, and their mails would tell pages' titles.
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("th", "ไทย"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": True}
}
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
# Passwords and e-mail addresses are changed at one place, with its checks: allauth's.
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "txt", "csv", "xlsx"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a draft of 200 sections in one form
# Bytes of one form without its files: the longest Thai code is 4 MB of text.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- files ----------------------------------------------------------------
STATIC_URL = "static/"  # relative: below FORCE_SCRIPT_NAME
#: What set-up makes and git ignores: the web font (manage.py subset_fonts).
ASSETS_DIR = BASE_DIR / "var" / "assets"
ASSETS_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "cms" / "static", ASSETS_DIR]
MEDIA_URL = "media/"

# --- the outside world sees this ------------------------------------------
#: The path that the site stands below, "" for none.  Only the environment says so: some
#: servers take it from a header of the request, and guards would look past it.
FORCE_SCRIPT_NAME = env.str("SCRIPT_NAME", "").rstrip("/")
#: Addresses and networks of the proxies in front; None: nobody has said, and a check
#: warns.  Only what they send on is believed: the client's address, and HTTPS.
TRUSTED_PROXIES = read_proxies()
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
#: Wagtail's admin writes inline scripts and styles; its own policy, its own paths.
ADMIN_CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": [NONE],
    }
}

# --- tasks ----------------------------------------------------------------
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 6 * 3600
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must not wait for a broker that is away: fail at once, the sweepers catch up.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "visibility_timeout": 7 * 3600,
}
CELERY_BEAT_SCHEDULE = {
    "remember-themes": {"task": "comments.remember_themes", "schedule": 120.0},
    "advance-stages": {"task": "consultations.advance_stages", "schedule": 60.0},
    "revive-theme-runs": {"task": "comments.revive_theme_runs", "schedule": 30.0},
    "revive-publications": {
        "task": "consultations.revive_publications",
        "schedule": 30.0,
    },
    "record-exposure": {"task": "comments.record_exposure", "schedule": 60.0},
    "erase-prepared": {"task": "comments.erase_prepared", "schedule": 86400.0},
    "erase-respondents": {"task": "comments.erase_respondents", "schedule": 86400.0},
    "sweep-files": {"task": "drafts.sweep_files", "schedule": 3600.0},
    "drain-search": {"task": "search.drain_outbox", "schedule": 5.0},
    "sweep-search": {"task": "search.sweep_index", "schedule": 3600.0},
}

# --- ours -----------------------------------------------------------------
#: The moment at which a run of tests begins (drafts/clock.py); real time elsewhere.
TEST_NOW = ""
#: consumer of the outbox -> topics it wants (drafts/outbox.py).
OUTBOX_CONSUMERS = {
    "search": ["consultation", "version", "comment", "comments_of_round", "report"],
}
#: Where the demo keeps the offset of the clock; None means the clock never moves.
DEMO_CLOCK_FILE = None
SEARCH_BACKEND = "search.backends.database.DatabaseBackend"
THEME_ENCODER = "use"
THEME_PROCESSES = 1
#: How often what stores something or asks much of us may be done, by one person (a
#: browser that prepares a response, an account) and by one address, which many share.
LIMITS = read_limits(
    save_person="30/m, 600/h",
    save_address="90/m, 3000/h",
    send_person="6/m, 60/h",
    send_address="60/m, 1500/h",
    find_person="30/m, 300/h",
    find_address="60/m, 600/h",
    upload_person="30/m, 300/h",
    upload_address="300/m, 3000/h",
    search_person="60/m, 1000/h",
    search_address="300/m, 9000/h",
    # Wrong passwords for one account: from one address; from all that it has never been
    # opened from; from one of those once the second is used up; mails to one person.
    login_pair="10/10m",
    login_account="300/h",
    login_slow="1/10m",
    mail_person="10/h",
)
#: What one response may hold: characters of one text, comments, characters of them all.
RESPONSE_LIMITS = {"text": 20_000, "comments": 500, "characters": 1_000_000}
#: True: a moderator publishes each comment.  False: published at once, covered.
COMMENTS_CHECKED_FIRST = False
#: A form without its safety token: what was typed is shown back.
CSRF_FAILURE_VIEW = "consultations.commenting.failures.csrf_failure"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    # Receipt numbers open somebody's comments: they stay out of logged addresses.
    "filters": {"receipts": {"()": "comments.receipts.MaskReceipts"}},
    "loggers": {
        name: {"filters": ["receipts"]}
        for name in (
            "django.request",
            "django.security.csrf",
            "django.server",
            "gunicorn.access",
        )
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
