"""Converts a ResultPage to the values that templates render: facet rows, chips, page links, the chart.

Every link is the state of the search with one change, made by `SearchRequest.query_string`; no link needs
JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.urls import get_script_prefix, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from arabic.morphology.affixes import is_function_word
from search.query.compiler import MIN_SENTENCE_WORDS
from search.query.exclusion import ExcludedKind, split_excluded_place
from search.query.request import SearchRequest, query_strings
from search.results import Hit, ResultPage, TermChange, WordShare
from search.store.display_names import NameKind, display_name
from search.web.viewmodels.labels import date_label, kept_by_language, level_labels, sort_labels

#: The fields of the filters, and how they are empty.
_FILTERS: dict[str, Any] = dict.fromkeys(
    ("countries", "governorates", "cities", "sources", "dates", "events",
     "not_places", "not_sources", "not_dates"), ()
) | dict.fromkeys(("date_from", "date_to", "event_from", "event_to"), "")  # fmt: skip
#: Page numbers on each side of the current one.
PAGES_AROUND = 2


class Link(NamedTuple):
    """A label and its target; `current` marks the current state of the page.

    `joint` is the word between the label and the one before it.
    """

    label: str
    url: str
    current: bool = False
    joint: str = ""


def search_url(request: SearchRequest, **changes: object) -> str:
    """Return the address of this search with `changes` (field names), at page 1 unless a page is given."""
    address, query = page_address("search:results"), request.query_string(**changes)
    return f"{address}?{query}" if query else address


def feed_request(request: SearchRequest) -> SearchRequest:
    """Return a search as its feed has it: neither view nor order nor grouping makes another feed."""
    return replace(request, view="list", view_options=(), sort="relevance", group="", close="")


def feed_url(request: SearchRequest, page: int = 1) -> str:
    """Return the address of the feed of a search."""
    query = feed_request(request).query_string(page=page)
    return page_address("search:feed") + (f"?{query}" if query else "")


def list_urls(request: SearchRequest, field: str) -> Callable[[Sequence[str]], str]:
    """Return a function from values of a list field to the address of this search with these, at page 1."""
    query_string = query_strings(request, field)
    address = page_address("search:results")

    def url(values: Sequence[str]) -> str:
        query = query_string(values)
        return f"{address}?{query}" if query else address

    return url


def page_address(name: str, *arguments: str) -> str:
    """Return the address of a page, which a list of results may link to a hundred times."""
    return _kept_address(get_script_prefix(), name, arguments)  # a request may choose the prefix


@lru_cache(100)
def _kept_address(_script_prefix: str, name: str, arguments: tuple[str, ...]) -> str:
    return reverse(name, args=arguments)


def toggle_value(selected: Sequence[str], value: str) -> tuple[str, ...]:
    """Return the selection with `value` added or, if it was selected, removed."""
    if value in selected:
        return tuple(other for other in selected if other != value)
    return (*selected, value)


def toggle_date(selected: Sequence[str], value: str) -> tuple[str, ...]:
    """Toggle a date like `toggle_value`; a new period replaces those that contain it or that it contains."""
    if value in selected:
        return toggle_value(selected, value)
    kept = [
        other for other in selected if not (value.startswith(f"{other}-") or other.startswith(f"{value}-"))
    ]
    return (*kept, value)


def chips(request: SearchRequest, result: ResultPage) -> list[Link]:
    """Return the active filters; a link removes its filter."""
    if not _has_filter(request):
        return []
    labels = {(name, value.value): value.label for name, values in result.facets.items() for value in values}
    links: list[Link] = []
    joint = pgettext("between places", "and") if request.place_all else pgettext("between places", "or")
    kinds: tuple[tuple[NameKind, str, str], ...] = (
        ("country", "countries", "%(name)s"),
        ("governorate", "governorates", _("%(name)s governorate")),
        ("city", "cities", "%(name)s"),
        ("source", "sources", "%(name)s"),
    )
    for name, field, label in kinds:
        chosen: tuple[str, ...] = getattr(request, field)
        if field == "sources" and request.about and links:
            links.append(Link(_("only articles about the place"), search_url(request, about=False)))
        links += [
            Link(
                label % {"name": labels.get((name, value)) or display_name(name, value)},
                search_url(request, **{field: toggle_value(chosen, value)}),
                joint=joint if (links or number) and field != "sources" else "",
            )
            for number, value in enumerate(chosen)
        ]
    links += [
        Link(date_label(value), search_url(request, dates=toggle_value(request.dates, value)))
        for value in request.dates
    ]
    links += [
        Link(
            _("event: %(date)s") % {"date": date_label(value)},
            search_url(request, events=toggle_value(request.events, value)),
        )
        for value in request.events
    ]
    links += excluded_links(request)
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


def _has_filter(request: SearchRequest) -> bool:
    return any(getattr(request, name) for name in _FILTERS)


def excluded_links(request: SearchRequest) -> list[Link]:
    """Return what is excluded; a link takes it back in."""
    links = []
    for value in request.not_places:
        kind, name = split_excluded_place(value)
        name = _displayed_place(kind, name)
        label = _("%(name)s governorate") % {"name": name} if kind == "governorate" else name
        links.append((label, {"not_places": toggle_value(request.not_places, value)}))
    links += [
        (display_name("source", name), {"not_sources": toggle_value(request.not_sources, name)})
        for name in request.not_sources
    ]
    links += [
        (date_label(value), {"not_dates": toggle_value(request.not_dates, value)})
        for value in request.not_dates
    ]
    return [
        Link(pgettext("an excluded filter", "not %(name)s") % {"name": label}, search_url(request, **changes))
        for label, changes in links
    ]


def _displayed_place(kind: ExcludedKind | None, name: str) -> str:
    """Return the name shown for a place whose kind may not be given."""
    kinds: tuple[ExcludedKind, ...] = (kind,) if kind else ("country", "city", "governorate")
    return next((shown for one in kinds if (shown := display_name(one, name)) != name), name)


def unfiltered_url(request: SearchRequest) -> str:
    """Return the address of the same query over the whole archive."""
    return search_url(request, **_FILTERS)


def sort_links(request: SearchRequest) -> list[Link]:
    """Return the sort orders; without words there is no order by relevance."""
    return [
        Link(label, search_url(request, sort=sort), current=sort == request.effective_sort)
        for sort, label in sort_labels().items()
        if sort != "relevance" or request.q
    ]


def group_links(request: SearchRequest) -> list[Link]:
    """Return the choices between one article per cluster and every article."""
    once, every = _group_labels()
    return [
        Link(once, search_url(request, group=""), current=request.group != "none"),
        Link(every, search_url(request, group="none"), current=request.group == "none"),
    ]


@kept_by_language
def _group_labels() -> tuple[str, str]:
    return _("each story once"), _("every article")


def level_links(request: SearchRequest) -> list[Link]:
    """Return the three analysis levels."""
    return [
        Link(label, search_url(request, level=level), current=level == request.level)
        for level, label in level_labels().items()
    ]


class Paged(Protocol):
    """Something with pages: the hits, or the lines of a concordance."""

    @property
    def page(self) -> int:
        """The page that is shown, from 1."""
        ...

    @property
    def pages(self) -> int:
        """The number of pages."""
        ...


def page_links(request: SearchRequest, result: Paged) -> list[Link | None]:
    """Return the first page, the neighbours of the current page, and the last; None marks a gap."""
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


def next_page(request: SearchRequest, result: Paged) -> str:
    """Return the address of the next page, or ""."""
    return search_url(request, page=result.page + 1) if result.page < result.pages else ""


def previous_page(request: SearchRequest, result: Paged) -> str:
    """Return the address of the previous page, or ""."""
    return search_url(request, page=min(result.page, result.pages + 1) - 1) if result.page > 1 else ""


def example_searches(result: ResultPage) -> list[Link]:
    """Return searches that find something in this archive.

    They are its most mentioned cities as words, two of these together, a recent month, and a source.
    """
    cities = [value.value for value in result.facets.get("city", ()) if value.count][:3]
    months = [
        value.value for value in result.facets.get("date", ()) if value.count and value.level == "month"
    ]
    sources = [value.value for value in result.facets.get("source", ()) if value.count][:1]
    empty = SearchRequest()
    links = [Link(city, search_url(empty, q=plain_place_name(city))) for city in cities]
    if len(cities) > 1:
        either = pgettext("operator", "%(one)s OR %(other)s") % {
            "one": plain_place_name(cities[0]),
            "other": plain_place_name(cities[1]),
        }
        links.append(Link(either, search_url(empty, q=either)))
    links += [
        Link(date_label(month), search_url(empty, dates=(month,)))
        for month in [max(months, default="")]
        if month
    ]
    return links + [
        Link(display_name("source", source), search_url(empty, sources=(source,))) for source in sources
    ]


def plain_place_name(slug: str) -> str:
    """Return a place's slug without the country in brackets, quoted if it has several words."""
    name = slug.partition(" (")[0]
    return f'"{name}"' if " " in name else name


