"""A foreign key to the user who did something, shared by many models."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def user_reference(label: Any, *, editable: bool = True, blank: bool = True) -> Any:
    """Return a foreign key to a user, set to null when the account is deleted; `label` is its name."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=blank,
        editable=editable,
        related_name="+",
        verbose_name=label,
    )
