"""`learn_furniture`: propose boilerplate rules for lines that repeat over the articles of a source."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.backfill.rule_learning import propose_rules
from articles.metadata.source_resolver import SourceResolver
from articles.models import Source


class Command(BaseCommand):
    """Exit code 0; 2: no such source. Proposed rules cut nothing until a librarian accepts them."""

    help = "Proposes cleaning rules for lines that repeat over the articles of a source."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", default="", metavar="NAME", help="only this source")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        sources = Source.objects.order_by("pk")
        if name := options["source"]:
            found = SourceResolver().find(name)
            if found is None:
                raise CommandError(f"There is no such source: {name}", returncode=2)
            sources = sources.filter(pk=found)
        proposed = [
            {"id": rule.pk, "source": source.name, "pattern": rule.pattern, **rule.seen}
            for source in sources
            for rule in propose_rules(source)
        ]
        report = {"proposed": proposed, "seconds": round(time.monotonic() - started, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for line in proposed:
            self.stdout.write(
                f"#{line['id']} {line['source']}: {line['pattern']}"
                f" ({line['articles']} of {line['of']} texts, {line['days']} days)"
            )
        self.stdout.write(f"{len(proposed)} proposed ({report['seconds']} s). They wait at the desk.")
