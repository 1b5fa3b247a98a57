"""Metadata of a web page: the name of its site, its headline without that name, and its JSON-LD."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from articles.text.page_title import TitleSplit, is_same_wording, iter_title_splits, strip_site_name
from articles.text.publishers import find_agency_or_publisher

#: Limits on the JSON-LD of a page, which describes a single article unless it is an attack.
MAX_JSON_LD_VALUES, MAX_JSON_LD_SCRIPTS = 500, 10
#: Maximum length of a site's name, in characters; a longer text is a slogan or a description.
MAX_SITE_CHARACTERS = 80
#: Maximum number of <h2> and <h3> elements that are read.
MAX_SUBHEADINGS = 20
#: Characters that only separate a headline from a name; a dash may be part of the headline.
TITLE_SEPARATORS = frozenset("|｜¦")
_OFFICE = re.compile(r"LibreOffice|OpenOffice|Microsoft (?:Word|Excel)", re.IGNORECASE)
_FILE_PROPERTIES = frozenset(("author", "created", "changed", "changedby", "date"))
_SITE = ("og:site_name", "application-name")
_HEADLINE = ("og:title", "twitter:title", "headline", "dc.title")


@dataclass(frozen=True, slots=True)
class PageHead:
    """The titles that a page gives itself.

    `site` is the declared name of the site, "" for none; `title` is <title>; `headlines` are <h1> and the
    titles in metadata, without repetitions of `site`; `subheadings` are <h2> and <h3>.
    """

    site: str
    title: str
    headlines: tuple[str, ...]
    subheadings: tuple[str, ...] = ()

    def headline(self, found: str) -> str:
        """Return `found`, the headline according to trafilatura or "", without the name of the site.

        If only <title> contains it, trafilatura takes the part before the last dash, which is half a headline
        unless a name follows the dash.
        """
        found = self._matching_subheading(found)
        if not found or is_same_wording(found, self.site) or self._is_name_in_title(found):
            found = next(iter(self.headlines), self.title)
        if not any(is_same_wording(each, found) for each in (*self.headlines, *self.subheadings)):
            whole = is_same_wording(found, self.title)
            splits = [
                split
                for split in iter_title_splits(self.title)
                if whole or is_same_wording(split.headline, found)
            ]
            named = next((split for split in splits if self._has_site_name(split)), None)
            found = named.headline if named else self.title if splits else found
        return strip_site_name(found, self.site, self.headlines)

    def _matching_subheading(self, found: str) -> str:
        """Return the subheading that agrees with <title> if `found` does not, else `found`.

        Many sites have their own name in <h1> and the headline in <h2>.
        """
        splits = list(iter_title_splits(self.title))
        candidates = [self.title, *(split.headline for split in splits)]
        wanted = [split.headline for split in splits if is_same_wording(split.site, found)]
        if found and not any(is_same_wording(each, found) for each in candidates):
            wanted = candidates
        return next(
            (each for each in self.subheadings if any(is_same_wording(title, each) for title in wanted)),
            found,
        )

    def _is_name_in_title(self, found: str) -> bool:
        """Return True if `found` is the name of a paper before or behind the headline in <title>."""
        return bool(find_agency_or_publisher(found)) and any(
            is_same_wording(found, part)
            for split in iter_title_splits(self.title)
            for part in (split.headline, split.site)
        )

    def _has_site_name(self, split: TitleSplit) -> bool:
        """Return True if the part of a title next to the headline is a site's name."""
        return (
            split.separator in TITLE_SEPARATORS
            or is_same_wording(split.site, self.site)
            or bool(find_agency_or_publisher(split.site))
        )


def iter_metas(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield name, in lower case, and content of each <meta> of a parsed page."""
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        yield name.strip().lower(), meta.get("content") or ""


def remove_file_properties(tree: Any) -> None:
    """Remove author and days that an office program wrote into its page: those of the computer."""
    if any(name == "generator" and _OFFICE.search(content) for name, content in iter_metas(tree)):
        for meta in list(tree.iter("meta")):
            if (meta.get("name") or "").lower() in _FILE_PROPERTIES:
                meta.drop_tree()


def extract_page_head(tree: Any) -> PageHead:
    """Return the head of a parsed page."""
    metas: dict[str, str] = {}
    for name, written in iter_metas(tree):
        if content := _line(written):
            metas.setdefault(name, content)
    sites = (*(metas.get(name, "") for name in _SITE), _publisher(tree))
    site = next(
        (each for each in sites if re.search(r"[^\W\d_]", each) and len(each) <= MAX_SITE_CHARACTERS), ""
    )
    titles = [_line(each.text_content()) for each in tree.iter("h1")]
    titles += [metas.get(name, "") for name in _HEADLINE]
    title = tree.find(".//title")
    subheadings = [*tree.iter("h2", "h3")][:MAX_SUBHEADINGS]
    return PageHead(
        site,
        "" if title is None else _line(title.text_content()),
        tuple(dict.fromkeys(each for each in titles if each and not is_same_wording(each, site))),
        tuple(filter(None, (_line(each.text_content()) for each in subheadings))),
    )


def iter_json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the page's JSON-LD (schema.org), outer ones first. Invalid JSON is skipped."""
    scripts = [each for each in tree.iter("script") if "ld+json" in (each.get("type") or "").lower()]
    for script in scripts[:MAX_JSON_LD_SCRIPTS]:
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        yield from _iter_objects(found)


def _iter_objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all dictionaries in a JSON value, breadth first."""
    queue = deque([value])
    for _number in range(MAX_JSON_LD_VALUES):
        if not queue:
            return
        value = queue.popleft()
        if isinstance(value, dict):
            yield value
            queue.extend(each for each in value.values() if isinstance(each, dict | list))
        elif isinstance(value, list):
            queue.extend(value[:MAX_JSON_LD_VALUES])


def _publisher(tree: Any) -> str:
    """Return the name of the publisher in the JSON-LD, or "" if there is none."""
    for entity in iter_json_ld(tree):
        publisher = entity.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else None
        if isinstance(name, str) and name.strip():
            return _line(name)
    return ""


def _line(text: str) -> str:
    return " ".join(text.split())
