"""Look-up of an article for readers: visible, missing, or erased by law."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article, ArticleQuerySet, Erasure
from search.query.request import SearchRequest
from search.web.viewmodels.labels import day_label


class ErasedError(Exception):
    """The article was erased; `erasure` has the time and the legal ground."""

    def __init__(self, erasure: Erasure) -> None:
        super().__init__(f"article {erasure.article_number} was erased")
        self.erasure = erasure


def visible_article(articles: ArticleQuerySet, article_id: int) -> Article:
    """Return the article of `articles` (visible ones). Raises Http404, ErasedError."""
    found = articles.filter(pk=article_id).first()
    if found is not None:
        return found
    erasure = Erasure.objects.filter(article_number=article_id).first()
    if erasure is None or Article.objects.filter(pk=article_id).exists():
        raise Http404
    raise ErasedError(erasure)


def erased_page(request: HttpRequest, erasure: Erasure) -> HttpResponse:
    """Answer 410: that the article was erased, when and on what ground, but none of its content."""
    context = {
        "search": SearchRequest(),
        "number": erasure.article_number,
        "day": day_label(erasure.made_at.date(), "day"),
        "ground": erasure.get_ground_display(),
    }
    return render(request, "410.html", context, status=410)
