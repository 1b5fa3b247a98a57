"""Day of publication of a web page: from its metadata, its JSON-LD, or an element next to its headline.

trafilatura reads the first two as well, but may return the day of a later change or one from a footer, and
does not know Arabic month names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from arabic.dates.tagger import find_dates, parse_date
from articles.readers.web.page_head import iter_json_ld

#: Names of <meta> elements with the day of publication, in lower case; those of later changes are not listed.
_PUBLICATION_METAS = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "date.published", "dc.date.issued",
    "dcterms.issued", "dc.date.created", "dcterms.created", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "article.published", "displaydate", "dc.date", "date",
)  # fmt: skip
#: Classes and ids of the element next to the headline.
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|published|publish|pubdate|timestamp|تاريخ)(?:$|[\s_-])", re.I
)
_DATE_LABEL = re.compile(
    r"^\W*(?:تاريخ النشر|نشر في|نشر بتاريخ|نشرت في|التاريخ|بتاريخ|يوم|Published|Posted on|Date)\W*", re.I
)
#: Words that may accompany the date in such an element: "14:20", "الساعة", "بتوقيت غرينتش".
_DATE_COMPANIONS = re.compile(
    r"[\W\d_]|\b(?:ص|م|صباحا|مساء|ظهرا|الساعة|بتوقيت|غرينتش|غرينيتش|دمشق|القاهرة|مكة|GMT|UTC|AM|PM|EST|EET)\b",
    re.I,
)
#: Maximum length of a text that is only a date.
MAX_DATE_CHARACTERS = 80
#: Maximum number of elements searched after the headline.
MAX_ELEMENTS = 400
#: An element with this much text begins the body of the article.
MIN_PARAGRAPH_CHARACTERS = 80


def extract_page_date(tree: Any) -> str:
    """Return the day of publication as YYYY-MM-DD, or "" if the page does not state it."""
    declared = next((day for text in _declared_dates(tree) if (day := _day(text))), "")
    return declared or _date_beside_headline(tree)


def remove_footers(tree: Any) -> Any:
    """Return the page without footers and sidebars, which contain dates of the site and other articles."""
    for part in tree.xpath("//*[(self::footer or self::aside) and not(ancestor::article)]"):
        part.drop_tree()
    return tree


def _day(text: str) -> str:
    value = parse_date(text.strip())
    return value.value if value and value.precision == "day" else ""


def _declared_dates(tree: Any) -> Iterator[str]:
    """Yield the dates of publication in metadata, JSON-LD and microdata, most reliable first."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        metas.setdefault(name, meta.get("content") or "")
    yield from (metas[name] for name in _PUBLICATION_METAS if metas.get(name))
    for entity in iter_json_ld(tree):
        if isinstance(published := entity.get("datePublished"), str):
            yield published
    for each in tree.xpath("//*[@itemprop='datePublished']"):
        yield each.get("content") or each.get("datetime") or ""


def _date_beside_headline(tree: Any) -> str:
    """Return the day in the first element between headline and body that is marked as a date."""
    headline = tree.find(".//h1")
    if headline is None:
        return ""
    for each in headline.xpath("following::*")[:MAX_ELEMENTS]:
        if len((each.text or "").strip()) >= MIN_PARAGRAPH_CHARACTERS:
            return ""  # dates after the body belong to other articles
        names = f"{each.get('class') or ''} {each.get('id') or ''}"
        if each.tag != "time" and not _DATE_CLASS.search(names):
            continue
        if day := _day(each.get("datetime") or "") or _sole_date(each.text_content()):
            return day
    return ""


def _sole_date(text: str) -> str:
    """Return the day of a text that consists of one date, "" for any other text."""
    text = _DATE_LABEL.sub("", " ".join(text.split()))
    tags = find_dates(text) if len(text) <= MAX_DATE_CHARACTERS else []
    rest = text
    for tag in reversed(tags):
        rest = rest[: tag.start] + rest[tag.end :]
    is_sole = (
        len(tags) == 1
        and tags[0].precision == "day"
        and not tags[0].note
        and not _DATE_COMPANIONS.sub("", rest)
    )
    return tags[0].value.value if is_sole else ""
