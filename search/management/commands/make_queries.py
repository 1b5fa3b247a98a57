"""`make_queries FOLDER`: query sets with known answers, made from an operator's own articles."""

from __future__ import annotations

import gzip
import json
import random
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from search.evaluation.known_items import MIN_BODY_WORDS, build_query_sets, seeded_random, select_headlines
from search.evaluation.metrics import EvaluationFileError, read_documents, read_queries
from search.management.command_options import CommandFailedError, add_json_option, write_output
from search.results import Record

#: Articles per database query.
_CHUNK = 500


class Command(BaseCommand):
    help = (
        "Writes docs.jsonl.gz (articles without their headlines) and queries, short and noisy.jsonl (the "
        "headlines, their first three content words, those damaged) into FOLDER, for evaluate and quality."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="made if it is not there")
        parser.add_argument(
            "--docs", type=Path, help="jsonl or jsonl.gz: id, title, body; default: the archive"
        )
        parser.add_argument("--articles", type=int, default=10_000, help="at most so many; default 10000")
        parser.add_argument(
            "--queries", type=int, default=1_000, help="at most so many in a set; default 1000"
        )
        parser.add_argument("--seed", type=int, default=1, help="another number gives other sets; default 1")
        parser.add_argument(
            "--without",
            type=Path,
            nargs="+",
            default=[],
            metavar="QUERIES",
            help="files of queries whose articles are not asked for again",
        )
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = frozenset(
                key for path in options["without"] for query in read_queries(path) for key in query.relevant
            )
            chance = seeded_random(options["seed"])
            if options["docs"]:
                records = _sampled(read_documents(options["docs"]), options["articles"], chance)
            else:
                records = _from_archive(options["articles"], chance)
            asked = _sampled(select_headlines(records, taken), options["queries"], chance)
            if not asked:
                raise CommandError(
                    "no article has a headline of three content words over a text of "
                    f"{MIN_BODY_WORDS} words: there is nothing to ask for"
                )
            sets = build_query_sets(asked, options["seed"])
            _write(options["folder"], records, sets)
        except EvaluationFileError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandFailedError(error) from error
        answer = {"documents": len(records), **{name: len(lines) for name, lines in sets.items()}}
        write_output(
            self.stdout,
            answer,
            f"{len(records)} articles and {len(asked)} queries of each kind in {options['folder']}",
            json=options["json"],
        )


def _sampled(things: Sequence[Any], at_most: int, chance: random.Random) -> list[Any]:
    """Return a random sample of at most `at_most` things, in their order."""
    if len(things) <= at_most:
        return list(things)
    return [things[at] for at in sorted(chance.sample(range(len(things)), at_most))]


def _from_archive(at_most: int, chance: random.Random) -> list[Record]:
    """Return published articles. A title that was derived from the text is left empty."""
    ids = list(Article.objects.visible().order_by("pk").values_list("pk", flat=True))
    chosen = _sampled(ids, at_most, chance)
    return [
        Record(id=pk, title="" if derived else title, body=body, external_id=str(pk))
        for start in range(0, len(chosen), _CHUNK)
        for pk, title, derived, body in Article.objects.visible()
        .filter(pk__in=chosen[start : start + _CHUNK])
        .order_by("pk")
        .values_list("pk", "title", "title_derived", "body")
    ]


def _write(
    folder: Path, records: Iterable[Record], sets: Mapping[str, Iterable[Mapping[str, object]]]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / "docs.jsonl.gz", "wt", encoding="utf-8") as docs:
        for record in records:
            # With the headline in the index, every query made from it would be trivial.
            line = {"id": record.external_id, "title": "", "body": record.body}
            docs.write(json.dumps(line, ensure_ascii=False) + "\n")
    for name, lines in sets.items():
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
