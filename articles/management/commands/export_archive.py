"""`export_archive`: the whole archive as a BagIt bag."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.bags.bag_export import export_bag
from articles.bags.bag_tables import BagContent


class Command(BaseCommand):
    help = (
        "Writes all articles with their originals, revisions and provenance into a folder, as a BagIt bag "
        "that import_archive loads into an empty archive. For the hits of a search: export --format bag."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", help="a new or empty folder")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        try:
            written = export_bag(folder, BagContent())
        except OSError as error:
            raise CommandError(f"cannot be written: {error}") from error
        self.stdout.write(
            json.dumps({"articles": written, "folder": str(folder)}, ensure_ascii=False)
            if options["json"]
            else f"{written} articles in {folder}"
        )
