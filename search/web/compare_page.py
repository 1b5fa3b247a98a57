"""The page that compares two articles side by side, word by word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.text.diff import diff_texts
from search.query.request import SearchRequest
from search.web.viewmodels.labels import FIRST_STRONG, POP, day_label
from search.web.visibility import ErasedError, erased_page, visible_article


@require_safe
def compare(request: HttpRequest, article_id: int, other_id: int) -> HttpResponse:
    """Compare title and text of two visible articles; otherwise answer 404, or 410 if one was erased."""
    articles = Article.objects.visible().select_related("source").defer("original")
    try:
        first, second = (visible_article(articles, number) for number in (article_id, other_id))
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    found = diff_texts(f"{first.title}\n{first.body}", f"{second.title}\n{second.body}")
    return render(
        request,
        "search/compare.html",
        {
            "search": SearchRequest(),
            "first": first,
            "second": second,
            "differences": found,
            "before_label": _version_label(first),
            "after_label": _version_label(second),
        },
    )


def _version_label(article: Article) -> str:
    """Return source and date, which distinguish the versions.

    The source is isolated, so that an English date after an Arabic name keeps its direction.
    """
    day = day_label(article.date, article.date_precision)
    source = article.source.name if article.source else _("Unknown source")
    return pgettext("source and date", "%(source)s, %(day)s") % {
        "source": f"{FIRST_STRONG}{source}{POP}", "day": day,
    }  # fmt: skip
