"""The page of one article, and the comparison of two."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from arabic.text.direction import isolated
from articles.history.inference_review import dateline_text
from articles.models import Article, StoryMember
from articles.text.diff import diff_texts
from search.concordance.similar_articles import similar_articles
from search.query.request import SearchRequest
from search.retrieval.service import highlight_article
from search.store.database import versions_of
from search.store.display_names import display_name
from search.web.answer_size import compared_parts
from search.web.article_pages.original_file import has_public_original, original_text
from search.web.citation.citation_views import citation_context
from search.web.viewmodels import labels, result_list
from search.web.viewmodels.article_facts import inferred_facts, mentioned_dates, mentioned_places, named_spots
from search.web.viewmodels.article_text import build_article_text
from search.web.viewmodels.list_place import article_url, list_place, read_position, results_url
from search.web.views import hidden_fields
from search.web.visibility import ErasedError, erased_page, visible_article


@require_safe
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show an article with the searched words highlighted; 404 if it is hidden, 410 if it was erased."""
    try:
        shown = visible_article(
            Article.objects.visible().select_related("source", "batch").defer("original"), article_id
        )
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    search, _complaints = SearchRequest.from_params(request.GET)
    position = read_position(request.GET)
    title, body = highlight_article(search, shown)
    has_original, wants_original = has_public_original(shown), request.GET.get("text") == "original"
    inferred = inferred_facts(shown)
    named, spoken = mentioned_places(shown), mentioned_dates(shown)
    return render(
        request,
        "search/article.html",
        {
            "article": shown,
            "has_original": has_original,
            "original": original_text(shown) if has_original and wants_original else None,
            "reading": build_article_text(title, body, named_spots(named, spoken)),
            "search": search,
            "named": named,
            "source_url": result_list.search_url(SearchRequest(sources=(shown.source.name,)))
            if shown.source
            else "",
            "inferred": inferred,
            "derived": {fact.field for fact in inferred},
            "dateline": display_name("city", dateline_text(shown)),
            "spoken": spoken,
            "import_day": labels.day_label((shown.batch or shown).created_at.date(), "day"),
            "versions": versions_of(shown),
            "similar": [] if wants_original else _similar_links(shown, search),
            "cuts": [cut for cut in shown.cuts.defer("before", "after") if cut.in_effect],
            "permalink": request.build_absolute_uri(request.path),
            "results_url": results_url(search, position),
            "state": search.query_string(page=search.page),
            "here": article_url(article_id, search, position),
            "place": list_place(search, article_id, position),
            "query_form": hidden_fields(search, "q"),
            **citation_context(request, article_id),
        },
    )


def _similar_links(shown: Article, search: SearchRequest) -> list[tuple[Article, str]]:
    """Return similar articles with their addresses, which keep the way back to the results."""
    return [(each, article_url(each.pk, search)) for each in similar_articles(shown)]


@require_safe
def compare(request: HttpRequest, article_id: int, other_id: int) -> HttpResponse:
    """Compare title and text of two visible articles; otherwise answer 404, or 410 if one was erased."""
    articles = Article.objects.visible().select_related("source").defer("original")
    try:
        first, second = (visible_article(articles, number) for number in (article_id, other_id))
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    texts, cut_to = compared_parts([f"{each.title}\n{each.body}" for each in (first, second)])
    found = diff_texts(*texts)
    only = request.GET.get("only") == "differences"
    search, _complaints = SearchRequest.from_params(request.GET)
    state = search.query_string(page=search.page)
    stories = StoryMember.objects.filter(article__in=(article_id, other_id)).values_list("story", flat=True)
    return render(
        request,
        "search/compare.html",
        {
            "search": search,
            "first": first,
            "second": second,
            "differences": replace(found, rows=tuple(row for row in found.rows if row.changed))
            if only
            else found,
            "is_changed": found.changed,
            "cut_to": cut_to,
            "only": only,
            "state": state,
            "story": stories[0] if len(stories) == 2 and stories[0] == stories[1] else None,
            "results_url": results_url(search),
            "query_form": hidden_fields(search, "q"),
            "before_label": _version_label(first),
            "after_label": _version_label(second),
        },
    )


def _version_label(article: Article) -> str:
    """Return source and date, which distinguish the versions.

    The source is isolated, so that an English date after an Arabic name keeps its direction.
    """
    day = labels.day_label(article.date, article.date_precision)
    source = display_name("source", article.source.name) if article.source else _("Unknown source")
    return pgettext("source and date", "%(source)s, %(day)s") % {
        "source": isolated(source), "day": day,
    }  # fmt: skip
