"""Date tagger: finds the dates in Arabic text and in metadata, with precision and evidence.

A text is scanned once from left to right: at each word that may begin a date the parsers of absolute.py,
numeric.py, relative.py and ranges.py are tried in turn. Each looks only at the few words after it. Called by
articles/metadata/ and by the date filters of search/.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from arabic.dates import lexicon
from arabic.dates.absolute import parse_day_month, parse_month_year
from arabic.dates.date_text import DateMatch, DateText
from arabic.dates.metadata_date import parse_program_date
from arabic.dates.numeric import (
    merge_paired_date,
    parse_month_first_date,
    parse_numeric_date,
    parse_numeric_range,
)
from arabic.dates.parts import parse_month
from arabic.dates.ranges import (
    extend_to_range,
    parse_bare_year,
    parse_decade,
    parse_fraction,
    parse_period_part,
    parse_season,
    parse_undated_range,
    parse_whole_year,
    parse_years,
)
from arabic.dates.relative import (
    parse_ago,
    parse_last_night,
    parse_last_units,
    parse_near_today,
    parse_relative_period,
    parse_weekday,
)
from arabic.dates.values import FIRST_YEAR, LAST_YEAR, DateTag, PartialDate
from arabic.morphology.affixes import LETTER_CLITICS
from arabic.text.normalization import normalize
from arabic.text.sentences import sentence_around
from arabic.text.tokenized_text import TokenizedText, tokenize_text

#: (text, index of the token, the token without its clitics) → the date that begins there.
DateParser = Callable[[DateText, int, str], DateMatch | None]
#: A word of two letters with a clitic is often another word: باب is a door.
_SHORT = 2
#: Most digits of a number that a date may begin with.
_YEAR_DIGITS = 4


# --- words that may begin a date ----------------------------------------------------------------------------


def _number(text: DateText, at: int, _first: str) -> DateMatch | None:
    """Parse a date that begins with digits."""
    if len(text.words[at]) > _YEAR_DIGITS:
        return None
    if found := _extend_date(text, parse_numeric_date(text, at)) or _day(text, at, ""):
        return found
    return parse_numeric_range(text, at) or parse_bare_year(text, at)


def _day(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse a date that begins with a day."""
    if text.number(at) is None and not first:
        return None
    return _extend_date(text, parse_day_month(text, at, first)) or parse_undated_range(text, at, first)


def _extend_date(text: DateText, found: DateMatch | None) -> DateMatch | None:
    """Extend a date by the same one in the other calendar, or by the second end of a period."""
    return extend_to_range(text, merge_paired_date(text, found)) if found else None


