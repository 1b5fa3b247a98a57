"""The page of a story: its versions in order of time, what each adds to the first, and two to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from articles.models import Article, StoryMember
from articles.text.diff import TextDiff, diff_texts
from search.query.request import SearchRequest
from search.web.accounts.access_log import note_shown
from search.web.answer_size import compared_parts
from search.web.viewmodels.labels import day_label
from search.web.viewmodels.list_place import article_url, results_url
from search.web.views import hidden_fields

#: Versions on a page, each compared with the first one; a story has seldom more than ten.
VERSIONS_SHOWN = 20
#: The days that the axis tells apart; a story of more days has dots that stand for several.
_MOST_DAYS = 120
#: Passages shown of what a version adds, the longest ones, and their size.
PASSAGES, MIN_PASSAGE_WORDS, PASSAGE_LENGTH = 3, 3, 180
#: Signs and spaces at the edges of a passage.
_EDGES = " \n،,.؛:-–"
WIDTH, HEIGHT, MARGIN, DOT = 720, 64, 10, 6
#: The height of the line, and the dots of one day that are drawn above each other.
_LINE, _MAX_PILE = HEIGHT - MARGIN, 4


@dataclass(frozen=True, slots=True)
class StoryVersion:
    """A version of the story, compared with the first; that one is not."""

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
    article. The texts of one page are read, which `part` chooses, and that of the first version.
    """
    members = StoryMember.objects.filter(story=story_id).values("article")
    known = list(
        Article.objects.visible().filter(pk__in=members).order_by().values_list("pk", "date", "source_id")
    )
    if len(known) < 2:
        return _elsewhere(request, story_id, [pk for pk, _day, _source in known])
    search, _complaints = SearchRequest.from_params(request.GET)
    first, second = (_number(request.GET, name) for name in ("first", "second"))
    if {first, second} <= {pk for pk, _day, _source in known}:
        state = search.query_string(page=search.page)
        address = reverse("search:compare", args=[first, second])
        return redirect(f"{address}?{state}" if state else address)
    known.sort(key=lambda each: (each[1] is None, each[1] or date.min, each[0]))
    pages = Paginator([pk for pk, _day, _source in known], VERSIONS_SHOWN)
    page = pages.get_page(request.GET.get("part"))
    oldest = known[0][0]
    shown = list(dict.fromkeys((oldest, *page.object_list)))
    read = Article.objects.visible().select_related("source").defer("original").in_bulk(shown)
    if oldest not in read:
        raise Http404  # it was hidden just now
    articles = [read[pk] for pk in shown if pk in read]
    note_shown(request, (article.pk for article in articles))
    versions, cut_to = _versions(articles, search)
    return render(
        request,
        "search/story.html",
        {
            "search": search,
            "versions": versions,
            "cut_to": cut_to,
            "count": len(known),
            "title": articles[0].title,
            "sources": len({source for _pk, _day, source in known} - {None}),
            "axis": _time_axis(
                [day for _pk, day, _source in known if day], right_to_left=get_language_bidi()
            ),
            "page": page,
            "page_links": _page_links(request, page) if pages.num_pages > 1 else {},
            "results_url": results_url(search),
            "query_form": hidden_fields(search, "q"),
            "state_fields": hidden_fields(search) if request.GET else [],
        },
    )


def _page_links(request: HttpRequest, page: Page[int]) -> dict[str, str]:
    """Return the addresses of the pages before and after this one."""
    links = {}
    for name, exists, number in (
        ("previous", page.has_previous(), page.number - 1),
        ("next", page.has_next(), page.number + 1),
    ):
        if exists:
            state = request.GET.copy()
            state["part"] = str(number)
            links[name] = f"{request.path}?{state.urlencode()}"
    return links


def _elsewhere(request: HttpRequest, number: int, visible: Sequence[int]) -> HttpResponse:
    """Lead to the story of a visible article, or to the only visible version. Raises Http404."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    if visible:
        return redirect(f"{reverse('search:article', args=[visible[0]])}{query}")
    known = StoryMember.objects.filter(article__in=Article.objects.visible().filter(pk=number)).first()
    if known is None or known.story == number:
        raise Http404
    return redirect(f"{reverse('search:story', args=[known.story])}{query}")


def _number(params: QueryDict, name: str) -> int:
    text = params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _versions(articles: Sequence[Article], search: SearchRequest) -> tuple[list[StoryVersion], int]:
    """Return the versions, and to how many characters they were cut to be compared (0: not at all)."""
    texts, cut_to = compared_parts([f"{article.title}\n{article.body}" for article in articles])
    versions = []
    for number, article in enumerate(articles):
        found = diff_texts(texts[0], texts[number]) if number else None
        url = article_url(article.pk, search)
        versions.append(StoryVersion(article, url, found, _passages(found) if found else ()))
    return versions, cut_to


def _passages(found: TextDiff) -> tuple[str, ...]:
    """Return the longest passages that only the second text has, in its order."""
    runs = [run.text.strip(_EDGES) for row in found.rows for run in row.after if run.kind == "inserted"]
    long = [text for text in dict.fromkeys(runs) if len(text.split()) >= MIN_PASSAGE_WORDS]
    kept = sorted(sorted(range(len(long)), key=lambda at: -len(long[at]))[:PASSAGES])
    return tuple(Truncator(long[at]).chars(PASSAGE_LENGTH) for at in kept)


def _time_axis(days: Sequence[date], *, right_to_left: bool) -> TimeAxis | None:
    """Return the days of the versions on a line; None if fewer than two are known."""
    per_day = Counter(days)
    if len(per_day) < 2:
        return None
    first, last = min(days), max(days)
    unit = DOT if len(per_day) > _MOST_DAYS else 0.1
    piles: Counter[float] = Counter()
    for day, count in per_day.items():
        share = (day - first).days / (last - first).days
        x = MARGIN + share * (WIDTH - 2 * MARGIN)
        piles[round(round((WIDTH - x if right_to_left else x) / unit) * unit, 1)] += count
    dots = [
        (x, _LINE - height * 2 * DOT) for x, count in piles.items() for height in range(min(count, _MAX_PILE))
    ]
    return TimeAxis(tuple(dots), day_label(first, "day"), day_label(last, "day"))
