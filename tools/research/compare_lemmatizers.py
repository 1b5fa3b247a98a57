"""Compare lemmatizers for search: our table, farahidi, qalsadi, their union, and none.

    pip install farahidi==0.4.0 qalsadi==0.5.1
    python -m tools.research.compare_lemmatizers DOCS QUERIES… [--documents 2000] [--cases CASES.tsv]

Each lemmatizer fills the lemma field of a temporary embedded index of the first documents, and the queries
with answers among them are run. The other two lemmatizers get the most frequent spelling of each word,
because they do not know normalized letters, and their lemmas pass through the same rules (a protected name is
only itself, four lemmas at most). docs/decisions/0008-lemmas.md has the result.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("ARCHIVE_DATA_DIR", mkdtemp())

import django

django.setup()

from arabic import analyzer  # noqa: E402  likewise
from arabic.morphology import lemmatizer as table  # noqa: E402  needs the settings above
from arabic.morphology.protected_words import is_ambiguous_name, is_protected, name_term  # noqa: E402  likewise
from arabic.text.normalization import normalize  # noqa: E402  likewise
from arabic.text.tokenizer import tokenize  # noqa: E402  likewise
from search.engines import get_engine  # noqa: E402  likewise
from search.evaluation.match_cases import check_cases, read_cases  # noqa: E402  likewise
from search.evaluation.metrics import evaluate_queries, read_documents, read_queries, temporary_index  # noqa: E402  likewise
from search.query import leaf_terms  # noqa: E402  likewise

LemmaFunction = Callable[[str], tuple[str, ...]]
RATE_WORDS = 2_000


def spellings(texts: Iterable[str]) -> dict[str, str]:
    """Return {normalized token: its most frequent spelling}."""
    counts: dict[str, dict[str, int]] = {}
    for text in texts:
        for token in tokenize(text):
            written = text[token.start : token.end]
            of = counts.setdefault(token.normalized, {})
            of[written] = of.get(written, 0) + 1
    return {exact: max(of, key=lambda each: of[each]) for exact, of in counts.items()}


def with_lemma_rules(analyse: LemmaFunction, written: dict[str, str]) -> LemmaFunction:
    """Adapt a lemmatizer of spellings to normalized tokens and the rules of arabic.morphology.lemmatizer."""

    @cache
    def lemmas(exact: str) -> tuple[str, ...]:
        if is_protected(exact) or (name_term(exact) and not is_ambiguous_name(exact)):
            return ()
        found = dict.fromkeys(normalize(lemma) for lemma in analyse(written.get(exact, exact)))
        return tuple(lemma for lemma in found if lemma)[: table.MAX_LEMMAS]

    return lemmas


def main() -> None:
    """Print a row per lemmatizer."""
    import farahidi  # noqa: PLC0415  not among the requirements: only this tool wants it
    from qalsadi.lemmatizer import Lemmatizer  # noqa: PLC0415  likewise

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("docs", type=Path)
    parser.add_argument("queries", type=Path, nargs="+")
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--cases", type=Path)
    options = parser.parse_args()
    records = read_documents(options.docs)[: options.documents]
    known = {record.external_id for record in records}
    sets = {path.stem: [q for q in read_queries(path) if q.relevant & known] for path in options.queries}
    written = spellings([record.body for record in records] + [q.text for qs in sets.values() for q in qs])
    lemmatizer = Lemmatizer()

    def by_farahidi(word: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(analysis.lemma for analysis in farahidi.analyze(word)))

    def by_qalsadi(word: str) -> tuple[str, ...]:
        found = lemmatizer.lemmatize(word, all=True)
        return tuple(dict.fromkeys(found if isinstance(found, list) else [found]))

    variants: dict[str, LemmaFunction] = {
        "none": lambda exact: (),
        "table": table.lemmas,
        "farahidi": with_lemma_rules(by_farahidi, written),
        "qalsadi": with_lemma_rules(by_qalsadi, written),
    }
    both = variants["farahidi"], variants["qalsadi"]
    variants["union"] = lambda exact: tuple(dict.fromkeys([*both[0](exact), *both[1](exact)]))
    words = sorted(written)[:: max(1, len(written) // RATE_WORDS)]
    print(
        f"{len(records)} documents, {len(written)} word types; "
        + ", ".join(f"{k} {len(v)}" for k, v in sets.items())
    )
    for name, lemmas in variants.items():
        started = time.perf_counter()
        for word in words:
            lemmas(word)
        rate = len(words) / (time.perf_counter() - started)
        analyzer.lemmas = leaf_terms.lemmas = lemmas  # type: ignore[assignment]  the point of this tool
        analyzer.lemma_terms.cache_clear()
        analyzer.analyzed_word_cache.cache_clear()
        with temporary_index(get_engine("embedded"), records) as (index, store):
            figures = [
                f"{key} {evaluate_queries(key, qs, index, store).mrr10:.4f}" for key, qs in sets.items()
            ]
        if options.cases:
            plain = check_cases(read_cases(options.cases), get_engine("embedded"))["plain"]
            figures.append(", ".join(f"{k} {v['passed']}/{v['total']}" for k, v in plain.items()))
        print(f"{name}: {rate:.0f} types/s, {', '.join(figures)}", flush=True)


if __name__ == "__main__":
    main()
