"""Which articles are versions of one report: sketches into the table of bands, pairs that are truly alike
into links, groups of linked articles into stories.

What is stored follows from the texts and the verdicts alone, not from the order in which articles came, and
doing any step again changes nothing. `follow` runs in the transaction that writes the articles; `settle_all`
and `find_all` (the command `find_duplicates`) mend whatever a deletion or an older version left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Q

from articles.intake.shingles import Fingerprint, alike, bands, equal_text, fingerprint
from articles.models import Article, StoryBand, StoryLink, StoryMember, StoryVerdict

#: Articles in one transaction: well under half a second.
CHUNK = 200
#: Articles that one is compared with, those with most bands in common first. Only an archive with more
#: copies of one text than this feels it.
COMPARED = 200
#: Parameters in one statement.
_PARAMETERS = 900
Pair = tuple[int, int]


def follow(ids: Collection[int]) -> None:
    """Compare these articles, whose texts are new or changed, with all others, and put each in its story.
    For the transaction that wrote them."""
    for some in _chunks(sorted(ids), CHUNK):
        with transaction.atomic():
            StoryBand.objects.filter(article__in=some).delete()
            known = _sketch(some)
            _link(some, known)
            settle(some)


def settle(ids: Collection[int]) -> int:
    """Put these articles, and those that are linked to them or were in a story with them, in their stories.
    Returns how many moved."""
    wanted: set[int] = set()
    edges: set[Pair] = set()
    new = set(ids)
    while new:
        new |= _mates(new) - wanted
        wanted |= new
        found = _edges(new)
        edges |= found
        new = {end for pair in found for end in pair} - wanted
    return _assign(wanted, edges)


def settle_all() -> int:
    """Make every story what links and verdicts say, in short transactions. Returns how many moved."""
    linked = StoryLink.objects.values_list("first", "second")
    judged = StoryVerdict.objects.values_list("article", "other")
    members = set(StoryMember.objects.values_list("article", flat=True))
    ends = {end for pair in [*linked, *judged] for end in pair if end is not None}
    moved = 0
    for some in _chunks(sorted(members | ends), CHUNK):
        with transaction.atomic():
            moved += settle(some)
    return moved


def find_all(*, again: bool = False) -> Iterator[int]:
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
        follow(ids)
        done, last = done + len(ids), ids[-1]
        yield done
    settle_all()


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
    settle({article.pk} | ({other.pk} if other else set()))


@transaction.atomic
def leave(article: int) -> None:
    """An article is about to be deleted: those that only it held together part."""
    mates = _mates({article}) - {article}
    if mates:
        StoryLink.objects.filter(Q(first=article) | Q(second=article)).delete()
        StoryVerdict.objects.filter(Q(article=article) | Q(other=article)).delete()
        StoryMember.objects.filter(article=article).delete()
        settle(mates)


def _mates(ids: Collection[int]) -> set[int]:
    """All articles in a story with these."""
    found: set[int] = set()
    for some in _chunks(sorted(ids), _PARAMETERS):
        stories = StoryMember.objects.filter(article__in=some).values("story")
        found |= set(StoryMember.objects.filter(story__in=stories).values_list("article", flat=True))
    return found


def _sketch(ids: Sequence[int]) -> dict[int, Fingerprint]:
    """Store the bands of these articles; returns their fingerprints, of those long enough to have one."""
    known: dict[int, Fingerprint] = {}
    rows: list[Pair] = []
    for pk, body, text_hash in Article.objects.filter(pk__in=ids).values_list("pk", "body", "text_hash"):
        found = fingerprint(body)
        if found:
            known[pk] = found
            rows += ((pk, value) for value in set(bands(found)))
        # One article at least always has a row: it tells that it was compared.
        rows.append((pk, equal_text(text_hash) if text_hash else -pk))
    with connection.cursor() as cursor:  # seventeen an article: objects would cost more than their rows
        table = StoryBand._meta.db_table
        insert = f"INSERT INTO {table} (article_id, value) VALUES (%s, %s)"  # noqa: S608  a name of our own
        cursor.executemany(insert, rows)
    return known


def _link(ids: Sequence[int], known: Mapping[int, Fingerprint]) -> None:
    """Replace the links of these articles by those that are true now."""
    links: dict[Pair, float] = {}
    near: set[Pair] = set()
    for pair, same in _candidates(ids):
        if same:
            links[pair] = 1.0
        else:
            near.add(pair)
    near -= links.keys()
    others = _fingerprints({end for pair in near for end in pair} - known.keys()) | dict(known)
    for first, second in near:
        if first in others and second in others:
            similarity = alike(others[first], others[second])
            if similarity is not None:
                links[first, second] = similarity
    StoryLink.objects.filter(Q(first__in=ids) | Q(second__in=ids)).delete()
    StoryLink.objects.bulk_create(
        StoryLink(first_id=first, second_id=second, similarity=similarity)
        for (first, second), similarity in sorted(links.items())
    )


def _candidates(ids: Sequence[int]) -> Iterator[tuple[Pair, bool]]:
    """Pairs (older, newer) with a band in common, and whether their whole texts are equal. The index on the
    bands answers: the work grows with the pairs found, not with the archive."""
    band = StoryBand._meta.db_table
    for some in _chunks(ids, _PARAMETERS):
        places = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT mine.article_id, other.article_id, MIN(mine.value), COUNT(*) FROM {band} mine"  # noqa: S608  names of our own
                f" JOIN {band} other ON other.value = mine.value AND other.article_id <> mine.article_id"
                f" WHERE mine.article_id IN ({places}) GROUP BY mine.article_id, other.article_id"
                " ORDER BY mine.article_id, COUNT(*) DESC, other.article_id",
                some,
            )
            rows = cursor.fetchall()
        taken: dict[int, int] = defaultdict(int)
        for mine, other, least, _count in rows:
            taken[mine] += 1
            if taken[mine] <= COMPARED:
                yield (min(mine, other), max(mine, other)), least < 0


def _fingerprints(ids: Collection[int]) -> dict[int, Fingerprint]:
    found: dict[int, Fingerprint] = {}
    for some in _chunks(sorted(ids), CHUNK):
        for pk, body in Article.objects.filter(pk__in=some).values_list("pk", "body"):
            if made := fingerprint(body):
                found[pk] = made
    return found


def _edges(ids: Iterable[int]) -> set[Pair]:
    """What joins these articles to others: verdicts that they are together, and links. An article that was
    once taken out of its story is joined only by later verdicts."""
    linked: set[Pair] = set()
    judged: list[tuple[int, Pair]] = []
    for some in _chunks(sorted(ids), _PARAMETERS // 2):
        links = StoryLink.objects.filter(Q(first__in=some) | Q(second__in=some))
        linked |= set(links.values_list("first", "second"))
        verdicts = StoryVerdict.objects.filter(Q(article__in=some) | Q(other__in=some))
        rows = verdicts.filter(kind=StoryVerdict.Kind.TOGETHER).values_list("pk", "article", "other")
        judged += [(pk, (article, other)) for pk, article, other in rows if other]
    left = _taken_out({end for pair in [*linked, *(pair for _pk, pair in judged)] for end in pair})
    return {pair for pair in linked if not left.keys() & set(pair)} | {
        pair for pk, pair in judged if all(pk > left.get(end, 0) for end in pair)
    }


def _taken_out(ids: Collection[int]) -> dict[int, int]:
    """Those that a verdict took out of their story → the number of the latest such verdict."""
    latest: dict[int, int] = {}
    for some in _chunks(sorted(ids), _PARAMETERS):
        rows = StoryVerdict.objects.filter(article__in=some, kind=StoryVerdict.Kind.APART).order_by("pk")
        latest |= dict(rows.values_list("article", "pk"))
    return latest


def _assign(ids: Collection[int], edges: Iterable[Pair]) -> int:
    """Write the story of each of these articles: the least number among those it is joined to."""
    group = {article: article for article in ids}

    def top(article: int) -> int:
        while group[article] != article:
            group[article] = group[group[article]]
            article = group[article]
        return article

    for first, second in edges:
        low, high = sorted((top(first), top(second)))
        group[high] = low
    sizes: dict[int, int] = defaultdict(int)
    for article in ids:
        sizes[top(article)] += 1
    wanted = {article: top(article) for article in ids if sizes[top(article)] > 1}
    held: dict[int, int] = {}
    for some in _chunks(sorted(ids), _PARAMETERS):
        held |= dict(StoryMember.objects.filter(article__in=some).values_list("article", "story"))
    gone = sorted(held.keys() - wanted.keys())
    moved = defaultdict(list)
    for article in sorted(wanted.keys() & held.keys()):
        if wanted[article] != held[article]:
            moved[wanted[article]].append(article)
    for some in _chunks(gone, _PARAMETERS):
        StoryMember.objects.filter(article__in=some).delete()
    for story, articles in moved.items():
        for some in _chunks(articles, _PARAMETERS):
            StoryMember.objects.filter(article__in=some).update(story=story)
    new = sorted(wanted.keys() - held.keys())
    StoryMember.objects.bulk_create(StoryMember(article_id=pk, story=wanted[pk]) for pk in new)
    return len(gone) + sum(map(len, moved.values())) + len(new)


def _chunks(things: Iterable[int], size: int) -> Iterator[list[int]]:
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk
