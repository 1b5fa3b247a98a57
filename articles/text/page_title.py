"""The <title> of a web page: a headline, usually with the name of the site before or after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arabic.text.normalization import normalize

#: Separators. A vertical bar needs no spaces; a dash or colon needs both, because it may belong to the
#: headline.
_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?[|｜¦]\s*+|(?<!\s)\s++(?:[-–—―•·»«›‹:~⁄/]|::)\s++")


@dataclass(frozen=True, slots=True)
class TitleSplit:
    """A title split at a separator; the presumed name of the site is at [start, end)."""

    headline: str
    separator: str
    site: str
    start: int
    end: int


def iter_title_splits(title: str) -> Iterator[TitleSplit]:
    """Yield the title split at the last separator, then at the first, where the name comes before it.

    `title` must be one stripped line.
    """
    found = list(_SEPARATOR.finditer(title))
    for match, behind in ((found[-1], True), (found[0], False)) if found else ():
        separator, before, after = match[0].strip(), title[: match.start()], title[match.end() :]
        if not (before and after):
            continue
        if behind:
            yield TitleSplit(before, separator, after, match.end(), len(title))
        else:
            yield TitleSplit(after, separator, before, 0, match.start())


def is_same_wording(one: str, other: str) -> bool:
    """Return True if two names or headlines differ only in spelling variants, spaces and punctuation."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


def strip_site_name(title: str, site: str, headlines: Iterable[str]) -> str:
    """Remove the name of the site from a title, if it is known or the rest is a headline of the page."""
    others = [each for each in headlines if not is_same_wording(each, title)]
    for split in iter_title_splits(title):
        if is_same_wording(split.site, site) or any(is_same_wording(split.headline, each) for each in others):
            return split.headline
    return title


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalize(text)))
