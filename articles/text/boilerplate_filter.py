"""Boilerplate removal: rules cut lines that belong to the page and not to the article.

Examples are "Share", "More on this story" and photo credits. The functions are pure: they take rules and a
text and return the text and the cuts, from which `filter_cuts` restores the original text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from articles.text.boilerplate_rules import (
    WORD,
    BoilerplateRule,
    RuleIndex,
    build_rule_index,
    match_line,
    tail_end,
)
from articles.text.records import RawRecord, RecordProblem

FIELDS = ("title", "body")
#: Maximum number of passes: a cut may make the next one possible (a credit below a list of links).
MAX_PASSES = 4
_BLANK = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Cut:
    """A removed span: `text` was at offset `start` of the text that is left.

    Cuts at the same offset are in their order. `rule` is the id of the rule, `said` its wording.
    """

    field: str
    start: int
    text: str
    rule: int
    said: str


@dataclass(frozen=True, slots=True)
class CleanedText:
    """A text without boilerplate. `all_boilerplate`: nothing would be left, so the text is unchanged."""

    text: str
    cuts: tuple[Cut, ...] = ()
    all_boilerplate: bool = False


class RuleSet:
    """The rules of one import, immutable; can be pickled for worker processes."""

    __slots__ = ("_indexes", "_sources", "rules")

    def __init__(self, rules: Iterable[BoilerplateRule] = ()) -> None:
        self.rules = tuple(rules)
        self._sources = frozenset(name for rule in self.rules for name in rule.sources)
        self._indexes: dict[tuple[str, str], RuleIndex] = {}

    def __reduce__(
        self,
    ) -> tuple[Callable[[tuple[BoilerplateRule, ...]], RuleSet], tuple[tuple[BoilerplateRule, ...]]]:
        return _cached_rule_set, (self.rules,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RuleSet) and self.rules == other.rules

    def __hash__(self) -> int:
        return hash(self.rules)

    def clean(self, text: str, field: str = "body", source: str = "") -> CleanedText:
        """Remove the boilerplate of a source from a field; never removes the whole text."""
        source = source if source in self._sources else ""
        index = self._indexes.get((field, source))
        if index is None:
            index = self._indexes[field, source] = build_rule_index(self.rules, field, source)
        return _clean(text, index, field) if index.first or index.last else CleanedText(text)


@lru_cache(8)
def _cached_rule_set(rules: tuple[BoilerplateRule, ...]) -> RuleSet:
    """Return a RuleSet; a worker process receives the rules with every task and builds it once."""
    return RuleSet(rules)


NO_RULES = RuleSet()


def filter_cuts(
    cleaned: str, cuts: Iterable[Cut], wanted: Callable[[Cut], bool]
) -> tuple[str, tuple[Cut, ...]]:
    """Undo all cuts but the wanted ones; return the text and the wanted cuts with their new offsets."""
    parts: list[str] = []
    kept: list[Cut] = []
    at = length = 0
    for each in cuts:
        parts.append(cleaned[at : each.start])
        length += each.start - at
        at = each.start
        if wanted(each):
            kept.append(replace(each, start=length))
        else:
            parts.append(each.text)
            length += len(each.text)
    return "".join([*parts, cleaned[at:]]), tuple(kept)


def remove_boilerplate(record: RawRecord, rules: RuleSet) -> tuple[RawRecord, tuple[Cut, ...]]:
    """Return the record without boilerplate, with a note that counts the cuts, and the cuts."""
    found = {field: rules.clean(getattr(record, field), field, record.source) for field in FIELDS}
    cuts = tuple(each for cleaned in found.values() for each in cleaned.cuts)
    if any(cleaned.all_boilerplate for cleaned in found.values()):
        record = record.with_problems(RecordProblem("furniture-whole"))
    if not cuts:
        return record, ()
    values = {field: cleaned.text for field, cleaned in found.items()}
    return record.with_fields(values).with_problems(RecordProblem("furniture-cut", str(len(cuts)))), cuts


#: (start, end, rule)
_Span = tuple[int, int, BoilerplateRule]


def _clean(text: str, index: RuleIndex, field: str) -> CleanedText:
    left, pieces = text, [(0, len(text))]
    removed: list[_Span] = []
    for _pass in range(MAX_PASSES):
        spans = _find_spans(left, index)
        if not spans:
            break
        removed = sorted([*removed, *_to_original(pieces, spans)], key=lambda span: span[0])
        pieces = list(_remaining_pieces(removed, len(text)))
        left = "".join(text[low:high] for low, high in pieces)
    if not removed or not WORD.search(left):
        return CleanedText(text, all_boilerplate=bool(removed))
    cuts, gone = [], 0
    for start, end, rule in removed:
        cuts.append(Cut(field, start - gone, text[start:end], rule.id, rule.said))
        gone += end - start
    return CleanedText(left, tuple(cuts))


def _remaining_pieces(removed: Sequence[_Span], length: int) -> Iterator[tuple[int, int]]:
    """Yield the spans (start, end) of the original that are left."""
    at = 0
    for start, end, _rule in removed:
        if start > at:
            yield at, start
        at = end
    if at < length:
        yield at, length


def _to_original(pieces: Sequence[tuple[int, int]], spans: Sequence[_Span]) -> Iterator[_Span]:
    """Map spans of the joined pieces to spans of the original; a span across a gap becomes several."""
    at = number = 0
    for start, end, rule in spans:
        while number < len(pieces):
            low, high = pieces[number]
            here = max(start, at), min(end, at + high - low)
            if here[0] < here[1]:
                yield low + here[0] - at, low + here[1] - at, rule
            if end <= at + high - low:
                break
            at, number = at + high - low, number + 1


def _find_spans(text: str, index: RuleIndex) -> list[_Span]:
    """Return the spans to cut, in order, without overlaps, with the white space that belongs to them."""
    spans: list[_Span] = []
    at = behind = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        end = at + len(line)
        found = match_line(lines, number, index) if at >= behind else []
        if found and found[0][:2] == (0, len(line)):  # the whole line, with the blank lines after it
            last = _lines_end(lines, number, found[0][2])
            behind = end + sum(len(taken) + 1 for taken in lines[number + 1 : last])
            blank = _end_of_blank(text, behind)
            whole = blank if blank == len(text) else text.rfind("\n", behind, blank) + 1
            spans.append((at, whole, found[0][2]))
        else:
            spans += ((at + low, at + high, rule) for low, high, rule in found)
        at = end + 1
    return _trim_edges(text, spans)


def _lines_end(lines: Sequence[str], number: int, rule: BoilerplateRule) -> int:
    """Return the end (exclusive) of the lines that a rule takes which matches all of line `number`."""
    if rule.kind == "tail":
        return tail_end(lines, number)
    return len(lines) if rule.kind == "rest" else number + 1


def _end_of_blank(text: str, start: int) -> int:
    blank = _BLANK.match(text, start)
    return blank.end() if blank else start


def _trim_edges(text: str, spans: list[_Span]) -> list[_Span]:
    """Extend the spans so that the text left neither begins nor ends with white space next to a cut."""
    if not spans:
        return spans
    if _end_of_blank(text, spans[-1][1]) == len(text):
        spans[-1] = (spans[-1][0], len(text), spans[-1][2])
        tail = len(spans) - 1
        while tail and spans[tail - 1][1] == spans[tail][0]:
            tail -= 1
        start, end, rule = spans[tail]
        floor = spans[tail - 1][1] if tail else 0
        spans[tail] = (max(floor, len(text[:start].rstrip())), end, rule)
        # Each line takes the white space before it, so that any of them can be restored alone.
        for number in range(tail, len(spans) - 1):
            start, end, rule = spans[number]
            edge = max(start, len(text[:end].rstrip()))
            spans[number], spans[number + 1] = (start, edge, rule), (edge, *spans[number + 1][1:])
    if _end_of_blank(text, 0) >= spans[0][0]:
        spans[0] = (0, *spans[0][1:])
        head = 0
        while head + 1 < len(spans) and spans[head + 1][0] == spans[head][1]:
            head += 1
        start, end, rule = spans[head]
        ceiling = spans[head + 1][0] if head + 1 < len(spans) else len(text)
        spans[head] = (start, min(ceiling, _end_of_blank(text, end)), rule)
    return spans
