"""The views of hits over time: of one search as bars, of several as lines; each is a table too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from search.engines.contract import SearchEngine
from search.query.compiler import PreparedSearch
from search.query.query_cost import MAX_TERMS, count_terms
from search.results import Complaint
from search.timeline.periods import GRANULARITIES, MOST_BARS, Granularity
from search.timeline.time_series import DATE_KINDS, DateKind, TimeSeries, TimeView, build_time_view
from search.web.answer_size import shown_periods
from search.web.result_views.period_spans import percent_label, period_spans, period_url
from search.web.result_views.result_view import ResultView, TableFile, ViewOptions, table_url
from search.web.result_views.series_chart import (
    HEIGHT,
    WIDTH,
    PeriodBar,
    bar_columns,
    bar_height,
    chart_line,
    nice_scale,
    slot_width,
)
from search.web.viewmodels.labels import date_label
from search.web.viewmodels.result_list import Link, search_url

MAX_COMPARED = 5
#: Terms of all compared queries: five ordinary ones have 400, one with three infixes 900.
MAX_COMPARED_TERMS = MAX_TERMS * 3 // 2
SCALES = ("count", "share")
#: Labels under a chart.
AXIS_LABELS = 5


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """A query of the comparison, with the address that leaves it out ("" for the only one)."""

    query: str
    number: int
    total: int
    url: str
    without_url: str


class TimeOptions:
    """The parameters that both views share."""

    def __init__(self, search: PreparedSearch) -> None:
        self.options = ViewOptions(search.request)
        by = self.options.choice("by", GRANULARITIES, "")
        self.wanted = cast("Granularity | None", by or None)
        self.kind = cast(DateKind, self.options.choice("dated", DATE_KINDS, "published"))

    def granularity_links(self, view: TimeView) -> list[Link]:
        """Return the divisions of time; that which is shown is the current one."""
        labels = {"day": _("by day"), "month": _("by month"), "year": _("by year")}
        return [
            Link(label, self.options.url("by", value), current=value == view.granularity)
            for value, label in labels.items()
        ]

    def kind_links(self) -> list[Link]:
        """Return the two kinds of dates."""
        labels = {"published": _("date of publication"), "event": _("date of the event")}
        return self.options.links("dated", labels, self.kind, "published")

    def complain_of(self, view: TimeView) -> None:
        """Say that the periods asked for would have been too many."""
        if view.is_coarser:
            self.options.complaints.append(Complaint("too_many_bars"))


def axis_labels(view: TimeView) -> list[str]:
    """Return a few labels at equal distances, in the order of time."""
    periods = view.periods
    if len(periods) <= AXIS_LABELS:
        return [date_label(value) for value in periods]
    last = len(periods) - 1
    places = [round(last * number / (AXIS_LABELS - 1)) for number in range(AXIS_LABELS)]
    return [date_label(periods[place]) for place in places]


class SingleTimeView:
    """Hits of one search over time."""

    def __init__(self, search: PreparedSearch, engine: SearchEngine) -> None:
        self.search, self.engine = search, engine
        self.time = TimeOptions(search)
        self.scale = self.time.options.choice("scale", SCALES, "count")
        self.linked = min(MOST_BARS, shown_periods(search.request))
        self.view = build_time_view([search], engine, self.time.kind, self.time.wanted, self.linked)

    def build(self) -> ResultView:
        """Return what the page shows."""
        view, options = self.view, self.time.options
        self.time.complain_of(view)
        series = view.series[0]
        bars, scale = self._bars(series)
        shown = sum(1 for count in series.counts if count)
        values: dict[str, Any] = {
            "bars": bars,
            "slot": slot_width(len(view.periods)),
            "width": WIDTH,
            "height": HEIGHT,
            "scale_labels": scale,
            "axis": axis_labels(view),
            "spans": period_spans(view, self.linked),
            "shown": shown,
            "granularities": self.time.granularity_links(view),
            "kinds": self.time.kind_links(),
            "scales": options.links(
                "scale", {"count": _("articles"), "share": _("share of the archive")}, self.scale, "count"
            ),
            "is_share": self.scale == "share",
            "is_event": view.kind == "event",
            "undated": series.undated,
            "imprecise": max(0, series.total - series.undated - series.shown)
            if view.kind == "published"
            else 0,
            "outside": view.outside if view.kind == "event" else 0,
            "undated_url": period_url(self.search, "published", "undated"),
            "table_url": table_url(self.search.request),
        }
        return ResultView("search/views/time.html", values, tuple(options.complaints))

    def table(self) -> TableFile:
        """Return all periods, also those without a hit."""
        view = self.view
        series = view.series[0]
        heads = _("period"), _("articles"), _("articles of the archive"), _("share (%)")
        rows = (
            (value, series.counts[at], view.archive[at], f"{view.share(series, at):.3f}")
            for at, value in enumerate(view.periods)
        )
        return TableFile(f"time-{view.granularity}", heads, rows)

    def _bars(self, series: TimeSeries) -> tuple[list[PeriodBar], tuple[str, ...]]:
        view, is_share = self.view, self.scale == "share"
        values = [
            view.share(series, at) if is_share else float(count) for at, count in enumerate(series.counts)
        ]
        scale = nice_scale(max(values, default=0), percent=is_share)
        chosen = {*self.search.request.dates, *self.search.request.events}
        bars = []
        first = len(values) - self.linked
        for at, value in enumerate(values):
            if not value:
                continue
            slot_x, x, width = bar_columns(len(values), at, right_to_left=get_language_bidi())
            height = bar_height(value, scale)
            period = view.periods[at]
            bars.append(
                PeriodBar(
                    label=date_label(period),
                    url=period_url(self.search, view.kind, period) if at >= first else "",
                    value=f"{percent_label(value)}%" if is_share else str(series.counts[at]),
                    is_chosen=period in chosen,
                    slot_x=slot_x,
                    x=x,
                    y=round(HEIGHT - height, 2),
                    width=width,
                    height=height,
                )
            )
        return bars, scale.labels


class ComparisonView:
    """Up to five queries under the same filters, as shares of the archive over time."""

    def __init__(self, search: PreparedSearch, engine: SearchEngine) -> None:
        self.time = TimeOptions(search)
        others = self.time.options.several("vs")
        queries = tuple(dict.fromkeys(filter(None, (search.request.q, *others))))
        if len(queries) > MAX_COMPARED:
            self.time.options.complaints.append(Complaint("too_many_compared", queries[MAX_COMPARED]))
        searches = self._affordable([search.with_changes(q=query) for query in queries[:MAX_COMPARED]])
        self.queries = queries[: len(searches)]
        searches = searches or [search]
        self.linked = min(MOST_BARS, shown_periods(search.request) * 2 // len(searches))
        self.view = build_time_view(searches, engine, self.time.kind, self.time.wanted, self.linked)
        self.search = search

    def _affordable(self, searches: Sequence[PreparedSearch]) -> Sequence[PreparedSearch]:
        """Return the first searches that together may be asked; complain about the next one."""
        spent = 0
        for number, each in enumerate(searches):
            spent += count_terms((each.compiled.strict,))
            if number and spent > MAX_COMPARED_TERMS:
                self.time.options.complaints.append(Complaint("too_costly_compared", each.request.q))
                return searches[:number]
        return searches

    def build(self) -> ResultView:
        """Return what the page shows."""
        view = self.view
        self.time.complain_of(view)
        shares = [[view.share(series, at) for at in range(len(view.periods))] for series in view.series]
        scale = nice_scale(max((max(values, default=0) for values in shares), default=0), percent=True)
        right_to_left = get_language_bidi()
        values: dict[str, Any] = {
            "lines": [
                chart_line(series.search.request.q, number, values, scale, right_to_left=right_to_left)
                for number, (series, values) in enumerate(zip(view.series, shares, strict=True))
            ],
            "width": WIDTH,
            "height": HEIGHT,
            "scale_labels": scale.labels,
            "axis": axis_labels(view),
            "queries": [self._compared(number, series) for number, series in enumerate(view.series)],
            "spans": period_spans(view, self.linked),
            "granularities": self.time.granularity_links(view),
            "kinds": self.time.kind_links(),
            "table_url": table_url(self.search.request),
            "can_add": len(self.queries) < MAX_COMPARED,
            "most": MAX_COMPARED,
        }
        return ResultView(
            "search/views/compare.html",
            values,
            tuple(self.time.options.complaints),
            stands_alone=any(series.total for series in view.series),
        )

    def table(self) -> TableFile:
        """Return all periods, with count and share of each query."""
        view = self.view
        names = [series.search.request.q for series in view.series]
        heads = [_("period"), _("articles of the archive")]
        for name in names:
            heads += [name, _("%(query)s: share (%%)") % {"query": name}]

        def rows() -> Iterator[Sequence[object]]:
            for at, value in enumerate(view.periods):
                cells: list[object] = [value, view.archive[at]]
                for series in view.series:
                    cells += [series.counts[at], f"{view.share(series, at):.3f}"]
                yield cells

        return TableFile(f"compare-{view.granularity}", heads, rows())

    def _compared(self, number: int, series: TimeSeries) -> ComparedQuery:
        query = series.search.request.q
        left = [other for other in self.queries if other != query]
        url = search_url(replace(series.search.request, view="list", view_options=()))
        return ComparedQuery(query, number + 1, series.total, url, self._url(left) if left else "")

    def _url(self, queries: Sequence[str]) -> str:
        kept = tuple(pair for pair in self.search.request.view_options if pair[0] != "vs")
        options = (*kept, *(("vs", query) for query in queries[1:]))
        return search_url(self.search.request, q=queries[0], view_options=options)
