"""`quality FOLDER`: every figure of search quality, for our engines and a plain Elasticsearch, in one run."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.engines.contract import EngineError
from search.evaluation.analysis_cost import measure_cost
from search.evaluation.comparison import Sets, measure_all
from search.evaluation.metrics import BadFileError
from search.evaluation.quality_report import cost_table, lines, markdown
from search.management.command_output import CannotError, add_json, report


class Command(BaseCommand):
    help = (
        "Measures search quality on the documents and queries of FOLDER (make_queries writes one), for the "
        "engines and, on the same Elasticsearch, for its built-in `arabic` analyzer. Prints Markdown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="docs.jsonl.gz and queries, *.jsonl")
        parser.add_argument("--cases", type=Path, metavar="CASES.tsv", help="also check_cases on this file")
        parser.add_argument(
            "--engine",
            action="append",
            choices=sorted(settings.SEARCH_ENGINES),
            help="only this one (may repeat); default: all",
        )
        parser.add_argument(
            "--cost",
            action="store_true",
            help="also what the dictionary costs: minutes more, on an idle machine",
        )
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sets = Sets.in_folder(options["folder"], options["cases"])
            names = options["engine"] or list(settings.SEARCH_ENGINES)
            reference, *engines = measure_all(sets, names, self.say)
            cost = measure_cost(sets.documents, names) if options["cost"] else None
        except BadFileError as error:
            raise CommandError(str(error)) from error
        except EngineError as error:
            raise CannotError(error) from error
        answer: dict[str, Any] = {
            "bars": [line.as_json() for line in lines(reference, engines)],
            "reference": reference.as_json(),
            "engines": [each.as_json() for each in engines],
        }
        text = markdown(reference, engines)
        if cost:
            answer["cost"] = cost.as_json()
            text += f"\n\n{cost_table(cost)}"
        report(self.stdout, answer, text, json=options["json"])

    def say(self, text: str) -> None:
        self.stderr.write(text, style_func=str)
