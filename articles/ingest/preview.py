"""The preview of an upload, before any of it is imported: the contents and the problems of each file."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice

from django.conf import settings

from articles.boilerplate.rule_store import active_rules
from articles.history.erasure import all_erased_records
from articles.identity.record_keys import older_record_keys, record_key
from articles.ingest.pipeline import ImportFile, today, warm_up
from articles.ingest.record_process import RecordProcess, StopReadingError
from articles.ingest.transform import clean_and_judge, parse_and_sanitize
from articles.metadata.inference import drop_uncertain_date, infer_fields
from articles.metadata.publication_date import extract_publication_date
from articles.readers.column_mapper import ColumnMapper, TableSample, header_signature
from articles.text.boilerplate_filter import RuleSet
from articles.text.fingerprints import content_mark, sha256_of
from articles.text.limits import Limits
from articles.text.records import RawRecord, RecordProblem
from articles.text.sanitize import sanitize_file_name

#: Maximum numbers shown in the preview; the import itself reports every record.
SHOWN_TITLES, SHOWN_REJECTS = 5, 20
#: Kinds of tables (by their columns) whose mapping a librarian is asked to confirm.
SHOWN_TABLES = 20
#: Short, because a user waits for the preview.
PREVIEW_SECONDS = 10.0
#: The least processor time that a record is given in a preview.
MIN_RECORD_SECONDS = 2.0
#: Records that are previewed in one request to the reading process.
BLOCK_RECORDS = 50
#: A record without its text, and its ISO day ("": undated).
PreviewedRecord = tuple[RawRecord, str]


@dataclass(slots=True)
class FilePreview:
    """The content of one file.

    `rejects` and `holds` are [file, row, code, detail] of the first rejected and held records; `problems`
    are [code, number of records, an example's detail]; `first_date` and `last_date` are ISO days.
    """

    name: str
    formats: list[str] = field(default_factory=list)
    charsets: list[str] = field(default_factory=list)
    records: int = 0
    rejected: int = 0
    held: int = 0
    undated: int = 0
    first_date: str = ""
    last_date: str = ""
    titles: list[str] = field(default_factory=list)
    rejects: list[list[str | int]] = field(default_factory=list)
    holds: list[list[str | int]] = field(default_factory=list)
    problems: list[list[str | int]] = field(default_factory=list)
    #: The first table of each kind: file, header, rows (the first), signature, and fields (what each column
    #: is read as).
    tables: list[dict[str, object]] = field(default_factory=list)
    #: False if time ran out before the end of the file.
    complete: bool = True


def preview(files: Iterable[ImportFile], limits: Limits, default_source: str = "") -> list[dict[str, object]]:
    """Return a FilePreview for each file, as dictionaries for `ImportBatch.preview`."""
    deadline = time.monotonic() + PREVIEW_SECONDS

    def left() -> float:
        """Return the processor time that a record may take: never longer than the user should wait."""
        return min(settings.RECORD_SECONDS, max(MIN_RECORD_SECONDS, deadline - time.monotonic()))

    def waiting() -> None:
        if time.monotonic() > deadline + MIN_RECORD_SECONDS:
            raise StopReadingError

    warm_up()
    step = _PreviewStep(default_source, active_rules(), all_erased_records())
    found = []
    kinds: dict[str, dict[str, object]] = {}
    with RecordProcess(step.preview_record, _preview_rejected, waiting, left) as process:
        for upload, kept in files:
            file = FilePreview(upload.name)
            met: list[TableSample] = []
            blob = replace(kept, columns=kept.columns.with_samples_into(met))
            try:
                waiting()
                _preview_file(file, process, process.read(blob, limits), deadline)
            except StopReadingError:
                file.complete = False
            file.tables = list(_new_kinds(met, blob.columns, kinds))
            found.append(asdict(file))
    return found


def _preview_file(
    file: FilePreview, process: RecordProcess[PreviewedRecord], records: Iterator[RawRecord], deadline: float
) -> None:
    """Count the records of a file until the deadline."""
    problems: Counter[str] = Counter()
    examples: dict[str, str] = {}
    try:
        while block := list(islice(records, BLOCK_RECORDS)):
            for record, day in process.transform_all(block):
                _count_record(file, record, day)
                for problem in record.problems:
                    if not problem.fatal and not problem.holds:
                        problems[problem.code] += 1
                        examples.setdefault(problem.code, problem.detail)
            if time.monotonic() > deadline:
                file.complete = next(records, None) is None
                break
    finally:
        file.problems = [[code, count, examples[code]] for code, count in problems.most_common()]


@dataclass(frozen=True, slots=True)
class _PreviewStep:
    """What the preview does with a record, in the process that reads it."""

    default_source: str
    rules: RuleSet
    erased: Mapping[str, int]

    def preview_record(self, raw: RawRecord) -> PreviewedRecord:
        """Return the record with the notes of date extraction and inference, and its day."""
        record = _reject_erased(parse_and_sanitize(raw, self.default_source), self.erased)
        if record.rejected:
            return _without_text(record), ""
        judged, cleaned, _cuts, document = clean_and_judge(record, self.rules)
        judged = _reject_erased(judged, self.erased)  # a repaired source gives another key
        if judged.rejected:
            return _without_text(judged), ""
        dated = extract_publication_date(cleaned, today(), document)
        record, _inferred = infer_fields(cleaned, dated, document)
        dated = drop_uncertain_date(dated)
        day = dated.first.isoformat() if dated.first else ""
        return _without_text(record.with_problems(*dated.notes)), day


def _preview_rejected(record: RawRecord) -> PreviewedRecord:
    """Return a record over a limit; the time was that of the preview, of which an import has more."""
    slow = record.rejected
    if slow and slow.code == "record-slow":
        kept = tuple(each for each in record.problems if each != slow)
        told = RecordProblem("preview-slow", f"{settings.RECORD_SECONDS:.3g}", fatal=True)
        record = replace(record, problems=(*kept, told))
    return _without_text(replace(record, file=sanitize_file_name(record.file))), ""


def _without_text(record: RawRecord) -> RawRecord:
    return replace(record, data=b"", body="")


def _reject_erased(record: RawRecord, erased: Mapping[str, int]) -> RawRecord:
    """Return the record, rejected if it was erased by law; then none of its text is shown or stored."""
    if not erased or record.rejected:
        return record
    marks = record_key(record), *older_record_keys(record), content_mark(sha256_of(record.data))
    number = next((erased[mark] for mark in marks if mark in erased), 0)
    return record.with_problems(RecordProblem("erased", f"#{number}", fatal=True)) if number else record


def _new_kinds(
    met: Iterable[TableSample], columns: ColumnMapper, kinds: dict[str, dict[str, object]]
) -> Iterator[dict[str, object]]:
    """Yield the tables with columns that no table in `kinds` has, and add them there."""
    for table in met:
        mark = header_signature(table.header)
        if mark not in kinds and len(kinds) < SHOWN_TABLES:
            kinds[mark] = asdict(table) | {"signature": mark, "fields": columns.map_header(table.header)}
            yield kinds[mark]


def _count_record(file: FilePreview, record: RawRecord, day: str) -> None:
    """Count a record with its ISO day, "" if it is undated."""
    file.records += 1
    for value, seen in ((record.format, file.formats), (record.charset, file.charsets)):
        if value and value not in seen:
            seen.append(value)
    if record.rejected:
        file.rejected += 1
        if len(file.rejects) < SHOWN_REJECTS:
            file.rejects.append([record.file, record.row, record.rejected.code, record.rejected.detail])
        return
    if record.held:
        file.held += 1
        if len(file.holds) < SHOWN_REJECTS:
            file.holds.append([record.file, record.row, record.held.code, record.held.detail])
        return
    if len(file.titles) < SHOWN_TITLES:
        file.titles.append(record.title)
    if day:
        file.first_date, file.last_date = min(file.first_date or day, day), max(file.last_date, day)
    else:
        file.undated += 1
