"""Boilerplate rules and their matching with the lines of a text.

Rules are not regular expressions: each compares the beginning or the end of a line, or all of it, so the
time is linear whatever a librarian writes. Text is normalized before it is compared, as in the search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from arabic.text.normalization import normalize

#: Kinds of rules. "line": the whole line; "begins", "ends": a short line that begins or ends with the
#: pattern, cut whole; "prefix", "suffix": only these words at the beginning or end of any line; "tail": the
#: line and the headlines below it, if only headlines follow to the end or each of them begins with the same
#: bullet; "rest": the line and all that follows.
KINDS = ("line", "begins", "ends", "prefix", "suffix", "tail", "rest")
#: A longer line is a paragraph; "begins", "ends" and "tail" do not match it.
SHORT_WORDS, SHORT_CHARACTERS = 20, 200
#: More lines below a heading are not a list of links.
TAIL_LINES = 15
MAX_PATTERN = 120
#: Characters ignored at the edges of a line: bullets, punctuation, brackets, bidirectional control
#: characters.
DECORATION = (
    " \t\xa0.,:;*|•·●▪►▶»«›‹<>()[]{}-–—_=~…،؛\"'“”‘’/\\"
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
#: Characters with which the headlines of a list begin.
_BULLETS = frozenset("-–—*•·●▪►▶◄◀○■□»›")
WORD = re.compile(r"\w+|#")
_NUMBER = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.。۔][\"”»)\]]*$")


@dataclass(frozen=True, slots=True)
class BoilerplateRule:
    """One rule. `pattern` is as a librarian wrote it; "#" matches any number.

    `sources` are all names of the source it applies to; empty means all sources.
    """

    id: int
    kind: str
    pattern: str
    field: str = "body"
    sources: frozenset[str] = frozenset()

    @property
    def said(self) -> str:
        """The wording stored with each cut, in case the rule is changed or deleted."""
        return f"{self.kind}: {self.pattern}"


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with the comparison key of its pattern."""

    rule: BoilerplateRule
    key: str
    has_number: bool

    def mask(self, text: str) -> str:
        """Return a comparison form as this rule compares it: numbers masked if the pattern has a "#"."""
        return mask_numbers(text) if self.has_number else text


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Rules by the first (or last) word of their patterns, so that a line is compared with few rules."""

    first: dict[str, tuple[CompiledRule, ...]]
    last: dict[str, tuple[CompiledRule, ...]]


def comparison_form(text: str) -> str:
    """Return text in the form that is compared: normalized, single spaces, no space before a colon."""
    return " ".join(normalize(text).split()).replace(" :", ":")


def line_key(line: str) -> str:
    """Return the comparison key of a line, without decoration; "" if it has nothing else."""
    return comparison_form(line).strip(DECORATION)


def mask_numbers(key: str) -> str:
    """Return the key with "#" in place of each number."""
    return _NUMBER.sub("#", key)


def pattern_key(kind: str, pattern: str) -> str:
    """Return the comparison key of a pattern.

    On the side where the line continues, the key keeps its colon, dash or bracket. A pattern whose key has
    no word matches nothing.
    """
    key = comparison_form(pattern)
    if "#" in pattern:
        key = mask_numbers(key)
    if kind in ("begins", "prefix"):
        return key.lstrip(DECORATION)
    if kind in ("ends", "suffix"):
        return key.rstrip(DECORATION)
    return key.strip(DECORATION)


def build_rule_index(rules: tuple[BoilerplateRule, ...], field: str, source: str) -> RuleIndex:
    """Return the index of the rules that apply to a field of a source."""
    first: dict[str, list[CompiledRule]] = {}
    last: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        if rule.field != field or (rule.sources and source not in rule.sources):
            continue
        key = pattern_key(rule.kind, rule.pattern)
        if not WORD.search(key):  # a pattern of decoration alone matches nothing
            continue
        ready, chunks = CompiledRule(rule, key, "#" in rule.pattern), key.strip(DECORATION).split()
        if rule.kind in ("ends", "suffix"):
            last.setdefault(_last_word(chunks[-1]), []).append(ready)
        else:
            first.setdefault(_first_word(chunks[0]), []).append(ready)
    return RuleIndex(_sort_rules(first), _sort_rules(last))


def _sort_rules(table: dict[str, list[CompiledRule]]) -> dict[str, tuple[CompiledRule, ...]]:
    """Return the table with the rules that take more of the text first."""
    return {
        word: tuple(sorted(found, key=lambda each: -KINDS.index(each.rule.kind)))
        for word, found in table.items()
    }


def match_line(lines: Sequence[str], number: int, index: RuleIndex) -> list[tuple[int, int, BoilerplateRule]]:
    """Return the matches (start, end, rule) in a line, in order.

    A match from the beginning to the end takes the whole line; a "tail" or "rest" also takes the lines below.
    """
    line = lines[number]
    solid = line.strip(DECORATION)
    if not solid.strip():  # also Unicode spaces: splitting a lone em space gives no word
        return []
    first = index.first.get(_first_word(solid.split(None, 1)[0]), ()) if index.first else ()
    last = index.last.get(_last_word(solid.rsplit(None, 1)[-1]), ()) if index.last else ()
    if not first and not last:
        return []
    whole = _match_whole_line((*first, *last), lines, number)
    return [(0, len(line), whole)] if whole else _match_edges(line, first, last)


@lru_cache(50_000)
def _first_word(chunk: str) -> str:
    found = WORD.search(mask_numbers(normalize(chunk)))
    return found[0] if found else ""


@lru_cache(50_000)
def _last_word(chunk: str) -> str:
    words = WORD.findall(mask_numbers(normalize(chunk)))
    return words[-1] if words else ""


def _match_whole_line(
    candidates: Sequence[CompiledRule], lines: Sequence[str], number: int
) -> BoilerplateRule | None:
    """Return the first rule that takes the whole line, or None if there is none."""
    line = lines[number]
    if len(line) > SHORT_CHARACTERS:
        return None
    text = comparison_form(line)
    short = len(text.split()) <= SHORT_WORDS
    for ready in candidates:
        kind, mine = ready.rule.kind, ready.mask(text)
        if kind in ("line", "rest", "tail"):
            found = mine.strip(DECORATION) == ready.key
            found = found and (kind != "tail" or tail_end(lines, number) > 0)
        elif kind == "begins":
            mine = mine.lstrip(DECORATION)
            found = short and mine.startswith(ready.key) and _is_word_boundary(mine, len(ready.key))
        elif kind == "ends":
            mine = mine.rstrip(DECORATION)
            found = short and mine.endswith(ready.key) and _is_word_boundary(mine, len(mine) - len(ready.key))
        else:
            found = False
        if found:
            return ready.rule
    return None


def tail_end(lines: Sequence[str], number: int) -> int:
    """Return the end (exclusive) of the "tail" whose heading is line `number`; 0 if there is no list.

    The tail goes to the end if only headlines follow, else over the lines right below that have the same
    bullet.
    """
    if _only_headlines(lines, number + 1):
        return len(lines)
    end, bullet, solid = 0, "", 0
    for at in range(number + 1, len(lines)):
        line = lines[at].strip()
        if not line:
            continue
        if line[0] not in _BULLETS or line[0] != (bullet or line[0]) or not _is_headline(line):
            break
        end, bullet, solid = at + 1, line[0], solid + 1
        if solid > TAIL_LINES:
            return 0
    return end


def _only_headlines(lines: Sequence[str], start: int) -> bool:
    """Return True if the lines from `start` on are all headlines, and at most TAIL_LINES."""
    solid = 0
    for number in range(start, len(lines)):
        line = lines[number].strip()
        solid += bool(line)
        if solid > TAIL_LINES or not _is_headline(line):
            return False
    return True


def _is_headline(line: str) -> bool:
    """Return True if a stripped line is short and does not end like a sentence."""
    short = len(line) <= SHORT_CHARACTERS and len(line.split()) <= SHORT_WORDS
    return short and not _SENTENCE_END.search(line)


def _match_edges(
    line: str, first: Sequence[CompiledRule], last: Sequence[CompiledRule]
) -> list[tuple[int, int, BoilerplateRule]]:
    """Return the matches of "prefix" and "suffix" rules."""
    parts: list[tuple[int, int, BoilerplateRule]] = []
    low, high = 0, len(line)
    for ready in first:
        if ready.rule.kind == "prefix" and (end := _prefix_end(line, ready)):
            parts.append((0, end, ready.rule))
            low = end
            break
    for ready in last:
        if ready.rule.kind == "suffix":
            start = _suffix_start(line, ready)
            if start is not None and start >= low:
                parts.append((start, high, ready.rule))
                high = start
                break
    if parts and not line[low:high].strip(DECORATION):
        return [(0, len(line), parts[0][2])]
    return parts


def _prefix_end(line: str, ready: CompiledRule) -> int:
    """Return the end of the matched prefix with the spaces after it; 0 if the line does not match."""
    for end in range(min(len(line), _max_span(ready)), 0, -1):
        if (
            _is_word_boundary(line, end)
            and ready.mask(comparison_form(line[:end])).lstrip(DECORATION) == ready.key
        ):
            return len(line) - len(line[end:].lstrip())
    return 0


def _suffix_start(line: str, ready: CompiledRule) -> int | None:
    """Return the start of the matched suffix with the spaces before it; None if the line does not match."""
    for start in range(max(0, len(line) - _max_span(ready)), len(line)):
        if (
            _is_word_boundary(line, start)
            and ready.mask(comparison_form(line[start:])).rstrip(DECORATION) == ready.key
        ):
            return len(line[:start].rstrip())
    return None


def _max_span(ready: CompiledRule) -> int:
    """Return how many characters a match may have, including diacritics, spaces and long numbers."""
    return 3 * len(ready.key) + 20


def _is_word_boundary(text: str, at: int) -> bool:
    """Return True if no word continues across this offset."""
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())
