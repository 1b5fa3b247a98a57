"""Pairs of similar texts: MinHash bands find candidates, the overlap of their shingles decides.

Only the oldest article with a text, its head, has bands and links, so a notice that was published ten
thousand times costs little more than one published once. `clusters.py` builds the clusters from equal texts
and links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from django.db import connection
from django.db.models import Count, Min, Q

from articles.batching import MAX_SQL_PARAMETERS, chunks
from articles.models import Article, StoryBand, StoryLink
from articles.text.minhash import Fingerprint, Sketch, containment, fingerprint, sketch

#: Maximum number of candidates per text, those with the most bands in common first. The limit
#: matters only if an archive holds more texts written on one template.
MAX_CANDIDATES = 100
#: Maximum number of articles considered per band, oldest first.
_MAX_BAND_ROWS = 200
#: Fingerprints in the cache, about 40 kB each: reports on one template are compared with the same texts
#: repeatedly.
_CACHED_FINGERPRINTS = 400
Pair = tuple[int, int]


def update_links(
    ids: Sequence[int], ready: Mapping[int, Sketch] = MappingProxyType({})
) -> tuple[bool, set[Pair]]:
    """Compare articles with new or changed texts with all others, and write their bands and links.

    Call it in the transaction that writes the articles. `ready` holds sketches that exist already. Returns
    (fresh, pairs): `fresh` is True if the articles were unknown and no other article ceased to be a head;
    then `pairs` holds all their links to other articles.
    """
    before = text_values(ids)
    StoryBand.objects.filter(article__in=ids).delete()
    known = {pk: ready[pk] for pk in ids if pk in ready}
    known |= _sketches(set(ids) - known.keys())
    # Every compared article has this row, even one whose text is too short for bands.
    now = {pk: known[pk].text_value for pk in ids if pk in known}
    _insert(now.items())
    others = find_heads({*before.values(), *now.values()}, without=ids)
    heads = dict(others)
    for pk, value in now.items():
        heads[value] = min(pk, heads.get(value, pk))
    overtaken = {other for value, other in others.items() if heads[value] != other}
    if before or overtaken:
        _remove_bands(overtaken)
        _remove_links({*ids, *overtaken})
    new = set(heads.values()) & set(ids)
    new |= _without_bands({others[value] for value in before.values() if value in others} - overtaken)
    known |= _sketches(new - known.keys())
    bands = {pk: set(known[pk].bands) for pk in sorted(new & known.keys()) if known[pk].bands}
    _insert((pk, value) for pk, values in bands.items() for value in values)
    links = _link(bands)
    copies = {(heads[value], pk) for pk, value in now.items() if heads[value] != pk}
    return not before and not overtaken, links | copies


def remove_links(article: int) -> None:
    """Remove the bands and links of an article before its deletion; another becomes the head of its text."""
    value = text_values([article]).get(article)
    StoryBand.objects.filter(article=article).delete()
    _remove_links({article})
    if value is not None and (head := find_heads([value]).get(value)) and _without_bands({head}):
        update_links([head])


def text_values(ids: Iterable[int]) -> dict[int, int]:
    """Return article → value of its whole text, for the articles that were compared."""
    found: dict[int, int] = {}
    for some in chunks(ids, MAX_SQL_PARAMETERS):
        found |= dict(StoryBand.objects.filter(article__in=some, value__lt=0).values_list("article", "value"))
    return found


def find_heads(values: Iterable[int], without: Sequence[int] = ()) -> dict[int, int]:
    """Return text value → the oldest article with that text, ignoring `without` (a few hundred at most)."""
    found: dict[int, int] = {}
    for some in chunks(values, MAX_SQL_PARAMETERS - len(without)):
        rows = StoryBand.objects.filter(value__in=some).exclude(article__in=without)
        found |= dict(rows.values("value").annotate(head=Min("article")).values_list("value", "head"))
    return found


def similarities(article: int, others: Sequence[int]) -> dict[int, float]:
    """Return article → share of the shorter text that the longer contains, for equal and linked texts."""
    whole = text_values([article, *others])
    heads = find_heads(set(whole.values()))
    mine = heads.get(whole.get(article, 0))
    links = StoryLink.objects.filter(Q(first=mine) | Q(second=mine))
    found = {
        (second if first == mine else first): similarity
        for first, second, similarity in links.values_list("first", "second", "similarity")
    }
    if mine is not None:
        found[mine] = 1.0
    head_of = {other: heads[whole[other]] for other in others if other in whole}
    return {other: found[head] for other, head in head_of.items() if head in found}


def find_repeated_texts() -> tuple[int, list[int]]:
    """Return how many articles repeat the text of another, and the heads of all such texts."""
    texts = (
        StoryBand.objects.filter(value__lt=0).values("value").annotate(size=Count("*"), head=Min("article"))
    )
    rows = texts.filter(size__gt=1).values_list("size", "head")
    return sum(size - 1 for size, _head in rows), [head for _size, head in rows]


def _sketches(ids: Collection[int]) -> dict[int, Sketch]:
    """Return article → sketch of its stored text."""
    found: dict[int, Sketch] = {}
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        rows = Article.objects.filter(pk__in=some).values_list("pk", "body", "text_hash")
        for pk, body, text_hash in rows:
            made = sketch(body, text_hash or "0")
            found[pk] = made if made.bands or text_hash else Sketch(-pk, ())
    return found


def _without_bands(ids: set[int]) -> set[int]:
    """Return the articles that have no bands, i.e. are not heads yet."""
    held: set[int] = set()
    for some in chunks(ids, MAX_SQL_PARAMETERS):
        held |= set(
            StoryBand.objects.filter(article__in=some, value__gte=0).values_list("article", flat=True)
        )
    return ids - held


def _insert(rows: Iterable[Pair]) -> None:
    # Up to seventeen rows per article: building model objects would cost more than the insert itself.
    with connection.cursor() as cursor:
        table = StoryBand._meta.db_table
        insert = f"INSERT INTO {table} (article_id, value) VALUES (%s, %s)"  # noqa: S608  a name of our own
        cursor.executemany(insert, list(rows))


def _remove_bands(ids: Collection[int]) -> None:
    for some in chunks(ids, MAX_SQL_PARAMETERS):
        StoryBand.objects.filter(article__in=some, value__gte=0).delete()


def _remove_links(ids: Collection[int]) -> None:
    for some in chunks(ids, MAX_SQL_PARAMETERS // 2):
        StoryLink.objects.filter(Q(first__in=some) | Q(second__in=some)).delete()


def _link(bands: Mapping[int, Collection[int]]) -> set[Pair]:
    """Find and write the links of heads that have none; return the linked pairs."""
    pairs = set(_candidates(bands))
    known = _fingerprints({end for pair in pairs for end in pair})
    links: dict[Pair, float] = {}
    for first, second in pairs:
        if first in known and second in known:
            similarity = containment(known[first], known[second])
            if similarity is not None:
                links[first, second] = similarity
    StoryLink.objects.bulk_create(
        StoryLink(first_id=first, second_id=second, similarity=similarity)
        for (first, second), similarity in sorted(links.items())
    )
    return set(links)


def _candidates(bands: Mapping[int, Collection[int]]) -> Iterator[Pair]:
    """Yield pairs (older, newer) of articles with a common band.

    The database index on the bands finds them: the work grows with the number of pairs, not with the
    archive, and of a crowded band only the oldest articles are considered.
    """
    mine: dict[int, list[int]] = defaultdict(list)
    for pk, values in bands.items():
        for value in values:
            mine[value].append(pk)
    shared: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for value, others in _holders(mine).items():
        for pk in mine[value]:
            for other in others:
                if other != pk:
                    shared[pk][other] += 1
    for pk, counts in shared.items():
        best = sorted(counts, key=lambda other: (-counts[other], other))
        yield from ((min(pk, other), max(pk, other)) for other in best[:MAX_CANDIDATES])


def _holders(values: Iterable[int]) -> dict[int, list[int]]:
    """Return band → its oldest articles, for bands of more than one article."""
    crowded = f"""SELECT value, article_id FROM (
        SELECT value, article_id, ROW_NUMBER() OVER (PARTITION BY value ORDER BY article_id) AS place,
        COUNT(*) OVER (PARTITION BY value) AS holders FROM {StoryBand._meta.db_table} WHERE value IN (%s)
        ) AS held WHERE holders > 1 AND place <= {_MAX_BAND_ROWS}"""  # noqa: S608  names and numbers of our own
    found: dict[int, list[int]] = defaultdict(list)
    for some in chunks(values, MAX_SQL_PARAMETERS):
        with connection.cursor() as cursor:
            cursor.execute(crowded.replace("(%s)", f"({', '.join(['%s'] * len(some))})"), some)
            for value, article in cursor.fetchall():
                found[value].append(article)
    return found


def _fingerprints(ids: Collection[int]) -> dict[int, Fingerprint]:
    found: dict[int, Fingerprint] = {}
    for some in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        for pk, body in Article.objects.filter(pk__in=some).values_list("pk", "body"):
            if made := _fingerprint(body):
                found[pk] = made
    return found


_fingerprint = lru_cache(maxsize=_CACHED_FINGERPRINTS)(fingerprint)
