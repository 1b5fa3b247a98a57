"""The table of hits over time: a row for each period, folded into longer spans where it would be long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from search.query.compiler import PreparedSearch
from search.timeline.time_series import DateKind, TimeView
from search.web.viewmodels.labels import date_label
from search.web.viewmodels.result_list import search_url

#: A table of so many rows stands open. A longer one is folded: on a phone a row takes 44 pixels or more.
MOST_UNFOLDED = 15
#: Characters that the values of a span share: days of a month, months of a year, years of a decade.
_SHARED = {"day": 7, "month": 4, "year": 3}


@dataclass(frozen=True, slots=True)
class PeriodCell:
    """The hits of a search in a period, their share of the archive, and the search for them."""

    count: int
    #: In percent, as text: a decimal comma would look like the one between two numbers.
    share: str
    url: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A row of the table: a period, its link, and the cells of each search."""

    label: str
    value: str
    archive: int
    cells: tuple[PeriodCell, ...]


@dataclass(frozen=True, slots=True)
class SpanTotal:
    """The hits of a search in a span."""

    query: str
    count: int


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """Rows that are folded together; `label` is "" if the whole table stands open.

    `totals` are the hits of each search. They are empty for dates of events: an article with two of them in a
    span would be counted twice.
    """

    label: str
    rows: tuple[PeriodRow, ...]
    totals: tuple[SpanTotal, ...]


def period_spans(view: TimeView, linked: int) -> list[PeriodSpan]:
    """Return the rows of all periods in which a search has a hit; the `linked` newest periods have links."""
    rows = tuple(_period_rows(view, linked))
    if not rows:
        return []
    if len(rows) <= MOST_UNFOLDED:
        return [PeriodSpan("", rows, ())]
    shared = _SHARED[view.granularity]
    queries = [series.search.request.q for series in view.series] if view.kind == "published" else []
    return [
        _span(_span_label(value), tuple(group), queries)
        for value, group in groupby(rows, lambda row: row.value[:shared])
    ]


def period_url(search: PreparedSearch, kind: DateKind, value: str) -> str:
    """Return the list of the hits of a period: its date takes the place of the chosen ones."""
    request = replace(search.request, view="list", view_options=())
    if kind == "published":
        return search_url(request, dates=(value,), date_from="", date_to="")
    return search_url(request, events=(value,), event_from="", event_to="")


def percent_label(share: float) -> str:
    """Write a share in percent with two digits that mean something: of six articles one is 17, not 16.67."""
    return f"{share:.{0 if share >= 10 or not share else 1 if share >= 1 else 2}f}"


def _period_rows(view: TimeView, linked: int) -> Iterator[PeriodRow]:
    first = len(view.periods) - linked
    for at, value in enumerate(view.periods):
        if any(series.counts[at] for series in view.series):
            cells = tuple(
                PeriodCell(
                    series.counts[at],
                    percent_label(view.share(series, at)),
                    period_url(series.search, view.kind, value) if series.counts[at] and at >= first else "",
                )
                for series in view.series
            )
            yield PeriodRow(date_label(value), value, view.archive[at], cells)


def _span(label: str, rows: tuple[PeriodRow, ...], queries: Sequence[str]) -> PeriodSpan:
    totals = (SpanTotal(query, sum(row.cells[at].count for row in rows)) for at, query in enumerate(queries))
    return PeriodSpan(label, rows, tuple(totals))


def _span_label(value: str) -> str:
    """Return the name of a span: 2014-01, 2014, and 2010–2019 for "201"."""
    return f"{date_label(f'{value}0')}–{date_label(f'{value}9')}" if len(value) == 3 else date_label(value)
