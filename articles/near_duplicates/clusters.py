"""Near-duplicate clusters: which articles are versions of one report.

A cluster joins articles with the same text, pairs with similar texts (`pairs.py`) and pairs that librarians
joined. The stored clusters depend only on the texts and the librarians' decisions, not on the order in
which articles came in, and every step can be repeated. `update_clusters` runs in the transaction that
writes the articles; `recompute_all_clusters` and `iter_compare_all` (the command `find_duplicates`) fix
inconsistencies that a deletion or an older version left.

Drafts are compared when they are published: a draft that holds two reports would join them for readers,
though its author may not be allowed to publish.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from articles.batching import MAX_SQL_PARAMETERS, chunks
from articles.models import Article, StoryBand, StoryLink, StoryMember, StoryVerdict
from articles.near_duplicates.pairs import Pair, find_repeated_texts, remove_links, text_values, update_links
from articles.outbox.bulk_mode import bulk_transaction
from articles.text.minhash import Sketch

#: Articles compared in one transaction, which takes well under half a second.
CHUNK = 200


def members_of_clusters(articles: Iterable[int | None]) -> QuerySet[StoryMember]:
    """Return the members of the clusters that these articles belong to, by their keys."""
    stories = StoryMember.objects.filter(article__in=[key for key in articles if key])
    return StoryMember.objects.filter(story__in=stories.values("story"))


def update_clusters(ids: Collection[int], ready: Mapping[int, Sketch] = MappingProxyType({})) -> None:
    """Compare articles with new or changed texts with all others, and assign each to its cluster.

    Call it in the transaction that writes the articles, and when one becomes a draft or ceases to be one.
    `ready` holds sketches that exist already.
    """
    for each in chunks(sorted(ids), CHUNK):
        with transaction.atomic():
            drafts = set(_drafts().filter(pk__in=each).values_list("pk", flat=True))
            for pk in sorted(text_values(drafts)) if drafts else ():
                _leave_cluster(pk)
            some = [pk for pk in each if pk not in drafts]
            if not some:
                continue
            fresh, pairs = update_links(some, ready)
            if not (fresh and _attach(pairs)):
                recompute_clusters(some)


def recompute_clusters(ids: Collection[int]) -> tuple[int, set[int]]:
    """Recompute the clusters of these articles and of all articles connected with them.

    Returns the number of articles that moved and the ids of all articles that were recomputed.
    """
    wanted: set[int] = set()
    texts: dict[int, set[int]] = {}
    links: set[Pair] = set()
    judged: set[tuple[int, Pair]] = set()
    new = set(ids)
    while new:
        new |= _cluster_members(new) - wanted
        wanted |= new
        texts |= _equal_texts(new)
        links |= _links_of(new)
        judged |= _joined_by_verdict(new)
        ends = [*texts.values(), *links, *(pair for _pk, pair in judged)]
        new = {end for some in ends for end in some} - wanted
    return _assign(wanted, _edges(texts, links, judged, _separated(wanted))), wanted


def _attach(pairs: Collection[Pair]) -> bool:
    """Add new articles to the clusters of the articles they are paired with, without reading whole clusters.

    The result is that of `recompute_clusters`. Returns False, having changed nothing, if a librarian
    decided about one of the articles: then the whole cluster must be recomputed.
    """
    ends = {end for pair in pairs for end in pair}
    for some in chunks(ends, MAX_SQL_PARAMETERS // 2):
        if StoryVerdict.objects.filter(Q(article__in=some) | Q(other__in=some)).exists():
            return False
    held = _clusters_of(ends)
    named = {(held.get(first, first), held.get(second, second)) for first, second in pairs}
    # Members are represented by their cluster here; an article without a cluster represents itself.
    names = {name for pair in named for name in pair}
    top = _groups(names, named)
    for name in sorted(set(held.values())):
        if top[name] != name:
            StoryMember.objects.filter(story=name).update(story=top[name])
    StoryMember.objects.bulk_create(
        StoryMember(article_id=pk, story=top[pk]) for pk in sorted(ends - held.keys())
    )
    return True


def recompute_all_clusters() -> int:
    """Recompute every cluster in short transactions; return the number of articles that moved."""
    linked = StoryLink.objects.values_list("first", "second")
    judged = StoryVerdict.objects.values_list("article", "other")
    ends = set(StoryMember.objects.values_list("article", flat=True)) | set(find_repeated_texts()[1])
    ends |= {end for pair in [*linked, *judged] for end in pair if end is not None}
    moved = 0
    while ends:
        with transaction.atomic():
            some, settled = recompute_clusters(sorted(ends)[:CHUNK])
        moved += some
        ends -= settled
    return moved


def iter_compare_all(*, again: bool = False) -> Iterator[int]:
    """Compare the articles that were not compared yet (`again`: all), then recompute all clusters.

    Yields the number of articles done after each chunk. May be stopped and run again at any point.
    """
    done, last = 0, 0
    while True:
        articles = Article.objects.filter(pk__gt=last).order_by("pk")
        if not again:
            # A draft that was compared all the same, by an older version, is to leave its cluster.
            compared = Q(pk__in=StoryBand.objects.values("article"))
            articles = articles.exclude(compared ^ Q(state=Article.State.DRAFT))
        ids = list(articles.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            break
        with bulk_transaction(ids):
            update_clusters(ids)
        done, last = done + len(ids), ids[-1]
        yield done
    recompute_all_clusters()


def separate(article: Article, *, by: AbstractBaseUser | None, reason: str) -> None:
    """Take an article out of its cluster permanently; only `join` puts it into one again."""
    _decide(article, StoryVerdict.Kind.APART, None, by, reason)


def join(article: Article, other: Article, *, by: AbstractBaseUser | None, reason: str) -> None:
    """Put an article into the cluster of another permanently. Raises ValueError if they are the same."""
    if article.pk == other.pk:
        raise ValueError("an article is always in one story with itself")
    _decide(article, StoryVerdict.Kind.TOGETHER, other, by, reason)


@transaction.atomic
def _decide(
    article: Article, kind: str, other: Article | None, by: AbstractBaseUser | None, reason: str
) -> None:
    StoryVerdict.objects.create(article=article, kind=kind, other=other, made_by=by, reason=reason[:300])  # type: ignore[misc]  # any user model
    recompute_clusters({article.pk} | ({other.pk} if other else set()))


@transaction.atomic
def remove_from_cluster(article: int) -> None:
    """Remove an article before its deletion, and split clusters that only this article connected."""
    StoryVerdict.objects.filter(Q(article=article) | Q(other=article)).delete()
    _leave_cluster(article)


def _drafts() -> QuerySet[Article]:
    return Article.objects.filter(state=Article.State.DRAFT).order_by()


def _leave_cluster(article: int) -> None:
    """Forget what the text of an article resembles, and split the cluster that only it connected."""
    mates = _cluster_members({article}) - {article}
    StoryMember.objects.filter(article=article).delete()
    remove_links(article)
    if mates:
        recompute_clusters(mates)


def remove_deleted_from_cluster(sender: type[Model], *, instance: Article, **_: Any) -> None:
    """Update the cluster in the transaction that deletes an article (receiver of `pre_delete`)."""
    remove_from_cluster(instance.pk)


def _cluster_members(ids: Collection[int]) -> set[int]:
    """Return all articles that share a cluster with these."""
    found: set[int] = set()
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        stories = StoryMember.objects.filter(article__in=some).values("story")
        found |= set(StoryMember.objects.filter(story__in=stories).values_list("article", flat=True))
    return found


def _equal_texts(ids: Collection[int]) -> dict[int, set[int]]:
    """Return text value → all articles with that text, for the texts of these articles."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in chunks(set(text_values(ids).values()), MAX_SQL_PARAMETERS):
        for value, article in StoryBand.objects.filter(value__in=some).values_list("value", "article"):
            found[value].add(article)
    return found


