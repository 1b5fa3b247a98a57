"""`quality FOLDER`: all figures of search quality, for our engines and a plain Elasticsearch, in one run."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.engines.contract import EngineError
from search.evaluation.comparison import EvaluationSets, evaluate_systems
from search.evaluation.metrics import EvaluationFileError
from search.evaluation.quality_report import render_markdown, target_results
from search.management.command_options import CommandFailedError, add_json_option, write_output


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
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sets = EvaluationSets.from_folder(options["folder"], options["cases"])
            names = options["engine"] or list(settings.SEARCH_ENGINES)
            reference, *engines = evaluate_systems(sets, names, self.say)
        except EvaluationFileError as error:
            raise CommandError(str(error)) from error
        except EngineError as error:
            raise CommandFailedError(error) from error
        answer: dict[str, Any] = {
            "bars": [line.as_json() for line in target_results(reference, engines)],
            "reference": reference.as_json(),
            "engines": [each.as_json() for each in engines],
        }
        write_output(self.stdout, answer, render_markdown(reference, engines), json=options["json"])

    def say(self, text: str) -> None:
        self.stderr.write(text, style_func=str)
