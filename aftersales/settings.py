"""One settings file, driven by the environment (.env.example lists it); nonsense stops the start with one sentence."""

import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from aftersales import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.ENVIRON = {name: value for name, value in os.environ.items() if value}  # an empty entry is none


def usable(
    name: str, read: Callable[[], Any], expected: str, good: Callable[[Any], bool] = lambda value: True
) -> Any:
    """The value of `name`, or one sentence that names it; the value itself is never printed, it may be a secret."""
    try:
        with warnings.catch_warnings(action="ignore"):  # the library warns where we stop
            value = read()
        if good(value):
            return value
    except (ValueError, KeyError, TypeError, environ.ImproperlyConfigured):
        pass
    raise SystemExit(f"{name} is not usable: it must be {expected} (see .env.example).")


def needed(name: str, demo: str, expected: str, good: Callable[[str], bool]) -> str:
    """A setting that only the demo may leave out."""
    if MODE == "production" and not env(name, default=""):
        raise SystemExit(f"{name} is not set: MODE=production needs it, {expected} (see .env.example).")
    return usable(name, lambda: env(name, default=demo), expected, good)


def is_origin(text: str) -> bool:
    """Scheme, host and perhaps a port, as a browser names a site: no path, no “*”; plain http on one's own machine only."""
    parts = urlsplit(text)
    plain = f"{parts.scheme}://{parts.netloc}" == text and "*" not in text and "@" not in text
    return (
        plain
        and bool(parts.hostname)
        and (parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1"))
    )


def switch(
    name: str, default: bool, expected: str = "1 or 0", good: Callable[[bool], bool] = lambda on: True
) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    return usable(
        name, lambda: words[env(name).lower()] if env(name, default="") else default, expected, good
    )


def folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(path) from error
    return path


# --- the mode: only the demo has defaults for secrets, debug pages are never on by default
MODE = usable(
    "MODE",
    lambda: env("MODE", default="production"),
    "demo or production",
    {"demo", "production"}.__contains__,
)
DEBUG = switch("DEBUG", False, "0 in production", lambda on: not on or MODE == "demo")
#: started by `make run`: web, worker, beat and broker on one machine, no nginx in front
EMBEDDED = switch("EMBEDDED", False)
#: people reach the portal by https; only `make run` on one's own machine goes without
HTTPS = switch("HTTPS", MODE == "production")

SECRET_KEY = needed(
    "SECRET_KEY", "demo-only-" * 6, "at least 50 random characters",
    lambda key: MODE == "demo" or (len(key) >= 50 and len(set(key)) > 9),
)  # fmt: skip
ALLOWED_HOSTS = needed(
    "ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "the host names of the portal, separated by commas",
    lambda hosts: bool(hosts.strip(" ,")) and "*" not in hosts and "/" not in hosts,
).replace(" ", "").strip(",").split(",")  # fmt: skip
#: how many proxies of our own stand in front; the client's address is read that far from the right
TRUSTED_PROXIES = usable(
    "TRUSTED_PROXIES",
    lambda: env.int("TRUSTED_PROXIES", 0),
    "a whole number from 0 to 5",
    range(6).__contains__,
)
#: how links in e-mails and codes on paper begin
SITE_URL = usable(
    "SITE_URL", lambda: env("SITE_URL", default=f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/"),
    "an address such as https://service.example.com",
    lambda url: urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname),
)  # fmt: skip

#: sites of the company whose pages may ask the public endpoints (report, status, help) from a browser; empty: none
CORS_ALLOWED_ORIGINS = usable(
    "CORS_ORIGINS", lambda: [origin.strip() for origin in env("CORS_ORIGINS", default="").split(",") if origin.strip()],
    "addresses such as https://www.example.com without a path, separated by commas",
    lambda origins: all(is_origin(origin) for origin in origins),
)  # fmt: skip

#: what the company fills into the heads of its forms (charter 0), see aftersales/paper/heads.py
FORM_HEADS = usable(
    "FORM_HEADS", lambda: json.loads(env("FORM_HEADS", default="") or "{}"), "JSON of form, field and words",
    lambda heads: isinstance(heads, dict) and all(isinstance(fields, dict) for fields in heads.values()),
)  # fmt: skip

#: where customers pay: name, bank and number, on form 9.4 and on the private page; "|" begins a line
RECEIVING_ACCOUNT = usable(
    "RECEIVING_ACCOUNT", lambda: env("RECEIVING_ACCOUNT", default=""), "one line of at most 200 characters",
    lambda words: len(words) <= 200,
)  # fmt: skip

#: where anybody can look up how far a parcel is, with {} for the waybill number; empty: no link
TRACKING_URL = usable(
    "TRACKING_URL", lambda: env("TRACKING_URL", default="https://www.kuaidi100.com/chaxun?nu={}"),
    "empty, or an https address with {} where the waybill number stands",
    lambda address: not address or (address.startswith("https://") and address.count("{}") == 1),
)  # fmt: skip

#: the gateway that takes short messages to customers, and its key; empty: customer service copies the texts by hand
SMS_URL = usable(
    "SMS_URL", lambda: env("SMS_URL", default=""), "empty, or the https address of the gateway without a password in it",
    lambda url: not url or ((parts := urlsplit(url)).scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc),
)  # fmt: skip
SMS_TOKEN = usable(
    "SMS_TOKEN", lambda: env("SMS_TOKEN", default=""), "one line without blanks",
    lambda key: key.isprintable() and " " not in key,
)  # fmt: skip

#: reports that one process takes in a minute before it asks for a proof (repairs/gate.py); far above an honest day
REPORTS_A_MINUTE = usable(
    "REPORTS_A_MINUTE",
    lambda: env.int("REPORTS_A_MINUTE", 30),
    "a whole number from 1 to 1000000",
    lambda most: 1 <= most <= 1_000_000,
)

# --- where things are kept
DATA = usable(
    "DATA",
    lambda: folder(Path(env("DATA", default=str(BASE_DIR / "var"))).absolute()),
    "a folder one may write to",
)
MEDIA_STORE = usable(
    "MEDIA_STORE", lambda: folder(Path(env("MEDIA_STORE", default=str(DATA / "media"))).absolute()),
    "a private folder one may write to", lambda path: "static" not in path.parts[-1:],
)  # fmt: skip
MEDIA_ROOT = MEDIA_STORE  # and never a MEDIA_URL: files go out through a view that asks the policy
#: address of the location from which a web server in front sends a file itself (nginx: internal); empty: Django does
MEDIA_ACCEL = env("MEDIA_ACCEL", default="")

DATABASES = {
    "default": usable(
        "DATABASE_URL", lambda: env.db("DATABASE_URL", default=f"sqlite:///{DATA}/portal.sqlite3"),
        "postgres://user:password@host:5432/name or sqlite:////folder/file",
        lambda db: db["ENGINE"].rsplit(".", 1)[-1] in ("sqlite3", "postgresql") and bool(db["NAME"]),
    )
}  # fmt: skip
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a deferred transaction that writes late fails as “locked”
        "timeout": 30,
        # FULL: nothing is lost at a power cut; recursive_triggers: append-only holds against INSERT OR REPLACE
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).update(connect_timeout=5, options="-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = usable(
    "REDIS_URL", lambda: env("REDIS_URL", default=f"unix://{DATA}/valkey.sock"),
    "redis://host:6379/0, rediss://… or unix:///folder/socket",
    lambda url: (parts := urlsplit(url)).scheme in ("redis", "rediss", "unix") and bool(parts.hostname or parts.path),
)  # fmt: skip
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# --- what the portal is made of
# said at every import of django-fsm; docs/decisions/ tells why we use it and how we leave it
warnings.filterwarnings("ignore", "The 'django-fsm' package has been integrated", UserWarning)
ROOT_URLCONF = "aftersales.urls"
WSGI_APPLICATION = "aftersales.wsgi.application"
INSTALLED_APPS = [
    "aftersales",
    "finance",
    "technical",
    "dispatch",
    "parts",
    "repairs",
    "sales",
    "catalogue",
    "deadlines",
    "notices",
    "policy",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_fsm",
    "simple_history",
    "django_htmx",
    "django_filters",
    "heroicons",
    "rest_framework",
    "drf_spectacular",
    "corsheaders",
    "csp",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *(["django.middleware.gzip.GZipMiddleware"] if EMBEDDED else []),  # elsewhere nginx compresses
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "aftersales.addresses.NoNul",
    "repairs.middleware.Rush",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "aftersales.addresses.NotAllowed",
    "aftersales.clock.ArrivalMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.BearerToken",
    "accounts.middleware.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.DenyByDefault",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
FORM_RENDERER = "aftersales.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.GrantsBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator",
    )
]  # fmt: skip
# allauth: sign-in and second factor only; its limits are ours (in the database, per account and per address)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up is closed by the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm"}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a clock that is half a minute off
MFA_TOTP_ISSUER = "Feiyue after-sales"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = (
    14 * 86400
)  # who moves money, stock or rights is out after 30 idle minutes, 12 hours (accounts)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- what a browser is told
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, by machines
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# the company's other sites on the same domain are not ours to force to https; on SQLite an index carries no further columns
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "models.W040"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# other sites: the public endpoints only, without cookies or tokens; nobody may show our pages in a frame (above)
CORS_URLS_REGEX = r"^/api/v1/(reports|reports/status|help(/.*)?)$"
CORS_ALLOW_METHODS = ("GET", "POST", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept-language", "content-type", "idempotency-key")
CORS_ALLOW_CREDENTIALS = False
CORS_PREFLIGHT_MAX_AGE = 3600
PERMISSIONS_POLICY: dict[str, list[str]] = {
    **{name: [] for name in ("camera", "microphone", "payment", "usb", "autoplay")},
    "geolocation": ["self"],
}
FILE_UPLOAD_HANDLERS = [
    "aftersales.files.uploads.Cap",  # what is too large is thrown away while it arrives
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA / "static"))).absolute()
STATICFILES_DIRS = [BASE_DIR / "static"]
COLLECTED = MODE == "production" or EMBEDDED  # by `collectstatic`: hashed names, compressed once
WHITENOISE_USE_FINDERS = not COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "aftersales.statics.Collected"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# --- languages and time: Chinese is what people see first
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["aftersales.rest.Json", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "aftersales.problem_json.AlwaysJson",
    "EXCEPTION_HANDLER": "aftersales.problem_json.handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "After-sales portal",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["aftersales.api.with_components"],
}

