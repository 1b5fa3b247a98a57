"""The search request: the parameters of a results page, of the API and of the `search` command."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, Protocol, cast, get_args
from urllib.parse import quote_plus

from arabic.dates.tagger import parse_date
from arabic.dates.values import PartialDate
from search.engines.contract import SortOrder
from search.results import Complaint

#: The levels of analysis at which a word is searched; cumulative.
SearchLevel = Literal["exact", "light", "all"]

#: "story": near-duplicates are collapsed into one hit; "none": every article is a hit; "": the default of the
#: caller (the page collapses, the API and the command line do not).
Group = Literal["", "story", "none"]

#: "": a few close hits where the strict ones are few; "all": a list of all of them after the strict ones.
Close = Literal["", "all"]
#: The views of one search: list of hits, words in context, hits over time, comparison with other queries.
View = Literal["list", "context", "time", "compare"]
VIEWS: tuple[View, ...] = get_args(View)
#: The parameters of the views (search/web/result_views/), which their links keep; the list keeps "vs" alone.
COMPARED = "vs"
VIEW_PARAMS = ("words", "order", "by", "dated", "scale", COMPARED)

LEVELS: tuple[SearchLevel, ...] = get_args(SearchLevel)
SORTS: tuple[SortOrder, ...] = ("relevance", "newest", "oldest")
DEFAULT_PAGE_SIZE = 20
#: Maximum number of hits per page: of the web, and of the command line.
WEB_MAX_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
#: More pages than any archive has; keeps offsets within the range of every engine.
MAX_PAGE_NUMBER = 1_000_000
#: Maximum number of values per filter.
MAX_FILTER_VALUES = 50
UNDATED = "undated"
#: The values of a parameter that is a switch.
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
#: Parameters with several values and with one, and the fields of the request, in the order of the address.
_LIST_PARAMS = (
    ("country", "countries"),
    ("governorate", "governorates"),
    ("city", "cities"),
    ("source", "sources"),
    ("date", "dates"),
    ("event", "events"),
    ("not_place", "not_places"),
    ("not_source", "not_sources"),
    ("not_date", "not_dates"),
    ("without", "without"),
    ("with", "included"),
)
_TEXT_PARAMS = (
    ("from", "date_from"),
    ("to", "date_to"),
    ("event_from", "event_from"),
    ("event_to", "event_to"),
)
#: Letters of a value whose encoding is kept; a query may have ten thousand.
_LONGEST_KEPT = 200
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Params(Protocol):
    """Parameters with several values: Django's QueryDict, or `MappingParams`."""

    def getlist(self, key: str) -> list[str]:
        """Return every value of `key`, in order."""
        ...


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search with its filters, order and page.

    `countries` (also by code), `governorates`, `cities` and `sources` hold any name of theirs; `dates` facet
    values (YYYY, YYYY-MM, YYYY-MM-DD, undated); `date_from` and `date_to` YYYY[-MM[-DD]] or "". `events`,
    `event_from` and `event_to` are the same for the dates that articles mention. Pages count from 1.

    Countries, governorates and cities are one filter: a value inside another chosen one takes its place, the
    others are alternatives, or all of them are required if `place_all`. With `about` an article has to be
    about the place; otherwise it only has to mention it.

    No hit mentions one of `not_places` (any name of a city, governorate or country; with its kind before it,
    "governorate:حمص", only that), is of one of `not_sources`, or has one of `not_dates` (as `dates`).
    """

    q: str = ""
    countries: tuple[str, ...] = ()
    governorates: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    place_all: bool = False
    about: bool = False
    sources: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    events: tuple[str, ...] = ()
    event_from: str = ""
    event_to: str = ""
    not_places: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    not_dates: tuple[str, ...] = ()
    level: SearchLevel = "all"
    #: Expansions that the reader switched off, as shown; "*" = all of them.
    without: tuple[str, ...] = ()
    #: Offered expansions that the reader switched on, as shown.
    included: tuple[str, ...] = ()
    sort: SortOrder = "relevance"
    group: Group = ""
    close: Close = ""
    page: int = 1
    size: int = DEFAULT_PAGE_SIZE
    view: View = "list"
    #: (parameter, value) of the view, for parameters in VIEW_PARAMS.
    view_options: tuple[tuple[str, str], ...] = ()

    @property
    def effective_sort(self) -> SortOrder:
        """The order of the hits: without words there is no relevance, so newest first."""
        return "newest" if self.sort == "relevance" and not self.q.strip() else self.sort

    @classmethod
    def from_params(cls, params: Params) -> tuple[SearchRequest, tuple[Complaint, ...]]:
        """Read the parameters of `query_string`; leave out what cannot be used, with a complaint."""
        reader = _ParamReader(params)
        date_from, date_to = reader.period("from", "to")
        event_from, event_to = reader.period("event_from", "event_to")
        request = cls(
            q=reader.last("q"),
            countries=reader.several("country"),
            governorates=reader.several("governorate"),
            cities=reader.several("city"),
            place_all=reader.flag("place_all"),
            about=reader.flag("about"),
            sources=reader.several("source"),
            dates=reader.date_values("date"),
            date_from=date_from,
            date_to=date_to,
            events=tuple(value for value in map(reader.as_date, reader.several("event")) if value),
            event_from=event_from,
            event_to=event_to,
            not_places=reader.several("not_place"),
            not_sources=reader.several("not_source"),
            not_dates=reader.date_values("not_date"),
            level=cast(SearchLevel, reader.choice("level", LEVELS, "all")),
            without=reader.several("without"),
            included=reader.several("with"),
            sort=cast(SortOrder, reader.choice("sort", SORTS, "relevance")),
            group=cast(Group, reader.choice("group", ("story", "none"), "")),
            close=cast(Close, reader.choice("close", ("all",), "")),
            page=reader.number("page", 1, MAX_PAGE_NUMBER, outside=1),
            size=reader.number("size", DEFAULT_PAGE_SIZE, WEB_MAX_PAGE_SIZE),
            view=cast(View, reader.choice("view", VIEWS, "list")),
            view_options=tuple((key, value) for key in VIEW_PARAMS for value in reader.several(key)),
        )
        return request, tuple(reader.complaints)

    def query_string(self, **changes: Any) -> str:
        """Return the query string of this request with `changes` (field names), without "?".

        Any change but `page` goes back to page 1; defaults and switches that change nothing are left out.
        """
        if changes and "page" not in changes:
            changes["page"] = 1
        parts = _parts(self)
        if changes:
            parts = parts | {name: _part(name, value) for name, value in changes.items()}
        unused = []
        if parts["place_all"] or parts["about"]:
            places = sum(len(changes.get(name, getattr(self, name))) for name in _PLACES)
            unused += ["place_all"] if places < 2 else []
            unused += ["about"] if not places else []
        if parts["view_options"] and not parts["view"]:
            options = changes.get("view_options", self.view_options)
            kept = tuple(pair for pair in options if pair[0] == COMPARED)
            parts = parts | {"view_options": _part("view_options", kept)}
        return "&".join([part for name, part in parts.items() if part and name not in unused])


_field_values = attrgetter(*(each.name for each in fields(SearchRequest)))
_DEFAULTS = {each.name: each.default for each in fields(SearchRequest)}
_KEYS = {name: key for key, name in (*_LIST_PARAMS, *_TEXT_PARAMS)}
_PLACES = ("countries", "governorates", "cities")
_IN_ORDER = (
    *("q", *(name for _, name in _LIST_PARAMS), "place_all", "about", *(name for _, name in _TEXT_PARAMS)),
    *("level", "sort", "group", "close", "page", "size", "view", "view_options"),
)


@lru_cache(256)
def _parts(request: SearchRequest) -> dict[str, str]:
    """Return the parts of a query string by field, in order: a page has sixty links that differ in one."""
    values = dict(zip(request.__slots__, _field_values(request), strict=True))
    return {name: _part(name, values[name]) for name in _IN_ORDER}


def _part(field: str, value: Any) -> str:
    """Return the part of the query string for a field, "" for its default."""
    if not value or value == _DEFAULTS[field]:
        return ""
    if field == "view_options":
        return "&".join([f"{key}={encoded_value(each)}" for key, each in value])
    key = _KEYS.get(field, field)
    if isinstance(value, tuple | list):
        return "&".join([f"{key}={encoded_value(each)}" for each in value])
    return f"{key}={encoded_value('1' if value is True else str(value))}"


def encoded_value(value: str) -> str:
    """Encode a value for a query string; the names of places and sources are on every page."""
    return _kept_encoding(value) if len(value) <= _LONGEST_KEPT else quote_plus(value)


_kept_encoding = lru_cache(8192)(quote_plus)


def query_strings(request: SearchRequest, field: str) -> Callable[[Sequence[str]], str]:
    """Return a function from values of a list field to the query string of the request with these.

    The rest is encoded once: a page has hundreds of links that differ in one value.
    """
    key = next(key for key, name in _LIST_PARAMS if name == field)
    before, _, after = request.query_string(**{field: ("\0",)}).partition(f"{key}=%00")

    def query_string(values: Sequence[str]) -> str:
        if not values:
            return request.query_string(**{field: ()})
        return before + "&".join([f"{key}={encoded_value(value)}" for value in values]) + after

    return query_string


class MappingParams:
    """A mapping of lists with the `getlist` of a QueryDict."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self.values = values

    def getlist(self, key: str) -> list[str]:
        """Return every value of `key`."""
        return self.values.get(key, [])


