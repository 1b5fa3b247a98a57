"""A line that is only a publisher and a day: «صحيفة الضفاف - 3 آب 2013», «جريدة الضفاف | العدد 12 | 3/8».

People who keep clippings write it above or below the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from arabic.dates.lexicon import WEEKDAY_NAMES
from arabic.dates.tagger import find_dates
from arabic.dates.values import PartialDate
from articles.metadata.edge_lines import MAX_LINE_CHARACTERS, TextLine, first_lines, last_lines
from articles.text.publishers import find_agency, find_agency_or_publisher, find_paper

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
#: A name of the form «صحيفة كذا»: what follows its first two words is no verb, as in a headline.
_NAME = re.compile(r"\S+ \S+(?: (?:ال\S+|نت|أونلاين|اونلاين|برس|نيوز)){0,3}")


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
    return None


def _parse(line: TextLine, above: bool) -> Masthead | None:
    text = line.text
    if len(text) > MAX_LINE_CHARACTERS or not any(map(str.isdigit, text)):
        return None
    days = [tag for tag in find_dates(text) if tag.precision == "day" and tag.first == tag.last]
    if len({tag.first for tag in days}) != 1 or days[0].note:
        return None
    rest = text
    for tag in reversed(days):
        rest = f"{rest[: tag.start]}|{' ' * (tag.end - tag.start - 1)}{rest[tag.end :]}"
    parts = [part for part in _SEPARATORS.split(_BESIDE.sub("|", rest)) if part.strip(" .\t")]
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
    day, at = days[0], line.start
    return Masthead(name, at + start, at + end, day.value, at + day.start, at + day.end, above)
