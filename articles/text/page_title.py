"""The <title> of a web page: a headline, and mostly the name of the site before or behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arabic.text.normalization import normalize

#: What sites put between the two. A stroke needs no blanks, a dash or colon both: it may be of the headline.
_BETWEEN = re.compile(r"\s*[|｜¦]\s*|\s+(?:[-–—―•·»«›‹:~⁄/]|::)\s+")


@dataclass(frozen=True, slots=True)
class TitleSplit:
    """A title cut at a separator; the site's name, if that is what it is, stands at [start, end)."""

    headline: str
    between: str
    site: str
    start: int
    end: int


def iter_title_splits(title: str) -> Iterator[TitleSplit]:
    """The name behind the last separator, then the one before the first; `title` is one line without blanks
    at its ends."""
    found = list(_BETWEEN.finditer(title))
    for match, behind in ((found[-1], True), (found[0], False)) if found else ():
        between, before, after = match[0].strip(), title[: match.start()], title[match.end() :]
        if not (before and after):
            continue
        if behind:
            yield TitleSplit(before, between, after, match.end(), len(title))
        else:
            yield TitleSplit(after, between, before, 0, match.start())


def is_same_wording(one: str, other: str) -> bool:
    """Whether two names or headlines differ in nothing but spelling, blanks and signs."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


def strip_site_name(title: str, site: str, headlines: Iterable[str]) -> str:
    """The title without the name of the site, where that is known or the rest is a headline of the page."""
    others = [each for each in headlines if not is_same_wording(each, title)]
    for split in iter_title_splits(title):
        if is_same_wording(split.site, site) or any(is_same_wording(split.headline, each) for each in others):
            return split.headline
    return title


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalize(text)))