def normalize_date(text: str) -> str | None:
    """Return a date as YYYY, YYYY-MM or YYYY-MM-DD; None if the text is not a date.

    Reads ISO dates and every form of date that the metadata of articles takes.
    """
    text = text.strip()
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) if part else 0 for part in match.groups())
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            return None
        return f"{year:04}" + (f"-{month:02}" if match[2] else "") + (f"-{day:02}" if match[3] else "")
    found: PartialDate | None = parse_date(text[:100])
    covering = found.covering if found else None
    return covering.value if covering else None


def date_bounds(value: str) -> tuple[int, int]:
    """Return the first and last day (YYYYMMDD) of a date YYYY[-MM[-DD]]."""
    year, month, day = ([int(part) for part in value.split("-")] + [0, 0])[:3]
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    last = year * 10_000 + (month or 12) * 100 + (day or monthrange(year, month or 12)[1])
    return first, last


class _ParamReader:
    """Reads parameters and collects complaints."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.complaints: list[Complaint] = []

    def complain(self, code: str, detail: str) -> None:
        self.complaints.append(Complaint(code, detail[:100]))

    def last(self, key: str) -> str:
        return (self.params.getlist(key) or [""])[-1].replace("\0", " ").strip()

    def several(self, key: str) -> tuple[str, ...]:
        given = self.params.getlist(key)
        if not given:
            return ()
        values = [value.replace("\0", " ").strip()[:200] for value in given]
        unique = list(dict.fromkeys(value for value in values if value))
        if len(unique) > MAX_FILTER_VALUES:
            self.complain("too_many_filters", key)
        return tuple(unique[:MAX_FILTER_VALUES])

    def date_values(self, key: str) -> tuple[str, ...]:
        values = (UNDATED if text == UNDATED else self.as_date(text) for text in self.several(key))
        return tuple(value for value in values if value)

    def period(self, first: str, last: str) -> tuple[str, str]:
        """Return the two ends of a period, swapped if the first is the later one."""
        low, high = self.as_date(self.last(first)), self.as_date(self.last(last))
        if low and high and date_bounds(low)[0] > date_bounds(high)[1]:
            self.complain("reversed_dates", f"{low} – {high}")
            return high, low
        return low, high

    def as_date(self, text: str) -> str:
        if not text:
            return ""
        value = normalize_date(text)
        if value is None:
            self.complain("bad_date", text)
        return value or ""

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self.last(key) or default
        if value in (*choices, default):
            return value
        self.complain(f"bad_{key}", value)
        return default

    def flag(self, key: str) -> bool:
        value = self.last(key).lower()
        if value not in (*_YES, *_NO):
            self.complain("bad_switch", f"{key}={value}")
        return value in _YES

    def number(self, key: str, default: int, highest: int, outside: int | None = None) -> int:
        """Return a whole number from 1 to `highest`; one out of range becomes `outside`, or the nearest."""
        text = self.last(key)
        if not text:
            return default
        try:
            value = int(text[:30])
        except ValueError:
            self.complain(f"bad_{key}", text)
            return default
        if 1 <= value <= highest:
            return value
        self.complain(f"bad_{key}", text)
        return outside if outside is not None else min(max(value, 1), highest)
