"""Settings. Each environment variable is described in `docs/reference/settings.md`."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mingji.web.environment import database, mail_server, secret_key

BASE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("MINGJI_HOME", "var")).resolve()

SECRET_KEY = secret_key(HOME)
DEBUG = os.environ.get("MINGJI_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("MINGJI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

# The demo signs anybody in with one click; it must never be set on a site with real people.
MINGJI_DEMO = os.environ.get("MINGJI_DEMO") == "1"
MINGJI_NOW = (
    datetime.fromisoformat(os.environ["MINGJI_NOW"]) if os.environ.get("MINGJI_NOW") else None
)
MINGJI_WAREHOUSE = HOME / "warehouse"
MINGJI_ENGINE = os.environ.get("MINGJI_ENGINE", "")
MINGJI_ENGINE_TABLES = os.environ.get("MINGJI_ENGINE_TABLES", "")
# The only folder below which sources read files; the connectors ask the environment for it.
MINGJI_INBOX = Path(os.environ.setdefault("MINGJI_SOURCES", str(HOME / "inbox")))
MINGJI_UPLOADS = HOME / "uploads"
MINGJI_EVIDENCE = HOME / "evidence"
MINGJI_EVIDENCE_MB = int(os.environ.get("MINGJI_EVIDENCE_MB", "20"))
MINGJI_UPLOAD_MB = int(os.environ.get("MINGJI_UPLOAD_MB", "100"))
MINGJI_PUSH_MB = int(os.environ.get("MINGJI_PUSH_MB", "10"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "mingji.kit",
    "mingji.audit",
    "mingji.people",
    "mingji.schemes",
    "mingji.metrics",
    "mingji.goals",
    "mingji.appraisals",
    "mingji.insights",
    "mingji.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mingji.people.middleware.SignInMiddleware",
    "mingji.people.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mingji.web.errors.ErrorsMiddleware",
]

ROOT_URLCONF = "mingji.web.urls"
WSGI_APPLICATION = "mingji.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "mingji.web.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "mingji.kit.templatetags.mingji"],
        },
    }
]

# Where a run of a source that was started on a page works.
MINGJI_RUNS = os.environ.get("MINGJI_RUNS", "apart")

# Where reminders are handed to, from whom they come, and the address that their links begin with.
_MAIL = mail_server(os.environ.get("MINGJI_MAIL", ""))
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.tls, _MAIL.ssl
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("MINGJI_MAIL_FROM", "")
MINGJI_URL = os.environ.get("MINGJI_URL", "").rstrip("/")

DATABASES = {"default": database(os.environ.get("MINGJI_DATABASE", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "insights:home"
LOGOUT_REDIRECT_URL = "people:sign_in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
TIME_ZONE = os.environ.get("MINGJI_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
# The bundler names its files by their content (`assets/build.mjs`), so nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"/dist/[\w.-]+-[0-9A-Z]{8}\.\w+$"

# Faults go to the error stream of the server, with their traceback; pages show none.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("MINGJI_HTTPS") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
