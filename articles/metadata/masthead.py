"""A line that is only a publisher and a day: «صحيفة الضفاف - 3 آب 2013», «جريدة الضفاف | العدد 12 | 3/8».

Or two lines that follow each other, of which one is the publisher and the other the day.

People who keep clippings write it above or below the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from arabic.dates.lexicon import WEEKDAY_NAMES
from arabic.dates.tagger import find_dates
from arabic.dates.values import DateTag, PartialDate
from articles.metadata.edge_lines import MAX_LINE_CHARACTERS, TextLine, first_lines, last_lines
from articles.text.publishers import find_agency, find_agency_or_publisher, find_paper, find_publisher

#: Words allowed beside name and day: a label, the number of the issue, the day of the week, the page.
_BESIDE = re.compile(
    r"\b(?:المصدر|مصدر الخبر|(?:ال)?عدد(?: رقم)?|ص|صفحة|رقم|بتاريخ|تاريخ|الصادرة?|في|يوم)\b"
    rf"|\b(?:{'|'.join(WEEKDAY_NAMES)}|الإثنين|الاربعاء)\b|\d+"
)
_LABEL = re.compile(r"\b(?:المصدر|مصدر الخبر|(?:ال)?عدد)\b")
_SEPARATORS = re.compile(r"[|｜/،,:؛()\[\]*•–—-]")
#: Words that other names have, too: the site of an accident, the canal of Suez. What publishes says more.
_AMBIGUOUS = re.compile(r"(?:موقع|شبكة|قناة|وكالة|مركز) ")
_PUBLISHES = re.compile(
    r"[«\"“]|[أا]ونلاين| (?:نت|برس|نيوز)\b"
    r"| (?:ال)?(?:[إا]خباري?|[إا]علامي?|صحافة|صحفي|[أا]نباء|[إا]لكتروني|فضائي)ة?\b"
)
#: A paper or magazine on a line of its own, which might be the beginning of a headline without its article.
_SURE_NAME = re.compile(r"(?:صحيفة|جريدة|مجلة) ال\S+(?: ال\S+){0,2}")
#: A name of the form «صحيفة كذا»: what follows its first two words is no verb, as in a headline.
_NAME = re.compile(r"(?<!\S)\S++ \S++(?: (?:ال\S++|نت|أونلاين|اونلاين|برس|نيوز)){0,3}")


@dataclass(frozen=True, slots=True)
class Masthead:
    """Name and day of a masthead, with their offsets in the text; `above`: it stands above the text."""

    name: str
    name_start: int
    name_end: int
    day: PartialDate
    day_start: int
    day_end: int
    above: bool


@lru_cache(maxsize=1)  # the date and the source of a text are read from it, one after the other
def find_masthead(body: str) -> Masthead | None:
    """Return the masthead above the text, else the one below it, or None."""
    for above, lines in ((True, first_lines(body)), (False, last_lines(body)[::-1])):
        for line in lines:
            if line.has_neighbour and (found := _parse(line, above)):
                return found
        for one, other in pairwise(lines):
            if found := _parse_pair(one, other, above) or _parse_pair(other, one, above):
                return found
    return None


def _parse_pair(named: TextLine, dated: TextLine, above: bool) -> Masthead | None:
    """Return the masthead of two lines that follow each other: a publisher, and a day."""
    text = named.text.strip()
    if len(text) > MAX_LINE_CHARACTERS // 2 or not (name := find_publisher(text)) or _AMBIGUOUS.match(text):
        return None
    if not find_paper(text) and not _SURE_NAME.fullmatch(name):
        return None
    found = _only_day(dated.text)
    if found is None or found[1]:
        return None
    start, day = named.start + named.text.find(text), found[0]
    return Masthead(
        name, start, start + len(text), day.value, dated.start + day.start, dated.start + day.end, above
    )


def _parse(line: TextLine, above: bool) -> Masthead | None:
    text = line.text
    found = _only_day(text)
    if found is None:
        return None
    day, parts = found
    named = " ".join(parts[0].split()).strip(" .") if len(parts) == 1 else ""
    name = find_agency_or_publisher(named)
    if name == named and " " in name and not find_paper(name):
        is_known = bool(find_agency(name) or _LABEL.search(text) or _PUBLISHES.search(parts[0]))
        if not _NAME.fullmatch(name) or (_AMBIGUOUS.match(name) and not is_known):
            return None
    start = text.find(parts[0].strip()) if name else -1
    if start < 0:
        return None
    end = start + len(parts[0].strip())
    at = line.start
    return Masthead(name, at + start, at + end, day.value, at + day.start, at + day.end, above)


def _only_day(text: str) -> tuple[DateTag, list[str]] | None:
    """Return the day of a line, and its other parts without labels; None unless it has exactly one day."""
    if len(text) > MAX_LINE_CHARACTERS or not any(map(str.isdigit, text)):
        return None
    days = [tag for tag in find_dates(text) if tag.precision == "day" and tag.first == tag.last]
    if len({tag.first for tag in days}) != 1 or days[0].note:
        return None
    rest = text
    for tag in reversed(days):
        rest = f"{rest[: tag.start]}|{' ' * (tag.end - tag.start - 1)}{rest[tag.end :]}"
    parts = [part for part in _SEPARATORS.split(_BESIDE.sub("|", rest)) if part.strip(" .\t")]
    return days[0], parts
