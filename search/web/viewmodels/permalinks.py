"""Addresses for files and commands, which are read elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def public_address(path: str) -> str:
    """Return the whole address of a page by settings.PUBLIC_ADDRESS."""
    return f"{settings.PUBLIC_ADDRESS}{path}"


def public_permalink(article_id: int) -> str:
    """Return the permanent address of an article."""
    return public_address(reverse("search:article", args=[article_id]))
