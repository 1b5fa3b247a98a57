"""What a web page says of itself in its head: the site it stands on, and its headline without the site's
name."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from articles.text.page_title import TitleSplit, is_same_wording, iter_title_splits, strip_site_name
from articles.text.publishers import find_agency_or_publisher

# The structured data of a web page (JSON-LD of schema.org), as dictionaries.


#: So many values are looked at, and so many scripts: a page describes one article, or an attack.
MAX_JSON_LD_VALUES, MAX_JSON_LD_SCRIPTS = 500, 10


def iter_json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, outer ones first; what cannot be read is left out."""
    scripts = [each for each in tree.iter("script") if "ld+json" in (each.get("type") or "").lower()]
    for script in scripts[:MAX_JSON_LD_SCRIPTS]:
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        yield from _objects(found)


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    waiting = deque([found])
    for _number in range(MAX_JSON_LD_VALUES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            waiting.extend(each for each in value.values() if isinstance(each, dict | list))
        elif isinstance(value, list):
            waiting.extend(value[:MAX_JSON_LD_VALUES])


#: Longest name of a site, in characters; what is longer is what it says of itself.
MAX_SITE_CHARACTERS = 80
#: Lower headings that are looked at.
MAX_SUBHEADINGS = 20
#: Between a headline and a name; a dash may be of the headline.
TITLE_SEPARATORS = frozenset("|｜¦")
_SITE = ("og:site_name", "application-name")
_HEADLINE = ("og:title", "twitter:title", "headline", "dc.title")


@dataclass(frozen=True, slots=True)
class PageHead:
    """`site`: the name that the page declares, "" for none; `title`: its <title>; `headlines`: what else it
    calls itself; `subheads`: its lower headings."""

    site: str
    title: str
    headlines: tuple[str, ...]
    subheads: tuple[str, ...] = ()

    def headline(self, found: str) -> str:
        """`found` (what trafilatura took for the headline, or "") without the site's name. Of a title that
        only <title> has, trafilatura takes what stands before the last dash: half a headline, unless a name
        is behind it."""
        found = self._of_title(found)
        if not found or is_same_wording(found, self.site):
            found = next(iter(self.headlines), self.title)
        if not any(is_same_wording(each, found) for each in (*self.headlines, *self.subheads)):
            whole = is_same_wording(found, self.title)
            halves = [
                cut for cut in iter_title_splits(self.title) if whole or is_same_wording(cut.headline, found)
            ]
            named = next((cut for cut in halves if self._is_site(cut)), None)
            found = named.headline if named else self.title if halves else found
        return strip_site_name(found, self.site, self.headlines)

    def _of_title(self, found: str) -> str:
        """`found`, or the lower heading that <title> means, where that has nothing of `found` for a headline:
        many sites have their own name in the <h1>."""
        cuts = list(iter_title_splits(self.title))
        wanted = [cut.headline for cut in cuts if is_same_wording(cut.site, found)]
        if found and not any(
            is_same_wording(each, found) for each in (self.title, *(cut.headline for cut in cuts))
        ):
            wanted = [self.title, *(cut.headline for cut in cuts)]
        return next(
            (head for head in self.subheads if any(is_same_wording(each, head) for each in wanted)), found
        )

    def _is_site(self, cut: TitleSplit) -> bool:
        return (
            cut.between in TITLE_SEPARATORS
            or is_same_wording(cut.site, self.site)
            or bool(find_agency_or_publisher(cut.site))
        )


def extract_page_head(tree: Any) -> PageHead:
    """Read the head of a parsed page."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if content := _line(meta.get("content") or ""):
            metas.setdefault(name, content)
    sites = (*(metas.get(name, "") for name in _SITE), _publisher(tree))
    site = next(
        (each for each in sites if re.search(r"[^\W\d_]", each) and len(each) <= MAX_SITE_CHARACTERS), ""
    )
    titles = [_line(each.text_content()) for each in tree.iter("h1")]
    titles += [metas.get(name, "") for name in _HEADLINE]
    title = tree.find(".//title")
    lower = [*tree.iter("h2", "h3")][:MAX_SUBHEADINGS]
    return PageHead(
        site,
        "" if title is None else _line(title.text_content()),
        tuple(dict.fromkeys(each for each in titles if each and not is_same_wording(each, site))),
        tuple(filter(None, (_line(each.text_content()) for each in lower))),
    )


def _publisher(tree: Any) -> str:
    """Whom the structured data name as the publisher."""
    for described in iter_json_ld(tree):
        publisher = described.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else None
        if isinstance(name, str) and name.strip():
            return _line(name)
    return ""


def _line(text: str) -> str:
    return " ".join(text.split())
