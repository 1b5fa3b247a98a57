"""`search QUERY`: the result list of the page, on the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.contract import EngineError
from search.management.command_options import (
    CommandFailedError,
    add_engine_option,
    add_exclusion_options,
    add_json_option,
    date_argument,
    engine_from_options,
    page_number_argument,
    page_size_argument,
    text_argument,
    write_output,
)
from search.query.request import DEFAULT_PAGE_SIZE, LEVELS, SORTS, SearchRequest, date_bounds
from search.results import Hit, RelaxationKind, ResultPage
from search.retrieval.service import run_search
from search.web.viewmodels.complaints import complaint_message
from search.web.viewmodels.json_results import page_as_json
from search.web.viewmodels.query_suggestions import expansion_label

_ZERO_RESULT_HINTS: dict[RelaxationKind, str] = {
    "level": "with --level all",
    "place": "without --city, --governorate and --country",
    "source": "without --source",
    "date": "without --from and --to",
    "event": "without --event, --event-from and --event-to",
    "exclusion": "without --not-place, --not-source and --not-date",
    "filters": "without filters",
    "unquoted": "anywhere in the text",
    "words": "only these words",
}
#: Descriptions of the changes to a query word in a close hit, by kind of change.
_CHANGES = {
    "left_out": "without: {typed}",
    "corrected": "instead of {typed}: {became}",
    "apart": "not in a row: {typed}",
}


class Command(BaseCommand):
    help = "Searches the archive: strict hits first, then close ones, as the page shows them."

    def add_arguments(self, parser: ArgumentParser) -> None:
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
            help='do not search for this other name or spelling; repeatable, "*" = for none of them',
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
        parser.add_argument(
            "--size", type=page_size_argument, default=DEFAULT_PAGE_SIZE, metavar="N", help="hits on a page"
        )
        parser.add_argument("--page", type=page_number_argument, default=1, metavar="N")
        add_engine_option(parser)
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
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
            size=options["size"],
            page=options["page"],
        )
        for prefix, first, last in (
            ("--", request.date_from, request.date_to),
            ("--event-", request.event_from, request.event_to),
        ):
            if first and last and date_bounds(first)[0] > date_bounds(last)[1]:
                raise CommandError(f"{prefix}from is after {prefix}to", returncode=2)
        try:
            page = run_search(request, engine=engine_from_options(options))
        except EngineError as error:
            raise CommandFailedError(error) from error
        write_output(self.stdout, page_as_json(page), "\n".join(_lines(page)), json=options["json"])


def _lines(page: ResultPage) -> list[str]:
    lines = [complaint_message(complaint) for complaint in page.complaints]
    for active, text in ((True, "also searched for"), (False, "not searched for")):
        if shown := [expansion_label(each) for each in page.expansions if each.active == active]:
            lines.append(f"{text}: {', '.join(dict.fromkeys(shown))}")
    lines.append(f"{page.total} articles, page {page.page} of {page.pages}, {page.took_ms:.0f} ms")
    if page.stories is not None:
        lines.append(f"{page.stories} stories")
    lines += _advice(page)
    for number, hit in enumerate(page.hits, start=1):
        if not hit.strict and (number == 1 or page.hits[number - 2].strict):
            lines.append("-- close results --")
        about = "، ".join(label for _value, label in hit.record.about)
        where = " · ".join(filter(None, (hit.record.date_value, hit.record.source, about)))
        lines += [f"{hit.record.id}  {hit.record.title}", f"    {where}", f"    {_one_line(hit)}"]
        lines += [f"    also: {other.id}  {other.source} {other.date_value}" for other in hit.also]
        lines += [
            f"    {_CHANGES[each.kind].format(typed=each.typed, became=each.became)}" for each in hit.changes
        ]
    return lines


def _advice(page: ResultPage) -> list[str]:
    """Return lines of suggested queries and of missing words."""
    lines = [f"did you mean: {each.text} ({each.count})" for each in page.suggestions]
    for each in page.missing:
        if not each.count:
            lines.append(f"no article has: {each.word}")
        if each.dropped_count:
            lines.append(f"without {each.word}: {each.dropped_query} ({each.dropped_count})")
    return lines + [f"{_ZERO_RESULT_HINTS[way.kind]}: {way.query} ({way.count})" for way in page.ways_out]


def _one_line(hit: Hit) -> str:
    return " ".join(hit.snippet.plain.split())
