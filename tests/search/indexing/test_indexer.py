"""Every kind of write to the archive reaches the index, and uncommitted changes never do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from articles.models import (
    Article,
    DateMention,
    ImportBatch,
    Outbox,
    Place,
    PlaceMention,
    Source,
    StoryMember,
)
from articles.near_duplicates.clusters import join, separate, update_clusters
from articles.outbox import triggers
from search.engines.contract import SearchEngine
from search.indexing.index_documents import iter_documents
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.verify import verify_index
from tests.search.archive import Archive, found, make_archive, pending_articles, stale
from tests.search.conftest import KINDS

pytestmark = pytest.mark.django_db

Way = Callable[[Archive], object]


def article(archive: Archive) -> Article:
    return Article.objects.get(pk=archive.shown.pk)


def save_changed(archive: Archive) -> None:
    changed = article(archive)
    changed.title = "جديد"
    changed.save()


def save_one_field(archive: Archive) -> None:
    changed = article(archive)
    changed.body = "جديد"
    changed.save(update_fields=["body"])


def upsert(archive: Archive) -> None:
    Article.objects.bulk_create(
        [Article(pk=archive.shown.pk, title="جديد"), Article(title="آخر")],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["title"],
    )


def insert_ignoring(archive: Archive) -> None:
    Article.objects.bulk_create(
        [Article(pk=archive.shown.pk, title="جديد"), Article(title="آخر")], ignore_conflicts=True
    )


def change_in_bulk(archive: Archive) -> None:
    for changed in (rows := list(Article.objects.all())):
        changed.body += " ."
    Article.objects.bulk_update(rows, ["body"])


def merge_places(archive: Archive) -> None:
    PlaceMention.objects.filter(place=archive.hama).update(place=archive.homs, start=90)
    archive.hama.delete()


def merge_sources(archive: Archive) -> None:
    Article.objects.filter(source=archive.north).update(source=archive.south)
    archive.north.delete()


def change_number(archive: Archive) -> None:
    PlaceMention.objects.filter(article=archive.shown).delete()
    Article.objects.filter(pk=archive.shown.pk).update(id=archive.shown.pk + 5000)


def move_mention(archive: Archive) -> None:
    PlaceMention.objects.filter(place=archive.hama, article=archive.imported).update(article=archive.shown)


SPOKEN = {"first_day": date(2012, 5, 1), "last_day": date(2012, 5, 31), "precision": "month"}


def speaks_of(article: Article, start: int = 0) -> DateMention:
    return DateMention.objects.create(article=article, field="body", start=start, end=start + 3, **SPOKEN)


def move_date(archive: Archive) -> None:
    DateMention.objects.filter(article=archive.imported).update(article=archive.shown)


def alike_to(article: Article) -> Article:
    """Create an article with the text of another, made long enough to be compared."""
    article.body = " ".join(f"كلمة{letter}" for letter in "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
    article.save()
    return Article.objects.create(title="نسخة", body=article.body)


def change_one_of_a_story(archive: Archive) -> None:
    join(archive.shown, archive.imported, by=None, reason="نسختان")
    separate(archive.imported, by=None, reason="ليستا نسختين")
    join(archive.imported, archive.shown, by=None, reason="بل هما")


def raw(sql: str) -> Way:
    def run(archive: Archive) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [archive.shown.pk])

    return run


def replace_row(archive: Archive) -> None:
    """SQLite's REPLACE deletes and inserts; PostgreSQL has no such thing."""
    if connection.vendor == "sqlite":
        names = ", ".join(field.column for field in Article._meta.concrete_fields if field.name != "title")
        sql = f"REPLACE INTO articles_article (title, {names}) SELECT 'جديد', {names} FROM articles_article"  # noqa: S608  our own names
        with connection.cursor() as cursor:
            cursor.execute(sql)
    else:
        save_changed(archive)


