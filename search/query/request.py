"""What a reader asks for, as it stands in the address of the page."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Protocol, cast, get_args
from urllib.parse import urlencode

from arabic.dates.tagger import parse_date
from arabic.dates.values import PartialDate
from search.engines.contract import SortOrder
from search.results import Complaint

#: How deep a word is searched; cumulative.
SearchLevel = Literal["exact", "light", "all"]

#: Whether the list shows each story once ("story") or every article ("none"); "" is what the door does by
#: itself: the page groups, the API and the command line do not.
Group = Literal["", "story", "none"]

LEVELS: tuple[SearchLevel, ...] = get_args(SearchLevel)
SORTS: tuple[SortOrder, ...] = get_args(SortOrder)
DEFAULT_PAGE_SIZE = 20
#: Hits on one page: of the web, and at most of the command line.
WEB_MAX_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
#: Far behind the last page of any archive; keeps offsets in the range of every engine.
MAX_PAGE_NUMBER = 1_000_000
#: Values of one filter; an address is not a place for lists.
MAX_FILTER_VALUES = 50
UNDATED = "undated"
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Params(Protocol):
    """Django's QueryDict, or `MappingParams`."""

    def getlist(self, key: str) -> list[str]:
        """Every value of `key`, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question. `countries` (also by code), `governorates`, `cities` and `sources` hold any name; `dates`
    facet values (YYYY, YYYY-MM, YYYY-MM-DD, undated); `date_from` and `date_to` canonical YYYY[-MM[-DD]] or
    "". `events`, `event_from` and `event_to` are the same of the dates that articles speak of. Pages count
    from 1."""

    q: str = ""
    countries: tuple[str, ...] = ()
    governorates: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    events: tuple[str, ...] = ()
    event_from: str = ""
    event_to: str = ""
    level: SearchLevel = "all"
    #: Expansions that the reader switched off, as shown; "*" = all of them.
    without: tuple[str, ...] = ()
    sort: SortOrder = "relevance"
    group: Group = ""
    page: int = 1
    size: int = DEFAULT_PAGE_SIZE

    @property
    def effective_sort(self) -> SortOrder:
        """Without words nothing is more relevant than another: newest first."""
        return "newest" if self.sort == "relevance" and not self.q.strip() else self.sort

    @classmethod
    def from_params(cls, params: Params) -> tuple[SearchRequest, tuple[Complaint, ...]]:
        """Read the parameters of `query_string`; what cannot be used is left out and complained about."""
        reader = _ParamReader(params)
        date_from, date_to = reader.period("from", "to")
        event_from, event_to = reader.period("event_from", "event_to")
        request = cls(
            q=reader.last("q"),
            countries=reader.several("country"),
            governorates=reader.several("governorate"),
            cities=reader.several("city"),
            sources=reader.several("source"),
            dates=tuple(value for value in map(reader.date_value, reader.several("date")) if value),
            date_from=date_from,
            date_to=date_to,
            events=tuple(value for value in map(reader.as_date, reader.several("event")) if value),
            event_from=event_from,
            event_to=event_to,
            level=cast(SearchLevel, reader.choice("level", LEVELS, "all")),
            without=reader.several("without"),
            sort=cast(SortOrder, reader.choice("sort", SORTS, "relevance")),
            group=cast(Group, reader.choice("group", ("story", "none"), "")),
            page=reader.number("page", 1, MAX_PAGE_NUMBER, outside=1),
            size=reader.number("size", DEFAULT_PAGE_SIZE, WEB_MAX_PAGE_SIZE),
        )
        return request, tuple(reader.complaints)

    def query_string(self, **changes: Any) -> str:
        """The address of this request with `changes` (field names), without "?". Any change but of the page
        itself goes back to page 1; defaults are left out."""
        if changes and "page" not in changes:
            changes["page"] = 1
        asked = replace(self, **changes)
        pairs: list[tuple[str, str]] = [("q", asked.q)] if asked.q else []
        pairs += [("country", value) for value in asked.countries]
        pairs += [("governorate", value) for value in asked.governorates]
        pairs += [("city", value) for value in asked.cities]
        pairs += [("source", value) for value in asked.sources]
        pairs += [("date", value) for value in asked.dates]
        pairs += [("event", value) for value in asked.events]
        pairs += [("without", value) for value in asked.without]
        plain = {
            "from": asked.date_from,
            "to": asked.date_to,
            "event_from": asked.event_from,
            "event_to": asked.event_to,
            "level": asked.level if asked.level != "all" else "",
            "sort": asked.sort if asked.sort != "relevance" else "",
            "group": asked.group,
            "page": str(asked.page) if asked.page != 1 else "",
            "size": str(asked.size) if asked.size != DEFAULT_PAGE_SIZE else "",
        }
        return urlencode(pairs + [(key, value) for key, value in plain.items() if value])


class MappingParams:
    """A plain mapping of lists, read like a QueryDict."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self.values = values

    def getlist(self, key: str) -> list[str]:
        """Every value of `key`; none if it is not there."""
        return self.values.get(key, [])


def normalize_date(text: str) -> str | None:
    """YYYY, YYYY-MM or YYYY-MM-DD of a date written so, or in any way metadata is; None if it is no date."""
    text = text.strip()
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) if part else 0 for part in match.groups())
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            return None
        return f"{year:04}" + (f"-{month:02}" if match[2] else "") + (f"-{day:02}" if match[3] else "")
    found: PartialDate | None = parse_date(text[:100])
    return found.value if found else None


def date_bounds(value: str) -> tuple[int, int]:
    """First and last day (YYYYMMDD) of a canonical date."""
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
        values = [value.replace("\0", " ").strip()[:200] for value in self.params.getlist(key)]
        unique = list(dict.fromkeys(value for value in values if value))
        if len(unique) > MAX_FILTER_VALUES:
            self.complain("too_many_filters", key)
        return tuple(unique[:MAX_FILTER_VALUES])

    def date_value(self, text: str) -> str:
        return UNDATED if text == UNDATED else self.as_date(text)

    def period(self, first: str, last: str) -> tuple[str, str]:
        """The two ends of a period, exchanged if they are the wrong way round."""
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

    def number(self, key: str, default: int, highest: int, outside: int | None = None) -> int:
        """A whole number from 1 to `highest`; one that is not becomes `outside`, or the nearest."""
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
