"""`check_index`: compare the index with the database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles.models import Article
from search.engines.contract import EngineError
from search.indexing import index_repair, verify
from search.locks import LockHeldError
from search.management.command_options import CommandFailedError, add_json_option, write_output

#: Articles listed per kind of fault; the counts are complete.
_SHOWN = 20


class Command(BaseCommand):
    help = "Compares the search index with the database, article by article. Exit code 1 when they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="send what differs, rebuild what is damaged"
        )
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rebuilt = options["repair"] and index_repair.repair_damage()
            checked = verify.verify_index(repair=options["repair"])
        except (EngineError, LockHeldError) as error:
            raise CommandFailedError(error) from error
        faults = checked.faults
        kinds = {"missing": faults.missing, "extra": faults.extra, "differing": faults.differing}
        counts = {kind: len(ids) for kind, ids in kinds.items()}
        held = Article.objects.filter(state=Article.State.HELD).count()
        answer = {
            "clean": checked.clean,
            "documents": faults.documents,
            **counts,
            "held": held,
            "waiting": checked.waiting,
            "repaired": checked.repaired,
            "damage": list(checked.damage),
            "rebuilt": bool(rebuilt),
            "examples": {kind: ids[:_SHOWN] for kind, ids in kinds.items() if ids},
        }
        lines = [
            f"{'clean' if checked.clean else 'NOT clean'}: {faults.documents} articles, "
            + ", ".join(f"{number} {kind}" for kind, number in counts.items())
        ]
        lines += [f"{kind}: {', '.join(map(str, ids[:_SHOWN]))}" for kind, ids in kinds.items() if ids]
        lines += [f"damaged: {fault}" for fault in checked.damage]
        lines += [f"damaged, therefore built anew: {fault}" for fault in rebuilt or ()]
        if held:
            lines.append(f"{held} articles are held for review: no search finds them")
        lines.append(f"{checked.waiting} wait in the outbox, {checked.repaired} repaired")
        write_output(self.stdout, answer, "\n".join(lines), json=options["json"])
        if not checked.clean:
            sys.exit(1)
