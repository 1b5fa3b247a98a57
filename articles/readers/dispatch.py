"""The entry points of the readers: `read` turns a file into records, `parse` fills the fields of a record.

Called by the import pipeline, the preview and `transform`. The formats are those of `registry`; files that
contain files are opened here, down to ARCHIVE_DEPTH.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.readers.archive_streams import DamagedArchiveError
from articles.readers.blob import Blob, LinkedFileError
from articles.readers.filetype import declared_format, detect_format, file_extension
from articles.readers.registry import FileFormat, formats
from articles.text.limits import ARCHIVE_DEPTH, Limits, TooLargeError
from articles.text.mojibake import repair_record
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

#: Files that operating systems and open word processors leave in folders. They are skipped without a note.
SYSTEM_FILES = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|\._|~\$|\.~lock\.|Thumbs\.db$|desktop\.ini$)")

formats()  # imports all readers now, so that processes forked later share their memory


def read(blob: Blob, limits: Limits, depth: int = 0) -> Iterator[RawRecord]:
    """Yield all records of a file and of the files inside it.

    There is always at least one: a rejected record with the reason if nothing can be read. Never raises for
    what is in the file.
    """
    empty = True
    try:
        for record in _read(blob, limits, depth):
            empty = False
            yield record
    except TooLargeError as error:
        yield rejected_record(
            blob.name, 0, "file-too-large", format_size(error.args[0] if error.args else blob.limit)
        )
    except OSError as error:
        yield unopened_record(blob, error)
    except DamagedArchiveError:
        yield rejected_record(blob.name, 0, "archive-broken")
    else:
        if empty:
            yield rejected_record(blob.name, 0, "empty-file")


def unopened_record(blob: Blob, error: OSError) -> RawRecord:
    """Return the rejected record of a file that cannot be opened."""
    if isinstance(error, LinkedFileError):
        return rejected_record(blob.name, 0, "archive-link")
    return rejected_record(blob.name, 0, "unreadable", error.strerror or type(error).__name__)


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields that its bytes hold and mojibake repaired.

    A rejected record is returned unchanged.
    """
    if record.rejected:
        return record
    known = formats().by_key.get(record.format)
    return repair_record(known.parse(record) if known and known.parse else record)


def _read(blob: Blob, limits: Limits, depth: int) -> Iterator[RawRecord]:
    if blob.size > blob.limit:
        raise TooLargeError
    head = blob.head()
    if not head:
        return
    found, reason = detect_format(blob, head)
    if found is None:
        code, _, detail = reason.partition(": ")
        yield rejected_record(blob.name, 0, code, detail or file_extension(blob.name))
    elif found.read is None:
        yield from _read_members(blob, found, limits, depth)
    elif _is_declared(found, declared_format(blob.name)):
        yield from found.read(blob)
    else:
        note = RecordProblem("sniffed", found.key)
        for record in found.read(blob):
            yield record if record.rejected else record.with_problems(note)


def _is_declared(found: FileFormat, declared: FileFormat | None) -> bool:
    """Return True if the ending of a name does not say otherwise than its content."""
    if declared is None:
        return False
    return found is declared or declared.key in found.refines or (found.is_zip and declared.key == "zip")


def _read_members(blob: Blob, container: FileFormat, limits: Limits, depth: int) -> Iterator[RawRecord]:
    if depth >= ARCHIVE_DEPTH:
        yield rejected_record(blob.name, 0, "archive-too-deep")
        return
    for member in container.iter_members(blob, limits) if container.iter_members else ():
        if isinstance(member, RawRecord):
            yield member
        elif not SYSTEM_FILES.search(member.name):
            same_depth = file_extension(member.name) in container.same_depth_extensions
            yield from read(member, limits, depth if same_depth else depth + 1)
