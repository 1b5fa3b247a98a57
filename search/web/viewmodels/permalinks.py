"""Addresses for what is read elsewhere: files, programs, commands."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def public_address(path: str) -> str:
    """Return the whole address of a page by settings.PUBLIC_ADDRESS."""
    return f"{settings.PUBLIC_ADDRESS}{path}"


def public_permalink(article_id: int) -> str:
    """Return the permanent address of an article."""
    return public_address(reverse("search:article", args=[article_id]))


def permalink_by(request: HttpRequest, article_id: int) -> str:
    """Return the same by the address at which the site was asked."""
    return request.build_absolute_uri(reverse("search:article", args=[article_id]))
