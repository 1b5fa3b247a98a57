"""The <title> of a web page: a headline, and mostly the name of the site before or behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arabic.text.normalization import fold

#: What sites put between the two. A stroke needs no blanks, a dash or colon both: it may be of the headline.
_BETWEEN = re.compile(r"\s*[|｜¦]\s*|\s+(?:[-–—―•·»«›‹:~⁄/]|::)\s+")


@dataclass(frozen=True, slots=True)
class Split:
    """A title cut at a separator; the site's name, if that is what it is, stands at [start, end)."""

    headline: str
    between: str
    site: str
    start: int
    end: int


def splits(title: str) -> Iterator[Split]:
    """The name behind the last separator, then the one before the first; `title` is one line without blanks
    at its ends."""
    found = list(_BETWEEN.finditer(title))
    for match, behind in ((found[-1], True), (found[0], False)) if found else ():
        between, before, after = match[0].strip(), title[: match.start()], title[match.end() :]
        if not (before and after):
            continue
        if behind:
            yield Split(before, between, after, match.end(), len(title))
        else:
            yield Split(after, between, before, 0, match.start())


def alike(one: str, other: str) -> bool:
    """Whether two names or headlines differ in nothing but spelling, blanks and signs."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


def without_site(title: str, site: str, headlines: Iterable[str]) -> str:
    """The title without the name of the site, where that is known or the rest is a headline of the page."""
    others = [each for each in headlines if not alike(each, title)]
    for split in splits(title):
        if alike(split.site, site) or any(alike(split.headline, each) for each in others):
            return split.headline
    return title


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
