"""Every knob of the portal, in one file, read from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from workshop_portal import broker, places

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))


def secret_key() -> str:
    """The key from the environment, else the one that `up` left beside the data.

    Raises a KeyError-like ImproperlyConfigured when there is neither: the portal never runs
    on a key that anybody could read in its source.
    """
    kept = DATA_DIR / "secret_key"
    return kept.read_text().strip() if kept.exists() else env("SECRET_KEY")


# --- Who we are ------------------------------------------------------------------------
PORTAL_NAME = env("PORTAL_NAME", default="Workshop Portal")
CENTRE_NAME = env("CENTRE_NAME", default="UNITAR CIFAL Jeju")
CONTACT_EMAIL = env("CONTACT_EMAIL", default="workshops@example.org")
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
DEMO = env.bool("DEMO", default=False)

# --- Django ----------------------------------------------------------------------------
SECRET_KEY = env("SECRET_KEY", default="") or secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
OWN_HOSTS = ["127.0.0.1", "localhost", "[::1]", str(urlsplit(PUBLIC_BASE_URL).hostname)]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=OWN_HOSTS)
ROOT_URLCONF = "workshop_portal.urls"
WSGI_APPLICATION = "workshop_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = None
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "workshop_portal.static_files.StaticConfig",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_countries",
    "django_include_bootstrap",
    "workshop_portal.apps.PortalConfig",
    "workshop_portal.accounts",
    "workshop_portal.audit",
    "workshop_portal.outbox",
    "workshop_portal.papers",
    "workshop_portal.workshops",
    "applications",
    "cityshare",
    "curriculum",
]
MIDDLEWARE = [
    "workshop_portal.arrival.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "workshop_portal.errors.BadCookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "workshop_portal.accounts.middleware.NoStoreMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workshop_portal.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workshop_portal.errors.MethodMiddleware",
    "workshop_portal.errors.BadTextMiddleware",
    "workshop_portal.errors.RefusalMiddleware",
    "workshop_portal.accounts.middleware.ZoneMiddleware",
    "workshop_portal.accounts.middleware.SecondFactorMiddleware",
    "workshop_portal.accounts.middleware.StaffSessionMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workshop_portal.pages.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database: SQLite that holds, or PostgreSQL ----------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON"
    ),
}
# In the last minute before a deadline it is better to wait for a row than to be told to try again.
POSTGRES_OPTIONS = {
    "connect_timeout": 3,
    "options": (
        "-c lock_timeout=12s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s"
    ),
}


def database(url: str) -> dict:
    """The settings of the database at `url`, with the options that its kind needs."""
    found = env.db_url_config(url)
    if found["ENGINE"].endswith("sqlite3"):
        return {**found, "OPTIONS": SQLITE_OPTIONS}
    return {
        **found,
        "OPTIONS": POSTGRES_OPTIONS,
        # There are more threads than connections: each gives its own back with its request.
        "CONN_MAX_AGE": 0,
    }


DATABASES = {
    "default": database(env("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/portal.sqlite3"))
}

# Rate limits and the like live in the database: no request ever waits for the broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Room enough that nobody can push a rate limit out of it by making many others.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- People ----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["workshop_portal.accounts.adapter.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "given_name", "family_name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tasks"
ACCOUNT_ADAPTER = "workshop_portal.accounts.adapter.PortalAdapter"
ACCOUNT_FORMS = {
    "signup": "workshop_portal.accounts.forms.SignupForm",
    "login": "workshop_portal.accounts.forms.LoginForm",
    "request_login_code": "workshop_portal.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "workshop_portal.accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "workshop_portal.accounts.forms.ConfirmAddressForm",
    "add_email": "workshop_portal.accounts.forms.ChangeAddressForm",
    "reset_password": "workshop_portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "workshop_portal.accounts.forms.NewPasswordForm",
    "change_password": "workshop_portal.accounts.forms.ChangePasswordForm",
    "set_password": "workshop_portal.accounts.forms.SetPasswordForm",
    "reauthenticate": "workshop_portal.accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# A code travels by mail, and mail may take a while to reach a small town.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
# `confirm_email` counts every letter with a code or a link to one address, whatever asked for it.
ACCOUNT_RATE_LIMITS = {
    "confirm_email": "5/h/key",
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_anywhere": "50/h/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/h/key",
    "request_login_code": "20/m/ip,5/h/key",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "workshop_portal.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "workshop_portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "workshop_portal.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "workshop_portal.accounts.forms.ActivateAppForm",
    "add_webauthn": "workshop_portal.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "workshop_portal.accounts.forms.NamePasskeyForm",
    "login_webauthn": "workshop_portal.accounts.forms.LoginPasskeyForm",
    "authenticate_webauthn": "workshop_portal.accounts.forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "workshop_portal.accounts.forms.ReauthenticatePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = PORTAL_NAME
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_BASE_URL.startswith("http://")
# Staff give a second factor; the demo's invented people have none to give.
STAFF_NEED_SECOND_FACTOR = env.bool("STAFF_NEED_SECOND_FACTOR", default=not DEMO)

# --- Sessions, cookies, headers --------------------------------------------------------
SECURE = PUBLIC_BASE_URL.startswith("https://")
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-sid" if SECURE else "sid"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# People who work at the desk see other people's files: their session ends sooner when idle.
STAFF_IDLE_AGE = 2 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
CSRF_FAILURE_VIEW = "workshop_portal.pages.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
    )
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The header in which our own proxy says how long it has held a request before passing it on.
TRUST_ELAPSED_HEADER = env.bool("TRUST_ELAPSED_HEADER", default=False)

# --- Words and times -------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "workshop_portal" / "locale"]
TIME_ZONE = "UTC"
COUNTRIES_OVERRIDE = places.COUNTRY_NAMES
USE_I18N = True
USE_TZ = True

# --- Files -----------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
if bucket := env("S3_BUCKET", default=""):
    PRIVATE_FILES = {
        "BACKEND": "workshop_portal.files.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env("S3_ENDPOINT_URL", default=None),
        },
    }
else:
    PRIVATE_FILES = {
        "BACKEND": "workshop_portal.files.PrivateFileStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    }
STORAGES = {
    "default": PRIVATE_FILES,
    "staticfiles": {"BACKEND": "workshop_portal.static_files.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_HANDLERS = ["workshop_portal.files.MeasuringUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
UPLOAD_LIMIT = 10 * 1024 * 1024
# The virus scanner: "unix:/run/clamav/clamd.ctl" or "host:port" of ClamAV's clamd, "" for none.
CLAMD = env("CLAMD", default="")
# Where uploads lie that are on their way; web servers and workers of one portal share it.
SPOOL_DIR = env("SPOOL_DIR", default=str(DATA_DIR / "arriving"))
# What a check or a request needs while it lasts, and leaves behind only where it is killed.
SCRATCH_DIR = env("SCRATCH_DIR", default=str(DATA_DIR / "tmp"))

# --- Worker ----------------------------------------------------------------------------
CELERY_BROKER_URL = env("BROKER_URL", default="") or broker.embedded_url(DATA_DIR)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_EAGER", default=False)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
# What the clock does every so many seconds; what no worker took by the next time is dropped.
EVERY_SECONDS = {
    "workshop_portal.outbox.clock.sweep": 10,  # letters that the broker lost
    "workshop_portal.papers.clock.sweep": 15,  # papers that the broker lost
    "applications.clock.remind_drafts": 300,  # reminders before a deadline
    "applications.clock.send_what_waits": 15,  # applications that wait to be sent
    "applications.clock.sweep_transfers": 15,  # uploads that the broker lost
    "applications.clock.sweep_leftovers": 600,  # files that killed processes left
    "applications.clock.scan_what_waits": 60,  # files that wait for their virus check
    "applications.clock.settle_nominations": 60,  # letters of nominators
    "applications.clock.print_call_papers": 60,  # papers of the calls
    "cityshare.clock.sweep_cityshare": 30,  # its lost work, and reminders of its stages
    "workshop_portal.accounts.clock.forget_sessions": 3600,
    "workshop_portal.clock.audit": 86_400,  # rows without files, files without rows
}
CELERY_BEAT_SCHEDULE = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in EVERY_SECONDS.items()
}

# --- Letters ---------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR}/mail"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"{CENTRE_NAME} <{CONTACT_EMAIL}>")

# --- Log -------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "workshop_portal.logs.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
