"""A bag holds an archive whole: loaded into an empty one it gives the same bag again."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bagit  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from warcio.archiveiterator import ArchiveIterator

from articles.bags import bag_import
from articles.bags.bag_export import export_bag
from articles.bags.bag_import import BagRefusedError, import_bag
from articles.bags.bag_tables import FILES_CHUNK, NOT_KEPT, TABLES, BagContent, file_columns
from articles.history.erasure import waiting_erasures
from articles.history.evidence.dossier import export_evidence
from articles.history.revisions import change_state
from articles.models import (
    Article,
    Erasure,
    ImportBatch,
    Place,
    PlaceVerdict,
    Revision,
    Source,
    StoryVerdict,
    Upload,
)
from tests.articles.admin.test_upload import file, press, upload
from tests.articles.conftest import Import, import_paths, jsonl_line

pytestmark = pytest.mark.django_db

PAGE = """<!doctype html><html lang=ar><head><title>جسر النهر</title>
<link rel=canonical href="http://nahr.example.org/خبر/1"><meta property="og:url" content="http://nahr.example.org/خبر/1">
</head><body><article><h1>جسر النهر</h1><p>افتتح الجسر في حمص بعد ترميمه، وعبره الناس منذ الصباح.</p>
<p>وقال المهندس إن العمل استغرق عامين كاملين في حمص القديمة.</p></article></body></html>"""
ONE = {"id": "1", "source": "النهر", "title": "قافلة", "body": "وصلت القافلة إلى حمص في 3 آب 2013."}
TWO = {"id": "2", "source": "النهر", "title": "سوق", "body": "فتحت السوق أبوابها في حلب."}


@pytest.fixture
def archive(import_lines: Import, tmp_path: Path, librarian: User) -> list[int]:
    """Fill an archive: a page, two records, an update, a withdrawal, a decision, an evidence export."""
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    import_paths(tmp_path / "page.html")
    import_lines(ONE, TWO)
    import_lines(ONE | {"body": "وصلت القافلة إلى حمص وحماة."})
    first, second = Article.objects.filter(external_id__in=("1", "2")).order_by("pk")
    change_state([second.pk], Article.State.WITHDRAWN, by=librarian, reason="طلب")
    PlaceVerdict.objects.create(
        article=first,
        place=Place.objects.get(name="حمص"),
        kind=PlaceVerdict.Kind.values[0],
        made_by=librarian,
    )
    StoryVerdict.objects.create(article=first, kind="together", other=second, made_by=librarian)
    export_evidence(first, by="مكتب", query="قافلة")
    return [first.pk, second.pk]


def empty() -> None:
    """Delete everything that a bag holds."""
    for table in reversed((*TABLES, *NOT_KEPT)):
        table._default_manager.all().delete()


def number_from_one() -> None:
    """Let the database count articles from 1, as a new one does."""
    counted = [{"table": Article._meta.db_table, "column": "id"}]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), counted):
            cursor.execute(statement)


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of the payload."""
    payload = folder / "data"
    found = {
        str(each.relative_to(payload)): each.read_bytes() for each in payload.rglob("*") if each.is_file()
    }
    head = json.loads(found.pop("archive.json"))
    return found | {"head": json.dumps(head | {"written_at": ""}).encode()}


def test_an_empty_archive_that_loads_a_bag_is_the_same_archive(archive: list[int], tmp_path: Path) -> None:
    call_command("export_archive", str(tmp_path / "bag"))
    revisions = list(Revision.objects.values_list("pk", "made_at", "before"))
    empty()
    call_command("import_archive", str(tmp_path / "bag"))
    assert list(Revision.objects.values_list("pk", "made_at", "before")) == revisions != []
    assert set(archive) < set(Article.objects.values_list("pk", flat=True))
    assert {article.sha256 for article in Article.objects.all() if article.original} != {""}
    export_bag(tmp_path / "again", BagContent())
    before, after = files(tmp_path / "bag"), files(tmp_path / "again")
    assert before.keys() == after.keys()
    # The date of a zip's members is that of its writing.
    assert [name for name in before if before[name] != after[name] and name != "pages.wacz"] == []
    Article.objects.create(title="جديد")


def test_every_table_is_kept_or_left_out_by_name() -> None:
    assert set(apps.get_app_config("articles").get_models()) == {*TABLES, *NOT_KEPT}


