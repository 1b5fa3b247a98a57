"""The archive's vocabulary: the outbox consumer and rebuilds add and remove words of published articles.

It is in the database. An engine is asked only whether an article still has the words of a removed one, which
is tested on both.
"""

from __future__ import annotations

from heapq import nlargest
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.vocabulary.vocabulary import Vocabulary, VocabularyCounts
from articles.models import Article, Outbox
from search.engines.contract import SearchEngine
from search.indexing import indexer
from search.indexing import rebuild as rebuilding
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.rebuild import rebuild_index
from search.models import VocabularyPart
from search.store.database import DatabaseStore
from search.vocabulary import vocabulary_store, vocabulary_updates
from search.vocabulary.vocabulary_store import (
    VocabularyReader,
    build_vocabulary,
    current_vocabulary,
    erase_words,
    frozen_vocabulary,
)
from search.vocabulary.word_counts import truncate_counts
from tests.search.archive import make_archive
from tests.search.conftest import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind() -> str:
    """Return the kind of engine of a test that names none."""
    return "embedded"


def write(title: str, body: str = "", state: str = "published") -> Article:
    return Article.objects.create(title=title, body=body, state=state)


def counts(*words: str) -> tuple[int, ...]:
    known = current_vocabulary()
    return tuple(known.count(word) for word in words)


def kinds() -> list[str]:
    return sorted(VocabularyPart.objects.values_list("kind", flat=True))


def test_an_archive_without_articles_has_an_empty_vocabulary() -> None:
    assert (len(current_vocabulary()), len(frozen_vocabulary())) == (0, 0)
    assert len(DatabaseStore().vocabulary()) == 0


def test_words_are_counted_per_article_and_numbers_are_left_out() -> None:
    made = build_vocabulary([("حمص اليوم", "حمص وحمص 2012"), ("", "حلب وحمص")])
    assert dict(made.words()) == {"حمص": 1, "اليوم": 1, "وحمص": 2, "حلب": 1}
    assert (dict(made.phrases()), made.articles) == ({"حمص اليوم": 1}, 2)


def test_phrases_are_runs_of_two_to_four_words_of_titles() -> None:
    made = build_vocabulary([("قصف على حي في حمص", "نص الخبر")])
    assert made.phrase_count("قصف علي حي في") == made.phrase_count("في حمص") == 1
    assert made.phrase_count("قصف علي حي في حمص") == made.phrase_count("نص الخبر") == 0


def test_an_archive_filled_by_drains_alone_has_a_vocabulary(engine: SearchEngine) -> None:
    for title in ("قصف حمص", "قصف حلب"):
        write(title)
        drain_outbox(engine)
    assert counts("قصف", "حمص", "حلب") == (2, 1, 1)
    assert current_vocabulary().phrases_starting_with("قصف", 5) == [("قصف حلب", 1), ("قصف حمص", 1)]
    assert len(frozen_vocabulary()) == 0


def test_words_are_shown_in_their_most_frequent_spelling(engine: SearchEngine) -> None:
    write("مدينة حمص", "في مدينه، في مدينة")
    drain_outbox(engine)
    assert current_vocabulary().spelling("مدينه حمص") == "مدينة حمص"
    rebuild_index(engine)
    write("قرية قرب حمص")
    drain_outbox(engine)
    known = current_vocabulary()
    assert [known.spelling(word) for word in ("مدينه", "قريه", "حمص")] == ["مدينة", "قرية", "حمص"]


