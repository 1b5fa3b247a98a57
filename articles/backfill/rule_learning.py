"""Learning of cleaning rules: short lines that many articles of a source repeat are proposed as rules.

A librarian decides about each proposal. Lines that repeat for another reason are excluded: versions of one
report count once per cluster, a report repeated for days has too few texts, one event's phrase too few
days; a headline repeated above its own text and a line that is the whole text are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from articles.backfill.reapply_rules import cleanable_articles
from articles.models import CleaningRule, Source
from articles.text.boilerplate_rules import (
    MAX_PATTERN,
    SHORT_WORDS,
    WORD,
    line_key,
    mask_numbers,
    pattern_key,
)

#: A line in fewer texts may be chance, e.g. a short-lived column or a week of one event.
MIN_TEXTS = 8
#: In a large source a line must be in this share of the texts: boilerplate is in 1 % of them or more,
#: sentences are not.
MIN_SHARE = 0.01
#: A line on fewer days belongs to an event.
MIN_DAYS = 4
#: Maximum number of texts read per source, newest first.
MAX_TEXTS = 20_000
#: Lines counted at a time; above this, lines seen once are dropped to bound memory.
MAX_LINES = 200_000
READ_CHUNK = 500
_NUMBER = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(slots=True)
class _Line:
    """A line as it was first written, and the texts and days it occurs in."""

    shown: str
    texts: set[int] = field(default_factory=set)
    days: set[date | None] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """A line that may be boilerplate: in `texts` of `total` texts, on `days` days."""

    pattern: str
    texts: int
    total: int
    days: int


def find_repeated_lines(source: Source, most: int = MAX_TEXTS) -> list[RuleProposal]:
    """Return the repeated lines of a source's newest texts, most frequent first."""
    lines: dict[str, _Line] = {}
    units: set[int] = set()
    for unit, day, title, body in _texts(source, most):
        units.add(unit)
        for key, shown in _lines_of(title, body):
            line = lines.setdefault(key, _Line(shown))
            line.texts.add(unit)
            line.days.add(day)
        if len(lines) > MAX_LINES:
            lines = {key: line for key, line in lines.items() if len(line.texts) > 1}
    least = max(MIN_TEXTS, MIN_SHARE * len(units))
    found = [
        RuleProposal(line.shown, len(line.texts), len(units), len(line.days))
        for line in lines.values()
        if len(line.texts) >= least and (len(line.days) >= MIN_DAYS or line.days == {None})
    ]
    return sorted(found, key=lambda each: (-each.texts, each.pattern))


def _texts(source: Source, most: int) -> Iterator[tuple[int, date | None, str, str]]:
    """Yield (key, day, title, body); versions of one report and equal texts have the same key."""
    rows = cleanable_articles(source.pk).order_by("-pk")
    wanted = ("pk", "membership__story", "text_hash", "date", "title", "body")
    for pk, story, text_hash, day, title, body in rows.values_list(*wanted)[:most].iterator(READ_CHUNK):
        yield hash((story or text_hash or pk,)), day, title, body


def _lines_of(title: str, body: str) -> Iterator[tuple[str, str]]:
    """Yield (comparison key, written form) of each distinct short line."""
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    seen = {line_key(title)}
    if len(lines) < 2:
        return
    for line in lines:
        if len(line) > MAX_PATTERN or len(line.split()) > SHORT_WORDS or "#" in line:
            continue
        key = line_key(line)
        if key in seen or not _LETTERS.search(key) or not WORD.search(key):
            continue
        seen.add(key)
        yield mask_numbers(key), _NUMBER.sub("#", line)


def propose_rules(source: Source, *, by: Any = None, most: int = MAX_TEXTS) -> list[CleaningRule]:
    """Create proposed rules for the repeated lines that no rule covers, not even a retired one."""
    known = {
        mask_numbers(pattern_key("line", pattern))
        for pattern in CleaningRule.objects.filter(Q(source=source) | Q(source__isnull=True))
        .filter(field="body")
        .values_list("pattern", flat=True)
    }
    return list(
        CleaningRule.objects.bulk_create(_rules(source, find_repeated_lines(source, most), known, by))
    )


def _rules(source: Source, found: Iterable[RuleProposal], known: set[str], by: Any) -> Iterator[CleaningRule]:
    for each in found:
        if mask_numbers(pattern_key("line", each.pattern)) not in known:
            yield CleaningRule(
                source=source, pattern=each.pattern, origin=CleaningRule.Origin.LEARNED, made_by=by,
                seen={"articles": each.texts, "of": each.total, "days": each.days},
            )  # fmt: skip