def test_a_bag_of_some_articles_says_nothing_of_others(archive: list[int], tmp_path: Path) -> None:
    first, _second = archive
    assert export_bag(tmp_path / "bag", BagContent(frozenset([first])), {"q": "قافلة"}) == 1
    for name, data in files(tmp_path / "bag").items():
        assert "السوق" not in data.decode("utf-8", "replace"), name
    empty()
    assert import_bag(tmp_path / "bag") == 1
    article = Article.objects.get()
    assert (article.pk, article.body) == (first, "وصلت القافلة إلى حمص وحماة.")
    assert (article.revisions.count(), article.verdicts.get().other_id) == (1, None)
    assert bytes(article.revisions.get().original_before or b"")


def test_a_bag_of_some_articles_names_no_file_of_others_and_quotes_none(desk: Client, tmp_path: Path) -> None:
    word, other = "زغردخيشوم", "خاص.jsonl"
    secret = {"title": word, "body": f"فتحت {word} أبوابها في حلب."}
    for number, name in enumerate(("news.jsonl", "again.jsonl")):
        mine = file(name, jsonl_line(**ONE | {"body": f"وصلت القافلة {number} إلى حمص."}))
        upload(desk, mine, file(other, jsonl_line(**secret | {"id": f"s{number}"})))
        press(desk, "confirm")
    ImportBatch.objects.update(fault=f"import-set-aside: {other}", columns={"x": {word: "body"}})
    article = Article.objects.get(external_id="1")
    assert other in article.revisions.get().reason
    export_bag(tmp_path / "bag", BagContent(frozenset([article.pk])))
    for name, data in files(tmp_path / "bag").items():
        text = data.decode("utf-8", "replace")
        assert word not in text, name
        assert other not in text, name
    empty()
    assert import_bag(tmp_path / "bag") == 1
    assert list(Upload.objects.order_by("pk").values_list("name", flat=True)) == ["news.jsonl", "again.jsonl"]


