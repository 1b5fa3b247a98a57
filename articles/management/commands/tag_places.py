"""`tag_places`: find the places of stored articles again, with the current names and tables.

`tag_places [--place NAME] [--source NAME] [--dry-run] [--json]`
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.backfill.retag_places import CHUNK, RetagScope, pending_retags, select_affected
from articles.geotagging.geotagger import PlaceResolver, fill_missing_regions, find_places_by_name, tag_places
from articles.models import Article, MergedSource, Source
from articles.outbox.bulk_mode import bulk_transaction
from articles.outbox.commit_hooks import finish_indexing


class Command(BaseCommand):
    """Exit code 0; 1 for an unknown name.

    A repeated run changes only what differs; decisions of librarians are kept.
    """

    help = "Looks for the places of stored articles again, with the names and tables of now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--place", metavar="NAME", help="only articles that name this place, by any name")
        parser.add_argument("--source", metavar="NAME", help="only articles of this source")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, **options: Any) -> None:
        """Tag in short transactions, then report."""
        started = time.monotonic()
        report = {"articles": 0, "changed": 0, "mentions": 0}
        whole = not (options["place"] or options["source"] or options["dry_run"])
        asked = list(pending_retags().values_list("pk", flat=True)) if whole else []
        if whole:
            fill_missing_regions()
        resolver = PlaceResolver()
        for chunk in self._chunks(options):
            with bulk_transaction(chunk):
                resolver.reload_if_renamed()
                for article in Article.objects.filter(pk__in=chunk).order_by("pk").defer("original"):
                    tagging = tag_places(article, None, resolver)
                    report["articles"] += 1
                    report["changed"] += tagging.changed
                    report["mentions"] += tagging.mentions
                transaction.set_rollback(options["dry_run"])
            if options["dry_run"]:
                resolver.clear_cache()  # the creation of places was rolled back
            if report["articles"] % 1000 < CHUNK:
                self.stderr.write(f"{report['articles']:,} looked at, the last #{chunk[-1]}")
        if not options["dry_run"]:
            pending_retags().filter(pk__in=asked).update(finished_at=timezone.now())
            finish_indexing()
        seconds = round(time.monotonic() - started, 1)
        if options["json"]:
            self.stdout.write(json.dumps({**report, "dry_run": options["dry_run"], "seconds": seconds}))
            return
        would = "would change" if options["dry_run"] else "changed"
        self.stdout.write(
            f"{report['articles']} articles looked at, {report['changed']} {would}, "
            f"{report['mentions']} mentions ({seconds} s)."
        )

    def _chunks(self, options: dict[str, Any]) -> Iterator[list[int]]:
        articles = Article.objects.all()
        if options["source"]:
            articles = articles.filter(source__in=self._sources(options["source"]))
        names = self._names(options["place"]) if options["place"] else None
        last = 0
        while True:
            ids, last = select_affected(articles, last, names)
            if ids:
                yield ids
            if not last:
                return

    def _names(self, name: str) -> RetagScope:
        places = find_places_by_name(name)
        if not places:
            raise CommandError(f"no place is called {name!r}")
        return RetagScope.for_places(places)

    def _sources(self, name: str) -> QuerySet[Source]:
        found = Source.objects.filter(name=name) or Source.objects.filter(
            pk__in=MergedSource.objects.filter(name=name).values("source")
        )
        if not found:
            raise CommandError(f"no source is called {name!r}")
        return found
