"""From a ResultPage to what the templates draw: facet rows, chips, page links, the chart. Every link is the
state of the search with one thing changed, made by `SearchRequest.query_string`; no link needs JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from search.labels import LEVELS, SORTS, date_label, period_label
from search.request import SearchRequest
from search.results import FacetValue, ResultPage

#: Rows of a facet that show at once; the others open on request.
ROWS_SHOWN = 8
#: Page numbers to each side of the current one.
PAGES_AROUND = 2


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead; `current` = this is how the page stands now."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a facet: its link selects it, or deselects it when it is selected."""

    label: str
    count: int
    url: str
    selected: bool
    children: tuple[Row, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something below this row is selected, so that it must not be hidden."""
        return self.selected or any(child.open for child in self.children)


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet as drawn: `rows` at once, `more` behind a summary."""

    name: str
    title: str
    rows: tuple[Row, ...]
    more: tuple[Row, ...] = ()
    hint: str = ""

    @property
    def single(self) -> bool:
        """Whether there is only one row that has rows below it: it opens by itself."""
        return sum(bool(row.children) for row in self.rows) == 1

    @property
    def values(self) -> int:
        """How many values there are in all."""
        return len(self.rows) + len(self.more)


def search_url(request: SearchRequest, **changes: object) -> str:
    """The address of this search with `changes` (field names) made; back to page 1 unless a page is given."""
    query = request.query_string(**changes)
    return f"{reverse('search:results')}?{query}" if query else reverse("search:results")


def toggled(selected: Sequence[str], value: str) -> tuple[str, ...]:
    """The selection with `value` added or, if it was there, taken away."""
    if value in selected:
        return tuple(other for other in selected if other != value)
    return (*selected, value)


def toggled_date(selected: Sequence[str], value: str) -> tuple[str, ...]:
    """As `toggled`; a new period also replaces those that contain it (drilling down) or that it contains."""
    if value in selected:
        return toggled(selected, value)
    kept = [
        other for other in selected if not (value.startswith(f"{other}-") or other.startswith(f"{value}-"))
    ]
    return (*kept, value)


def facets(request: SearchRequest, result: ResultPage) -> list[Facet]:
    """City, day of publication, source, without those that have nothing to choose."""
    drawn = [
        _flat("city", _("City"), request, "cities", result.facets.get("city", ())),
        Facet("date", _("Date of publication"), _date_rows(request, "dates", result.facets.get("date", ()))),
        _flat("source", _("Source"), request, "sources", result.facets.get("source", ())),
    ]
    return [facet for facet in drawn if facet.values]


def event_facet(request: SearchRequest, result: ResultPage) -> Facet | None:
    """The dates that the articles speak of; None where they speak of none."""
    rows = _date_rows(request, "events", result.facets.get("event", ()))
    if not rows:
        return None
    return Facet(
        "event",
        _("Date of the event"),
        *_split(rows, lambda row: row.open),
        hint=_("A date that the article speaks of, whenever it was published."),
    )


def _split(rows: Sequence[Row], needed: Callable[[Row], bool]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows that show at once, and those behind a summary; none of these is `needed`."""
    shown = [row for index, row in enumerate(rows) if index < ROWS_SHOWN or needed(row)]
    hidden = [row for index, row in enumerate(rows) if index >= ROWS_SHOWN and not needed(row)]
    if len(hidden) <= 2:  # a summary would take the room of the rows it hides
        return tuple(rows), ()
    return tuple(shown), tuple(hidden)


def _flat(name: str, title: str, request: SearchRequest, field: str, values: Iterable[FacetValue]) -> Facet:
    chosen: tuple[str, ...] = getattr(request, field)
    values = list(values)
    known = {value.value for value in values}
    rows = [
        Row(
            value.label,
            value.count,
            search_url(request, **{field: _toggled_name(chosen, value, known)}),
            value.selected,
        )
        for value in values
    ]
    return Facet(name, title, *_split(rows, lambda row: row.selected))


def _toggled_name(chosen: Sequence[str], value: FacetValue, known: Set[str]) -> tuple[str, ...]:
    """As `toggled`. A row that is selected though its own name was not chosen was chosen by an alias: then
    every name that is no row of the facet goes."""
    if value.selected and value.value not in chosen:
        return tuple(name for name in chosen if name in known)
    return toggled(chosen, value.value)


def _date_rows(request: SearchRequest, field: str, values: Iterable[FacetValue]) -> tuple[Row, ...]:
    """Years with their months with their days, newest first; undated at the end. A row under its year or
    month does not say again what stands above it. The chosen dates are in `field` of the request."""
    chosen: tuple[str, ...] = getattr(request, field)
    below: dict[str, list[FacetValue]] = {}
    for value in values:
        parent = value.value.rpartition("-")[0] if value.level in ("month", "day") else ""
        below.setdefault(parent, []).append(value)

    def rows(parent: str) -> tuple[Row, ...]:
        ordered = sorted(below.get(parent, ()), key=lambda value: value.value, reverse=True)
        ordered.sort(key=lambda value: value.level == "undated")
        return tuple(
            Row(
                period_label(value.value),
                value.count,
                search_url(request, **{field: toggled_date(chosen, value.value)}),
                value.selected,
                rows(value.value) if value.level in ("year", "month") else (),
            )
            for value in ordered
        )

    return rows("")


def chips(request: SearchRequest, result: ResultPage) -> list[Link]:
    """The filters in force; following one takes it away."""
    labels = {(name, value.value): value.label for name, values in result.facets.items() for value in values}
    links: list[Link] = []
    for name, field in (("city", "cities"), ("source", "sources")):
        chosen: tuple[str, ...] = getattr(request, field)
        links += [
            Link(labels.get((name, value), value), search_url(request, **{field: toggled(chosen, value)}))
            for value in chosen
        ]
    links += [
        Link(date_label(value), search_url(request, dates=toggled(request.dates, value)))
        for value in request.dates
    ]
    links += [
        Link(
            _("event: %(date)s") % {"date": date_label(value)},
            search_url(request, events=toggled(request.events, value)),
        )
        for value in request.events
    ]
    return links + [
        Link(label % {"date": date_label(value)}, search_url(request, **{field: ""}))
        for field, label in (
            ("date_from", _("from %(date)s")),
            ("date_to", _("until %(date)s")),
            ("event_from", _("event from %(date)s")),
            ("event_to", _("event until %(date)s")),
        )
        if (value := getattr(request, field))
    ]


def without_filters(request: SearchRequest) -> str:
    """The address of the same query over the whole archive."""
    return search_url(
        request,
        cities=(), sources=(), dates=(), date_from="", date_to="", events=(), event_from="", event_to="",
    )  # fmt: skip


def sort_links(request: SearchRequest) -> list[Link]:
    """The three orders; without words there is no best match."""
    return [
        Link(str(label), search_url(request, sort=sort), current=sort == request.effective_sort)
        for sort, label in SORTS.items()
        if sort != "relevance" or request.q
    ]


def group_links(request: SearchRequest) -> list[Link]:
    """Each story once, or every article."""
    return [
        Link(_("each story once"), search_url(request, group=""), current=request.group != "none"),
        Link(_("every article"), search_url(request, group="none"), current=request.group == "none"),
    ]


def level_links(request: SearchRequest) -> list[Link]:
    """The three depths of matching."""
    return [
        Link(str(label), search_url(request, level=level), current=level == request.level)
        for level, label in LEVELS.items()
    ]


def page_links(request: SearchRequest, result: ResultPage) -> list[Link | None]:
    """First, the neighbours of the current page, last; None stands for a gap."""
    near = range(result.page - PAGES_AROUND, result.page + PAGES_AROUND + 1)
    numbers = sorted({1, result.pages, *(number for number in near if 1 <= number <= result.pages)})
    links: list[Link | None] = []
    before = 0
    for number in numbers:
        if number - before == 2:
            links.append(Link(str(number - 1), search_url(request, page=number - 1)))
        elif number - before > 2:
            links.append(None)
        links.append(Link(str(number), search_url(request, page=number), current=number == result.page))
        before = number
    return links


def next_page(request: SearchRequest, result: ResultPage) -> str:
    """The address of the next page, or ""."""
    return search_url(request, page=result.page + 1) if result.page < result.pages else ""


def previous_page(request: SearchRequest, result: ResultPage) -> str:
    """The address of the page before, or ""."""
    return search_url(request, page=min(result.page, result.pages + 1) - 1) if result.page > 1 else ""


def examples(result: ResultPage) -> list[Link]:
    """Searches that find something in this archive: its most named cities as words, two of them together, a
    recent month, a source."""
    cities = [value.value for value in result.facets.get("city", ()) if value.count][:3]
    months = [
        value.value for value in result.facets.get("date", ()) if value.count and value.level == "month"
    ]
    sources = [value.value for value in result.facets.get("source", ()) if value.count][:1]
    empty = SearchRequest()
    links = [Link(city, search_url(empty, q=_plain_name(city))) for city in cities]
    if len(cities) > 1:
        either = f"{_plain_name(cities[0])} OR {_plain_name(cities[1])}"
        links.append(Link(either, search_url(empty, q=either)))
    links += [
        Link(date_label(month), search_url(empty, dates=(month,)))
        for month in [max(months, default="")]
        if month
    ]
    return links + [Link(source, search_url(empty, sources=(source,))) for source in sources]


def _plain_name(slug: str) -> str:
    """A place's slug without the country in brackets, in quotes when it has several words."""
    name = slug.partition(" (")[0]
    return f'"{name}"' if " " in name else name


def heading(request: SearchRequest, filters: Iterable[Link]) -> str:
    """What a search is for, for the title of its page: the query, else its `filters` (chips)."""
    chosen = request.q or pgettext("between names", ", ").join(link.label for link in filters)
    return Truncator(chosen).chars(60) or _("All articles")
