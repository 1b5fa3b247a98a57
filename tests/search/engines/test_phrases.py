"""Phrases with slop on every engine match the definition in query_tree.Phrase, checked by brute force."""

from __future__ import annotations

import random

import pytest
import tantivy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.engines.contract import EngineRequest, IndexDocument, Put, SearchEngine
from search.engines.embedded import phrases
from search.query_tree import Phrase
from tests.search.conftest import KINDS_AND_SHARDS, MakeEngine
from tests.search.engines.suite import oracle

TEXTS = 400
WORDS = st.lists(st.sampled_from("abcd"), min_size=2, max_size=5).map(tuple)
SLOPS = st.integers(0, 12)


@pytest.fixture(scope="module", params=KINDS_AND_SHARDS)
def archive(
    request: pytest.FixtureRequest, engine_maker: MakeEngine
) -> tuple[SearchEngine, dict[int, list[str]]]:
    """Index short texts over five letters."""
    dice = random.Random(7)  # noqa: S311  no secret
    texts = {id: dice.choices("abcdx", k=dice.randint(1, 14)) for id in range(TEXTS)}
    engine = engine_maker(request.param)
    engine.ensure_index()
    changes = [Put(IndexDocument(id, "", " ".join(text))) for id, text in texts.items()]
    engine.apply(changes, 1, interactive=True)
    return engine, texts


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(words=WORDS, slop=SLOPS)
@example(words=("a", "b", "c"), slop=2)
@example(words=("a", "a"), slop=1)
@example(words=("a", "b", "a", "b", "a"), slop=12)
def test_a_phrase_matches_where_its_words_fit_into_the_slop(
    archive: tuple[SearchEngine, dict[int, list[str]]], words: tuple[str, ...], slop: int
) -> None:
    engine, texts = archive
    found = engine.search(EngineRequest(Phrase("body", "exact", words, slop), limit=TEXTS))
    expected = {id for id, text in texts.items() if oracle.has_phrase(text, words, slop)}
    assert {hit.id for hit in found.hits} == expected
    assert all(hit.score > 0 for hit in found.hits)


@settings(deadline=None)
@given(text=st.lists(st.sampled_from("abx"), max_size=10), words=WORDS, slop=SLOPS)
def test_has_phrase_agrees_with_brute_force(text: list[str], words: tuple[str, ...], slop: int) -> None:
    positions = {word: [at for at, token in enumerate(text) if token == word] for word in set(text)}
    assert phrases.has_phrase(positions, words, slop) == oracle.has_phrase(text, words, slop)


def _tantivy_finds(text: str, words: str, slop: int) -> bool:
    schema = tantivy.SchemaBuilder().add_text_field("t", tokenizer_name="whitespace").build()
    index = tantivy.Index(schema)
    writer = index.writer(15_000_000, 1)
    writer.add_document(tantivy.Document(t=text))
    writer.commit()
    index.reload()
    query = tantivy.Query.phrase_query(schema, "t", list(words.split()), slop=slop)
    return bool(index.searcher().search(query).hits)


def test_tantivys_own_slop_is_still_wrong() -> None:
    """Fail when Tantivy handles slop correctly, because phrases.py can then be made shorter."""
    misses = "b a c"  # moves 1, -1, 0: a spread of 2
    assert oracle.has_phrase(misses.split(), ("a", "b", "c"), 2)
    assert not _tantivy_finds(misses, "a b c", 2)
    assert _tantivy_finds("x a x", "a a", 1), "one token stands for two words"
