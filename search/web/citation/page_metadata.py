"""What programs read on the page of an article: schema.org NewsArticle and the `citation_*` tags."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from search.web.citation.csl import CslItem, author_of, date_of, is_agency

#: A text must not end the element that holds it.
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def json_ld(item: CslItem) -> SafeString:
    """Return the NewsArticle as JSON that is safe inside a script element.

    A block of data is not run, so the content security policy lets it pass.
    """
    author = author_of(item)
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": item["URL"],
        "url": item["URL"],
        "mainEntityOfPage": item["URL"],
        "headline": item.get("title", ""),
        "datePublished": date_of(item),
        "inLanguage": item.get("language", ""),
        "author": {"@type": "Organization" if is_agency(author) else "Person", "name": author}
        if author
        else None,
        "publisher": {"@type": "NewsMediaOrganization", "name": item["container-title"]}
        if "container-title" in item
        else None,
        "identifier": item["archive_location"],
        "sameAs": item.get("custom", {}).get("original_url", ""),
    }
    known = {name: value for name, value in values.items() if value}
    return mark_safe(json.dumps(known, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  escaped above


def meta_tags(item: CslItem) -> list[tuple[str, str]]:
    """Return (name, content) of the tags that reference managers read.

    Zotero takes an item with `citation_*` tags for an article of a journal unless `z:itemType` says more.
    """
    tags = [
        ("z:itemType", "newspaperArticle"),
        ("citation_title", item.get("title", "")),
        ("citation_author", author_of(item)),
        ("citation_journal_title", item.get("container-title", "")),
        ("citation_publication_date", date_of(item).replace("-", "/")),
        ("citation_language", item.get("language", "")),
        ("citation_public_url", item["URL"]),
    ]
    return [(name, content) for name, content in tags if content]
