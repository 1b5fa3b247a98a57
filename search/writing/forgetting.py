"""Erasure, on the side of the search: an article that was withdrawn leaves the index, and the words and
phrases that stood in it alone leave every part of the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from articles.signals import ForgettingError
from search.engines import get_engine
from search.engines.base import EngineError
from search.locks import LockHeldError
from search.words import vocabulary
from search.words.learning import not_found, phrase_node, word_node
from search.words.wordcount import phrases_of, words_of
from search.writing.draining import drain


def forget_texts(*, texts: Sequence[tuple[str, str]], **_: Any) -> None:
    """Receiver of `text_leaves`. Raises ForgettingError while the engine is away or a drain does not end."""
    words = sorted(words_of(*(text for pair in texts for text in pair)))
    phrases = sorted(set().union(*(phrases_of(title) for title, _body in texts)))
    engine = get_engine()
    try:
        drain(engine)
        gone = not_found([word_node(word) for word in words], words, engine)
        gone_phrases = not_found([phrase_node(phrase) for phrase in phrases], phrases, engine)
        vocabulary.forget(gone, gone_phrases)
    except (EngineError, LockHeldError) as error:
        raise ForgettingError(str(error)) from error
