"""Autocomplete: completions come from the contents of the archive, and each finds an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.surface_forms import SurfaceFormCounter, iter_surface_phrases
from arabic.vocabulary.vocabulary import Vocabulary
from articles.models import Article, MergedSource, Source
from search.engines.contract import EngineUnavailable, IndexDocument, Put, Remove, SearchEngine
from search.engines.elastic import ElasticEngine
from search.engines.elastic.client import Connection
from search.query.request import SearchRequest
from search.results import Record
from search.retrieval.service import run_search
from search.store.database import DatabaseStore
from search.store.memory import MemoryStore
from search.suggest.autocomplete import MAX_LIMIT, autocomplete
from search.suggest.completion_candidates import Completion
from tests.search.news import NewsItem, index_all, place, publish

pytestmark = pytest.mark.django_db

ARCHIVE = (
    NewsItem("قصف مدينة حمص القديمة", "قال أحمد إن القصف طال المدينة.", "2012", "وكالة سنابل", ["حمص"]),
    NewsItem("هدنة في مدينة حمص القديمة", "قال أحمد إنها هدنة في المدينة.", "2013", "وكالة سنابل", ["حمص"]),
    NewsItem("مدينة دير الزور", "قصف دير الزور. أحمر", "2013", "صحيفة الضفاف", ["دير الزور", "حمص"]),
    NewsItem("أوباما يلتقي وفدا", "جلسة في مدن كثيرة", "2014", "صحيفة الضفاف", ["الرقة", "طرابلس (لبنان)"]),
)
#: Words that no published article has: of a draft, of a withdrawn article, of an older vocabulary.
GONE = "مدينتهالسرية مدينتيالسرية"


def vocabulary_of(texts: Sequence[tuple[str, str]]) -> Vocabulary:
    words: Counter[str] = Counter()
    phrases: Counter[str] = Counter()
    spellings = SurfaceFormCounter()
    for title, body in texts:
        words.update(set(normalized_terms(f"{title} {body}")))
        spellings.add(f"{title} {body}")
        written = list(iter_surface_phrases(title, 4))
        phrases.update({" ".join(normalized_terms(phrase)) for phrase in written})
        spellings.add_phrases(written)
    return Vocabulary(words, phrases, len(texts), spellings.best())


class Stale(DatabaseStore):
    """Publish ARCHIVE, with a vocabulary that also has words that are no longer published."""

    def vocabulary(self) -> Vocabulary:
        return vocabulary_of([*((told.title, told.body) for told in ARCHIVE), (GONE, GONE)])


Complete = Callable[..., list[Completion]]


@pytest.fixture
def complete(engine: SearchEngine) -> Complete:
    """Return a function that completes over ARCHIVE."""
    publish(engine, *ARCHIVE)
    return lambda text, limit=20: autocomplete(text, limit, engine=engine, store=Stale())


def shown(found: Sequence[Completion], kind: str) -> list[str]:
    return [each.text for each in found if each.kind == kind]


def queries(found: Sequence[Completion], kind: str) -> list[str]:
    return [each.query for each in found if each.kind == kind]


def test_a_word_is_completed_whatever_its_hamza_and_shown_as_the_archive_writes_it(
    complete: Complete,
) -> None:
    assert shown(complete("احم"), "word") == ["أحمد", "أحمر"]
    assert shown(complete("أحم"), "word") == ["أحمد", "أحمر"]
    assert shown(complete("مدين"), "word") == ["مدينة", "المدينة"]
    assert [each.count for each in complete("احم")] == [2, 1]


def test_the_words_before_are_kept_and_restrict_the_completions(complete: Complete) -> None:
    assert queries(complete("هدنة أح"), "word") == ["هدنة أحمد"]
    assert queries(complete("title:هدنة -مد"), "word") == ["title:هدنة -مدينة", "title:هدنة -المدينة"]
    assert complete("زنجبيل أح") == []


def test_wildcards_before_are_kept_but_not_searched_at_every_key(complete: Complete) -> None:
    for before in ("*زنجب*", "زنجبيل*", '"زنجبيل مريخ"~5'):
        assert [(each.query, each.count) for each in complete(f"{before} أحمد")] == []  # as written already
        assert (f"{before} أحمد", 2) in [(each.query, each.count) for each in complete(f"{before} احمد")]


def test_many_words_before_restrict_at_the_exact_level(complete: Complete) -> None:
    many = "قال أحمد إن القصف طال مدينة حمص القديمة قصف"
    assert queries(complete(f"{many} المد"), "word") == [f"{many} المدينة"]
    assert complete(f"{many} هدن") == []


def test_phrases_of_titles_are_offered_when_several_words_match(complete: Complete) -> None:
    assert shown(complete("مدينة حم"), "phrase") == ["مدينة حمص القديمة"]
    assert queries(complete("قصف مدينه ح"), "phrase") == ["قصف مدينة حمص القديمة"]
    assert shown(complete("مدينة "), "phrase") == ["مدينة حمص القديمة", "مدينة دير الزور"]


def test_a_phrase_does_not_end_in_a_function_word(complete: Complete) -> None:
    assert "هدنة في" not in shown(complete("هدنة "), "phrase")
    assert "هدنة في مدينة" not in shown(complete("هدنة "), "phrase")  # every title continues


def test_an_open_quotation_is_completed_and_closed(complete: Complete) -> None:
    assert '"مدينة حمص القديمة"' in queries(complete('"مدينة حم'), "phrase")
    assert queries(complete("«مدينة دي"), "word") == ["«مدينة دير»"]
    assert complete('"قصف دي') != []
    assert complete('"هدنة دي') == []  # both words occur, not in a row


#: What is typed → the city that is offered, and its other name if that was typed.
CITIES = [
    ("حم", "حمص", ""),
    ("رق", "الرقة", ""),
    ("الرقه", "الرقة", ""),
    ("دير ال", "دير الزور", ""),
    ("زور", "دير الزور", ""),
    ("طراب", "طرابلس (لبنان)", ""),
    ("الفيح", "دمشق", "الفيحاء"),
]


def test_a_city_is_found_by_any_name_in_any_spelling(engine: SearchEngine, subtests: pytest.Subtests) -> None:
    place("دمشق", "الفيحاء")
    publish(engine, *ARCHIVE, NewsItem("خبر", "", "", "", ["دمشق"]))
    for typed, city, alias in CITIES:
        with subtests.test(typed=typed):
            found = autocomplete(typed, engine=engine, store=Stale())
            assert [(each.text, each.alias) for each in found if each.kind == "city"] == [(city, alias)]


def test_a_city_can_become_a_filter_or_part_of_the_query(complete: Complete) -> None:
    [city] = [each for each in complete("قصف دير ال") if each.kind == "city"]
    assert (city.rest, city.query, city.count) == ("قصف", 'قصف مدينة:"دير الزور"', 1)
    [city] = [each for each in complete("هدنة أو دير ال") if each.kind == "city"]
    assert (city.rest, city.query) == (None, 'هدنة أو مدينة:"دير الزور"')


NAMES_AFTER_A_FIELD = [
    ("مدينة:حم", "مدينة:حمص"),
    ("city:دير", 'city:"دير الزور"'),
    ('city:"دير ال', 'city:"دير الزور"'),
    ("city:طراب", 'city:"طرابلس (لبنان)"'),
    ("مصدر:سنا", 'مصدر:"وكالة سنابل"'),
]


def test_after_a_field_name_only_its_names_are_offered(complete: Complete, subtests: pytest.Subtests) -> None:
    for typed, query in NAMES_AFTER_A_FIELD:
        with subtests.test(typed=typed):
            assert [each.query for each in complete(typed)] == [query]


def test_after_a_bare_field_name_all_names_are_offered(complete: Complete) -> None:
    assert shown(complete("city:"), "city")[0] == "حمص"  # the most frequent
    assert set(shown(complete("source:"), "source")) == {"وكالة سنابل", "صحيفة الضفاف"}


def test_a_source_is_found_by_its_name_and_by_its_former_name(engine: SearchEngine) -> None:
    publish(engine, *ARCHIVE)
    MergedSource.objects.create(name="نشرة السهل", source=Source.objects.get(name="وكالة سنابل"))
    found = autocomplete("السهل", engine=engine, store=Stale()) + autocomplete(
        "نشره", engine=engine, store=Stale()
    )
    assert [(each.text, each.alias, each.count) for each in found] == [("وكالة سنابل", "نشرة السهل", 2)]


def test_a_word_that_no_published_article_has_is_never_offered(
    engine: SearchEngine, complete: Complete
) -> None:
    Article.objects.create(title=GONE, body=GONE, state="draft")
    Article.objects.create(title=GONE, body=GONE, state="withdrawn")
    index_all(engine, version=2)
    for typed in ("مدينته", "مدينتي", "مدينتهالسرية م", '"مدينتهالسرية مد', "title:مدينت"):
        assert complete(typed) == []


def test_a_withdrawn_word_is_no_longer_offered_although_the_vocabulary_has_it(
    engine: SearchEngine, complete: Complete
) -> None:
    assert shown(complete("اوب"), "word") == ["أوباما"]
    engine.apply([Remove(Article.objects.get(title__startswith="أوباما").pk)], version=9, interactive=True)
    assert complete("اوب") == []
    assert complete("الرق") == []  # nor a city that only this article named


def test_a_completion_finds_as_many_articles_as_it_shows(engine: SearchEngine, complete: Complete) -> None:
    for typed in ("مدين", "حم", "قصف دير ال", '"مدينة حم', "مصدر:سنا", "هدنة أو دير ال", "(قصف حم", "صحي"):
        found = complete(typed)
        assert found
        for each in found:
            assert run_search(SearchRequest(q=each.query), engine=engine).total >= each.count > 0


def test_the_kinds_share_a_list_of_limited_length(complete: Complete) -> None:
    assert {each.kind for each in complete("مدينة حم", limit=4)} == {"phrase", "city", "word"}
    assert [len(complete("مد", limit=limit)) for limit in (0, 1, 2)] == [0, 1, 2]
    assert len(complete("city:", limit=10**9)) <= MAX_LIMIT


def test_text_in_the_other_keyboard_layout_is_completed_if_nothing_else_matches(complete: Complete) -> None:
    assert shown(complete("hpl"), "word") == ["أحمد", "أحمر"]
    assert shown(complete("]dv hg"), "city") == ["دير الزور"]


def test_several_words_are_completed_to_phrases_first_and_one_to_words_first(complete: Complete) -> None:
    assert next(each.kind for each in complete("مدينة حم")) == "phrase"
    assert next(each.kind for each in complete("مدين")) == "word"


def test_a_short_beginning_or_the_article_alone_offers_no_words(complete: Complete) -> None:
    assert complete("م") == []
    assert complete("ال") == []


def test_a_temporary_index_has_completions_of_its_own(engine: SearchEngine) -> None:
    record = Record(1, "مدينة", "", source="وكالة سنابل", source_id=7)
    engine.apply([Put(document) for document in _documents(record)], version=1, interactive=True)
    store = MemoryStore([record], vocabulary_of([("مدينة", "")]))
    assert shown(autocomplete("مدي", engine=engine, store=store), "word") == ["مدينة"]
    assert shown(autocomplete("سناب", engine=engine, store=store), "source") == ["وكالة سنابل"]


def _documents(record: Record) -> list[IndexDocument]:
    return [IndexDocument(record.id, record.title, record.body, source=record.source_id)]


class Counting(ElasticEngine):
    """An engine that counts its calls."""

    asked = 0

    def counts(self, *args: object, **kwargs: object) -> tuple[int, ...]:
        self.asked += 1
        return super().counts(*args, **kwargs)  # type: ignore[arg-type]  # passed on unchanged


def test_while_the_engine_is_down_there_are_none_and_it_is_not_asked_again() -> None:
    place("حمص")
    down = Counting(Connection("http://127.0.0.1:9"), "down")
    with pytest.raises(EngineUnavailable):
        down.ping()
    assert [autocomplete("حم", engine=down, store=Stale()) for _ in range(5)] == [[]] * 5
    assert down.asked == 1


def test_without_an_index_there_are_none(make_engine: Callable[[], SearchEngine]) -> None:
    place("حمص")
    assert autocomplete("حم", engine=make_engine(), store=Stale()) == []


ODD = st.text(st.sampled_from('حمصدير مدينة:city:"«»()*~-AND أو \u200f\0٣') | st.characters(), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(ODD)
def test_any_text_can_be_completed(complete: Complete, text: str) -> None:
    for each in complete(text):
        assert each.count > 0
        assert each.text in each.query or '"' in each.text
