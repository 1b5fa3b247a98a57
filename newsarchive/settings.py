"""Settings. Everything that differs between two archives comes from the environment; see README.md."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env
from environs import validate as must_be

from newsarchive.secret import secret_key
from search.web.guard.log_records import logging_config

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

#: The archive itself: SQLite file, embedded index, caches, generated secrets. Another folder is another
#: archive.
ARCHIVE_DATA_DIR = Path(env.str("ARCHIVE_DATA_DIR", str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or secret_key(ARCHIVE_DATA_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_FAILURE_VIEW = "search.web.guard.refusals.form_refused"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "newsarchive.admin_config.ArchiveAdminConfig",  # django.contrib.admin
    "newsarchive",  # before `auth`, whose command createsuperuser it overrides
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "ninja",
    "articles",
    "search",
    "import_export",  # after `search`, whose command export overrides its own
    "django_elasticsearch_dsl",  # after `search`, whose command search_index overrides its own
    "django_tasks",
    "django_tasks_db",  # after `articles`, whose command db_worker overrides its own
]

MIDDLEWARE = [
    # Before what notes the typed words, which no log line may show.
    "search.web.guard.address_charset.AddressCharsetMiddleware",
    "search.web.guard.request_trace.RequestTraceMiddleware",
    "search.web.monitoring.request_metrics.RequestMetricsMiddleware",
    "search.web.guard.request_trace.PlainParametersMiddleware",
    "search.web.guard.engine_wait.EngineWaitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "search.web.guard.answer_headers.AnswerHeadersMiddleware",
    # Pages are compressed here, as there may be no proxy; static files were, by whitenoise. Random bytes in
    # each answer make its length useless to those who would guess a secret from it.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "search.web.language_middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "search.web.guard.rate_limits.BodySizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "search.web.guard.request_trace.PlainFormsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "search.web.guard.staff_sessions.StaffSessionMiddleware",
    "search.web.accounts.reader_access.ReaderAccessMiddleware",
    "search.web.guard.rate_limits.RateLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "search.web.guard.account_delay.KnownBrowserMiddleware",
]

ROOT_URLCONF = "newsarchive.urls"
WSGI_APPLICATION = "newsarchive.wsgi.application"
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
                "search.web.language_middleware.language_context",
            ],
        },
    },
    {
        # What pages repeat often; the tag `jinja` includes it in Django's templates (docs/decisions/0056).
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "search.templatetags.jinja_tags.environment"},
    },
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{ARCHIVE_DATA_DIR / 'archive.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # To open the file and to close it costs three milliseconds, a quarter of a page without its search.
    # PostgreSQL keeps Django's default: what a server's connections cost is for its operator to say.
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        # REPLACE must fire the delete triggers of the rows it replaces (articles/outbox/triggers.py).
        " PRAGMA recursive_triggers=ON;"
        # Text erased by law is overwritten, not only released (articles/history/erasure.py).
        " PRAGMA secure_delete=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: The engine in use: a key of SEARCH_ENGINES.
SEARCH_ENGINE = env.str("SEARCH_ENGINE", "embedded")
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", "http://127.0.0.1:9200")
SEARCH_ENGINES = {
    "embedded": {
        "ENGINE": "search.engines.embedded.EmbeddedEngine",
        "PATH": ARCHIVE_DATA_DIR / "index",
    },
    "elasticsearch": {
        "ENGINE": "search.engines.elastic.ElasticEngine",
        "URL": ELASTICSEARCH_URL,
        "API_KEY": env.str("ELASTICSEARCH_API_KEY", ""),
        "CA": env.str("ELASTICSEARCH_CA", ""),
        "PREFIX": env.str("ELASTICSEARCH_PREFIX", "news"),
        "SHARDS": env.int("ELASTICSEARCH_SHARDS", 1),
        "REPLICAS": env.int("ELASTICSEARCH_REPLICAS", 0),
    },
}
# django-elasticsearch-dsl supplies the mapping (search/documents.py); only search.indexing.indexer writes.
ELASTICSEARCH_DSL = {"default": {"hosts": ELASTICSEARCH_URL}}
ELASTICSEARCH_DSL_AUTOSYNC = False
ELASTICSEARCH_DSL_AUTO_REFRESH = False

#: Limits of uploads in bytes; the command line accepts whole folders.
UPLOAD_MAX_FILE_BYTES = env.int("UPLOAD_MAX_FILE_BYTES", 20 * 1024**2)
UPLOAD_MAX_TOTAL_BYTES = env.int("UPLOAD_MAX_TOTAL_BYTES", 100 * 1024**2)
COMMAND_MAX_FILE_BYTES = env.int("COMMAND_MAX_FILE_BYTES", 2 * 1024**3)
#: Longest title and text of an imported article together, in characters. It is analyzed in the processes that
#: serve readers too, where a character may take 90 bytes of memory.
ARTICLE_MAX_CHARACTERS = env.int("ARTICLE_MAX_CHARACTERS", 4_000_000)
#: Limits of one record of a file, while it is read and taken apart: seconds of processor time, and memory
#: beyond what the program has anyway (articles/ingest/record_process.py).
RECORD_SECONDS = env.float("RECORD_SECONDS", 20.0)
RECORD_MEMORY_BYTES = env.int("RECORD_MEMORY_BYTES", 1024**3)
#: Enough for a folder of scraped text files selected at once; Django's 100 is for forms.
DATA_UPLOAD_MAX_NUMBER_FILES = env.int("UPLOAD_MAX_FILES", 5000)
#: Worker processes for imports of many records (articles/ingest/parallel_transform.py).
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # macOS
IMPORT_PROCESSES = env.int("IMPORT_PROCESSES", min(4, _CORES - 1))
#: How long a save waits until its own article is searchable, in seconds.
SAVE_WAITS_FOR_INDEX = env.float("SAVE_WAITS_FOR_INDEX", 2.0)
#: Whether a process that saves also runs the outbox consumer; if off, `drain_outbox` alone does.
INDEX_ON_COMMIT = env.bool("INDEX_ON_COMMIT", True)
#: Whether search engines may list the articles (sitemap.xml, robots.txt).
PUBLIC_ARCHIVE = env.bool("PUBLIC_ARCHIVE", False)
#: Maximum length of a query in characters; the rest is dropped with a warning.
QUERY_MAX_CHARACTERS = env.int("QUERY_MAX_CHARACTERS", 1000)
#: Most words and phrases of a query. A prefix counts as 5, a phrase with a distance as 20, an infix as 33.
QUERY_MAX_CLAUSES = env.int("QUERY_MAX_CLAUSES", 100)
#: Requests that one address without an account may make in a minute, by kind; 0 = any number.
LIMITS_A_MINUTE = {
    "search": env.int("LIMIT_SEARCHES", 120),
    "api": env.int("LIMIT_API", 120),
    "export": env.int("LIMIT_EXPORTS", 20),
    "suggestions": env.int("LIMIT_SUGGESTIONS", 600),
    "pages": env.int("LIMIT_PAGES", 240),
}
#: Words of the newest hits that a page of words in context reads, in about a quarter of a second; an export
#: reads all hits.
CONTEXT_MAX_WORDS = env.int("CONTEXT_MAX_WORDS", 420_000)
#: Lines of words in context on a page and in its table; a frequent word has 60,000 in its newest hits.
CONTEXT_MAX_LINES = env.int("CONTEXT_MAX_LINES", 5_000)
#: Such exports that one reader, and all readers together, may keep; they are deleted after a week.
CONTEXT_EXPORTS_EACH = env.int("CONTEXT_EXPORTS_EACH", 5)
CONTEXT_EXPORTS_IN_ALL = env.int("CONTEXT_EXPORTS_IN_ALL", 100)
#: Such exports that one address without an account may start in a day (0 = any number), and that are made at
#: once for all such readers together.
CONTEXT_EXPORTS_OF_ADDRESS = env.int("CONTEXT_EXPORTS_OF_ADDRESS", 10)
CONTEXT_EXPORTS_AT_ONCE = env.int("CONTEXT_EXPORTS_AT_ONCE", 4)

#: Most articles that a reader who is not logged in may export at once; 0 = no limit.
EXPORT_MAX_ARTICLES = env.int("EXPORT_MAX_ARTICLES", 50_000)
#: Who may export whole texts: "nobody", "staff", "users" (whoever is logged in) or "everyone".
EXPORT_TEXTS = env.str("EXPORT_TEXTS", "users")
#: The address of the site in the output of commands; pages know their own.
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", "").rstrip("/") or "http://{}:{}".format(
    env.str("HOST", "127.0.0.1"), env.str("PORT", "8000")
)

#: Password with which a monitor on another machine reads /metrics; one on this machine needs none.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
#: Whether readers have accounts: if not, no reader's page leads to the login, and staff log in at /admin/.
READER_ACCOUNTS = env.bool("READER_ACCOUNTS", True)
#: Whether the archive is private: only who is logged in, or sends a token, sees anything of it, and what they
#: open and export is recorded for so many days (search/web/accounts/access_log.py).
ARCHIVE_REQUIRES_LOGIN = env.bool("ARCHIVE_REQUIRES_LOGIN", False)
ACCESS_LOG_DAYS = env.int("ACCESS_LOG_DAYS", 365)
#: Whether readers without an account may report mistakes; how many reports a day are taken from one reader,
#: and from all those without an account together.
REPORTS_FROM_STRANGERS = env.bool("REPORTS_FROM_STRANGERS", False)
REPORTS_A_DAY = env.int("REPORTS_A_DAY", 10)
REPORTS_OF_STRANGERS_A_DAY = env.int("REPORTS_OF_STRANGERS_A_DAY", 100)

#: Imports run in `db_worker`, or in the request itself if no worker runs (articles/tasks.py).
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend"},
    "inline": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
}

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["newsarchive.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "UTC")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names contain a hash of the content: browsers may cache them forever, and an upgrade takes effect at
    # once.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: Sample articles for an empty archive.
SAMPLES_DIR = BASE_DIR / "articles" / "samples"

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
#: How many proxies that append to X-Forwarded-For are in front: the reader's address is theirs to tell.
PROXY_COUNT = env.int("PROXY_COUNT", 1 if env.bool("BEHIND_TLS", False) else 0)
# docs/decisions/0053-logins.md
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: an address that must wait takes no turn of an account
    "search.web.guard.account_delay.AccountDelayBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", 10)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
#: Failed logins from one address before it has to wait, and for how long.
AXES_FAILURE_LIMIT = env.int("LOGIN_TRIES", 10)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_WAIT_MINUTES", 15))
AXES_LOCKOUT_PARAMETERS = ["ip_address"]
AXES_CLIENT_IP_CALLABLE = "search.web.guard.reader_address.reader_network"
AXES_USERNAME_CALLABLE = "search.web.guard.login_throttle.attempted_username"
AXES_LOCKOUT_CALLABLE = "search.web.guard.login_throttle.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says when; that must stay true
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
#: Minutes without a request after which a session of the staff ends; 0 = never.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", 120)
#: Who must have a second factor to use the desk: "nobody", "administrators" or "staff".
SECOND_FACTOR_REQUIRED = env.str(
    "SECOND_FACTOR_REQUIRED", "nobody", validate=must_be.OneOf(["nobody", "administrators", "staff"])
)
OTP_TOTP_ISSUER = env.str("SECOND_FACTOR_ISSUER", "News archive")

#: Log lines go to stderr, as text or as JSON; readers' words are left out unless LOG_QUERIES is on.
LOGGING = logging_config(
    level=env.str("LOG_LEVEL", "warning").upper(),
    as_json=env.str("LOG_FORMAT", "text") == "json",
    with_queries=env.bool("LOG_QUERIES", False),
    with_requests=env.str("ACCESS_LOG", "") == "-",
)

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
#: For use behind the TLS proxy of docker-compose.yml.
BEHIND_TLS = env.bool("BEHIND_TLS", False)
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # probes of the machine itself speak plain HTTP
#: Subdomains and the list of browsers are the affair of who owns the domain, not of one of its sites.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
