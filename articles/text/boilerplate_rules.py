"""What a rule of page furniture looks at, and whether a line is what it looks for.

Rules are no regular expressions: each looks at the beginning or the end of a line, or at all of it, so that
the time is linear whatever a librarian writes. Letters are compared folded, as the search does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from arabic.text.normalization import normalize

#: What a rule may look at. "line": the whole line; "begins", "ends": a short line that begins or ends so, cut
#: whole; "prefix", "suffix": only these words at the beginning or end of any line; "tail": the line and the
#: headlines under it, if nothing else follows to the end or each of them has one bullet; "rest": the line and
#: all that follows.
KINDS = ("line", "begins", "ends", "prefix", "suffix", "tail", "rest")
#: Longer than this a line is a paragraph; "begins", "ends" and "tail" leave it.
SHORT_WORDS, SHORT_CHARACTERS = 20, 200
#: More lines under a heading are no list of links.
TAIL_LINES = 15
MAX_PATTERN = 120
#: Stands around the words of furniture, and is not compared at the edges of a line: bullets, stops, brackets,
#: signs that steer direction.
DECORATION = (
    " \t\xa0.,:;*|•·●▪►▶»«›‹<>()[]{}-–—_=~…،؛\"'“”‘’/\\"
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
#: What headlines of a list begin with.
_BULLETS = frozenset("-–—*•·●▪►▶◄◀○■□»›")
WORD = re.compile(r"\w+|#")
_NUMBER = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.。۔][\"”»)\]]*$")


@dataclass(frozen=True, slots=True)
class BoilerplateRule:
    """One rule. `pattern` is as a person wrote it; "#" in it is any number. Without `sources` (every name of
    a source) it is for all."""

    id: int
    kind: str
    pattern: str
    field: str = "body"
    sources: frozenset[str] = frozenset()

    @property
    def said(self) -> str:
        """What is kept with a cut, should the rule change or go."""
        return f"{self.kind}: {self.pattern}"


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its pattern as lines are compared with it."""

    rule: BoilerplateRule
    key: str
    number: bool

    def mask(self, text: str) -> str:
        """A squeezed text as this rule compares it."""
        return mask_numbers(text) if self.number else text


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Rules by the first (or last) word of their patterns: a line asks only those that may fit."""

    first: dict[str, tuple[CompiledRule, ...]]
    last: dict[str, tuple[CompiledRule, ...]]


def comparison_form(text: str) -> str:
    """How text is compared: folded, blanks single, none before a colon."""
    return " ".join(normalize(text).split()).replace(" :", ":")


def line_key(line: str) -> str:
    """How a whole line is compared: without what decorates it; "" for one that is nothing else."""
    return comparison_form(line).strip(DECORATION)


def mask_numbers(key: str) -> str:
    """The key with "#" for each number."""
    return _NUMBER.sub("#", key)


def pattern_key(kind: str, pattern: str) -> str:
    """How a pattern is compared; the side on which the line goes on keeps its colon, dash or bracket. A
    pattern in which this leaves no word finds nothing."""
    key = comparison_form(pattern)
    if "#" in pattern:
        key = mask_numbers(key)
    if kind in ("begins", "prefix"):
        return key.lstrip(DECORATION)
    if kind in ("ends", "suffix"):
        return key.rstrip(DECORATION)
    return key.strip(DECORATION)


def build_rule_index(rules: tuple[BoilerplateRule, ...], field: str, source: str) -> RuleIndex:
    """The rules for a field of a source."""
    first: dict[str, list[CompiledRule]] = {}
    last: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        if rule.field != field or (rule.sources and source not in rule.sources):
            continue
        key = pattern_key(rule.kind, rule.pattern)
        if not WORD.search(key):  # decoration alone is no furniture that could be told from the text
            continue
        ready, chunks = CompiledRule(rule, key, "#" in rule.pattern), key.strip(DECORATION).split()
        if rule.kind in ("ends", "suffix"):
            last.setdefault(_last_word(chunks[-1]), []).append(ready)
        else:
            first.setdefault(_first_word(chunks[0]), []).append(ready)
    return RuleIndex(_sorted(first), _sorted(last))


def _sorted(table: dict[str, list[CompiledRule]]) -> dict[str, tuple[CompiledRule, ...]]:
    """What takes more of the text goes first."""
    return {
        word: tuple(sorted(found, key=lambda each: -KINDS.index(each.rule.kind)))
        for word, found in table.items()
    }


def match_line(lines: Sequence[str], number: int, index: RuleIndex) -> list[tuple[int, int, BoilerplateRule]]:
    """What the rules find in a line: offsets in it, in order. One that reaches from its beginning to its end
    takes the whole line; a "tail" or "rest" also what follows."""
    line = lines[number]
    solid = line.strip(DECORATION)
    if not solid.strip():  # other blanks too: of an em space no word can be split off
        return []
    first = index.first.get(_first_word(solid.split(None, 1)[0]), ()) if index.first else ()
    last = index.last.get(_last_word(solid.rsplit(None, 1)[-1]), ()) if index.last else ()
    if not first and not last:
        return []
    whole = _whole_line((*first, *last), lines, number)
    return [(0, len(line), whole)] if whole else _edges(line, first, last)


@lru_cache(50_000)
def _first_word(chunk: str) -> str:
    found = WORD.search(mask_numbers(normalize(chunk)))
    return found[0] if found else ""


@lru_cache(50_000)
def _last_word(chunk: str) -> str:
    words = WORD.findall(mask_numbers(normalize(chunk)))
    return words[-1] if words else ""


def _whole_line(
    candidates: Sequence[CompiledRule], lines: Sequence[str], number: int
) -> BoilerplateRule | None:
    """The rule that takes all of the line."""
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
    """The number of the line up to which a "tail" goes whose heading is line `number`: behind the last line
    if only headlines follow, else behind those with one bullet right under it; 0 if there are none."""
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
    """Whether no sentence stands in the lines from there on, and not too many of them."""
    solid = 0
    for number in range(start, len(lines)):
        line = lines[number].strip()
        solid += bool(line)
        if solid > TAIL_LINES or not _is_headline(line):
            return False
    return True


def _is_headline(line: str) -> bool:
    """Whether a line without its outer blanks is short and ends like no sentence."""
    short = len(line) <= SHORT_CHARACTERS and len(line.split()) <= SHORT_WORDS
    return short and not _SENTENCE_END.search(line)


def _edges(
    line: str, first: Sequence[CompiledRule], last: Sequence[CompiledRule]
) -> list[tuple[int, int, BoilerplateRule]]:
    """Words at the beginning or the end of the line."""
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
    """Where the words of the pattern and the blanks behind them end; 0 if the line does not begin so."""
    for end in range(min(len(line), _max_span(ready)), 0, -1):
        if (
            _is_word_boundary(line, end)
            and ready.mask(comparison_form(line[:end])).lstrip(DECORATION) == ready.key
        ):
            return len(line) - len(line[end:].lstrip())
    return 0


def _suffix_start(line: str, ready: CompiledRule) -> int | None:
    """Where the blanks before the words of the pattern begin; None if the line does not end so."""
    for start in range(max(0, len(line) - _max_span(ready)), len(line)):
        if (
            _is_word_boundary(line, start)
            and ready.mask(comparison_form(line[start:])).rstrip(DECORATION) == ready.key
        ):
            return len(line[:start].rstrip())
    return None


def _max_span(ready: CompiledRule) -> int:
    """Characters in which a pattern may stand, marks, blanks and long numbers included."""
    return 3 * len(ready.key) + 20


def _is_word_boundary(text: str, at: int) -> bool:
    """Whether no word goes on over this place."""
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())
