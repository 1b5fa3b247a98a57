"""`benchmark`: how fast searches and imports are, beside a plain Elasticsearch in the same run.

The measuring is in tools/benchmark/, outside of the packages; docs/performance.md says what is measured.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tools.benchmark import speed_report
from tools.benchmark.measured_archive import ENGINES, SAMPLES, BenchmarkError, BenchmarkOptions
from tools.benchmark.run import NoServerError, benchmark


class Command(BaseCommand):
    """Exit code 0: measured; 1: a step failed; 2: wrong arguments, or no Elasticsearch to compare with."""

    help = (
        "Measures searches, index size and import in temporary archives, beside a plain Elasticsearch that "
        "is asked in turn. Writes docs/performance.md and docs/benchmark.json. Nothing else should run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
        parser.add_argument(
            "--corpus", type=Path, default=SAMPLES, help="what import_articles takes; default: the samples"
        )
        parser.add_argument(
            "--sets",
            type=Path,
            help="folder with files of queries, as for quality; default: made from headlines of the corpus",
        )
        parser.add_argument(
            "--articles", type=int, default=0, help="as many: real ones, then variants with words exchanged"
        )
        parser.add_argument(
            "--queries", type=int, default=300, help="at most so many of a set; default 300; 0: no searches"
        )
        parser.add_argument("--warm", type=int, default=200, help="other queries before; default 200")
        parser.add_argument(
            "--saves", type=int, default=100, help="so many articles are saved; default 100; 0: none"
        )
        parser.add_argument("--seed", type=int, default=1, help="another one gives other variants; default 1")
        parser.add_argument(
            "--against",
            type=Path,
            metavar="CHECKOUT",
            help="also import, in turn with this one",
        )
        parser.add_argument(
            "--no-reference",
            action="store_true",
            help="the embedded engine's times alone",
        )
        parser.add_argument(
            "--keep",
            type=Path,
            metavar="FOLDER",
            help="keep the archive and its indexes there; if they are there, measure them",
        )
        parser.add_argument("--build-only", action="store_true", help="with --keep: build, measure nothing")
        parser.add_argument(
            "--output",
            type=Path,
            default=settings.BASE_DIR / "docs",
            metavar="FOLDER",
            help="folder of performance.md and benchmark.json; default: docs",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = BenchmarkOptions(
            engines=ENGINES if options["engine"] == "both" else (options["engine"],),
            corpus=options["corpus"],
            sets=options["sets"],
            articles=options["articles"],
            queries=options["queries"],
            warm=options["warm"],
            saves=options["saves"],
            seed=options["seed"],
            against=options["against"],
            reference=not options["no_reference"],
            keep=options["keep"],
            build_only=options["build_only"],
            say=partial(self.stderr.write, style_func=str),
        )
        for path in (asked.corpus, asked.sets, asked.against and asked.against / "manage.py"):
            if path is not None and not path.exists():
                raise CommandError(f"There is no such file or folder: {path}", returncode=2)
        if min(asked.queries, asked.warm, asked.saves, asked.articles) < 0:
            raise CommandError("numbers of queries, saves and articles are positive", returncode=2)
        if asked.build_only and not asked.keep:
            raise CommandError("--build-only goes with --keep only", returncode=2)
        if not asked.reference and options["engine"] != "embedded":
            raise CommandError("--no-reference goes with --engine embedded only", returncode=2)
        try:
            run = benchmark(asked)
            if asked.build_only:
                return
            speed_report.write(options["output"], run)
        except NoServerError as reason:
            raise CommandError(str(reason), returncode=2) from reason
        except BenchmarkError as reason:
            raise CommandError(str(reason), returncode=1) from reason
        except OSError as reason:
            raise CommandError(f"{type(reason).__name__}: {reason}", returncode=1) from reason
        text = json.dumps(run, ensure_ascii=False) if options["json"] else speed_report.render(run)
        self.stdout.write(text)
