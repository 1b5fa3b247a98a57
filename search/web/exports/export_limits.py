"""Who may export what."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def may_export_texts(reader: AbstractBaseUser | AnonymousUser) -> bool:
    """Return True if settings.EXPORT_TEXTS lets this reader export whole texts; unknown values let nobody."""
    allowed = {
        "everyone": True,
        "users": reader.is_authenticated,
        "staff": reader.is_authenticated and getattr(reader, "is_staff", False),
    }
    return bool(allowed.get(settings.EXPORT_TEXTS))


def article_limit(reader: AbstractBaseUser | AnonymousUser) -> int | None:
    """Return the most articles that this reader may export at once; None without a limit."""
    return None if reader.is_authenticated else settings.EXPORT_MAX_ARTICLES or None
