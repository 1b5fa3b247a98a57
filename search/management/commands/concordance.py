"""`concordance QUERY`: every occurrence of the searched words in its sentence, over all hits."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand

from search.concordance.context_lines import (
    LINE_ORDERS,
    Concordance,
    ContextLine,
    build_concordance,
    read_lines,
)
from search.concordance.hit_sample import HitSample
from search.concordance.occurrences import OccurrenceFinder
from search.concordance.word_association import WordList, distinctive_words, word_partners
from search.engines.contract import EngineError
from search.management.command_options import (
    CommandFailedError,
    add_engine_option,
    add_json_option,
    engine_from_options,
    write_output,
)
from search.management.search_options import add_search_options, request_from_options
from search.query.compiler import prepare_search

#: Characters on either side of a word in the output for people.
_WIDTH = 50


class Command(BaseCommand):
    help = "Shows the searched words in context: each occurrence in its sentence, over all hits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_search_options(parser)
        parser.add_argument(
            "--words",
            choices=("lines", "partners", "distinctive"),
            default="lines",
            help="the lines, the words near the searched ones, or those that set the hits apart",
        )
        parser.add_argument("--order", choices=LINE_ORDERS, default="date", help="the order of the lines")
        parser.add_argument("--lines", type=int, default=None, metavar="N", help="only the first N lines")
        add_engine_option(parser)
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        search, engine = prepare_search(request_from_options(options)), engine_from_options(options)
        finder = OccurrenceFinder(search.compiled)
        try:
            sample = HitSample(search, engine, budget=None)
            if options["words"] == "lines":
                found = build_concordance(sample, finder, options["order"], search.store)
                places = islice(found.places, options["lines"])
                lines = read_lines(places, finder, engine, search.store)
                self._write_lines(found, lines, as_json=options["json"])
            elif options["words"] == "partners":
                self._write_words(word_partners(sample, finder), as_json=options["json"])
            else:
                words = distinctive_words(search, sample, finder, engine)
                self._write_words(words, as_json=options["json"])
        except EngineError as error:
            raise CommandFailedError(error) from error

    def _write_lines(self, found: Concordance, lines: Iterable[ContextLine], *, as_json: bool) -> None:
        """Write the lines: for people each as soon as it is read, as JSON all in one object."""
        if as_json:
            answer = {
                "articles": found.total,
                "occurrences": len(found.places),
                "lines": [_line_as_json(line) for line in lines],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for line in lines:
            before, after = " ".join(line.before.split()), " ".join(line.after.split())
            self.stdout.write(f"{line.record.id}  {before[-_WIDTH:]} [{line.word}] {after[:_WIDTH]}")

    def _write_words(self, found: WordList, *, as_json: bool) -> None:
        text = "\n".join(
            f"{each.log_likelihood:9.1f}  {each.here:7}  {each.in_all:7}  {each.word}" for each in found.words
        )
        write_output(
            self.stdout,
            {"articles": found.total, "words": [asdict(each) for each in found.words]},
            text,
            json=as_json,
        )


def _line_as_json(line: ContextLine) -> dict[str, object]:
    return {
        "article": line.record.id,
        "date": line.record.date_value,
        "source": line.record.source,
        "field": line.field,
        "before": " ".join(line.before.split()),
        "word": line.word,
        "after": " ".join(line.after.split()),
    }
