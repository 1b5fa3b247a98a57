"""`import_archive`: load a bag of `export_archive` into an empty archive."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.bags.bag_import import BagRefusedError, import_bag


class Command(BaseCommand):
    help = (
        "Loads a bag that export_archive wrote into an archive without articles, with the same numbers, "
        "revisions and provenance. Accounts are made by name, and cannot log in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", help="the bag")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = import_bag(Path(options["folder"]))
        except BagRefusedError as error:
            raise CommandError(f"nothing was loaded: {error}") from error
        self.stdout.write(json.dumps({"articles": loaded}) if options["json"] else f"{loaded} articles")
