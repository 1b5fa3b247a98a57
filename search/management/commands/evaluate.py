"""`evaluate DOCS QUERIES…`: search quality and speed, in a temporary index next to the archive."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.contract import EngineError
from search.evaluation.metrics import (
    EvaluationFileError,
    QuerySetMetrics,
    evaluate_queries,
    query_set_name,
    read_documents,
    read_queries,
    temporary_index,
)
from search.management.command_options import (
    CommandFailedError,
    add_engine_option,
    add_json_option,
    engine_from_options,
    write_output,
)

#: Queries between two progress messages.
_EVERY = 200


class Command(BaseCommand):
    help = "Measures search quality: indexes DOCS for a moment and asks each query as the page would."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("docs", type=Path, metavar="DOCS", help="jsonl or jsonl.gz: id, title, body")
        parser.add_argument(
            "queries", type=Path, nargs="+", metavar="QUERIES", help="jsonl or jsonl.gz: id, text, relevant"
        )
        add_engine_option(parser)
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        engine = engine_from_options(options)
        try:
            records = read_documents(options["docs"])
            sets = [(query_set_name(path), read_queries(path)) for path in options["queries"]]
            self.say(f"indexing {len(records)} documents")
            started = time.perf_counter()
            with temporary_index(engine, records) as (index, store):
                seconds = time.perf_counter() - started
                self.say(f"indexed in {seconds:.1f} s")
                measured = [
                    evaluate_queries(name, queries, index, store, partial(self.progress, name))
                    for name, queries in sets
                ]
        except EvaluationFileError as error:
            raise CommandError(str(error)) from error
        except EngineError as error:
            raise CommandFailedError(error) from error
        answer = {
            "engine": engine.name,
            "documents": len(records),
            "build_seconds": round(seconds, 2),
            "sets": [each.as_json() for each in measured],
        }
        write_output(self.stdout, answer, "\n".join(_table(measured)), json=options["json"])

    def progress(self, name: str, done: int) -> None:
        if done % _EVERY == 0:
            self.say(f"{name}: {done}")

    def say(self, text: str) -> None:
        self.stderr.write(text, style_func=str)


def _table(measured: list[QuerySetMetrics]) -> list[str]:
    heads = ("queries", "MRR@10", "hit@10", "nDCG@10", "p50 ms", "p95 ms")
    rows = [(name, row) for each in measured for name, row in _rows(each)]
    return [f"{'set':<12} " + " ".join(f"{head:>7}" for head in heads)] + [
        f"{name:<12} {row.queries:>7} {row.mrr10:>7.3f} {row.hit10:>7.3f} {row.ndcg10:>7.3f} "
        f"{row.p50_ms:>7.1f} {row.p95_ms:>7.1f}"
        for name, row in rows
    ]


def _rows(measured: QuerySetMetrics) -> list[tuple[str, QuerySetMetrics]]:
    """Return the set, then its kinds, indented."""
    return [(measured.name, measured), *((f"  {kind.name}", kind) for kind in measured.kinds)]