def _month(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse a date that begins with a month."""
    if found := parse_month_first_date(text, at):
        return found
    if _belongs_to_a_day(text, at):
        return None
    found = parse_month_year(text, at, first)
    return extend_to_range(text, found) if found else parse_undated_range(text, at, first)


def _belongs_to_a_day(text: DateText, at: int) -> bool:
    """Return True if a number or another month before the month makes the date invalid: 0 أيار 2012."""
    gap = text.gap(at).strip()
    if gap in ("", "/", "-") and text.gap(at) != "\n" and text.number(at - 1) is not None:
        return True
    return (
        "/" in gap
        and parse_month(text, at - 1) is None
        and text.match_name(at - 1, lexicon.month_names()) is not None
    )


def _year(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse a date that begins with a word for "year"."""
    found = parse_whole_year(text, at)
    return extend_to_range(text, found) if found else parse_relative_period(text, at, first)


def _years(text: DateText, at: int, _first: str) -> DateMatch | None:
    """Parse a list of years."""
    return parse_years(text, at)


def _ago(text: DateText, at: int, _first: str) -> DateMatch | None:
    """Parse "ago"."""
    return parse_ago(text, at)


def _this(text: DateText, at: int, _first: str) -> DateMatch | None:
    """Parse "this" with a period."""
    return parse_relative_period(text, at, text.words[at])


@cache
def _parsers_by_word() -> dict[str, tuple[tuple[str, DateParser], ...]]:
    """Map each token that may begin a date, with clitics too, to (the word in it, its parser) pairs."""
    found: dict[str, list[tuple[str, DateParser]]] = {}

    def add(word: str, parser: DateParser, clitics: tuple[str, ...] = LETTER_CLITICS) -> None:
        found.setdefault(word, []).append((word, parser))
        for clitic in clitics if len(word) > _SHORT else clitics[:1]:
            joint = clitic[:-1] + "لل" + word[2:] if clitic[-1] == "ل" and word[:2] == "ال" else clitic + word
            found.setdefault(joint, []).append((word, parser))

    for name in dict.fromkeys(name[0] for name in lexicon.month_names()):
        add(name, _month)
    for name in dict.fromkeys(name[0] for name in lexicon.ORDINALS):
        add(name, _day)
    tables: list[tuple[DateParser, Iterator[str]]] = [
        (parse_weekday, iter(lexicon.WEEKDAYS)),
        (parse_period_part, iter(lexicon.PERIOD_PARTS)),
        (parse_fraction, iter((*lexicon.FRACTIONS, lexicon.THE_WEEK))),
        (parse_season, iter(lexicon.SEASONS)),
        (
            parse_near_today,
            iter((lexicon.TODAY, lexicon.FIRST, lexicon.AFTER, *lexicon.TOMORROW, *lexicon.YESTERDAY)),
        ),
        (parse_relative_period, iter((lexicon.THE_MONTH, lexicon.THE_WEEK, lexicon.THE_DECADE))),
        (_years, iter(lexicon.YEARS)),
        (parse_last_units, iter(lexicon.LAST_UNITS)),
        (parse_last_night, iter((lexicon.LAST_NIGHT,))),
        (parse_decade, iter(lexicon.DECADES)),
        (_this, iter(lexicon.THIS)),
    ]
    for parser, names in tables:
        for name in names:
            add(name, parser)
    for name in lexicon.YEAR:
        add(name, _year, ("و", "ف", "ب", "ك", "وب"))
    for name in lexicon.AGO:
        add(name, _ago, ("و", "ف"))
    return {token: tuple(dict.fromkeys(readers)) for token, readers in found.items()}


_DIGITS: tuple[tuple[str, DateParser], ...] = (("", _number),)

# --- a whole text -------------------------------------------------------------------------------------------


def find_dates(text: str, published: date | None = None) -> list[DateTag]:
    """Return the dates mentioned in `text`, in order, not overlapping.

    Relative dates are found only if the day of publication is given.
    """
    return DateSearch(tokenize_text(text)).tags(published)


class DateSearch:
    """The words of a text that may begin a date, found once; `tags` parses the dates there."""

    def __init__(self, text: TokenizedText) -> None:
        self.text = text
        self._candidates = _candidates(text.words)

    def tags(self, published: date | None = None) -> list[DateTag]:
        """Return the dates of the text, as `find_dates` does."""
        return _tags(self.text, self._candidates, published)

    def tags_between(self, start: int, end: int) -> list[DateTag]:
        """Return the dates of original[start:end] as if it stood alone, with offsets from `start`.

        `start` must be 0 or follow white space.
        """
        part = self.text.excerpt(start, end)
        low, high = part.first_word, part.last_word
        shared = self._candidates[bisect_left(self._candidates, low) : bisect_left(self._candidates, high)]
        others = _candidates(part.words[high - low :])
        return _tags(part, [at - low for at in shared] + [at + high - low for at in others], None)


def _candidates(words: Sequence[str]) -> list[int]:
    """Return the indexes of the words that may begin a date."""
    starts = _parsers_by_word()
    # Of normalized tokens only numbers sort before ":".
    return [at for at, word in enumerate(words) if word < ":" or word in starts]


def _tags(text: TokenizedText, candidates: Iterable[int], published: date | None) -> list[DateTag]:
    if published and not FIRST_YEAR < published.year < LAST_YEAR:
        published = None  # not a day of publication; the days around it may not exist
    read = DateText(text, published)
    tags = []
    for found in _iter_dates(read, candidates):
        start, end = read.original_span(found.start, found.end)
        first, last = sentence_around(text.original, start, end)
        tags.append(
            DateTag(
                found.first,
                found.last,
                found.precision,
                found.kind,
                start,
                end,
                text.original[first:last],
                found.note,
                found.confirmed,
            )
        )
    return tags


def _iter_dates(text: DateText, candidates: Iterable[int]) -> Iterator[DateMatch]:
    """Yield the dates of a text, the first match at each token."""
    starts, behind = _parsers_by_word(), 0
    for at in candidates:
        if at < behind:
            continue
        for first, parser in starts.get(text.words[at], _DIGITS):
            if found := parser(text, at, first):
                yield found
                behind = found.end
                break


def has_bare_year(text: str) -> bool:
    """Return True if a date gives its year in digits without a word for "year" and without an era."""
    words, starts = tokenize_text(text).words, _parsers_by_word()
    if not any(len(word) == _YEAR_DIGITS and word.isdigit() for word in words):
        return False
    return not any(
        word in lexicon.HIJRI_MARKS
        or word in lexicon.GREGORIAN_MARKS
        or any(parser in (_year, _years) for _first, parser in starts.get(word, ()))
        for word in words
    )


def parse_date(text: str, *, persian: bool = False) -> PartialDate | None:
    """Return the date in a metadata value, or None if it has none or an impossible one.

    Accepted are: YYYY, YYYY-MM, YYYY-MM-DD with or without a time, d/m/yyyy, m/yyyy, YYYYMMDD, seconds or
    milliseconds since 1970 (as UTC), 03-Aug-13, and every written date that `find_dates` finds (the first
    one). `persian`: a year like 1392 is one of the Persian calendar.
    """
    value = normalize(text).strip().removesuffix("م").rstrip()
    if found := parse_program_date(value, persian=persian):
        return found
    tags = find_dates(value)
    return tags[0].value if tags and not tags[0].note.startswith("no-such-day") else None
