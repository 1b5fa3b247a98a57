"""Match cases: pairs of a query and a text that must or must not match, and texts to extract values from.

Matches are checked through the search of the results page; cities and dates through the extractor that
imports use.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arabic.dates.tagger import find_dates
from arabic.places.geoparser import find_places
from arabic.tables.gazetteer import gazetteer
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY
from search.engines.contract import SearchEngine
from search.evaluation.metrics import EvaluationFileError, temporary_index
from search.query.request import MAX_PAGE_SIZE, SearchRequest
from search.results import Record
from search.retrieval.service import run_search
from search.store.memory import MemoryStore
from search.store.protocols import normalize_name

CASE_COLUMNS = ("group", "query", "text", "expect", "note")
_EXTRACTED = ("city:", "date:")
CASE_CLASSES = ("core", "stretch", "nomatch_core", "nomatch_stretch")


@dataclass(frozen=True, slots=True)
class MatchCase:
    """A row of the file. `expect` is match or nomatch; the first word of `note` is core or stretch."""

    row: int
    group: str
    query: str
    text: str
    expect: str
    note: str

    @property
    def is_extraction(self) -> bool:
        """Return True if the case tests what an import extracts from the text."""
        return self.query.startswith(_EXTRACTED)

    @property
    def must_match(self) -> bool:
        """Return True if the text must be found, or False if it must not."""
        return self.expect == "match"

    @property
    def case_class(self) -> str:
        """Return one of CASE_CLASSES."""
        kind = self.note.replace(";", " ").split()[0]
        return kind if self.must_match else f"nomatch_{kind}"


def read_cases(path: Path) -> list[MatchCase]:
    """Read the rows of a tab-separated file with the header COLUMNS. Raises EvaluationFileError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluationFileError(f"{path}: {error}") from error
    if not rows or tuple(rows[0]) != CASE_COLUMNS:
        raise EvaluationFileError(
            f"{path}: the first line must be {' '.join(CASE_COLUMNS)}, separated by tabs"
        )
    cases = []
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(CASE_COLUMNS) or row[3] not in ("match", "nomatch"):
            reason = f"needs {len(CASE_COLUMNS)} columns, the fourth match or nomatch"
            raise EvaluationFileError(f"{path}, line {number}: {reason}")
        case = MatchCase(number, *row)
        if not case.note.strip("; ") or case.case_class not in CASE_CLASSES:
            raise EvaluationFileError(f"{path}, line {number}: the note must begin with core or stretch")
        cases.append(case)
    return cases


def check_cases(cases: Sequence[MatchCase], engine: SearchEngine) -> dict[str, Any]:
    """Check each case; return `plain` and `extraction` by class, `groups` and `failures`.

    Raises the engine's errors.
    """
    records = [Record(id=case.row, title="", body=case.text) for case in cases]
    # Only the shipped tables: no case may affect another.
    with temporary_index(engine, records, EMPTY_VOCABULARY) as (index, store):
        passed = {
            case: _extracts_value(case) if case.is_extraction else _finds_text(case, index, store)
            for case in cases
        }
    return {
        "plain": _by_class(passed, [case for case in cases if not case.is_extraction]),
        "extraction": _by_class(passed, [case for case in cases if case.is_extraction]),
        "groups": _count_passed(passed, [(case.group, case) for case in cases]),
        "failures": [
            {
                "row": case.row,
                "group": case.group,
                "query": case.query,
                "text": case.text,
                "expect": case.expect,
                "note": case.note,
            }
            for case in cases
            if not passed[case]
        ],
    }


def check_plain_cases(
    cases: Sequence[MatchCase], search: Callable[[str], Collection[int]]
) -> dict[str, dict[str, int]]:
    """Check the plain cases with another search and return the numbers by class.

    `search` returns the rows whose texts match a query. Cases of extracted cities and dates are left out.
    """
    plain = [case for case in cases if not case.is_extraction]
    return _by_class({case: (case.row in search(case.query)) == case.must_match for case in plain}, plain)


def _finds_text(case: MatchCase, index: SearchEngine, store: MemoryStore) -> bool:
    """Return True if a text that must match is among all strict hits, and one that must not match is not."""
    page, hit = 1, False
    while not hit:
        answer = run_search(
            SearchRequest(q=case.query, page=page, size=MAX_PAGE_SIZE), engine=index, store=store
        )
        hit = any(found.strict and found.record.id == case.row for found in answer.hits)
        if page * MAX_PAGE_SIZE >= answer.total:
            break
        page += 1
    return hit == case.must_match


def _extracts_value(case: MatchCase) -> bool:
    kind, _, wanted = case.query.partition(":")
    found = _dates(case.text) if kind == "date" else _cities(case.text, wanted)
    return (wanted in found) == case.must_match


def _dates(text: str) -> set[str]:
    return {value for tag in find_dates(text) for value in tag.values}


def _cities(text: str, wanted: str) -> set[str]:
    """Return `wanted` if the text has the place of this canonical name: the Syrian one where there is one."""
    named = [
        entry for entry in gazetteer().lookup(wanted) if normalize_name(entry.name) == normalize_name(wanted)
    ]
    keys = {entry.key for entry in named if entry.country == "SY"} or {entry.key for entry in named}
    return {wanted} if any(tag.entry.key in keys for tag in find_places(text)) else set()


def _by_class(passed: dict[MatchCase, bool], cases: Iterable[MatchCase]) -> dict[str, dict[str, int]]:
    tally = _count_passed(passed, [(case.case_class, case) for case in cases])
    return {name: tally.get(name, {"passed": 0, "total": 0}) for name in CASE_CLASSES}


def _count_passed(
    passed: dict[MatchCase, bool], named: Iterable[tuple[str, MatchCase]]
) -> dict[str, dict[str, int]]:
    totals: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for name, case in named:
        totals[name] += 1
        good[name] += passed[case]
    return {name: {"passed": good[name], "total": total} for name, total in totals.items()}
