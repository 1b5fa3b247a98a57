"""Draw random strict hits of several search systems, for readers who do not know which system found what.

    .venv/bin/python -m tools.research.draw_hits ask HITS.jsonl            # this code, on this archive
    .venv/bin/python -m tools.research.draw_hits ask HITS.jsonl --plain    # a plain Elasticsearch, AND
    .venv/bin/python -m tools.research.draw_hits sheet FOLDER NAME=HITS.jsonl …

`ask` searches for two content words of random headlines and draws two hits evenly from all strict ones. A
line of its output is {query, total, hits: [{id, spans: [[start, end, word, worth]]}]}, with the matches in
the body; another commit can write such a file for the same queries. `--plain` uses the server named in
TEST_ELASTICSEARCH_URL, or else a private one. `sheet` takes HITS of each system, at most TYPED_ONLY of them
with both words as typed, and writes FOLDER/sheet.tsv in random order and FOLDER/key.tsv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

from arabic.morphology.affixes import light10
from arabic.text.sentences import sentence_around
from arabic.text.tokenizer import normalized_terms, tokenize

SEED = 20261130
QUERIES, WORDS, HITS_PER_QUERY = 500, 2, 2
HITS, TYPED_ONLY = 200, 50
#: Length of the text that readers see, in characters.
MIN_EXCERPT, MAX_EXCERPT = 300, 600

#: (start, end, number of the query word, how near the match is to the typed word).
Span = Sequence[int]


def main() -> int:
    """Return 0, or 1 if the archive has too few articles."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask")
    ask.add_argument("out", type=Path)
    ask.add_argument("--plain", action="store_true")
    sheet = commands.add_parser("sheet")
    sheet.add_argument("folder", type=Path)
    sheet.add_argument("systems", nargs="+", metavar="NAME=HITS.jsonl")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    django.setup()
    articles = _articles()
    if len(articles) < QUERIES:
        print(f"the archive has fewer than {QUERIES} articles", file=sys.stderr)
        return 1
    if options.command == "sheet":
        systems = [each.partition("=")[::2] for each in options.systems]
        rows = [row for name, path in systems for row in _rows(name, Path(path), articles)]
        _write_sheet(options.folder, rows)
        return 0
    queries = draw_queries([title for title, _body in articles.values()])
    with options.out.open("w", encoding="utf-8") as lines:
        for answer in _ask_plain(articles, queries) if options.plain else _ask_archive(articles, queries):
            lines.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


def _articles() -> dict[int, tuple[str, str]]:
    from articles.models import Article  # noqa: PLC0415  models exist only now

    rows = Article.objects.visible().order_by("pk").values_list("pk", "title", "body")
    return {key: (title, body) for key, title, body in rows}


def draw_queries(titles: Sequence[str]) -> list[str]:
    """Return QUERIES distinct pairs of content words, each of a random headline, in its order."""
    from search.evaluation.known_items import FUNCTION_WORDS  # noqa: PLC0415  needs Django's settings

    chance = _chance("queries")
    found: dict[str, None] = {}
    for _ in range(20 * QUERIES):  # an archive of very few headlines has fewer
        if len(found) == QUERIES:
            break
        title = chance.choice(titles)
        words = dict.fromkeys(
            token
            for token in tokenize(title).normalized
            if len(token) > 1 and token.isalpha() and token not in FUNCTION_WORDS
        )
        if len(words) >= WORDS:
            chosen = set(chance.sample(sorted(words), WORDS))
            found[_as_written(title, chosen)] = None
    return list(found)


def _as_written(title: str, words: set[str]) -> str:
    """Return the first occurrence of each word as the title writes it."""
    written: dict[str, str] = {}
    for token in tokenize(title):
        if token.normalized in words:
            written.setdefault(token.normalized, title[token.start : token.end])
    return " ".join(written.values())


def draw_hits(query: str, ids: Iterable[int]) -> list[int]:
    """Return HITS_PER_QUERY of the hits of a query, each as likely as another."""
    listed = sorted(ids)
    return _chance(query).sample(listed, min(HITS_PER_QUERY, len(listed)))


def _chance(purpose: str) -> random.Random:
    return random.Random(f"{SEED} {purpose}")  # noqa: S311  a sample, no secret


def _ask_archive(articles: dict[int, tuple[str, str]], queries: Sequence[str]) -> Iterator[dict[str, Any]]:
    from search.engines import get_engine  # noqa: PLC0415  needs Django's settings
    from search.engines.contract import EngineRequest  # noqa: PLC0415  as above
    from search.highlighting.highlighter import Highlighter  # noqa: PLC0415  as above
    from search.highlighting.term_matcher import MatchableText  # noqa: PLC0415  as above
    from search.query.compiler import prepare_search  # noqa: PLC0415  as above
    from search.query.request import SearchRequest  # noqa: PLC0415  as above

    engine = get_engine()
    for query in queries:
        search = prepare_search(SearchRequest(q=query))
        ids = list(engine.scan(EngineRequest(search.compiled.strict)))
        highlighter, splitter = Highlighter(search.compiled.strict), search.store.splitter()
        hits = []
        for key in draw_hits(query, ids):
            body = MatchableText.analyze(articles[key][1], splitter)
            spans = highlighter.spans(body, "body")
            hits.append(
                {"id": key, "spans": [[each.start, each.end, each.word, each.weight] for each in spans]}
            )
        yield {"query": query, "total": len(ids), "hits": hits}


