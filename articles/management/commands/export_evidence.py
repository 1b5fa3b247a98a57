"""`export_evidence`: export articles as evidence, one zip each."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.history.evidence.dossier import export_evidence
from articles.management.argument_types import plain_text, row_number
from articles.models import Article


class Command(BaseCommand):
    help = "Writes articles as evidence: original, text, chain of custody and hashes, a zip for each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="+", type=row_number, metavar="ID", help="the articles' numbers")
        parser.add_argument("--to", required=True, metavar="FOLDER", help="where the files go")
        parser.add_argument(
            "--query", type=plain_text, default="", help="the search that found them, kept in the export"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = list(dict.fromkeys(options["ids"]))
        there = set(Article.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if missing := [str(pk) for pk in wanted if pk not in there]:
            raise CommandError(f"not in the archive: {', '.join(missing)}; nothing was written")
        folder = Path(options["to"])
        written = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for pk in wanted:
                made = export_evidence(
                    Article.objects.get(pk=pk), by="export_evidence", query=options["query"]
                )
                path = folder / made.name
                path.write_bytes(made.data)
                written.append({"article": pk, "file": str(path), "seal": made.seal})
        except OSError as error:
            raise CommandError(f"cannot be written: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps({"exports": written}, ensure_ascii=False))
            return
        for line in written:
            self.stdout.write(f"{line['file']}  seal {line['seal']}")
