"""When a web page says it was published: in its head, in its structured data, beside its headline.

Trafilatura knows the first two too, but may take a later change for the day, finds days in footers, and reads
no month in Arabic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from arabic.dates.tagger import find_dates, parse_date
from articles.readers.web.page_head import iter_json_ld

#: Names of metas and of itemprops that mean the publication, in small letters; those of changes are not here.
_PUBLICATION_METAS = (
    *("article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate"),
    *("publishdate", "publish_date", "publish-date", "publication_date", "date.published", "dc.date.issued"),
    *(
        "dcterms.issued",
        "dc.date.created",
        "dcterms.created",
        "sailthru.date",
        "parsely-pub-date",
        "cxenseparse:recs:publishtime",
    ),
    *("article.published", "displaydate", "dc.date", "date"),
)
#: What sites call the element beside the headline.
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|published|publish|pubdate|timestamp|تاريخ)(?:$|[\s_-])", re.I
)
_DATE_LABEL = re.compile(
    r"^\W*(?:تاريخ النشر|نشر في|نشر بتاريخ|نشرت في|التاريخ|بتاريخ|يوم|Published|Posted on|Date)\W*", re.I
)
#: Beside the date in such an element: "14:20", "الساعة", "بتوقيت غرينتش".
_DATE_COMPANIONS = re.compile(
    r"[\W\d_]|\b(?:ص|م|صباحا|مساء|ظهرا|الساعة|بتوقيت|غرينتش|غرينيتش|دمشق|القاهرة|مكة|GMT|UTC|AM|PM|EST|EET)\b",
    re.I,
)
MAX_DATE_CHARACTERS, MAX_ELEMENTS = 80, 400
MIN_PARAGRAPH_CHARACTERS = 80


def extract_page_date(tree: Any) -> str:
    """YYYY-MM-DD, "" where the page does not say it."""
    return next((day for text in _declared(tree) if (day := _day(text))), "") or _beside_headline(tree)


def remove_footers(tree: Any) -> Any:
    """The page without its end and its side, where the days of its makers and of other articles stand."""
    for part in tree.xpath("//*[(self::footer or self::aside) and not(ancestor::article)]"):
        part.drop_tree()
    return tree


def _day(text: str) -> str:
    value = parse_date(text.strip())
    return value.value if value and value.precision == "day" else ""


def _declared(tree: Any) -> Iterator[str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        metas.setdefault(name, meta.get("content") or "")
    yield from (metas[name] for name in _PUBLICATION_METAS if metas.get(name))
    for described in iter_json_ld(tree):
        if isinstance(published := described.get("datePublished"), str):
            yield published
    for each in tree.xpath("//*[@itemprop='datePublished']"):
        yield each.get("content") or each.get("datetime") or ""


def _beside_headline(tree: Any) -> str:
    """The first element between the headline and the text that is a date and calls itself so."""
    headline = tree.find(".//h1")
    if headline is None:
        return ""
    for each in headline.xpath("following::*")[:MAX_ELEMENTS]:
        if (
            len((each.text or "").strip()) >= MIN_PARAGRAPH_CHARACTERS
        ):  # behind the text stand the days of other articles
            return ""
        called = f"{each.get('class') or ''} {each.get('id') or ''}"
        if each.tag != "time" and not _DATE_CLASS.search(called):
            continue
        if day := _day(each.get("datetime") or "") or _only_a_date(each.text_content()):
            return day
    return ""


def _only_a_date(text: str) -> str:
    """The one day of a text that says nothing else."""
    text = _DATE_LABEL.sub("", " ".join(text.split()))
    tags = find_dates(text) if len(text) <= MAX_DATE_CHARACTERS else []
    rest = text
    for tag in reversed(tags):
        rest = rest[: tag.start] + rest[tag.end :]
    sure = (
        len(tags) == 1
        and tags[0].precision == "day"
        and not tags[0].note
        and not _DATE_COMPANIONS.sub("", rest)
    )
    return tags[0].value.value if sure else ""
