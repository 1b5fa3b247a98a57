"""Measure the judge of readability (python -m tools.measure_readability [ARTICLES.jsonl.gz]).

Damages the sample articles in every way of tests/articles/text/damaged_texts.py, sends them through every
reader, and counts what is published without a word; then counts how many good texts are held, and how many of
a file of articles (`title`, `body`) if one is given.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
django.setup()

from articles.text.document import make_document  # noqa: E402  needs the settings
from articles.text.readability.review import review_record  # noqa: E402  needs the settings
from articles.text.records import RawRecord  # noqa: E402  needs the settings
from tests.articles.conftest import records_of  # noqa: E402  needs the settings
from tests.articles.ingest.test_unreadable_texts import ARTICLES, outcome  # noqa: E402  needs the settings
from tests.articles.text.damaged_texts import DAMAGES, files_of, good_texts  # noqa: E402  needs the settings

#: Damaged articles of each kind.
OF_A_KIND = 11


def main(paths: list[str]) -> int:
    """Print the figures; return 1 if a damaged text was published without a word."""
    silent = measure_damaged()
    measure_good("good texts", good_texts())
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found = (json.loads(line) for line in lines)
            measure_good(path.rpartition("/")[2], ((each["title"], each["body"]) for each in found))
    return 1 if silent else 0


def measure_damaged() -> int:
    """Send damaged articles through all readers; return how many were published without a word."""
    texts, records, silent = 0, Counter[str](), 0
    for kind, damage in DAMAGES.items():
        for title, body in ARTICLES[:: len(ARTICLES) // OF_A_KIND][:OF_A_KIND]:
            texts += 1
            for name, data in files_of(damage(title), damage(body)).items():
                found = [outcome(record, body[:99]) for record in records_of(name, data)]
                records.update(found)
                if "silent" in found:
                    silent += 1
                    print(f"published without a word: {kind}, {name}: {damage(title)[:60]}")
    print(f"{texts} damaged texts of {len(DAMAGES)} kinds, {records.total()} records: {dict(records)}")
    return silent


def measure_good(label: str, texts: Iterable[tuple[str, str]]) -> None:
    """Print how many of the texts are held, and the processor time of a judgement."""
    held: Counter[str] = Counter()
    count, spent = 0, 0.0
    for title, body in texts:
        count += 1
        record, document = RawRecord("a", title=title, body=body), make_document(title, body)
        _words = document.title.words.words, document.body.words.words
        started = time.process_time()
        judged = review_record(record, record, document)
        spent += time.process_time() - started
        held.update([judged.held.code] if judged.held else [])
    share = 100 * held.total() / max(1, count)
    print(f"{label}: {held.total()} of {count} held ({share:.2f} %) {dict(held)}")
    print(f"  {1e6 * spent / count:.0f} µs of processor time each")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