def _ask_plain(articles: dict[int, tuple[str, str]], queries: Sequence[str]) -> Iterator[dict[str, Any]]:
    from django.conf import settings  # noqa: PLC0415  settings exist only now

    from search.engines.elastic.reference_baseline import temporary_builtin_index  # noqa: PLC0415  as above
    from tools.servers.elasticsearch import ElasticsearchServer  # noqa: PLC0415  only if it is asked

    texts = ((key, f"{title}\n{body}") for key, (title, body) in articles.items())
    with ExitStack() as stack:
        url = os.environ.get("TEST_ELASTICSEARCH_URL") or stack.enter_context(ElasticsearchServer()).url
        options = {**settings.SEARCH_ENGINES["elasticsearch"], "URL": url}
        index = stack.enter_context(temporary_builtin_index(options, texts))
        for query in queries:
            ids = index.search(query, "and")
            drawn = draw_hits(query, ids)
            hits = [{"id": key, "spans": _stem_spans(query, articles[key][1])} for key in drawn]
            yield {"query": query, "total": len(ids), "hits": hits}


def _stem_spans(query: str, body: str) -> list[Span]:
    """Return the tokens with a stem of the query: the built-in analyzer is light10 too."""
    typed = normalized_terms(query)
    stems = {light10(token): number for number, token in enumerate(typed)}
    return [
        [token.start, token.end, stems[stem], 3 if token.normalized in typed else 2]
        for token in tokenize(body)
        if (stem := light10(token.normalized)) in stems
    ]


def _rows(name: str, path: Path, articles: dict[int, tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield HITS rows of a system, at most TYPED_ONLY of which have both words as typed."""
    answers = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    count = typed_only = 0
    for query, hit in ((answer["query"], hit) for answer in answers for hit in answer["hits"]):
        title, body = articles[hit["id"]]
        has_other = not set(normalized_terms(query)) <= set(normalized_terms(f"{title}\n{body}"))
        if count == HITS or (not has_other and typed_only == TYPED_ONLY):
            continue
        count += 1
        typed_only += not has_other
        row = {"query": query, "title": " ".join(title.split()), "text": excerpt(body, hit["spans"])}
        yield {**row, "system": name, "id": hit["id"], "other_form": int(has_other)}


def excerpt(body: str, spans: Sequence[Span]) -> str:
    """Return the sentences around the best match of each word: MIN_EXCERPT to MAX_EXCERPT characters.

    A shorter body is shown whole.
    """
    best: dict[int, Span] = {}
    for span in sorted(spans, key=lambda each: (-each[3], each[0])):
        best.setdefault(span[2], span)
    share = MAX_EXCERPT // max(1, len(best))
    pieces = [_sentence(body, span, share) for span in best.values()] or [(0, 0)]
    text = ""
    for more in range(0, MIN_EXCERPT + 1, 10):  # on both sides of each piece, until it is enough
        text = _joined(body, [(max(0, start - more), min(len(body), end + more)) for start, end in pieces])
        if len(text) >= MIN_EXCERPT:
            break
    return text


def _joined(body: str, pieces: Sequence[tuple[int, int]]) -> str:
    """Return whole words of some pieces of a text, in its order; pieces that touch are one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_whole_words(body, *piece) for piece in pieces):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return " … ".join(" ".join(body[start:end].split()) for start, end in merged)


def _sentence(body: str, span: Span, length: int) -> tuple[int, int]:
    """Return the sentence around a match, or its part of this length around the match."""
    start, end = sentence_around(body, span[0], span[1])
    if end - start > length:
        middle = (span[0] + span[1]) // 2
        start = max(start, min(middle - length // 2, end - length))
        end = start + length
    return start, end


def _whole_words(body: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets without parts of words at either end."""
    while 0 < start < end and not body[start - 1].isspace():
        start += 1
    while start < end < len(body) and not body[end].isspace():
        end -= 1
    return start, end


def _write_sheet(folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows in random order without their systems, equal ones once, and the key."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = list(dict.fromkeys((row["query"], row["title"], row["text"]) for row in rows))
    _chance("sheet").shuffle(shown)
    numbers = {each: number for number, each in enumerate(shown, start=1)}
    with (folder / "sheet.tsv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerow(("number", "query", "title", "text"))
        writer.writerows((number, *each) for each, number in numbers.items())
    with (folder / "key.tsv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerow(("number", "system", "article", "other_form"))
        for row in rows:
            number = numbers[row["query"], row["title"], row["text"]]
            writer.writerow((number, row["system"], row["id"], row["other_form"]))


if __name__ == "__main__":
    sys.exit(main())
