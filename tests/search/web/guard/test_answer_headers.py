"""Who may keep a copy of a page, and what a page may ask of the browser."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/about/", "/search/?q=x", "/nowhere/", "/api/v1/search?q=x"])
def test_no_shared_cache_keeps_a_readers_page_and_back_stays_quick(english: Client, path: str) -> None:
    answer = english.get(path)
    assert answer["Cache-Control"] == "private, no-cache"
    assert "camera=()" in answer["Permissions-Policy"]


def test_the_desk_is_kept_nowhere(english: Client, librarian: User) -> None:
    english.force_login(librarian)
    for path in ("/admin/", "/admin/login/", "/admin/articles/article/", "/admin/articles/article/1/change/"):
        assert english.get(path)["Cache-Control"] == "no-store"


def test_a_private_archive_is_kept_nowhere(english: Client, settings: LazySettings) -> None:
    settings.ARCHIVE_REQUIRES_LOGIN = True
    assert english.get("/about/")["Cache-Control"] == "no-store"
