"""`search QUERY`: the result list of the page, on the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand

from search.engines.contract import EngineError
from search.management.command_options import (
    CommandFailedError,
    add_engine_option,
    add_json_option,
    engine_from_options,
    page_number_argument,
    page_size_argument,
    write_output,
)
from search.management.search_options import add_search_options, request_from_options
from search.query.compiler import MIN_SENTENCE_WORDS
from search.query.request import DEFAULT_PAGE_SIZE
from search.results import Hit, RelaxationKind, ResultPage
from search.retrieval.service import run_search
from search.web.viewmodels.complaints import complaint_message
from search.web.viewmodels.json_results import page_as_json
from search.web.viewmodels.query_suggestions import expansion_label
from search.web.viewmodels.result_list import content_changes

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
        add_search_options(parser)
        parser.add_argument(
            "--close",
            choices=("all",),
            default="",
            help="list all close hits after the strict ones, not five in short below fewer than five",
        )
        parser.add_argument(
            "--size", type=page_size_argument, default=DEFAULT_PAGE_SIZE, metavar="N", help="hits on a page"
        )
        parser.add_argument("--page", type=page_number_argument, default=1, metavar="N")
        add_engine_option(parser)
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        request = replace(request_from_options(options), close=options["close"])
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
            lines.append(f"-- articles that lack some of the words ({page.close_total}) --")
        about = "، ".join(label for _value, label in hit.record.about)
        where = " · ".join(filter(None, (hit.record.date_value, hit.record.source, about)))
        lines += [f"{hit.record.id}  {hit.record.title}", f"    {where}"]
        lines += [f"    {text}"] if (text := _one_line(hit)) else []
        lines += [f"    also: {other.id}  {other.source} {other.date_value}" for other in hit.also]
        lines += [
            f"    {_CHANGES[each.kind].format(typed=each.typed, became=each.became)}"
            for each in content_changes(hit.changes)
        ]
        if hit.words and hit.words.asked >= MIN_SENTENCE_WORDS:
            lines.append(f"    has {hit.words.found} of {hit.words.asked} words")
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
