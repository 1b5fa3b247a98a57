"""`rebuild_index`: build a new index next to the serving one, then swap."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from search.engines.contract import EngineError
from search.indexing import rebuild
from search.locks import LockHeldError
from search.management.command_options import CommandFailedError, add_json_option, write_output


class Command(BaseCommand):
    help = "Builds a new search index beside the serving one and swaps. Searches and saves go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["json"] or options["verbosity"] < 2

        def progress(documents: int) -> None:
            if not quiet:
                self.stdout.write(f"{documents} articles ...")

        try:
            done = rebuild.rebuild_index(progress=progress)
        except (EngineError, LockHeldError) as error:
            raise CommandFailedError(error) from error
        text = f"{done.index}: {done.documents} articles in {done.seconds:.1f} s"
        if done.refused:
            text += f"; {len(done.refused)} refused, see index_status"
        write_output(self.stdout, asdict(done) | {"refused": len(done.refused)}, text, json=options["json"])
