"""The coverage page: tables of the counts of `search.coverage.coverage_counts`, with links into the search.

Also the sentence for a results page that is empty because nothing is archived there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from urllib.parse import quote, urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.batching import chunks
from articles.models import Place, Source
from articles.source_scope import hidden_sources
from search.coverage.coverage_counts import (
    MAX_NAMES,
    CoverageSeries,
    coverage_by_city,
    coverage_by_source,
    months_between,
)
from search.engines import get_engine
from search.query.compiler import PreparedSearch
from search.query.request import UNDATED, SearchRequest
from search.query_tree import MatchAll
from search.store.database import DatabaseStore
from search.store.display_names import display_names
from search.web.answer_size import MAX_LINK_BYTES
from search.web.viewmodels.labels import date_label, month_name
from search.web.viewmodels.result_list import Link, search_url

#: The parameters of the page, in the order in which its addresses have them.
_State = dict[str, list[str]]
VIEWS = ("totals", "source", "city")
#: Rows of a page, years side by side, and gaps that a row names (docs/decisions/0063-size-of-answers.md).
MAX_ROWS, MAX_YEARS, MAX_GAPS = 50, 50, 60
#: Bytes of the chosen names in an address, as their percent-encoding; the page says how many more there were.
_MAX_NAME_BYTES = 3_000
#: A bar chart in a table cell, in units of its viewBox.
SPARK_WIDTH, SPARK_HEIGHT = 240, 32
#: Narrower bars would be invisible.
_LEAST_BAR = 1.0


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """A count; `gap` means that there is nothing, though there are articles before and after."""

    count: int
    url: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A source or a city."""

    name: str
    url: str
    total: int
    cells: tuple[CoverageCell, ...]
    undated: int
    #: In percent of the articles.
    undated_share: int
    first: str
    last: str
    gaps: tuple[str, ...]
    gap_months: int
    #: Gaps that are not named.
    more_gaps: int
    #: The `d` attribute of an SVG path.
    spark: str


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show the coverage tables.

    `by` is totals (of sources), source or city; `year` shows its months instead of all years. `city` adds
    rows to the table of cities, whose articles `source` limits, and limits the articles of the other tables.
    The names in the address have the first rows, also where the archive holds nothing of them.
    `part` is the page of rows, `until` the last year of the columns.
    """
    by = request.GET.get("by", "")
    by = by if by in VIEWS else "totals"
    sources, more_sources = _chosen_names(request.GET, "source")
    cities, more_cities = _chosen_names(request.GET, "city")
    if by == "city":
        held = coverage_by_city(chosen=list(cities), sources=list(sources))
    else:
        held = coverage_by_source(cities=list(cities))
    held = _chosen_first(held, cities if by == "city" else sources)
    known = sorted({year for each in held for year in each.years})
    year = _asked_year(request.GET.get("year", ""))
    until = request.GET.get("until", "")[:4]
    state = {
        "by": [by],
        "year": [str(year)] if year else [],
        "until": [until] if until else [],
        "source": [*sources.values()],
        "city": [*cities.values()],
    }
    years = _year_window(known, until, year)
    periods = [year * 100 + month for month in range(1, 13)] if year else list(years)
    base = SearchRequest(
        cities=tuple(cities.values()) if by != "city" else (),
        sources=tuple(sources.values()) if by == "city" else (),
    )
    pages = Paginator(held, _rows_per_page(held, by, len(periods), base))
    page = pages.get_page(request.GET.get("part"))
    rows = [_row(each, by, periods, base, yearly=not year) for each in page]
    narrowed = [*map(display_names("city"), base.cities), *map(display_names("source"), base.sources)]
    context = {
        "search": SearchRequest(),
        "by": by,
        "rows": rows,
        "periods": [_period_link(state, each, yearly=not year) for each in periods],
        "year": year,
        "years": [
            (*_changed_url(state, year=str(each)), each == year)
            for each in sorted({*known, *([year] if year else [])})
            if each in years or each == year
        ],
        "year_links": _year_links(state, known, years),
        "page": page,
        "page_links": _page_links(state, page),
        "all_years": _changed_url(state, year="")[0],
        "views": [_view_link(each, by) for each in VIEWS],
        "narrowed": narrowed,
        "left_out": more_sources + more_cities,
        "names": list((cities if by != "city" else sources).values()),
        "total": sum(each.total for each in held) if by != "city" else None,
        "undated": sum(each.undated for each in held) if by != "city" else None,
        "places": list(cities.values()),
        "spark_width": SPARK_WIDTH,
        "spark_height": SPARK_HEIGHT,
    }
    return render(request, "search/coverage.html", context)


def no_holdings_message(prepared: PreparedSearch) -> str:
    """Return a sentence for a filtered search that found nothing because nothing is archived there at all.

    Returns "" if there are articles with other words, or there were no filters. Raises EngineError.
    """
    search = prepared.request
    if not (search.cities or search.sources) or not _period(search):
        return ""
    if search.q.strip() and get_engine().counts([MatchAll()], prepared.filters.nodes)[0]:
        return ""
    shown = [*map(display_names("source"), search.sources), *map(display_names("city"), search.cities)]
    names = pgettext("between names", ", ").join(shown)
    return _("The archive holds nothing of %(names)s in this period (%(period)s).") % {
        "names": names,
        "period": _period(search),
    }


def coverage_url(search: SearchRequest) -> str:
    """Return the address of the coverage page for the filters of a search."""
    asked = [("by", "city" if search.cities else "source")]
    asked += [("city", name) for name in search.cities] + [("source", name) for name in search.sources]
    starts = [value[:4] for value in (*search.dates, search.date_from, search.date_to) if value[:4].isdigit()]
    if starts and len(set(starts)) == 1:
        asked.append(("year", starts[0]))
    elif starts:
        asked.append(("until", str(min(9999, int(max(starts)) + MAX_YEARS // 2))))
    return f"{reverse('search:coverage')}?{urlencode(asked)}"


def _period(search: SearchRequest) -> str:
    between = pgettext("between names", ", ")
    days = [date_label(value) for value in search.dates if value != UNDATED]
    if search.date_from or search.date_to:
        ends = (date_label(value) if value else "…" for value in (search.date_from, search.date_to))
        days.append(" – ".join(ends))
    return between.join(days)


def _chosen_names(params: QueryDict, kind: str) -> tuple[dict[int, str], int]:
    """Return the sources or cities in the address, in its order, and how many names were too many."""
    # PostgreSQL rejects NUL, and no name contains it.
    asked = [name for name in dict.fromkeys(params.getlist(kind)) if name and "\0" not in name]
    ends = accumulate(len(quote(name)) for name in asked)
    names = [name for name, end in zip(asked, ends, strict=True) if end <= _MAX_NAME_BYTES][:MAX_NAMES]
    if kind == "source":
        shown = Source.objects.exclude(pk__in=hidden_sources())
        found = dict(shown.filter(name__in=names).values_list("name", "pk"))
    else:
        places = dict(Place.objects.filter(slug__in=names).values_list("slug", "pk"))
        mentioned = DatabaseStore().mentioned_among(places.values())
        found = {name: pk for name, pk in places.items() if pk in mentioned}
    return {found[name]: name for name in names if name in found}, len(asked) - len(names)


def _chosen_first(held: Sequence[CoverageSeries], chosen: Mapping[int, str]) -> list[CoverageSeries]:
    """Return the rows, first those of the chosen names in their order, empty ones where nothing is held."""
    of_key = {each.key: each for each in held}
    first = [of_key.get(key) or CoverageSeries(name, key) for key, name in chosen.items()]
    return [*first, *(each for each in held if each.key not in chosen)]


def _asked_year(value: str) -> int | None:
    """Return the year of an address, also one without an article; None for what is no year."""
    return int(value) or None if value.isascii() and value.isdigit() and len(value) <= 4 else None


def _year_window(known: Sequence[int], until: str, year: int | None) -> range:
    """Return the years that stand side by side: those up to `until`, or around `year`, or the last ones."""
    if not known:
        return range(0)
    first, last = known[0], known[-1]
    if until.isascii() and until.isdigit():
        last = min(last, max(int(until), first))
    elif year:
        last = min(last, max(year + MAX_YEARS // 2, first + MAX_YEARS - 1))
    return range(max(first, last - MAX_YEARS + 1), last + 1)


def _year_links(state: _State, known: Sequence[int], years: range) -> dict[str, str]:
    """Return the addresses of the years before and after those that are shown, if there are any."""
    links = {}
    if years and known[0] < years[0]:
        links["earlier"] = _changed_url(state, until=str(years[0] - 1), year="")[0]
    if years and years[-1] < known[-1]:
        links["later"] = _changed_url(state, until=str(years[-1] + MAX_YEARS), year="")[0]
    return links


def _rows_per_page(held: Sequence[CoverageSeries], by: str, columns: int, base: SearchRequest) -> int:
    """Return how many rows fit on a page: each cell is a link that repeats the search."""
    longest = max((each.name for each in held), key=lambda name: len(quote(name)), default="")
    links = 1 if by == "totals" else 1 + columns
    link = len(search_url(_narrowed(base, by, longest), dates=("0000-00",)))
    return max(1, min(MAX_ROWS, MAX_LINK_BYTES // (links * link)))


def _page_links(state: _State, page: Page[CoverageSeries]) -> dict[str, str]:
    """Return the addresses of the pages before and after this one, if there are any."""
    links = {}
    if page.has_previous():
        links["previous"] = _changed_url(state, part=str(page.number - 1))[0]
    if page.has_next():
        links["next"] = _changed_url(state, part=str(page.number + 1))[0]
    return links


def _narrowed(base: SearchRequest, by: str, name: str) -> SearchRequest:
    """Return the search for the articles of a row."""
    return replace(base, cities=(name,)) if by == "city" else replace(base, sources=(name,))


def _row(
    held: CoverageSeries, by: str, periods: Sequence[int], base: SearchRequest, *, yearly: bool
) -> CoverageRow:
    gaps = held.gaps()
    asked, shown = base, display_names("city" if by == "city" else "source")
    if held.name:
        asked = _narrowed(base, by, held.name)
    span = held.span or (0, 0)
    return CoverageRow(
        name=shown(held.name) if held.name else _("without a source"),
        url=search_url(asked) if held.name else "",
        total=held.total,
        cells=tuple(_cell(held, period, asked, yearly=yearly) for period in periods),
        undated=held.undated,
        undated_share=round(100 * held.undated / held.total) if held.total else 0,
        first=date_label(_iso(span[0])) if held.span else "",
        last=date_label(_iso(span[1])) if held.span else "",
        gaps=tuple(_gap_label(*gap) for gap in gaps[:MAX_GAPS]),
        gap_months=sum(len(list(months_between(*gap))) for gap in gaps),
        more_gaps=max(0, len(gaps) - MAX_GAPS),
        spark=sparkline_path(held, right_to_left=get_language_bidi()),
    )


def _cell(held: CoverageSeries, period: int, asked: SearchRequest, *, yearly: bool) -> CoverageCell:
    count = (held.years if yearly else held.months).get(period, 0)
    first, last = (period * 100 + 1, period * 100 + 12) if yearly else (period, period)
    value = f"{period:04}" if yearly else _iso(period)
    url = search_url(asked, dates=(value,)) if count and held.name else ""
    return CoverageCell(count, url, gap=not count and held.covers(first, last))


def sparkline_path(held: CoverageSeries, *, right_to_left: bool) -> str:
    """Return the bars of a row's months as one path; time runs in reading direction."""
    if not held.span:
        return ""
    months = list(months_between(*held.span))
    # As many months share a bar as one of the least width has room for.
    together = -(-len(months) * int(_LEAST_BAR) // SPARK_WIDTH)
    counts = [sum(held.months.get(each, 0) for each in part) for part in chunks(months, together)]
    slot, most = SPARK_WIDTH / len(counts), max(counts)
    width = max(_LEAST_BAR, slot * 0.8)
    bars = []
    for at, count in enumerate(counts):
        if count:
            height = max(2.0, SPARK_HEIGHT * count / most)
            left = SPARK_WIDTH - slot * at - width if right_to_left else slot * at
            bars.append(f"M{left:.1f} {SPARK_HEIGHT}v-{height:.1f}h{width:.1f}v{height:.1f}z")
    return "".join(bars)


def _iso(month: int) -> str:
    return f"{month // 100:04}-{month % 100:02}"


def _gap_label(first: int, last: int) -> str:
    if first == last:
        return date_label(_iso(first))
    return f"{date_label(_iso(first))} – {date_label(_iso(last))}"


def _period_link(state: _State, period: int, *, yearly: bool) -> Link:
    """Return the link of a period; a year leads to its months."""
    if yearly:
        return Link(str(period), _changed_url(state, year=str(period))[0])
    # Twelve English months stand side by side only when they are short; the Arabic ones break into two lines.
    name = month_name(period % 100)
    return Link(name if get_language_bidi() else name[:3], "")


def _view_link(view: str, by: str) -> Link:
    labels = {
        "totals": _("Sources in all"),
        "source": _("Sources over time"),
        "city": _("Cities over time"),
    }
    return Link(labels[view], f"{reverse('search:coverage')}?by={view}", view == by)


def _changed_url(state: _State, **changes: str) -> tuple[str, str]:
    """Return the address of this page with parameters changed, and the new value of the first."""
    # Other columns may leave room for other rows.
    asked = state | {"part": []} | {key: [value] if value else [] for key, value in changes.items()}
    query = urlencode([(key, value) for key, values in asked.items() for value in values])
    return f"{reverse('search:coverage')}?{query}", next(iter(changes.values()))
