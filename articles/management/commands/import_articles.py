"""`import_articles`: import files, folders and archives.

`import_articles PATH… [--source NAME] [--map COLUMN=FIELD]… [--dry-run] [--json]`
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from arabic.text.direction import isolated_path
from articles.ingest import publish
from articles.ingest.dry_run import iter_outcomes
from articles.ingest.lease import LeaseUnavailableError, OtherImportRunningError, hold_lease
from articles.ingest.pipeline import ImportFile, stage
from articles.ingest.process_pool import relax_garbage_collection, worker_processes
from articles.ingest.record_process import RecordProcess
from articles.ingest.runner import COMMAND_PATIENCE, settle_abandoned
from articles.ingest.upload_store import import_label
from articles.metadata.column_mappings import load_column_mappings
from articles.metadata.source_resolver import SourceResolver
from articles.models import ImportBatch, ImportRow, Source, Upload
from articles.outbox.bulk_mode import bulk_mode
from articles.outbox.commit_hooks import finish_indexing
from articles.readers.blob import Blob, LinkedFileError
from articles.readers.column_mapper import ColumnMapper, TableSample, normalize_column_name
from articles.readers.dispatch import SYSTEM_FILES
from articles.readers.filetype import file_extension
from articles.readers.registry import formats
from articles.text.limits import command_limits
from articles.text.problem_messages import FILE_NOTES, describe, describe_isolated
from articles.text.sanitize import sanitize_file_name, sanitize_text

#: Seconds to wait for another import to end.
PATIENCE = COMMAND_PATIENCE.total_seconds()
#: Name of a field in --map → field of a record.
MAP_FIELDS = {name: name for name in ("title", "body", "date", "source", "url", "byline", "cities")}
MAP_FIELDS |= {"id": "external_id", "ignore": ""}
COUNTS = ("read", "created", "updated", "unchanged", "held", "duplicates", "rejected")


@dataclass(frozen=True, slots=True)
class ReportedProblem:
    """What the report says of a record."""

    file: str
    row: int
    code: str
    detail: str

    def as_json(self, name: str) -> dict[str, Any]:
        """Return it for programs, with the message under `name`."""
        return {"file": self.file, "row": self.row, name: describe(self.code, self.detail)}

    def as_line(self, outcome: str = "") -> str:
        """Return it for people: file name and quotation keep their direction in a sentence of another."""
        parts = [outcome] if outcome else []
        place = f"{isolated_path(self.file)}:{self.row}"
        return ": ".join([place, *parts, describe_isolated(self.code, self.detail)])


class Command(BaseCommand):
    """Exit code 0: all paths were read, even if records were rejected; 1: failed; 2: wrong arguments."""

    help = (
        "Import articles from files, folders and archives of any format that the help page of the archive "
        "lists: " + ", ".join(known.label for known in formats().by_key.values()) + "."
    )

    #: The others read all pages, which takes a third as long as the start.
    requires_system_checks = (Tags.models,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file, folder or archive")
        parser.add_argument("--source", default="", help="the source of records that name none")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help=f"read a column of csv and xlsx files as a field: {', '.join(MAP_FIELDS)}; may be repeated",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def run_from_argv(self, argv: list[str]) -> None:
        """Import in a process that does nothing else."""
        relax_garbage_collection()
        super().run_from_argv(argv)

    def handle(
        self, *, paths: list[Path], source: str, map: list[str], dry_run: bool, json: bool, **options: Any
    ) -> None:
        """Import and report."""
        for path in paths:
            if not path.exists():
                name = sanitize_file_name(str(path))
                raise CommandError(f"There is no such file or folder: {name}", returncode=2)
        source = " ".join(sanitize_text(source)[0].split())
        if len(source) > 200:
            raise CommandError("--source is longer than 200 characters.", returncode=2)
        known = Source.objects.filter(name=source).values_list("pk", flat=True).first()
        self.columns = ColumnMapper(load_column_mappings(known), parse_column_options(map))
        self.check_columns(paths)
        started = time.monotonic()
        self.counts: Counter[str] = Counter()
        self.rejects: list[ReportedProblem] = []
        self.holds: list[ReportedProblem] = []
        self.notes: list[ReportedProblem] = []
        if dry_run:
            for rows in iter_outcomes(self.files(paths), command_limits(), source):
                self.progress(rows)
        else:
            with worker_processes.keep_alive():
                try:
                    with bulk_mode():  # the index follows in one pass at the end
                        self.import_files(paths, source)
                finally:  # also what was published before an error
                    self.index()
        report: dict[str, Any] = {name: self.counts[name] for name in COUNTS}
        report["seconds"] = round(time.monotonic() - started, 2)
        self.report(report, as_json=json, dry_run=dry_run)

    def check_columns(self, paths: list[Path]) -> None:
        """Refuse a column of --map that is in no table, before anything is written."""
        met: list[TableSample] = []
        with RecordProcess[None](lambda record: None, lambda record: None) as process:
            for _upload, blob in self.files(paths) if self.columns.given else ():
                watched = replace(blob, columns=self.columns.with_samples_into(met))
                for _record in process.read(watched, command_limits()):
                    if met and file_extension(blob.name) in (
                        ".csv",
                        ".tsv",
                    ):  # one header, perhaps a long file
                        break
        there = {normalize_column_name(name): name for table in met for name in table.header}
        missing = [name for name in self.columns.given if name not in there]
        if missing:
            columns = (
                sanitize_file_name(", ".join(there.values()))
                or "none: there is no csv or xlsx among these files"
            )
            raise CommandError(
                f"--map: no table has a column {', '.join(missing)}. The columns are: {columns}", returncode=2
            )

    def import_files(self, paths: list[Path], source: str) -> None:
        """Stage and publish; an interrupted run is resumed by the next run over its files."""
        settle_abandoned()
        batch = ImportBatch.objects.create(
            label=import_label([path.name for path in paths]),
            default_source_id=SourceResolver().source_id(source),
        )
        try:
            with hold_lease(batch, ImportBatch.State.STAGING, patience=PATIENCE, waiting=self.say_waiting):
                stage(
                    batch,
                    self.files(paths, batch),
                    command_limits(),
                    processes=settings.IMPORT_PROCESSES,
                    saved=self.progress,
                )
                publish.publish(batch)
        except Exception as error:
            ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.STAGING).update(
                state=ImportBatch.State.FAILED
            )
            if isinstance(error, OtherImportRunningError):
                if not batch.claimed_until:  # it has not started
                    batch.delete()
                raise CommandError("Another import is running. Run this one again when it is done.") from None
            if isinstance(error, LeaseUnavailableError):
                raise CommandError("This import was given up by someone else meanwhile.") from None
            raise

    def index(self) -> None:
        """Index what was published."""
        if not finish_indexing():
            self.stderr.write(
                "The articles are saved; they will be searchable when the search engine is back."
            )

    def say_waiting(self) -> None:
        """Report that the command waits for another import."""
        self.stderr.write("Another import is running; this one begins when it is done.")

    def files(self, paths: list[Path], batch: ImportBatch | None = None) -> Iterator[ImportFile]:
        """Return every file below the paths, in a stable order."""
        for path in paths:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                name = str(file.relative_to(path.parent))
                if file.is_file() and not SYSTEM_FILES.search(name):
                    opened: Callable[..., Any] = file.open
                    if path.is_dir() and not file.resolve().is_relative_to(path.resolve()):
                        opened = _refuse_link
                    yield self.file(file, name, batch, opened)

    def file(
        self, path: Path, name: str, batch: ImportBatch | None, opened: Callable[..., Any]
    ) -> ImportFile:
        """Return the file with its row of Upload; `opened` opens it with a mode.

        The reader rejects a file that cannot be opened.
        """
        size = path.stat().st_size
        blob = Blob(name, lambda: opened("rb"), command_limits().file, size, self.columns)
        upload = Upload(batch=batch, name=sanitize_file_name(name), size=size) if batch else Upload(name=name)
        if batch and size <= blob.limit:
            upload.sha256 = _hash(opened)
        return upload, blob

    def progress(self, rows: list[ImportRow]) -> None:
        """Count a saved chunk and report the progress on standard error."""
        for row in rows:
            self.counts["read"] += 1
            self.counts[row.outcome] += 1
            self.counts["duplicates"] += row.duplicate
            kept_out = {ImportRow.Outcome.REJECTED: self.rejects, ImportRow.Outcome.HELD: self.holds}
            if (listed := kept_out.get(ImportRow.Outcome(row.outcome))) is not None:
                listed.append(ReportedProblem(row.file_name, row.row, row.reason, row.detail))
            for code, detail in row.notes:
                if code in FILE_NOTES:
                    self.notes.append(ReportedProblem(row.file_name, row.row, code, detail))
        if rows:
            held = f", {self.counts['held']:,} held for review" if self.counts["held"] else ""
            self.stderr.write(f"{self.counts['read']:,} read, {self.counts['rejected']:,} rejected{held}")

    def report(self, report: dict[str, Any], *, as_json: bool, dry_run: bool) -> None:
        """Write one JSON object, or lines of text."""
        if as_json:
            kept = {
                "rejects": [each.as_json("reason") for each in self.rejects],
                "holds": [each.as_json("reason") for each in self.holds],
                "notes": [each.as_json("note") for each in self.notes],
            }
            self.stdout.write(json.dumps({**report, **kept}, ensure_ascii=False))
            return
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
        self.stdout.write(", ".join(f"{name} {report[name]:,}" for name in (*COUNTS, "seconds")))
        for reject in self.rejects:
            self.stdout.write(reject.as_line())
        for held in self.holds:
            self.stdout.write(held.as_line(_("held for review")))
        for note in self.notes:
            self.stdout.write(note.as_line())


def parse_column_options(pairs: list[str]) -> dict[str, str]:
    """Parse COLUMN=FIELD options into {normalized column name: field of a record}."""
    given: dict[str, str] = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or not normalize_column_name(column) or field.strip() not in MAP_FIELDS:
            text = (
                f"--map takes COLUMN=FIELD, and FIELD is one of {', '.join(MAP_FIELDS)}. This is not: {pair}"
            )
            raise CommandError(text, returncode=2)
        given[normalize_column_name(column)] = MAP_FIELDS[field.strip()]
    return given


def _refuse_link(_mode: str) -> NoReturn:
    raise LinkedFileError


def _hash(opened: Callable[..., Any]) -> str:
    """Return the SHA-256 of a file; "" if it cannot be read, which the reader reports."""
    try:
        with opened("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
