"""Which articles are versions of one report: articles with one text, and pairs that are alike
(`story_pairs`), with what librarians decided, into stories.

What is stored follows from the texts and the verdicts alone, not from the order in which articles came, and
doing any step again changes nothing. `follow` runs in the transaction that writes the articles; `settle_all`
and `find_all` (the command `find_duplicates`) mend whatever a deletion or an older version left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model, Q

from articles.batching import MAX_SQL_PARAMETERS, chunks
from articles.models import Article, StoryBand, StoryLink, StoryMember, StoryVerdict
from articles.near_duplicates.pairs import Pair, find_repeated_texts, remove_links, text_values, update_links
from articles.outbox.bulk_mode import bulk_transaction
from articles.text.minhash import Sketch

#: Articles in one transaction: well under half a second.
CHUNK = 200


def update_clusters(ids: Collection[int], ready: Mapping[int, Sketch] = MappingProxyType({})) -> None:
    """Compare these articles, whose texts are new or changed, with all others, and put each in its story.
    For the transaction that wrote them. `ready`: sketches of their texts that were made before."""
    for some in chunks(sorted(ids), CHUNK):
        with transaction.atomic():
            fresh, pairs = update_links(some, ready)
            if not (fresh and _attach(pairs)):
                recompute_clusters(some)


def recompute_clusters(ids: Collection[int]) -> tuple[int, set[int]]:
    """Put these articles, and those that are joined to them or were in a story with them, in their stories.
    Returns how many moved, and all that are where they belong now."""
    wanted: set[int] = set()
    texts: dict[int, set[int]] = {}
    links: set[Pair] = set()
    judged: set[tuple[int, Pair]] = set()
    new = set(ids)
    while new:
        new |= _cluster_members(new) - wanted
        wanted |= new
        texts |= _copies(new)
        links |= _linked(new)
        judged |= _joined_by_verdict(new)
        ends = [*texts.values(), *links, *(pair for _pk, pair in judged)]
        new = {end for some in ends for end in some} - wanted
    return _assign(wanted, _edges(texts, links, judged, _separated(wanted))), wanted


def _attach(pairs: Collection[Pair]) -> bool:
    """Put new articles in the stories of those that they are joined to: what `settle` would do, without
    reading whole stories. Returns whether it could; a verdict about one of them wants all of it."""
    ends = {end for pair in pairs for end in pair}
    for some in chunks(ends, MAX_SQL_PARAMETERS // 2):
        if StoryVerdict.objects.filter(Q(article__in=some) | Q(other__in=some)).exists():
            return False
    held = _stories_of(ends)
    named = {(held.get(first, first), held.get(second, second)) for first, second in pairs}
    # A story stands for its members here; each end that has none yet stands for itself.
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
    """Make every story what links and verdicts say, in short transactions. Returns how many moved."""
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
    """Compare articles that were not compared yet, or (`again`) all; then settle. Gives how many are done
    after each chunk; may be stopped and run again at any point."""
    done, last = 0, 0
    while True:
        articles = Article.objects.filter(pk__gt=last).order_by("pk")
        if not again:
            articles = articles.exclude(pk__in=StoryBand.objects.values("article"))
        ids = list(articles.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            break
        with bulk_transaction(ids):
            update_clusters(ids)
        done, last = done + len(ids), ids[-1]
        yield done
    recompute_all_clusters()


def separate(article: Article, *, by: AbstractBaseUser | None, reason: str) -> None:
    """Take an article out of its story for good; it comes back into one only by `join`."""
    _decide(article, StoryVerdict.Kind.APART, None, by, reason)


def join(article: Article, other: Article, *, by: AbstractBaseUser | None, reason: str) -> None:
    """Put an article into the story of another for good. Raises ValueError if they are the same."""
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
    """An article is about to be deleted: those that only it held together part."""
    mates = _cluster_members({article}) - {article}
    StoryVerdict.objects.filter(Q(article=article) | Q(other=article)).delete()
    StoryMember.objects.filter(article=article).delete()
    remove_links(article)
    if mates:
        recompute_clusters(mates)


def remove_deleted_from_cluster(sender: type[Model], *, instance: Article, **_: Any) -> None:
    """Receiver of `pre_delete`: update the cluster in the transaction that deletes the article."""
    remove_from_cluster(instance.pk)


def _cluster_members(ids: Collection[int]) -> set[int]:
    """All articles in a story with these."""
    found: set[int] = set()
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        stories = StoryMember.objects.filter(article__in=some).values("story")
        found |= set(StoryMember.objects.filter(story__in=stories).values_list("article", flat=True))
    return found


def _copies(ids: Collection[int]) -> dict[int, set[int]]:
    """The articles that have one text, of the texts of these."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in chunks(set(text_values(ids).values()), MAX_SQL_PARAMETERS):
        for value, article in StoryBand.objects.filter(value__in=some).values_list("value", "article"):
            found[value].add(article)
    return found


def _linked(ids: Collection[int]) -> set[Pair]:
    """The links of these articles."""
    found: set[Pair] = set()
    for some in chunks(ids, MAX_SQL_PARAMETERS // 2):
        links = StoryLink.objects.filter(Q(first__in=some) | Q(second__in=some))
        found |= set(links.values_list("first", "second"))
    return found


def _joined_by_verdict(ids: Collection[int]) -> set[tuple[int, Pair]]:
    """Verdicts that one of these is together with another: their numbers and pairs."""
    found: set[tuple[int, Pair]] = set()
    for some in chunks(ids, MAX_SQL_PARAMETERS // 2):
        verdicts = StoryVerdict.objects.filter(Q(article__in=some) | Q(other__in=some))
        rows = verdicts.filter(kind=StoryVerdict.Kind.TOGETHER).values_list("pk", "article", "other")
        found |= {(pk, (article, other)) for pk, article, other in rows if other}
    return found


def _edges(
    texts: dict[int, set[int]], links: set[Pair], judged: set[tuple[int, Pair]], left: dict[int, int]
) -> set[Pair]:
    """What joins articles: one text, links of texts, verdicts. An article that was once taken out of its
    story is joined only by later verdicts, and another with its text stands for it."""
    stands: dict[int, int] = {}
    edges: set[Pair] = set()
    for articles in texts.values():
        staying = sorted(articles - left.keys())
        edges |= {(staying[0], article) for article in staying[1:]}
        stands |= {article: staying[0] for article in articles if staying}
    edges |= {(stands[one], stands[other]) for one, other in links if one in stands and other in stands}
    return edges | {pair for pk, pair in judged if all(pk > left.get(end, 0) for end in pair)}


def _separated(ids: Collection[int]) -> dict[int, int]:
    """Those that a verdict took out of their story → the number of the latest such verdict."""
    latest: dict[int, int] = {}
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        rows = StoryVerdict.objects.filter(article__in=some, kind=StoryVerdict.Kind.APART).order_by("pk")
        latest |= dict(rows.values_list("article", "pk"))
    return latest


def _assign(ids: Collection[int], edges: Iterable[Pair]) -> int:
    """Write the story of each of these articles: the least number among those it is joined to."""
    top = _groups(ids, edges)
    sizes: dict[int, int] = defaultdict(int)
    for article in ids:
        sizes[top[article]] += 1
    wanted = {article: top[article] for article in ids if sizes[top[article]] > 1}
    held = _stories_of(ids)
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
    """Each to the least number among those that it is joined to."""
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


def _stories_of(ids: Iterable[int]) -> dict[int, int]:
    """Article → its story, of those that are in one."""
    found: dict[int, int] = {}
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        found |= dict(StoryMember.objects.filter(article__in=some).values_list("article", "story"))
    return found
