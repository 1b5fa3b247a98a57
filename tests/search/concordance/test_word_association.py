"""Word partners and distinctive words, on each engine."""

from __future__ import annotations

from collections import Counter

import pytest

from arabic.analyzer import light_stem
from arabic.text.normalization import normalize
from articles.models import Article
from search.concordance.closed_class_words import is_topic_word
from search.concordance.hit_sample import HitSample
from search.concordance.occurrences import OccurrenceFinder
from search.concordance.word_association import (
    WINDOW,
    WordList,
    _without_proclitic,
    distinctive_words,
    log_likelihood,
    word_partners,
)
from search.engines.contract import SearchEngine
from search.query.compiler import prepare_search
from search.query.query_cost import count_terms
from search.query.request import SearchRequest
from search.query_tree import Node
from tests.search.news import NewsItem, publish

FILLER = "ثم تحدث الناس طويلا جدا أمام الباب الكبير وسط المدينة الهادئة تلك"


def words(found: WordList) -> dict[str, tuple[int, int]]:
    return {each.word: (each.here, each.in_all) for each in found.words}


def association(engine: SearchEngine, query: str, kind: str) -> WordList:
    search = prepare_search(SearchRequest(q=query))
    finder, sample = OccurrenceFinder(search.compiled), HitSample(search, engine, None)
    if kind == "partners":
        return word_partners(sample, finder)
    return distinctive_words(search, sample, finder, engine)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Computed from the definition: 2 * sum of observed * ln(observed / expected) over the four cells.
        ((10, 100, 10, 100), 0.0),
        ((20, 100, 10, 100), 3.985),
        ((10, 100, 20, 100), -3.985),
        ((5, 5, 0, 95), 39.703),
        ((0, 0, 4, 10), 0.0),
    ],
)
def test_log_likelihood_compares_the_shares_of_two_collections(
    counts: tuple[int, int, int, int], expected: float
) -> None:
    assert log_likelihood(*counts) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("word", ["في", "وفي", "والتي", "كان", "وكانت", "٢٠١٤", "2014", "ان", "لها", "بعد"])
def test_words_without_a_topic_are_known_with_their_clitics(word: str) -> None:
    assert not is_topic_word(word)


@pytest.mark.parametrize("word", ["مجلس", "ولايه", "فيضان", "وزير", "كانون", "قصف", "لبنان"])
def test_words_that_only_begin_like_one_are_kept(word: str) -> None:
    assert is_topic_word(word)


@pytest.mark.django_db
def test_partners_are_counted_within_the_window_and_forms_count_together(engine: SearchEngine) -> None:
    bodies = [
        f"عقد مجلس الأمن جلسة. {FILLER}. {FILLER}.",
        f"قرر المجلس الأمن اليوم. {FILLER}. {FILLER}.",
        f"دعا مجلس الأمن الدول. {FILLER}. {FILLER}.",
        f"رحب بمجلس الأمن وفد. {FILLER}. {FILLER}.",
        f"طلب مجلس الأمن تقريرا. {FILLER}. {FILLER}.",
        f"ندد مجلس الأمن بذلك. {FILLER} الأمن {FILLER}.",
    ]
    publish(engine, *(NewsItem("خبر", body, f"2014-01-0{day}") for day, body in enumerate(bodies, 1)))
    found = association(engine, "مجلس", "partners")
    assert words(found)["الامن"] == (6, 7)
    assert "مجلس" not in words(found)
    assert all(is_topic_word(word) for word in words(found))


@pytest.mark.django_db
def test_the_window_counts_each_word_once_and_stops_at_the_text(engine: SearchEngine) -> None:
    body = "قافلة أولى قافلة ثانية واحد اثنان ثلاثة أربعة خمسة ستة سبعة"
    publish(engine, NewsItem("عنوان", body), NewsItem("قافلة", ""))
    search = prepare_search(SearchRequest(q="قافلة"))
    finder = OccurrenceFinder(search.compiled)
    found = word_partners(HitSample(search, engine, None), finder)
    # أولى, ثانية and four more; all but the searched words and the title.
    near, everywhere = WINDOW + 1, len(body.split()) - 2 + 1
    assert (found.here, found.in_all) == (near, everywhere)


@pytest.mark.django_db
def test_distinctive_words_are_counted_in_all_hits_and_in_the_whole_archive(engine: SearchEngine) -> None:
    about = [NewsItem("خبر", f"وصلت قافلة إلى حمص اليوم رقم{n}.", "2014-01-01") for n in "أبجدهوز"]
    others = [
        NewsItem("رياضة", f"فاز الفريق {word} في مباراة.", "2014-01-02") for word in ("كرة", "سلة", "يد")
    ]
    publish(engine, *about, *others, NewsItem("خبر", "مرت قافلة في مباراة"))
    found = association(engine, "حمص", "distinctive")
    assert (found.here, found.in_all) == (7, 11)
    assert words(found)["وصلت"] == (7, 7)
    assert "مباراه" not in words(found)
    assert "حمص" not in words(found)
    assert [each.log_likelihood for each in found.words] == sorted(
        (each.log_likelihood for each in found.words), reverse=True
    )


@pytest.mark.django_db
@pytest.mark.parametrize("listed", ["partners", "distinctive"])
def test_a_word_with_a_proclitic_is_not_listed_beside_the_word(engine: SearchEngine, listed: str) -> None:
    texts = 8 * ["ريف حمص لقوات", "بريف حمص لقوات", "بقوات حمص الجديدة"]
    about = [NewsItem("خبر", f"{text} شمالا. {FILLER}. {FILLER}.") for text in texts]
    publish(engine, *about, *(NewsItem("رياضة", f"{FILLER} فاز الفريق رقم{n}") for n in range(24)))
    found = words(association(engine, "حمص", listed))
    assert found["ريف"][0] == 8, "the count is that of the word alone"
    assert {"بريف", "بقوات"}.isdisjoint(found)
    assert found["لقوات"][0] == 16, "of two with a proclitic the stronger one stands for itself"


@pytest.mark.django_db
@pytest.mark.parametrize("listed", ["partners", "distinctive"])
def test_words_of_articles_hidden_since_they_were_indexed_are_in_no_list(
    engine: SearchEngine, listed: str
) -> None:
    def secret(word: str) -> list[int]:
        bodies = [f"رأى حمص {word} مرة. {FILLER}. {FILLER}." for _ in range(8)]
        return publish(engine, *(NewsItem("خبر", body, "2014-01-01") for body in bodies))

    secret("ضصثحكشم")
    hidden = secret("غحصلمرق")
    publish(engine, *(NewsItem("طقس", f"مطر غزير. {FILLER}") for _ in range(16)))
    assert {"ضصثحكشم", "غحصلمرق"} <= words(association(engine, "حمص", listed)).keys()
    Article.objects.filter(pk__in=hidden).update(state=Article.State.WITHDRAWN)
    shown = words(association(engine, "حمص", listed)).keys()
    assert "ضصثحكشم" in shown
    assert "غحصلمرق" not in shown


@pytest.mark.django_db
def test_a_sample_proposes_words_and_the_engine_counts_them(engine: SearchEngine) -> None:
    publish(engine, *(NewsItem("خبر", "وصلت قافلة إلى حمص", f"2014-01-0{n}") for n in range(1, 9)))
    publish(engine, *(NewsItem("طقس", "مطر غزير") for _ in range(8)))
    search = prepare_search(SearchRequest(q="حمص"))
    finder = OccurrenceFinder(search.compiled)
    found = distinctive_words(search, HitSample(search, engine, 12), finder, engine)
    assert (found.read, found.total) == (3, 8)
    assert words(found)["قافله"] == (8, 8)


@pytest.mark.django_db
def test_a_pattern_is_not_counted_again_with_each_distinctive_word(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, *(NewsItem("خبر", "وصلت قافلة إلى حمص", f"2014-01-0{n}") for n in range(1, 9)))
    publish(engine, *(NewsItem("طقس", "مطر غزير") for _ in range(8)))
    counted: list[Node] = []
    counts = type(engine).counts
    monkeypatch.setattr(
        type(engine), "counts", lambda self, nodes, *rest: counted.extend(nodes) or counts(self, nodes, *rest)
    )
    search = prepare_search(SearchRequest(q="*افل*"))
    finder = OccurrenceFinder(search.compiled)
    found = distinctive_words(search, HitSample(search, engine, None), finder, engine)
    assert words(found)["حمص"] == (8, 8)
    assert count_terms(counted) == 2 * (len(counted) - 1), "every node but one is a stem in two fields"


@pytest.mark.django_db
def test_counts_of_word_types_are_those_of_the_tokens(engine: SearchEngine) -> None:
    [id] = publish(engine, NewsItem("قافلة إلى حمص", "وصلت قافلة إلى حمص، ثم قافلة إلى حلب"))
    article = engine.analyzed_articles([id])[id]
    tokens = [article.normalized_token(at) for at in range(len(article.contents.types))]
    counted = Counter[tuple[str, str]]()
    for stem, word, times in article.count_types(article.contents.types):
        counted[stem, word] += times
    assert counted == Counter((light_stem(token), token) for token in tokens)
    assert set(article.distinct_words) == set(tokens)


@pytest.mark.parametrize(
    ("word", "bare"),
    [("بريف", "ريف"), ("لجنة", "لجنة"), ("بحرية", "بحرية"), ("وحدة", "وحدة"), ("وزير", "وزير")],
)
def test_a_letter_of_the_word_itself_is_no_proclitic(word: str, bare: str) -> None:
    assert _without_proclitic(normalize(word)) == normalize(bare)
