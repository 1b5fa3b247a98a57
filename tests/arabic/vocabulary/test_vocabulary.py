"""Vocabularies: counts, prefixes, fuzzy lookup, patches and the stored form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY, Vocabulary, pack_vocabulary

#: Few letters, so that words are often similar; three of them have no bitmap
#: (arabic/vocabulary/term_table.py).
_LETTERS = "ابلمتي7ە𐭀"
WORD = st.text(_LETTERS, min_size=1, max_size=7)
COUNTS = st.dictionaries(WORD, st.integers(1, 5), max_size=40)
PATCHES = st.dictionaries(WORD, st.integers(0, 5), max_size=10)


def edits(one: str, other: str) -> int:
    """Return the restricted Damerau-Levenshtein distance by its definition (Boytsov 2011)."""
    rows = [[*range(len(other) + 1)]]
    for i in range(1, len(one) + 1):
        rows.append([i] + [0] * len(other))
        for j in range(1, len(other) + 1):
            replaced = rows[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced)
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def patched(counts: dict[str, int], patch: dict[str, int]) -> tuple[Vocabulary, dict[str, int]]:
    """Return a patched vocabulary and the counts that it should have."""
    held = {word: count for word, count in (counts | patch).items() if count}
    return Vocabulary(counts, counts, 3).patched(patch, patch, 2), held


def repacked(vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary after a round trip through its stored form."""
    return Vocabulary.from_bytes(pack_vocabulary(*vocabulary.counts()))


def test_counts_are_returned_as_given() -> None:
    words = Vocabulary({"حمص": 3, "حلب": 1}, {"مدينه حمص": 2}, articles=3)
    assert (words.count("حمص"), words.count("حماه"), len(words), words.articles) == (3, 0, 2, 3)
    assert "حلب" in words
    assert "حماه" not in words
    assert words.phrase_count("مدينه حمص") == 2
    assert (
        len(EMPTY_VOCABULARY),
        list(EMPTY_VOCABULARY.words()),
        EMPTY_VOCABULARY.fuzzy_matches("حمص", 2),
    ) == (
        0,
        [],
        [],
    )


def test_prefix_lookup_gives_the_most_frequent_first_and_keeps_phrases_apart() -> None:
    words = Vocabulary({"حمص": 2, "حماه": 9, "حمام": 2, "محمص": 99}, {"حمص تحت القصف": 1, "حماه": 1})
    assert words.starting_with("حم", 2) == [("حماه", 9), ("حمام", 2)]
    assert words.starting_with("حمص", 5) == [("حمص", 2)]
    assert words.phrases_starting_with("حمص ", 5) == [("حمص تحت القصف", 1)]
    assert words.starting_with("", 0) == []


@given(COUNTS, PATCHES, WORD, st.integers(1, 5))
def test_prefix_lookup_equals_a_linear_search(
    counts: dict[str, int], patch: dict[str, int], prefix: str, limit: int
) -> None:
    words, held = patched(counts, patch)
    begin_so = [(word, count) for word, count in held.items() if word.startswith(prefix[:2])]
    expected = sorted(begin_so, key=lambda pair: (-pair[1], pair[0]))[:limit]
    assert words.starting_with(prefix[:2], limit) == expected
    assert words.phrases_starting_with(prefix[:2], limit) == expected


@given(COUNTS, PATCHES, WORD, st.integers(0, 3))
def test_fuzzy_lookup_equals_a_linear_search(
    counts: dict[str, int], patch: dict[str, int], word: str, distance: int
) -> None:
    words, held = patched(counts, patch)
    expected = [(edits(word, other), -count, other) for other, count in held.items()]
    found = words.fuzzy_matches(word, distance, limit=7)
    assert found == [(other, far) for far, _, other in sorted(expected) if far <= distance][:7]


@given(COUNTS, COUNTS, PATCHES)
def test_packing_preserves_every_count(
    words: dict[str, int], phrases: dict[str, int], patch: dict[str, int]
) -> None:
    made, held = patched(words, patch)
    back = repacked(made)
    assert (dict(back.words()), back.articles, len(made)) == (held, 5, len(held))
    assert all(made.count(word) == held.get(word, 0) for word in words | patch)
    alone = repacked(Vocabulary(words, phrases))
    assert (dict(alone.words()), dict(alone.phrases())) == (words, phrases)


@given(COUNTS, PATCHES, st.sets(WORD))
def test_unknown_words_are_those_without_a_count(
    counts: dict[str, int], patch: dict[str, int], asked: set[str]
) -> None:
    words, held = patched(counts, patch)
    assert words.unknown(asked) == words.unknown_phrases(asked) == asked - held.keys()


def test_unpacking_other_bytes_raises_value_error() -> None:
    with pytest.raises(ValueError, match="no vocabulary"):
        Vocabulary.from_bytes(b"something else")


def test_words_and_phrases_have_their_written_forms() -> None:
    words = Vocabulary({"مدينه": 2}, {"مدينه حمص": 1}, 2, {"مدينه": "مدينة", "مدينه حمص": "مدينة حمص"})
    assert [words.spelling(each) for each in ("مدينه", "مدينه حمص", "حمص")] == ["مدينة", "مدينة حمص", "حمص"]
    later = words.patched({"قريه": 1, "مدينه": 3}, {}, 1, {"قريه": "قرية", "مدينه": "مدينه"})
    assert [later.spelling(each) for each in ("قريه", "مدينه")] == ["قرية", "مدينة"]
    assert repacked(later).spelling("قريه") == "قرية"


@given(st.dictionaries(WORD, WORD, max_size=40))
def test_packing_preserves_every_spelling(spellings: dict[str, str]) -> None:
    words = dict.fromkeys(spellings, 1)
    stored = repacked(Vocabulary(words, {}, 0, spellings))
    assert stored.counts().spellings == spellings
    assert {normalized: stored.spelling(normalized) for normalized in spellings} == spellings
