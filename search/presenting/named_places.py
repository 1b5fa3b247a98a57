"""The cities of an article, as its page shows them: each with the sentences that name it."""

from __future__ import annotations

from dataclasses import dataclass

from arabic.sentences import sentence_around
from articles.models import Article, PlaceMention
from search.asking.request import SearchRequest
from search.presenting.page import search_url
from search.regions import country_label, country_number
from search.results import Segment

#: Sentences shown for a city; the others say it again.
SENTENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A city; its link finds all articles that mention it. Each sentence is runs of text, of which those
    marked name it. `region`: its governorate and country, as far as they are known."""

    label: str
    url: str
    region: tuple[str, ...]
    count: int
    sentences: tuple[tuple[Segment, ...], ...]
    #: Given by the file, by a librarian: then the text need not name it.
    by_file: bool
    by_librarian: bool


def named_places(article: Article) -> list[NamedPlace]:
    """Most mentioned first."""
    mentions: dict[str, list[PlaceMention]] = {}
    for mention in article.mentions.select_related("place").order_by("-field", "start", "pk"):
        mentions.setdefault(mention.place.slug, []).append(mention)
    ordered = sorted(mentions.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_named(article, slug, found) for slug, found in ordered]


def _named(article: Article, slug: str, mentions: list[PlaceMention]) -> NamedPlace:
    place = mentions[0].place
    country = country_number(place.country)
    region = (place.governorate, country_label(country) if country else "")
    spots = [mention for mention in mentions if mention.start is not None]
    sentences = dict.fromkeys(_sentence(article, mention) for mention in spots)
    fields = {mention.field for mention in mentions}
    return NamedPlace(
        label=slug,
        url=search_url(SearchRequest(cities=(slug,))),
        region=tuple(name for name in region if name and name != slug),
        count=len(spots),
        sentences=tuple(sentences)[:SENTENCES_SHOWN],
        by_file=PlaceMention.METADATA in fields,
        by_librarian=PlaceMention.DESK in fields,
    )


def _sentence(article: Article, mention: PlaceMention) -> tuple[Segment, ...]:
    text = article.title if mention.field == "title" else article.body
    start, end = mention.start or 0, mention.end or 0
    if not start < end <= len(text):  # changed by hand in the database
        return (Segment(mention.evidence),)
    first, last = sentence_around(text, start, end)
    runs = (
        Segment(text[first:start]),
        Segment(text[start:end], marked=True),
        Segment(text[end:last]),
    )
    return tuple(run for run in runs if run.text)