def test_hidden_articles_add_no_words(engine: SearchEngine) -> None:
    make_archive()
    drain_outbox(engine)
    hidden = ("مسوده", "مسحوب", "منتظر", "تكتمل")
    assert counts("قصف", *hidden) == (1, 0, 0, 0, 0)
    rebuild_index(engine)
    assert counts("قصف", *hidden) == (1, 0, 0, 0, 0)
    assert not any(frozen_vocabulary().count(word) for word in hidden)


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_a_withdrawn_article_alone_are_removed(engine: SearchEngine) -> None:
    write("قصف حمص", "جديد")
    leaves = write("قصف شحرورستان", "جديد")
    drain_outbox(engine)
    rebuild_index(engine)
    assert counts("قصف", "شحرورستان", "جديد") == (2, 1, 2)
    Article.objects.filter(pk=leaves.pk).update(state="withdrawn")
    drain_outbox(engine)
    known = current_vocabulary()
    assert counts("قصف", "شحرورستان", "جديد") == (2, 0, 2)
    assert "شحرورستان" not in known
    assert known.starting_with("شحر", 5) == known.fuzzy_matches("شحرورستان", 2) == []
    assert known.phrases_starting_with("قصف", 5) == [("قصف حمص", 1)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_comes_back_with_its_article(engine: SearchEngine) -> None:
    article = write("شحرورستان")
    drain_outbox(engine)
    rebuild_index(engine)
    for state, expected in (("draft", 0), ("published", 1), ("withdrawn", 0), ("published", 1)):
        Article.objects.filter(pk=article.pk).update(state=state)
        drain_outbox(engine)
        assert counts("شحرورستان") == (expected,)


def test_a_rebuild_recounts_and_freezes_the_known_words(engine: SearchEngine) -> None:
    article = write("قصف حلب")
    drain_outbox(engine)
    Article.objects.filter(pk=article.pk).update(title="قصف حمص")
    write("قصف حمص")
    rebuild_index(engine)
    assert counts("قصف", "حمص", "حلب") == (2, 2, 0)
    assert "حلب" in frozen_vocabulary()
    assert kinds() == ["base", "frozen"]


@pytest.mark.parametrize("kind", KINDS)
def test_changes_during_a_rebuild_reach_the_vocabulary(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "FILL_CHUNK", 2)
    first, second, *_ = [write(f"خبر {word}") for word in ("اول", "ثان", "ثالث", "رابع")]

    def change(documents: int) -> None:
        if documents == 2:
            Article.objects.filter(pk=first.pk).update(state="withdrawn")
            Article.objects.filter(pk=second.pk).update(title="خبر معدل")
            write("خبر جديد")

    rebuild_index(engine, progress=change)
    assert counts("اول", "معدل", "جديد", "رابع", "خبر") == (0, 1, 1, 1, 4)


def test_a_failed_rebuild_leaves_the_vocabulary_as_it_was(engine: SearchEngine) -> None:
    write("قصف حمص")
    drain_outbox(engine)

    def fail(documents: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_index(engine, progress=fail)
    assert counts("قصف", "حمص") == (1, 1)


def test_words_known_at_the_rebuild_are_not_learned_again(engine: SearchEngine) -> None:
    write("قصف حمص")
    rebuild_index(engine)
    drain_outbox(engine)
    write("حمص قصف")
    drain_outbox(engine)
    assert counts("حمص") == (1,)
    learned = VocabularyPart.objects.get(kind="learned")
    assert (learned.size, current_vocabulary().phrase_count("حمص قصف")) == (0, 1)


@pytest.mark.parametrize(("enough", "expected"), [(100, ["learned"]), (3, ["base"])])
def test_many_learned_parts_are_merged(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch, enough: int, expected: list[str]
) -> None:
    monkeypatch.setattr(vocabulary_updates, "_MOST_PARTS", 4)
    monkeypatch.setattr(vocabulary_updates, "_ENOUGH_WORDS", enough)
    for title in ("قصف حمص", "قصف حلب", "قصف حماه", "قصف درعا", "قصف ادلب"):
        write(title)
        drain_outbox(engine)
    assert kinds() == expected
    assert counts("قصف", "حمص", "ادلب") == (5, 1, 1)
    assert current_vocabulary().phrase_count("قصف حمص") == 1


def test_learned_phrases_are_merged_into_the_base(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary_updates, "_ENOUGH_PHRASES", 3)
    for title in ("قصف حمص", "قصف حلب", "حمص حلب", "حلب حمص"):
        write(title)
        drain_outbox(engine)
    assert kinds() == ["base"]
    assert counts("قصف", "حمص", "حلب") == (2, 3, 3)
    assert current_vocabulary().phrase_count("حلب حمص") == 1


def test_erased_words_are_in_no_part_and_in_no_phrase(engine: SearchEngine) -> None:
    write("شحرورستان اليوم")
    rebuild_index(engine)
    write("شحرورستانيه")
    drain_outbox(engine)
    rebuild_index(engine)
    Outbox.objects.all().delete()
    write("شحرورستانيون امس")
    drain_outbox(engine)
    assert kinds() == ["base", "frozen", "learned"]
    gone = {"شحرورستان", "شحرورستانيه", "شحرورستانيون"}
    erase_words(gone)
    stored = [Vocabulary.from_bytes(bytes(part.words)) for part in VocabularyPart.objects.all()]
    assert len(stored) == 3
    for part in (*stored, current_vocabulary(), frozen_vocabulary()):
        assert gone.isdisjoint(dict(part.words()))
        assert not any("شحرورستان" in phrase for phrase, _ in part.phrases())
    assert counts("اليوم", "امس") == (1, 1)


def test_other_processes_see_learned_and_erased_words(engine: SearchEngine) -> None:
    other = VocabularyReader()
    assert "حمص" not in other.current()
    write("قصف حمص")
    drain_outbox(engine)
    assert "حمص" in other.current()
    rebuild_index(engine)
    assert other.current().count("حمص") == 1
    erase_words(["حمص"])
    assert "حمص" not in other.current()


def test_an_up_to_date_reader_needs_one_small_query(
    engine: SearchEngine, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    write("قصف حمص")
    drain_outbox(engine)
    current_vocabulary()
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture is a function
        assert "حمص" in current_vocabulary()


def test_new_words_are_merged_at_once_or_soon() -> None:
    """Check that a vocabulary which is slow to merge is not merged for every page."""
    known = VocabularyReader()
    vocabulary_store.store_part("learned", VocabularyCounts({"حمص": 1}, {}, 1, {}))
    assert "حمص" in known.current()
    known._not_before = float("inf")
    vocabulary_store.store_part("learned", VocabularyCounts({"حلب": 1}, {}, 1, {}))
    assert "حلب" not in known.current()
    assert "حلب" in known.current(allow_stale=False)


def test_the_status_names_size_and_date(engine: SearchEngine, capsys: pytest.CaptureFixture[str]) -> None:
    write("قصف حمص")
    drain_outbox(engine)
    before = indexer.get_index_status(engine)
    assert (before.vocabulary_words, before.vocabulary_date, before.vocabulary_learned) == (2, "", 2)
    rebuild_index(engine)
    after = indexer.get_index_status(engine)
    base = VocabularyPart.objects.get(kind="base")
    assert (after.vocabulary_words, after.vocabulary_learned) == (2, 0)
    assert after.vocabulary_date == base.made_at.isoformat(timespec="seconds")


def test_a_bounded_count_keeps_the_frequent_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.vocabulary.word_counts.MAX_VOCABULARY_WORDS", 2)
    made = build_vocabulary([("", f"حمص حلب نادر{letter}") for letter in "ابتثجحخد"])
    assert dict(made.words()) == {"حمص": 8, "حلب": 8}


@given(st.dictionaries(st.text("ابت", min_size=1), st.integers(1, 4)), st.integers(1, 9))
def test_among_equally_rare_words_the_first_are_kept(words: dict[str, int], most: int) -> None:
    with mock.patch("search.vocabulary.word_counts.MAX_VOCABULARY_WORDS", most):
        kept = truncate_counts(VocabularyCounts(words, {}, 1, {word: f"{word}ة" for word in words}))
    assert set(kept.words.items()) == set(nlargest(most, words.items(), key=lambda pair: pair[1]))
    assert kept.spellings.keys() == kept.words.keys()


def test_a_new_base_leaves_the_learned_parts_that_another_reader_knows() -> None:
    known = VocabularyReader()
    vocabulary_store.store_part("base", VocabularyCounts({"حمص": 1}, {}, 1, {}))
    vocabulary_store.store_part(
        "learned", VocabularyCounts({"حلب": 2}, {"حلب اليوم": 1}, 1, {"حماه": "حماة"})
    )
    assert "حلب" in known.current()
    VocabularyPart.objects.filter(kind="base").delete()
    vocabulary_store.store_part("base", VocabularyCounts({"درعا": 3}, {}, 1, {}))
    now = known.current(allow_stale=False)
    assert [now.count(word) for word in ("حمص", "حلب", "درعا")] == [0, 2, 3]
    assert (now.phrase_count("حلب اليوم"), now.spelling("حماه")) == (1, "حماة")
