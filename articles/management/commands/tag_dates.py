"""`tag_dates [--json]`: find the dates that stored articles mention again, with the current tables."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.metadata.date_mentions import tag_dates
from articles.models import Article
from articles.outbox.bulk_mode import bulk_transaction
from articles.outbox.commit_hooks import finish_indexing

#: Articles per transaction, which takes well below half a second.
CHUNK = 100


class Command(BaseCommand):
    """Exit code 0. A repeated run changes only what differs."""

    help = "Reads the dates that articles speak of again. Articles of an older version have none until then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, **options: Any) -> None:
        """Tag in short transactions, then report."""
        started, last_id, articles, dates = time.monotonic(), 0, 0, 0
        while chunk := list(Article.objects.filter(pk__gt=last_id).order_by("pk").defer("original")[:CHUNK]):
            with bulk_transaction([article.pk for article in chunk]):
                dates += sum(map(tag_dates, chunk))
            articles, last_id = articles + len(chunk), chunk[-1].pk
        finish_indexing()
        seconds = round(time.monotonic() - started, 1)
        if options["json"]:
            self.stdout.write(json.dumps({"articles": articles, "dates": dates, "seconds": seconds}))
        else:
            self.stdout.write(f"{articles} articles speak of {dates} dates ({seconds} s).")
