"""The options of commands that search: query, filters, depth and order, as the page has them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from search.management.command_options import add_exclusion_options, date_argument, text_argument
from search.query.request import DEFAULT_PAGE_SIZE, LEVELS, SORTS, SearchRequest, date_bounds


def add_search_options(parser: ArgumentParser) -> None:
    """Add the query and every option that says what is searched, and in which order."""
    parser.add_argument(
        "query", type=text_argument, metavar="QUERY", help='as in the search box; "" lists everything'
    )
    parser.add_argument(
        "--city",
        type=text_argument,
        action="append",
        default=[],
        metavar="C",
        help="by any name; repeatable",
    )
    parser.add_argument(
        "--governorate", type=text_argument, action="append", default=[], metavar="G", help="repeatable"
    )
    parser.add_argument(
        "--country",
        type=text_argument,
        action="append",
        default=[],
        metavar="C",
        help="by any name or its code (SY); repeatable",
    )
    parser.add_argument(
        "--all-places",
        action="store_true",
        help="only articles that mention each of the cities, governorates and countries, not any of them",
    )
    parser.add_argument(
        "--about",
        action="store_true",
        help="only articles that are about these places, not every one that mentions them",
    )
    parser.add_argument(
        "--source", type=text_argument, action="append", default=[], metavar="S", help="repeatable"
    )
    add_exclusion_options(parser)
    parser.add_argument("--from", dest="date_from", type=date_argument, metavar="D")
    parser.add_argument("--to", dest="date_to", type=date_argument, metavar="D")
    parser.add_argument(
        "--event",
        type=date_argument,
        action="append",
        default=[],
        metavar="D",
        help="a date that articles speak of; repeatable",
    )
    parser.add_argument("--event-from", type=date_argument, metavar="D")
    parser.add_argument("--event-to", type=date_argument, metavar="D")
    parser.add_argument(
        "--level",
        choices=LEVELS,
        default="all",
        help="how deep words are searched: as written, close forms too, all forms too (the default)",
    )
    parser.add_argument(
        "--without",
        type=text_argument,
        action="append",
        default=[],
        metavar="NAME",
        help='do not search for this other name or spelling; repeatable, "OCR" = no likely words of scans, '
        '"*" = for none of them',
    )
    parser.add_argument(
        "--with",
        dest="included",
        type=text_argument,
        action="append",
        default=[],
        metavar="NAME",
        help="also search for this offered expansion, as the line of expansions shows it; repeatable",
    )
    parser.add_argument(
        "--group", choices=("story",), default="", help="each story once, by its best article"
    )
    parser.add_argument("--sort", choices=SORTS, default="relevance")


def request_from_options(options: Mapping[str, Any]) -> SearchRequest:
    """Return the search that the options describe. Raises CommandError for a period that ends too early."""
    request = SearchRequest(
        q=options["query"],
        countries=tuple(options["country"]),
        governorates=tuple(options["governorate"]),
        cities=tuple(options["city"]),
        place_all=options["all_places"],
        about=options["about"],
        sources=tuple(options["source"]),
        not_places=tuple(options["not_place"]),
        not_sources=tuple(options["not_source"]),
        not_dates=tuple(options["not_date"]),
        date_from=options["date_from"] or "",
        date_to=options["date_to"] or "",
        events=tuple(options["event"]),
        event_from=options["event_from"] or "",
        event_to=options["event_to"] or "",
        level=options["level"],
        without=tuple(options["without"]),
        included=tuple(options["included"]),
        sort=options["sort"],
        group=options["group"],
        size=options.get("size", DEFAULT_PAGE_SIZE),
        page=options.get("page", 1),
    )
    for prefix, first, last in (
        ("--", request.date_from, request.date_to),
        ("--event-", request.event_from, request.event_to),
    ):
        if first and last and date_bounds(first)[0] > date_bounds(last)[1]:
            raise CommandError(f"{prefix}from is after {prefix}to", returncode=2)
    return request
