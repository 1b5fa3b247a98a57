"""Number of articles of each source and city in each year and month.

With it a reader can tell "no hits" from "nothing archived". The numbers are counted in the database over
visible articles, in a few queries. An article whose month is not known counts in its year only, an undated
one under "undated" only.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, TypeVar

from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import Cast, Mod, Substr

from articles.batching import chunks
from articles.kept_queries import kept_rows
from articles.models import Article, ArticleQuerySet, Outbox, Place, PlaceMention, Source
from articles.source_scope import hidden_sources
from search import index_state

T = TypeVar("T")
#: Number of counts that are kept.
MAX_CACHED_COUNTS = 24
#: Squares are summed modulo this prime, so that a million of them fit into 64 bits.
_PRIME = 1_000_003

_lock = Lock()
_kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()


def cached_count(question: Hashable, count: Callable[[], T], *, state: Hashable = None) -> T:
    """Return `count()`, called once per state of the archive. The result must not be changed.

    A page that asks several questions reads `archive_state_key` once and gives it as `state`. Readers of
    different sources (articles/source_scope.py) have counts of their own.

    The key of a cached count is the state of the outbox and of the index, read before counting. A change adds
    an outbox row in its own transaction, so the waiting rows differ as soon as it is committed. A row leaves
    them only after a writer of the index has taken a new version (`index_state.next_version`), and versions
    never decrease. Keys are therefore never reused, and a cached count cannot be stale. The newest row alone
    would not do: on PostgreSQL a row with a lower number may be committed later.
    """
    key = archive_state_key() if state is None else state
    question = question, hidden_sources()
    with _lock:
        if question in _kept and _kept[question][0] == key:
            _kept.move_to_end(question)
            answer: T = _kept[question][1]
            return answer
    found = count()
    with _lock:
        _kept[question] = (key, found)
        _kept.move_to_end(question)
        while len(_kept) > MAX_CACHED_COUNTS:
            _kept.popitem(last=False)
    return found


def clear_count_cache() -> None:
    """Forget all counts."""
    with _lock:
        _kept.clear()


def archive_state_key() -> tuple[Any, ...]:
    """Return a key for the current state of the archive. Runs two queries, answered by indexes.

    It begins with the version of the index and the number of changes that wait for it.
    """
    rows = kept_rows(_waiting_changes)
    return index_state.current_version(), *(rows[0] if rows else (0,))


def _waiting_changes(_ids: Sequence[int]) -> QuerySet[Outbox, Any]:
    """Return one row that differs whenever other changes wait for the index, none if none waits."""
    waiting = Outbox.objects.filter(done_at__isnull=True).order_by().values("done_at")
    squares = Sum(Mod(F("pk") * F("pk"), _PRIME))
    counted = waiting.annotate(rows=Count("pk"), newest=Max("pk"), sum=Sum("pk"), squares=squares)
    return counted.values_list("rows", "newest", "sum", "squares")


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A source, the number of its articles, and the years of its first and last one; None if undated."""

    name: str
    articles: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts over visible articles; `first` and `last` are None when nothing is dated."""

    articles: int
    sources: int
    cities: int
    first: date | None
    last: date | None
    #: The newest articles of the archive.
    latest: tuple[Article, ...]
    #: The papers with the most articles.
    papers: tuple[HeldPaper, ...] = ()


#: Papers on the front page.
PAPERS_SHOWN = 8


def load_holdings(latest: int = 5) -> Holdings:
    """Return the holdings for the front page, which needs no engine.

    Five short queries; each Exists stops at the first article it finds. The articles stand in the condition
    itself: as a list of ids SQLite would make that list again for every place.
    """
    visible = Article.objects.visible()
    span = visible.aggregate(first=Min("date"), last=Max("date"), articles=Count("pk"))
    return Holdings(
        articles=span["articles"],
        sources=Source.objects.filter(Exists(visible.filter(source=OuterRef("pk")))).count(),
        cities=Place.objects.filter(Exists(visible.filter(mentions__place=OuterRef("pk")))).count(),
        first=span["first"],
        last=span["last"],
        latest=tuple(
            visible.exclude(date=None)
            .select_related("source")
            .only("title", "date", "date_precision", "source__name")
            .order_by("-date", "id")[:latest]
        ),
        papers=tuple(
            HeldPaper(name, articles, first.year if first else None, last.year if last else None)
            for name, articles, first, last in visible.exclude(source=None)
            .values("source__name")
            .annotate(articles=Count("pk"), first=Min("date"), last=Max("date"))
            .order_by("-articles", "source__name")
            .values_list("source__name", "articles", "first", "last")[:PAPERS_SHOWN]
        ),
    )


def place_slugs(article: Article) -> list[str]:
    """Return the slugs of the places that an article mentions, most mentioned first."""
    places = Place.objects.filter(mentions__article=article).annotate(times=Count("mentions"))
    return [place.slug for place in places.order_by("-times", "slug")]


#: Number of cities shown by default, those with the most articles.
TOP_CITIES = 20
#: Limit of names in a filter, and of cities that a reader adds.
MAX_NAMES = 30
#: Number of places per query that selects the cities among them.
RANKED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class CoverageSeries:
    """The articles held under one name, by month (YYYYMM) and year (YYYY)."""

    name: str
    #: None for articles without a source.
    key: int | None
    months: Mapping[int, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    undated: int = 0

    @property
    def total(self) -> int:
        """Return the number of articles, undated ones included."""
        return sum(self.years.values()) + self.undated

    @property
    def span(self) -> tuple[int, int] | None:
        """Return the first and the last month with an article; None if the months are unknown."""
        return (min(self.months), max(self.months)) if self.months else None

    def gaps(self) -> list[tuple[int, int]]:
        """Return runs of months without an article between the first and the last: [(first, last), …]."""
        runs: list[tuple[int, int]] = []
        for month in months_between(*(self.span or (1, 0))):
            if self.months.get(month):
                continue
            if runs and next_month(runs[-1][1]) == month:
                runs[-1] = (runs[-1][0], month)
            else:
                runs.append((month, month))
        return runs

    def covers(self, first: int, last: int) -> bool:
        """Return True if a period of months lies wholly within the span."""
        return bool(self.span and self.span[0] <= first and last <= self.span[1])


def coverage_by_source(*, cities: Sequence[int] = ()) -> list[CoverageSeries]:
    """Return the sources by descending number of articles, the articles without a source last.

    With `cities`, only articles that mention one of these cities count.
    """
    articles = Article.objects.visible()
    if cities:
        articles = articles.filter(pk__in=_of_cities(cities))
    counts = cached_count(("sources", *sorted(cities)), lambda: _count_by_month(articles, "source_id"))
    names = dict(Source.objects.filter(pk__in=[key for key in counts if key]).values_list("pk", "name"))
    return _coverage_series(counts, names)


def coverage_by_city(
    *, chosen: Sequence[int] = (), sources: Sequence[int] = (), top: int = TOP_CITIES
) -> list[CoverageSeries]:
    """Return the cities with the most articles and the chosen ones, within `sources` if given.

    An article counts once for each city that it mentions.
    """
    articles = Article.objects.visible()
    if sources:
        articles = articles.filter(source__in=sources)
    keys = sorted({*chosen, *_top_cities(sources, top)})
    counts = cached_count(
        ("cities", tuple(keys), *sorted(sources)),
        lambda: _count_by_month(articles.filter(mentions__place__in=keys), "mentions__place_id"),
    )
    return _coverage_series(counts, dict(Place.objects.filter(pk__in=keys).values_list("pk", "slug")))


def _top_cities(sources: Sequence[int], top: int) -> list[int]:
    """Return the cities that the most articles mention.

    Over the whole archive, hidden articles are counted too. This affects only the order, and the database can
    answer from the index of mentions without reading articles.
    """
    found: list[int] = []
    for some in chunks(
        cached_count(("ranked", *sorted(sources)), lambda: _rank_places(sources)), RANKED_AT_ONCE
    ):
        # The kind of a place may change without a change of any article.
        cities = set(Place.objects.filter(pk__in=some, kind="city").values_list("pk", flat=True))
        found += (key for key in some if key in cities)
        if len(found) >= top:
            break
    return found[:top]


def _rank_places(sources: Sequence[int]) -> list[int]:
    mentions = PlaceMention.objects.all()
    if sources:
        mentions = mentions.filter(article__in=Article.objects.visible().filter(source__in=sources))
    ranked = mentions.values_list("place_id").annotate(held=Count("article_id", distinct=True))
    return [key for key, _held in ranked.order_by("-held", "place_id")]


def _of_cities(cities: Sequence[int]) -> ArticleQuerySet:
    return Article.objects.filter(mentions__place__in=cities).values("pk")  # type: ignore[return-value]  # a queryset of dictionaries


_Counts = Mapping[int | None, Mapping[tuple[str, str], int]]


def _count_by_month(articles: ArticleQuerySet, name: str) -> _Counts:
    """Return {key: {(YYYY-MM or "", precision): articles}}.

    The month is cut out of the date's text: Django's own truncation calls Python for each row on SQLite.
    """
    rows = (
        articles.annotate(month=Substr(Cast("date", CharField()), 1, 7))
        .order_by()
        .values_list(name, "month", "date_precision")
        .annotate(held=Count("pk", distinct=name != "source_id"))
    )
    counts: defaultdict[int | None, dict[tuple[str, str], int]] = defaultdict(dict)
    for key, month, precision, held in rows:
        counts[key][month or "", precision] = held
    return counts


def _coverage_series(counts: _Counts, names: Mapping[int, str]) -> list[CoverageSeries]:
    found = []
    for key, periods in counts.items():
        months: Counter[int] = Counter()
        years: Counter[int] = Counter()
        undated = 0
        for (month, precision), held in periods.items():
            if not month:
                undated += held
                continue
            years[int(month[:4])] += held
            if precision != "year":
                months[int(month[:4]) * 100 + int(month[5:])] += held
        found.append(CoverageSeries(names.get(key, "") if key else "", key, months, years, undated))
    return sorted(found, key=lambda held: (held.key is None, -held.total, held.name))


def months_between(first: int, last: int) -> Iterable[int]:
    """Yield the months (YYYYMM) from `first` to `last`, both included."""
    month = first
    while month <= last:
        yield month
        month = next_month(month)


def next_month(month: int) -> int:
    """Return the month after YYYYMM."""
    return month + 89 if month % 100 == 12 else month + 1
