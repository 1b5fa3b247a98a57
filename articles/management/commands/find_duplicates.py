"""`find_duplicates`: find near-duplicate articles and group them into stories."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from articles.models import StoryLink, StoryMember
from articles.near_duplicates.clusters import iter_compare_all
from articles.near_duplicates.pairs import find_repeated_texts
from articles.outbox.commit_hooks import finish_indexing


class Command(BaseCommand):
    help = "Groups articles that are versions of one report; imports do it by themselves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="compare all articles again, not only those never compared"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        compared = 0
        for compared in iter_compare_all(again=options["all"]):
            self.stderr.write(f"{compared:,} compared")
        stories = StoryMember.objects.values("story").annotate(size=Count("article"))
        report = {
            "compared": compared,
            "pairs": StoryLink.objects.count() + find_repeated_texts()[0],
            "stories": stories.count(),
            "articles": StoryMember.objects.count(),
            "seconds": round(time.monotonic() - started, 1),
        }
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            self.stdout.write(", ".join(f"{name} {value:,}" for name, value in report.items()))
        if not finish_indexing():
            self.stderr.write("The stories are saved; the search follows when the search engine is back.")
