"""Log lines about logins. What was typed as a name may be a password; only names of accounts are written."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from search.web.guard.account_delay import note_login
from search.web.guard.reader_address import reader_address

_LOG = logging.getLogger("archive.login")


def connect_login_records() -> None:
    """Log every login, logout and failed login; browsers that logged in are known from then on."""
    user_login_failed.connect(log_failure, dispatch_uid="archive.login_failed")
    user_logged_in.connect(log_login, dispatch_uid="archive.login")
    user_logged_in.connect(note_login, dispatch_uid="archive.known_browser")
    user_logged_out.connect(log_logout, dispatch_uid="archive.logout")


def log_failure(
    sender: Any, credentials: Mapping[str, Any], request: HttpRequest | None = None, **_more: Any
) -> None:
    """Receive user_login_failed."""
    users = get_user_model()
    typed = str(credentials.get(users.USERNAME_FIELD) or "")[:150].replace("\0", "")
    known = users._default_manager.filter(**{users.USERNAME_FIELD: typed}).exists()
    _LOG.warning(
        "failed login", extra={"user": typed if known else "(no account)", "address": reader_address(request)}
    )


def log_login(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Receive user_logged_in."""
    _LOG.info("login", extra={"user": user.get_username(), "address": reader_address(request)})


def log_logout(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Receive user_logged_out; there may be no user."""
    if user is not None:
        _LOG.info("logout", extra={"user": user.get_username(), "address": reader_address(request)})
