"""Every setting comes from the environment; the defaults are the embedded profile, safe as it stands.

The table of variables is in README.md; `tests/test_settings.py` holds the two together.
"""

import secrets
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF

from . import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
# Of the demo accounts, which exist in demo mode only.
DEMO_PASSWORD = (
    env.secret("DEMO_PASSWORD", DATA_DIR / "keys" / "demo_password", lambda: secrets.token_urlsafe(9)) if DEMO else ""
)
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "keys" / "secret_key")
# Newest first; older keys still decrypt (MultiFernet).
FIELD_KEYS = env.secret("FIELD_KEYS", DATA_DIR / "keys" / "field_keys", lambda: Fernet.generate_key().decode()).split()

SITE_URL = env.text("SITE_URL", f"http://localhost:{env.number('PORT', 8000)}")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# --- Engines: the environment chooses the profile -------------------------------------------

REDIS_URL = env.text("REDIS_URL")
ELASTICSEARCH_URL = env.text("ELASTICSEARCH_URL")
SEARCH_PREFIX = env.text("SEARCH_PREFIX", "yk57")
# Of indices made from now on: a rebuild brings new values in.
ELASTICSEARCH_SHARDS = env.number("ELASTICSEARCH_SHARDS", 1)
ELASTICSEARCH_REPLICAS = env.number("ELASTICSEARCH_REPLICAS", 1)
ELASTICSEARCH_REFRESH = env.text("ELASTICSEARCH_REFRESH", "1s")

DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Django's default (deferred) transactions lose concurrent writes to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "config.cache.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }
else:
    # One web process with threads (config/gunicorn.py), so memory is shared by all that count.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SILENCED_SYSTEM_CHECKS = [
    "django_ratelimit.E003",
    "django_ratelimit.W001",
    # Whether a whole domain is HTTPS for ever is its owner's to say (W005, W021); Wagtail frames previews (W019).
    "security.W005",
    "security.W019",
    "security.W021",
]

# --- Applications ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "intake",
    "cms",
    "search",
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
    "django_filters",
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
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.size_limit",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.admin_policy",
    "django_htmx.middleware.HtmxMiddleware",
    "django_ratelimit.middleware.RatelimitMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "config.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- People ---------------------------------------------------------------------------------

LOGIN_URL = "intake:sign_in"
LOGIN_REDIRECT_URL = "search:queue"
LOGOUT_REDIRECT_URL = "intake:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
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

# --- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
# Citizens' attachments: never under a URL of their own, only through a view that asks who you are.
ATTACHMENTS_DIR = DATA_DIR / "attachments"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ATTACHMENTS_DIR, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "config.storage.StaticStorage"},
}
MODELS_DIR = DATA_DIR / "models"
# The form's own limit (intake/limits.py) speaks first and kindly; this is the wall behind it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# Five files of ten megabytes and what is around them; refused before a byte is read.
REQUEST_MAX_BYTES = 64 * 1024 * 1024
# What an officer ticked on many pages goes along: over 500 is said on the page, not refused.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_TEMP_DIR = None

# --- E-mail ---------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Phản ánh · Sáng kiến <khong-tra-loi@localhost>")
EMAIL_HOST = env.text("EMAIL_HOST")
if EMAIL_HOST:
    EMAIL_PORT = env.number("EMAIL_PORT", 25)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", DATA_DIR / "keys" / "no_email", str)
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# --- Queue ----------------------------------------------------------------------------------

QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "global_keyprefix": f"{SEARCH_PREFIX}:",
    }
else:
    for folder in ("messages", "done", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
        # Seconds between two looks for work while busy or idle; the default of one makes one task a second.
        "polling_interval": 0.02,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# A dead broker must not hold a citizen's page: fail at once, the sweep sends it again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "celery"
# What an officer waits for stands in a line of its own: a worker takes from both in turn. News and the
# index stand in another, with a worker of their own: each is short, and none waits behind triage.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "desk": {}, "search": {}}
CELERY_TASK_ROUTES = {
    "search.bulk.tasks.*": {"queue": "desk"},
    "search.tasks.sync": {"queue": "search"},
    "intake.tasks.dispatch_event": {"queue": "search"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Of files, some at a time are quicker; what a killed worker held is swept up from the database.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1 if REDIS_URL else 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "intake.tasks.sweep", "schedule": 30, "options": {"expires": 25}},
    "sweep-desk": {"task": "search.bulk.tasks.sweep_desk", "schedule": 30, "options": {"expires": 25}},
    "tidy-desk": {"task": "search.bulk.tasks.tidy_desk", "schedule": crontab(hour=3, minute=20)},
    "sweep-search": {"task": "search.tasks.sweep", "schedule": 30, "options": {"expires": 25}},
    "close-silent": {"task": "intake.tasks.close_silent", "schedule": crontab(hour=2, minute=10)},
    "learn": {"task": "intake.learning.tasks.train_nightly", "schedule": crontab(hour=1, minute=30)},
    "learning-watch": {
        "task": "intake.learning.tasks.look_after",
        "schedule": 120,
        "options": {"expires": 110},
    },
}

# --- Wagtail --------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Phản ánh · Sáng kiến"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAIL_I18N_ENABLED = False
# Forgotten passwords go to an administrator; the public form would be one more door.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- Security -------------------------------------------------------------------------------

HTTPS = env.flag("HTTPS")
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31536000)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
# Two instances on one host must not sign each other's people out.
SESSION_COOKIE_NAME = f"yk57_session_{env.number('PORT', 8000)}"
CSRF_COOKIE_NAME = f"yk57_csrf_{env.number('PORT', 8000)}"
CSRF_FAILURE_VIEW = "intake.views.citizen.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    # Wagtail's own admin writes inline scripts; it has its own, wider policy (config/middleware.py).
    "EXCLUDE_URL_PREFIXES": ["/quan-tri/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

# --- Limits (per client address; a school or an office shares one) ----------------------------

SUBMIT_RATE = env.text("SUBMIT_RATE", "600/h")
TRACK_RATE = env.text("TRACK_RATE", "60/m")
SIGN_IN_RATE = env.text("SIGN_IN_RATE", "30/m")
SEARCH_RATE = env.text("SEARCH_RATE", "300/m")
RATELIMIT_VIEW = "intake.views.citizen.too_many"

# --- Logs: never a name, never a text ---------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "elastic_transport": {"level": "ERROR"},
        "celery": {"level": env.text("CELERY_LOG_LEVEL", "WARNING")},
        "kombu": {"level": "ERROR"},
        # Wagtail names pages by title at INFO; titles are what people wrote.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
    },
}
