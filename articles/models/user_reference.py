"""Who did something: a column that many rows of the archive have."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def user_reference(label: Any, *, editable: bool = True, blank: bool = True) -> Any:
    """The account of whoever did it; empty once that is deleted. `label` is the column's name for readers."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=blank,
        editable=editable,
        related_name="+",
        verbose_name=label,
    )
