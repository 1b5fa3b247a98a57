"""Measure the response time of autocomplete on this archive.

    .venv/bin/python -m tools.research.measure_autocomplete [--engine NAME]

The script types the first words of some titles of the archive letter by letter, and queries after each letter
as the search box does, but without HTTP.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time

import django

#: Number of titles that are typed, and number of words of each.
_TITLES, _WORDS = 100, 3


def main() -> int:
    """Print the number of queries, p50, p95 and the maximum, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default=None, help="a key of SEARCH_ENGINES")
    engine_name = parser.parse_args().engine
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    django.setup()

    from articles.models import Article  # noqa: PLC0415  models exist only now
    from search.engines import get_engine  # noqa: PLC0415  as above
    from search.suggest.autocomplete import autocomplete  # noqa: PLC0415  as above

    titles = list(Article.objects.visible().order_by("pk").values_list("title", flat=True))
    chosen = random.Random(1).sample(titles, min(_TITLES, len(titles)))  # noqa: S311  a sample, no secret
    typed = [text[:end] for text in map(_beginning, chosen) for end in range(2, len(text) + 1)]
    if not typed:
        print("the archive has no titles to type", file=sys.stderr)
        return 1
    engine = get_engine(engine_name)
    autocomplete("قصف حمص", engine=engine)  # opens the index, reads vocabulary, names and dictionaries
    took = []
    offered = 0
    for text in typed:
        began = time.perf_counter()
        offered += bool(autocomplete(text, engine=engine))
        took.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=100)
    print(f"{engine.name}: {len(took)} questions, {offered} answered with suggestions")
    figures = {"p50": statistics.median(took), "p95": cuts[94], "p99": cuts[98], "max": max(took)}
    print(", ".join(f"{name} {value:.1f} ms" for name, value in figures.items()))
    return 0


def _beginning(title: str) -> str:
    return " ".join(title.split()[:_WORDS])


if __name__ == "__main__":
    sys.exit(main())
