"""The page of a story: its versions in order of time, what each adds to the first, and two to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from articles.models import Article, StoryMember
from articles.text.diff import TextDiff, diff_texts
from search.query.request import SearchRequest
from search.web.viewmodels.labels import day_label
from search.web.viewmodels.list_place import article_url, results_url
from search.web.views import hidden_fields

#: Versions that are compared with the first; a story has seldom more than ten.
MAX_COMPARED = 20
#: Passages shown of what a version adds, the longest ones, and their size.
PASSAGES, MIN_PASSAGE_WORDS, PASSAGE_LENGTH = 3, 3, 180
#: Signs and spaces at the edges of a passage.
_EDGES = " \n،,.؛:-–"
WIDTH, HEIGHT, MARGIN, DOT = 720, 64, 10, 6
#: The height of the line, and the dots of one day that are drawn above each other.
_LINE, _MAX_PILE = HEIGHT - MARGIN, 4


@dataclass(frozen=True, slots=True)
class StoryVersion:
    """A version of the story, compared with the first; that one and those beyond MAX_COMPARED are not."""

    article: Article
    url: str
    differences: TextDiff | None
    #: Passages that the first version lacks.
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Dots in units of the viewBox WIDTH x HEIGHT, and the labels of the axis from its right or left end."""

    dots: tuple[tuple[float, float], ...]
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT
    radius: int = DOT
    line: int = HEIGHT - MARGIN


@require_safe
def story(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show the visible versions of a story; the number of any of them leads to it.

    With `first` and `second`, two of them, it leads to their comparison. One version alone leads to its
    article.
    """
    members = StoryMember.objects.filter(story=story_id).values("article")
    articles = list(
        Article.objects.visible().filter(pk__in=members).select_related("source").defer("original")
    )
    if len(articles) < 2:
        return _elsewhere(request, story_id, articles)
    search, _complaints = SearchRequest.from_params(request.GET)
    ids = {article.pk for article in articles}
    first, second = (_number(request.GET, name) for name in ("first", "second"))
    if first in ids and second in ids:
        state = search.query_string(page=search.page)
        address = reverse("search:compare", args=[first, second])
        return redirect(f"{address}?{state}" if state else address)
    articles.sort(key=lambda article: (article.date is None, article.date or date.min, article.pk))
    versions = _versions(articles, search)
    return render(
        request,
        "search/story.html",
        {
            "search": search,
            "versions": versions,
            "title": articles[0].title,
            "sources": len({article.source_id for article in articles} - {None}),
            "axis": _time_axis(articles, right_to_left=get_language_bidi()),
            "results_url": results_url(search),
            "query_form": hidden_fields(search, "q"),
            "state_fields": hidden_fields(search) if request.GET else [],
        },
    )


def _elsewhere(request: HttpRequest, number: int, articles: Sequence[Article]) -> HttpResponse:
    """Lead to the story of a visible article, or to the only visible version. Raises Http404."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    if articles:
        return redirect(f"{reverse('search:article', args=[articles[0].pk])}{query}")
    known = StoryMember.objects.filter(article__in=Article.objects.visible().filter(pk=number)).first()
    if known is None or known.story == number:
        raise Http404
    return redirect(f"{reverse('search:story', args=[known.story])}{query}")


def _number(params: QueryDict, name: str) -> int:
    text = params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _versions(articles: Sequence[Article], search: SearchRequest) -> list[StoryVersion]:
    oldest = f"{articles[0].title}\n{articles[0].body}"
    versions = []
    for number, article in enumerate(articles):
        found = None
        if 0 < number <= MAX_COMPARED:
            found = diff_texts(oldest, f"{article.title}\n{article.body}")
        url = article_url(article.pk, search)
        versions.append(StoryVersion(article, url, found, _passages(found) if found else ()))
    return versions


def _passages(found: TextDiff) -> tuple[str, ...]:
    """Return the longest passages that only the second text has, in its order."""
    runs = [run.text.strip(_EDGES) for row in found.rows for run in row.after if run.kind == "inserted"]
    long = [text for text in dict.fromkeys(runs) if len(text.split()) >= MIN_PASSAGE_WORDS]
    kept = sorted(sorted(range(len(long)), key=lambda at: -len(long[at]))[:PASSAGES])
    return tuple(Truncator(long[at]).chars(PASSAGE_LENGTH) for at in kept)


def _time_axis(articles: Sequence[Article], *, right_to_left: bool) -> TimeAxis | None:
    """Return the dated versions on a line; None if fewer than two days are known."""
    days = [article.date for article in articles if article.date]
    if len(set(days)) < 2:
        return None
    first, last = min(days), max(days)
    piled: dict[date, int] = {}
    dots = []
    for day in days:
        share = (day - first).days / (last - first).days
        x = MARGIN + share * (WIDTH - 2 * MARGIN)
        height = min(piled.get(day, 0), _MAX_PILE - 1)
        piled[day] = piled.get(day, 0) + 1
        dots.append((round(WIDTH - x if right_to_left else x, 1), _LINE - height * 2 * DOT))
    return TimeAxis(tuple(dots), day_label(first, "day"), day_label(last, "day"))
