"""`check_cases CASES.tsv`: check that searches find what they must, and nothing that they must not."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.contract import EngineError
from search.evaluation.match_cases import check_cases, read_cases
from search.evaluation.metrics import EvaluationFileError
from search.management.command_options import (
    CommandFailedError,
    add_engine_option,
    add_json_option,
    engine_from_options,
    write_output,
)


class Command(BaseCommand):
    help = "Checks pairs of query and text in a throw-away index, and what imports read from texts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", type=Path, metavar="CASES.tsv", help="group, query, text, expect, note")
        add_engine_option(parser)
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = check_cases(read_cases(options["cases"]), engine_from_options(options))
        except EvaluationFileError as error:
            raise CommandError(str(error)) from error
        except EngineError as error:
            raise CommandFailedError(error) from error
        write_output(self.stdout, answer, "\n".join(_lines(answer)), json=options["json"])


def _lines(answer: dict[str, Any]) -> list[str]:
    lines = [
        f"{part} {name}: {count['passed']} of {count['total']}"
        for part in ("plain", "extraction")
        for name, count in answer[part].items()
    ]
    return lines + [
        f"FAILED line {each['row']} ({each['group']}): {each['query']} — {each['text']} [{each['expect']}]"
        for each in answer["failures"]
    ]
