"""All settings in one file. What differs between trial and production comes from the environment (env.py)."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from xinjin import env

BASE_DIR = Path(__file__).resolve().parent.parent
PROFILE = env.choice("XINJIN_PROFILE", ("demo", "production"), "demo")
DEMO = PROFILE == "demo"
DEBUG = False

# A trial may start without a key of its own; production may not.
SECRET_KEY = env.secret("SECRET_KEY", "trial-only-key-that-protects-nothing-but-made-up-people" if DEMO else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver" if DEMO else "")
if not DEMO and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set")
BUREAU_NAME = env.text("BUREAU_NAME", "成都市公安局新津区分局")
REPORT_FONT_DIR = env.text("REPORT_FONT_DIR", "")

# Valid for accounts marked as demo accounts, and for those only in the demo profile (accounts/backends.py).
DEMO_PASSWORD = "xinjin-demo"  # noqa: S105

INSTALLED_APPS = [
    "xinjin",
    "xinjin.access",
    "xinjin.accounts",
    "xinjin.audit",
    "xinjin.idempotency",
    "xinjin.lists",
    "xinjin.workdays",
    "xinjin.jobs",
    "villages",
    "patrols",
    "assessments",
    "xinjin.apps.XinjinAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xinjin.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xinjin.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xinjin.middleware.PrivateResponseMiddleware",
    "xinjin.middleware.CalendarMiddleware",
    "xinjin.middleware.ConflictMiddleware",
]

ROOT_URLCONF = "xinjin.urls"
WSGI_APPLICATION = "xinjin.wsgi.application"
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
                "xinjin.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": env.database("DATABASE_URL", "postgres://xinjin:xinjin@127.0.0.1:5432/xinjin" if DEMO else None)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["xinjin.accounts.backends.RightsBackend"]
PASSWORD_HASHERS = ["xinjin.accounts.hashers.ModestArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "xinjin.views.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# Readable on every page and in every list, whichever the language.
FORMAT_MODULE_PATH = ["xinjin.formats"]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# The demo serves static files from their sources; production collects them first.
STATIC_ROOT = env.text("STATIC_ROOT", "" if DEMO else str(BASE_DIR / "var" / "static")) or None
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "xinjin.storage.WholeFiles"},
    "vault": {"BACKEND": "xinjin.storage.Vault"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Never served by address: photos go out through an authorised view.
MEDIA_ROOT = env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media"))
# What was sent lies apart, sealed (sealing.py), readable for inspection only; empty: the folder MEDIA_ROOT-vault.
VAULT_ROOT = env.text("VAULT_ROOT", "")
FIELD_KEYS = env.keys("FIELD_KEY", "trial-only-key-that-protects-nothing-but-made-up-people" if DEMO else None)
# Where the web server holds MEDIA_ROOT under an `internal` location, such as /pictures/: it then sends the files.
PHOTO_ACCEL_PREFIX = env.text("PHOTO_ACCEL_PREFIX", "")
PHOTO_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_PIXELS = 40_000_000
PHOTO_DECODE_BYTES = 96 * 1024 * 1024  # with all else a process stays under 300 MB
PHOTOS_PER_VISIT = 6
ATTACHMENTS_PER_STEP = 6
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if not DEMO:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

FILTERS_EMPTY_CHOICE_LABEL = _("All")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["xinjin.access.permissions.RightsPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["xinjin.access.parsing.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "xinjin.access.schema.Schema",
    "EXCEPTION_HANDLER": "xinjin.access.answers.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "xinjin",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "ActivityKind": "patrols.choices.ActivityKind",
        "AssessmentState": "assessments.choices.AssessmentState",
        "BulletinState": "assessments.choices.BulletinState",
        "CaseKind": "patrols.choices.CaseKind",
        "CaseKindOfCall": "patrols.choices.CASE_KINDS_OF_CALLS",
        "CaseKindOfScreening": "patrols.choices.CASE_KINDS_OF_SCREENINGS",
        "CaseLevel": "patrols.choices.CaseLevel",
        "CaseOutcome": "patrols.choices.CaseOutcome",
        "CaseState": "patrols.choices.CaseState",
        "DeedOutcome": "patrols.choices.DeedOutcome",
        "OfficerKind": "villages.choices.OfficerKind",
        "OfficerState": "villages.choices.OfficerState",
        "ReportKind": "patrols.choices.ReportKind",
        "ReportState": "patrols.choices.ReportState",
        "StepKind": "patrols.choices.StepKind",
        "VillageKind": "villages.choices.VillageKind",
        "VisitState": "patrols.choices.VisitState",
    },
}

# PostgreSQL is the only truth: Redis carries wake-up messages and may lose all of them (design §7).
CELERY_BROKER_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0" if DEMO else None)
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # above twice the time limit
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # Who sends a message is not kept waiting by a broker that is not there.
    "socket_connect_timeout": 3,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
