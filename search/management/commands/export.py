"""`export QUERY`: all hits of a search as a file."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from articles.bags.bag_export import export_bag
from articles.bags.bag_tables import BagContent
from search.engines.contract import EngineError
from search.management.command_options import CommandFailedError, add_engine_option, engine_from_options
from search.management.search_options import add_search_options, request_from_options
from search.query.compiler import prepare_search
from search.results import Complaint
from search.retrieval.all_hits import all_hit_ids
from search.web.exports.export_data import Export
from search.web.exports.export_formats import FORMATS, find_format
from search.web.exports.query_record import search_record
from search.web.viewmodels.complaints import complaint_message
from search.web.viewmodels.permalinks import public_address, public_permalink
from search.web.viewmodels.result_list import search_url

#: A format of its own: a folder, which no page offers.
BAG = "bag"


class Command(BaseCommand):
    help = "Writes all hits of a search as a file, as the page of exports does, without a limit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_search_options(parser)
        parser.add_argument("--format", choices=[*FORMATS, BAG], default="csv", help="default: csv")
        parser.add_argument(
            "--output",
            metavar="FILE",
            help="where the file goes; default: standard output. For a bag, which has the originals and all "
            "that the archive knows of the articles, a new folder",
        )
        parser.add_argument("--texts", action="store_true", help="with whole texts (csv, xlsx, jsonl)")
        parser.add_argument("--plain", action="store_true", help="the CSV alone, without a zip")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="of headings and citations",
        )
        add_engine_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        engine = engine_from_options(options)
        form = find_format(options["format"], plain=options["plain"])
        if form is None and not options["output"]:
            raise CommandError("a bag needs --output FOLDER")
        prepared = prepare_search(request_from_options(options)).with_canonical_names()
        with translation.override(options["language"]):
            try:
                ids = all_hit_ids(prepared, engine)
                address = public_address(search_url(prepared.request))
                texts = bool(form and options["texts"] and form.with_texts)
                record = search_record(prepared, engine, len(ids), address, texts=texts)
            except EngineError as error:
                raise CommandFailedError(error) from error
            if form and form.max_rows is not None and len(ids) > form.max_rows:
                raise CommandFailedError(
                    ValueError(f"{len(ids)} articles; {form.name} has room for {form.max_rows}")
                )
            for each in record["complaints"]:
                self.stderr.write(complaint_message(Complaint(**each)))
        if form is None:
            self._write_bag(Path(options["output"]), ids, record)
            return
        export = Export(ids, record, public_permalink, timezone.localdate(), options["language"], texts)
        self._write(form.write(export), options["output"])
        self.stderr.write(f"{export.rows} articles")

    def _write_bag(self, folder: Path, ids: Sequence[int], record: Mapping[str, Any]) -> None:
        try:
            written = export_bag(folder, BagContent(frozenset(ids)), record)
        except OSError as error:
            raise CommandFailedError(error) from error
        self.stderr.write(f"{written} articles")

    def _write(self, parts: Iterator[bytes], path: str | None) -> None:
        """Write to a file, or to standard output as bytes; a caller's own stream takes text only."""
        if path is not None:
            with Path(path).open("wb") as file:
                file.writelines(parts)
            return
        binary: BinaryIO | None = getattr(self.stdout, "buffer", None)
        for data in parts:
            if binary is None:
                self.stdout.write(data.decode(), ending="")
            else:
                binary.write(data)
