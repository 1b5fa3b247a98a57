"""A text that is normalized and split once: its words, and its excerpts."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.text.normalization import normalize
from arabic.text.tokenized_text import TokenizedText, tokenized
from arabic.text.tokenizer import tokenize
from tests.arabic.strategies import SCRAPED_TEXTS

#: Letters, marks, digits and separators whose normalization changes lengths or reaches across characters.
TRICKY_TEXTS = st.text("ايوءىئأبتن  \n\t/-.012ٱ\u0654\u064b\u200fﷺﻻ()\u00a0ـ", max_size=60)


@given(st.one_of(SCRAPED_TEXTS, TRICKY_TEXTS))
def test_words_and_gaps_are_those_of_the_tokenizer(text: str) -> None:
    read = TokenizedText(text)
    assert "".join(read.parts) == read.text == normalize(text)
    tokens = tokenize(text)
    assert [word[:64] for word in read.words] == list(tokens.normalized)
    spans = [read.span(*read.word_span(at)) for at in range(len(read.words))]
    assert spans == [(token.start, token.end) for token in tokens]


@given(st.one_of(SCRAPED_TEXTS, TRICKY_TEXTS), st.data())
def test_an_excerpt_is_as_if_it_stood_alone(text: str, data: st.DataObject) -> None:
    starts = [0, *(at + 1 for at, char in enumerate(text) if char.isspace())]
    start = data.draw(st.sampled_from(starts))
    end = data.draw(st.integers(start, len(text) + 3))
    excerpt, alone = TokenizedText(text).excerpt(start, end), TokenizedText(text[start:end])
    assert (excerpt.original, excerpt.text, excerpt.parts) == (alone.original, alone.text, alone.parts)
    for at in range(len(alone.words)):
        assert excerpt.span(*excerpt.word_span(at)) == alone.span(*alone.word_span(at))


def test_an_excerpt_takes_whole_words_from_the_text_and_normalizes_the_cut_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = TokenizedText("وصلت القافلة إلى مدينة حمص")
    whole.words  # noqa: B018  split before
    normalized: list[str] = []
    init = TokenizedText.__init__

    def counted(self: TokenizedText, original: str) -> None:
        normalized.append(original)
        init(self, original)

    monkeypatch.setattr(TokenizedText, "__init__", counted)
    assert whole.excerpt(0, 19).words == ["وصلت", "القافله", "الي", "مد"]
    assert normalized == ["مد"]


@given(TRICKY_TEXTS)
def test_another_process_gets_the_same(text: str) -> None:
    sent = pickle.loads(pickle.dumps(TokenizedText(text)))  # noqa: S301  our own
    read = TokenizedText(text)
    assert (sent.original, sent.parts) == (text, read.parts)
    assert [sent.origin(at) for at in range(len(read.text) + 1)] == [
        read.origin(at) for at in range(len(read.text) + 1)
    ]


def test_a_text_that_is_split_already_is_taken_as_it_is() -> None:
    read = TokenizedText("خبر")
    assert tokenized(read) is read
    assert tokenized("خبر").words == ["خبر"]
