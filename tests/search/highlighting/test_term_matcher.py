"""The lines of an article's terms that a wildcard matches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from search.highlighting.term_matcher import pattern_lines
from search.query_tree import Pattern

WORDS = some.lists(some.text("اب", min_size=1, max_size=5), max_size=12)


@given(WORDS, some.text("اب", min_size=1, max_size=3), some.booleans(), some.booleans())
def test_they_are_those_that_begin_with_end_with_or_hold_the_letters(
    words: list[str], letters: str, open_start: bool, open_end: bool
) -> None:
    pattern = Pattern("body", letters, open_start, open_end)
    terms = "".join(f"\n{word}" for word in words).encode() + b"\n"
    fits = {
        (True, True): str.__contains__,
        (True, False): str.endswith,
        (False, True): str.startswith,
        (False, False): str.__eq__,
    }[open_start, open_end]
    expected = [line for line, word in enumerate(words) if fits(word, letters)]
    assert list(pattern_lines(pattern, terms, letters.encode())) == expected
