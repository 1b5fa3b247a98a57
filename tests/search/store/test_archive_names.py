"""Names are read once by a process, and again as soon as any code has changed them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from arabic.tables.gazetteer import gazetteer
from arabic.vocabulary.vocabulary import VocabularyCounts
from articles.models import Article, MergedPlace, MergedSource, NameChange, Organisation, Place, Source
from search.models import VocabularyPart
from search.store import archive_names
from search.store.database import DatabaseStore
from search.vocabulary import vocabulary_store
from tests.search.news import place

Write = Callable[[], object]


def names() -> tuple[object, ...]:
    """Return what a new request knows of the names of Homs, its governorate, a source and an organisation."""
    store = DatabaseStore()
    return (
        store.names.places_named("حمص"),
        store.names.places_named("ام الحجار"),
        store.names.places_named("كوباني"),
        store.governorates_named("وسط"),
        store.sources_named("سنابل"),
        store.source_values(Source.objects.values_list("pk", flat=True)),
        [match.known.value for match in store.city_names().starting_with("حمص", 9)],
        [match.known.value for match in store.source_names().starting_with("سناب", 9)],
        [each.shown for match in store.aliases().find(["سنابل"]) for each in match.synonyms],
    )


def run_sql(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


#: Every way of writing: a saved object, statements for many rows, and SQL that Django sends no signal for.
WRITES: dict[str, Write] = {
    "a saved place": lambda: Place(key="x-1", slug="حمص الجديدة", name="حمص").save(),
    "an alias": lambda: Place.objects.filter(slug="حمص").update(aliases=["أم الحجار"]),
    "a governorate": lambda: Place.objects.filter(slug="حمص").update(governorate="وسط"),
    "many places": lambda: Place.objects.bulk_create(
        [Place(key=f"x-{n}", slug=f"حمص {n}", name="حمص") for n in range(3)]
    ),
    "a deleted place": lambda: Place.objects.filter(slug="حمص").delete(),
    "a place by SQL": lambda: run_sql("UPDATE articles_place SET slug = %s WHERE slug = %s", "حُمص", "حمص"),
    "a source by SQL": lambda: run_sql("UPDATE articles_source SET name = %s", "سنابل"),
    "a merged source": lambda: MergedSource.objects.create(name="سنابل", source=Source.objects.get()),
    "a merged place": lambda: MergedPlace.objects.create(
        key=gazetteer().lookup("كوباني")[0].key, place=place("حمص")
    ),
    "an organisation": lambda: Organisation.objects.create(name="سنابل", other_names=["وكالة سنابل"]),
    "a deleted source by SQL": lambda: run_sql("DELETE FROM articles_source"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_the_next_request_knows_a_change_however_it_was_made(write: Write) -> None:
    place("حمص")
    Source.objects.create(name="وكالة البريد")
    before = names()
    write()
    assert names() != before


@pytest.mark.django_db
def test_as_long_as_nothing_changes_all_names_and_words_cost_one_query() -> None:
    place("حمص")
    names()
    DatabaseStore().splitter()  # the process may have the vocabulary of another test
    DatabaseStore().vocabulary()
    store = DatabaseStore()
    with CaptureQueriesContext(connection) as asked:
        assert store.names.places_named("حمص")
        assert store.sources_named("لا أحد") is None
        assert "كلمة" not in store.vocabulary()
        assert len(store.aliases())
        assert store.splitter()
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_leaves_nothing_behind() -> None:
    place("حمص")
    with transaction.atomic():
        Place.objects.update(slug="اسم عابر")
        assert DatabaseStore().names.places_named("اسم عابر")
        transaction.set_rollback(True)
    assert DatabaseStore().names.places_named("اسم عابر") is None
    assert DatabaseStore().names.places_named("حمص")


@pytest.mark.django_db
def test_one_token_stays_whatever_is_written() -> None:
    for number in range(5):
        Source.objects.create(name=f"مصدر {number}")
    Source.objects.update(homepage="https://example.org")
    assert NameChange.objects.count() == 1


@pytest.mark.django_db
def test_without_a_token_names_are_read_each_time() -> None:
    NameChange.objects.all().delete()
    assert DatabaseStore().names.places_named("حمص الثانية") is None
    NameChange.objects.all().delete()
    place("حمص الثانية")
    NameChange.objects.all().delete()
    assert DatabaseStore().names.places_named("حمص الثانية")


@pytest.mark.django_db(transaction=True)
def test_threads_with_connections_of_their_own_share_the_names_and_see_each_change() -> None:
    place("حمص")
    wrong: list[str] = []
    start = threading.Barrier(4)

    def read() -> None:
        try:
            start.wait()
            for number in range(10):
                Source.objects.get_or_create(name=f"{threading.get_ident()} {number}")
                if not DatabaseStore().sources_named(f"{threading.get_ident()} {number}"):
                    wrong.append(f"{number} is not known")
        except Exception as error:
            wrong.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert wrong == []
    assert len(DatabaseStore().names.sources) == 40


@pytest.mark.django_db
def test_the_state_has_the_keys_that_the_vocabulary_reads_by_itself() -> None:
    Source.objects.create(name="سانا")  # without any name there is no state to read
    for kind in ("frozen", "base", "learned"):
        vocabulary_store.store_part(kind, VocabularyCounts({"حمص": 1}, {}, 1, {}))
    state = archive_names.read_store_state()
    parts = VocabularyPart.objects.order_by("pk").values_list("pk", "made_at")
    assert state is not None
    assert state.vocabulary == (parts[2], parts[0])
    assert "حمص" in DatabaseStore().vocabulary()


@pytest.mark.django_db
@pytest.mark.parametrize("has_state", [True, False])
def test_the_state_tells_whether_ocr_read_a_text(*, has_state: bool) -> None:
    Source.objects.create(name="سانا")
    article = Article.objects.create(title="مسح")
    if not has_state:
        NameChange.objects.all().delete()
    assert (archive_names.read_store_state() is not None) == has_state
    assert not DatabaseStore().has_ocr_texts
    Article.objects.filter(pk=article.pk).update(ocr_confidence=0)
    assert DatabaseStore().has_ocr_texts


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables as a whole")
def test_no_article_is_read_to_tell_whether_ocr_read_one() -> None:
    assert "articles_read_by_ocr" in archive_names.ocr_texts().values("pk").explain()


def test_a_fork_begins_with_a_lock_of_its_own() -> None:
    """A thread of the parent may hold the lock at the fork, and no thread of the child would release it."""
    before = archive_names._kept._lock
    archive_names._kept.renew_lock()
    assert archive_names._kept._lock is not before
