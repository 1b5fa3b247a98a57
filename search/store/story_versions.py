"""The other versions (near-duplicates) of an article that readers may see: the published ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from articles.models import Article, StoryMember
from articles.near_duplicates.pairs import similarities
from search.results import Record


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """Another version and its similarity: the percentage of the shorter text that is in the longer one.

    None if the two resemble only a third article, or a librarian put them into one cluster.
    """

    record: Record
    similarity: int | None


def other_versions(ids: Sequence[int]) -> dict[int, tuple[Record, ...]]:
    """Return article -> its other visible versions, oldest first, without their texts.

    Three queries for a page.
    """
    story_of = dict(StoryMember.objects.filter(article__in=ids).values_list("article", "story"))
    members: dict[int, set[int]] = defaultdict(set)
    found = StoryMember.objects.filter(story__in=set(story_of.values()))
    for article, story in found.values_list("article", "story"):
        members[story].add(article)
    records = _records([article for some in members.values() for article in some])
    return {
        article: others
        for article, story in story_of.items()
        if (others := tuple(one for one in records if one.id in members[story] and one.id != article))
    }


def versions_of(article: Article) -> list[ArticleVersion]:
    """Return the other visible versions of an article, the most similar first, then by date."""
    others = other_versions([article.pk]).get(article.pk, ())
    similar = similarities(article.pk, [record.id for record in others])
    found = [
        ArticleVersion(record, round(100 * similar[record.id]) if record.id in similar else None)
        for record in others
    ]
    return sorted(found, key=lambda version: -(version.similarity or 0))


def _records(ids: Sequence[int]) -> list[Record]:
    if not ids:
        return []
    articles = Article.objects.visible().filter(pk__in=ids).order_by("date", "pk")
    rows = articles.values_list("pk", "title", "source__name", "source_id", "date", "date_precision")
    return [
        Record(pk, title, "", source=source or "", source_id=source_id, date=day, precision=precision)
        for pk, title, source, source_id, day, precision in rows
    ]
