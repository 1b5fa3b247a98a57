"""Elasticsearch's native analyzers produce the same tokens and stems as Python."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arabic.analyzer import light_stem, stem_overrides
from arabic.text.normalization import normalize
from arabic.text.tokenizer import MAX_TOKEN_CHARS, tokenize
from search.engines.elastic import ElasticEngine

pytestmark = pytest.mark.elasticsearch
SHARED_NEWS = Path(__file__).parents[4] / "shared" / "data" / "news-12k.jsonl.gz"
SENTENCES = [
    "قُتل ٣ أشخاص في حِمْص يوم ١٥ آذار/مارس 2012، وفق ا.ف.ب.",
    "حمص_الآن: يناير2012 والوزيرُ بمدينةِ الرقّة",
    "وزير الخارجية الروسي سيرغي لافروف — «لا مبادرة» جديدة؟",
    "ﻻجئون في ﷲ أكبر ﷺ ﺣﻤﺺ لاجىء شيء مسؤول",
    "کابل و پیشاور و چین؛ ہندوستان ڤيينا گیلان ۱۲۳",
    "بـــيـــان\u200fرقم\u00a0(7) \u202bنص\u202c \ufeffداخل",
    "Homs ÉTAT straße İstanbul ﬁn Ⅻ ½ x² 한글 漢字 ไทย ค่ำ",
    "😀حمص😀 𝒜 𐤀𐤁 e\u0301 ا\u0654 و\u0654 ي\u0654",
    "كلمةطويلة" * 20,
    "",
    " \n\t ",
]
LETTERS = st.characters(codec="utf-8")
ARABIC = st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةـًٌٍَُِّْٰ٠١٢۳گکیپ 0aAéŁ.،_-\u200f\u0640")
TEXTS = st.lists(st.text(ARABIC | LETTERS, max_size=40), min_size=1, max_size=40)

Analyze = Callable[[str, list[str]], list[list[tuple[str, int, int, int]]]]


@pytest.fixture(scope="module")
def analyze(elastic_maker: Callable[[], ElasticEngine]) -> Analyze:
    """Return a function (analyzer, texts) -> tokens of each text: (term, position, start, end) in UTF-16."""
    engine = elastic_maker()
    engine.ensure_index()
    client: Elasticsearch = engine._writer
    client.indices.put_settings(index=engine._alias, settings={"index.analyze.max_token_count": 1_000_000})

    def run(analyzer: str, texts: list[str]) -> list[list[tuple[str, int, int, int]]]:
        # One request for all texts: their tokens are told apart by the lengths of the texts before.
        answer = client.indices.analyze(index=engine._alias, analyzer=analyzer, text=texts)
        found: list[list[tuple[str, int, int, int]]] = [[] for _ in texts]
        starts = [0]
        for text in texts:  # Elasticsearch adds 1 to the offset and 100 to the position between texts
            starts.append(starts[-1] + utf16(text) + 1)
        which, first = 0, 0
        for token in answer["tokens"]:
            before = which
            while token["start_offset"] >= starts[which + 1]:
                which += 1
            if which != before or not any(found):
                first = token["position"]
            shift = starts[which]
            found[which].append(
                (
                    token["token"],
                    token["position"] - first,
                    token["start_offset"] - shift,
                    token["end_offset"] - shift,
                )
            )
        return found

    return run


def utf16(text: str) -> int:
    """Return the length in Java's UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def assert_equal(analyze: Analyze, texts: list[str]) -> None:
    exact, stems = analyze("archive_exact", texts), analyze("archive_light", texts)
    for text, theirs, their_stems in zip(texts, exact, stems, strict=True):
        ours = tokenize(text)
        assert [token[:2] for token in theirs] == [(token.normalized, token.position) for token in ours], text
        assert [token[:2] for token in their_stems] == [
            (light_stem(token.normalized), token.position) for token in ours
        ], text
        if folds_one_to_one(text):
            assert [token[2:] for token in theirs] == [
                (utf16(text[: token.start]), utf16(text[: token.end])) for token in ours
            ], text


def folds_one_to_one(text: str) -> bool:
    """Return True if each character folds to exactly one: only then do both sides give the same offsets."""
    return all(len(normalize(char)) == 1 for char in text) and len(normalize(text)) == len(text)


def test_written_sentences(analyze: Analyze) -> None:
    assert_equal(analyze, SENTENCES)


def test_every_letter_of_the_basic_multilingual_plane(analyze: Analyze) -> None:
    characters = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) != "Cs"]
    for start in range(0, len(characters), 4096):
        # Besides letters and digits: characters that fold to nothing must join, separators must part.
        assert_equal(analyze, [f"ب{char}ب 1{char}1" for char in characters[start : start + 4096]])


def test_every_protected_word_bare_and_through_clitics(analyze: Analyze) -> None:
    words = [word for word, _ in stem_overrides()]
    for start in range(0, len(words), 2000):
        some = words[start : start + 2000]
        assert_equal(analyze, [f"{word} و{word} ال{word} {word}ها" for word in some])


def test_long_words_are_truncated_alike(analyze: Analyze) -> None:
    around = range(MAX_TOKEN_CHARS - 2, MAX_TOKEN_CHARS + 3)
    assert_equal(analyze, ["ب" * length for length in around] + ["وال" + "ﷲ" * length for length in around])


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(texts=TEXTS)
def test_generated_texts(analyze: Analyze, texts: list[str]) -> None:
    assert_equal(analyze, texts)


@pytest.mark.skipif(not SHARED_NEWS.exists(), reason="the shared news are not part of the project")
def test_thousands_of_real_sentences(analyze: Analyze) -> None:
    sentences: list[str] = []
    with gzip.open(SHARED_NEWS, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 12 == 0:
                article = json.loads(line)
                sentences += [article["title"], *article["body"].split(".")]
    for start in range(0, len(sentences), 1000):
        assert_equal(analyze, sentences[start : start + 1000])
    assert len(sentences) > 5000
