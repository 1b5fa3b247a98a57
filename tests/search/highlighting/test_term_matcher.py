"""The lines of an article's terms that a wildcard matches."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as some

from search.highlighting.term_matcher import pattern_lines, positions_by_bit
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


@given(WORDS, some.text("اب", min_size=1, max_size=3), some.booleans())
def test_behind_what_the_pattern_allows_they_are_those_too(
    words: list[str], letters: str, open_end: bool
) -> None:
    pattern = Pattern("body", letters, open_end=open_end, behind=("اا", "ب"))
    terms = "".join(f"\n{word}" for word in words).encode() + b"\n"
    behind = [each.encode() for each in pattern.behind]
    begins = [letters, *(each + letters for each in pattern.behind)]
    expected = [
        line
        for line, word in enumerate(words)
        if (word.startswith(tuple(begins)) if open_end else word in begins)
    ]
    assert list(pattern_lines(pattern, terms, letters.encode(), behind)) == expected


def test_the_tokens_of_many_terms_are_read_once() -> None:
    class Counted(list[tuple[int, int]]):
        read = 0

        def __iter__(self) -> Iterator[tuple[int, int]]:
            for each in super().__iter__():
                Counted.read += 1
                yield each

    found = Counted((at, 1 << at % 7 | 1 << 7 + at % 3) for at in range(50))
    positions = positions_by_bit(found)
    assert Counted.read == 50
    assert positions == {1 << bit: [at for at, bits in list(found) if bits >> bit & 1] for bit in range(10)}
    assert positions_by_bit(found, 1 << 3) == {1 << 3: positions[1 << 3]}