#: Action of a user or program → the change. Each makes the index stale until it is drained.
WAYS: dict[str, Way] = {
    "create": lambda a: Article.objects.create(title="جديد"),
    "get_or_create": lambda a: Article.objects.get_or_create(title="جديد"),
    "update_or_create": lambda a: Article.objects.update_or_create(pk=a.shown.pk, defaults={"title": "جديد"}),
    "save": save_changed,
    "save of one field": save_one_field,
    "delete an instance": lambda a: article(a).delete(),
    "delete a queryset": lambda a: Article.objects.all().delete(),
    "delete without cascade": lambda a: PlaceMention.objects.all()._raw_delete("default"),
    "queryset update": lambda a: Article.objects.update(body="جديد"),
    "update by expression": lambda a: Article.objects.update(title=Concat(F("title"), Value("!"))),
    "update of the date": lambda a: Article.objects.update(date=date(2012, 1, 1), date_precision="year"),
    "bulk_create": lambda a: Article.objects.bulk_create(Article(title=f"{n}") for n in range(30)),
    "bulk_create that updates": upsert,
    "bulk_create that ignores": insert_ignoring,
    "bulk_update": change_in_bulk,
    "a new number": change_number,
    "m2m add": lambda a: a.shown.places.add(a.hama, through_defaults={"field": "metadata"}),
    "m2m remove": lambda a: a.shown.places.remove(a.homs),
    "m2m set": lambda a: a.imported.places.set([a.homs], through_defaults={"field": "metadata"}),
    "m2m clear": lambda a: a.imported.places.clear(),
    "m2m from the other side": lambda a: a.homs.article_set.clear(),
    "a mention is made": lambda a: PlaceMention.objects.create(article=a.shown, place=a.hama, field="title"),
    "a mention is removed": lambda a: PlaceMention.objects.filter(article=a.shown).delete(),
    "a mention moves": move_mention,
    "a date is spoken of": lambda a: speaks_of(a.shown),
    "dates in bulk": lambda a: DateMention.objects.bulk_create(
        DateMention(article=a.shown, field="title", start=at, end=at + 1, **SPOKEN) for at in range(30)
    ),
    "a date is no longer spoken of": lambda a: DateMention.objects.filter(article=a.imported).delete(),
    "a date is read otherwise": lambda a: DateMention.objects.update(precision="year"),
    "a date moves": move_date,
    "joins a story": lambda a: StoryMember.objects.create(article=a.shown, story=a.shown.pk),
    "joins a story in bulk": lambda a: StoryMember.objects.bulk_create(
        [StoryMember(article=each, story=a.shown.pk) for each in (a.shown, a.imported)]
    ),
    "two that are alike": lambda a: update_clusters([alike_to(a.shown).pk, alike_to(a.shown).pk]),
    "one of a story changes": change_one_of_a_story,
    "a librarian joins two": lambda a: join(a.shown, a.imported, by=None, reason="نسختان"),
    "merged places": merge_places,
    "merged sources": merge_sources,
    "raw update": raw("UPDATE articles_article SET title = 'جديد' WHERE id = %s"),
    "raw delete": raw("DELETE FROM articles_placemention WHERE article_id = %s"),
    "replace": replace_row,
    "withdrawn": lambda a: Article.objects.filter(pk=a.shown.pk).update(state="withdrawn"),
    "to draft": lambda a: Article.objects.filter(pk=a.imported.pk).update(state="draft"),
    "a draft is published": lambda a: Article.objects.filter(pk=a.draft.pk).update(state="published"),
    "no longer withdrawn": lambda a: Article.objects.filter(pk=a.withdrawn.pk).update(state="published"),
    "a batch is published": lambda a: ImportBatch.objects.filter(pk=a.open_batch.pk).update(
        state="published"
    ),
    "a batch is taken back": lambda a: ImportBatch.objects.filter(pk=a.published_batch.pk).update(
        state="cancelled"
    ),
    "out of its batch": lambda a: Article.objects.filter(pk=a.staged.pk).update(batch=None),
    "into an open batch": lambda a: Article.objects.filter(pk=a.shown.pk).update(batch=a.open_batch),
}

#: What an engine is sent are articles to write and to remove, whatever the way: some that lead to each.
ALSO_ON_ELASTICSEARCH = {
    "create",
    "delete a queryset",
    "bulk_create",
    "a new number",
    "merged places",
    "withdrawn",
}

