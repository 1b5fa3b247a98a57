"""Times saves of articles in the archive in ARCHIVE_DATA_DIR, until a search finds what was added.

tools/benchmark/run.py runs it in a process of its own for each engine. An article is saved as the desk saves
it, with one word more that no other article has; afterwards it has its text again.
"""

from __future__ import annotations

import json
import random
import sys
import time

from articles.models import Article
from search.indexing.background import drain_thread
from search.query.request import SearchRequest
from search.retrieval.service import run_search

#: Saves before those that count: the first one opens the index and reads the tables.
WARM_SAVES = 3
#: A search that finds nothing asks again after this time; after the longer one the save has failed.
_PAUSE_SECONDS, _GIVE_UP_SECONDS = 0.01, 60.0
_LETTERS = "بتثجحخدذرزسشصضطظعغ"


def main() -> int:
    """Save COUNT random articles, by SEED; print the seconds of each as JSON."""
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    ids = list(Article.objects.visible().order_by("pk").values_list("pk", flat=True))
    chance = random.Random(f"saves {seed}")  # noqa: S311  a choice of articles, no secret
    chosen = chance.sample(ids, min(len(ids), count + WARM_SAVES))
    seconds = [_seconds_until_found(pk, _word(number)) for number, pk in enumerate(chosen)]
    drain_thread.stop()
    json.dump([round(each, 3) for each in seconds[WARM_SAVES:]], sys.stdout)
    return 0


def _word(number: int) -> str:
    """Return a word that no text has."""
    digits = [_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(4)]
    return f"ظظظ{''.join(digits)}ظظظ"


def _seconds_until_found(pk: int, word: str) -> float:
    article = Article.objects.get(pk=pk)
    text = article.body
    article.body = f"{text} {word}"
    request = SearchRequest(q=word, level="exact")
    started = time.perf_counter()
    try:
        article.save()
        while not run_search(request).total:
            if time.perf_counter() - started > _GIVE_UP_SECONDS:
                raise TimeoutError(f"article {pk} was saved and is not found")
            time.sleep(_PAUSE_SECONDS)
        return time.perf_counter() - started
    finally:
        article.body = text
        article.save()