@dataclass(frozen=True, slots=True)
class CloseHits:
    """Close hits in short; `heading` says how many words of a long query they have, else it is "".

    Each comes with how it differs from the query, unless the heading says it.
    """

    heading: str
    hits: tuple[tuple[Hit, tuple[TermChange, ...]], ...]


def short_close_hits(result: ResultPage) -> list[CloseHits]:
    """Return the close hits of a page in groups: of a long query those with the most words first."""
    groups: dict[WordShare | None, list[Hit]] = {}
    for hit in result.hits:
        if not hit.strict:
            is_long = hit.words and hit.words.asked >= MIN_SENTENCE_WORDS
            groups.setdefault(hit.words if is_long else None, []).append(hit)
    most_first = sorted(groups.items(), key=lambda group: -group[0].found if group[0] else 0)
    return [
        CloseHits(
            _share_heading(words, len(hits)) if words else "",
            tuple((hit, () if words else content_changes(hit.changes)) for hit in hits),
        )
        for words, hits in most_first
    ]


def content_changes(changes: Sequence[TermChange]) -> tuple[TermChange, ...]:
    """Return how a hit differs from the query, without missing function words unless it is these alone."""
    kept = (each for each in changes if each.kind != "left_out" or not is_function_word(each.typed))
    return tuple(kept) or tuple(changes)


def _share_heading(words: WordShare, hits: int) -> str:
    found = ngettext("%(n)s word", "%(n)s words", words.found) % {"n": words.found}
    return ngettext(
        "%(n)s article with %(words)s of %(asked)s", "%(n)s articles with %(words)s of %(asked)s", hits
    ) % {"n": hits, "words": found, "asked": words.asked}


def close_url(request: SearchRequest, result: ResultPage) -> str:
    """Return the address of the list with all close hits; "" if the page is of it, or has no use for it.

    It is behind the close hits, or behind the last of the strict ones.
    """
    if request.close == "all" or not (result.close_total or result.may_have_close):
        return ""
    return search_url(request, close="all") if result.page == result.pages else ""


def page_heading(request: SearchRequest, filters: Iterable[Link]) -> str:
    """Return the title of a search: its query, or else its `filters` (chips)."""
    chosen = request.q or pgettext("between names", ", ").join(link.label for link in filters)
    return Truncator(chosen).chars(60) or _("All articles")
