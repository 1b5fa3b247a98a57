"""What the article's page offers to those who may correct the article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.history.quick_corrections import UndoableCorrection, edit_version, undoable_corrections
from articles.models import Article
from search.query.request import SearchRequest

NEEDED = ("articles.change_article", "articles.publish_article")


@dataclass(frozen=True, slots=True)
class StaffTools:
    """The addresses of the desk for an article, and the user's corrections that can be undone."""

    edit_url: str
    places_url: str
    dates_url: str
    correct_url: str
    #: The page to come back to.
    back: str
    undoable: list[UndoableCorrection]
    #: The state of the article that the user sees.
    version: int


def may_correct(request: HttpRequest) -> bool:
    """Return True if the user may correct articles on the readers' pages.

    Without the cookie of a session this asks nothing of the database.
    """
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and user.is_staff and user.has_perms(NEEDED)


def build_staff_tools(request: HttpRequest, article: Article) -> StaffTools | None:
    """Return the tools for an article; None for readers."""
    if not may_correct(request):
        return None
    return StaffTools(
        edit_url=reverse("admin:articles_article_change", args=[article.pk]),
        places_url=reverse("admin:articles_article_places", args=[article.pk]),
        dates_url=reverse("admin:articles_article_dates", args=[article.pk]),
        correct_url=reverse("admin:articles_article_correct", args=[article.pk]),
        back=request.get_full_path(),
        undoable=undoable_corrections(article, cast("AbstractBaseUser", request.user)),
        version=edit_version(article),
    )


def hidden_article_page(request: HttpRequest) -> HttpResponse | None:
    """Answer 404 with the tools, if the page is a withdrawn article's and the user may publish it again."""
    match = request.resolver_match
    if match is None or match.view_name != "search:article" or not may_correct(request):
        return None
    article = (
        Article.objects.filter(pk=match.kwargs["article_id"], state=Article.State.WITHDRAWN)
        .defer("original", "body")
        .first()
    )
    if article is None:
        return None
    context = {"search": SearchRequest(), "article": article}
    return render(request, "search/hidden_article.html", context, status=404)
