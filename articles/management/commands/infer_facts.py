"""`infer_facts`: infer missing title, byline, source, dateline and date of stored articles.

`infer_facts [--source NAME] [--dry-run] [--json]`
"""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.backfill.infer_metadata import infer_missing_fields, save_inferred
from articles.geotagging.geotagger import PlaceResolver
from articles.ingest.pipeline import today
from articles.metadata.inference import REVIEW_BELOW
from articles.models import Article, Source
from articles.outbox.bulk_mode import bulk_transaction
from articles.outbox.commit_hooks import finish_indexing

#: Articles per transaction.
CHUNK = 50


class Command(BaseCommand):
    """Exit code 0; 1 if there is no such source. A repeated run adds only what newer rules find."""

    help = "Infers title, byline, source, dateline and date of stored articles; fills only what is empty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", help="only articles of this source")
        parser.add_argument("--dry-run", action="store_true", help="count, and write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, **options: Any) -> None:
        """Infer in short transactions, then report."""
        started, last_id, articles, resolver = time.monotonic(), 0, 0, PlaceResolver()
        inferred: Counter[str] = Counter()
        doubtful = 0
        wanted = self._articles(options["source"])
        while chunk := list(wanted.filter(pk__gt=last_id)[:CHUNK]):
            with bulk_transaction([article.pk for article in chunk]):
                for article in chunk:
                    facts = infer_missing_fields(article, today())
                    inferred.update(each.field for each in facts)
                    doubtful += sum(each.confidence < REVIEW_BELOW for each in facts)
                    if facts and not options["dry_run"]:
                        save_inferred(article, facts, resolver)
            articles, last_id = articles + len(chunk), chunk[-1].pk
        if not options["dry_run"]:
            finish_indexing()
        report = {
            "articles": articles,
            "inferred": {name: inferred[name] for name in ("title", "byline", "source", "dateline", "date")},
            "doubtful": doubtful,
            "seconds": round(time.monotonic() - started, 1),
        }
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            named = ", ".join(f"{count} {name}s" for name, count in inferred.most_common()) or "nothing"
            self.stdout.write(f"Of {articles} articles inferred: {named}; {doubtful} to review.")

    @staticmethod
    def _articles(source: str | None) -> Any:
        wanted = Article.objects.order_by("pk").select_related("source").defer("original")
        if source is None:
            return wanted
        if not Source.objects.filter(name=source).exists():
            raise CommandError(f"there is no source {source!r}")
        return wanted.filter(source__name=source)
