"""`cite ID`: the citation of an article."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from articles.management.argument_types import row_number
from search.management.command_options import CommandFailedError
from search.store.article_rows import article_rows
from search.store.database import DatabaseStore
from search.web.citation.citation_views import CITATION_FORMS
from search.web.citation.csl import csl_item
from search.web.viewmodels.permalinks import public_permalink


class Command(BaseCommand):
    help = "Prints the citation of an article that readers may see."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=row_number, metavar="ID", help="the article's number")
        parser.add_argument("--format", choices=CITATION_FORMS, default="txt", help="default: txt")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="of the words around the article's own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = article_rows(DatabaseStore(), [options["id"]])
        if not rows:
            raise CommandFailedError(LookupError(f"no article {options['id']} that readers may see"))
        with translation.override(options["language"]):
            item = csl_item(rows[0], public_permalink(options["id"]), timezone.localdate())
            _type, write = CITATION_FORMS[options["format"]]
            self.stdout.write(write(item).rstrip("\r\n"))
