"""What a file holds besides articles: counted by kind while it is read, and said once at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from articles.text.records import RawRecord, RecordProblem, rejected_record

#: Kinds that a note names.
_SHOWN_KINDS = 8


def with_passed_over(
    name: str, records: Iterable[RawRecord], passed: Counter[str], row: int = 0
) -> Iterator[RawRecord]:
    """Yield the records; the last accepted one notes what was passed over.

    `passed` is filled while `records` is read. If there is no article, a rejected record says what the file
    holds instead.
    """
    last: RawRecord | None = None
    for record in records:
        if record.rejected:
            yield record
            continue
        if last is not None:
            yield last
        last = record
    summary = ", ".join(f"{kind} {count:,}" for kind, count in passed.most_common(_SHOWN_KINDS))
    if last is not None:
        yield last.with_problems(RecordProblem("passed-over", summary)) if summary else last
    elif summary:
        yield rejected_record(name, row, "no-articles", summary)