# --- mail: without EMAIL_URL the demo writes it to a folder, production sends none and says so in /readyz
EMAIL_CONFIGURED = bool(env("EMAIL_URL", default=""))
_unsent = f"filemail:///{DATA}/mail" if MODE == "demo" else "dummymail://"
vars().update(
    usable("EMAIL_URL", lambda: env.email_url("EMAIL_URL", default=_unsent), "smtp+tls://user:password@host:587",
           lambda mail: bool(mail["EMAIL_BACKEND"]))
)  # fmt: skip
if MODE == "demo" and not EMAIL_CONFIGURED:
    EMAIL_FILE_PATH = folder(DATA / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", default=f"portal@{urlsplit(SITE_URL).hostname}")

# --- Celery is a doorbell, never the memory; the schedule stands in aftersales/celery.py
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,  # with the throttle: a killed worker's task is back at once, not 90 s later
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 15,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_DB_REUSE_MAX = 500  # else Celery opens a connection around every task

# --- logs: one line of JSON per event in production, short lines on a terminal
LOG_LEVEL = usable(
    "LOG_LEVEL", lambda: env("LOG_LEVEL", default="INFO" if MODE == "production" else "WARNING").upper(),
    "DEBUG, INFO, WARNING or ERROR", {"DEBUG", "INFO", "WARNING", "ERROR"}.__contains__,
)  # fmt: skip
LOGGING = logs.configure(json=MODE == "production", level=LOG_LEVEL)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logs.DEBUG
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logs.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logs.INFO
SENTRY_DSN = env("SENTRY_DSN", default="")
if SENTRY_DSN:
    usable(
        "SENTRY_DSN", lambda: logs.report_errors(SENTRY_DSN), "the address that Sentry shows for the project"
    )
