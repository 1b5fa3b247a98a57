"""What a file holds besides articles: counted by kind while it is read, and said once at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from articles.text.records import RawRecord, RecordProblem, rejected_record

#: Kinds that a note names.
_SHOWN_KINDS = 8
_CODES = ("passed-over", "no-articles")


def with_passed_over(
    name: str, records: Iterable[RawRecord], passed: Counter[str], codes: tuple[str, str] = _CODES
) -> Iterator[RawRecord]:
    """Yield the records; the last accepted one notes what was passed over.

    `passed` is filled while `records` is read. If there is no article, a rejected record says what the file
    holds instead. `codes` are those of the note and of the rejection. If reading fails, the record that was
    held back comes before the error.
    """
    note, refusal = codes
    last: RawRecord | None = None
    try:
        for record in records:
            if record.rejected:
                yield record
                continue
            if last is not None:
                yield last
            last = record
    except Exception:
        if last is not None:
            yield _noted(last, note, _summary(passed))
        raise
    summary = _summary(passed)
    if last is not None:
        yield _noted(last, note, summary)
    elif summary:
        yield rejected_record(name, 0, refusal, summary)


def _summary(passed: Counter[str]) -> str:
    return ", ".join(f"{kind} {count:,}" for kind, count in passed.most_common(_SHOWN_KINDS))


def _noted(record: RawRecord, code: str, summary: str) -> RawRecord:
    return record.with_problems(RecordProblem(code, summary)) if summary else record
