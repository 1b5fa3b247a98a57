"""`index_status`: the serving index, the waiting changes, and faults."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search.indexing import indexer
from search.indexing.indexer import IndexStatus
from search.management.command_options import add_json_option, write_output


class Command(BaseCommand):
    help = "Shows the serving index, what waits to be indexed and what is wrong. Exit 1: no index serves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        status = indexer.get_index_status()
        write_output(self.stdout, status.as_dict(), "\n".join(_lines(status)), json=options["json"])
        if status.problem:
            sys.exit(1)


def _lines(status: IndexStatus) -> list[str]:
    lines = [
        f"engine:    {status.engine}",
        f"index:     {status.index or status.problem}",
        f"documents: {status.documents}, {status.deleted_documents} deleted or replaced ones beside them",
        f"on disk:   {status.live_bytes / 1e6:.1f} MB in use, {status.dead_bytes / 1e6:.1f} MB in files that "
        "nothing uses",
        f"articles:  {status.visible_articles} that a reader may see",
        f"waiting:   {status.waiting}, the oldest for {status.oldest_waiting_seconds:.0f} s",
        f"tables:    {status.analysis_version or 'unknown'}",
        f"words:     {status.vocabulary_words}, counted {status.vocabulary_date or 'never'}, "
        f"{status.vocabulary_learned} learned since",
    ]
    if status.rebuilding:
        lines.append("a rebuild is running")
    elif status.analysis_version and status.analysis_version != status.code_analysis_version:
        lines.append(f"newer tables or words wait for a rebuild: {status.code_analysis_version}")
    elif status.rebuild_needed:
        lines.append("this archive did not fill this index: run rebuild_index")
    lines += [f"refused:   article {pk}: {reason}" for pk, reason in status.refused.items()]
    if status.missing_triggers:
        lines.append(f"CHANGES ARE NOT NOTICED, run migrate: {', '.join(status.missing_triggers)}")
    return lines
