"""Log lines on stderr: as text or as JSON, with the id of the request, without secrets and readers' words.

Of Python's standard library only, because the web server logs before Django is set up.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "…"


@dataclass
class TracedRequest:
    """The request that this thread works on; `typed` is what its reader typed, longest first."""

    id: str
    typed: list[str] = field(default_factory=list)


current_request: ContextVar[TracedRequest | None] = ContextVar("current_request", default=None)

#: Settings that hold a secret, or a URL with one.
_SECRET = re.compile(r"(?:SECRET|PASSWORD|API_KEY|TOKEN)")
_MIN_SECRET = 6
_PASSWORD_IN_URL = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")
#: What follows the path of an address: a search is a reader's own affair.
_QUERY_STRING = re.compile(r"(?<=[/\w%])\?[^\s\"'<>]+")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]+(?:\s+[\u0600-\u06ff]+)*")
_ESCAPED_ARABIC = re.compile(r"(?:(?:\\u06[0-9a-f]{2}|%D[89AB]%[0-9A-F]{2})[ +]?)+", re.IGNORECASE)
#: Attributes that every record has; any other was given with `extra`.
_USUAL = frozenset((*vars(logging.makeLogRecord({})), "message", "asctime", "request", "taskName"))


def known_secrets(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the secrets among the settings, longest first."""
    found = {value for name, value in environment.items() if _SECRET.search(name)}
    return sorted((value for value in found if len(value) >= _MIN_SECRET), key=len, reverse=True)


def without_secrets(text: str, secrets: list[str]) -> str:
    """Return the text with every known secret and every password in an address masked."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return _PASSWORD_IN_URL.sub(MASK, text)


def without_typed(text: str, traced: TracedRequest | None) -> str:
    """Return the text without query strings and, during a request, without what the reader typed.

    A search is split into words and normalized before it fails somewhere, so all Arabic is masked, too.
    """
    text = _QUERY_STRING.sub(f"?{MASK}", text)
    if traced is None:
        return text
    for typed in traced.typed:
        for spelt in {typed, quote(typed), quote_plus(typed)}:
            text = text.replace(spelt, MASK)
    return _ESCAPED_ARABIC.sub(MASK, _ARABIC.sub(MASK, text))


class RecordFormatter(logging.Formatter):
    """`2026-12-01T10:00:00Z ERROR django.request [3f2a…] Internal Server Error: /search/ status=500`."""

    def __init__(self, *, with_queries: bool | None = None) -> None:
        super().__init__()
        environment = os.environ.get("LOG_QUERIES", "").lower() in ("1", "true", "yes", "on")
        self.with_queries = environment if with_queries is None else with_queries
        self.secrets = known_secrets()

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        """Return what a line says, by name."""
        # Django logs an answer that a view gave itself when the request is over.
        traced = getattr(getattr(record, "request", None), "trace", None) or current_request.get()
        moment = datetime.fromtimestamp(record.created, UTC)
        said: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": traced.id if traced else "",
            "message": self.clean(record.getMessage(), traced),
        }
        for name, value in vars(record).items():
            if name not in _USUAL and name not in said and isinstance(value, str | int | float | bool):
                said[name] = self.clean(value, traced) if isinstance(value, str) else value
        # Django attaches a traceback to each refusal (403), so that strangers could fill the log.
        refused = str(record.name).startswith("django.") and record.levelno < logging.ERROR
        if record.exc_info and record.exc_info != (None, None, None) and not refused:
            said["traceback"] = self.clean(self.formatException(record.exc_info), traced)
        return said

    def clean(self, text: str, traced: TracedRequest | None) -> str:
        """Return a text as it may be logged."""
        text = without_secrets(text, self.secrets)
        return text if self.with_queries else without_typed(text, traced)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, and the traceback below it."""
        said: MutableMapping[str, Any] = self.facts(record)
        traceback = said.pop("traceback", "")
        fixed = [said.pop(name) for name in ("time", "level", "logger", "request_id", "message")]
        moment, level, logger, identity, message = fixed
        rest = "".join(f" {name}={value}" for name, value in said.items())
        # A line break in a path or a host would look like a line of ours.
        line = f"{message}{rest}".replace("\r", "\\r").replace("\n", "\\n")
        head = f"{moment} {level} {logger} [{identity or '-'}] {line}"
        return f"{head}\n{traceback}" if traceback else head


class JsonFormatter(RecordFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        return json.dumps(self.facts(record), ensure_ascii=False)


def logging_config(*, level: str, as_json: bool, with_queries: bool, with_requests: bool) -> dict[str, Any]:
    """Return Django's LOGGING: everything goes to stderr, requests only if `with_requests`."""
    formatter = JsonFormatter if as_json else RecordFormatter
    own = {"handlers": ["stderr"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"archive": {"()": formatter, "with_queries": with_queries}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "archive"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers print queries (runserver) or send mails; ours are those of the root.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": own,
            # Its warnings are what the archive says itself, with a traceback for each attempt.
            "elastic_transport": {"level": "ERROR"},
            "archive.request": {"level": "INFO" if with_requests else level},
        },
    }


def server_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """Return the `logconfig_dict` of the web server, whose own lines look like all others."""
    formatter = JsonFormatter if as_json else RecordFormatter
    handler = {"class": "logging.StreamHandler", "formatter": "archive", "stream": sys.stderr}
    quiet = {"handlers": ["stderr"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"archive": {"()": formatter}},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"gunicorn.error": quiet},
    }