#: Actions that change nothing that a search could find.
WITHOUT_EFFECT: dict[str, Way] = {
    "a renamed source": lambda a: Source.objects.filter(pk=a.north.pk).update(name="اسم جديد"),
    "a renamed place": lambda a: Place.objects.filter(pk=a.homs.pk).update(name="اسم جديد"),
    "an article is staged": lambda a: Article.objects.create(title="آخر", batch=a.open_batch),
    "a staged one changes": lambda a: Article.objects.filter(pk=a.staged.pk).update(title="آخر"),
    "a staged one is deleted": lambda a: a.staged.delete(),
    "an open batch is cancelled": lambda a: ImportBatch.objects.filter(pk=a.open_batch.pk).update(
        state="cancelled"
    ),
}


@pytest.fixture
def archive(engine: SearchEngine) -> Archive:
    made = make_archive()
    speaks_of(made.imported)
    drain_outbox(engine)
    assert not stale(engine)
    assert not Outbox.objects.exists()
    return made


@pytest.fixture
def quiet_archive() -> Archive:
    """Return an archive without an engine and with an empty outbox."""
    made = make_archive()
    speaks_of(made.imported)
    Outbox.objects.all().delete()
    return made


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        pytest.param(way, *kind.values, id=f"{name}-{kind.id}", marks=kind.marks)
        for name, way in WAYS.items()
        for kind in KINDS
        if kind.id == "embedded" or name in ALSO_ON_ELASTICSEARCH
    ],
    indirect=["kind"],
)
def test_every_way_of_writing_is_noticed_and_reaches_the_index(
    way: Way, archive: Archive, engine: SearchEngine
) -> None:
    way(archive)
    differing = stale(engine)
    assert differing, "the way did nothing, so the test would show nothing"
    assert differing <= pending_articles()
    drain_outbox(engine)
    checked = verify_index(engine)
    assert checked.clean
    assert checked.waiting == 0
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("way", WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT.keys())
def test_what_no_reader_can_find_costs_no_row(way: Way, quiet_archive: Archive) -> None:
    before = list(iter_documents())
    way(quiet_archive)
    assert not Outbox.objects.exists()
    assert list(iter_documents()) == before


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_rolled_back_change_leaves_no_row(way: Way, quiet_archive: Archive) -> None:
    with transaction.atomic():
        way(quiet_archive)
        assert Outbox.objects.exists()
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_an_import_of_any_size_costs_one_row_when_it_is_published(
    archive: Archive, engine: SearchEngine
) -> None:
    batch = ImportBatch.objects.create()
    articles = Article.objects.bulk_create(Article(title=f"خبر{n}", batch=batch) for n in range(300))
    PlaceMention.objects.bulk_create(
        PlaceMention(article=one, place=archive.homs, field="metadata") for one in articles
    )
    assert not Outbox.objects.exists()
    ImportBatch.objects.filter(pk=batch.pk).update(state="published")
    assert Outbox.objects.count() == 1
    drain_outbox(engine)
    assert verify_index(engine).clean
    assert found(engine, "299") == [articles[299].pk]


def test_withdrawn_and_back_and_withdrawn_is_gone(archive: Archive, engine: SearchEngine) -> None:
    for state, expected in [("withdrawn", []), ("published", [archive.shown.pk]), ("draft", [])]:
        Article.objects.filter(pk=archive.shown.pk).update(state=state)
        drain_outbox(engine)
        assert found(engine, "قصف") == expected


def test_what_was_withdrawn_while_no_trigger_told_of_it_leaves_the_index(engine: SearchEngine) -> None:
    archive = make_archive()
    drain_outbox(engine)
    triggers.remove_triggers()  # as before a migration, while an older process still serves
    Article.objects.filter(pk=archive.shown.pk).update(state="withdrawn")
    triggers.install_triggers()
    drain_outbox(engine)
    assert archive.shown.pk not in dict(engine.fingerprints())
    assert verify_index(engine).clean
