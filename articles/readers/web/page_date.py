"""Day of publication of a web page: declared in its head, written around its headline, or in its address.

The names of metadata are those of htmldate. Its search is not used: it takes the day of a change for that of
publication, a telephone number for a day, and knows no Arabic month. A day of change is never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from htmldate.core import DATE_ATTRIBUTES, PROPERTY_MODIFIED

from arabic.dates.date_lines import find_counted_date, find_line_dates
from arabic.dates.tagger import parse_date
from arabic.dates.values import partial_date
from articles.readers.web.page_head import PageHead, iter_json_ld, iter_metas
from articles.text.page_title import is_same_wording

#: Names of <meta> elements with the day of publication, in lower case, most reliable first.
_PUBLICATION_METAS = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "date.published", "dc.date.issued",
    "dcterms.issued", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime",
    "article.published",
)  # fmt: skip
#: Names that say less: sites put the day of a change or of the visit there as well, so JSON-LD comes first.
_OTHER_METAS = (
    *sorted(
        DATE_ATTRIBUTES - PROPERTY_MODIFIED - {*_PUBLICATION_METAS, "date", "dc.date", "meta", "timestamp"}
    ),
    "dc.date", "date",
)  # fmt: skip
#: Things of a page that have a day of their own.
_OTHER_THINGS = frozenset((
    "comment", "person", "organization", "newsmediaorganization", "imageobject", "videoobject", "event",
    "offer", "review", "place", "website", "breadcrumblist", "itemlist", "listitem",
))  # fmt: skip
#: Classes and ids of the element next to the headline, and of one with the day of a change.
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|published|publish|pubdate|timestamp|تاريخ)(?:$|[\s_-])", re.I
)
_CHANGED_CLASS = re.compile(r"updat|modif|edited|changed|تحديث|تعديل", re.I)
#: Maximum number of elements searched after the headline.
MAX_ELEMENTS = 400
#: An element with this much text begins the body of the article.
MIN_PARAGRAPH_CHARACTERS = 80
#: /2012/03/01/, /2012-03-01-title, /20120301/; a month alone only between slashes: /2012/03/title.
_DAY_IN_PATH = re.compile(
    r"(?<!\d)((?:19[89]|20\d)\d)"
    r"(?:([/_-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)
_MONTH_IN_PATH = re.compile(r"/((?:19[89]|20\d)\d)/(0[1-9]|1[0-2])/(?!\d{1,2}(?:/|$))")
MAX_PATH_CHARACTERS = 2000


def extract_declared_date(tree: Any, head: PageHead) -> str:
    """Return the day of publication that the page declares or marks next to its headline, or "".

    Days are YYYY-MM-DD, here and below.
    """
    declared = next((day for text in _declared_dates(tree, head) if (day := _day(text))), "")
    return declared or _date_beside_headline(tree)


def extract_written_date(lines: Iterable[str], last_lines: Iterable[str]) -> str:
    """Return the day in the lines above the first paragraph, else one below the last that is called so."""
    found = [each for line in lines for each in find_line_dates(line)]
    sure = [each.value for each in found if each.labelled]
    below = [each.value for line in last_lines for each in find_line_dates(line) if each.labelled]
    return next(iter([*sure, *(each.value for each in found), *below]), "")


def extract_counted_date(lines: Iterable[str], fetched: date) -> str:
    """Return the day that a line counts back from the day of the fetch: منذ 3 أيام, "3 days ago"."""
    return next((day for line in lines if (day := find_counted_date(line, fetched))), "")


def extract_address_date(address: str) -> str:
    """Return the day, or only the month, that the path of an address has, or ""."""
    try:
        path = urlsplit(address[:MAX_PATH_CHARACTERS]).path
    except ValueError:
        return ""
    if match := _DAY_IN_PATH.search(path):
        year, _separator, month, day, compact_month, compact_day = match.groups()
        if found := partial_date(int(year), int(month or compact_month), int(day or compact_day)):
            return found.value
    return "-".join(match.groups()) if (match := _MONTH_IN_PATH.search(path)) else ""


def remove_footers(tree: Any) -> Any:
    """Return the page without footers and sidebars, which contain dates of the site and other articles."""
    for part in tree.xpath("//*[(self::footer or self::aside) and not(ancestor::article)]"):
        part.drop_tree()
    return tree


def _day(text: str) -> str:
    value = parse_date(text.strip()) if len(text) < 100 else None
    return value.value if value and value.precision == "day" else ""


def _declared_dates(tree: Any, head: PageHead) -> Iterator[str]:
    """Yield the dates of publication in metadata, JSON-LD and microdata, most reliable first."""
    metas: dict[str, str] = {}
    for name, content in iter_metas(tree):
        metas.setdefault(name, content)
    yield from (metas[name] for name in _PUBLICATION_METAS if metas.get(name))
    yield from _dates_in_json_ld(tree, head)
    for each in tree.xpath("//*[@itemprop='datePublished']"):
        yield each.get("content") or each.get("datetime") or each.text_content()
    yield from (metas[name] for name in _OTHER_METAS if metas.get(name))


def _dates_in_json_ld(tree: Any, head: PageHead) -> list[str]:
    """Return the dates of publication in JSON-LD: this article, other articles, then the page around it."""
    found: list[tuple[int, str]] = []
    for entity in iter_json_ld(tree):
        published, kinds = entity.get("datePublished"), entity.get("@type") or ""
        names = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])[:10]}
        if not isinstance(published, str) or names & _OTHER_THINGS:
            continue
        is_article = any(name.endswith(("article", "posting", "report")) for name in names)
        headline = entity.get("headline") or entity.get("name")
        same = isinstance(headline, str) and any(
            is_same_wording(headline, each) for each in (*head.headlines, head.title)
        )
        found.append((0 if is_article and same else 1 if is_article else 2, published))
    return [published for _rank, published in sorted(found, key=lambda each: each[0])]


def _date_beside_headline(tree: Any) -> str:
    """Return the day in the first element between headline and body that is marked as a date."""
    headline = tree.find(".//h1")
    if headline is None:
        return ""
    for each in headline.xpath("following::*")[:MAX_ELEMENTS]:
        if len((each.text or "").strip()) >= MIN_PARAGRAPH_CHARACTERS:
            return ""  # dates after the body belong to other articles
        names = f"{each.get('class') or ''} {each.get('id') or ''}"
        if (each.tag != "time" and not _DATE_CLASS.search(names)) or _CHANGED_CLASS.search(names):
            continue
        text = each.text_content()
        if _CHANGED_CLASS.search(text[:MIN_PARAGRAPH_CHARACTERS]) and each.tag == "time":
            continue
        written = next(iter(find_line_dates(text)), None)
        if day := _day(each.get("datetime") or "") or (written.value if written else ""):
            return day
    return ""