def _links_of(ids: Collection[int]) -> set[Pair]:
    """Return the links of these articles."""
    found: set[Pair] = set()
    for some in chunks(ids, MAX_SQL_PARAMETERS // 2):
        links = StoryLink.objects.filter(Q(first__in=some) | Q(second__in=some))
        found |= set(links.values_list("first", "second"))
    return found


def _joined_by_verdict(ids: Collection[int]) -> set[tuple[int, Pair]]:
    """Return (id, pair) of each decision that joins one of these articles with another."""
    found: set[tuple[int, Pair]] = set()
    for some in chunks(ids, MAX_SQL_PARAMETERS // 2):
        verdicts = StoryVerdict.objects.filter(Q(article__in=some) | Q(other__in=some))
        rows = verdicts.filter(kind=StoryVerdict.Kind.TOGETHER).values_list("pk", "article", "other")
        found |= {(pk, (article, other)) for pk, article, other in rows if other}
    return found


def _edges(
    texts: dict[int, set[int]], links: set[Pair], judged: set[tuple[int, Pair]], left: dict[int, int]
) -> set[Pair]:
    """Return the edges of the cluster graph: equal texts, linked texts, decisions of librarians.

    An article that was taken out of its cluster (`left`) is joined only by later decisions; links of its
    text then apply to the other articles with the same text.
    """
    stands: dict[int, int] = {}
    edges: set[Pair] = set()
    for articles in texts.values():
        staying = sorted(articles - left.keys())
        edges |= {(staying[0], article) for article in staying[1:]}
        stands |= {article: staying[0] for article in articles if staying}
    edges |= {(stands[one], stands[other]) for one, other in links if one in stands and other in stands}
    return edges | {pair for pk, pair in judged if all(pk > left.get(end, 0) for end in pair)}


def _separated(ids: Collection[int]) -> dict[int, int]:
    """Return article → id of the latest decision that took it out of its cluster."""
    latest: dict[int, int] = {}
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        rows = StoryVerdict.objects.filter(article__in=some, kind=StoryVerdict.Kind.APART).order_by("pk")
        latest |= dict(rows.values_list("article", "pk"))
    return latest


def _assign(ids: Collection[int], edges: Iterable[Pair]) -> int:
    """Save each article's cluster (the lowest id it is connected to); return how many articles moved."""
    top = _groups(ids, edges)
    sizes: dict[int, int] = defaultdict(int)
    for article in ids:
        sizes[top[article]] += 1
    wanted = {article: top[article] for article in ids if sizes[top[article]] > 1}
    held = _clusters_of(ids)
    gone = sorted(held.keys() - wanted.keys())
    moved = defaultdict(list)
    for article in sorted(wanted.keys() & held.keys()):
        if wanted[article] != held[article]:
            moved[wanted[article]].append(article)
    for some in chunks(gone, MAX_SQL_PARAMETERS):
        StoryMember.objects.filter(article__in=some).delete()
    for story, articles in moved.items():
        for some in chunks(articles, MAX_SQL_PARAMETERS):
            StoryMember.objects.filter(article__in=some).update(story=story)
    new = sorted(wanted.keys() - held.keys())
    StoryMember.objects.bulk_create(StoryMember(article_id=pk, story=wanted[pk]) for pk in new)
    return len(gone) + sum(map(len, moved.values())) + len(new)


def _groups(ids: Iterable[int], edges: Iterable[Pair]) -> dict[int, int]:
    """Return article → the lowest id among the articles it is connected with (union-find)."""
    group = {article: article for article in ids}

    def top(article: int) -> int:
        while group[article] != article:
            group[article] = group[group[article]]
            article = group[article]
        return article

    for first, second in edges:
        low, high = sorted((top(first), top(second)))
        group[high] = low
    return {article: top(article) for article in group}


def _clusters_of(ids: Iterable[int]) -> dict[int, int]:
    """Return article → cluster for the articles that are in one."""
    found: dict[int, int] = {}
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        found |= dict(StoryMember.objects.filter(article__in=some).values_list("article", "story"))
    return found