def test_any_program_reads_the_published_articles(archive: list[int], tmp_path: Path) -> None:
    for state in (Article.State.DRAFT, Article.State.HELD):
        Article.objects.create(title="مسودة", state=state)
    Article.objects.create(title="قيد الاستيراد", batch=ImportBatch.objects.create())
    export_bag(tmp_path / "bag", BagContent())
    lines = (tmp_path / "bag/data/articles.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["title"] for record in records] == ["جسر النهر", "قافلة"]
    assert all((tmp_path / "bag" / record["original"]).is_file() for record in records)
    empty()
    report = import_paths(tmp_path / "bag/data/articles.jsonl")
    assert (report["created"], report["rejected"]) == (2, 0)
    assert import_paths(tmp_path / "page.html")["created"] == 0, "its address says that it is here"


def test_web_pages_can_be_played(archive: list[int], tmp_path: Path) -> None:
    export_bag(tmp_path / "bag", BagContent())
    with zipfile.ZipFile(tmp_path / "bag/data/pages.wacz") as wacz:
        (record,) = ArchiveIterator(wacz.open("archive/data.warc.gz"))
        assert record.http_headers.get_header("Content-Type") == "text/html"
        assert json.loads(wacz.read("pages/pages.jsonl").splitlines()[1])["title"] == "جسر النهر"
        assert {each["path"] for each in json.loads(wacz.read("datapackage.json"))["resources"]} == {
            "archive/data.warc.gz",
            "indexes/index.cdx.gz",
            "pages/pages.jsonl",
        }
    Article.objects.filter(title="جسر النهر").update(state=Article.State.WITHDRAWN)
    export_bag(tmp_path / "again", BagContent())
    assert not (tmp_path / "again/data/pages.wacz").exists()


def test_the_number_of_an_erased_article_is_not_given_again(archive: list[int], tmp_path: Path) -> None:
    gone = max(archive) + 5
    erasure = {"article_number": gone, "ground": Erasure.Ground.COURT, "reason": "حكم"}
    Erasure.objects.create(**erasure)
    export_bag(tmp_path / "bag", BagContent())
    empty()
    number_from_one()
    import_bag(tmp_path / "bag")
    assert Article.objects.create(title="جديد").pk > gone
    assert not waiting_erasures().exists()
    empty()
    Erasure.objects.create(**erasure | {"article_number": archive[0]})
    with pytest.raises(BagRefusedError, match="not empty"):
        import_bag(tmp_path / "bag")


def test_a_damaged_bag_loads_nothing(archive: list[int], tmp_path: Path) -> None:
    export_bag(tmp_path / "bag", BagContent())
    with pytest.raises(BagRefusedError, match="not empty"):
        import_bag(tmp_path / "bag")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_archive", str(tmp_path / "bag"))
    empty()
    original = next((tmp_path / "bag/data/originals").rglob("*[0-9a-f]"))
    while original.is_dir():
        original = next(original.iterdir())
    original.write_bytes(original.read_bytes() + b" ")
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("import_archive", str(tmp_path / "bag"))
    with pytest.raises(BagRefusedError, match="not a whole bag"):
        import_bag(tmp_path / "nowhere")
    assert not Article.objects.exists()


class BusyArchive(BagContent):
    """An archive to which somebody adds a place between the tables of sources and of places."""

    def rows(self, table: type[Model]) -> Iterator[Model]:
        if table is Place:
            writer = threading.Thread(target=add_place)
            writer.start()
            writer.join()
        return super().rows(table)


def add_place() -> None:
    try:
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA busy_timeout=100")
        Place.objects.create(slug="new", name="نبع جديد", key="new")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_bag_is_written_which_has_nothing_of_it(tmp_path: Path) -> None:
    Source.objects.create(name="النهر")
    export_bag(tmp_path / "bag", BusyArchive())
    assert Place.objects.filter(slug="new").exists()
    assert "نبع جديد" not in (tmp_path / "bag/data/tables/place.jsonl").read_text(encoding="utf-8")
    with CaptureQueriesContext(connection) as after:
        Source.objects.get_or_create(name="البحر")
    if connection.vendor == "sqlite":
        assert any(query["sql"] == "BEGIN IMMEDIATE" for query in after), "what writes locks at once again"


def test_few_files_are_in_memory_at_a_time(
    archive: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[type[Model], int]] = []
    iterate = QuerySet.iterator

    def noting(rows: QuerySet[Any], chunk_size: int) -> Iterator[Any]:
        read.append((rows.model, chunk_size))
        return iterate(rows, chunk_size)

    monkeypatch.setattr(QuerySet, "iterator", noting)
    export_bag(tmp_path / "bag", BagContent())
    with CaptureQueriesContext(connection) as queries:
        export_bag(tmp_path / "some", BagContent(frozenset(archive)))
    of_files = {(table, size) for table, size in read if file_columns(table)}
    assert {table for table, _size in of_files} > {Article, Revision}
    assert max(size for table, size in of_files if table is not Upload) == FILES_CHUNK
    of_uploads = [query["sql"] for query in queries if "articles_upload" in query["sql"]]
    assert of_uploads
    assert not [sql for sql in of_uploads if "content" in sql], "a bag of a search has no uploaded file"

    inserted: list[tuple[type[Model], int]] = []
    insert = bag_import._insert

    def noting_rows(table: type[Model], rows: list[Model]) -> None:
        inserted.append((table, len(rows)))
        insert(table, rows)

    monkeypatch.setattr(bag_import, "_insert", noting_rows)
    monkeypatch.setattr(bag_import, "PORTION_BYTES", 1)
    empty()
    import_bag(tmp_path / "bag")
    assert [size for table, size in inserted if table is Article] == [1, 1, 1]
    assert Article.objects.exclude(original=b"").count() == 3


def an_outer_file(data: Path) -> None:
    """Name a file of the machine as an original."""
    table = data / "tables/originals.jsonl"
    rows = [json.loads(line) | {"sha256": "/etc/hostname"} for line in table.read_text().splitlines()]
    table.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def no_table(data: Path) -> None:
    (data / "archive.json").write_text("[1]")


def nested(data: Path) -> None:
    (data / "tables/users.jsonl").write_text("[" * 100_000)


def rows_of_another_kind(data: Path) -> None:
    (data / "tables/users.jsonl").write_text("[1, 2]\n")


def another_model(data: Path) -> None:
    row = {"model": "auth.user", "pk": 1, "fields": {"username": "x", "is_superuser": True}}
    (data / "tables/place.jsonl").write_text(json.dumps(row) + "\n")


def a_number_that_no_database_holds(data: Path) -> None:
    row = {"model": "articles.source", "pk": 10**30, "fields": {"name": "x"}}
    (data / "tables/source.jsonl").write_text(json.dumps(row) + "\n")


HARMS = [
    *(an_outer_file, no_table, nested, rows_of_another_kind, another_model),
    a_number_that_no_database_holds,
]


@pytest.mark.parametrize("harm", HARMS)
def test_a_hostile_bag_with_right_hashes_loads_nothing_and_says_why(
    harm: Callable[[Path], None], archive: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_bag(tmp_path / "bag", BagContent())
    empty()
    harm(tmp_path / "bag/data")
    bagit.Bag(str(tmp_path / "bag")).save(manifests=True)
    opened: list[Path] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read(path))
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("import_archive", str(tmp_path / "bag"))
    assert not Article.objects.exists()
    assert all(path.is_relative_to(tmp_path) for path in opened)
