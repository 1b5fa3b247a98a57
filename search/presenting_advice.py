"""What the page says where a search found little: other words, and what would find something. Every link is
the state of the search with one thing changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.presenting import search_url
from search.request import SearchRequest
from search.results import ResultPage, Segment, WayOut, WordAdvice

#: Rows about parts of a query; more would not be read.
ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Meant:
    """A query that may have been meant, its changed words marked, and how many articles it finds."""

    segments: tuple[Segment, ...]
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part of the query. `nowhere`: no article has it; `url` leads to what the query finds without it, "" if
    that is nothing too."""

    text: str
    nowhere: bool
    url: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to search; `text` is the query where that is what changes."""

    label: str
    url: str
    count: int
    text: str = ""


def meant(request: SearchRequest, result: ResultPage) -> list[Meant]:
    """The suggestions, with the filters in force."""
    return [
        Meant(each.segments, search_url(request, q=each.query), each.count) for each in result.suggestions
    ]


def missing_parts(request: SearchRequest, result: ResultPage) -> list[MissingPart]:
    """What no article has first, then what is best left out."""
    rows = [_missing_part(request, each) for each in result.missing if not each.count or each.dropped_count]
    rows.sort(key=lambda row: (not row.nowhere, -row.count))
    return rows[:ROWS_SHOWN]


def _missing_part(request: SearchRequest, advice: WordAdvice) -> MissingPart:
    url = search_url(request, q=advice.dropped_query) if advice.dropped_count else ""
    return MissingPart(advice.word, not advice.count, url, advice.dropped_count)


def all_but_together(result: ResultPage) -> bool:
    """Whether every one of several parts is in some article."""
    return len(result.missing) > 1 and all(each.count for each in result.missing)


def ways_out(request: SearchRequest, result: ResultPage) -> list[Way]:
    """The other ways that find something."""
    return [_way(request, each) for each in result.ways_out]


def _way(request: SearchRequest, way: WayOut) -> Way:
    match way.kind:
        case "level":
            return Way(_("All forms of the words"), search_url(request, level="all"), way.count)
        case "city":
            return Way(_("In all cities"), search_url(request, cities=()), way.count)
        case "source":
            return Way(_("From all sources"), search_url(request, sources=()), way.count)
        case "date":
            url = search_url(request, dates=(), date_from="", date_to="")
            return Way(_("At any time"), url, way.count)
        case "filters":
            url = search_url(request, cities=(), sources=(), dates=(), date_from="", date_to="")
            return Way(_("In the whole archive, without filters"), url, way.count)
        case "unquoted":
            label = _("The same words, anywhere in the text")
            return Way(label, search_url(request, q=way.query), way.count)
        case "words":
            return Way(_("Only"), search_url(request, q=way.query), way.count, way.query)
